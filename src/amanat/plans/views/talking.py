"""What is said beside the draft, who agreed, how it goes, and reviews."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.cases.views.telling import about
from amanat.plans import comparing, reading, showing, texts, voices, waiting
from amanat.plans.actions import agreeing
from amanat.plans.actions import talking as acts
from amanat.plans.forms.talking import (
    AgreeForm,
    AllowForm,
    AnswerForm,
    ApproveForm,
    CommentForm,
    ReportForm,
    ReviewForm,
)
from amanat.plans.models import Comment, Plan, PlanRow
from amanat.plans.reading import Standing, edition, text_at
from amanat.web.forms import Form
from amanat.web.paging import keyset_page


@page("cases/<ref:case>/plan/comment", does=Verb.PLAN_COMMENT)
def comment(request: Request, case: Case) -> HttpResponse:
    """About the whole plan."""
    demand(request.file, Part.PLAN)
    form = CommentForm(request)
    if form.apply(acts.comment, case):
        return _told(request, case, _("It stands beside the plan, for everybody who reads it."))
    return _form(request, case, form, _("Say something of the plan"))


@page("cases/<ref:case>/plan/rows/<uuid:plan_row>/comment", does=Verb.PLAN_COMMENT)
def comment_row(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    row, form = _row(request, plan_row), CommentForm(request)
    if form.apply(acts.comment, case, row=row):
        return _told(request, case, _("It stands beside the row, for everybody who reads the plan."))
    return _form(request, case, form, _("Comment or propose"), parent=_words(request, row))


@page("cases/<ref:case>/plan/comments/<uuid:plan_comment>", does=Verb.PLAN_WRITE)
def answer_comment(request: Request, case: Case, plan_comment: uuid.UUID) -> HttpResponse:
    demand(request.file, Part.PLAN)
    said = voices.comment_of(request.file, plan_comment)
    if said is None:
        raise hidden(Comment, plan_comment)
    form = AnswerForm(request)
    if form.apply(acts.answer, case, comment=said.row):
        return _told(request, case, _("The answer stands beside it."))
    return _form(request, case, form, _("Answer"), parent=said.words)


@page("cases/<ref:case>/plan/agree", does=Verb.PLAN_AGREE)
def agree(request: Request, case: Case) -> HttpResponse:
    """Who agreed to the draft as it stands; with the last yes it is frozen. After that, who could not be asked before."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    about_it = standing.draft or standing.lacking
    if about_it is None:
        messages.info(request, _("No version of the plan is being drafted."))
        return redirect("plans.plan", case)
    asked = showing.asked(standing, about_it, standing.text_of(about_it))
    left = [one.party for one in asked if one.is_missing]
    form = AgreeForm(request, **_text(standing, about_it), parties=left)
    if form.apply(agreeing.agree, case):
        return _told(request, case, _("It is recorded. When child, guardian and team agree, the version is frozen."))
    context = _changed(standing, about_it, form) | {"asked": asked}
    return _form(request, case, form, _("Who agrees to the plan"), _("Record it"), **context)


@page("plans/to-allow", does=Verb.LOOK_BOARD)
def to_allow(request: Request) -> HttpResponse:
    """Drafts that wait for a supervisor."""
    rows = waiting.of(request.actor).select_related(*waiting.OF_A_CASE)
    held = keyset_page(rows, order=["waits_since", "id"], cursor=request.GET.get("from", ""), counted=False)
    context = {"page": held, "listed": waiting.listed(request, held.rows), "nav": "my_day"}
    return render(request, "plans/to_allow.html", context)


@page("cases/<ref:case>/plan/allow", does=Verb.PLAN_ALLOW)
def allow(request: Request, case: Case) -> HttpResponse:
    """Let the draft come into force without whoever could not be asked."""
    demand(request.file, Part.PLAN)
    standing = Standing(request.file)
    if standing.draft is None:
        messages.info(request, _("No version of the plan is being drafted."))
        return redirect("plans.plan", case)
    form = AllowForm(request, **_text(standing, standing.draft))
    if form.apply(agreeing.allow, case):
        return _told(request, case, _("The plan is in force. The file says whom to ask still."))
    context = _changed(standing, standing.draft, form) | showing.draft_page(standing)
    return _form(request, case, form, _("In force without an agreement"), _("Let it come into force"), **context)


def _text(standing: Standing, plan: Plan) -> dict[str, Any]:
    """Which text a form is about."""
    return {"edition": edition(standing.rows), "digest": texts.digest(standing.text_of(plan))}


def _changed(standing: Standing, plan: Plan, form: AgreeForm | AllowForm) -> dict[str, Any]:
    """What has changed since a form about a text was opened."""
    text, since = standing.text_of(plan), form.since
    changed = plan.is_draft and since != edition(standing.rows)
    return {
        "last": max(standing.rows, key=lambda row: row.changed_at),
        "changed": changed,
        "changes": comparing.compared(text_at(standing, since), text) if changed else [],
    }


@page("cases/<ref:case>/plan/approve", does=Verb.PLAN_APPROVE)
def approve(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    agreed = Standing(request.file).agreed
    form = ApproveForm(request, {"seen": agreed.number if agreed else 0})
    if form.apply(agreeing.approve, case):
        return _told(request, case, _("The plan is approved."))
    return _form(request, case, form, _("Approve the plan"), _("Approve"))


@page("cases/<ref:case>/plan/rows/<uuid:plan_row>/report", does=Verb.PLAN_REPORT)
def report(request: Request, case: Case, plan_row: uuid.UUID) -> HttpResponse:
    """Of a row as it was agreed, also where a draft says otherwise by now."""
    demand(request.file, Part.PLAN)
    standing, form = Standing(request.file), ReportForm(request)
    agreed = standing.in_force.get(plan_row.hex)
    if agreed is None:
        raise hidden(PlanRow, plan_row)
    if form.apply(acts.report, case, row=standing.by_ref[plan_row.hex]):
        return _told(request, case, _("The report stands with the row."))
    return _form(request, case, form, _("How it goes"), parent=showing.Shown(agreed).words)


@page("cases/<ref:case>/plan/review", does=Verb.PLAN_REVIEW)
def review(request: Request, case: Case) -> HttpResponse:
    demand(request.file, Part.PLAN)
    form = ReviewForm(request)
    if form.apply(acts.review, case):
        if form.cleaned_data["decision"] == "new_version":
            return redirect("plans.begin", case)
        return _told(request, case, _("The review is recorded."))
    return _form(request, case, form, _("Review the plan"), _("Record the review"))


@page("cases/<ref:case>/plan/reviews", shows=Part.PLAN)
def reviews(request: Request, case: Case) -> HttpResponse:
    """All reviews of all versions, the newest first."""
    demand(request.file, Part.PLAN)
    listed, told = voices.reviews_of(request.file, request.GET.get("from", ""))
    context = {"page": listed, "reviews": told}
    return render(request, "plans/reviews.html", about(request, case) | context)


def _row(request: Request, ref: uuid.UUID) -> PlanRow:
    """Raises:
    Hidden: this child's plan has no such row.
    """
    demand(request.file, Part.PLAN)
    found = reading.row_of(request.file, ref)
    if found is None:
        raise hidden(PlanRow, ref)
    return found


def _words(request: Request, row: PlanRow) -> Any:
    return showing.Shown(reading.as_row(request.file, row)).words


def _told(request: Request, case: Case, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("plans.plan", case)


def _form(request: Request, case: Case, form: Form, heading: str, submit: str = "", **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "submit": submit or _("Save")} | more
    return render(request, "plans/form.html", about(request, case) | context)
