"""Contacts in a crisis, groups, what helps by age, and the card that a child carries."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import alerts
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.psychology import cards, grouping, reactions, sessions, showing
from amanat.psychology.actions import contacts as acts
from amanat.psychology.forms.contacts import CrisisForm, GroupForm


@page("cases/<ref:case>/crisis", shows=Part.SAFETY)
def crises(request: Request, case: Case) -> HttpResponse:
    page, told = sessions.crises_of(request.file, request.GET.get("from", ""))
    context = {"page": page, "crises": told, "may_record": showing.may(request.file, Verb.CRISIS_RECORD)}
    return render(request, "psychology/crises.html", about(request, case) | context)


@page("cases/<ref:case>/crisis/record", does=Verb.CRISIS_RECORD)
def record_crisis(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.SAFETY)
    form = CrisisForm(request)
    if form.apply(acts.record_crisis, case):
        alert = form.result.alert
        told = alerts.who_was_told(alert) if alert else _("The contact is recorded.")
        (messages.warning if alert else messages.success)(request, told)
        return redirect("psychology.crises", case)
    return render(request, "psychology/record_crisis.html", about(request, case) | {"form": form})


@page("cases/<ref:case>/groups", shows=Part.PSYCHOLOGY_SUMMARY)
def groups(request: Request, case: Case) -> HttpResponse:
    page, told = sessions.groups_of(request.file, request.GET.get("from", ""))
    context = {"page": page, "groups": told, "may_record": showing.may(request.file, Verb.GROUP_RECORD)}
    return render(request, "psychology/groups.html", about(request, case) | context)


@page("cases/<ref:case>/groups/record", does=Verb.GROUP_RECORD, about_several=True)
def record_group(request: Request, case: Case) -> HttpResponse:
    """What came of it, of each child apart; where there are many, first by the address who could have taken part."""
    demand(request.file, Part.PSYCHOLOGY_SUMMARY)
    offered = grouping.offered(request)
    chosen = grouping.chosen(request, offered)
    form = GroupForm(request, grouping.this_one(request), chosen) if chosen else None
    if form and form.apply(acts.record_group, case):
        messages.success(request, _("The group session is recorded on the file of each child."))
        return redirect("psychology.groups", case)
    context = {"form": form, "offered": offered, "is_chosen": "with" in request.GET}
    return render(request, "psychology/record_group.html", about(request, case) | context)


@page("cases/<ref:case>/reactions", shows=Part.EXISTENCE)
def first_help(request: Request, case: Case) -> HttpResponse:
    context = reactions.context(request.file, request.GET.get("age", ""))
    return render(request, "psychology/reactions.html", about(request, case) | context)


@page("cases/<ref:case>/safety-card", shows=Part.SAFETY)
def safety_card(request: Request, case: Case) -> HttpResponse:
    """The child's own card, made of the safety plan; `?with=` says what stands on it, `?in=` in which language its headings are."""
    context = cards.context(request.file, request.GET)
    return render(request, "psychology/safety_card.html", about(request, case) | context)
