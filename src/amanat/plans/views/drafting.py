"""Beginning a version, and writing its rows. Two who wrote one row at once see both texts and choose."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.plans import beside, child, evidence, presence, reading, showing, terms
from amanat.plans.actions import drafting
from amanat.plans.actions.ground import demand_own
from amanat.plans.forms.rows import FORMS, BeginForm, DropForm, NeedForm, TakeOutForm, TemplateForm
from amanat.plans.models import PlanRow, RowKind
from amanat.plans.reading import Standing
from amanat.web.forms import Form

UNDER = {"objective": RowKind.NEED, "activity": RowKind.OBJECTIVE}


@page("cases/<ref:case>/plan/begin", does=Verb.PLAN_DRAFT)
def begin(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    plans = reading.plans_of(request.file)
    form = BeginForm(request, is_first=not plans, aside=reading.dropped_of(plans) is not None)
    if form.apply(drafting.begin, case):
        messages.success(request, _("The draft is there. Everybody in the circle of care writes their part."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Begin a version of the plan"), _("Begin"))


@page("cases/<ref:case>/plan/drop", does=Verb.PLAN_DROP)
def drop(request: Request, case: Case) -> HttpResponse:
    """Put the draft aside; what was agreed stands again."""
    demand(request.file, Part.PLAN)
    form = DropForm(request, {"seen": reading.edition(reading.rows_of(request.file))})
    if form.apply(drafting.drop, case):
        messages.success(request, _("The draft is put aside. What was written stands among the versions."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Put the draft aside"), _("Put it aside"))


@page("cases/<ref:case>/plan/needs/add", does=Verb.NEED_RECORD)
def add_need(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = NeedForm(request, {}, evidence.choices(request.file), is_new=True)
    if form.apply(drafting.record_need, case):
        messages.success(request, _("The need is recorded."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Record a need"))


@page("cases/<ref:case>/plan/needs/<uuid:plan_row>", does=Verb.NEED_RECORD)
def change_need(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    row = _row(request, plan_row, RowKind.NEED)
    form = _need_form(request, row)
    if form.apply(drafting.record_need, case, row=row):
        messages.success(request, _("Saved."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Change a need"), row=row)


def _need_form(request: Request, row: PlanRow) -> NeedForm:
    begins = showing.initial(row, reading.as_row(request.file, row))
    offered = evidence.choices(request.file, begins.get("evidence", ""))
    return NeedForm(request, begins, offered, is_new=False)


@page("cases/<ref:case>/plan/<uuid:plan_row>/add/<slug:row_kind>", does=Verb.PLAN_WRITE)
def add_row(request: Request, case: Case, plan_row: uuid.UUID, row_kind: str) -> HttpResponse:
    """An objective under a need, or an activity under an objective."""
    if row_kind not in UNDER:
        raise Http404
    parent = _row(request, plan_row, UNDER[row_kind])
    form = FORMS[row_kind](request, {}, is_new=True, spoken=child.spoken_by(request.file))
    if form.apply(drafting.write, case, kind=row_kind, parent=parent):
        messages.success(request, _("It stands in the draft."))
        _say_what_frightens(request, form)
        return redirect("plans.plan", case)
    title = _("Add an objective") if row_kind == "objective" else _("Add an activity")
    return _form(request, case, form, title, parent=_words(request, parent))


@page("cases/<ref:case>/plan/rows/<uuid:plan_row>", does=Verb.PLAN_WRITE)
def change_row(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    """What is said of the whole, an objective, an activity."""
    row = _row(request, plan_row, *FORMS)
    demand_own(Standing(request.file), row)
    begins, spoken = showing.initial(row, reading.as_row(request.file, row)), child.spoken_by(request.file)
    form = FORMS[row.kind](request, begins, is_new=False, spoken=spoken)
    if form.apply(drafting.write, case, row=row):
        messages.success(request, _("Saved."))
        _say_what_frightens(request, form)
        return redirect("plans.plan", case)
    return _form(request, case, form, capfirst(str(RowKind(row.kind).label)), row=row)


@page("cases/<ref:case>/plan/rows/<uuid:plan_row>/take-out", does=Verb.PLAN_WRITE)
def take_out(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    row = _row(request, plan_row, RowKind.NEED, RowKind.OBJECTIVE, RowKind.ACTIVITY)
    form = TakeOutForm(request, {"seen": row.version})
    if form.apply(drafting.take_out, case, row=row):
        messages.success(request, _("It does not stand in the draft any more. What was agreed stays."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Take out of the draft"), _("Take it out"), parent=_words(request, row))


@page("cases/<ref:case>/plan/<uuid:plan_row>/template", does=Verb.PLAN_WRITE)
def use_template(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    """Objectives of the pack under a need; those of its domain first."""
    need = _row(request, plan_row, RowKind.NEED)
    form = TemplateForm(request, terms.templates(reading.as_row(request.file, need).get("domain")))
    if form.apply(drafting.use_template, case, need=need):
        messages.success(request, _("It stands in the draft. Change it so that it fits this child."))
        return redirect("plans.plan", case)
    return _form(request, case, form, _("Begin with a template"), _("Put it there"), parent=_words(request, need))


def _row(request: Request, ref: uuid.UUID, *kinds: str) -> PlanRow:
    """Raises:
    Hidden: there is no such row in the draft of this child.
    """
    demand(request.file, Part.PLAN)
    found = reading.row_of(request.file, ref)
    if found is None or found.kind not in kinds:
        raise hidden(PlanRow, ref)
    return found


def _say_what_frightens(request: Request, form: Form) -> None:
    if told := beside.frightening([form.cleaned_data]):
        messages.warning(request, told)


def _words(request: Request, row: PlanRow) -> Any:
    return showing.Shown(reading.as_row(request.file, row)).words


def _form(request: Request, case: Case, form: Form, heading: str, submit: str = "", **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "heading": heading, "submit": submit or _("Save")} | more
    row = more.get("row")
    former = reading.former_of(request.file, row) if row is not None else []
    told = [(one, showing.Shown(held)) for one, held in former]
    here = presence.writing(request.file).get(row.pk.hex, ()) if row is not None else ()
    return render(request, "plans/form.html", about(request, case) | context | {"former": told, "writing": here})
