"""What a conference speaks of: what is late, what is new since the one before, what somebody added. Each point belongs to a part.

Points are found in codes; `agenda_words` puts them into the words of a reader. What one profession notes for itself is never there.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import (
    BinaryField,
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from amanat.access.files import File
from amanat.access.models import Consent
from amanat.access.policy import OF_MATTERS, Part
from amanat.cases import conferring
from amanat.cases.happenings import step_named
from amanat.cases.models import Case, DueStep, Event, EventKind, Task, TaskKind
from amanat.cases.shown import case_of
from amanat.referrals.models import Referral, Unmet
from amanat.referrals.models_conferences import Conference, ConferenceState, Point
from amanat.referrals.unmet import UNMET
from amanat.vault.sealing import SealedValue

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEAM_PARTS: Final = tuple(
    part for part in Part if part not in {Part.PSYCHOLOGY_NOTES, Part.SERVICE_NOTES, Part.AUDIT} | OF_MATTERS
)
LATE, NEW, ADDED = "late", "new", "added"
GROUPS: dict[str, StrOrPromise] = {
    LATE: gettext_lazy("Late, or nobody took it"),
    NEW: gettext_lazy("New since the conference before"),
    ADDED: gettext_lazy("Added by hand"),
}
_GROUP_OF = {"step": LATE, "task": LATE, "referral": LATE, "unmet": LATE, "new": NEW, "consent": NEW}
# What a conference leaves behind is not its news; the end of a consent, the plan and what is late are points of their own; the rest is how
# a file is kept and what is done already, which nobody has to speak of.
_NO_NEWS = (
    EventKind.CONFERENCE_CALLED,
    EventKind.CONFERENCE_CANCELLED,
    EventKind.CONFERENCE_HELD,
    EventKind.MINUTES,
    EventKind.CONSENT_WITHDRAWN,
    EventKind.FLAGGED,
    EventKind.REGISTERED,
    EventKind.RENAMED,
    EventKind.PROTECTED,
    EventKind.UNPROTECTED,
    EventKind.PLAN_DRAFTED,
    EventKind.PLAN_DROPPED,
    EventKind.STEP_DONE,
    EventKind.FINISHED,
)
# Tasks that say in their maker's words what is to be done; and those whose referral is a point already.
_IN_WORDS = (TaskKind.FLAG, TaskKind.SAFETY_DECISION, TaskKind.DECISION)
_OF_REFERRALS = (TaskKind.NOBODY_TOOK, TaskKind.REFERRAL_STUCK, TaskKind.REFERRAL_CONSENT)
PREFIX: Final = "p_"


@dataclass(frozen=True, slots=True)
class Found:
    """A point. `key` names it in a form; `content` is what is kept of it when the conference is held."""

    key: str
    part: Part
    content: Mapping[str, Any]
    point: uuid.UUID | None = None  # of one that somebody added: the row

    @property
    def group(self) -> str:
        return group_of(self.content)


def group_of(content: Mapping[str, Any]) -> str:
    kind = content["kind"]
    return _GROUP_OF.get(kind, kind if conferring.kind(kind) else ADDED)


def groups() -> dict[str, StrOrPromise]:
    """Titles by group, in the order in which they are spoken of: what is late, what rooms bring, what is new, what somebody added."""
    return {LATE: GROUPS[LATE], **{one.name: one.title for one in conferring.kinds()}, **GROUPS}


def since(conference: Conference) -> datetime | None:
    """When the conference before it was held; None before the first: then all is new."""
    rows = Conference.objects.filter(case=conference.case_id, state=ConferenceState.HELD)
    last = rows.filter(held_at__lt=conference.held_at).order_by("held_at").last()
    return last.held_at if last else None


def before(conference: str) -> Subquery:
    """The same within a query; `conference`: the way to it from there."""
    rows = Conference.objects.filter(case=OuterRef(f"{conference}__case"), state=ConferenceState.HELD)
    rows = rows.filter(held_at__lt=OuterRef(f"{conference}__held_at")).order_by("-held_at")
    return Subquery(rows.values("held_at")[:1])


def find(file: File, conference: Conference, from_: datetime | None, also: Collection[str] = ()) -> list[Found]:
    """All points, in the order in which they are spoken of; who reads them is asked later. `also`: keys of what was late when
    somebody began to write about it, and may be done by now. Two queries, and those of the rooms that bring points.
    """
    named = _named(also)
    rows = sorted(_rows(conference, case_of(file), file.actor.now, from_, named), key=lambda row: row.at)
    late = [*_steps(rows, named)]
    if named.get("task") or any(row.kind == "task" for row in rows):
        late += _tasks(file, named)
    late += [_referral(row) for row in rows if row.kind == "referral"]
    late += [_unmet(row) for row in rows if row.kind == "unmet"]
    ended = [_consent(row) for row in rows if row.kind.startswith("consent")]
    points = [*late, *_brought(file, rows, named), *_news(rows), *ended, *_added(file, conference, rows)]
    return [one for one in points if one.part in TEAM_PARTS]


def _brought(file: File, rows: Sequence[_Row], named: Mapping[str, list[str]]) -> Iterator[Found]:
    """What other rooms bring, where they have something on this case, or had when somebody began to write about it."""
    there = {row.kind for row in rows} | named.keys()
    for kind in (one for one in conferring.kinds() if one.name in there):
        for point in kind.find(file, named.get(kind.name, ())):
            yield Found(f"{kind.name}-{point.ref}", point.part, {**point.content, "kind": kind.name})


def keys_in(sent: QueryDict) -> set[str]:
    """The points about which a form, or a draft, says something."""
    return {name.removeprefix(PREFIX).rpartition("-")[0] for name in sent if name.startswith(PREFIX)}


def _named(keys: Collection[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for key in keys:
        kind, _hyphen, rest = key.partition("-")
        named.setdefault(kind, []).append(rest)
    return named


class _Row(NamedTuple):
    """A line of what is late or new; what the columns hold stands in `_rows`."""

    kind: str
    first: str
    second: str
    third: str
    fourth: str
    number: int
    at: datetime
    content: Any = None  # sealed, of what somebody added


def _rows(
    conference: Conference, case: Case, now: datetime, from_: datetime | None, named: Mapping[str, list[str]]
) -> list[_Row]:
    """Steps, that a task is late, referrals, needs that nobody took, lines of the timeline by part and kind, consents that ended, that
    another room brings something, what somebody added: one query for all."""
    ids = [int(text) for text in named.get("unmet", ()) if text.isdecimal() and len(text) < 18]
    lately: dict[str, Any] = {"written_at__gt": from_} if from_ else {}
    events = Event.objects.filter(case=case, **lately).exclude(kind__in=_NO_NEWS)
    consents = Consent.objects.filter(subject=case.subject_id)
    withdrawn = consents.filter(withdrawn_at__gt=from_) if from_ else consents.filter(withdrawn_at__isnull=False)
    ended = consents.filter(withdrawn_at=None, until__lt=timezone.localdate(now))
    ended = ended.filter(until__gte=timezone.localdate(from_)) if from_ else ended
    who = Coalesce("agency__name", "organisation__name", output_field=CharField())
    to = Coalesce("recipient__name", Value(""), output_field=CharField())
    referrals = Referral.objects.filter(case=case).filter(
        Q(Referral.in_hands(), due_at__lt=now) | Q(number__in=named.get("referral", ()))
    )
    unmet = Unmet.objects.filter(UNMET | Q(pk__in=ids), case=case)
    tasks = Task.objects.filter(case=case, done_at=None, due__lt=now).exclude(kind__in=_OF_REFERRALS)
    found = _line(DueStep.objects.filter(case=case, due__lt=now), "step", F("step"), at=F("due")).union(
        _line(tasks, "task", at=F("due")),
        _line(referrals, "referral", F("number"), F("need"), who, F("state"), at=Coalesce("due_at", "since")),
        _line(unmet, "unmet", Cast("id", CharField(max_length=20)), F("need"), at=F("since")),
        _line(events, "new", F("kind"), F("part"), at=Max("written_at"), count=Count("pk")),
        _line(withdrawn, "consent", F("purpose"), to, at=F("withdrawn_at")),
        _line(ended, "consent_until", F("purpose"), to, at=Cast("until", DateTimeField())),
        *(_line(kind.there(case), kind.name, at=F("at")) for kind in conferring.kinds()),
        _line(
            Point.objects.filter(conference=conference),
            "own",
            Cast("id", CharField(max_length=36)),
            F("part"),
            at=F("conference__held_at"),
            count=F("place"),
            content=F("content"),
        ),
        all=True,
    )
    return [_Row(*row) for row in found]


_NOTHING, _NO_CONTENT = Value("", output_field=CharField()), Cast(Value(None), BinaryField())


def _line(
    rows: QuerySet[Any], kind: str, *columns: Any, at: Any, count: Any = None, content: Any = _NO_CONTENT
) -> QuerySet[Any]:
    """A row of such a query, as `_Row`."""
    filled = [*columns, *[_NOTHING] * (4 - len(columns))]
    named = dict(zip(("c1", "c2", "c3", "c4"), filled, strict=True))
    count = Value(0, output_field=IntegerField()) if count is None else count
    grouped = rows.order_by().values(*(("kind", "part") if kind == "new" else ()))
    whole: QuerySet[Any] = grouped.annotate(
        c0=Value(kind, output_field=CharField()), **named, c5=count, c6=at, c7=content
    )
    return whole.values_list("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7")


def _steps(rows: Sequence[_Row], named: Mapping[str, list[str]]) -> Iterator[Found]:
    """Those that are late, then those that somebody wrote about and that are done by now."""
    late = {row.first: {"at": row.at.isoformat()} for row in rows if row.kind == "step"}
    done = [step for step in filter(step_named, named.get("step", ())) if step not in late]
    for step in (*late, *done):
        yield Found(f"step-{step}", Part.EXISTENCE, {"kind": "step", "step": step} | late.get(step, {}))


def _referral(row: _Row) -> Found:
    content = {"kind": "referral", "number": row.first, "need": row.second, "to": row.third, "state": row.fourth}
    return Found(f"referral-{row.first}", Part.REFERRAL_SUMMARY, content | {"at": row.at.isoformat()})


def _unmet(row: _Row) -> Found:
    content = {"kind": "unmet", "need": row.second, "at": row.at.isoformat()}
    return Found(f"unmet-{row.first}", Part.REFERRAL_SUMMARY, content)


def _news(rows: Sequence[_Row]) -> Iterator[Found]:
    """A point a part, which says how many lines of each kind there are."""
    for part in TEAM_PARTS:
        lines = [row for row in rows if row.kind == "new" and row.second == part]
        if lines:
            events, at = [[row.first, row.number] for row in lines], lines[-1].at.isoformat()
            yield Found(f"new-{part}", part, {"kind": "new", "part": part, "events": events, "at": at})


def _consent(row: _Row) -> Found:
    """`until` is its last day: it ended with it."""
    at = row.at + timedelta(days=1) if row.kind == "consent_until" else row.at
    content = {"kind": "consent", "purpose": row.first, "to": row.second, "at": at.isoformat()}
    return Found(f"consent-{at:%Y%m%d%H%M%S}-{row.first}", Part.CONSENT, content)


def _tasks(file: File, named: Mapping[str, list[str]]) -> Iterator[Found]:
    case = case_of(file)
    late = Q(done_at=None, due__lt=file.actor.now) | Q(pk__in=_refs(named, "task"))
    tasks = Task.objects.filter(late, case=case).exclude(kind__in=_OF_REFERRALS).select_related("owner__user")
    for task in tasks.order_by("due", "id"):
        yield _task(file, case, task)


def _refs(named: Mapping[str, list[str]], kind: str) -> list[uuid.UUID]:
    found = []
    for text in named.get(kind, ()):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _task(file: File, case: Case, task: Task) -> Found:
    task.subject = case.subject
    text = (file.open(task, "text") or "") if file.opens(task, "text") and task.kind in _IN_WORDS else ""
    content = {"kind": "task", "as": task.kind, "text": text, "owner": task.owner.user.display_name}
    return Found(f"task-{task.pk.hex}", Part(task.part), content | {"at": task.due.isoformat()})


def _added(file: File, conference: Conference, rows: Sequence[_Row]) -> Iterator[Found]:
    for one in sorted((row for row in rows if row.kind == "own"), key=lambda row: row.number):
        row = Point(id=uuid.UUID(one.first), part=one.second, conference=conference, subject=file.row.subject)
        row.content = SealedValue(box=bytes(one.content) if one.content else None)
        content = file.open(row, "content") if file.opens(row, "content") else {"kind": "own", "text": ""}
        yield Found(f"own-{row.pk.hex}", Part(row.part), content, row.pk)


def kept(file: File, conference: Conference) -> list[Point]:
    """The points of one that was held, as they were, with minutes and decisions, as far as they are open to the actor."""
    rows = conference.points.select_related("decision__task__owner__user").order_by("place")
    return [row for row in rows if file.sees(Part(row.part))]
