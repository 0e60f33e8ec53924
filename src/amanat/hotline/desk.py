"""What stands on the desk of a hotline: calls that ring, calls in hand, who waits to be called back, what was handed over."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.policy import Part, Verb, may_do
from amanat.cases.shown import Badge
from amanat.hotline import marks, matters, ringing
from amanat.hotline.actions.ending import TAKEN_BACK_WITHIN
from amanat.hotline.agreed import Agreed, newest_calls, said_in
from amanat.hotline.matters import Handed, note_text, of_visible, priority_badge
from amanat.hotline.models import Call, CallerMark, CallState, Matter, Note, Outcome
from amanat.names.phones import read_phone

SHOWN: Final = 25
# From here on it says that the time is near; ours.
SOON: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A call on the desk. `before`: how often this number called before, at this agency."""

    call: Call
    file: File
    number: str = ""
    before: int = 0

    @property
    def priority(self) -> Badge | None:
        return priority_badge(self.call.priority or self.call.matter.priority)

    @property
    def seconds(self) -> int:
        """Since when it rings, waits or is talked."""
        call = self.call
        since = call.held_since or call.answered_at or call.rang_at
        return max(0, int((self.file.actor.now - since).total_seconds()))

    @property
    def is_on_hold(self) -> bool:
        return self.call.state == CallState.ON_HOLD


@dataclass(frozen=True, slots=True)
class Due:
    """A matter in which somebody is to be called back, with what was agreed. `calls`: its newest ones, the newest first."""

    matter: Matter
    actor: Actor
    file: File
    calls: list[Call]
    agreed: Agreed

    @property
    def tried_at(self) -> datetime | None:
        """When they were called last, and nobody answered."""
        last = self.calls[0] if self.calls else None
        return last.ended_at if last and last.outcome == Outcome.NO_ANSWER else None

    @property
    def is_late(self) -> bool:
        return self.matter.call_back_at is not None and self.matter.call_back_at < self.actor.now

    @property
    def is_soon(self) -> bool:
        by = self.matter.call_back_at
        return by is not None and not self.is_late and by - self.actor.now <= SOON

    @property
    def priority(self) -> Badge | None:
        return priority_badge(self.matter.priority)


@dataclass(frozen=True, slots=True)
class HungUp:
    """A matter of somebody who hung up. `before`: how often this number called before; `urgent`: the priority of a matter it belongs to."""

    matter: Matter
    file: File
    agreed: Agreed
    before: int
    urgent: str

    @property
    def priority(self) -> Badge | None:
        return priority_badge(self.urgent)


