"""What was asked on the public page, once the workspace is open: a matter in which somebody is to be called back. No verb: nobody acts."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from amanat.hotline import agreed, clocks, hearing, marks, tallies
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.lines import hotlines
from amanat.hotline.models import CallState, Outcome
from amanat.names.phones import read_phone
from amanat.people import looks
from amanat.people.clock import clock
from amanat.people.models import Agency
from amanat.vault.intake import Packet

CHANNEL: Final = "web"
PRIORITY: Final = "P2"  # by whose time they are called back; nobody has judged how urgent it is. Ours, unverified


class NoHotline(Exception):
    """No agency has operators: the packet is set aside, and the page *State of the system* says so."""


def take(packet: Packet) -> None:
    """Make a matter of it. Told to the operators who are there now; in the list of call-backs it stands until it is done."""
    told = _read(packet.body)
    agency, at = _asked(told["hotline"], clock()), packet.arrived_at
    matter = begin_matter(agency, at, call_back_at=clocks.call_back_by(PRIORITY, at))
    phone = read_phone(told["way"], marks.own_country())
    call = begin_call(
        matter,
        CHANNEL,
        at,
        state=CallState.ENDED,
        outcome=Outcome.CALL_BACK,
        ended_at=at,
        number=phone.e164 if phone else None,
        content=_content(told, "" if phone else told["way"]),
    )
    if phone:
        marks.mark_caller(call, phone.e164)
    looks.look(hearing.who_hears(agency, clock()))
    tallies.count_asked(call)
    tallies.count_call_back(matter)


def _read(body: bytes) -> dict[str, Any]:
    """What the public page wrote.

    Raises:
        ValueError: somebody else wrote it.
    """
    told = json.loads(body)
    whole = isinstance(told, dict) and all(
        isinstance(told.get(one), str) for one in ("way", "when", "language", "hotline")
    )
    if not whole or not told["way"]:
        raise ValueError("not of the public page")
    return {**told, "message": told.get("message") is True}


def _asked(hotline: str, now: datetime) -> Agency:
    """The hotline that was asked; where it has no operators any more, or nobody in particular was, the one with the most."""
    there = list(hotlines(now))
    if not there:
        raise NoHotline
    wanted = uuid.UUID(hotline) if hotline else None
    return next((agency for agency in there if agency.pk == wanted), there[0])


def _content(told: dict[str, Any], way: str) -> dict[str, Any]:
    """As `hotline.content` lays it out: codes, and the visitor's own words. `way`: one that is no number."""
    others = agreed.MESSAGE if told["message"] else agreed.NOTHING
    return {
        "language": told["language"] if told["language"] in dict(settings.LANGUAGES) else "",
        "call_back": {"may": "yes", "when": told["when"], "how": way, "code_word": "", "others": others},
    }
