"""`amanat tls show|renew|use|proxy`: which certificate browsers are shown, and changing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import rotating, tls, unlocking
from amanat.vault.keys import CA, Workspace, WrongKey, hold, keyring
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Shows or changes the certificate with which this workspace is served."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="show|renew|use|proxy")
        words.add_parser("show", help="which one it is, and until when")
        renew = words.add_parser("renew", help="a new one by this workspace's own authority")
        renew.add_argument(
            "--authority", action="store_true", help="a new authority too: all devices have to trust it anew"
        )
        use = words.add_parser("use", help="one that somebody else made")
        use.add_argument("certificate", type=Path, help="a PEM file: certificate of the host, then who vouches for it")
        use.add_argument("key", type=Path, help="a PEM file: the key of that certificate")
        words.add_parser("proxy", help="a proxy on this machine has the certificate")

    def handle(self, *, word: str, **options: Any) -> None:
        workspace = Workspace.at(settings.WORKSPACE)
        try:
            is_shown = word == "show" or self._change(workspace, word, options)
        except (PersonFacingError, WrongKey) as error:
            raise CommandError(f"{error} {getattr(error, 'hint', '')}".strip()) from error
        self._show(workspace)
        if not is_shown:
            self.stdout.write(_("It is shown to browsers once the workspace is served anew."))

    def _change(self, workspace: Workspace, word: str, options: dict[str, Any]) -> bool:
        """Whether browsers are shown it already."""
        now, opener, was_shown = timezone.now(), None, tls.files(workspace) is not None
        if word == "use":
            tls.use(workspace, options["certificate"], options["key"], now)
        elif word == "proxy":
            tls.leave_to_proxy(workspace)
        elif tls.kind(workspace) is tls.Kind.OWN and not options["authority"]:
            tls.renew(workspace, keyring(), now)
        else:
            if options["authority"] or not keyring().newest(CA):
                opener = self._new_authority(workspace)
            tls.make(workspace, keyring(), now)
        recording.record(at=now, verb="tls.change", outcome=Outcome.DONE, details={"certificate": tls.kind(workspace)})
        return opener is not None and rotating.tell(workspace.path, opener) and was_shown

    def _new_authority(self, workspace: Workspace) -> dict[str, str]:
        """Hold a new key for the authority, too. It is wrapped by what opens the workspace, which is typed for that, and given."""
        opener = unlocking.ask_again(workspace)
        hold(workspace.renew(CA, unlocking.provider_of(workspace, opener), lambda _generation: False))
        return opener

    def _show(self, workspace: Workspace) -> None:
        for line in tls.told(workspace, timezone.now()):
            self.stdout.write(line)
