"""The keyed job: children's names and numbers opened in memory, by this process and for nobody, to be compared and to be posted.

No actor has a right to them here, so nothing that was opened leaves: a comparison answers how alike, and which parts agree.
`known` decides what of that somebody may hear. For the periods of keeping it answers when and why the last case ended, and for
lists by date which steps a case went through.
This is the one module outside `access` that opens what is sealed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from amanat import names
from amanat.access.policy import Part
from amanat.cases.identity import Feature, features_of, person_of
from amanat.cases.models import Child, Event, EventKind, FormerValue, PersonAround
from amanat.cases.persons import Around, suspect_like
from amanat.cases.shown import years
from amanat.vault import index
from amanat.vault.models import DataKey, Subject
from amanat.vault.sealing import Tampered, open_column, open_sealed

PARTS = (Part.IDENTITY, Part.CONTACTS)
READ_AT_ONCE = 5_000  # more than are compared with one child
OF_AGE = 18
NOBODY = 0  # whose number this is: so that a question that meets nobody costs the same queries


@dataclass(frozen=True, slots=True)
class Alike:
    """A child who may be the one that was asked about. `formerly`: by what stood in the file before a correction.

    `birth_differs`: the dates of birth, as `names.likeness` compares them, do not agree.
    """

    subject: uuid.UUID
    score: float
    agrees: tuple[str, ...]
    birth_differs: bool = False
    formerly: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A child to ask about, and those to compare it with, by their numbers in the index."""

    person: names.Person
    among: Sequence[int]


def compare(questions: Sequence[Question]) -> list[list[Alike]]:
    """How alike each child is to those that it is to be compared with, the likest first. Each of these is opened once."""
    held = _held({number for question in questions for number in question.among})
    answers = []
    for question in questions:
        asked = names.prepare(question.person)
        alike = [_likest(asked, *held[number]) for number in question.among if number in held]
        answers.append(sorted(alike, key=lambda one: one.score, reverse=True))
    return answers


def _likest(asked: names.Prepared, subject: uuid.UUID, held: Sequence[names.Prepared]) -> Alike:
    """By what the file says now, or said before where that is more alike."""
    now, *before = (names.likeness(asked, one) for one in held)
    best = max(before, key=lambda one: one.score, default=now)
    if best.score > now.score:
        return Alike(subject, *best, formerly=True)
    return Alike(subject, *now)


Held = tuple[uuid.UUID, list[names.Prepared]]


def _held(numbers: Iterable[int]) -> dict[int, Held]:
    """By number: the subject, and the child as the file says, then as it said before each correction.

    From the cards of the index; whoever has none of today's fold is read from the file.
    """
    ordered, held = [NOBODY, *sorted(numbers)], dict[int, Held]()
    for start in range(0, len(ordered), READ_AT_ONCE):
        found, rest = index.cards(ordered[start : start + READ_AT_ONCE]), dict[uuid.UUID, int]()
        for number, (subject, card) in found.items():
            if card is None:
                rest[subject] = number
            else:
                held[number] = (subject, list(map(names.from_card, card)))
        for subject, people in _people(rest).items():
            held[rest[subject]] = (subject, list(map(names.prepare, people)))
    return held


def _people(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, list[names.Person]]:
    if not subjects:
        return {}
    former = _former(subjects)
    return {
        subject: [person_of(*both) for both in _versions(now, former.get(subject, {}))]
        for subject, now in _read(subjects).items()
    }


Both = tuple[Mapping[str, Any], Mapping[str, Any]]


def _read(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, Both]:
    """By subject: identity and contacts, without the cost of rows; who was erased is left out."""
    rows = Child.objects.filter(subject__in=subjects, subject__erased_at=None)
    found = {}
    for child, subject_id, key, *sealed in rows.values_list("pk", "subject_id", "subject__wrapped_key", *PARTS):
        subject = DataKey(subject_id, bytes(key))
        identity, contacts = (
            open_column(Child, part, held, subject, child) or {} for part, held in zip(PARTS, sealed, strict=True)
        )
        found[subject_id] = (identity, contacts)
    return found


