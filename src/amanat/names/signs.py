"""Random numbers that are written by hand and said by phone: of signs none of which is taken for another."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def drawn(length: int) -> str:
    """So many signs; they tell nothing of what they stand for."""
    return "".join(secrets.choice(SIGNS) for _place in range(length))


def unused(draw: Callable[[], str], is_taken: Callable[[str], bool]) -> str:
    """Draw until one is not taken."""
    number = draw()
    while is_taken(number):
        number = draw()
    return number
