"""`amanat demo`: make the demo workspace, or bring it up to date. Its key lies beside it in a file: nothing real belongs in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

import amanat.config.country as country
from amanat.config.tree.gatekeeping import write_gate
from amanat.people.clock import clock
from amanat.people.models import User
from amanat.vault.header import Header


class Command(BaseCommand):
    help = "Make or update the demo workspace in AMANAT_WORKSPACE."

    def handle(self, *args: Any, **options: Any) -> None:
        if Header.read(settings.WORKSPACE).kind != "demo":
            raise CommandError(f"{settings.WORKSPACE} is a real workspace; the demo country is never loaded into it.")
        call_command("migrate", verbosity=0, interactive=False)
        if not User.objects.exists():
            country.load()
        write_gate(Path(settings.WORKSPACE), clock())
