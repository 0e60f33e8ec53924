"""Backups: what was made, where it lies, when the next is due, and how to restore."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office.actions import backing_up as acts
from amanat.office.backups import keeping, taking
from amanat.office.backups.models import KEYS_DAYS, Destination
from amanat.office.forms import DrillForm, PlaceForm, PlanForm
from amanat.office.health.models import RestoreDrill
from amanat.web.forms import Form


@page("backups", does=Verb.LOOK_BACKUPS)
def backups(request: Request) -> HttpResponse:
    """The last backups, the places, and the plan."""
    now = request.actor.now
    plan = taking.plan()
    context = {
        "status": taking.status(now),
        "plan": plan,
        "due": keeping.next_slot(now, plan),
        "keys_days": KEYS_DAYS,
        "arranges": request.actor.may(Verb.BACKUP_ARRANGE),
        "takes": request.actor.may(Verb.BACKUP_TAKE),
        "notes": request.actor.may(Verb.BACKUP_NOTE_RESTORE),
        "drill": RestoreDrill.objects.first(),
    }
    return render(request, "office/backups.html", context)


@page("backups/now", does=Verb.BACKUP_TAKE)
def back_up_now(request: Request) -> HttpResponse:
    form = Form(request)
    if form.apply(acts.back_up_now):
        messages.success(request, _("A backup is being made. Work goes on meanwhile; what came of it stands here."))
        return redirect("office.backups")
    return render(request, "office/back_up_now.html", {"form": form})


@page("backups/restored", does=Verb.BACKUP_NOTE_RESTORE)
def note_restore(request: Request) -> HttpResponse:
    form = DrillForm(request)
    if form.apply(acts.note_restore):
        messages.success(request, _("Noted. The next one is due in a year."))
        return redirect("office.backups")
    return render(request, "office/note_restore.html", {"form": form})


@page("backups/add", does=Verb.BACKUP_ARRANGE)
def add_place(request: Request) -> HttpResponse:
    form = PlaceForm(request)
    if form.apply(acts.add_place):
        messages.success(request, _("Added. The next backup goes there, too."))
        return redirect("office.backups")
    return render(request, "office/backup_place.html", {"form": form})


@page("backups/<uuid:place>/remove", does=Verb.BACKUP_ARRANGE)
def remove_place(request: Request, place: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Destination, pk=place)
    form = Form(request)
    if form.apply(acts.remove_place, found):
        if form.result:
            told = _(
                "No more backups go there. It was not reached: its keys stay, and nobody will delete them. Destroy it."
            )
            messages.warning(request, told)
        else:
            messages.success(request, _("No more backups go there. The keys that lay there were deleted."))
        return redirect("office.backups")
    return render(request, "office/remove_place.html", {"form": form, "place": found})


@page("backups/plan", does=Verb.BACKUP_ARRANGE)
def change_plan(request: Request) -> HttpResponse:
    form = PlanForm(request, taking.plan())
    if form.apply(acts.change_plan):
        messages.success(request, _("Saved."))
        return redirect("office.backups")
    return render(request, "office/backup_plan.html", {"form": form})
