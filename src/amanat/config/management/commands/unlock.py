"""`amanat unlock`: open a workspace that is served locked, by its key file or by the words typed here."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amanat.config import unlocking
from amanat.config.terminal import _
from amanat.config.tree import locking
from amanat.vault import control
from amanat.vault.keys import Workspace, WrongKey

LOOK_AGAIN = 0.1  # seconds


class Command(BaseCommand):
    help = "Open a locked workspace, with the words or the key file."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.WORKSPACE)
        workspace = Workspace.at(folder)
        if control.ask(folder, {"ask": "status"}) is None:
            self._unmark(workspace)
            return
        by_file = unlocking.has_keyfile(workspace)
        opener = unlocking.told_keyfile() if by_file else {"words": unlocking.ask_words()}
        told = control.ask(folder, {"ask": "unlock", **opener}) or {"locked": True, "wrong": _("Nobody answered.")}
        if told["locked"]:
            wait = _("Too many wrong tries. Wait a minute, then try again.")
            raise CommandError(wait if told["wrong"] == control.WAIT else told["wrong"])
        self.stdout.write(_("The workspace opens …"))
        self.stdout.flush()
        while (status := self._status(folder)) and status["state"] == "opening":
            time.sleep(LOOK_AGAIN)
        if not status or status["state"] != "open":
            raise CommandError(_("It did not open; what it says where it is served tells why."))
        self.stdout.write(_("It is open."))

    def _status(self, folder: Path) -> dict[str, Any] | None:
        """None also where whoever serves it ends while it is asked, because it could not be opened."""
        try:
            return control.ask(folder, {"ask": "status"})
        except control.NoAnswer:
            return None

    def _unmark(self, workspace: Workspace) -> None:
        """Nobody serves it: whoever has the key file may let it open by itself again at the next start."""
        if not unlocking.has_keyfile(workspace):
            raise CommandError(_("Nobody serves this workspace. `./run serve` does, and asks for the words."))
        try:
            unlocking.own_keys(workspace)
        except WrongKey as error:
            raise CommandError(str(error)) from None
        locking.unmark(workspace.path)
        self.stdout.write(_("It opens at the next start."))
