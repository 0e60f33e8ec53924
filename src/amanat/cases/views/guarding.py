"""Conflicts of interest, and showing a part for some minutes."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.labels import PART_LABELS
from amanat.access.loaders import hidden
from amanat.access.models import Conflict
from amanat.access.pages import Request, page
from amanat.access.policy import Level, Part, Relation, Verb
from amanat.cases import queries
from amanat.cases.actions import guarding
from amanat.cases.circle import Circle
from amanat.cases.forms.guarding import ConflictForm, LiftForm, RevealForm
from amanat.cases.models import Case
from amanat.cases.shown import case_of
from amanat.cases.views.telling import about
from amanat.people.models import User


@page("cases/<ref:case>/conflicts", does=Verb.CONFLICT_RECORD)
def conflicts(request: Request, case: Case) -> HttpResponse:
    file = request.file
    rows = queries.conflicts_on(request.file)
    for row in rows:
        row.subject = case.subject
    reasons = (
        {row.pk: (file.open(row, "details") or {}).get("reason", "") for row in rows} if file.sees(Part.AUDIT) else {}
    )
    context = {
        "conflicts": [(row, reasons.get(row.pk, "")) for row in rows],
        "may_lift": file.may(Verb.CONFLICT_LIFT),
        "siblings": _siblings(request, case),
    }
    return render(request, "cases/conflicts.html", about(request, case) | context)


def _siblings(request: Request, case: Case) -> list[Case]:
    """Other children of the family on whose files the actor may record a conflict too."""
    others = (file for file in queries.related(request.file) if file.row.subject_id != case.subject_id)
    return [case_of(file) for file in others if file.may(Verb.CONFLICT_RECORD)]


@page("cases/<ref:case>/conflicts/record", does=Verb.CONFLICT_RECORD)
def record_conflict(request: Request, case: Case) -> HttpResponse:
    circle = Circle(case, request.actor)
    manager = circle.manager
    form = ConflictForm(request, _workers, to=circle.who_could([Relation.CASE_MANAGER], case.agency))
    if manager is None or manager.membership.user_id == request.actor.user.pk:
        del form.fields["to"]
    if form.apply(guarding.record_conflict, case):
        messages.success(request, _("%(name)s is kept out from now on.") % {"name": form.result.user})
        return redirect("cases.conflicts", case)
    return render(request, "cases/record_conflict.html", about(request, case) | {"form": form, "manager": manager})


def _workers() -> list[User]:
    """Everybody who works or has worked in the network."""
    return list(User.objects.filter(is_active=True).order_by("display_name"))


@page("cases/<ref:case>/conflicts/<uuid:conflict>/lift", does=Verb.CONFLICT_LIFT)
def lift_conflict(request: Request, case: Case, conflict: uuid.UUID) -> HttpResponse:
    row = next((row for row in queries.conflicts_on(request.file) if row.pk == conflict), None)
    if row is None:
        raise hidden(Conflict, conflict)
    form = LiftForm(request)
    if form.apply(guarding.lift_conflict, case, conflict=row):
        messages.success(request, _("The conflict is lifted. A place in the circle does not come back by itself."))
        return redirect("cases.conflicts", case)
    return render(request, "cases/lift_conflict.html", about(request, case) | {"form": form, "conflict": row})


@page("cases/<ref:case>/reveal/<str:part>", does=Verb.FILE_REVEAL)
def reveal(request: Request, case: Case, part: str) -> HttpResponse:
    if part not in list(Part):
        raise Http404
    wanted = Part(part)
    if request.file.sees(wanted):
        return redirect(case)
    if request.file.level(wanted) is not Level.REVEAL:
        raise Closed(wanted)
    form = RevealForm(request)
    if form.apply(guarding.reveal, case, part=wanted):
        messages.success(request, _("This part is open to you for ten minutes."))
        return redirect(case)
    context = about(request, case) | {"form": form, "part": PART_LABELS[wanted], "lasts": guarding.REVEAL_LASTS}
    return render(request, "cases/reveal.html", context)
