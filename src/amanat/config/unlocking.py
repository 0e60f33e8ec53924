"""How a command gets the keys: from the key file that the header names, or by asking the person for the words."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from amanat.vault.keys import Passphrase, Workspace, WrongKey

TRIES = 3


def unlock(folder: Path) -> Workspace:
    """Unlock the workspace of a folder in this process.

    Raises:
        WrongKey: the key file does not fit, or the words did not after three tries.
        NotAWorkspace: the folder holds none.
    """
    workspace = Workspace.at(folder)
    if workspace.header.provider["name"] == "keyfile":
        keyfile = os.environ.get("AMANAT_KEYFILE")
        workspace.unlock(workspace.provider(keyfile=Path(keyfile) if keyfile else None))
        return workspace
    for tries_left in reversed(range(TRIES)):
        try:
            workspace.unlock(Passphrase(_words(), workspace.header.provider))
            return workspace
        except WrongKey as error:
            if not tries_left or not sys.stdin.isatty():
                raise
            print(error, file=sys.stderr)
    raise AssertionError("unreachable")


def _words() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("The words that open this workspace: ")
    return sys.stdin.readline().rstrip("\n")
