"""What two people are asked for when a backup is restored: their shares, and whether they accept a list that may not be the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from amanat.config import shares
from amanat.config.terminal import _, ask, say
from amanat.office.backups import pairs
from amanat.office.backups.pairs import Chosen, Identities, OldList, Unlocked
from amanat.vault.erasures import ErasureList


@dataclass(frozen=True)
class Opened:
    """By which shares the two files were opened: their numbers, as the log is told."""

    by: Identities
    numbers: list[int]
    former_numbers: list[int]

    @property
    def details(self) -> dict[str, Any]:
        former = {"former_shares": self.former_numbers} if self.former_numbers else {}
        return {"shares": self.numbers} | former


def open_both(chosen: Chosen) -> Opened:
    """Two shares are asked for; two former ones as well where shares were given out anew between the two files."""
    if chosen.of_data.opens_with_the_shares_of(chosen.of_keys):
        identity, numbers = shares.ask_two(chosen.of_keys.boxes)
        return Opened(Identities(identity, identity), numbers, [])
    say(
        _(
            "Shares were given out anew after the data were saved, and before the keys were. First the keys: "
            "type two of the shares that were in use on %(day)s."
        )
        % {"day": _moment(chosen.of_keys.taken_at)}
    )
    of_keys, numbers = shares.ask_two(chosen.of_keys.boxes)
    say(
        _("Now the data. Type two of the former shares, those that were in use on %(day)s.")
        % {"day": _moment(chosen.of_data.taken_at)}
    )
    of_data, former = shares.ask_two(chosen.of_data.boxes)
    return Opened(Identities(of_data, of_keys), numbers, former)


def choose_list(
    chosen: Chosen, unlocked: Unlocked, numbers: list[int], named: Path | None, *, accept_old: bool
) -> tuple[ErasureList | None, dict[str, Any]]:
    """The erasure list that is replayed, and what the log is told of it. In a rehearsal (no `numbers`) nobody has to accept anything.

    Raises:
        OldList: there is none as new as the newest backup, and nobody came to accept that.
        BadList: it is not this workspace's.
        CommandError: not both accepted it.
    """
    found = pairs.read_list(chosen, named, unlocked.keys)
    holders = [unlocked.header["recovery"]["holders"][number - 1] for number in numbers]
    try:
        pairs.check_list(chosen, found)
    except OldList as error:
        if not accept_old:
            raise
        say(f"{error} {error.hint}")
        return found, {"list": "old" if found else "none", "accepted_by": _accepted_by(holders)}
    assert found
    say(
        _(
            "The erasure list is of %(day)s and holds %(count)s erasures. If a newer one lies anywhere, stop here and name that one."
        )
        % {"day": _moment(found.made_at), "count": found.number}
    )
    told: dict[str, Any] = {"erasures": found.number}
    if pairs.is_newer(chosen, found):
        return found, told
    say(
        _(
            "This list is as old as the backup: nobody can tell whether a child was erased since. "
            "If you know of a newer one, stop here."
        )
    )
    return found, told | {"list": "as old as the backup", "accepted_by": _accepted_by(holders)}


def _accepted_by(holders: list[str]) -> list[str]:
    """Each of the two whose shares opened it types their name; a slip is asked again.

    Raises:
        CommandError: one of them typed nothing.
    """
    if holders:
        say(
            _(
                "Whoever was erased since would come back. Both who hold these shares have to accept that, by typing their name."
            )
        )
    for name in holders:
        _hear(name)
    return holders


def _hear(name: str) -> None:
    question = _("%(name)s, do you accept it? Type your name") % {"name": name}
    while (typed := ask(question, may_be_empty=True)).casefold() != name.casefold():
        if not typed:
            raise CommandError(_("Not both accepted it. Nothing was restored."))
        say(_("Type it as it stands on the paper: %(name)s. An empty line refuses.") % {"name": name})


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
