"""People around a child: the list, and what is written, suspected and cleared."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import persons
from amanat.cases.actions import persons as acts
from amanat.cases.circle import Circle
from amanat.cases.forms.persons import ChangeForm, ClearForm, NewPersonForm, SuspectForm, TakeOutPersonForm
from amanat.cases.models import Case, PersonAround
from amanat.cases.persons import Around
from amanat.cases.views.telling import about
from amanat.people.models import User


@page("cases/<ref:case>/people", shows=Part.SAFETY)
def people(request: Request, case: Case) -> HttpResponse:
    file = request.file
    known = persons.around(file)
    context = {
        "persons": known,
        "nobody_left": persons.none_left_to_consent(known),
        "may_record": file.may(Verb.PERSON_RECORD),
        "may_suspect": file.may(Verb.PERSON_SUSPECT),
        "may_clear": file.may(Verb.PERSON_CLEAR),
        "may_guard": file.may(Verb.CONFLICT_RECORD),
        "sees_contacts": file.sees(Part.CONTACTS),
    }
    return render(request, "cases/people.html", about(request, case) | context)


@page("cases/<ref:case>/people/add", does=Verb.PERSON_RECORD)
def add_person(request: Request, case: Case) -> HttpResponse:
    form = NewPersonForm(request, suspects=persons.has_suspect(case))
    if form.apply(acts.record_person, case):
        messages.success(request, _("The person is written down."))
        return redirect("cases.people", case)
    return render(request, "cases/person.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/people/<uuid:person>/change", does=Verb.PERSON_RECORD)
def change_person(request: Request, case: Case, person: uuid.UUID) -> HttpResponse:
    one = _person(request, person, Part.CONTACTS)
    form = ChangeForm(request, one.held | {"seen": one.row.version})
    if form.apply(partial(acts.change_person, case, person=one.row)):
        messages.success(request, _("Saved. What stood there before is kept."))
        return redirect("cases.people", case)
    return render(request, "cases/person.html", about(request, case) | {"form": form, "person": one})


@page("cases/<ref:case>/people/<uuid:person>/take-out", does=Verb.PERSON_RECORD)
def take_out_person(request: Request, case: Case, person: uuid.UUID) -> HttpResponse:
    one = _person(request, person, Part.CONTACTS)
    form = TakeOutPersonForm(request)
    if form.apply(acts.take_out_person, case, person=one.row):
        messages.success(request, _("The person is off the list. The timeline keeps who they were."))
        return redirect("cases.people", case)
    return render(request, "cases/take_out_person.html", about(request, case) | {"form": form, "person": one})


@page("cases/<ref:case>/people/<uuid:person>/suspect", does=Verb.PERSON_SUSPECT)
def suspect_person(request: Request, case: Case, person: uuid.UUID) -> HttpResponse:
    one, circle = _person(request, person), Circle(case, request.actor)
    like, manager = persons.workers_like(one.name.text, _workers()), circle.manager
    asks_who = manager is not None and manager.membership.user in like and manager.membership.user != request.actor.user
    form = SuspectForm(request, like, circle.who_could([Relation.CASE_MANAGER], case.agency), asks_who=asks_who)
    if form.apply(acts.suspect, case, person=one.row):
        messages.success(request, _("Recorded. From now on this person can neither consent nor be told."))
        return redirect("cases.people", case)
    return render(request, "cases/suspect_person.html", about(request, case) | {"form": form, "person": one})


@page("cases/<ref:case>/people/<uuid:person>/clear", does=Verb.PERSON_CLEAR)
def clear_person(request: Request, case: Case, person: uuid.UUID) -> HttpResponse:
    one = _person(request, person, Part.SAFETY)
    form = ClearForm(request)
    if form.apply(acts.clear, case, person=one.row):
        messages.success(request, _("The suspicion is taken back."))
        return redirect("cases.people", case)
    return render(request, "cases/clear_person.html", about(request, case) | {"form": form, "person": one})


def _workers() -> list[User]:
    """Everybody who works in the network, with where they do."""
    return list(User.objects.filter(is_active=True).order_by("display_name").prefetch_related("memberships__agency"))


def _person(request: Request, ref: uuid.UUID, part: Part | None = None) -> Around:
    """`part`: what must be open to the actor for what they want to do.

    Raises:
        Hidden: there is no such person around the child.
        Closed: the part is closed to the actor.
    """
    if part is not None and not request.file.sees(part):
        raise Closed(part)
    one = persons.person_of(request.file, ref)
    if one is None:
        raise hidden(PersonAround, ref)
    return one
