"""A record as one actor may see it, and the whole of it as the engine needs it.

What was answered in one part may decide what is asked in another. So the engine gets the whole, and only answers of parts that
the policy opens for the actor leave this module.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import get_language

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.forms import kept, parting
from amanat.forms.compiling import CompiledForm
from amanat.forms.filling import Filling
from amanat.forms.model import Answered, LeftOver, Question, Score
from amanat.forms.models import Answers, FormVersion, Record
from amanat.vault.sealing import open_sealed


def language_for(form: CompiledForm, otherwise: str = "") -> str:
    """The language of the page if the form has it, else another that it has."""
    wanted = (get_language() or "").split("-")[0]
    return next((one for one in (wanted, otherwise) if one in form.languages), form.default_language)


def filled(version: FormVersion, instance: bytes, now: datetime, language: str = "") -> Filling:
    """The engine over an instance. `now`: what the form takes for the time; of a record that is read, when it was written."""
    form = kept.form_of(version)
    zone = timezone.get_current_timezone()
    return Filling.of(form, instance, language=language_for(form, language), now=now, zone=zone)


@dataclass
class Version:
    """Who wrote which parts of a record when; only parts that the actor sees."""

    number: int
    at: datetime
    by: str
    parts: list[Part]


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
        return len(self.seen) < len(self.rows)

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
        return filled(self.form_version, self.whole, self._last.written_at, self.record.language)

    @cached_property
    def answers(self) -> list[Answered]:
        """For whom there is more, questions stand without what they repeat of other answers."""
        answers = [answer for answer in self.filling.answers() if Part(answer.part) in self.seen]
        return [replace(one, asked=self._bare(one.question)) for one in answers] if self.has_more else answers

    def _bare(self, question: Question) -> str:
        return question.label.text(language_for(kept.form_of(self.form_version), self.record.language))

    @property
    def scores(self) -> list[Score]:
        return [score for score in self.filling.scores() if Part(score.part) in self.seen]

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
                by = row.author.user.display_name
                found.setdefault(row.version, Version(row.version, row.written_at, by, [])).parts.append(Part(row.part))
        return [found[number] for number in sorted(found, reverse=True)]


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
    for row in rows.defer("instance", *heavy):
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


def all_of(file: File, form: str) -> list[Reading]:
    """The records of one form on this file of which the actor sees something, in their order. Two queries."""
    rows = Record.objects.filter(subject=file.row.subject_id, form_version__form__name=form)
    records = list(
        rows.select_related("form_version__form", "recorded_by__user").defer("form_version__source").order_by("number")
    )
    answers: dict[uuid.UUID, list[Answers]] = defaultdict(list)
    for row in Answers.objects.filter(record__in=records).select_related("author__user").order_by("version", "part"):
        answers[row.record_id].append(row)
    found = [_reading(file, record, answers[record.pk], record.version) for record in records]
    return [reading for reading in found if reading.seen]
