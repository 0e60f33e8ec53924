"""A phone number as somebody typed or a telephone system announced it, read into E.164. Whether two are one is `numbers`' question."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import phonenumbers


@dataclass(frozen=True, slots=True)
class Phone:
    """`e164` with a plus sign, as programs take it."""

    e164: str

    @property
    def shown(self) -> str:
        """As people write it abroad: with the country, in groups."""
        number = phonenumbers.parse(self.e164)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def read_phone(text: str, country: str = "") -> Phone | None:
    """The number in a text, of `country` (ISO 3166 alpha-2) where it has no international prefix; None where there is no whole one.

    Numbers that could exist are taken, whether or not their range is in use: ranges change more often than this library.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    # People write 00 for the plus sign also where their own network has another prefix.
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    try:
        number = phonenumbers.parse(plain, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
