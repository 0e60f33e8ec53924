"""The conversation in which the shares of the recovery key are given to three people, and in which two are typed."""

from __future__ import annotations

from typing import Any

from amanat.config.terminal import _, ask, clear, say
from amanat.vault import recovery
from amanat.vault.recovery import HOLDERS, New, Share, WrongShares
from amanat.vault.wordlists import fold

A_LINE = 4  # words in one line of a share


def give_out(language: str) -> New:
    """A new recovery key, its shares written down by three people one after the other, and two of them typed back."""
    say(
        "\n"
        + _(
            "If the words are lost, or the machine is, two of three people open the workspace and its backups again. "
            "Each of the three keeps a share on paper, away from this machine and from each other. One share opens nothing."
        )
    )
    new = recovery.create(_holders(), language)
    for share in new.shares:
        _show(share)
    say(_("Now two of the three type theirs back, to see that the papers are right."))
    ask_two(new.boxes)
    return new


def ask_two(boxes: dict[str, Any]) -> tuple[str, list[int]]:
    """The identity that two shares open, and the numbers of the two; asked until they do."""
    while True:
        typed = [_share(boxes, _("First share")), _share(boxes, _("Second share"))]
        try:
            identity = recovery.open_with(boxes, *typed)
        except WrongShares as error:
            _tell(error)
            continue
        return identity, sorted(recovery.read_share(boxes["language"], words)[0] for words in typed)


def _share(boxes: dict[str, Any], question: str) -> str:
    while True:
        typed = ask(question)
        clear()
        try:
            recovery.read_share(boxes["language"], typed)
        except WrongShares as error:
            _tell(error)
            continue
        return typed


def _tell(error: WrongShares) -> None:
    say(f"{error} {error.hint}")


def _holders() -> list[str]:
    names: list[str] = []
    while len(names) < HOLDERS:
        name = ask(_("Who keeps share %(number)s") % {"number": len(names) + 1})
        if fold(name) in map(fold, names):
            say(_("That person keeps one already. Three different people are needed."))
        else:
            names.append(name)
    return names


def _show(share: Share) -> None:
    """One share, for its holder's eyes, until Enter is pressed."""
    clear()
    say("\n" + _("Share %(number)s, for %(holder)s alone:") % {"number": share.number, "holder": share.holder} + "\n")
    words = [f"{at:>4} {word:<12}" for at, word in enumerate(share.words.split(), 1)]
    for first in range(0, len(words), A_LINE):
        say("".join(words[first : first + A_LINE]).rstrip())
    ask("\n" + _("Write the words on paper in this order. Press Enter when you have them"), may_be_empty=True)
    clear()
