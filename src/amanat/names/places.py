"""A place as the one word that tells it: what every place has (city, district, village) is left out."""

from functools import lru_cache

from amanat.names import tables
from amanat.names.folding import fold


@lru_cache(maxsize=1 << 12)
def place_word(place: str) -> str:
    """Give the folded telling word of a place ("г. Ашхабад", "Aşgabat şäheri"), or "" if there is none."""
    words = [word for word in fold(place).split() if len(word) > 2 and word not in tables.PLACE_WORDS]
    return words[-1] if words else ""
