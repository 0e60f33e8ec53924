"""Budgets of help: begun and changed by the supervisor of the agency that keeps them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.social import money
from amanat.social.budgets import Line, find, month_of
from amanat.social.currencies import currencies, digits_of, shown
from amanat.social.models import Budget
from amanat.web.errors import PersonFacingError, Stale


@verb(Verb.BUDGET_ARRANGE)
def begin_budget(
    *, donor: str, line: str, currency: str, amount: Decimal, since: date, ends: date, actor: Actor
) -> Budget:
    """Begin a budget line of a donor. `currency` is a code of the pack's currencies; the amount is kept exactly.

    Raises:
        PersonFacingError: it ends before it begins, is nothing, or has more digits than its currency.
    """
    _check_days(since, ends)
    if currency not in currencies():
        raise PersonFacingError(_("Choose a currency of the list."), field="currency")
    return Budget.objects.create(
        subject=office_subject(),
        agency=actor.membership.agency,
        currency=currency,
        amount=units_of(amount, currency),
        since=since,
        until=ends,
        made_by=actor.membership,
        made_at=actor.now,
        content={"donor": donor.strip(), "line": line.strip()},
        spent={},
    )


@verb(Verb.BUDGET_ARRANGE)
def change_budget(
    budget: Budget, *, donor: str, line: str, amount: Decimal, since: date, ends: date, seen: int, actor: Actor
) -> Budget:
    """Change a budget line. Its currency stays: what was spent of it stands in that one.

    Raises:
        Stale: it was changed since version `seen`.
        PersonFacingError: more was spent already, or something was spent in a month that would lie outside.
        Hidden: it is another agency's.
    """
    _check_days(since, ends)
    row = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    now = find(actor, row.pk)
    if row.version != seen:
        raise Stale({"donor": now.donor, "line": now.line, "amount": shown(now.whole)}, row.version)
    units = units_of(amount, row.currency)
    _check_spent(now, units, since, ends)
    row.amount, row.since, row.until, row.version = units, since, ends, row.version + 1
    row.content = {"donor": donor.strip(), "line": line.strip()}
    row.save()
    return row


def units_of(amount: Decimal, currency: str) -> int:
    """In the smallest units of the currency.

    Raises:
        PersonFacingError: it is nothing, too much, or has more digits than the currency.
    """
    digits = digits_of(currency)
    try:
        units = money.in_units(amount, digits)
    except money.TooFine:
        sentence = _("%(currency)s has %(digits)s digits after the point.") % {"currency": currency, "digits": digits}
        raise PersonFacingError(
            sentence, _("Write thousands without a sign between them: 1250 or 1 250."), field="amount"
        ) from None
    except money.TooMuch:
        raise PersonFacingError(_("This amount is too large."), field="amount") from None
    if units <= 0:
        raise PersonFacingError(_("Write an amount larger than nothing."), field="amount")
    return units


def _check_days(since: date, ends: date) -> None:
    if ends < since:
        raise PersonFacingError(_("It ends before it begins."), field="ends")


def _check_spent(now: Line, units: int, since: date, ends: date) -> None:
    if units < now.money + now.goods:
        raise PersonFacingError(
            _("%(amount)s were spent of it already.") % {"amount": shown(now.spent)}, field="amount"
        )
    if any(month < month_of(since) for month in now.months):
        raise PersonFacingError(_("Something was spent of it before this day."), field="since")
    if any(month > month_of(ends) for month in now.months):
        raise PersonFacingError(_("Something was spent of it after this day."), field="ends")
