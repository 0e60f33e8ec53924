"""The state table of a referral: what leads from where to where, and who does it. Nothing else moves one.

`sender` is the case manager (to revoke, also the supervisor) of the file; `addressee` whoever works at the agency that was asked,
`receiver` the worker there who has accepted; `outside` the sender again, who notes what an organisation without Amanat said;
`code` a code that was entered from a letter; `clock` the task process.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from amanat.referrals.models import Kind, State


class Move(StrEnum):
    SEND = "send"
    DISCARD = "discard"
    SEE = "see"
    ACCEPT = "accept"
    TAKE_CASE = "take_case"  # the answer to who asks for the whole case: from then on it is theirs
    DECLINE = "decline"
    START = "start"
    FINISH = "finish"
    REVOKE = "revoke"
    END_CONSENT = "end_consent"
    EXPIRE = "expire"


class Noted(StrEnum):
    """What else a step of its history can be: it moves nothing, or says what a move came from."""

    REMINDED = "reminded"
    ESCALATED = "escalated"
    CONSENT_ENDS = "consent_ends"
    TRANSFERRED = "transferred"  # another agency took the case: a transfer that was asked of others was revoked
    ACKNOWLEDGED = "acknowledged"  # by the code of a letter


class Who(StrEnum):
    SENDER = "sender"
    ADDRESSEE = "addressee"
    RECEIVER = "receiver"
    OUTSIDE = "outside"
    CODE = "code"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the table. `kinds`: of which referrals it counts."""

    before: State
    move: Move
    after: State
    who: frozenset[Who]
    kinds: frozenset[Kind]


_TABLE: Final = """
from      move         to         who                     of
draft     send         sent       sender                  both
draft     discard      discarded  sender                  both
sent      see          seen       addressee,outside,code  both
sent      accept       accepted   addressee,outside       service
seen      accept       accepted   addressee,outside       service
sent      take_case    done       addressee               transfer
seen      take_case    done       addressee               transfer
sent      decline      declined   addressee,outside       both
seen      decline      declined   addressee,outside       both
accepted  decline      declined   addressee,outside       service
accepted  start        started    receiver,outside        service
started   finish       done       receiver,outside        service
sent      revoke       revoked    sender                  both
seen      revoke       revoked    sender                  both
accepted  revoke       revoked    sender                  service
started   revoke       revoked    sender                  service
sent      end_consent  revoked    sender                  both
seen      end_consent  revoked    sender                  both
accepted  end_consent  revoked    sender,clock            service
started   end_consent  revoked    sender,clock            service
sent      expire       expired    clock                   both
seen      expire       expired    clock                   both
"""


def _ways() -> tuple[Way, ...]:
    _heading, *rows = [line.split() for line in _TABLE.strip().splitlines()]
    both = frozenset(Kind)
    return tuple(
        Way(
            State(before),
            Move(move),
            State(after),
            frozenset(map(Who, who.split(","))),
            both if of == "both" else frozenset({Kind(of)}),
        )
        for before, move, after, who, of in rows
    )


WAYS: Final = _ways()
_BY_PLACE: Final = {(way.before, way.move, kind): way for way in WAYS for kind in way.kinds}


def way(before: str, move: Move, kind: str) -> Way | None:
    """The line of the table, None where there is none."""
    return _BY_PLACE.get((State(before), move, Kind(kind)))


def moves(before: str, kind: str, who: Who) -> list[Move]:
    """What somebody can do with a referral in this state, in the order of the table."""
    return [
        one.move for one in WAYS if one.before == before and who in one.who and kind in {str(of) for of in one.kinds}
    ]


def paper() -> str:
    """`docs/referral-states.md`: the table, drawn and in rows."""
    rows = [f"| {one.before} | {one.move} | {one.after} | {', '.join(sorted(one.who))} | {_of(one)} |" for one in WAYS]
    return "\n".join(
        [
            "# The states of a referral",
            "",
            "Drawn by `./run amanat referral_states` from `src/amanat/referrals/states.py`; a test compares the two. *Service*",
            "is a referral for one need, *transfer* one that asks for the whole case. *Outside* is the sender who notes what an",
            "organisation without Amanat said, *code* the code of a letter that was entered on the public page, *clock* the task",
            "process.",
            "",
            "```mermaid",
            _drawn(),
            "```",
            "",
            "| from | move | to | who | of |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _drawn() -> str:
    ends = sorted({way.after for way in WAYS} - {way.before for way in WAYS})
    merged: dict[tuple[State, State], list[Move]] = {}
    for one in WAYS:
        held = merged.setdefault((one.before, one.after), [])
        held += [one.move] if one.move not in held else []
    lines = [f"    {before} --> {after}: {', '.join(told)}" for (before, after), told in merged.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.DRAFT}", *lines, *(f"    {end} --> [*]" for end in ends)])


def _of(one: Way) -> str:
    return "both" if one.kinds == frozenset(Kind) else ", ".join(sorted(one.kinds))
