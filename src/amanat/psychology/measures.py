"""The scores of a child's instruments over time, as one actor may read them: one line for what may be compared, and nothing across.

An answer for which somebody was needed at once is shown with what became of it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.models import Alert, Task, TaskKind
from amanat.cases.record_pages import title_of
from amanat.cases.shown import case_of
from amanat.forms import kept
from amanat.forms.models import Answers, FormVersion, Record
from amanat.forms.records import Reading
from amanat.packs.labels import FALLBACK, Label
from amanat.psychology.change import Change, Key, Total, Verdict, changes, lines
from amanat.psychology.drawing import Drawing, drawn
from amanat.psychology.scales import Band, Scale, scale, terms_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST: Final = 60  # records of instruments of a child that are read, the newest
# What an instrument asks of its setting, by the names of its questions.
FILLED_ON, USED, REPORTER = "filled_on", "version_language", "reporter"
VERDICTS: dict[Verdict, tuple[StrOrPromise, str]] = {
    Verdict.BETTER: (_("better"), "success"),
    Verdict.WORSE: (_("worse"), "warning"),
    Verdict.NONE: (_("too small to be called a change"), ""),
    Verdict.UNSAID: (_("not judged"), ""),
}


@dataclass(frozen=True)
class Row:
    """A total in the table beside the picture. `change` is against the first one of its line."""

    number: int
    total: Total
    band: Band | None
    change: Change | None

    @property
    def verdict(self) -> tuple[StrOrPromise, str] | None:
        return VERDICTS[self.change.verdict] if self.change else None

    @property
    def difference(self) -> str:
        return f"{self.change.difference:+g}".replace("-", "−") if self.change else ""


@dataclass(frozen=True)
class Line:
    """Totals that may be compared, the earliest first."""

    title: str
    label: str
    key: Key
    version: str
    used: str
    reporter: str
    licence: Label
    scale: Scale | None
    rows: list[Row]
    drawing: Drawing

    @property
    def bands(self) -> list[Band]:
        return list(self.scale.bands) if self.scale else []


@dataclass(frozen=True)
class Handled:
    """An answer that needs somebody at once, and what became of it."""

    record: Record
    title: str
    asked: list[str]  # of parts that the actor sees
    task: Task | None

    @property
    def alert(self) -> Alert | None:
        """On the duty list; None where the task was written without one, or nobody knows of a task."""
        return self.task.alert if self.task else None

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it up: not on the duty list, and without one not on the file."""
        if self.alert is not None:
            return self.alert.taken_at is None
        return self.task is None or self.task.done_at is None

    @property
    def is_done(self) -> bool:
        return not self.waits and (self.task is None or self.task.done_at is not None)


@dataclass(frozen=True)
class _Scored:
    reading: Reading
    title: str

    def setting(self, name: str) -> tuple[str, str]:
        """An answer of the setting and how it reads; empty where it was not given, or is closed."""
        found = next((one for one in self.reading.answers if one.question.name == name), None)
        return (found.value, found.label) if found else ("", "")

    @property
    def on(self) -> date:
        filled, _label = self.setting(FILLED_ON)
        try:
            return date.fromisoformat(filled[:10])
        except ValueError:
            return timezone.localdate(self.reading.record.recorded_at)


def context(file: File) -> dict[str, Any]:
    """Five queries, however many records there are."""
    scored = _scored(file)
    return {
        "lines": _lines(scored),
        "handled": _handled(file, scored),
        "without": [one for one in scored if not _totals(one)],
        "most": MOST,
        "may_fill": file.may(Verb.FORM_RECORD) and not case_of(file).is_closed,
        "may_alert": file.may(Verb.ALERT_RAISE) and not case_of(file).is_closed,
    }


def _scored(file: File) -> list[_Scored]:
    """The newest records of forms that compute a score which the actor sees; other forms, of which a day brings many, do not count."""
    versions = _versions(file)
    forms = {one.form_id for one in versions.values() if _computes(one)}
    heavy = (f"form_version__{name}" for name in kept.HEAVY)
    rows = Record.objects.filter(subject=file.row.subject_id, form_version__form__in=forms)
    rows = rows.select_related("form_version__form", "recorded_by__user")
    records = list(rows.defer(*heavy).order_by("-number")[:MOST])
    answers: dict[uuid.UUID, list[Answers]] = defaultdict(list)
    found = Answers.objects.filter(record__in=records).select_related("author__user").order_by("version", "part")
    for row in found if records else []:
        answers[row.record_id].append(row)
    readings = [_reading(file, record, answers[record.pk], versions) for record in records]
    return [
        _Scored(reading, title_of(reading.record))
        for reading in readings
        if _computes(reading.form_version) and reading.seen
    ]


