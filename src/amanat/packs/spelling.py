"""Spellings that mean the same word when a file is read: capitals, accents, spaces and punctuation do not count."""

import unicodedata


def plain(text: str) -> str:
    """Give the letters and digits of a text, small and without accents: `Côte d'Ivoire ` and `COTE D IVOIRE` agree."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if sign.isalnum())
