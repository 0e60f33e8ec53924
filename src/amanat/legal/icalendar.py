"""Appointments as iCalendar (RFC 5545): each says when, and the one word *appointment*; no name, no place, no reference. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

LONGEST: Final = 75  # octets of a line, its end not counted
LASTS: Final = "PT1H"  # nobody knows how long one takes; a program that shows nothing shorter shows an hour (ours)
END: Final = "\r\n"


def calendar(events: Iterable[tuple[str, datetime]], *, summary: str, name: str, now: datetime) -> str:
    """A whole calendar. `events`: the UID and the beginning of each; `summary`: what all of them are called."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Amanat//Appointments//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for uid, at in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{moment(now)}",
            f"DTSTART:{moment(at)}",
            f"DURATION:{LASTS}",
            f"SUMMARY:{escaped(summary)}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    return "".join(folded(line) + END for line in [*lines, "END:VCALENDAR"])


def uid(token: str, key: bytes) -> str:
    """By what a program knows an event again: the same in one feed, unrelated in another, and without the token to nothing.

    `token`: that of the feed, which nobody keeps; `key`: the id of the event's row.
    """
    return hmac.new(token.encode(), b"amanat.appointment.1" + key, hashlib.sha256).hexdigest()[:32]


def moment(at: datetime) -> str:
    """In UTC, so that no time zone tells where somebody works.

    Raises:
        ValueError: it names no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, written)
    return text


def folded(line: str) -> str:
    """Lines of at most 75 octets, broken between letters; each further one begins with a space (RFC 5545, 3.1)."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LONGEST:
            pieces.append(piece)
            piece, octets = "", 1  # the space before it
        piece += letter
        octets += size
    return (END + " ").join([*pieces, piece])
