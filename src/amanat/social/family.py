"""What was asked and found about a child's family, as one actor may read it, each next to what is known of suspects now."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import persons
from amanat.cases.models import PersonAround
from amanat.cases.persons import Around, suspect_like
from amanat.cases.shown import Text, label, spoken
from amanat.social.models import FamilyKind, FamilyStep
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ORDER: Final = ["-at", "-id"]
A_PAGE: Final = 10
MOST: Final = 200  # steps of a child that are looked through, the newest
ANSWERS, MEANS, CONTACT, RESULTS = "tracing_answer", "tracing_means", "tracing_contact", "family_result"
YES_NO: Final = "social_yes_no"
SAFE, WITH_MEASURES, NOT_SAFE, NOT_TRACED = "safe", "safe_with_measures", "not_safe", "not_traced"
DECLINED: Final = "no"
NOTHING: Final = Text("")
QUESTIONS: Final[dict[str, StrOrPromise]] = {
    "willing": _("Do they want the child to live with them?"),
    "able": _("Are they able to care for the child?"),
    "involved": _("Had anybody there a part in what happened?"),
}
BADGES: Final = {SAFE: "success", WITH_MEASURES: "warning", NOT_SAFE: "danger", NOT_TRACED: ""}


@dataclass(frozen=True)
class Told:
    """A step with what it says, and those that answer it, the oldest first. `suspects`: who of the people named in it is one now."""

    row: FamilyStep
    held: dict[str, Any]
    name: Text = NOTHING
    suspects: Sequence[str] = ()
    answers: list[Told] = field(default_factory=list)

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    def text(self, key: str) -> Text:
        return spoken(str(self.held.get(key) or ""))

    @property
    def what(self) -> Text:
        return self.text("what")

    @property
    def words(self) -> Text:
        return self.text("words")

    @property
    def despite(self) -> Text:
        return self.text("despite")

    @property
    def measures(self) -> Text:
        return self.text("measures")

    @property
    def household(self) -> list[Text]:
        return [spoken(one) for one in self.held.get("household", [])]

    @property
    def relation(self) -> str:
        return label(persons.RELATIONS, self.held.get("relation", ""))

    @property
    def answer(self) -> str:
        return label(ANSWERS, self.held.get("answer", ""))

    @property
    def means(self) -> str:
        return label(MEANS, self.held.get("means", ""))

    @property
    def contact(self) -> str:
        return label(CONTACT, self.held.get("contact", ""))

    @property
    def result(self) -> str:
        return label(RESULTS, self.held.get("result", ""))

    @property
    def badge(self) -> str:
        return BADGES.get(self.held.get("result", ""), "")

    @property
    def judged(self) -> list[tuple[StrOrPromise, str]]:
        """Each question of an assessment that was answered, with its answer."""
        return [(asked, label(YES_NO, self.held[key])) for key, asked in QUESTIONS.items() if self.held.get(key)]

    @property
    def is_assessment(self) -> bool:
        return self.row.kind == FamilyKind.ASSESSED

    @property
    def child_declined(self) -> bool:
        return self.held.get("answer") == DECLINED

    @property
    def newest(self) -> Told | None:
        """The assessment that holds: that of the latest day; of two on one day, the one that was written later."""
        assessed = [one for one in self.answers if one.is_assessment]
        return max(assessed, key=lambda one: (one.held["on"], one.row.at, one.row.pk), default=None)

    @property
    def is_doubtful(self) -> bool:
        """Whether a family stands there as safe though somebody of it is recorded as a suspect by now."""
        newest = self.newest
        found = newest is not None and newest.held.get("result") in (SAFE, WITH_MEASURES)
        return found and bool(self.suspects or (newest and newest.suspects))


def page_of(file: File, cursor: str) -> tuple[Page[FamilyStep], list[Told]]:
    """A page of those about whom the child was asked, with the answers to each: three queries."""
    rows = FamilyStep.objects.filter(subject=file.row.subject_id).select_related("author__user")
    page = keyset_page(rows.filter(kind=FamilyKind.ASKED), order=ORDER, cursor=cursor, size=A_PAGE, counted=False)
    answers = rows.filter(about__in=[row.pk for row in page.rows]).order_by(*ORDER) if page.rows else []
    return page, _answered(file, [*page.rows, *answers])


def asked_of(file: File, ref: uuid.UUID) -> Told | None:
    """The question to the child with its answers; None where there is none."""
    rows = FamilyStep.objects.filter(subject=file.row.subject_id).select_related("author__user")
    row = rows.filter(pk=ref, kind=FamilyKind.ASKED).first()
    return _answered(file, [row, *rows.filter(about=row).order_by(*ORDER)])[0] if row else None


def family_to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: a family that stands there as safe is theirs, or they live in it (`cases.suspected`)."""
    known = [one for one in persons.around(file) if one.row.pk == person.pk]
    rows = FamilyStep.objects.filter(subject=file.row.subject_id).select_related("author__user").order_by(*ORDER)
    for one in _answered(file, rows[:MOST]):
        newest = one.newest
        is_theirs = newest is not None and (suspects_in(one.held, known) or suspects_in(newest.held, known))
        if one.is_doubtful and is_theirs:
            return _("An assessment that called a family safe may no longer hold. Assess the family anew.")
    return None


def _answered(file: File, rows: Iterable[FamilyStep]) -> list[Told]:
    known = persons.around(file, also_former=True)
    told = [_told(file, row, known) for row in rows]
    answers: dict[uuid.UUID, list[Told]] = defaultdict(list)
    for one in told:
        if one.row.about_id is not None:
            answers[one.row.about_id].append(one)
    return [
        Told(one.row, one.held, one.name, one.suspects, answers[one.row.pk][::-1])
        for one in told
        if one.row.about_id is None
    ]


def _told(file: File, row: FamilyStep, known: Sequence[Around]) -> Told:
    row.subject = file.row.subject
    held: dict[str, Any] = (file.open(row, "content") if file.sees(Part.SAFETY) else None) or {}
    return Told(row, held, spoken(name_of(held, known)), suspects_in(held, known))


def name_of(held: dict[str, Any], known: Sequence[Around]) -> str:
    """How the person is called: as the list of people around the child has it now, else as it was written."""
    now = next((one.name.text for one in known if one.ref == held.get("person")), "")
    return now or str(held.get("name", ""))


def suspects_in(held: dict[str, Any], known: Sequence[Around]) -> list[str]:
    """Names of suspects among the person and the household of a step, in whatever script they are written."""
    found = [one.name.text for one in known if one.is_suspect and one.ref == held.get("person")]
    for name in (str(held.get("name", "")), *held.get("household", [])):
        like = suspect_like(name, known) if name else None
        found += [like.name.text] if like else []
    return list(dict.fromkeys(found))
