"""What a place in the circle of care reaches, in words: for pages that show it. Decided is nothing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from amanat.access.consents import CARRY_ON
from amanat.access.files import ALWAYS
from amanat.access.labels import PART_LABELS, RELATION_LABELS
from amanat.access.models import Consent, Grant, WithdrawalNotice
from amanat.access.policy import PARTS, SEEING, WRITING, Level, Part, Relation
from amanat.cases.consent_sentences import Covers
from amanat.cases.consent_words import ReadOut, was_read
from amanat.cases.persons import CHILD, Around
from amanat.cases.shown import Text, label, spoken, why_said
from amanat.people.models import Agency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Reach:
    """The parts that a relation sees and writes; by a consent no further than the consent names, and `within` it."""

    relation: Relation
    consent: Consent | None = None
    within: Sequence[str] | None = None

    @cached_property
    def sees(self) -> list[StrOrPromise]:
        return self._parts(SEEING | {Level.UNLESS_CONFLICT})

    @cached_property
    def writes(self) -> list[StrOrPromise]:
        return self._parts(WRITING)

    def _parts(self, levels: frozenset[Level]) -> list[StrOrPromise]:
        return [PART_LABELS[part] for part in Part if PARTS[part][self.relation] in levels and self._reaches(part)]

    def _reaches(self, part: Part) -> bool:
        if self.consent is None or part in ALWAYS:
            return True
        return part in self.consent.parts and (self.within is None or part in self.within)

    @property
    def title(self) -> StrOrPromise:
        return RELATION_LABELS[self.relation]


@dataclass(frozen=True)
class Place:
    """A worker's place in a circle as a page shows it. `told`: whether the reader may see the consent that it rests on."""

    grant: Grant
    told: bool
    away: bool

    @property
    def relation(self) -> Relation:
        return Relation(self.grant.relation)

    @property
    def reach(self) -> Reach:
        return Reach(self.relation, self.grant.consent, self.grant.parts)

    @property
    def is_manager(self) -> bool:
        return self.relation is Relation.CASE_MANAGER

    @property
    def consent(self) -> Consent | None:
        """That it rests on, for whoever may see that one."""
        return self.grant.consent if self.told else None

    @property
    def ground(self) -> str:
        """The ground on which it stands without consent."""
        ground = self.consent.override_ground if self.consent else ""
        return label("override_ground", ground) if ground else ""


def part_names(parts: Sequence[str]) -> list[StrOrPromise]:
    """Stored parts as people read them."""
    return [PART_LABELS[Part(part)] for part in parts]


@dataclass(frozen=True)
class Shared:
    """A consent as a page shows it. `details` is empty for whoever may only know that there is one.

    `named`: the people around the child, by id, as far as they are open to the reader.
    """

    consent: Consent
    state: str
    details: dict[str, Any]
    named: Mapping[str, Around] = field(default_factory=dict)
    notices: Sequence[WithdrawalNotice] = ()
    others: Sequence[Agency] = ()  # that it names besides its recipient
    documents: Sequence[tuple[UUID, str]] = ()  # that show it: reference and name
    only: Agency | None = None  # its one recipient of whom the reader learns

    @property
    def sentence(self) -> str:
        """What it covers."""
        covers = Covers.of(self.consent, self.details, self.others)
        return (replace(covers, agency=self.only.name) if self.only else covers).sentence()

    @property
    def recipients(self) -> str:
        """The agencies of the network with which it shares, as far as the reader learns of them."""
        named = [self.only] if self.only else [self.consent.recipient, *self.others]
        return ", ".join(one.name for one in named if one)

    @property
    def read(self) -> ReadOut | None:
        """What was read to the child before."""
        return was_read(self.details, self.consent.number)

    @property
    def is_override(self) -> bool:
        return bool(self.consent.override_ground)

    @property
    def holds(self) -> bool:
        return self.state == "holds"

    @property
    def is_automatic(self) -> bool:
        """It carries running help on after a withdrawal: nobody decided it."""
        return self.consent.purpose == CARRY_ON

    @property
    def words(self) -> str:
        """What was said, or why it is shared without consent."""
        if self.is_automatic:
            return why_said(self.details.get("words", "")).text
        return str(self.details.get("words", ""))

    @property
    def title(self) -> str:
        if self.is_automatic:
            return _("Automatic, until the safety decision")
        if self.is_override:
            return label("override_ground", self.consent.override_ground)
        return label("consent_purpose", self.consent.purpose)

    @property
    def state_text(self) -> str:
        return {"holds": _("in force"), "withdrawn": _("withdrawn"), "ended": _("ended")}[self.state]

    @property
    def state_kind(self) -> str:
        return {"holds": "warning" if self.is_override else "success"}.get(self.state, "")

    @property
    def given_by(self) -> str:
        return label("consent_given_by", self.details.get("given_by", ""))

    @property
    def person(self) -> Around | None:
        """Which parent or guardian gave it."""
        return self.named.get(self.details.get("person", ""))

    @property
    def is_in_doubt(self) -> bool:
        """Given by somebody who became a suspect since."""
        return self.person is not None and self.person.is_suspect

    @property
    def informed(self) -> list[Text]:
        """Who was told; whoever is not open to the reader is left out."""
        told = self.details.get("informed", [])
        child = [Text(_("the child"))] if CHILD in told else []
        return [*child, *(spoken(self.named[one].called) for one in told if one in self.named)]
