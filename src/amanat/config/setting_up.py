"""`amanat init`, its first half: the questions whose answers stand in the header, asked before there are settings."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from amanat.config.workspaces import WeakPassphrase, check_words, make_real, propose_words
from amanat.vault.header import Header
from amanat.vault.keys import Passphrase


def make_workspace(path: Path) -> None:
    """Ask for host and words, write the header, and unlock it in this process.

    Where a header stands already, an earlier `init` may have stopped half-way: nothing is asked here, and the second half
    goes on if nobody works there yet.
    """
    if Header.path(path).exists():
        return
    print(f"A new workspace in {path}. For now it serves this machine only: press Enter to keep its name.")
    host = ask("Host name (passkeys are bound to it for good)", "localhost")
    words = choose_words()
    workspace = make_real(path, words, host, os.environ.get("AMANAT_DATABASE"))
    workspace.unlock(Passphrase(words, workspace.header.provider))


def choose_words() -> str:
    """The proposed words, typed back, or better ones of the person's own."""
    proposed = propose_words()
    print(
        "\nThese words open the workspace. Write them on paper, keep the paper away from this machine.\n"
        "There is no recovery yet: without them nothing can be read by anybody, ever.\n\n"
        f"    {proposed}\n"
    )
    while True:
        words = secret("Type them back (or type at least five words of your own)")
        try:
            if words != proposed and words != secret("Type your own words once more"):
                print("The two are different. Once more.")
                continue
            check_words(words)
            return words
        except WeakPassphrase as error:
            print(error)


def ask(question: str, usual: str = "") -> str:
    """One line; an empty one means the usual answer, and is asked again where there is none."""
    while True:
        told = _line(f"{question}{f' [{usual}]' if usual else ''}: ").strip() or usual
        if told:
            return told


def secret(question: str) -> str:
    if sys.stdin.isatty():
        return " ".join(getpass.getpass(f"{question}: ").split())
    return " ".join(_line(f"{question}: ").split())


def _line(question: str) -> str:
    print(question, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit("\nNo more answers came; nothing was finished.")
    return line.rstrip("\n")