def _versions(file: File) -> dict[uuid.UUID, FormVersion]:
    """Those with which anything was recorded of the child."""
    of_child = {"subject": file.row.subject_id}
    used = Q(pk__in=Record.objects.filter(**of_child).values("form_version"))
    used |= Q(pk__in=Answers.objects.filter(**of_child).values("form_version"))
    return {one.pk: one for one in FormVersion.objects.filter(used).select_related("form").defer("source")}


def _reading(file: File, record: Record, rows: list[Answers], versions: dict[uuid.UUID, FormVersion]) -> Reading:
    record.subject, record.form_version = file.row.subject, versions[record.form_version_id]
    for row in rows:
        row.subject, row.record, row.form_version = file.row.subject, record, versions[row.form_version_id]
    return Reading(file, record, {Part(row.part): row for row in rows}, rows)


def _computes(version: FormVersion) -> bool:
    return any(question.extras.score for question in kept.form_of(version).questions.values())


def _totals(one: _Scored) -> list[tuple[Total, str]]:
    """The totals of a record that could be computed, each with what it is called."""
    reading, found = one.reading, []
    version, (used, _used), (reporter, _who) = reading.form_version, one.setting(USED), one.setting(REPORTER)
    for score in reading.filling.scores():
        value = _number(score.value)
        if Part(score.part) in reading.seen and value is not None:
            key = Key(score.name, version.form.name, version.digest, used, reporter)
            found.append((Total(key, one.on, reading.record.number, value), score.label))
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _lines(scored: Iterable[_Scored]) -> list[Line]:
    """By instrument; of each the scale that has bands first."""
    called: dict[Key, tuple[Label, tuple[str, ...]]] = {}
    totals = []
    for one in scored:
        for total, label in _totals(one):
            form = one.reading.form_version
            told = (one.title, label, form.version, one.setting(USED)[1], one.setting(REPORTER)[1])
            called.setdefault(total.key, (licence_of(form), told))
            totals.append(total)
    found = [_line(key, of_key, called[key][0], *called[key][1]) for key, of_key in lines(totals).items()]
    return sorted(found, key=lambda line: (line.title.casefold(), not line.bands, line.key))


def _line(key: Key, totals: list[Total], licence: Label, *called: str) -> Line:
    known = scale(key.score, key.reporter)
    told = zip(totals, changes(totals, known), strict=True)
    rows = [
        Row(number, total, known.band(total.value) if known else None, change)
        for number, (total, change) in enumerate(told, 1)
    ]
    title, label, version, used, reporter = called
    return Line(title, label, key, version, used, reporter, licence, known, rows, drawn(totals, known))


def licence_of(version: FormVersion) -> Label:
    """Under what terms the instrument stands: as the pack says in its languages, else as its form does, in English."""
    return terms_of(version.form.name) or Label({FALLBACK: str(version.facts.get("licence", ""))})


def _handled(file: File, scored: Iterable[_Scored]) -> list[Handled]:
    """Of each record with such an answer the task on the file and the alert that it leads to, the newest first. The circle of care
    learns that there was one, also where the item is closed; who reads by a consent only of parts that it names."""
    asking = [
        (one, found)
        for one in scored
        if (found := one.reading.filling.alerts())
        and (not file.is_shared or any(Part(alert.question.part) in one.reading.seen for alert in found))
    ]
    if not asking:
        return []
    tasks = _tasks(file)
    return [
        Handled(
            one.reading.record,
            one.title,
            [alert.asked for alert in found if Part(alert.question.part) in one.reading.seen],
            tasks.get(one.reading.record.number),
        )
        for one, found in asking
    ]


def _tasks(file: File) -> dict[int, Task]:
    """By the number of the record that they name, the newest of each."""
    rows = Task.objects.filter(subject=file.row.subject_id, kind=TaskKind.FORM_ALERT)
    found: dict[int, Task] = {}
    for row in rows.select_related("owner__user", "done_by__user", "alert__taken_by__user").order_by("due", "id"):
        row.subject = file.row.subject
        number = file.open(row, "text").split(" ", 1)[0] if file.opens(row, "text") else ""
        if number.isdecimal():
            found[int(number)] = row
    return found
