"""Making a workspace, before Django's settings can be read (they depend on its header)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from amanat.office.backups import staging
from amanat.vault import wordlists
from amanat.vault.header import Header
from amanat.vault.keys import KeyFile, Passphrase, Workspace

WORDS = 6
LEAST_CHARACTERS, LEAST_WORDS = 24, 5


class WeakPassphrase(Exception):
    """Too short to withstand somebody who has the disk."""


def ensure_demo(path: Path, database: str | None = None) -> None:
    """The demo workspace's header and its key file, if they are not there yet."""
    if not Header.path(path).exists():
        keyfile = path / "key"
        provider = KeyFile(keyfile) if keyfile.exists() else KeyFile.create(keyfile)
        Workspace.create(path, kind="demo", provider=provider, packs=("core", "instruments", "demo"), database=database)


def propose_words(language: str) -> str:
    """Six words of the language's list: 62 bits, and each guess costs 64 MiB of memory."""
    while True:
        drawn = " ".join(secrets.SystemRandom().sample(wordlists.words(language), WORDS))
        try:
            check_words(drawn)
        except WeakPassphrase:  # six short ones
            continue
        return drawn


def check_words(words: str, _: Callable[[str], str] = str) -> None:
    """Raises:
    WeakPassphrase: says what is missing, in the language of `_`.
    """
    told = wordlists.fold(words).split()
    if len(set(told)) < LEAST_WORDS:
        raise WeakPassphrase(_("These can be guessed. Take at least five different words."))
    if len(" ".join(told)) < LEAST_CHARACTERS:
        raise WeakPassphrase(_("These can be guessed. Take longer words: together they need 24 characters."))


def make_real(path: Path, words: str, host: str, database: str | None = None, language: str = "en") -> Workspace:
    """A real workspace that these words open.

    Raises:
        WeakPassphrase: the words are too few or too short.
        FileExistsError: there is a workspace already.
    """
    check_words(words)
    provider = Passphrase(words)
    return Workspace.create(path, kind="real", provider=provider, host=host, database=database, language=language)


def folder() -> Path:
    """The workspace that the environment names."""
    return Path(os.environ["AMANAT_WORKSPACE"])


def go_where_it_is_put_together() -> None:
    """For a restore: the folder inside the empty one in which everything is written until it is whole."""
    os.environ["AMANAT_WORKSPACE"] = str(staging.of(folder().resolve()))
