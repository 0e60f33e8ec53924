"""Whom a child may be: files of the worker's own circle, and in words which parts agree.

The question itself, and the one to other agencies, stand in `known`. Nothing is merged: a person looks and decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.cases.actions.registering import NewChild
from amanat.cases.keyed import Alike
from amanat.cases.known import COMPARED, Own, in_own_circle_of
from amanat.cases.models import Case
from amanat.cases.shown import Text, case_of, name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What `names.likeness` says agrees, that the birth does not, and whether it stood there once, in words; the surest first.
REASONS: dict[str, StrOrPromise] = {
    "document": _("document number"),
    "phone": _("phone"),
    "name": _("name"),
    "given": _("given name"),
    "family": _("family name"),
    "patronymic": _("patronymic"),
    "sound": _("sound of the name"),
    "birth_date": _("birth date"),
    "birth_year": _("birth year"),
    "place": _("place"),
    "birth_differs": _("but not the birth date"),
    "formerly": _("as it stood there before a correction"),
}


@dataclass(frozen=True)
class Match:
    """A file that may be about the same child. `agrees`: codes of `REASONS`; `reasons`: the same in words."""

    file: File
    name: Text | None
    agrees: list[str]

    @property
    def reasons(self) -> list[StrOrPromise]:
        return [REASONS[code] for code in self.agrees]

    @property
    def case(self) -> Case:
        return case_of(self.file)

    @property
    def ref(self) -> str:
        return self.case.pk.hex


def matches_for(children: Sequence[NewChild], actor: Actor) -> list[Match]:
    """The files that any of the children may have already, each once, with every reason."""
    found: dict[str, list[Own]] = {}
    for some in in_own_circle_of([(child.identity, child.contacts) for child in children], actor, COMPARED):
        for own in some:
            found.setdefault(case_of(own.file).pk.hex, []).append(own)
    return [_match(owns) for owns in found.values()]


def matches_of(children: Sequence[NewChild], actor: Actor) -> list[list[Match]]:
    """The files that each of many children may have already, the likest first; of the actor's own circle, as all here."""
    asked = [(child.identity, child.contacts) for child in children]
    return [[_match([own]) for own in some] for some in in_own_circle_of(asked, actor)]


def match_of(own: Own) -> Match:
    return _match([own])


def _match(owns: Sequence[Own]) -> Match:
    return Match(owns[0].file, name_of(owns[0].file), what_agrees([own.alike for own in owns]))


def what_agrees(alike: Sequence[Alike]) -> list[str]:
    """Codes of the parts that agree, each once, in the order of `REASONS`; and that the birth date does not, where none does."""
    agrees = {code for one in alike for code in one.agrees}
    if "birth_date" not in agrees and any(one.birth_differs for one in alike):
        agrees.add("birth_differs")
    if any(one.formerly for one in alike):
        agrees.add("formerly")
    return [code for code in REASONS if code in agrees]
