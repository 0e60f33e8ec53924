"""Counting calls by hour, language and region: rows of numbers behind which no call stands. Called inside the verbs, last of all:
twenty operators share the row of an hour.

An hour is one of the country's clock. What is counted of a call depends on the call's own times, so that it can be taken back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.db.models import F

from amanat import packs
from amanat.hotline.models import Call, CallerMark, Matter, MatterCase, Outcome, Tally

QUICK: Final = timedelta(
    seconds=10
)  # who hangs up so soon was hardly waiting; common in reports of hotlines, unverified
WITHOUT_SUBSTANCE: Final = frozenset({Outcome.SILENT, Outcome.ABUSIVE, Outcome.TEST, Outcome.WRONG_NUMBER})
LANGUAGE, REGION = "language", "region"
KEY: Final = ("agency", "day", "hour", "measure", "by", "value")


class Measure(StrEnum):
    """`seconds` is, with ANSWERED_RING and ABANDONED, how long they waited; with ENDED and OUTGOING, how long the talk took."""

    OFFERED = "offered"
    ANSWERED = "answered"
    ANSWERED_RING = "answered_ring"  # those of them that a telephone system announced
    ABANDONED = "abandoned"
    ABANDONED_QUICKLY = "abandoned_quickly"
    ENDED = "ended"
    WITH_NUMBER = "with_number"
    REPEATED = "repeated"
    SUBSTANTIVE = "substantive"
    POTENTIAL_VICTIM = "potential_victim"
    OUTGOING = "outgoing"
    TRIED = "tried"  # of them, those that nobody answered
    ASKED = "asked"  # on the public page
    CALL_BACK = "call_back"  # promised, at the hour by which it was
    CALL_BACK_ON_TIME = "call_back_on_time"


@dataclass(frozen=True, order=True)
class Count:
    measure: str
    by: str = ""
    value: str = ""
    count: int = 1
    seconds: int = 0


def count_offered(call: Call) -> None:
    """Somebody calls: it rings, or an operator took up the receiver."""
    if not call.outgoing:
        _add(call.matter.agency_id, call.rang_at, [Count(Measure.OFFERED)])


def count_answered(call: Call) -> None:
    """One that an operator took up by hand waited for nobody knows how long: it says nothing of the speed."""
    if not call.outgoing and call.answered_at:
        counts = [Count(Measure.ANSWERED)]
        if call.line_id is not None:
            counts.append(Count(Measure.ANSWERED_RING, seconds=_between(call.rang_at, call.answered_at)))
        _add(call.matter.agency_id, call.rang_at, counts)


def count_abandoned(call: Call) -> None:
    """They hung up before anybody answered."""
    waited = (call.ended_at or call.rang_at) - call.rang_at
    counts = [Count(Measure.ABANDONED, seconds=int(waited.total_seconds()))]
    if waited <= QUICK:
        counts.append(Count(Measure.ABANDONED_QUICKLY))
    _add(call.matter.agency_id, call.rang_at, counts)


def count_ended(call: Call, content: Mapping[str, Any] | None) -> None:
    """A talk is over; `content` as the operator wrote it down."""
    count_anew(call, [], of_ended(call, content))


def take_back_ended(call: Call, content: Mapping[str, Any] | None) -> None:
    """It is not over after all. Called while the call still says when and how it ended."""
    count_anew(call, of_ended(call, content), [])


def of_ended(call: Call, content: Mapping[str, Any] | None) -> list[Count]:
    """What a call counts as now; nothing while it lasts."""
    return _of_ended(call, content or {}) if call.ended_at else []


def count_anew(call: Call, before: Sequence[Count], now: Sequence[Count]) -> None:
    """What an ended call counts as became another; `before` was asked when it was not yet. What stays is not touched."""
    if call.ended_at is None:
        return
    for one in sorted(set(before) - set(now)):  # in the order of `_add`
        rows = Tally.objects.filter(**_key(call.matter.agency_id, call.ended_at, one))
        rows.filter(count__gte=one.count, seconds__gte=one.seconds).update(
            count=F("count") - one.count, seconds=F("seconds") - one.seconds
        )
    _add(call.matter.agency_id, call.ended_at, set(now) - set(before))


def count_asked(call: Call) -> None:
    """Somebody asked on the public page to be called back."""
    _add(call.matter.agency_id, call.rang_at, [Count(Measure.ASKED)])


def count_call_back(matter: Matter) -> None:
    """A call back was promised, by `matter.call_back_at`."""
    if matter.call_back_at:
        _add(matter.agency_id, matter.call_back_at, [Count(Measure.CALL_BACK)])


def take_back_call_back(matter: Matter) -> None:
    """The promise was moved or taken back; called while `matter.call_back_at` still says by when it was."""
    if matter.call_back_at:
        rows = Tally.objects.filter(**_key(matter.agency_id, matter.call_back_at, Count(Measure.CALL_BACK)))
        rows.filter(count__gte=1).update(count=F("count") - 1)


def count_call_back_done(matter: Matter, at: datetime) -> None:
    """They were called back; called while `matter.call_back_at` still says by when they should have been."""
    if matter.call_back_at and at <= matter.call_back_at:
        _add(matter.agency_id, matter.call_back_at, [Count(Measure.CALL_BACK_ON_TIME)])


def hour_of(moment: datetime) -> datetime:
    """A moment by the country's clock."""
    return moment.astimezone(packs.current().manifest.time_zone)


