"""Who can be chosen on the pages of this room, workers and people around the child; who stands for the child in proceedings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import persons
from amanat.cases.shown import label


def knows_people(file: File) -> bool:
    """Whether the actor knows who is around the child, and so can choose its guardian."""
    return file.sees(Part.CONTACTS)


@dataclass(frozen=True)
class Guardian:
    """Who stands for the child in proceedings."""

    called: str
    is_suspect: bool = False


def guardian_of(file: File, held: Mapping[str, Any]) -> Guardian | None:
    """The guardian in proceedings of which `held` is open, None where none is written down or nothing of it is open; one query where
    one was chosen. Their name stands in the legal file as well: who reads that need not know the people around the child."""
    ref, name = held.get("guardian", ""), held.get("guardian_name", "")
    found = persons.by_ref(file).get(ref) if ref else None
    is_suspect = found is not None and found.is_suspect
    if found is not None and knows_people(file):
        return Guardian(found.called, is_suspect)
    if name:
        return Guardian(", ".join(filter(None, (name, _relation(held)))), is_suspect)
    return Guardian(_("A person whose name is closed to you"), is_suspect) if ref else None


def _relation(held: Mapping[str, Any]) -> str:
    code = str(held.get("guardian_is", ""))
    return label(persons.RELATIONS, code) if code else ""
