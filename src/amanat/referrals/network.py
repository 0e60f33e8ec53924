"""The network in numbers: who refers what to whom, in what time it is accepted, and where it gets stuck. From counts alone.

The coordinator sees the whole network, a supervisor what goes out from and comes to their agency.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import BY_OFFICE
from amanat.directory.models import Organization
from amanat.people.models import Agency
from amanat.referrals.flows import month_of
from amanat.referrals.models import Flow, Referral
from amanat.referrals.models_flows import WITHIN
from amanat.referrals.unmet import now_unmet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERIODS: Final[dict[str, StrOrPromise]] = {
    "3": gettext_lazy("3 months"),
    "12": gettext_lazy("12 months"),
    "24": gettext_lazy("24 months"),
}
USUAL: Final = "12"
SHOWN: Final = 25
"""Rows of the table; the rest is one row."""
_COUNTS: Final = (
    "sent",
    "accepted",
    "on_time",
    "declined",
    "expired",
    "revoked",
    "done",
    *(f"within_{hours}" for hours in WITHIN),
    "longer",
)
Ends = tuple[uuid.UUID, uuid.UUID, bool]


@dataclass(frozen=True)
class Asked:
    """What the address asks for; a word that is not ours counts as none."""

    months: str = USUAL
    need: str = ""

    @classmethod
    def of(cls, months: str, need: str) -> Asked:
        return cls(months if months in PERIODS else USUAL, need if need in needs() else "")

    def first_month(self, now: datetime) -> date:
        """That of this month is the last one."""
        month = month_of(now)
        back = month.year * 12 + month.month - int(self.months)
        return date(back // 12, back % 12 + 1, 1)


@dataclass
class Pair:
    """What goes from an agency to another. `open` and `late` are of now, everything else is of the period."""

    sender: str
    to: str
    outside: bool
    counts: Counter[str] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)

    @property
    def what(self) -> list[tuple[str, int]]:
        """The needs with how often each, the commonest first."""
        labels = {"": _("The whole case")} | needs()
        return [(labels.get(code, code), count) for code, count in self.needs.most_common() if count]

    @property
    def half_within(self) -> str:
        """In what time the faster half was accepted; "" where none was."""
        reached = 0
        for hours in WITHIN:
            reached += self.counts[f"within_{hours}"]
            if reached * 2 >= self.counts["accepted"] > 0:
                return _within(hours)
        return _("longer than 7 days") if self.counts["accepted"] else ""

    def add(self, other: Pair) -> None:
        self.counts += other.counts
        self.needs += other.needs


@dataclass(frozen=True)
class Network:
    asked: Asked
    pairs: Sequence[Pair]  # those on which most is late first
    rest: Pair | None  # all that are not among them
    rest_of: int
    untaken: int  # needs that nobody took, now

    @property
    def stuck(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.counts["late"]]


def needs() -> dict[str, str]:
    return {code: str(label) for code, label in packs.current().codes("service_need").choices()}


def is_of_all(actor: Actor) -> bool:
    """Whether somebody's office is the whole network."""
    return actor.role in BY_OFFICE


def network(actor: Actor, asked: Asked) -> Network:
    """Six queries, however many referrals there are."""
    found: dict[Ends, Counter[str]] = {}
    what: dict[Ends, Counter[str]] = {}
    for row in _flows(actor, asked):
        ends = row["sender"], row["to"], row["outside"]
        counts = {name: row[f"sum_{name}"] for name in _COUNTS}
        found.setdefault(ends, Counter()).update(counts)
        what.setdefault(ends, Counter())[row["need"]] += row["sum_sent"]
    for row in _open(actor, asked):
        ends = row["case__agency"], row["agency"] or row["organisation"], row["agency"] is None
        found.setdefault(ends, Counter()).update(open=row["open"], late=row["late"])
    names = _names(found)
    pairs = [
        Pair(names.get(sender, ""), names.get(to, ""), outside, counts, what.get((sender, to, outside), Counter()))
        for (sender, to, outside), counts in found.items()
    ]
    pairs.sort(key=lambda pair: (-pair.counts["late"], -pair.counts["sent"], pair.sender, pair.to))
    return Network(asked, pairs[:SHOWN], *_rest(pairs[SHOWN:]), _untaken(actor, asked))


def _flows(actor: Actor, asked: Asked) -> QuerySet[Any, Any]:
    rows = Flow.objects.filter(month__gte=asked.first_month(actor.now))
    if asked.need:
        rows = rows.filter(need=asked.need)
    if not is_of_all(actor):
        rows = rows.filter(Q(sender=actor.membership.agency_id) | Q(to=actor.membership.agency_id, outside=False))
    sums = {f"sum_{name}": Sum(name) for name in _COUNTS}
    return rows.order_by().values("sender", "to", "outside", "need").annotate(**sums)


def _open(actor: Actor, asked: Asked) -> QuerySet[Any, Any]:
    """How many are in somebody's hands now, and how many of them are late: counted, none is read."""
    rows = Referral.objects.filter(Referral.in_hands())
    if asked.need:
        rows = rows.filter(need=asked.need)
    if not is_of_all(actor):
        mine = actor.membership.agency_id
        rows = rows.filter(Q(case__agency=mine) | Q(agency=mine))
    counted = {"open": Count("pk"), "late": Count("pk", filter=Q(due_at__lt=actor.now))}
    return rows.order_by().values("case__agency", "agency", "organisation").annotate(**counted)


def _untaken(actor: Actor, asked: Asked) -> int:
    rows = now_unmet().filter(need=asked.need) if asked.need else now_unmet()
    return (rows if is_of_all(actor) else rows.filter(case__agency=actor.membership.agency_id)).count()


def _names(found: Iterable[Ends]) -> dict[uuid.UUID, str]:
    ends = list(found)
    agencies = {one for sender, to, outside in ends for one in ((sender,) if outside else (sender, to))}
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name"))
    outside_ones = {to for _sender, to, outside in ends if outside}
    return names | dict(Organization.objects.filter(pk__in=outside_ones).values_list("pk", "name"))


def _rest(pairs: Sequence[Pair]) -> tuple[Pair | None, int]:
    if not pairs:
        return None, 0
    rest = Pair("", "", outside=False)
    for pair in pairs:
        rest.add(pair)
    return rest, len(pairs)


def _within(hours: int) -> str:
    if hours <= 24:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