@dataclass(frozen=True, slots=True)
class Now:
    """What rings and what the operator has in hand: all that a *look* is about, and so all that it costs."""

    ringing: list[OnDesk]
    mine: list[OnDesk]
    answers: bool

    @property
    def fingerprint(self) -> str:
        return _fingerprint(_of_calls([*self.ringing, *self.mine]))


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole of it. `files`: those of which something sealed stands here."""

    now: Now
    just_ended: list[OnDesk]
    colleagues: list[OnDesk]
    due: list[Due]
    handed: list[Handed]
    hung_up: list[HungUp]
    wishes: list[Note]
    files: list[File]

    @property
    def is_empty(self) -> bool:
        parts = (self.now.ringing, self.now.mine, self.just_ended, self.colleagues, self.due, self.handed, self.hung_up)
        return not any([*parts, self.wishes])

    @property
    def fingerprint(self) -> str:
        """Of all that stands beside `now`; another one where something else is to be shown. Clocks go on by themselves."""
        calls = _of_calls([*self.just_ended, *self.colleagues])
        due = [(one.matter.pk, one.is_late, one.is_soon, [(c.pk, c.version) for c in one.calls]) for one in self.due]
        hung_up = [(one.matter.pk, one.before, one.urgent) for one in self.hung_up]
        others = [one.pk for one in (*(handed.note for handed in self.handed), *self.wishes)]
        return _fingerprint(calls, due, hung_up, others, self.is_empty)


def _of_calls(calls: Iterable[OnDesk]) -> list[tuple[Any, ...]]:
    return [(one.call.pk, one.call.state, one.number, one.before) for one in calls]


def _fingerprint(*shown: Any) -> str:
    return f"{zlib.crc32(repr(shown).encode()):08x}"


def calls_now(actor: Actor) -> tuple[Now, list[File]]:
    """What a *look* may have changed, with the files of which something sealed stands there. Two questions."""
    rows = _running(actor, Q(state=CallState.RINGING) | Q(operator=actor.membership))
    files = _files(actor, [one.matter for one in rows])
    return _now(actor, _shown(rows, files)), [one for one in files.values() if one.looked]


def _now(actor: Actor, shown: list[OnDesk]) -> Now:
    running = [one for one in shown if one.call.ended_at is None]
    return Now(
        ringing=[one for one in running if one.call.state == CallState.RINGING],
        mine=[one for one in running if _is_in_hand(one) and one.call.operator_id == actor.membership.pk],
        answers=actor.may(Verb.CALL_START),
    )


def _is_in_hand(one: OnDesk) -> bool:
    return one.call.ended_at is None and one.call.state != CallState.RINGING


def desk(actor: Actor) -> Desk:
    """A handful of questions, however much waits."""
    due, hung_up, notes = list(_due(actor)), list(_hung_up(actor)), matters.handed_notes(actor)
    running = _running(actor)
    newest, ended = _over(actor, [*due, *hung_up])
    files = _files(actor, [*(one.matter for one in [*running, *ended]), *(one.matter for one in notes), *due, *hung_up])
    shown = _shown([*running, *ended], files)
    agreed = {pk: Agreed.of(said_in(files[pk], calls)) for pk, calls in newest.items()}
    operator = actor.membership.pk
    handed = [Handed(one, files[one.matter_id], note_text(files[one.matter_id], one)) for one in notes]
    return Desk(
        now=_now(actor, shown),
        just_ended=[one for one in shown if one.call.ended_at is not None],
        colleagues=[one for one in shown if _is_in_hand(one) and one.call.operator_id != operator],
        due=[Due(one, actor, files[one.pk], newest[one.pk], agreed[one.pk]) for one in due],
        handed=handed,
        hung_up=[HungUp(one, files[one.pk], agreed[one.pk], *_known(one)) for one in hung_up],
        wishes=list(_wishes(actor)[:SHOWN]),
        files=[one for one in files.values() if one.looked],
    )


def _visible(actor: Actor) -> QuerySet[Matter]:
    """Those of the hotline whose desk it is."""
    return visible_to(actor, Matter.objects.filter(agency=actor.membership.agency_id))


def _from_number(actor: Actor) -> Subquery:
    """How many calls came from the number of a call, of those that the actor may know of. A digest is of one agency."""
    return _count(_marks(actor, "mark__digest"))


def _marks(actor: Actor, digest: str) -> QuerySet[CallerMark]:
    return CallerMark.objects.filter(of_visible(actor), digest=OuterRef(digest))


def _count(marked: QuerySet[CallerMark]) -> Subquery:
    """Without the calls that the hotline made."""
    theirs = marked.filter(call__outgoing=False)
    return Subquery(theirs.values("digest").annotate(count=Count("pk")).order_by().values("count"))


def _running(actor: Actor, these: Q = Q()) -> list[Call]:  # noqa: B008
    """Those that have not ended, what has lasted longest first."""
    rows = Call.objects.filter(of_visible(actor), these, ended_at=None).annotate(from_number=_from_number(actor))
    rows = rows.select_related("matter__subject", "matter__agency", "operator__user")
    return list(rows.order_by("rang_at", "id")[: 4 * SHOWN])


def _over(actor: Actor, of: list[Matter]) -> tuple[dict[uuid.UUID, list[Call]], list[Call]]:
    """The newest calls by matter, and the actor's own that ended a moment ago. One query, an index each."""
    since = actor.now - TAKEN_BACK_WITHIN
    rows = newest_calls(of, also=Q(operator=actor.membership, ended_at__gt=since)).filter(of_visible(actor))
    rows = rows.select_related("matter__subject", "matter__agency", "operator__user")
    newest: dict[uuid.UUID, list[Call]] = {matter.pk: [] for matter in of}
    ended = []
    for call in rows:
        if call.matter_id in newest:
            newest[call.matter_id].append(call)
        if call.operator_id == actor.membership.pk and call.ended_at and call.ended_at > since:
            ended.append((call.ended_at, call.pk, call))
    return newest, [call for _at, _pk, call in sorted(ended)[:SHOWN]]


def _files(actor: Actor, rows: list[Matter]) -> dict[uuid.UUID, File]:
    """By matter. One query."""
    once = {matter.pk: matter for matter in rows}
    return dict(zip(once, open_files(actor, once.values()), strict=True)) if once else {}


def _shown(calls: list[Call], files: dict[uuid.UUID, File]) -> list[OnDesk]:
    shown = []
    for call in calls:
        file = files[call.matter_id]
        call.subject = call.matter.subject
        number = _number(file, call) if call.state == CallState.RINGING else ""
        shown.append(OnDesk(call, file, number, (getattr(call, "from_number", None) or 1) - 1))
    return shown


def _number(file: File, call: Call) -> str:
    """Who rings, for whoever sees contacts."""
    said = (file.open(call, "number") or "") if file.sees(Part.CONTACTS) else ""
    phone = read_phone(said, marks.own_country())
    return phone.shown if phone else str(said)


def _due(actor: Actor) -> QuerySet[Matter]:
    rows = _visible(actor).filter(call_back_at__isnull=False, closed_at=None).select_related("subject", "agency")
    return rows.order_by("call_back_at", "id")[:SHOWN]


def _hung_up(actor: Actor) -> QuerySet[Matter]:
    """With how many calls came from their number, and the priority of the most urgent matter that the number belongs to."""
    digest = Subquery(CallerMark.objects.filter(matter=OuterRef("pk")).values("digest")[:1])
    marked = _marks(actor, "digest")
    urgent = marked.exclude(matter__priority="").order_by("matter__priority").values("matter__priority")[:1]
    rows = ringing.hung_up(actor).annotate(digest=digest)
    return rows.annotate(from_number=_count(marked), urgent=Subquery(urgent))[:SHOWN]


def _known(matter: Any) -> tuple[int, str]:
    return (matter.from_number or 1) - 1, matter.urgent or ""


def _wishes(actor: Actor) -> QuerySet[Note]:
    """Operators who would like to talk, for whoever marks that they did."""
    relation = Matter.by_ownership.get(actor.role)
    if relation is None or not may_do(Verb.CALL_TALKED, role=actor.role, relations=frozenset({relation})):
        return Note.objects.none()
    rows = Note.objects.filter(of_visible(actor), wishes_to_talk=True, talked_at=None)
    return rows.select_related("author__user", "matter").order_by("written_at", "id")
