"""Questions to the whole log, for the data protection officer: by worker, by day, by outcome. One file's own log stands in `cases`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out, open_office
from amanat.access.labels import act_label
from amanat.access.loaders import files_about
from amanat.audit.models import Entry, Outcome
from amanat.people.models import User
from amanat.vault.models import SubjectKind
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Asked:
    """The filters of a page of the log, as its address carries them; what is no filter of ours is passed over."""

    worker: User | None
    day: date | None
    outcome: str

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Asked:
        outcome = sent.get("outcome", "")
        return cls(_worker(sent.get("worker", "")), _day(sent.get("day", "")), outcome if outcome in Outcome else "")

    def query(self, **changed: str) -> str:
        """The address of this choice, with some of it changed ("" drops a filter)."""
        told = {
            "worker": self.worker.pk.hex if self.worker else "",
            "day": self.day.isoformat() if self.day else "",
            "outcome": self.outcome,
        }
        return urlencode({name: value for name, value in (told | changed).items() if value})

    @property
    def without_worker(self) -> str:
        return self.query(worker="")

    @property
    def is_filtered(self) -> bool:
        return bool(self.query())


@dataclass(frozen=True)
class Line:
    """An entry to read: the act in words; the file by code name; the reason, where it concerns no child."""

    entry: Entry
    act: StrOrPromise
    file: File | None
    details: Mapping[str, Any]

    @property
    def is_refused(self) -> bool:
        return self.entry.outcome == Outcome.REFUSED


@dataclass(frozen=True)
class Lines:
    page: Page[Entry]
    rows: list[Line]


def lines(actor: Actor, asked: Asked, cursor: str) -> Lines:
    """A page of the log, the newest first; three queries."""
    entries = not_kept_out(actor, Entry.objects.select_related("subject", "user", "membership__agency"))
    if asked.worker:
        entries = entries.filter(user=asked.worker)
    if asked.outcome:
        entries = entries.filter(outcome=asked.outcome)
    if asked.day:
        begins = timezone.make_aware(datetime.combine(asked.day, time.min))
        ends = timezone.make_aware(datetime.combine(asked.day + timedelta(days=1), time.min))
        entries = entries.filter(at__gte=begins, at__lt=ends)
    page = keyset_page(entries, order=["-at", "-id"], cursor=cursor, counted=False)
    files = files_about(actor, [entry.subject_id for entry in page.rows if not _is_office(entry)])
    office = {entry.subject_id: entry.subject for entry in page.rows if _is_office(entry)}
    for entry in page.rows:
        entry.subject = office.get(entry.subject_id, entry.subject)  # so that its keys are asked for once
    return Lines(page, [_line(entry, files, actor) for entry in page.rows])


def _line(entry: Entry, files: Mapping[uuid.UUID, File], actor: Actor) -> Line:
    # What is said about a child is sealed under the child's key and opens in that file's own log alone.
    details = open_office(actor, entry, "details") if _is_office(entry) and entry.details else {}
    return Line(
        entry,
        act_label(entry.verb, only_read=entry.outcome == Outcome.READ),
        files.get(entry.subject_id),
        details or {},
    )


def _is_office(entry: Entry) -> bool:
    return entry.subject.kind == SubjectKind.OFFICE


def _worker(text: str) -> User | None:
    try:
        return User.objects.filter(pk=uuid.UUID(text)).first() if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # the thirty-first of February
        return None
