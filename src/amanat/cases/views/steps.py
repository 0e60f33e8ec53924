"""Pages of one step of the procedure: it is done, it is waived, or that is taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import happenings, steps
from amanat.cases.actions import steps as acts
from amanat.cases.forms.steps import FinishStepForm, TakeBackStepForm, WaiveStepForm
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.procedures import Step


@page("cases/<ref:case>/steps/<str:step>/done", does=Verb.CASE_FINISH_STEP)
def finish_step(request: Request, case: Case, step: str) -> HttpResponse:
    known = _step(step)
    form = FinishStepForm(request, initial={"happened_at": request.actor.now})
    if form.apply(acts.finish_step, case, step=step):
        messages.success(request, _("Done. It stands in the timeline."))
        return redirect(f"{case.get_absolute_url()}?section=steps")
    return _shown(request, case, known, form)


@page("cases/<ref:case>/steps/<str:step>/waive", does=Verb.CASE_WAIVE_STEP)
def waive_step(request: Request, case: Case, step: str) -> HttpResponse:
    known = _step(step)
    form = WaiveStepForm(request)
    if form.apply(acts.waive_step, case, step=step):
        messages.success(request, _("The step is waived. It stands in the timeline, with your reason."))
        return redirect(f"{case.get_absolute_url()}?section=steps")
    return _shown(request, case, known, form)


@page("cases/<ref:case>/steps/<str:step>/take-back", does=Verb.CASE_TAKE_BACK_STEP)
def take_back_step(request: Request, case: Case, step: str) -> HttpResponse:
    known = _step(step)
    form = TakeBackStepForm(request)
    if form.apply(acts.take_back_step, case, step=step):
        messages.success(request, _("The step is open again. Your reason stands in the timeline."))
        return redirect(f"{case.get_absolute_url()}?section=steps")
    ended = steps.said_last(request.file, step)
    return render(
        request, "cases/steps_take_back.html", about(request, case) | {"form": form, "step": known, "ended": ended}
    )


def _step(name: str) -> Step:
    """Raises:
    Http404: no pack of the workspace has such a step.
    """
    found = happenings.step_named(name)
    if found is None or found.retired:
        raise Http404
    return found


def _shown(request: Request, case: Case, step: Step, form: FinishStepForm | WaiveStepForm) -> HttpResponse:
    template = "cases/steps_done.html" if isinstance(form, FinishStepForm) else "cases/steps_waive.html"
    one = next((one for one in steps.due(request.file) if one.step == step), None)
    shown = one and steps.shown(request.file, one)
    return render(request, template, about(request, case) | {"form": form, "step": step, "one": shown})
