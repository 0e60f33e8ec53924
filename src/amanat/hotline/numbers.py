"""The supervisor's numbers, from counts alone: no call is opened for them. Each share says of how many it is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat import packs
from amanat.hotline.models import Tally
from amanat.hotline.tallies import LANGUAGE, QUICK, REGION, Measure, hour_of
from amanat.people.models import Agency

PERIODS: Final = (7, 30, 90)  # days, today among them
USUAL: Final = 30
HOURS: Final = range(24)
PROMISES: Final = (Measure.CALL_BACK, Measure.CALL_BACK_ON_TIME)


@dataclass(frozen=True)
class Counted:
    count: int = 0
    seconds: int = 0

    @property
    def average(self) -> int | None:
        """Seconds; None of none."""
        return round(self.seconds / self.count) if self.count else None


NONE: Final = Counted()
Counts = Mapping[str, Counted]


@dataclass(frozen=True)
class Figure:
    """One number: `text` as it is read, `of` what it is a share of, `means` what is counted."""

    label: str
    text: str
    of: str = ""
    means: str = ""


@dataclass(frozen=True)
class HourRow:
    hour: int
    offered: int
    answered: int
    abandoned: int


@dataclass(frozen=True)
class ValueRow:
    """Of one language or region: calls that ended, and what they were."""

    label: str
    ended: int
    repeated: str
    substantive: str
    potential: str
    handling: str
    share: int  # of the longest bar, in hundredths


@dataclass(frozen=True)
class Numbers:
    """Of one agency and period. `days` is one of PERIODS."""

    days: int
    figures: list[Figure]
    hours: list[HourRow]
    languages: list[ValueRow]
    regions: list[ValueRow]
    by_own_clock: bool = False  # the hours are those of whoever asked, not the country's

    @property
    def is_empty(self) -> bool:
        return not (any(row.offered for row in self.hours) or self.languages)


def period(asked: str) -> int:
    """Days, as the address asks; the usual ones for anything else."""
    return int(asked) if asked in map(str, PERIODS) else USUAL


def numbers(agency: Agency, days: int, now: datetime, zone: tzinfo | None = None) -> Numbers:
    """By the clock of `zone`, the country's where there is none, or where the two are no whole hours apart."""
    rows = _rows(agency, days, hour_of(now))
    by_hour = _by_hour(rows.filter(by=""))
    ahead = _hours_ahead(zone, now)
    return Numbers(
        days,
        list(_figures(_total(by_hour))),
        [_hour(hour, by_hour.get((hour - (ahead or 0)) % 24, {})) for hour in HOURS],
        _values(rows, LANGUAGE),
        _values(rows, REGION),
        ahead is not None,
    )


def _hours_ahead(zone: tzinfo | None, now: datetime) -> int | None:
    """Of the country's clock, today."""
    there, here = now.astimezone(zone).utcoffset() if zone else None, hour_of(now).utcoffset()
    if there is None or here is None or (there - here) % timedelta(hours=1):
        return None
    return (there - here) // timedelta(hours=1)


def _rows(agency: Agency, days: int, now: datetime) -> QuerySet[Tally]:
    """Promises to call back count once their hour is over."""
    since = now.date() - timedelta(days=days - 1)
    to_come = Q(measure__in=PROMISES) & (Q(day__gt=now.date()) | Q(day=now.date(), hour__gte=now.hour))
    return Tally.objects.filter(agency=agency, day__gte=since).exclude(to_come)


def _by_hour(rows: QuerySet[Tally]) -> dict[int, dict[str, Counted]]:
    found: dict[int, dict[str, Counted]] = defaultdict(dict)
    summed = rows.values_list("hour", "measure").annotate(Sum("count"), Sum("seconds"))
    for hour, measure, count, seconds in summed:
        found[hour][measure] = Counted(count, seconds)
    return found


def _total(by_hour: Mapping[int, Counts]) -> Counts:
    found: dict[str, Counted] = {}
    for counts in by_hour.values():
        for measure, one in counts.items():
            before = found.get(measure, NONE)
            found[measure] = Counted(before.count + one.count, before.seconds + one.seconds)
    return found


def _hour(hour: int, counts: Counts) -> HourRow:
    measures = (Measure.OFFERED, Measure.ANSWERED, Measure.ABANDONED)
    return HourRow(hour, *(counts.get(one, NONE).count for one in measures))


def _values(rows: QuerySet[Tally], by: str) -> list[ValueRow]:
    found: dict[str, dict[str, Counted]] = defaultdict(dict)
    summed = rows.filter(by=by).values_list("value", "measure").annotate(Sum("count"), Sum("seconds"))
    for value, measure, count, seconds in summed:
        found[value][measure] = Counted(count, seconds)
    held = [(value, counts) for value, counts in found.items() if counts.get(Measure.ENDED, NONE).count]
    longest = max((counts[Measure.ENDED].count for _value, counts in held), default=1)
    made = [_value(_label(by, value), counts, longest) for value, counts in held]
    return sorted(made, key=lambda row: (-row.ended, row.label))


