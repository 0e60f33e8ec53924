"""`amanat keys rotate|show|file|words`: new keys for old ones, and what opens the workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from amanat.config import opening, rotating, setting_up, unlocking
from amanat.desk import rekeying
from amanat.people.clock import clock
from amanat.vault import control
from amanat.vault.keys import INTAKE, MASTER, Workspace, WrongKey, keyring
from amanat.vault.models import Rotation, RotationKind
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Gives up a key for a new one, shows which are used, or changes what opens the workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="rotate|show|file|words")
        rotate = words.add_parser("rotate", help="a new key, where the one in use may be known; stopped, it goes on")
        rotate.add_argument("kind", choices=(*rotating.KINDS, RotationKind.DATA.value))
        words.add_parser("show", help="which keys are used, since when, and how far a rotation is")
        file = words.add_parser("file", help="make a key file that opens the workspace instead of the words")
        file.add_argument("path", type=Path, help="where; outside the workspace, best on another disk")
        words.add_parser("words", help="set other words that open the workspace, instead of the ones now or a key file")

    def handle(self, *, word: str, **options: Any) -> None:
        workspace = Workspace.at(settings.WORKSPACE)
        doing = {"rotate": self._rotate, "show": self._show, "file": self._file, "words": self._words}
        try:
            doing[word](workspace, options)
        except PersonFacingError as error:
            raise CommandError(f"{error} {error.hint}") from error
        except WrongKey as error:
            raise CommandError(str(error)) from error

    # --- rotations ----------------------------------------------------------------------------------------------------

    def _rotate(self, workspace: Workspace, options: dict[str, Any]) -> None:
        kind = options["kind"]
        if kind == RotationKind.DATA:
            self._reseal(workspace)
            return
        opener = unlocking.ask_again(workspace)
        generation = rotating.begin(workspace.path, kind, opener)
        is_served = rotating.tell(workspace.path, opener)
        rotating.note(workspace.path, keyring(), clock())
        self.stdout.write(_("Used from now on: %(key)s, generation %(number)s.") % _named(kind, generation))
        if kind == MASTER:
            self._sweep(is_served)
        elif kind == INTAKE:
            self.stdout.write(_("What was sealed to the former one still opens."))

    def _sweep(self, is_served: bool) -> None:
        if is_served:
            self.stdout.write(
                _(
                    "The data keys are sealed under it while people work. This says how far it is: ./run amanat keys show"
                )
            )
            return
        while rotation := rotating.go_on(clock()):
            self._tell(rotation)
        self.stdout.write("\n" + _("All data keys are sealed under it."))

    def _reseal(self, workspace: Workspace) -> None:
        """New data keys: nothing of the header changes, so that nobody is asked for words."""
        rotation, served = rekeying.begin_all(clock()), control.ask(workspace.path, {"ask": "status"})
        if served and served["state"] == "open":
            self.stdout.write(
                _("All is sealed anew while people work. This says how far it is: ./run amanat keys show")
            )
            return
        rekeying.Rekeyer(settled=0).to_the_end(rotation, self._tell)
        self.stdout.write("\n" + _("All is sealed under new data keys; the log stays under the former ones."))

    def _tell(self, rotation: Rotation) -> None:
        self.stdout.write(f"\r{rotation.done}/{rotation.total}", ending="")
        self.stdout.flush()

    def _show(self, workspace: Workspace, _options: dict[str, Any]) -> None:
        by_file = unlocking.has_keyfile(workspace)
        self.stdout.write(_("A key file opens the workspace.") if by_file else _("Words open the workspace."))
        for kind in rotating.KINDS:
            self.stdout.write(_told(kind, keyring().newest(kind)))
        for running in Rotation.objects.filter(ended_at=None).order_by("begun_at"):
            told = {"key": running.get_kind_display(), "done": running.done, "total": running.total}
            self.stdout.write(_("Being made anew: %(key)s, %(done)s of %(total)s.") % told)

    # --- what opens the workspace ---------------------------------------------------------------------------------------

    def _file(self, workspace: Workspace, options: dict[str, Any]) -> None:
        opening.check_is_real(workspace)
        path = options["path"].absolute()
        opening.by_file(workspace, path, unlocking.ask_again(workspace), clock())
        self.stdout.write(
            _(
                "From now on %(file)s opens the workspace, and the words do not. Whoever has this file and the workspace's folder, or a "
                "copy of both, reads everything. Keep a copy of the file elsewhere: without it, only two shares open the workspace."
            )
            % {"file": path}
        )
        self.stdout.write(_("Serve with it: ./run serve --key-file %(file)s") % {"file": path})
        self.stdout.write(_("Name it for commands: AMANAT_KEYFILE=%(file)s") % {"file": path})

    def _words(self, workspace: Workspace, _options: dict[str, Any]) -> None:
        opening.check_is_real(workspace)
        opener = unlocking.ask_again(workspace)
        opening.by_words(workspace, setting_up.choose_words(workspace.header.language), opener, clock())
        self.stdout.write(_("The new words open this workspace. What opened it before does not any more."))


def _told(kind: str, generation: int) -> str:
    """Since when a key is used."""
    row = Rotation.objects.filter(kind=kind, generation=generation).first()
    if row:
        return _("%(key)s, generation %(number)s, since %(when)s") % _named(kind, generation, row.begun_at)
    if generation == 1:
        return _("%(key)s, generation %(number)s, since the workspace was made") % _named(kind, generation)
    return _("%(key)s, generation %(number)s, used from the next start") % _named(kind, generation)


def _named(kind: str, generation: int, since: datetime | None = None) -> dict[str, object]:
    when = f"{since:%Y-%m-%d %H:%M} UTC" if since else ""
    return {"key": RotationKind(kind).label, "number": generation, "when": when}
