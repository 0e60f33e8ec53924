"""Making a workspace, before Django's settings can be read (they depend on its header)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from amanat.vault.header import Header
from amanat.vault.keys import KeyFile, Passphrase, Workspace

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
WORDS = 6
LEAST_CHARACTERS, LEAST_WORDS = 24, 5


class WeakPassphrase(Exception):
    """Too short to withstand somebody who has the disk."""


def ensure_demo(path: Path, database: str | None = None) -> None:
    """The demo workspace's header and its key file, if they are not there yet."""
    if not Header.path(path).exists():
        keyfile = path / "key"
        provider = KeyFile(keyfile) if keyfile.exists() else KeyFile.create(keyfile)
        Workspace.create(path, kind="demo", provider=provider, packs=("core", "demo"), database=database)


def propose_words() -> str:
    """Six five-letter words that can be said in each of the four languages; 96 bits."""
    return " ".join(
        "".join(secrets.choice(letters) for letters in (CONSONANTS, VOWELS) * 2 + (CONSONANTS,)) for _ in range(WORDS)
    )


def check_words(words: str) -> None:
    """Raises:
    WeakPassphrase: says what is missing.
    """
    told = words.split()
    if len(words) < LEAST_CHARACTERS or len(set(told)) < LEAST_WORDS:
        raise WeakPassphrase(f"Take at least {LEAST_WORDS} different words and {LEAST_CHARACTERS} characters.")


def make_real(path: Path, words: str, host: str, database: str | None = None) -> Workspace:
    """A real workspace that these words open.

    Raises:
        WeakPassphrase: the words are too few or too short.
        FileExistsError: there is a workspace already.
    """
    check_words(words)
    return Workspace.create(path, kind="real", provider=Passphrase(words), host=host, database=database)


def folder() -> Path:
    """The workspace that the environment names."""
    return Path(os.environ["AMANAT_WORKSPACE"])
