"""The circle of care of a case, and who changes it. Whole caseloads too."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.consents import Gate
from amanat.access.files import File, open_file
from amanat.access.models import Grant
from amanat.access.pages import Request, page
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Part, Relation, Verb
from amanat.cases import queries
from amanat.cases.actions import handing, passing_on
from amanat.cases.circle import Circle
from amanat.cases.consent_pages import chosen_agency
from amanat.cases.forms.circle import BringInForm, CaseloadForm, ManagerForm, TakeOutForm
from amanat.cases.models import Case
from amanat.cases.queries import knows_circle
from amanat.cases.reach import Place, Reach
from amanat.cases.views.telling import about
from amanat.people.models import Agency, Membership, Role

JOINING = [relation for relation in CIRCLE if relation is not Relation.CASE_MANAGER]


@page("cases/<ref:case>/circle", shows=Part.EXISTENCE)
def circle(request: Request, case: Case) -> HttpResponse:
    """The circle; whoever knows the file by its code name alone finds the agency to ask."""
    file = request.file
    context: dict[str, object] = {"knows": knows_circle(file)}
    if context["knows"]:
        context |= {"places": _places(case, file), "emergencies": queries.emergencies_on(request.file)}
        context["knows_reach"] = not file.is_shared
    context |= {name: file.may(verb) for name, verb in _CHANGES.items()}
    return render(request, "cases/circle.html", about(request, case) | context)


def _places(case: Case, file: File) -> list[Place]:
    now = file.actor.now

    def told(grant: Grant) -> bool:
        return grant.consent is not None and file.knows(grant.consent)

    return [Place(grant, told(grant), grant.membership.is_away(now)) for grant in Circle(case, file.actor).grants()]


_CHANGES = {
    "may_bring_in": Verb.CASE_BRING_IN,
    "may_take_out": Verb.CASE_TAKE_OUT,
    "may_assign": Verb.CASE_ASSIGN,
    "may_hand_over": Verb.CASE_HAND_OVER,
    "may_guard": Verb.CONFLICT_RECORD,
}


@page("cases/<ref:case>/assign", does=Verb.CASE_ASSIGN)
def assign(request: Request, case: Case) -> HttpResponse:
    form = _manager_form(request, case)
    if form.apply(handing.assign, case):
        messages.success(request, _("%(name)s is the case manager now.") % {"name": form.result.membership.user})
        return redirect("cases.circle", case)
    return render(request, "cases/assign.html", _manager_context(case, form, request))


@page("cases/<ref:case>/hand-over", does=Verb.CASE_HAND_OVER)
def hand_over(request: Request, case: Case) -> HttpResponse:
    form = _manager_form(request, case)
    if form.apply(handing.hand_over, case):
        messages.success(request, _("%(name)s is the case manager now.") % {"name": form.result.membership.user})
        return redirect(_after(request, case))
    return render(request, "cases/hand_over.html", _manager_context(case, form, request))


def _manager_form(request: Request, case: Case) -> ManagerForm:
    colleagues = Circle(case, request.actor).who_could([Relation.CASE_MANAGER], case.agency)
    return ManagerForm(request, initial={"seen": case.version}, to=colleagues)


def _manager_context(case: Case, form: ManagerForm, request: Request) -> dict[str, object]:
    manager = Circle(case, request.actor).manager
    mine = manager is not None and manager.membership == request.actor.membership
    return about(request, case) | {"form": form, "manager": manager, "mine": mine}


@page("cases/<ref:case>/bring-in", does=Verb.CASE_BRING_IN)
def bring_in(request: Request, case: Case) -> HttpResponse:
    agency = chosen_agency(request) or case.agency
    open_to = Gate(case, request.actor.now).recipients()
    form = BringInForm(request, to=Circle(case, request.actor).who_could(JOINING, agency))
    own = agency == case.agency
    may_join = own or agency.pk in open_to
    if may_join and form.apply(handing.bring_in, case):
        messages.success(request, _("%(name)s stands in the circle of care.") % {"name": form.result.membership.user})
        return redirect("cases.circle", case)
    context = {
        "form": form,
        "agency": agency,
        "own": own,
        "missing": not may_join,
        "reaches": _reaches(case, agency, may_join, request),
        "may_record": request.file.may(Verb.CONSENT_RECORD),
        "may_override": request.file.may(Verb.CONSENT_OVERRIDE),
        **_other_agencies(case, agency, open_to),
    }
    return render(request, "cases/bring_in.html", about(request, case) | context)


def _other_agencies(case: Case, agency: Agency, open_to: Collection[uuid.UUID]) -> dict[str, list[Agency]]:
    """Those to which the file is open by a consent, and the rest."""
    agencies = list(Agency.objects.exclude(pk__in=(case.agency_id, agency.pk)))
    return {
        "open_to": [other for other in agencies if other.pk in open_to],
        "others": [other for other in agencies if other.pk not in open_to],
    }


def _reaches(case: Case, agency: Agency, open_: bool, request: Request) -> list[Reach]:
    """What those who could join from this agency would see."""
    if not open_:
        return []
    consent = None if agency == case.agency else Gate(case, request.actor.now).consent_for(agency)
    roles = Membership.objects.current(request.actor.now).filter(agency=agency).values_list("role", flat=True)
    there = {Role(role) for role in roles}
    return [Reach(relation, consent) for relation in JOINING if there.intersection(MAY_JOIN_AS[relation])]


@page("cases/<ref:case>/circle/<uuid:member>/take-out", does=Verb.CASE_TAKE_OUT)
def take_out(request: Request, case: Case, member: uuid.UUID) -> HttpResponse:
    # A role has one place besides the case manager's, so the membership (a random reference) names it.
    held = [grant for grant in Circle(case, request.actor).grants() if grant.relation != Relation.CASE_MANAGER]
    grant = next((grant for grant in held if grant.membership_id == member), None)
    if grant is None:
        raise Http404
    form = TakeOutForm(request)
    if form.apply(handing.take_out, case, grant=grant):
        messages.success(request, _("%(name)s has left the circle of care.") % {"name": grant.membership.user})
        return redirect(_after(request, case))
    context = {"form": form, "place": Place(grant, told=False, away=False)}
    return render(request, "cases/take_out.html", about(request, case) | context)


def _after(request: Request, case: Case) -> str:
    """The circle; the caseload for whoever has just left it."""
    stays = open_file(request.actor, case).exists
    return reverse("cases.circle", args=[case]) if stays else reverse("cases.caseload")


@page("caseload/hand-over", does=Verb.CASE_BULK_HAND_OVER)
def hand_over_caseload(request: Request) -> HttpResponse:
    actor = request.actor
    everybody = Membership.objects.filter(agency=actor.membership.agency).select_related("user", "agency")
    loads = passing_on.loads(everybody.order_by("user__display_name"), actor)
    roles = {role for relation in CIRCLE for role in MAY_JOIN_AS[relation]}
    colleagues = everybody.filter(pk__in=Membership.objects.current(actor.now).filter(role__in=roles))
    form = CaseloadForm(request, loads, to=colleagues.order_by("user__display_name"))
    if form.apply(_pass_on):
        context = {"result": form.result, "leaver": form.cleaned_data["leaver"], "to": form.cleaned_data["to"]}
        return render(request, "cases/caseload_handed_over.html", context)
    return render(request, "cases/hand_over_caseload.html", {"form": form, "nobody": not loads})


def _pass_on(*, leaver: Membership, **fields: object) -> passing_on.PassedOn:
    return passing_on.hand_over_caseload(leaver, **fields)  # type: ignore[arg-type]