def _of_ended(call: Call, content: Mapping[str, Any]) -> list[Count]:
    assert call.ended_at
    talked = _between(call.answered_at or call.rang_at, call.ended_at)
    if call.outgoing:
        tried = [Count(Measure.TRIED)] if call.outcome == Outcome.NO_ANSWER else []
        return [Count(Measure.OUTGOING, seconds=talked), *tried]
    values = [("", ""), *((by, str(content.get(by) or "")[:40]) for by in (LANGUAGE, REGION))]
    measures = {Measure.ENDED: talked} | dict.fromkeys(_true_of(call), 0)
    return [Count(measure, by, value, 1, seconds) for measure, seconds in measures.items() for by, value in values]


def _true_of(call: Call) -> Iterable[Measure]:
    mark = CallerMark.objects.filter(call=call).first()
    if mark:
        yield Measure.WITH_NUMBER
        before = CallerMark.objects.filter(digest=mark.digest, call__rang_at__lt=call.rang_at).exclude(call=call)
        if before.exists():
            yield Measure.REPEATED
    if call.outcome not in WITHOUT_SUBSTANCE:
        yield Measure.SUBSTANTIVE
    if MatterCase.objects.filter(call=call).exists():
        yield Measure.POTENTIAL_VICTIM


def _between(first: datetime, last: datetime) -> int:
    return max(0, int((last - first).total_seconds()))


def _key(agency: uuid.UUID, moment: datetime, one: Count) -> dict[str, Any]:
    local = hour_of(moment)
    values = (agency, local.date(), local.hour, one.measure, one.by, one.value)
    return dict(zip(KEY, values, strict=True))


def _add(agency: uuid.UUID, moment: datetime, counts: Iterable[Count]) -> None:
    """One statement, its rows in one order: two who count at once wait for each other and never in a ring."""
    rows = [{**_key(agency, moment, one), "count": one.count, "seconds": one.seconds} for one in sorted(counts)]
    if not rows:
        return
    by_name = {field.name: field for field in Tally._meta.concrete_fields}
    fields = [by_name[name] for name in (*KEY, "count", "seconds")]
    quote = connection.ops.quote_name
    table, columns = quote(Tally._meta.db_table), [quote(str(field.column)) for field in fields]
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    raised = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns[len(KEY) :])
    known = ", ".join(columns[: len(KEY)])
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} ON CONFLICT ({known}) DO UPDATE SET {raised}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        values = [field.get_db_prep_save(row[field.name], connection) for row in rows for field in fields]
        cursor.execute(statement, values)
