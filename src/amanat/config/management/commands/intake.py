"""`amanat intake again|drop`: what is done with packets from outside that could not be opened or handled, and were set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import terminal
from amanat.people.clock import clock
from amanat.vault import intake
from amanat.vault.header import Header


class Command(BaseCommand):
    help = "Lets packets that were set aside be tried once more, or throws them away."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="again|drop")
        words.add_parser("again", help="try them once more: after an update, or when their key came back")
        words.add_parser("drop", help="throw them away: nobody will ever read them")

    def handle(self, *, word: str, **_options: Any) -> None:
        language = Header.read(settings.WORKSPACE).language
        terminal.speak(language)
        place = intake.folder(Path(settings.WORKSPACE))
        with translation.override(language):
            {"again": self._again, "drop": self._drop}[word](place)

    def _again(self, place: Path) -> None:
        count = intake.let_wait_again(place)
        self._note("intake.again", count)
        self.stdout.write(_("Waiting again: %(count)s.") % {"count": count})

    def _drop(self, place: Path) -> None:
        aside = intake.waiting(place / intake.ASIDE)
        question = _("%(count)s packets are thrown away for good. Type their number to go on")
        if not aside or terminal.ask(question % {"count": len(aside)}) != str(len(aside)):
            self.stdout.write(_("Nothing was thrown away."))
            return
        self._note("intake.drop", len(aside))
        intake.drop(aside)
        self.stdout.write(_("Thrown away: %(count)s.") % {"count": len(aside)})

    def _note(self, verb: str, count: int) -> None:
        if count:
            recording.record(at=clock(), verb=verb, outcome=Outcome.DONE, details={"packets": count})
