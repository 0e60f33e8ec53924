"""The number of a referral: random, to be said by phone and written on paper. It tells nothing, and one wrong sign shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amanat.names import signs
from amanat.names.signs import SIGNS

if TYPE_CHECKING:
    from amanat.referrals.models import Conference, Referral

LENGTH: Final = 8


def new_number() -> str:
    """Seven random signs (some 35 bits) and the one that checks them."""
    body = signs.drawn(LENGTH - 1)
    return body + _check(body)


def unused(of: type[Referral | Conference]) -> str:
    """One that none of these has."""
    return signs.unused(new_number, lambda number: of._default_manager.filter(number=number).exists())


def read_number(text: str) -> str:
    """A number as somebody wrote it, in capitals and without spaces; "" where it can be none."""
    number = text.upper().replace(" ", "").replace("-", "")
    if len(number) != LENGTH or not set(number) <= set(SIGNS) or _check(number[:-1]) != number[-1]:
        return ""
    return number


def spoken(number: str) -> str:
    """In two groups of four."""
    return f"{number[:4]} {number[4:]}"


def _check(body: str) -> str:
    """The number of signs is a prime: so this finds each wrong sign, and each two that were swapped."""
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(body, start=2)) % len(SIGNS)]
