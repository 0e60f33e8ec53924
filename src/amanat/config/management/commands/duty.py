"""`amanat duty NUMBER`: the number of the duty phone, which stands on every page and on that of a locked workspace."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config.tree.supervisor import PID
from amanat.people.clock import clock
from amanat.vault import control, gate
from amanat.vault.keys import Workspace


class Command(BaseCommand):
    help = "Sets the number of the duty phone, which every page shows, also while the workspace is locked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="+", help="as people dial it; it may have spaces")

    def handle(self, *, number: list[str], **_options: Any) -> None:
        workspace = Workspace.at(settings.WORKSPACE)
        told = " ".join(number).strip()
        if not any(sign.isdigit() for sign in told):
            raise CommandError(_("“%(number)s” is no telephone number. Write it as people dial it.") % {"number": told})
        recording.record(at=clock(), verb="workspace.duty", outcome=Outcome.DONE, details={"number": told})
        workspace.change(lambda header: vars(header).update(duty_number=told))
        gate.change(workspace.path, duty_number=told)
        _show(workspace.path)
        self.stdout.write(_("The number of the duty phone is now %(number)s.") % {"number": told})


def _show(folder: Path) -> None:
    """Whoever serves begins its processes anew, one after another: they read the header when they begin."""
    if control.ask(folder, {"ask": "status"}):
        os.kill(int((folder / PID).read_text()), signal.SIGHUP)
