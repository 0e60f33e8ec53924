"""`amanat migrate`: Django's own, which draws fewer models anew: fewest where it makes the first tables of a workspace."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from amanat.vault.first_tables import drawing_all_only_for_keys, drawing_one_model_a_step


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        has_tables = connections[options["database"]].introspection.table_names()
        with drawing_all_only_for_keys() if has_tables else drawing_one_model_a_step():
            super().handle(*args, **options)
