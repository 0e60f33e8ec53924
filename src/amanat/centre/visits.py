"""Visits to a child as one actor may read them. Verbs: `actions.visits`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.cases import persons
from amanat.cases.models import PersonAround
from amanat.cases.persons import Around
from amanat.cases.shown import Badge, Text, label, spoken
from amanat.centre.models import Visit, VisitState
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WISHES: Final = "visit_wish"
NOT_WANTED: Final = "not"
ORDER: Final = ("-at", "-id")
_BADGES: Final = {
    VisitState.APPROVED: ("accent", "calendar"),
    VisitState.REFUSED: ("warning", "close"),
    VisitState.HELD: ("success", "check"),
    VisitState.NOT_HELD: ("", "minus"),
    VisitState.CALLED_OFF: ("", "minus"),
}


@dataclass(frozen=True)
class Told:
    """A visit with who was to come; `around`: the people around the child by how a visit names them."""

    row: Visit
    held: dict[str, Any]
    outcome: dict[str, Any]
    around: Mapping[str, Around]

    @property
    def badge(self) -> Badge:
        kind, icon = _BADGES[VisitState(self.row.state)]
        return Badge(str(self.row.get_state_display()), kind, icon)

    @property
    def is_open(self) -> bool:
        return self.row.state == VisitState.APPROVED

    @property
    def refs(self) -> list[str]:
        return list(self.held.get("who", []))

    @property
    def who(self) -> list[Around]:
        return [self.around[ref] for ref in self.refs if ref in self.around]

    @property
    def suspects(self) -> list[Around]:
        """Who became a suspect since: the visit must not take place."""
        return [one for one in self.who if one.is_suspect]

    @property
    def came(self) -> list[Around]:
        return [self.around[ref] for ref in self.outcome.get("came", []) if ref in self.around]

    @property
    def wish(self) -> str:
        return label(WISHES, str(self.held.get("wish", "")))

    @property
    def is_supervised(self) -> bool:
        return bool(self.held.get("supervised"))

    def text(self, key: str) -> Text:
        return spoken(str(self.held.get(key) or self.outcome.get(key) or ""))

    @property
    def wish_words(self) -> Text:
        return self.text("wish_words")

    @property
    def reason(self) -> Text:
        return self.text("reason")

    @property
    def words(self) -> Text:
        return self.text("words")

    @property
    def child_after(self) -> Text:
        return self.text("child_after")


def page_of(file: File, cursor: str) -> tuple[Page[Visit], list[Told]]:
    """Three queries."""
    rows = Visit.objects.filter(subject=file.row.subject_id).select_related("decided_by__user", "recorded_by__user")
    page = keyset_page(rows, order=ORDER, cursor=cursor, counted=False)
    around = persons.by_ref(file) if page.rows else {}
    return page, [_told(file, row, around) for row in page.rows]


def visit_of(file: File, ref: uuid.UUID) -> Told | None:
    row = Visit.objects.filter(subject=file.row.subject_id, pk=ref).select_related("decided_by__user").first()
    return _told(file, row, persons.by_ref(file)) if row else None


def to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: a visit of theirs was approved and lies ahead (`cases.suspected`)."""
    ahead = Visit.objects.filter(subject=file.row.subject_id, state=VisitState.APPROVED, at__gte=file.actor.now)
    if not any(person.pk.hex in _told(file, row, {}).refs for row in ahead):
        return None
    return _(
        "A visit is approved for somebody who may no longer be trusted. Call it off, and see that nobody lets them in."
    )


def _told(file: File, row: Visit, around: Mapping[str, Around]) -> Told:
    row.subject = file.row.subject
    outcome = file.open(row, "outcome") if row.outcome else None
    return Told(row, file.open(row, "content") or {}, outcome or {}, around)
