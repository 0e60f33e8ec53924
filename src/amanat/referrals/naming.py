"""Whether a summary says who the child is: a receiver decides on it before anybody may know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from amanat import names
from amanat.cases.identity import person_of

_DIGITS: Final = re.compile(r"\d")
SHORTEST: Final = 3  # letters of a name that is looked for
_ENDINGS: Final = 3  # letters that a language hangs on a name


def tells(texts: Iterable[str], identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> bool:
    """Whether one of the texts names the child: a name in either script and whatever ending, a phone, a number of a document."""
    person = person_of(identity, contacts)
    said = " ".join(texts)
    known = {word for name in person.names for one in (name.given, name.family) for word in names.fold(one).split()}
    known |= set(names.fold(person.called).split())
    words = names.fold(said).split()
    if any(_is(word, name) for name in known if len(name) >= SHORTEST for word in words):
        return True
    digits, written = "".join(_DIGITS.findall(said)), names.document_key(said)
    phones = (names.phone_digits(phone) for phone in person.phones)
    papers = (names.document_key(number) for number in person.documents)
    return any(one and one in digits for one in phones) or any(one and one in written for one in papers)


def _is(word: str, name: str) -> bool:
    """Short names are met as they are: *Aman* is no *amanat*."""
    if len(name) <= SHORTEST + 1:
        return word == name
    return word.startswith(name[:-1]) and len(word) <= len(name) + _ENDINGS