def _value(label: str, counts: Counts, longest: int) -> ValueRow:
    ended = counts[Measure.ENDED]
    return ValueRow(
        label,
        ended.count,
        _plain(counts.get(Measure.REPEATED, NONE).count, counts.get(Measure.WITH_NUMBER, NONE).count),
        _plain(counts.get(Measure.SUBSTANTIVE, NONE).count, ended.count),
        _plain(counts.get(Measure.POTENTIAL_VICTIM, NONE).count, ended.count),
        duration(ended.average),
        round(100 * ended.count / longest),
    )


def _label(by: str, value: str) -> str:
    if not value:
        return _("not written down")
    if by == LANGUAGE:
        return packs.current().languages.name(value)
    regions = packs.current().codes("region")
    return regions.label(value) if value in regions else value


def _figures(total: Counts) -> Iterator[Figure]:
    def held(measure: Measure) -> Counted:
        return total.get(measure, NONE)

    offered, ended = held(Measure.OFFERED).count, held(Measure.ENDED)
    abandoned, quick = held(Measure.ABANDONED).count, held(Measure.ABANDONED_QUICKLY).count
    yield Figure(_("Calls offered"), number_format(offered), means=_("Calls that rang or that an operator took up."))
    yield _share(_("Answered"), held(Measure.ANSWERED).count, offered)
    yield _share(_("Hung up before an answer"), abandoned, offered)
    means = _("Without those who hung up within %(seconds)s seconds. This limit is common, and not verified.")
    told = means % {"seconds": int(QUICK.total_seconds())}
    yield _share(_("Hung up after waiting"), abandoned - quick, offered - quick, told)
    yield _mean(_("Speed of answer"), held(Measure.ANSWERED_RING), _("From the first ring until an operator answered."))
    yield _mean(_("Handling time"), ended, _("From the answer to the end, also what they waited on hold."))
    told = _("Of calls whose number is known. A number may be shared by several people.")
    yield _share(_("Called before"), held(Measure.REPEATED).count, held(Measure.WITH_NUMBER).count, told)
    told = _("All but silent and abusive calls, tests and wrong numbers.")
    yield _share(_("Calls of substance"), held(Measure.SUBSTANTIVE).count, ended.count, told)
    told = _("Calls from which a case was opened. Nothing is decided by that.")
    yield _share(_("Potential victims"), held(Measure.POTENTIAL_VICTIM).count, ended.count, told)
    promised, kept = held(Measure.CALL_BACK).count, held(Measure.CALL_BACK_ON_TIME).count
    told = _("Of those who were to be called back by now. A try counts, also where nobody answered.")
    yield _share(_("Called back on time"), kept, promised, told)
    made = held(Measure.OUTGOING).count
    yield Figure(_("Calls made by the hotline"), number_format(made))
    yield _share(_("Of them, nobody answered"), held(Measure.TRIED).count, made)
    yield Figure(_("Asked on the public page"), number_format(held(Measure.ASKED).count))


def _share(label: str, part: int, whole: int, means: str = "") -> Figure:
    if whole <= 0:
        return Figure(label, "–", _("of none"), means)
    percent = _("%(figure)s%%") % {"figure": number_format(round(100 * part / whole))}
    return Figure(label, percent, _of(part, whole), means)


def _plain(part: int, whole: int) -> str:
    return _of(part, whole) if whole else "–"


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": number_format(part), "whole": number_format(whole)}


def _mean(label: str, counted: Counted, means: str) -> Figure:
    of = ngettext("on average of %(figure)s call", "on average of %(figure)s calls", counted.count)
    told = of % {"figure": number_format(counted.count)} if counted.count else _("of none")
    return Figure(label, duration(counted.average), told, means)


def duration(seconds: int | None) -> str:
    """Minutes and seconds, 2:05."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def as_rows(found: Numbers) -> Iterable[list[str]]:
    """All of it as one table: what, of which hour, language or region, and the number."""
    yield [_("What"), _("Of"), _("Number"), _("Share of")]
    for figure in found.figures:
        yield [figure.label, _("Last %(days)s days") % {"days": found.days}, figure.text, figure.of]
    for row in found.hours:
        for label, count in (
            (_("Calls offered"), row.offered),
            (_("Answered"), row.answered),
            (_("Hung up"), row.abandoned),
        ):
            yield [label, f"{row.hour:02}:00", str(count), ""]
    for title, rows in ((_("Language"), found.languages), (_("Region"), found.regions)):
        for value in rows:
            for label, text in (
                (_("Calls that ended"), str(value.ended)),
                (_("Called before"), value.repeated),
                (_("Calls of substance"), value.substantive),
                (_("Potential victims"), value.potential),
                (_("Handling time"), value.handling),
            ):
                yield [label, f"{title}: {value.label}", text, ""]
