"""Phones and document numbers in the form in which two ways of writing one number are equal. No validation here."""

import re
import unicodedata
from typing import Final

PHONE_TAIL: Final = 8
"""Digits that are compared: the national numbers of Turkmenistan and Moldova (ITU-T E.164 plans) have eight."""

_EXTENSION: Final = re.compile(r"(?<=\d)[^\w+]*(?:ext|доб|вн|int|x|#)", re.IGNORECASE)

_LOOK_ALIKES: Final = str.maketrans("АВЕЗІЈКМНОРСТУХЅ", "ABE3IJKMHOPCTYXS")


def phone_digits(text: str) -> str:
    """Give the last `PHONE_TAIL` digits of one phone number, or all of them if there are fewer.

    The tail leaves out what people write or not: `+`, `00`, the country, the trunk digit (0 or 8). An extension is cut
    off. Digits of every script count. Two numbers of different countries with equal tails are equal: ask before acting.
    """
    plain = unicodedata.normalize("NFKC", text)
    extension = _EXTENSION.search(plain)
    number = plain[: extension.start()] if extension else plain
    return "".join(_ascii_digits(number))[-PHONE_TAIL:]


def document_key(text: str) -> str:
    """Give a document number as capitals and digits only, with Cyrillic look-alikes as their Latin twins.

    `І-АШ № 123456` and `I-AŞ 123456` differ in Ш and Ş: letters that merely sound alike are not made equal, for a
    series is copied by its look. Marks are dropped (Ş is S), signs of number (`№`) and spaces too. Idempotent.
    """
    plain = unicodedata.normalize("NFKD", text.replace("№", " ")).upper()
    plain = unicodedata.normalize("NFKD", plain).translate(_LOOK_ALIKES)
    return "".join(_digit(sign) or sign for sign in plain if sign.isalnum())


def _ascii_digits(text: str) -> list[str]:
    return [digit for sign in text if (digit := _digit(sign))]


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return "" if value is None else str(value)
