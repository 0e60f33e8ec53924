"""`amanat recovery test|open|renew`: try the shares, open the workspace with two of them, give out others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.config import recovering, setting_up, shares
from amanat.vault.keys import Workspace, WrongKey, keyring
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Tries the shares of the recovery key, opens the workspace with two of them, or gives out others."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="test|open|renew")
        words.add_parser("test", help="ask for two shares and see that they open the keys of today; once a year")
        words.add_parser("open", help="with two shares, set new words that open the workspace")
        words.add_parser("renew", help="give out three other shares: somebody left, or a paper was lost or seen")

    def handle(self, *, word: str, **_options: Any) -> None:
        workspace = Workspace.at(settings.WORKSPACE)
        try:
            {"test": self._test, "open": self._open, "renew": self._renew}[word](workspace)
        except PersonFacingError as error:
            raise CommandError(f"{error} {error.hint}") from error
        except WrongKey as error:
            raise CommandError(str(error)) from error

    def _test(self, workspace: Workspace) -> None:
        identity, numbers = shares.ask_two(recovering.boxes_of(workspace))
        recovering.tested(workspace, identity, numbers, keyring(), timezone.now())
        self.stdout.write(_("The two shares open this workspace. The next test is due in a year."))

    def _open(self, workspace: Workspace) -> None:
        identity, numbers = shares.ask_two(recovering.boxes_of(workspace))
        held = recovering.keys_behind(workspace, identity)
        words = setting_up.choose_words(workspace.header.language)
        recovering.reopened(workspace, words, numbers, held, timezone.now())
        self.stdout.write(_("The new words open this workspace. What opened it before does not any more."))
        try:
            recovering.tell_the_log(workspace)
        except Error:
            self.stdout.write(
                _("The log can't be written now. It will tell of this when the workspace is served next.")
            )

    def _renew(self, workspace: Workspace) -> None:
        recovering.renewed(workspace, shares.give_out(workspace.header.language), keyring(), timezone.now())
        self.stdout.write(
            _(
                "The new shares open this workspace from now on. Backups made before still open with the former shares: "
                "make a backup now, and burn the former papers when the last backup of before is gone."
            )
        )
