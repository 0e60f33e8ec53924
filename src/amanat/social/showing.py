"""What the pages of this room show, and the section *Social help* of a child's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.forms.choices import caution
from amanat.cases.shown import case_of
from amanat.forms.models import Record
from amanat.social import budgets as held
from amanat.social import family as families
from amanat.social import helps as given
from amanat.social.budgets import Line, by_donor
from amanat.social.currencies import exact, shown

NEWEST: Final = 3
NEEDS: Final = "needs"  # the pack's form
FIRST_YEAR: Final = 2000
YEARS: Final = 3  # offered before this one


def helps(file: File, cursor: str) -> dict[str, Any]:
    page, found = given.helps_of(file, cursor)
    return {"page": page, "helps": found, "may_record": file.may(Verb.HELP_RECORD)}


def spendings(file: File, cursor: str) -> dict[str, Any]:
    page, found = given.spendings_of(file, cursor)
    return {
        "page": page,
        "spendings": found,
        "totals": [shown(money) for money in given.total_of(file)],
        "may_spend": file.may(Verb.HELP_SPEND),
        "agency": file.actor.membership.agency,
    }


def family(file: File, cursor: str) -> dict[str, Any]:
    page, found = families.page_of(file, cursor)
    return {
        "page": page,
        "families": found,
        "caution": caution(families.RESULTS) if found else "",
        "may_assess": file.may(Verb.FAMILY_ASSESS),
    }


def section(file: File) -> dict[str, Any]:
    """The newest assessment of needs, help and what was spent, as far as the part is open: two queries, three where no help is
    recorded. The way to the family is a page
    further."""
    found: dict[str, Any] = {"may_record": file.may(Verb.HELP_RECORD), "may_spend": file.may(Verb.HELP_SPEND)}
    if file.sees(Part.PLAN):
        helps = given.helps_of(file, "", size=NEWEST, beside=_needs_beside(file), standing=True)[1]
        found |= {"helps": helps, "totals": map(shown, given.total_of(file))}
        found |= {"sees_plan": True, "needs": _needs(file, helps), "may_assess_needs": _may_assess_needs(file)}
    if file.sees(Part.SAFETY):
        found |= {"sees_safety": True, "may_assess": file.may(Verb.FAMILY_ASSESS)}
    return found | {"sees_contacts": file.sees(Part.CONTACTS)}


def _needs_rows(file: File) -> QuerySet[Record, Any]:
    """The records of the form, whose answers belong to the plan, the newest first."""
    rows = Record.objects.filter(subject=file.row.subject_id, form_version__form__name=NEEDS)
    return rows.order_by("-number").values("number", "recorded_at")


def _needs_beside(file: File) -> dict[str, Subquery]:
    rows = _needs_rows(file)
    return {f"needs_{name}": Subquery(rows.values(name)[:1]) for name in ("number", "recorded_at")}


def _needs(file: File, helps: Sequence[given.Given]) -> Mapping[str, Any] | None:
    """Number and moment of the newest. No query where it was asked beside the help."""
    if not helps:
        return _needs_rows(file).first()
    number, recorded_at = (getattr(helps[0].row, f"needs_{name}") for name in ("number", "recorded_at"))
    return None if number is None else {"number": number, "recorded_at": recorded_at}


def _may_assess_needs(file: File) -> bool:
    return file.may(Verb.FORM_RECORD) and file.writes(Part.PLAN) and not case_of(file).is_closed


def year_of(actor: Actor, asked: str) -> int:
    """The year that an address asks for; this one for anything that is none."""
    now = timezone.localdate(actor.now).year
    is_year = len(asked) == 4 and asked.isascii() and asked.isdigit()
    return int(asked) if is_year and FIRST_YEAR <= int(asked) <= now + 10 else now


def budgets(actor: Actor, year: int, cursor: str) -> dict[str, Any]:
    page, lines = held.page_of(actor, cursor, year)
    now = timezone.localdate(actor.now).year
    whole = lines if not cursor and not page.next_cursor else held.of_year(actor, year)
    return {
        "page": page,
        "lines": [_line(one, timezone.localdate(actor.now)) for one in lines],
        "donors": [_amounts(one) | {"donor": one.donor} for one in by_donor(whole)],
        "cut": len(whole) >= held.MOST,
        "year": year,
        "years": sorted({year, *range(now - YEARS, now + 2)}, reverse=True),
        "may_arrange": actor.may(Verb.BUDGET_ARRANGE),
        "agency": actor.membership.agency,
    }


def _line(line: Line, today: date) -> dict[str, Any]:
    return _amounts(line) | {"line": line, "is_over": line.row.until < today, "is_empty": not held.has_left(line)}


def _amounts(one: Any) -> dict[str, str]:
    return {name: shown(getattr(one, name)) for name in ("whole", "in_money", "in_goods", "spent", "left")}


def as_rows(lines: Sequence[Line]) -> list[list[str]]:
    """Lines, then totals by donor, for a table: amounts with a point and without grouping, the currency in its own column."""
    head = [_("Donor"), _("Budget line"), _("Currency"), _("First day"), _("Last day"), _("Amount")]
    head += [_("Money"), _("Goods"), _("Left over")]
    rows = [head]
    for one in lines:
        days = [one.row.since.isoformat(), one.row.until.isoformat()]
        rows.append([one.donor, one.line, one.row.currency, *days, *_exact(one)])
    for total in by_donor(lines):
        rows.append([total.donor, _("All lines"), total.whole.currency, "", "", *_exact(total)])
    return rows


def _exact(one: Any) -> list[str]:
    return [exact(getattr(one, name).amount) for name in ("whole", "in_money", "in_goods", "left")]
