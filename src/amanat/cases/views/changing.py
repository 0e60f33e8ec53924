"""Changes to where a case stands, and corrections of what is known of the child."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed
from amanat.access.labels import PART_LABELS
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import own_sections, queries, steps
from amanat.cases.actions import changing
from amanat.cases.caseload import Asked
from amanat.cases.forms.about import Identity
from amanat.cases.forms.changing import CloseForm, ProtectForm, RenameForm, ReopenForm, RiskForm, StageForm
from amanat.cases.forms.choices import caution
from amanat.cases.forms.correcting import FORMS, value_of
from amanat.cases.identity import as_fields
from amanat.cases.models import Case, Child, Task
from amanat.cases.shown import Text, child_of, opened, task_said
from amanat.cases.views.registering import tell_of_age
from amanat.cases.views.telling import about
from amanat.vault import erasing


@page("cases/<ref:case>/risk", does=Verb.CASE_CHANGE_RISK)
def change_risk(request: Request, case: Case) -> HttpResponse:
    form = RiskForm(request, initial={"risk": case.risk, "priority": case.priority, "seen": case.version})
    if form.apply(changing.change_risk, case):
        messages.success(request, _("Risk and priority are changed."))
        return redirect(_onwards(request, case))
    context = about(request, case) | {"form": form, "caution": caution("risk", "priority")}
    return render(request, "cases/change_risk.html", context | {"onwards": _onwards(request, case)})


def _onwards(request: Request, case: Case) -> str:
    """Back to the list where the way began, as it was asked for; else to the file."""
    if "list" not in request.GET:
        return case.get_absolute_url()
    query = Asked.of(QueryDict(request.GET["list"])).query()
    return f"{reverse('cases.caseload')}{query and '?'}{query}"


@page("cases/<ref:case>/stage", does=Verb.CASE_MOVE_STAGE)
def move_stage(request: Request, case: Case) -> HttpResponse:
    form = StageForm(request, initial={"stage": case.stage, "seen": case.version})
    if form.apply(changing.move_stage, case):
        messages.success(request, _("The case is moved."))
        return redirect(case)
    context = about(request, case) | {"form": form, "movable": case.stage in changing.OPEN_STAGES}
    return render(request, "cases/move_stage.html", context)


@page("cases/<ref:case>/close", does=Verb.CASE_CLOSE)
def close(request: Request, case: Case) -> HttpResponse:
    form = CloseForm(request, initial={"seen": case.version})
    if form.apply(changing.close, case):
        _tell_closed(request, case)
        return redirect(case)
    standing = [steps.shown(request.file, one) for one in steps.in_the_way(request.file, Verb.CASE_CLOSE)]
    context = {"form": form, "to_do": _to_do(request, case), "steps": standing}
    return render(request, "cases/close.html", about(request, case) | context)


def _tell_closed(request: Request, case: Case) -> None:
    messages.success(request, _("The case is closed. It can be opened again at any time."))
    if erasing.kept([case.subject_id]):
        told = _(
            "Nothing of this file may be erased for now: a legal hold stands or is asked for, or two people are deciding."
        )
        messages.info(request, told)


def _to_do(request: Request, case: Case) -> list[tuple[Task, Text]]:
    """What is still open on the case, and what it says."""
    tasks = queries.open_tasks_of(request.file)
    for task in tasks:
        task.subject = case.subject
    return [(task, task_said(request.file, task)) for task in tasks]


@page("cases/<ref:case>/reopen", does=Verb.CASE_REOPEN)
def reopen(request: Request, case: Case) -> HttpResponse:
    form = ReopenForm(request, initial={"seen": case.version})
    if form.apply(changing.reopen, case):
        messages.success(request, _("The case is open again."))
        return redirect(case)
    return render(request, "cases/reopen.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/correct/<str:part>", does=Verb.CASE_CORRECT)
def correct(request: Request, case: Case, part: str) -> HttpResponse:
    where = _correctable(request, part)
    child = child_of(request.file)
    before = opened(request.file, where)
    initial = as_fields(where, before) | {"seen": getattr(child, f"{changing.CORRECTABLE[where]}_version")}
    form = FORMS[where](request, initial=initial)
    if form.apply(partial(_correct, before), case, part=where):
        _tell_of_correction(request, case, form)
        return redirect(case)
    context = about(request, case) | own_sections.known(where)(request.file)
    return render(request, "cases/correct.html", context | {"form": form, "label": PART_LABELS[where]})


def _correctable(request: Request, part: str) -> Part:
    """Raises:
    Http404: no such part, or none that is corrected by a form of its own.
    Closed: the actor does not write it.
    """
    if part not in FORMS:
        raise Http404
    if not request.file.writes(Part(part)):
        raise Closed(Part(part))
    return Part(part)


def _correct(
    before: dict[str, Any], case: Case, *, part: Part, reason: str, seen: int, actor: Actor, **fields: Any
) -> Child:
    value = value_of(part, fields, before)
    return changing.correct(case, part=part, value=value, reason=reason, seen=seen, actor=actor)


def _tell_of_correction(request: Request, case: Case, form: Any) -> None:
    messages.success(request, _("Corrected. What stood there before is kept."))
    if isinstance(form, Identity) and form.is_surprising():
        tell_of_age(request, case)


@page("cases/<ref:case>/rename", does=Verb.CASE_RENAME)
def rename(request: Request, case: Case) -> HttpResponse:
    form = RenameForm(request, initial={"seen": case.version})
    if form.apply(changing.rename, case):
        messages.success(request, _("The code name is now %(name)s.") % {"name": form.result.code_name})
        return redirect(case)
    return render(request, "cases/rename.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/protect", does=Verb.CASE_PROTECT)
def protect(request: Request, case: Case) -> HttpResponse:
    form = ProtectForm(request, initial={"protected": "yes" if case.child.protected else "no"})
    if form.apply(changing.protect, case):
        messages.success(request, _("Saved. It counts from the next question on."))
        return redirect(case)
    return render(request, "cases/protect.html", about(request, case) | {"form": form})
