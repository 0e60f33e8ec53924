"""A record as one actor may see it, and the whole of it as the engine needs it.

What was answered in one part may decide what is asked in another. So the engine gets the whole, and only answers of parts that
the policy opens for the actor leave this module.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.forms import kept, parting
from amanat.forms.compiling import CompiledForm
from amanat.forms.filling import Filling
from amanat.forms.model import Answered, LeftOver, Score
from amanat.forms.models import Answers, FormVersion, Record
from amanat.vault.sealing import open_sealed

AT_ONCE: Final = 200  # records that are read together


def language_for(form: CompiledForm, otherwise: str = "") -> str:
    """The language of the page if the form has it, else another that it has."""
    wanted = (get_language() or "").split("-")[0]
    return next((one for one in (wanted, otherwise) if one in form.languages), form.default_language)


def filled(version: FormVersion, instance: bytes, now: datetime, language: str = "", *, bare: bool = False) -> Filling:
    """The engine over an instance. `now`: what the form takes for the time; of a record that is read, when it was written.
    `bare`: whoever looks at it does not see all that was answered.
    """
    form = kept.form_of(version)
    zone = timezone.get_current_timezone()
    return Filling.of(form, instance, language=language_for(form, language), now=now, zone=zone, bare=bare)


def begun(version: FormVersion, language: str, now: datetime, **known: str) -> Filling:
    """A form in which nothing is answered yet but what is `known`, by the names of questions."""
    zone = timezone.get_current_timezone()
    return Filling.begin(kept.form_of(version), language=language, now=now, zone=zone, subject_facts=known)


@dataclass
class Version:
    """Who wrote which parts of a record when, and why; only parts that the actor sees. `confirmed`: looked through, nothing changed."""

    number: int
    at: datetime
    by: str
    parts: list[Part]
    reason: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Changed:
    """An answer that a correction changed; empty where there was none, or is none."""

    asked: str
    was: str
    now: str


@dataclass(frozen=True)
class Scored:
    """Scores that stand together, and what the form says beside them: bands, what is missing, what a score is not."""

    scores: list[Score]
    notes: list[str]


@dataclass(frozen=True)
class Doubt:
    """An answer that does not hold: what is wrong with it, and on which screen it is asked."""

    asked: str
    fault: str
    screen: str


@dataclass
class Reading:
    """A record in the hands of one actor. `rows`: of each part the newest answers."""

    file: File
    record: Record
    rows: dict[Part, Answers]
    history: list[Answers]

    @cached_property
    def seen(self) -> frozenset[Part]:
        """The parts whose answers the actor reads here; each counts as looked at."""
        open_to = [part for part, row in self.rows.items() if self.file.opens(row, "instance")]
        for part in open_to:
            self.file.open(self.rows[part], "instance")
        return frozenset(open_to)

    @property
    def has_more(self) -> bool:
        """Whether something was answered that the actor does not see."""
        return not all(self.file.opens(row, "instance") for row in self.rows.values())

    def writes(self, part: Part) -> bool:
        """Whether the actor may change the answers of a part: not those of another where each sees only their own."""
        row = self.rows.get(part)
        return self.file.writes(part) and (row is None or self.file.opens(row, "instance"))

    def at(self, version: int) -> Reading:
        """The record as it stood in one of its versions."""
        return _reading(self.file, self.record, self.history, version)

    @property
    def whole(self) -> bytes:
        """All that was answered, for the engine."""
        return parting.join([open_sealed(row, "instance") for row in self.rows.values()])

    @property
    def _last(self) -> Answers:
        return max(self.rows.values(), key=lambda row: row.version)

    @cached_property
    def form_version(self) -> FormVersion:
        """The version of the form that the last of these answers were written with."""
        now, last = self.record.form_version, self._last
        return now if last.form_version_id == now.pk else last.form_version

    @cached_property
    def filling(self) -> Filling:
        """For whom there is more, texts stand without what they repeat of answers."""
        written_at, language = self._last.written_at, self.record.language
        return filled(self.form_version, self.whole, written_at, language, bare=self.has_more)

    @cached_property
    def answers(self) -> list[Answered]:
        return [answer for answer in self.filling.answers() if Part(answer.part) in self.seen]

    @property
    def scored(self) -> list[Scored]:
        """For whom there is more, without notes: what they say may rest on what is closed."""
        beside: dict[str, list[Score]] = defaultdict(list)
        for score in self.filling.scores():
            if Part(score.part) in self.seen:
                beside[above(score.path)].append(score)
        notes = {} if self.has_more or not beside else self._notes()
        return [Scored(scores, notes.get(group, [])) for group, scores in beside.items()]

    def _notes(self) -> dict[str, list[str]]:
        """What the form tells now, by the group in which it stands."""
        found: dict[str, list[str]] = defaultdict(list)
        for item in (item for screen in self.filling.screens() for item in screen.questions):
            if item.question.kind == "note" and item.label:
                found[above(item.path)].append(item.label)
        return found

    @property
    def doubts(self) -> list[Doubt]:
        """What does not hold, of what the actor sees. For whom there is more, not why: it may be for what is closed."""
        faults = self.filling.faults()
        asked = [(screen.key, item) for screen in self.filling.screens() for item in screen.questions]
        return [
            Doubt(item.label, _("It does not hold.") if self.has_more else faults[item.path], key)
            for key, item in asked
            if item.path in faults and Part(item.question.part) in self.seen
        ]

    def changes(self, version: int) -> list[Changed]:
        """What a correction changed, of what the actor sees, in the order of the form as it was then."""
        before, after = (
            {one.path: one for one in reading.answers} for reading in (self.at(version - 1), self.at(version))
        )
        return [
            Changed((after.get(path) or before[path]).asked, _label(before.get(path)), _label(after.get(path)))
            for path in {**after, **before}
            if _label(before.get(path)) != _label(after.get(path))
        ]

    def said(self) -> dict[str, str]:
        """What was answered, by path, as it is kept; of parts that the actor sees. Nothing of others is opened."""
        pieces = [self.file.open(row, "instance") for part, row in self.rows.items() if part in self.seen]
        return parting.said(parting.join(pieces).decode())

    @property
    def left_over(self) -> list[LeftOver]:
        """Answers that have no place in the form, for whoever sees all that was answered."""
        return [] if self.has_more else list(self.filling.left_over)

    @property
    def versions(self) -> list[Version]:
        """The newest first."""
        found: dict[int, Version] = {}
        for row in self.history:
            if self.file.opens(row, "instance"):
                reason, by = self.file.open(row, "reason") or "", row.author.user.display_name
                told = Version(row.version, row.written_at, by, [], reason, row.confirmed)
                found.setdefault(row.version, told).parts.append(Part(row.part))
        return [found[number] for number in sorted(found, reverse=True)]


def above(path: str) -> str:
    """The group in which a question stands."""
    return path.rpartition("/")[0]


def _label(answer: Answered | None) -> str:
    return answer.label if answer else ""


def read(file: File, record: Record, version: int | None = None) -> Reading:
    """A record as it stands, or as it stood in one of its versions. One query."""
    rows = list(record.answers.select_related("author__user").order_by("version", "part"))
    return _reading(file, record, rows, version or record.version)


def _reading(file: File, record: Record, rows: Iterable[Answers], version: int) -> Reading:
    rows = list(rows)
    for row in rows:
        row.subject, row.record = file.row.subject, record
    return Reading(file, record, {Part(row.part): row for row in rows if row.version <= version}, rows)


def records_of(file: File) -> list[tuple[Record, bool]]:
    """The records of a child of which the actor sees something, the newest first, and whether there is more. One query.

    Only that they are there is read: nothing is opened.
    """
    rows = Answers.objects.filter(subject=file.row.subject_id).order_by("-record__number", "version")
    rows = rows.select_related("record__form_version__form", "record__recorded_by__user")
    heavy = (f"record__form_version__{name}" for name in kept.HEAVY)
    records: dict[uuid.UUID, Record] = {}
    parts: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    for row in rows.defer("instance", "reason", *heavy):
        records[row.record_id] = row.record
        parts[row.record_id][row.part] = file.opens(row, "instance")
    return [(record, not all(parts[key].values())) for key, record in records.items() if any(parts[key].values())]


def record_of(file: File, number: int) -> Record | None:
    """A record by its number, if there is one of this child."""
    rows = Record.objects.filter(subject=file.row.subject_id, number=number)
    record = rows.select_related("form_version__form", "recorded_by__user").defer("form_version__source").first()
    if record is not None:
        record.subject = file.row.subject
    return record


def recorded(file: File, instance_id: str) -> Record | None:
    """The record that an instance became on this file."""
    return Record.objects.filter(subject=file.row.subject_id, instance_id=instance_id).first()


def all_of(files: Sequence[File], form: str, number: int | None = None) -> Iterator[Reading]:
    """The records of one form on these files, or the one of a number, of which their actor sees something, child by child.

    Two queries for each two hundred, and nothing is opened before it is asked for.
    """
    by_subject = {file.row.subject_id: file for file in files}
    rows = Record.objects.filter(subject__in=by_subject, form_version__form__name=form)
    rows = rows if number is None else rows.filter(number=number)
    ids = list(rows.order_by("subject", "number").values_list("pk", flat=True))
    for begin in range(0, len(ids), AT_ONCE):
        yield from _some_of(by_subject, ids[begin : begin + AT_ONCE])


def _some_of(by_subject: Mapping[uuid.UUID, File], ids: Sequence[uuid.UUID]) -> Iterator[Reading]:
    heavy = (f"form_version__{name}" for name in kept.HEAVY)
    rows = Record.objects.filter(pk__in=ids).order_by("subject", "number")
    records = list(rows.select_related("form_version__form", "recorded_by__user").defer(*heavy))
    answers: dict[uuid.UUID, list[Answers]] = defaultdict(list)
    for row in Answers.objects.filter(record__in=records).select_related("author__user").order_by("version", "part"):
        answers[row.record_id].append(row)
    for record in records:
        file = by_subject[record.subject_id]
        record.subject = file.row.subject
        reading = _reading(file, record, answers[record.pk], record.version)
        if reading.seen:
            yield reading


def having(form: str) -> QuerySet[Any]:
    """The subjects of whom there are records of a form."""
    return Record.objects.filter(form_version__form__name=form).values("subject")


def versions_about(subjects: QuerySet[Any]) -> QuerySet[FormVersion]:
    """The versions of forms of which these subjects have records, the newest last."""
    rows = FormVersion.objects.filter(records__subject__in=subjects).select_related("form").distinct()
    return rows.order_by("made_at", "pk").defer(*kept.HEAVY)
