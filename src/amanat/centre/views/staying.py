"""A place for a child: waiting, admission, moves; and the stay itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.centre import places, proposals, stays, terms
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


@page("cases/<ref:case>/stay", shows=Part.CENTRE)
def stay(request: Request, case: Case) -> HttpResponse:
    """The whole stay: beds, terms, absences, what was brought along."""
    context = stays.section(request.file) | {"apart": stays.apart_of(request.file)}
    return render(request, "centre/stay.html", about(request, case) | context)


@page("cases/<ref:case>/stay/admit", does=Verb.STAY_ADMIT)
def admit(request: Request, case: Case) -> HttpResponse:
    """Beds are proposed for a day and for what the child needs; the best one stands first."""
    wish = _wish(request)
    offered = _offered(request, wish)
    form = AdmitForm(request, wish | {"until": terms.first_until(wish["on"])}, offered)
    if form.apply(_admit, case, form):
        messages.success(request, _("The child has the bed."))
        return redirect(stays.section_of(case))
    offered = _anew(request, form, wish, offered)
    context = {"form": form, "offered": offered, "wish": WishForm(request.GET, wish)}
    context["limits"] = terms.named(terms.MIXED_FROM, terms.AGE_GAP, terms.FIRST, terms.LONGEST)
    return render(request, "centre/admit.html", about(request, case) | context)


def _admit(
    case: Case, form: AdmitForm, *, actor: Actor, bed: Any, on: date, until: Any, why: str, **_told: Any
) -> Stay:
    return acts.admit(case, bed=bed, on=on, until=until, arrival=form.arrival(), why=why, actor=actor)


@page("cases/<ref:case>/stay/wait", does=Verb.STAY_WAIT)
def wait(request: Request, case: Case) -> HttpResponse:
    told = stays.current(request.file)
    initial = {"urgency": 2} | (_waiting(told) if told and told.waits else {})
    form = WaitForm(request, initial, _houses(request))
    if form.apply(acts.wait, case):
        messages.success(request, _("The child stands on the waiting list."))
        return redirect(stays.section_of(case))
    return render(request, "centre/wait.html", about(request, case) | {"form": form, "stay": told})


@page("cases/<ref:case>/stay/take-off", does=Verb.STAY_WAIT)
def take_off(request: Request, case: Case) -> HttpResponse:
    form = WordsForm(request)
    if form.apply(acts.take_off, case):
        messages.success(request, _("The child is off the list."))
        return redirect(stays.section_of(case))
    return render(request, "centre/take_off.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/stay/move", does=Verb.STAY_MOVE)
def move(request: Request, case: Case) -> HttpResponse:
    row, wish = stays.in_house(request.file).row, _wish(request)
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
        return redirect(stays.section_of(case))
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
        return redirect(stays.section_of(case))
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
    """What the child brought along, to be printed and signed."""
    ended = stays.earlier(request.file)
    told = stays.current(request.file) or (ended[0] if ended else None)
    return render(request, "centre/receipt.html", about(request, case) | {"stay": told})


def _houses(request: Request) -> list[places.NamedHouse]:
    """None for who sees no boards: the child then waits for any house."""
    return places.houses(request.actor) if request.actor.may(Verb.LOOK_CENTRE) else []


def _wish(request: Request) -> dict[str, Any]:
    """The day and the needs: as the address says, else as the child waits, else today and none."""
    told = stays.current(request.file)
    initial: dict[str, Any] = _waiting(told) if told else {}
    today = places.day_of(request.actor.now)
    asked = WishForm(request.GET, {})
    sent = asked.cleaned_data if request.GET and asked.is_valid() else {}
    on = sent.get("on") or initial.get("comes_on") or today
    return {"on": max(on, today), "needs": sent.get("needs", initial.get("needs", [])), **_more(told)}


def _more(told: stays.Told | None) -> dict[str, Any]:
    return {"words": told.intake.get("words", "")} if told else {}


def _waiting(told: stays.Told) -> dict[str, Any]:
    row = told.row
    return {
        "urgency": row.urgency,
        "house": row.house_id.hex if row.house_id else "",
        "comes_on": row.comes_on,
        "needs": told.intake.get("needs", []),
        "words": told.intake.get("words", ""),
    }


def _offered(request: Request, wish: dict[str, Any]) -> list[proposals.Proposal]:
    told = stays.current(request.file)
    needs = request.POST.getlist("needs") if request.method == "POST" else wish["needs"]
    return proposals.proposals(request.file, on=wish["on"], needs=needs, own=told.row if told else None)


def _anew(
    request: Request, form: AdmitForm | MoveForm, wish: dict[str, Any], before: list[proposals.Proposal]
) -> list[proposals.Proposal]:
    """The beds as they are now: one that was chosen may have gone to somebody else meanwhile."""
    if request.method != "POST":
        return before
    found = _offered(request, wish)
    form.offer(found)
    return found
