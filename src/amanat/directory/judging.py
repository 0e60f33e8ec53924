"""Whether a service fits what a child needs, and in which words. What nobody told is never a no: it says *ask*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.directory.candidates import Facts
from amanat.directory.hours import AHEAD, State, hours_at, state_at
from amanat.directory.nearness import Point
from amanat.directory.whom import ForSex, ages
from amanat.directory.wording import called
from amanat.web.formats import written

FREE_PLACES_LAST: Final = timedelta(days=14)
"""How long a number of free places is believed; ours."""
_SEXES: Final = {"Feminine": ForSex.GIRLS, "Masculine": ForSex.BOYS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; every answer may be missing. Nothing of it names a child.

    Args:
        need: a code of `service_need`.
        age: in whole years.
        sex: a code of the pack's list `sex`.
        languages: codes of `language`; one of them is enough.
        region: a code of `region`.
        near: from where the distance counts.
        open_at: a moment at which it should be open.
        free_places: whether one should be free.
        has_documents: whether the child has papers.
    """

    need: str = ""
    age: int | None = None
    sex: str = ""
    languages: tuple[str, ...] = ()
    region: str = ""
    near: Point | None = None
    open_at: datetime | None = None
    free_places: bool = False
    has_documents: bool | None = None


class Verdict(StrEnum):
    FITS = "fits"
    MISFIT = "misfit"
    ASK = "ask"
    SAID = "said"  # nobody asked for it, but it is told
    SILENT = "silent"


Judge = Callable[[Wanted, Facts, datetime], Verdict]
Words = Callable[[Wanted, Facts, datetime, Verdict], str]


