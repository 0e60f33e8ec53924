"""`amanat packet FILE`: opens a sealed packet that came from another office, by words said on the phone or by a key of age."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from amanat.config import terminal
from amanat.referrals.outside.packet import Content, opened, opens_by_words
from amanat.web.errors import PersonFacingError

MARK: Final = "packet.sha256"  # in the folder, of which packet it is


class Command(BaseCommand):
    help = "Opens a sealed packet of a referral into a folder beside it. Altered or opened before: it says so, and nothing is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the packet, as it came")
        parser.add_argument("--identity", type=Path, help="the file with the secret key of age that it was sealed to")
        parser.add_argument("--into", type=Path, help="the folder; else one beside the packet, with its name")

    def handle(self, *, file: Path, identity: Path | None, into: Path | None, **_options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                self._open(file, identity, into or file.with_name(f"{file.stem}-opened"))
            except OSError as error:
                told = {"file": error.filename or file, "error": error.strerror}
                raise CommandError(_("%(file)s: %(error)s") % told) from None
            except PersonFacingError as error:
                raise CommandError(f"{error.sentence} {error.hint}".strip()) from None

    def _open(self, file: Path, identity: Path | None, folder: Path) -> None:
        packet = file.read_bytes()
        digest = hashlib.sha256(packet).hexdigest()
        if folder.exists():
            self._was_there(folder, digest)
            return
        if opens_by_words(packet):
            words, key = terminal.secret(_("The words that you were told by phone")), ""
        else:
            words, key = "", _secret_key(identity)
        self._lay_down(folder, [*opened(packet, words=words, identity=key), Content(MARK, digest.encode())])
        self.stdout.write(
            _("Opened into %(folder)s. It is not sealed there: read it, then delete the folder.") % {"folder": folder}
        )

    def _was_there(self, folder: Path, digest: str) -> None:
        told = {"folder": folder}
        mark = folder / MARK
        if not mark.is_file() or mark.read_text() != digest:
            raise CommandError(
                _("%(folder)s is there already, and not of this packet. Name another one by --into.") % told
            )
        self.stdout.write(_("This packet was opened before, into %(folder)s. Nothing there was changed.") % told)

    def _lay_down(self, folder: Path, files: list[Content]) -> None:
        """All of it or nothing, for its owner alone."""
        aside = Path(tempfile.mkdtemp(prefix=".packet-", dir=folder.parent))
        try:
            for one in files:
                (aside / one.name).write_bytes(one.content)
            aside.rename(folder)
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
            raise


def _secret_key(identity: Path | None) -> str:
    """Of a file as `age-keygen` writes it."""
    if identity is None:
        raise CommandError(_("This packet was sealed to a key. Say where its secret half lies: --identity FILE"))
    lines = [line.strip() for line in identity.read_text().splitlines()]
    return next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
