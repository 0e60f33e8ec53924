"""`amanat status`: whether the workspace is open, which processes serve it, and what waits to be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from amanat.config import tls, unlocking
from amanat.vault import control
from amanat.vault.keys import Workspace


class Command(BaseCommand):
    help = "Say whether the workspace is open, and which processes serve it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.WORKSPACE)
        told = control.ask(folder, {"ask": "status"})
        if told is None:
            raise CommandError("Nobody serves this workspace.")
        workspace = Workspace.at(folder)
        self.stdout.write(f"It is {told['state']}.")
        for name, pid in told["processes"].items():
            self.stdout.write(f"  {name:<10} process {pid}")
        self.stdout.write(f"Packets that wait: {told['waiting']}; that could not be opened: {told['aside']}")
        if told["state"] == "locked":
            opener = "Its key file opens it" if unlocking.has_keyfile(workspace) else "Its words open it"
            self.stdout.write(f"{opener}: ./run amanat unlock")
            if unlocking.has_keyfile(workspace):
                self.stdout.write("If it lies elsewhere: AMANAT_KEYFILE=/media/key/amanat.key ./run amanat unlock")
        sentence = tls.warning(workspace, timezone.now())
        if sentence is not None:
            django.setup()  # its catalogues are the rooms'
            self.stdout.write(str(sentence))
