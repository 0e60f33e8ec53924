"""`amanat health`: how the system is, a line a check, for people and for programs that watch over machines. It never asks for the words."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amanat.config import health as house
from amanat.config.tree.child import unpack
from amanat.office import health
from amanat.office.health import Check, State
from amanat.people.clock import clock
from amanat.vault import control
from amanat.vault.keys import Keyring, NotAWorkspace, Workspace, hold

CODES: Final = {State.OK: 0, State.WARNING: 1, State.FAULT: 2}
UNKNOWN: Final = 3


class Command(BaseCommand):
    help = (
        "Says how the system is. The exit code is 0 where all is in order, 1 where somebody should look (also while it is locked), "
        "2 where there is a fault (also where nobody serves it), 3 where it could not be looked at."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="for a program")

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        folder, now = Path(settings.WORKSPACE), clock()
        try:
            Workspace.at(folder)
            served = self._ask(folder, "status") or {"state": "not served"}
            unlocked = served["state"] == "open" and self._has_keys(folder)
        except (NotAWorkspace, OSError) as error:
            raise CommandError(str(error), returncode=UNKNOWN) from error
        found = health.look(now, unlocked=unlocked)
        checks = [house.not_served(), *found] if served["state"] == "not served" else found
        lines = self._in_json(checks, now, served["state"]) if as_json else self._in_words(checks)
        self.stdout.write(lines)
        if code := CODES[health.worst(checks)]:
            sys.exit(code)

    def _ask(self, folder: Path, what: str) -> dict[str, Any] | None:
        try:
            return control.ask(folder, {"ask": what}, patience=house.PATIENCE)
        except control.NoAnswer:
            return {"state": "busy"}

    def _has_keys(self, folder: Path) -> bool:
        """Whether whoever serves it gave them. Without, only what can be known so is looked at."""
        told = self._ask(folder, "keys") or {}
        if "keys" in told:
            hold(Keyring(unpack(told["keys"])))
        return "keys" in told

    def _in_words(self, checks: list[Check]) -> str:
        return "\n".join(
            f"{check.state:<8} {check.id:<17} {check.label}: {' '.join(filter(None, (check.sentence, check.hint)))}"
            for check in checks
        )

    def _in_json(self, checks: list[Check], now: datetime, state: str) -> str:
        told = [
            {"id": one.id, "state": one.state, "value": one.value, "sentence": one.sentence, "hint": one.hint}
            for one in checks
        ]
        return json.dumps(
            {"at": now.isoformat(), "state": health.worst(checks), "workspace": state, "checks": told},
            ensure_ascii=False,
            indent=1,
        )
