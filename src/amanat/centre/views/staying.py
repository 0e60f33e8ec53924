"""A place for a child: waiting, admission, moves; and the stay itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import kept_beds, papers, places, proposals, stays, terms, under_one_roof
from amanat.centre.actions import placing as acts
from amanat.centre.actions import staying
from amanat.centre.forms.staying import (
    AdmitForm,
    BackForm,
    BelongingsForm,
    ExtendForm,
    GoOutForm,
    MoveForm,
    WaitForm,
    WishForm,
    WordsForm,
)
from amanat.centre.models import Stay
from amanat.web.formats import written

LOG_IS_CLOSED = gettext_lazy(
    "Nobody in the house can read or write the log: the consent does not name it. That can be recorded by: %(agency)s."
)


@page("cases/<ref:case>/stay", shows=Part.CENTRE)
def stay(request: Request, case: Case) -> HttpResponse:
    """The whole stay: beds, terms, absences, what was brought along. After the exit, the one that ended last."""
    context = stays.section(request.file) | {"apart": under_one_roof.apart_of(request.file)}
    context["stay"] = papers.listed(request.file)
    return render(request, "centre/stay.html", about(request, case) | context)


@page("cases/<ref:case>/stay/admit", does=Verb.STAY_ADMIT)
def admit(request: Request, case: Case) -> HttpResponse:
    """Beds are proposed for a day and for what the child needs; the best one stands first."""
    wish = _wish(request, _asked(request))
    offered = _offered(request, wish)
    form = AdmitForm(request, wish | {"until": terms.first_until(wish["on"])}, offered)
    if "show" in request.POST:
        form.show_as_typed()
    elif form.apply(_admit, case, form):
        messages.success(request, _("The child has the bed."))
        if stays.log_is_closed(request.file):
            messages.warning(request, LOG_IS_CLOSED % {"agency": case.agency.name})
        return redirect(stays.where_next(request.actor, case))
    offered = _anew(request, form, wish, offered)
    context = {"form": form, "offered": offered}
    context["limits"] = terms.named(terms.MIXED_FROM, terms.AGE_GAP, terms.FIRST, terms.LONGEST)
    return render(request, "centre/admit.html", about(request, case) | context)


def _admit(
    case: Case,
    form: AdmitForm,
    *,
    actor: Actor,
    bed: Any,
    on: date,
    until: Any,
    arrived_at: Any,
    why: str,
    **_told: Any,
) -> Stay:
    arrival = form.arrival()
    return acts.admit(case, bed=bed, on=on, until=until, arrived_at=arrived_at, arrival=arrival, why=why, actor=actor)


@page("cases/<ref:case>/stay/wait", does=Verb.STAY_WAIT)
def wait(request: Request, case: Case) -> HttpResponse:
    told = stays.current(request.file)
    initial = {"urgency": 2, "seen": 0} | (_waiting(told) if told and told.waits else {})
    form = WaitForm(request, initial, _houses(request))
    if form.apply(acts.wait, case):
        messages.success(request, _("The child stands on the waiting list."))
        return redirect(stays.where_next(request.actor, case))
    return render(request, "centre/wait.html", about(request, case) | {"form": form, "stay": told})


@page("cases/<ref:case>/stay/take-off", does=Verb.STAY_WAIT)
def take_off(request: Request, case: Case) -> HttpResponse:
    form = WordsForm(request)
    if form.apply(acts.take_off, case):
        messages.success(request, _("The child is off the list."))
        return redirect(stays.where_next(request.actor, case))
    return render(request, "centre/take_off.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/stay/move", does=Verb.STAY_MOVE)
def move(request: Request, case: Case) -> HttpResponse:
    row, wish = stays.in_house(request.file).row, _wish(request, {})
    offered = _offered(request, wish)
    form = MoveForm(request, row.version, offered)
    if form.apply(acts.move, case):
        messages.success(request, _("The child has the bed."))
        return redirect(stays.where_next(request.actor, case))
    offered = _anew(request, form, wish, offered)
    context = {"form": form, "offered": offered, "stay": stays.current(request.file)}
    context["limits"] = terms.named(terms.MIXED_FROM, terms.AGE_GAP)
    return render(request, "centre/move.html", about(request, case) | context)


@page("cases/<ref:case>/stay/extend", does=Verb.STAY_EXTEND)
def extend(request: Request, case: Case) -> HttpResponse:
    form = ExtendForm(request, stays.in_house(request.file).row.version)
    if form.apply(staying.extend, case):
        messages.success(request, _("The stay is extended."))
        if kept := kept_beds.kept_after(form.result.stay, form.result.until):
            day = written(kept.stay.comes_on or form.result.until, "DATE_FORMAT")
            messages.warning(request, kept_beds.told(kept, request.actor) % {"day": day})
        return redirect(stays.where_next(request.actor, case))
    context = {"form": form, "stay": stays.current(request.file), "limits": terms.named(terms.FIRST, terms.LONGEST)}
    return render(request, "centre/extend.html", about(request, case) | context)


@page("cases/<ref:case>/stay/out", does=Verb.STAY_GO_OUT)
def go_out(request: Request, case: Case) -> HttpResponse:
    """Who is in goes out; who is out comes back."""
    row = stays.in_house(request.file).row
    is_out = row.state == "out"
    form = BackForm(request, row.version) if is_out else GoOutForm(request, row.version)
    if form.apply(staying.come_back if is_out else staying.go_out, case):
        messages.success(request, _("The child is back.") if is_out else _("It is noted that the child is out."))
        return redirect(stays.where_next(request.actor, case))
    context = {"form": form, "stay": stays.current(request.file), "is_out": is_out}
    return render(request, "centre/go_out.html", about(request, case) | context)


@page("cases/<ref:case>/stay/belongings", does=Verb.STAY_ADMIT)
def belongings(request: Request, case: Case) -> HttpResponse:
    told = stays.in_house(request.file)
    things = [one["what"] for one in told.things]
    form = BelongingsForm(request, told.row.version, things, told.belongings.get("words", ""))
    if form.apply(staying.write_belongings, case):
        messages.success(request, _("The list is kept. Print it and let the child sign."))
        return redirect("centre.receipt", case)
    return render(request, "centre/belongings.html", about(request, case) | {"form": form, "stay": told})


@page("cases/<ref:case>/stay/receipt", shows=Part.CENTRE)
def receipt(request: Request, case: Case) -> HttpResponse:
    """What the child brought along, and the paper to sign."""
    return render(request, "centre/receipt.html", about(request, case) | {"stay": papers.listed(request.file)})


def _houses(request: Request) -> list[places.NamedHouse]:
    """None for who sees no boards: the child then waits for any house."""
    return places.houses(request.actor) if request.actor.may(Verb.LOOK_CENTRE) else []


def _asked(request: Request) -> dict[str, Any]:
    """The day and the needs that were sent, so far as they can be understood. They travel in the body and stand in no address."""
    form = WishForm(request.POST)
    return form.cleaned_data if request.method == "POST" and form.is_valid() else {}


def _wish(request: Request, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The day and the needs: as they were sent, else as the child waits, else today and none."""
    told = stays.current(request.file)
    initial: dict[str, Any] = _waiting(told) if told else {}
    today = places.day_of(request.actor.now)
    on = sent.get("on") or initial.get("comes_on") or today
    return {"on": max(on, today), "needs": sent.get("needs", initial.get("needs", [])), **_more(told)}


def _more(told: stays.Told | None) -> dict[str, Any]:
    return {"words": told.intake.get("words", "")} if told else {}


def _waiting(told: stays.Told) -> dict[str, Any]:
    row = told.row
    return {
        "seen": row.version,
        "urgency": row.urgency,
        "house": row.house_id.hex if row.house_id else "",
        "comes_on": row.comes_on,
        "needs": told.intake.get("needs", []),
        "words": told.intake.get("words", ""),
    }


def _offered(request: Request, wish: dict[str, Any]) -> list[proposals.Proposal]:
    told = stays.current(request.file)
    return proposals.proposals(request.file, on=wish["on"], needs=wish["needs"], own=told.row if told else None)


def _anew(
    request: Request, form: AdmitForm | MoveForm, wish: dict[str, Any], before: list[proposals.Proposal]
) -> list[proposals.Proposal]:
    """The beds as they are now: one that was chosen may have gone to somebody else meanwhile."""
    if request.method != "POST":
        return before
    found = _offered(request, wish)
    form.offer(found)
    return found