def _need(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if not wanted.need:
        return Verdict.SILENT
    return Verdict.FITS if facts.has_need else Verdict.ASK


def _need_words(wanted: Wanted, _facts: Facts, _now: datetime, verdict: Verdict) -> str:
    if verdict is Verdict.ASK:
        return _("what it is for is not told: ask")
    return called("service_need", wanted.need, wanted.need)


def _region(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if not wanted.region:
        return Verdict.SILENT
    return Verdict.FITS if facts.in_region else Verdict.ASK


def _region_words(wanted: Wanted, _facts: Facts, _now: datetime, verdict: Verdict) -> str:
    if verdict is Verdict.ASK:
        return _("for which region is not told: ask")
    return _("in %(region)s") % {"region": called("region", wanted.region, wanted.region)}


def _age(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    low, high, is_told = facts.minimum_age, facts.maximum_age, _ages_told(facts)
    if wanted.age is None:
        return Verdict.SAID if is_told else Verdict.SILENT
    if (low is not None and wanted.age < low) or (high is not None and wanted.age > high):
        return Verdict.MISFIT
    return Verdict.FITS if is_told else Verdict.ASK


def _ages_told(facts: Facts) -> bool:
    return facts.minimum_age is not None or facts.maximum_age is not None


def _age_words(_wanted: Wanted, facts: Facts, _now: datetime, verdict: Verdict) -> str:
    if verdict is Verdict.ASK:
        return _("for which ages is not told: ask")
    return ages(facts.minimum_age, facts.maximum_age)


def _sex(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if not wanted.sex:
        return Verdict.SILENT if facts.sex == ForSex.ANY else Verdict.SAID
    if facts.sex in (ForSex.ANY, _SEXES.get(wanted.sex)):
        return Verdict.FITS
    return Verdict.MISFIT if wanted.sex in _SEXES else Verdict.ASK


def _sex_words(_wanted: Wanted, facts: Facts, _now: datetime, verdict: Verdict) -> str:
    told = str(ForSex(facts.sex).label)
    return _("%(who)s: ask") % {"who": told} if verdict is Verdict.ASK else told


def _languages(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if not wanted.languages:
        return Verdict.SAID if facts.has_languages else Verdict.SILENT
    if not facts.has_languages:
        return Verdict.ASK
    return Verdict.FITS if facts.speaks else Verdict.MISFIT


def _languages_words(_wanted: Wanted, facts: Facts, _now: datetime, verdict: Verdict) -> str:
    if verdict is Verdict.ASK:
        return _("which languages are spoken is not told: ask")
    told = ", ".join(called("language", code, name or code) for code, name in facts.languages)
    return (_("only: %(languages)s") if verdict is Verdict.MISFIT else _("languages: %(languages)s")) % {
        "languages": told
    }


def _open(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if wanted.open_at is None:
        return Verdict.SAID if facts.schedules else Verdict.SILENT
    state = state_at(facts.schedules, wanted.open_at, facts.zone)
    return {State.OPEN: Verdict.FITS, State.CLOSED: Verdict.MISFIT}.get(state, Verdict.ASK)


def _open_words(wanted: Wanted, facts: Facts, now: datetime, _verdict: Verdict) -> str:
    at = wanted.open_at or now
    hours = hours_at(facts.schedules, at, facts.zone)
    if hours.state is State.OPEN:
        if hours.until is None:
            return _("open day and night")
        return _("open until %(when)s") % {"when": _moment(hours.until, at, facts)}
    if hours.opens is None:
        return _("when it is open is not told: ask") if hours.state is State.NOT_TOLD else _closed_long()
    if hours.state is State.NOT_TOLD:
        return _("open from %(when)s; other hours are not told") % {"when": _moment(hours.opens, at, facts)}
    return _("closed, opens %(when)s") % {"when": _moment(hours.opens, at, facts)}


def _closed_long() -> str:
    return _("closed for the next %(days)d days") % {"days": AHEAD}


def _moment(moment: datetime, beside: datetime, facts: Facts) -> str:
    """In the time of the place: the hour alone where it is the same day."""
    local = moment.astimezone(facts.zone)
    same = local.date() == beside.astimezone(facts.zone).date()
    return written(local, "TIME_FORMAT" if same else "SHORT_DATETIME_FORMAT")


def _free(wanted: Wanted, facts: Facts, now: datetime) -> Verdict:
    if facts.free_places is None or facts.free_places_at is None:
        return Verdict.ASK if wanted.free_places else Verdict.SILENT
    if now - facts.free_places_at > FREE_PLACES_LAST:
        return Verdict.ASK if wanted.free_places else Verdict.SAID
    if not wanted.free_places:
        return Verdict.SAID
    return Verdict.FITS if facts.free_places else Verdict.MISFIT


def _free_words(_wanted: Wanted, facts: Facts, now: datetime, _verdict: Verdict) -> str:
    if facts.free_places is None or facts.free_places_at is None:
        return _("how many places are free is not told: ask")
    told = {"day": written(facts.free_places_at.astimezone(facts.zone), "SHORT_DATE_FORMAT")}
    if now - facts.free_places_at > FREE_PLACES_LAST:
        return _("no free places told since %(day)s: ask") % told
    if not facts.free_places:
        return _("no place free, told on %(day)s") % told
    sentence = ngettext(
        "%(count)d place free, told on %(day)s", "%(count)d places free, told on %(day)s", facts.free_places
    )
    return sentence % {**told, "count": facts.free_places}


def _documents(wanted: Wanted, facts: Facts, _now: datetime) -> Verdict:
    if wanted.has_documents is None:
        return Verdict.SAID if facts.has_papers else Verdict.SILENT
    if wanted.has_documents:
        return Verdict.ASK if facts.has_papers else Verdict.SILENT
    return Verdict.MISFIT if facts.has_papers else Verdict.ASK


def _documents_words(_wanted: Wanted, facts: Facts, _now: datetime, _verdict: Verdict) -> str:
    if not facts.documents:
        return _("which papers it asks for is not told: ask")
    papers = [called("document_kind", one, one) for one in facts.documents]
    return _("asks for: %(papers)s") % {"papers": ", ".join(papers)}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is compared."""

    name: str
    judge: Judge
    words: Words


CRITERIA: Final = (
    Criterion("need", _need, _need_words),
    Criterion("region", _region, _region_words),
    Criterion("age", _age, _age_words),
    Criterion("sex", _sex, _sex_words),
    Criterion("languages", _languages, _languages_words),
    Criterion("hours", _open, _open_words),
    Criterion("free_places", _free, _free_words),
    Criterion("documents", _documents, _documents_words),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a service fits, why not, or what one has to ask: a few words that begin a line."""

    about: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return str(capfirst(self.words))


def verdicts(wanted: Wanted, facts: Facts, now: datetime) -> list[Verdict]:
    """One for each criterion, in their order."""
    return [criterion.judge(wanted, facts, now) for criterion in CRITERIA]


def reasons(wanted: Wanted, facts: Facts, now: datetime) -> list[Reason]:
    """All that is to be said of a service whose facts are all there, in the active language."""
    now = now.astimezone(UTC)
    return [
        Reason(criterion.name, verdict, criterion.words(wanted, facts, now, verdict))
        for criterion in CRITERIA
        if (verdict := criterion.judge(wanted, facts, now)) is not Verdict.SILENT
    ]