def _former(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, list[Mapping[str, Any]]]]:
    """By subject and part: what stood there before corrections."""
    rows = FormerValue.objects.filter(subject__in=subjects, part__in=PARTS, sheet=None).select_related("subject")
    found: dict[uuid.UUID, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if not row.subject.erased_at:
            found[row.subject_id][row.part].append(open_sealed(row, "value") or {})
    return found


def _versions(now: Both, former: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Both]:
    identity, contacts = now
    return [
        now,
        *((before, contacts) for before in former.get(Part.IDENTITY, ())),
        *((identity, before) for before in former.get(Part.CONTACTS, ())),
    ]


def post(subjects: Collection[uuid.UUID]) -> None:
    """Post in the index what these children are found by: names and numbers of now, and those that stood there before.

    Of who was erased nothing is posted, and a sweep takes out what was. The children are locked before they are read: what
    somebody is correcting is posted as it stands afterwards. Within a transaction.
    """
    list(Child.objects.select_for_update(no_key=True).filter(subject__in=subjects).order_by("pk").values_list("pk"))
    former, keys = _former(subjects), dict(Subject.objects.filter(pk__in=subjects).values_list("pk", "wrapped_key"))
    told = {subject: to_post(_versions(now, former.get(subject, {}))) for subject, now in _read(subjects).items()}
    index.post((Subject(id=pk, wrapped_key=keys[pk]), *told.get(pk, ([], None))) for pk in subjects)


def to_post(versions: Sequence[Both]) -> tuple[list[Feature], list[Any]]:
    """What `index.post` takes of a child, of what the file says now and said before: features, and the card."""
    features = list(dict.fromkeys(feature for both in versions for feature in features_of(*both)))
    return features, [names.card(names.prepare(person_of(*both))) for both in versions]


class Ended(NamedTuple):
    """How the last case of a child ended, for the periods of keeping: when, for which reason (a code of `closing_reason`, "" where
    none was given), and when the child comes of age (None where nobody knows when it was born)."""

    on: date
    why: str
    of_age: date | None


def ended(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, Ended]:
    """By subject, of those who were not erased. Nothing else of the child leaves here."""
    last: dict[uuid.UUID, Event] = {}
    closings = Event.objects.filter(subject__in=subjects, subject__erased_at=None, kind=EventKind.CLOSED)
    for event in closings.select_related("subject").order_by("written_at", "id"):
        last[event.subject_id] = event
    identities = {subject: identity for subject, (identity, _contacts) in _read(list(last)).items()}
    return {
        subject: Ended(
            timezone.localdate(event.written_at),
            str((open_sealed(event, "words") or {}).get("why", "")),
            comes_of_age(identities.get(subject, {})),
        )
        for subject, event in last.items()
    }


def note_of(event: Event) -> Mapping[str, Any]:
    """What a line says of the course of a case: the stage, the step. For `following`, which keeps what is due by when.

    One that was damaged says nothing here: its page tells of that, and work on the case goes on.
    """
    try:
        return open_sealed(event, "note") or {}
    except Tampered:
        return {}


def comes_of_age(identity: Mapping[str, Any]) -> date | None:
    """The 18th birthday; where only the year of birth is known, the last day on which it can be."""
    if born := identity.get("birth_date"):
        day = date.fromisoformat(born)
        return date(day.year + OF_AGE, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + OF_AGE)
    return date(int(year) + OF_AGE, 12, 31) if (year := identity.get("birth_year")) else None


class Body(NamedTuple):
    """What decides beside whom a child can sleep: `sex` is a code of the pack's list, "" where it is not known; age in whole years."""

    sex: str
    age: int | None


def bodies(subjects: Collection[uuid.UUID], today: date) -> dict[uuid.UUID, Body]:
    """By child, for the placing in rooms: what a page tells of it is whether a bed fits, and why not."""
    return {subject: _body(identity, today) for subject, (identity, _contacts) in _read(subjects).items()}


def _body(identity: Mapping[str, Any], today: date) -> Body:
    born = str(identity.get("birth_date") or "")
    year = str(identity.get("birth_year") or "")[:4]
    if born:
        return Body(str(identity.get("sex") or ""), years(date.fromisoformat(born), today))
    return Body(str(identity.get("sex") or ""), today.year - int(year) if year.isdigit() else None)


def share_a_suspect(subject: uuid.UUID, others: Collection[uuid.UUID], by: uuid.UUID | None = None) -> set[uuid.UUID]:
    """Those of the others who have a suspect around them whose name may be that of a suspect around this child; `by`: of this one alone."""
    rows = PersonAround.objects.filter(
        child__subject__in={subject, *others}, taken_out_at=None, suspicion__isnull=False
    )
    told: dict[uuid.UUID, list[Around]] = defaultdict(list)
    for row in rows.select_related("subject"):
        if not row.subject.erased_at:
            about, suspicion = open_sealed(row, "about"), open_sealed(row, "suspicion")
            told[row.subject_id].append(Around(row, about or {}, suspicion or {}))
    own = [one.name.text for one in told.pop(subject, []) if by in (None, one.row.pk)]
    return {other for other, theirs in told.items() if any(suspect_like(name, theirs) for name in own)}
