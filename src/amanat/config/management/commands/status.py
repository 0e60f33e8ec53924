"""`amanat status`: whether the workspace is open, which processes serve it, and what waits to be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from amanat.config import tls, unlocking
from amanat.config.terminal import _
from amanat.vault import control
from amanat.vault.keys import Workspace


class Command(BaseCommand):
    help = "Say whether the workspace is open, and which processes serve it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.WORKSPACE)
        told = control.ask(folder, {"ask": "status"})
        if told is None:
            raise CommandError(_("Nobody serves this workspace."))
        workspace = Workspace.at(folder)
        states = {"open": _("It is open."), "locked": _("It is locked."), "opening": _("It is opening.")}
        self.stdout.write(states[told["state"]])
        for name, pid in told["processes"].items():
            self.stdout.write("  " + _("%(name)s: process %(number)s") % {"name": name, "number": pid})
        self.stdout.write(_("Packets that wait: %(waiting)s; that could not be opened: %(aside)s") % told)
        if told["state"] == "locked":
            by_file = unlocking.has_keyfile(workspace)
            opener = _("Its key file opens it: %(command)s") if by_file else _("Its words open it: %(command)s")
            self.stdout.write(opener % {"command": "./run amanat unlock"})
            if by_file:
                command = "AMANAT_KEYFILE=/media/key/amanat.key ./run amanat unlock"
                self.stdout.write(_("If it lies elsewhere: %(command)s") % {"command": command})
        sentence = tls.warning(workspace, timezone.now())
        if sentence is not None:
            django.setup()  # its catalogues are the rooms'
            self.stdout.write(str(sentence))
