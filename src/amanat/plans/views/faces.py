"""The faces of one plan: the team's page, what changed between versions, the child's, the authority's."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import consent_words
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.plans import authority, child, due, reading, showing, terms, texts, voices
from amanat.plans.models import Plan
from amanat.plans.reading import Standing
from amanat.web import pdf


@page("plans/to-review", does=Verb.LOOK_MY_DAY)
def to_review(request: Request) -> HttpResponse:
    """Plans of one's own files whose day of review has come."""
    return render(request, "plans/to_review.html", due.listed(request, request.GET.get("from", "")) | {"nav": "my_day"})


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
    row = _numbered(standing, plan_version)
    since = _since(request, standing, row)
    text = _text(standing, row)
    before = _text(standing, since) if since else {}
    context = {
        "plan": row,
        "plans": standing.plans,
        "since": since,
        "changes": showing.compared(before, text) if since else [],
        "needs": showing.shown(standing, text, is_draft=row.is_draft),
        "may": {"report": True} if row == standing.agreed and showing.may(standing)["report"] else {},
        "asked": showing.asked(standing, row, text),
        "digest": texts.digest(text)[:16],
        "state_badge": showing.STATE_BADGES.get(row.state, ""),
        "why": request.file.open(row, "why") if row.why else "",
    }
    return render(request, "plans/version.html", about(request, case) | context)


@page("cases/<ref:case>/plan/child", shows=Part.PLAN)
def child_plan(request: Request, case: Case) -> HttpResponse:
    """The child's own plan; `?language=` another one, `?as=pdf` the sheet."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    shown = standing.agreed or standing.draft
    offered, spoken = child.languages(request.file)
    language = consent_words.language_of(request.GET.get("language", ""), spoken)
    context = {"plan": shown, "offered": offered, "language": language}
    if shown is not None:
        told = (shown, _text(standing, shown), voices.reports_of(request.file), language)
        if request.GET.get("as") == "pdf":
            return pdf.answer(child.drawn(request, "plans/paper_child.html", *told), f"plan-{shown.number}")
        context["article"] = child.drawn(request, "plans/child_article.html", *told)
    return render(request, "plans/child.html", about(request, case) | context)


@page("cases/<ref:case>/plan/authority", shows=Part.PLAN)
def authority_plan(request: Request, case: Case) -> HttpResponse:
    """The sheet for the authority: `?as=pdf` brings it, `?language=` in another language than the state's; `?consent=` is said on it."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    shown = standing.agreed or standing.draft
    offered = consent_words.languages()
    state = terms.authority_language()
    language = next((code for code in (request.GET.get("language"), state) if code in dict(offered)), "en")
    known = authority.grounds(request.file)
    ground = next((one for one in known if one.ref == request.GET.get("consent")), None)
    if shown is not None and request.GET.get("as") == "pdf":
        return pdf.answer(authority.sheet(request, standing, shown, language, ground), f"plan-{shown.number}")
    context: dict[str, Any] = {"plan": shown, "offered": offered, "language": language, "grounds": known}
    context |= {"ground": ground, "state": child.language_name(state)}
    return render(request, "plans/authority.html", about(request, case) | context)


def _numbered(standing: Standing, number: int) -> Plan:
    """Raises:
    Http404: there is no such version.
    """
    found = next((one for one in standing.plans if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _since(request: Request, standing: Standing, row: Plan) -> Plan | None:
    """The version to compare with: the one asked for, else the one before."""
    asked = request.GET.get("since", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else row.number - 1
    return next((one for one in standing.plans if one.number == number and one.number != row.number), None)


def _text(standing: Standing, plan: Plan) -> texts.Text:
    return standing.live if plan.is_draft else reading.frozen_text(standing.file, plan)
