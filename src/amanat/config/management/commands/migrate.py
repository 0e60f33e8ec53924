"""`amanat migrate`: Django's own, which makes the first tables of a workspace in a quicker way."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from amanat.vault.first_tables import drawing_one_model_a_step


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if connections[options["database"]].introspection.table_names():
            super().handle(*args, **options)
            return
        with drawing_one_model_a_step():
            super().handle(*args, **options)
