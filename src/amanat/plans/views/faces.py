"""The faces of one plan: the team's page, each version whole, the child's, the authority's."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import consent_words
from amanat.cases.models import Case
from amanat.cases.record_pages import language_name
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.plans import authority, beside, child, one_sheet, reading, showing, terms
from amanat.plans.models import Plan
from amanat.plans.reading import Standing


@page("cases/<ref:case>/plan", shows=Part.PLAN)
def plan(request: Request, case: Case) -> HttpResponse:
    """The plan that is worked on. Who sees no more than how far it is learns that."""
    if not request.file.sees(Part.PLAN):
        context = {"plans": reading.plans_of(request.file)}
        return render(request, "plans/progress.html", about(request, case) | context)
    return render(request, "plans/plan.html", about(request, case) | showing.team_page(request.file))


@page("cases/<ref:case>/plan/versions/<int:plan_version>", shows=Part.PLAN)
def version(request: Request, case: Case, plan_version: int) -> HttpResponse:
    """A version as it was agreed, and what changed since the one before (`?since=` another)."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    row = standing.numbered(plan_version)
    if row is None:
        raise Http404
    since = _since(request, standing, row)
    context = showing.version_page(standing, row, since)
    return render(request, "plans/version.html", about(request, case) | context)


@page("cases/<ref:case>/plan/child", shows=Part.PLAN)
def child_plan(request: Request, case: Case) -> HttpResponse:
    """The child's own plan; `?language=` another one."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    shown = standing.agreed or standing.draft
    language = consent_words.language_of(request.GET.get("language", ""), child.spoken_by(request.file))
    context: dict[str, Any] = {"plan": shown, "offered": consent_words.languages(), "language": language}
    if shown is not None:
        context["article"] = child.drawn(request, standing, shown, language)
        context["notices"] = beside.notices(standing.text_of(shown), language)
        context["paper"] = one_sheet.PAPER
    return render(request, "plans/child.html", about(request, case) | context)


@page("cases/<ref:case>/plan/authority", shows=Part.PLAN)
def authority_plan(request: Request, case: Case) -> HttpResponse:
    """The sheet for the authority, which the case manager hands out by a consent, or as one that stays with those who signed."""
    file = request.file
    demand(file, Part.PLAN)
    standing = Standing(file)
    shown = standing.agreed or standing.draft
    known = authority.grounds(file) if file.may(Verb.PLAN_DRAFT) else []
    context: dict[str, Any] = {"plan": shown, "state": language_name(terms.authority_language())}
    if shown is not None and file.may(Verb.PLAN_DRAFT):
        context["sheets"] = [(one, authority.address(file, shown, one)) for one in known]
        context["by_none"] = authority.address(file, shown)
    return render(request, "plans/authority.html", about(request, case) | context)


def _since(request: Request, standing: Standing, row: Plan) -> Plan | None:
    """The version to compare with: the one asked for, else the last before that was ever in force."""
    if asked := request.GET.get("since", ""):
        return standing.numbered(asked) if asked != str(row.number) else None
    return next((one for one in standing.plans if one.number < row.number and not one.dropped_at), None)
