"""The caseload as somebody asked for it: filters and order as coded words in the address, and the page of rows."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core import signing
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.cases.models import Case, Stage
from amanat.cases.queries import cases_of, lines, managing, new_in_circle
from amanat.cases.shown import Line
from amanat.names import sort_key
from amanat.web.paging import PAGE_SIZE, count_text, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BY_NAME_UP_TO = 500
ORDERS = {"due": "next_due", "risk": "risk_order", "opened": "-opened_in", "contact": "last_contact"}
SORTS: dict[str, StrOrPromise] = {
    "due": _("Next due"),
    "risk": _("Risk"),
    "opened": _("Opened"),
    "contact": _("Last contact"),
    "name": _("Name"),
}
STATES: dict[str, StrOrPromise] = {"open": _("Open"), "closed": _("Closed"), "all": _("Open and closed")}
ONLY: dict[str, StrOrPromise] = {
    "late": _("Late only"),
    "new": _("New in my circle this week"),
    "managed": _("Only those whose case manager I am"),
}
NO_RISK = "-"  # no code of a list can be this
_CURSOR = "amanat.cases.caseload:name"


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A word that is not ours counts as none."""

    sort: str = "due"
    stage: str = ""
    risk: str = ""
    state: str = "open"
    only: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        offered: dict[str, Container[str]] = {
            "sort": SORTS,
            "stage": Stage.values,
            "risk": [NO_RISK, *(code.code for code in packs.current().codes("risk").codes)],
            "state": STATES,
            "only": ONLY,
        }
        return cls(**{name: str(query[name]) for name, words in offered.items() if query.get(name) in words})

    def query(self, **change: str) -> str:
        """The address's query for this, or for it with something changed; what is usual is left out."""
        words = {name: change.get(name, getattr(self, name)) for name in ("sort", "stage", "risk", "state", "only")}
        return urlencode({name: word for name, word in words.items() if word != getattr(Asked, name)})

    @property
    def is_filtered(self) -> bool:
        return bool(self.stage or self.risk or self.only or self.state != Asked.state)

    def rows(self, actor: Actor) -> QuerySet[Case]:
        rows = cases_of(actor)
        if self.state != "all":
            closed = self.state == "closed"
            rows = rows.filter(stage=Stage.CLOSED) if closed else rows.exclude(stage=Stage.CLOSED)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        if self.risk:  # not by `risk_order`: its index leads SQLite through everybody's cases before the worker's own
            rows = rows.filter(risk="" if self.risk == NO_RISK else self.risk)
        if self.only == "late":
            rows = rows.filter(next_due__lt=actor.now)
        if self.only == "new":
            rows = rows.filter(subject__in=new_in_circle(actor).values("subject"))
        if self.only == "managed":
            rows = rows.filter(subject__in=managing(actor).values("subject"))
        return rows


@dataclass(frozen=True)
class Caseload:
    """A page of it. `too_many` says that the order by name was asked for more rows than can be put in it."""

    lines: list[Line]
    count: int
    count_text: str
    next_cursor: str = ""
    previous_cursor: str = ""
    too_many: bool = False


def caseload(actor: Actor, asked: Asked, cursor: str) -> Caseload:
    """The page at `cursor` in the order asked for."""
    rows = asked.rows(actor)
    if asked.sort == "name":
        count = rows.order_by()[: BY_NAME_UP_TO + 1].count()
        if count <= BY_NAME_UP_TO:
            return _by_name(actor, list(rows), cursor)
    order = ORDERS.get(asked.sort, ORDERS["due"])
    page = keyset_page(rows, order=[order, "-id" if order.startswith("-") else "id"], cursor=cursor)
    return Caseload(
        lines(actor, page.rows),
        page.count,
        page.count_text,
        page.next_cursor,
        page.previous_cursor,
        too_many=asked.sort == "name",
    )


def _by_name(actor: Actor, cases: list[Case], cursor: str) -> Caseload:
    """Names are opened in memory to be put in the alphabet of the page's language; only those on the page leave it."""
    language = get_language() or "en"
    found = lines(actor, cases)
    found.sort(key=lambda line: (sort_key(line.name.text if line.name else line.code_name, language), line.case.pk))
    begin = _place(found, cursor)
    end = begin + PAGE_SIZE
    return Caseload(
        found[begin:end],
        len(found),
        count_text(len(found)),
        next_cursor=_cursor(found[end]) if end < len(found) else "",
        previous_cursor=_cursor(found[max(begin - PAGE_SIZE, 0)]) if begin else "",
    )


def _cursor(line: Line) -> str:
    return signing.dumps(line.case.pk.hex, salt=_CURSOR)


def _place(found: list[Line], cursor: str) -> int:
    """Where the page begins: at the row that the cursor names; at the top if it is not ours or the row has gone."""
    try:
        wanted = signing.loads(cursor, salt=_CURSOR)
    except signing.BadSignature:
        return 0
    return next((place for place, line in enumerate(found) if line.case.pk.hex == wanted), 0)


def risks() -> list[tuple[str, StrOrPromise]]:
    """What the filter by risk offers: none yet, and the pack's."""
    return [(NO_RISK, _("No risk yet")), *choices("risk")]


def choices(name: str) -> list[tuple[str, str]]:
    """(code, label) of a filter, in the pack's words and order."""
    return packs.current().codes(name).choices()
