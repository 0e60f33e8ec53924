"""Budgets of help as an agency's workers see them: lines with what is left, and totals by donor. No file of a child is opened for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.loaders import Hidden
from amanat.access.policy import Verb
from amanat.social.currencies import money_of
from amanat.social.models import Budget, SpentAs
from amanat.social.money import Money, totals
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused
from amanat.web.paging import Page, keyset_page

ORDER: Final = ("-until", "-id")
MOST: Final = 500
"""Lines of a year whose donors are opened to add them up; the page says when there are more."""


@dataclass(frozen=True)
class Line:
    """A budget with what was spent of it, in the smallest units of its currency. `months`: those in which something was, as 2026-11."""

    row: Budget
    donor: str
    line: str
    money: int
    goods: int
    months: Sequence[str]

    @property
    def whole(self) -> Money:
        return money_of(self.row.amount, self.row.currency)

    @property
    def in_money(self) -> Money:
        return money_of(self.money, self.row.currency)

    @property
    def in_goods(self) -> Money:
        return money_of(self.goods, self.row.currency)

    @property
    def spent(self) -> Money:
        return money_of(self.money + self.goods, self.row.currency)

    @property
    def left(self) -> Money:
        return money_of(self.row.amount - self.money - self.goods, self.row.currency)

    @property
    def called(self) -> str:
        return f"{self.donor}: {self.line}"


@dataclass(frozen=True)
class DonorTotal:
    """What a donor gave in one currency, and what came of it. Two currencies of a donor are two totals."""

    donor: str
    whole: Money
    in_money: Money
    in_goods: Money
    left: Money

    @property
    def spent(self) -> Money:
        return Money(self.in_money.amount + self.in_goods.amount, self.whole.currency)


def _open(row: Budget, name: str, actor: Actor) -> dict[str, Any]:
    """Raises:
    Refused: the budget is another agency's, or the actor's role does not see budgets.
    """
    if row.agency_id != actor.membership.agency_id or not actor.may(Verb.LOOK_BUDGET):
        raise Refused()
    found: dict[str, Any] = open_sealed(row, name) or {}
    return found


def budgets_of(actor: Actor) -> QuerySet[Budget]:
    return Budget.objects.select_related("subject").filter(agency=actor.membership.agency_id)


def find(actor: Actor, ref: uuid.UUID) -> Line:
    """Raises:
    Hidden: the actor's agency has none of that reference.
    """
    row = budgets_of(actor).filter(pk=ref).first()
    if row is None:
        raise Hidden(None)
    return lines(actor, [row])[0]


def lines(actor: Actor, rows: Sequence[Budget]) -> list[Line]:
    """Each with what was spent of it."""
    return [_line(row, actor) for row in rows]


def _line(row: Budget, actor: Actor) -> Line:
    told, spent = _open(row, "content", actor), _open(row, "spent", actor)
    money, goods = (sum(month.get(form.value, 0) for month in spent.values()) for form in SpentAs)
    return Line(row, told.get("donor", ""), told.get("line", ""), money, goods, sorted(spent))


def month_of(day: date) -> str:
    """As `Budget.spent` names it."""
    return f"{day:%Y-%m}"


def page_of(actor: Actor, cursor: str, year: int) -> tuple[Page[Budget], list[Line]]:
    """Lines that run in a year, those that end last first."""
    page = keyset_page(_running(actor, year), order=ORDER, cursor=cursor)
    return page, lines(actor, page.rows)


def _running(actor: Actor, year: int) -> QuerySet[Budget]:
    return budgets_of(actor).filter(since__lte=date(year, 12, 31), until__gte=date(year, 1, 1))


def of_year(actor: Actor, year: int, *, whole: bool = False) -> list[Line]:
    """Up to `MOST` lines that run in a year (all of them for a table to take along), with all that was spent of them; one query."""
    rows = _running(actor, year).order_by(*ORDER)
    return lines(actor, list(rows if whole else rows[:MOST]))


def by_donor(found: Iterable[Line]) -> list[DonorTotal]:
    """Totals by donor and currency, by name. Sums never mix currencies."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for one in found:
        groups.setdefault((one.donor, one.row.currency), []).append(one)
    return [
        DonorTotal(
            donor, *(_sum(getattr(one, name) for one in held) for name in ("whole", "in_money", "in_goods", "left"))
        )
        for (donor, _currency), held in sorted(groups.items(), key=lambda item: (item[0][0].casefold(), item[0][1]))
    ]


def _sum(amounts: Iterable[Money]) -> Money:
    (whole,) = totals(amounts)
    return whole


def open_now(actor: Actor) -> list[Line]:
    """Lines from which the actor's agency may spend today, and those of the last year, for what is written down late."""
    today = timezone.localdate(actor.now)
    rows = budgets_of(actor).filter(since__lte=today, until__gte=date(today.year - 1, 1, 1)).order_by(*ORDER)
    return lines(actor, list(rows[:MOST]))


def donors(actor: Actor) -> list[str]:
    """Names of donors that the agency wrote before, so that the next line has the same one."""
    rows = list(budgets_of(actor).order_by(*ORDER)[:MOST])
    return sorted({_open(row, "content", actor).get("donor", "") for row in rows} - {""}, key=str.casefold)


def has_left(line: Line) -> bool:
    return line.left.amount > Decimal(0)
