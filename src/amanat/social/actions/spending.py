"""Money and goods for a child: spent from a budget line of one's agency, and taken back where the entry was wrong."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import documents
from amanat.cases.actions.marking import mark
from amanat.cases.actions.writing import keep_document
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around
from amanat.cases.stating import check_day, file_to_write
from amanat.social import money
from amanat.social.actions.budgets import units_of
from amanat.social.actions.family import IsASuspect
from amanat.social.budgets import lines, month_of
from amanat.social.currencies import digits_of, exact, money_of, shown
from amanat.social.helps import suspect_called
from amanat.social.models import Budget, Spending, SpentAs
from amanat.social.money import Money
from amanat.vault.sealing import open_sealed
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError


class NotEnough(PersonFacingError):
    """More than what is left of the budget line."""

    def __init__(self, left: Money) -> None:
        super().__init__(
            _("Of this budget line %(left)s are left.") % {"left": shown(left)},
            _("Choose another line, or ask your supervisor to enlarge this one. What you typed stays here."),
            field="amount",
        )


@verb(Verb.HELP_SPEND, around=documents.whole_or_nothing)
def spend(
    case: Case,
    *,
    budget: str,
    form: str,
    amount: Decimal,
    on: date,
    what: str,
    to: str = "",
    upload: SealedUpload | None = None,
    actor: Actor,
) -> Spending:
    """Write down money that was spent, or goods that were given with their worth, and keep the receipt sealed.

    `budget`: id of a line of the actor's agency; `form`: money or goods; `to`: who got it or sold it. The amount is in the
    currency of the line.

    Raises:
        NotEnough: the line has less left. Of two at once one is written down.
        IsASuspect: a suspect would get it, or somebody of a suspect's name; who does not see safety is not told, the page is flagged.
        PersonFacingError: a day that can't be or on which the line does not run; an amount that the currency does not have.
        Closed: the plan is not the actor's to write.
        documents.NotTaken: the receipt.
    """
    file = file_to_write(case, actor, Part.PLAN)
    check_day(file, on)
    if file.sees(Part.SAFETY) and (suspect := suspect_called(to, around(file))):
        raise IsASuspect([suspect], "to")
    line = _held(budget, on, actor)
    units = units_of(amount, line.currency)
    spent, left = money_of(units, line.currency), lines(actor, [line])[0].left
    if spent.amount > left.amount:
        raise NotEnough(left)
    _count(line, on, SpentAs(form), units)
    content = {"budget": line.pk.hex, "form": form, "amount": exact(spent.amount), "currency": line.currency}
    content |= {"on": on.isoformat(), "what": what, "to": to}
    receipt = keep_document(case, Part.PLAN, upload, "", actor) if upload else None
    row = Spending.objects.create(
        subject=case.subject, case=case, author=actor.membership, at=actor.now, receipt=receipt, content=content
    )
    mark(case, EventKind.SPENT, actor, part=Part.PLAN, amount=_told(content), text=what)
    return row


@verb(Verb.HELP_SPEND)
def take_back(case: Case, *, spending: Spending, reason: str, actor: Actor) -> Spending:
    """Take an entry back that was wrong: both stay on the file, and the budget line has its money again.

    Raises:
        PersonFacingError: it was taken back before, or is itself what takes another back; it was of another agency's budget.
    """
    file = file_to_write(case, actor, Part.PLAN)
    row = Spending.objects.filter(pk=spending.pk, subject=case.subject_id).first()
    if row is None or row.takes_back_id is not None or Spending.objects.filter(takes_back=row).exists():
        raise PersonFacingError(_("This entry was taken back meanwhile."))
    row.subject = case.subject
    held: dict[str, Any] = file.open(row, "content")
    line = Budget.objects.select_for_update(no_key=True).get(pk=uuid.UUID(held["budget"]))
    if line.agency_id != actor.membership.agency_id:
        raise PersonFacingError(_("This was spent by another agency."), _("Ask whoever wrote it down to take it back."))
    on = date.fromisoformat(held["on"])
    units = money.in_units(Decimal(held["amount"]), digits_of(line.currency))
    _count(line, on, SpentAs(held["form"]), -units)
    content = {key: held[key] for key in ("budget", "form", "amount", "currency", "on", "what")} | {"why": reason}
    back = Spending.objects.create(
        subject=case.subject, case=case, author=actor.membership, at=actor.now, takes_back=row, content=content
    )
    mark(case, EventKind.SPENT, actor, part=Part.PLAN, amount=_told(held), was=held["what"], text=reason)
    return back


@verb(Verb.HELP_SPEND, around=documents.whole_or_nothing)
def add_receipt(case: Case, *, spending: Spending, upload: SealedUpload, actor: Actor) -> Spending:
    """Add the receipt of an entry that has none yet: signed paper comes later.

    Raises:
        PersonFacingError: it has one by now, or was taken back.
        Closed: the plan is not the actor's to write.
        documents.NotTaken: the receipt.
    """
    file_to_write(case, actor, Part.PLAN)
    rows = Spending.objects.filter(subject=case.subject_id, takes_back=None, taken_back=None, receipt=None)
    row = rows.filter(pk=spending.pk).first()
    if row is None:
        raise PersonFacingError(_("This entry has a receipt already, or was taken back meanwhile."))
    row.subject = case.subject
    row.receipt = keep_document(case, Part.PLAN, upload, "", actor)
    row.save(update_fields=["receipt"])
    return row


def _told(held: dict[str, Any]) -> list[str]:
    """For the timeline, which writes it in its reader's language. The amount has all digits of its currency (`money_of`)."""
    return [held["amount"], held["currency"]]


def _held(budget: str, on: date, actor: Actor) -> Budget:
    """The line, locked for this transaction: whoever spends from it at once waits.

    Raises:
        PersonFacingError: the agency has none of that id, or it does not run on that day.
    """
    rows = Budget.objects.select_for_update(no_key=True).filter(agency=actor.membership.agency_id)
    line = rows.filter(pk=uuid.UUID(budget)).first()
    if line is None:
        raise PersonFacingError(_("This budget line is not your agency's."), field="budget")
    if not line.since <= on <= line.until:
        raise PersonFacingError(_("This budget line does not run on that day."), field="on")
    return line


def _count(line: Budget, on: date, form: SpentAs, units: int) -> None:
    """In the line, which is held; without any child."""
    spent: dict[str, dict[str, int]] = open_sealed(line, "spent") or {}
    month = spent.setdefault(month_of(on), {})
    month[form.value] = month.get(form.value, 0) + units
    if not any(month.values()):
        del spent[month_of(on)]
    line.spent = spent
    line.save(update_fields=["spent"])
