"""The code by which an organisation without Amanat says that a letter arrived. It opens nothing and tells nothing.

Fifteen random digits and one that checks them: 10^15 codes, so ten thousand guesses against a thousand letters that wait hit one of
them once in a hundred million times. Digits, because every keyboard has them and every language says them on the phone.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta
from typing import Final

LENGTH: Final = 16
GOOD_FOR: Final = timedelta(days=30)  # after which a code says nothing any more; ours, unverified


def new_code() -> str:
    body = "".join(secrets.choice("0123456789") for _place in range(LENGTH - 1))
    return body + check_digit(body)


def digits_in(text: str) -> str:
    """The digits of a code as somebody typed it, in whatever script; "" where there stands anything else than digits between them."""
    kept = [sign for sign in text if not (sign.isspace() or unicodedata.category(sign) == "Pd")]
    return "".join(str(unicodedata.decimal(sign)) for sign in kept) if all(map(str.isdecimal, kept)) else ""


def check_digit(body: str) -> str:
    """By Luhn's rule (ISO/IEC 7812-1): each wrong digit shows."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def is_whole(code: str) -> bool:
    return len(code) == LENGTH and check_digit(code[:-1]) == code[-1]


def spoken(code: str) -> str:
    """In groups of four."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
