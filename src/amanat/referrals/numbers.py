"""The number of a referral: random, to be said by phone and written on paper. It tells nothing, and one wrong sign shows."""

from __future__ import annotations

import secrets
from typing import Final

# No sign that is taken for another; 31 of them is a prime, so that the last one finds each wrong sign and each two that were swapped.
SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8


def new_number() -> str:
    """Seven random signs (some 35 bits) and the one that checks them."""
    body = "".join(secrets.choice(SIGNS) for _place in range(LENGTH - 1))
    return body + _check(body)


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
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(body, start=2)) % len(SIGNS)]
