"""How a process gets the keys: from the supervisor, where the workspace is served; else from the key file, or by asking for the words."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amanat.config import terminal
from amanat.config.tree import locking
from amanat.config.tree.child import unpack
from amanat.vault import control
from amanat.vault.keys import Keyring, Workspace, WrongKey, hold
from amanat.vault.providers import Provider

TRIES = 3
PLACE = "AMANAT_KEYFILE"  # the environment's word for where the key file lies; never for what is in it


def unlock(folder: Path) -> Workspace:
    """Unlock the workspace of a folder in this process.

    Raises:
        WasLocked: it is served and locked, or was locked by somebody.
        WrongKey: the key file does not fit, or the words did not after three tries.
        NotAWorkspace: the folder holds none.
    """
    workspace = Workspace.at(folder)
    told = control.ask(folder, {"ask": "keys"})
    if told is not None and "keys" in told:
        hold(Keyring(unpack(told["keys"])))
        return workspace
    if told is not None or (has_keyfile(workspace) and locking.marked_at(folder)):
        raise locking.WasLocked
    hold(own_keys(workspace))
    return workspace


def has_keyfile(workspace: Workspace) -> bool:
    return bool(workspace.header.provider["name"] == "keyfile")


def keyfile() -> Path | None:
    """Where the environment says that the key file lies; None for the usual place."""
    told = os.environ.get(PLACE)
    return Path(told) if told else None


def name_keyfile(path: Path) -> None:
    """Say where the key file lies, for this process and for what it becomes when it locks."""
    os.environ[PLACE] = str(path.absolute())


def ask_again(workspace: Workspace) -> dict[str, str]:
    """What opens the workspace, as the supervisor takes it too: where the key file lies, or the words, typed once more."""
    if has_keyfile(workspace):
        return told_keyfile()
    return {"words": terminal.secret(terminal._("The words that open this workspace"))}


def told_keyfile() -> dict[str, str]:
    """For a question to the supervisor, which may not know where the key file lies, or know another place."""
    place = keyfile()
    return {"keyfile": str(place.absolute())} if place else {}


def provider_of(workspace: Workspace, opener: Mapping[str, Any]) -> Provider:
    """What `ask_again` or a question to the supervisor gave, as what opens the workspace."""
    place = opener.get("keyfile")
    return workspace.provider(words=opener.get("words"), keyfile=Path(str(place)) if place else keyfile())


def own_keys(workspace: Workspace) -> Keyring:
    """The keys by the key file, or by the words that a person types.

    Raises:
        WrongKey: as above.
    """
    if has_keyfile(workspace):
        return workspace.unwrap(workspace.provider(keyfile=keyfile()))
    terminal.speak(workspace.header.language)
    for tries_left in reversed(range(TRIES)):
        try:
            return workspace.unwrap(workspace.provider(words=ask_words()))
        except WrongKey as error:
            if not tries_left or not sys.stdin.isatty():
                raise
            print(error, file=sys.stderr)
    raise AssertionError("unreachable")


def ask_words() -> str:
    """One line; "" where nobody is there to type it."""
    return terminal.secret(terminal._("The words that open this workspace"), may_be_missing=True)


def keys_at_start(workspace: Workspace, *, locked: bool) -> Keyring | None:
    """For the supervisor: the keys, or None where it begins locked, for nobody is there who could open it.

    Raises:
        WrongKey: as above.
    """
    nobody = has_keyfile(workspace) and locking.marked_at(workspace.path)
    if locked or nobody:
        return None
    if has_keyfile(workspace) or sys.stdin.isatty():
        return own_keys(workspace)
    words = ask_words()
    return workspace.unwrap(workspace.provider(words=words)) if words else None
