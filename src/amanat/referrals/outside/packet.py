"""A sealed packet: a few files in a .zip, sealed with age (age-encryption.org/v1) to the recipient's key or by words said on the phone.

Any program for age opens it. Who sealed it can't be told from it: what comes out is only ever files with plain names, of bounded size.
"""

from __future__ import annotations

import io
import os
import re
import secrets
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyrage
from django.utils.translation import gettext as _

from amanat.referrals.outside import wax
from amanat.vault.wordlists import fold, words
from amanat.web.errors import PersonFacingError

MOST: Final = 20_000_000  # bytes of a packet and of what is in it; ours: many servers for mail refuse more
FILES: Final = 20
WORDS: Final = 6
WITHIN: Final = 60.0  # seconds, for sealing by words and for waiting until another one is sealed
BEGINNING: Final = b"age-encryption.org/v1\n"
BY_WORDS: Final = b"-> scrypt "
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}\.[a-z]{1,8}")
# What pyrage says of a packet whose header it opened: the rest of it is not what was sealed.
_AFTER_THE_HEADER: Final = ("decryption error", "Header MAC is invalid")
_one = threading.Lock()


@dataclass(frozen=True)
class Content:
    """A file of a packet."""

    name: str
    content: bytes


class NotAPacket(PersonFacingError):
    def __init__(self) -> None:
        super().__init__(
            _("This is not a sealed packet, or its beginning was changed."),
            _("Nothing was opened. Ask whoever sent it to send it once more."),
        )


class Altered(PersonFacingError):
    """It opened, and is not what was sealed."""

    def __init__(self) -> None:
        super().__init__(
            _("This packet was changed or cut short after it was sealed."),
            _("Nothing of it was opened. Ask whoever sent it to send it once more."),
        )


class DoesNotOpen(PersonFacingError):
    """Wrong words or key. A change in the few bytes that hold them looks the same."""

    def __init__(self, *, by_words: bool) -> None:
        if by_words:
            said, hint = _("These words do not open this packet."), _("Ask for the words once more, by phone.")
        else:
            said, hint = (
                _("This key does not open this packet."),
                _("Ask whoever sent it for which key they sealed it."),
            )
        super().__init__(said, hint + " " + _("If they are right, the packet was changed: ask for another one."))


class WrongKey(PersonFacingError):
    def __init__(self) -> None:
        super().__init__(
            _("This is not a public key of age."),
            _(
                "It begins with age1 and has 62 letters and digits. A key that begins with AGE-SECRET-KEY is not for you."
            ),
            field="key",
        )


def draw_words(language: str) -> str:
    """Six words of the recipient's language, without marks, so that every keyboard writes them: 56 bits or more, and each guess
    costs a gigabyte of memory."""
    plain = [word for word in words(language) if fold(word) == word]
    return " ".join(secrets.SystemRandom().sample(plain, WORDS))


def checked_key(text: str) -> str:
    """A public key as it was pasted.

    Raises:
        WrongKey: it is none.
    """
    key = "".join(text.split())
    try:
        return str(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        raise WrongKey from None


def sealed(files: Sequence[Content], *, words: str = "", key: str = "") -> bytes:
    """Raises:
    PersonFacingError: it is too large.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in files:
            packed.writestr(one.name, one.content)
    if len(clear := held.getvalue()) > MOST:
        raise PersonFacingError(_("This is too large for a packet."), _("Choose fewer parts."), field="parts")
    if key:
        return bytes(pyrage.encrypt(clear, [pyrage.x25519.Recipient.from_str(key)]))
    return _by_words(clear, words)


def _by_words(clear: bytes, words: str) -> bytes:
    """In a process of its own, one at a time."""
    command = [sys.executable, "-I", str(Path(wax.__file__))]
    around = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    if not _one.acquire(timeout=WITHIN):
        raise PersonFacingError(_("Another packet is being sealed."), _("Try again in a minute."))
    try:
        given = words.encode() + b"\n" + clear
        done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=WITHIN, env=around)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise PersonFacingError(
            _("This machine could not seal the packet by words: that takes a gigabyte of free memory."),
            _("Try again later, or ask the recipient for a key of age."),
        ) from None
    finally:
        _one.release()
    return done.stdout


def opens_by_words(packet: bytes) -> bool:
    """Raises:
    NotAPacket: it is none.
    """
    if not packet.startswith(BEGINNING):
        raise NotAPacket
    return packet.startswith(BY_WORDS, len(BEGINNING))


def opened(packet: bytes, *, words: str = "", identity: str = "") -> list[Content]:
    """What is in it: all of it, or nothing.

    Raises:
        NotAPacket, Altered, DoesNotOpen: each with a sentence.
    """
    by_words = opens_by_words(packet)
    if len(packet) > MOST + 1_000_000:
        raise NotAPacket
    try:
        if by_words:
            return _unpacked(pyrage.passphrase.decrypt(packet, " ".join(fold(words).split())))
        return _unpacked(pyrage.decrypt(packet, [pyrage.x25519.Identity.from_str(identity.strip())]))
    except pyrage.IdentityError:
        raise DoesNotOpen(by_words=False) from None
    except pyrage.DecryptError as error:
        raise _why(str(error), by_words) from None


def _why(told: str, by_words: bool) -> PersonFacingError:
    if told in _AFTER_THE_HEADER:
        return Altered()
    if told in ("Decryption failed", "No matching keys found"):
        return DoesNotOpen(by_words=by_words)
    return NotAPacket()


def _unpacked(clear: bytes) -> list[Content]:
    try:
        with zipfile.ZipFile(io.BytesIO(clear)) as packed:
            found = packed.infolist()
            plain = all(_PLAIN_NAME.fullmatch(one.filename) for one in found)
            if not plain or len(found) > FILES or sum(one.file_size for one in found) > MOST:
                raise NotAPacket
            return [Content(one.filename, packed.read(one)) for one in found]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise NotAPacket from None
