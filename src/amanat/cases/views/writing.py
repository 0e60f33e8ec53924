"""Writing on a file: notes, documents, flags, and what is done."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import origins
from amanat.cases.actions import writing
from amanat.cases.forms.choices import parts
from amanat.cases.forms.writing import AttachForm, FinishForm, FlagForm, NoteForm
from amanat.cases.models import Case, Task
from amanat.cases.shown import OWN_TIMES, task_said
from amanat.cases.siblings import siblings_for
from amanat.cases.views.telling import about, tell_with_link
from amanat.people.models import Membership


@page("cases/<ref:case>/note", does=Verb.CASE_NOTE, about_several=True)
def note(request: Request, case: Case) -> HttpResponse:
    offered = _parts(request, writing.TAKE_NOTES)
    siblings = siblings_for(request.file, offered)
    request.files.extend(sibling.file for sibling in siblings)
    wanted = request.GET.get("part", "")
    initial = {"part": wanted if wanted in offered else offered[0], "happened_at": request.actor.now}
    form = NoteForm(request, initial=initial, part=parts(offered), siblings=siblings)
    if form.apply(writing.note, case):
        tell_with_link(
            request, _("The note is saved."), f"{case.get_absolute_url()}#event-{form.result.pk.hex}", _("Read it")
        )
        return redirect(case)
    return render(request, "cases/note.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/attach", does=Verb.CASE_ATTACH)
def attach(request: Request, case: Case) -> HttpResponse:
    offered = _parts(request, writing.TAKE_DOCUMENTS)
    wanted = request.GET.get("part", "")
    initial = {"part": wanted if wanted in offered else offered[0]}
    form = AttachForm(request, initial=initial, part=parts(offered))
    if form.apply(writing.attach, case):
        messages.success(request, _("The document is kept, sealed."))
        return redirect(case)
    return render(request, "cases/attach.html", about(request, case) | {"form": form})


def _parts(request: Request, taking: tuple[Part, ...]) -> list[Part]:
    """Raises:
    Closed: the actor writes none of these parts of the file.
    """
    offered = writing.parts_for(request.file, taking)
    if not offered:
        raise Closed(taking[0])
    return offered


@page("cases/<ref:case>/flag", does=Verb.CASE_FLAG)
def flag(request: Request, case: Case) -> HttpResponse:
    owners = writing.may_own_tasks(case, request.actor)
    initial = {"owner": owners[0].pk, "due": request.actor.now + timedelta(days=1)}
    workers = Membership.objects.select_related("user").filter(pk__in=[owner.pk for owner in owners])
    form = FlagForm(request, initial=initial, owner=workers)
    if form.apply(writing.flag, case):
        messages.success(request, _("The flag is raised."))
        return redirect(case)
    return render(request, "cases/flag.html", about(request, case) | {"form": form})


@page("tasks/<ref:task>/finish", does=Verb.CASE_FINISH_TASK)
def finish_task(request: Request, task: Task) -> HttpResponse:
    form = FinishForm(request)
    if form.apply(writing.finish_task, task):
        messages.success(request, _("Done. It stands in the timeline."))
        return redirect(task.case)
    task.subject = task.case.subject
    said = task_said(request.file, task)
    context = {"form": form, "task": task, "said": said, "origin": origins.of(request.file, task)}
    context["unverified"] = task.kind in OWN_TIMES
    return render(request, "cases/finish_task.html", about(request, task.case) | context)
