"""`amanat lock`: what the page *Lock workspace* does, from the command line of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amanat.config.terminal import _
from amanat.vault import control


class Command(BaseCommand):
    help = "Lock the workspace: sessions end, the keys are dropped."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.WORKSPACE)
        if control.ask(folder, {"ask": "lock"}) is None:
            raise CommandError(_("Nobody serves this workspace, so nobody holds its keys."))
        self.stdout.write(_("Those who hold the keys are ending …"))
        self.stdout.flush()
        control.ask(folder, {"ask": "status"})  # answered by who never had the keys, once those who had them have ended
        self.stdout.write(_("The workspace is locked."))
