"""`amanat init`, its first half: the questions whose answers stand in the header, asked before there are settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from amanat.config.hosts import NotAHost, check_host, is_address
from amanat.config.terminal import _, ask, clear, say, secret, speak
from amanat.config.workspaces import WeakPassphrase, check_words, make_real, propose_words
from amanat.vault.header import Header
from amanat.vault.keys import Passphrase

# In their own words, for whoever does not read the others.
LANGUAGES = {"tk": "Türkmençe", "ru": "Русский", "en": "English", "ro": "Română"}


def make_workspace(path: Path, arguments: Sequence[str] = ()) -> None:
    """Ask for language, host and words, write the header, and unlock it in this process.

    Where a header stands already, an earlier `init` may have stopped half-way: nothing is asked here, and the second half
    goes on if nobody works there yet. Who only wants to read the help is not asked either.
    """
    if Header.path(path).exists() or {"-h", "--help"} & set(arguments):
        return
    language = choose_language()
    speak(language)
    say(_("A new workspace in %(folder)s.") % {"folder": path})
    host = choose_host()
    words = choose_words(language)
    workspace = make_real(path, words, host, os.environ.get("AMANAT_DATABASE"), language)
    workspace.unlock(Passphrase(words, workspace.header.provider))


def choose_language() -> str:
    for code, name in LANGUAGES.items():
        say(f"  {code}  {name}")
    while (language := ask(" / ".join(LANGUAGES), "en").casefold()) not in LANGUAGES:
        say(f"{language}?")
    return language


def choose_host(usual: str = "localhost") -> str:
    """A name that browsers reach the workspace by; an address only from somebody who was told what it costs."""
    say(
        _(
            "Under which name will browsers reach it? Passkeys are bound to this name for good. "
            "Press Enter if only this machine will use it."
        )
    )
    told = ""
    while True:
        try:
            host = check_host(ask(_("Host name"), told or usual), _)
        except NotAHost as error:
            say(str(error))
            continue
        if not is_address(host) or host == told:
            return host
        say(
            _(
                "%(host)s is an address and no name: browsers make no passkeys for it, so workers would sign in with a password "
                "and a code. Press Enter to keep it, or type a name."
            )
            % {"host": host}
        )
        told = host


def choose_words(language: str) -> str:
    """The proposed words, typed back, or better ones of the person's own."""
    proposed = propose_words(language)
    say(
        "\n"
        + _("These words open the workspace. Write them on paper, and keep the paper away from this machine.")
        + f"\n\n    {proposed}\n"
    )
    while True:
        words = secret(_("Type them back, or type at least five words of your own"))
        try:
            check_words(words, _)
        except WeakPassphrase as error:
            say(str(error))
            continue
        if words == proposed or words == secret(_("Type your own words once more")):
            clear()
            return words
        say(_("The two are different. Once more."))
