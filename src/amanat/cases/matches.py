"""Whom a child that is about to be registered may be: files of the worker's own circle, and by what they were found.

The question itself, and the one to other agencies, stand in `known`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.actions.registering import NewChild
from amanat.cases.identity import features_of
from amanat.cases.known import in_own_circle
from amanat.cases.models import Case
from amanat.cases.shown import Text, case_of, name_of, opened

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Stronger reasons first; a weaker one that says the same is left out.
REASONS: dict[str, StrOrPromise] = {
    "document": _("the same document number"),
    "person": _("the same name and birth date"),
    "phone": _("the same phone"),
    "name": _("the same name"),
}


@dataclass(frozen=True)
class Match:
    """A file that may be about the same child."""

    file: File
    name: Text | None
    reasons: list[StrOrPromise]

    @property
    def case(self) -> Case:
        return case_of(self.file)

    @property
    def ref(self) -> str:
        return self.case.pk.hex


def matches_for(children: Sequence[NewChild], actor: Actor) -> list[Match]:
    """The files that any of the children may have already, each once, with every reason."""
    found: dict[str, File] = {}
    families: dict[str, set[str]] = {}
    for child in children:
        for file in in_own_circle(child.identity, child.contacts, actor):
            ref = case_of(file).pk.hex
            found.setdefault(ref, file)
            families.setdefault(ref, set()).update(_equal(child, found[ref]))
    return [Match(file, name_of(file), _reasons(families[ref])) for ref, file in found.items()]


def _equal(child: NewChild, file: File) -> set[str]:
    """Families of features that the child and the file have in common. What was found by an earlier value has none."""
    contacts = opened(file, Part.CONTACTS) if file.sees(Part.CONTACTS) else {}
    held = set(features_of(opened(file, Part.IDENTITY), contacts))
    return {family for family, feature in features_of(child.identity, child.contacts) if (family, feature) in held}


def _reasons(families: set[str]) -> list[StrOrPromise]:
    told = families - {"name"} if "person" in families else families
    return [reason for family, reason in REASONS.items() if family in told] or [
        _("a name or number that stood there before")
    ]
