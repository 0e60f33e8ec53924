"""What another agency asks of ours: the list, one of them, and the answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.referrals import answers
from amanat.referrals import inbox as lists
from amanat.referrals.actions import answering, serving, taking_over
from amanat.referrals.forms.answering import (
    AcceptForm,
    DeclineForm,
    FinishForm,
    NoteForm,
    StartForm,
    TakeCaseForm,
    TakeOverForm,
)
from amanat.referrals.models import Referral


@page("referrals", does=Verb.LOOK_REFERRALS)
def inbox(request: Request) -> HttpResponse:
    """Those of the agency, what is due first at the head; whoever answers for files finds there what left from them."""
    actor = request.actor
    asked = lists.Asked.of(request.GET, actor)
    found = asked.page(actor, request.GET.get("from", ""))
    lines = lists.lines(actor, asked, found.rows)
    taken_back = lists.taken_back(actor) if asked.whose == lists.OURS else []
    opened = [one.file for one in lines if one.file is not None] + [one.file for one in taken_back]
    request.files.extend(file for file in opened if file.looked)
    context = {"asked": asked, "page": found, "lines": lines, "states": lists.STATES.items(), "nav": "referrals"}
    context |= {"taken_back": taken_back} | lists.around(actor, asked)
    return render(request, "referrals/inbox.html", context)


@page("referrals/<ref:referral>", shows=Part.REFERRAL_SUMMARY)
def referral(request: Request, referral: Referral) -> HttpResponse:
    """One that came. What it says of the child is there once it was opened."""
    return render(request, "referrals/referral.html", answers.about(request.file, referral) | {"nav": "referrals"})


@page("referrals/<ref:referral>/see", does=Verb.REFERRAL_SEE)
def see(request: Request, referral: Referral) -> HttpResponse:
    if request.method == "POST":
        answering.see(referral, actor=request.actor)
        return redirect(referral)
    return render(request, "referrals/referral.html", answers.about(request.file, referral) | {"nav": "referrals"})


@page("referrals/<ref:referral>/accept", does=Verb.REFERRAL_ACCEPT)
def accept(request: Request, referral: Referral) -> HttpResponse:
    form = AcceptForm(request, referral.version, answers.colleagues(referral, request.actor))
    if form.apply(answering.accept, referral):
        messages.success(request, _("It is accepted. Whoever sent it sees who receives the child, and when."))
        return redirect(referral)
    return _form(request, referral, "referrals/accept.html", form)


@page("referrals/<ref:referral>/take-case", does=Verb.REFERRAL_TAKE_CASE)
def take_case(request: Request, referral: Referral) -> HttpResponse:
    form = TakeCaseForm(request, referral.version, answers.colleagues(referral, request.actor))
    if form.apply(taking_over.take_case, referral):
        messages.success(request, _("The case is with your agency now."))
        return redirect(answers.after_taking(request.actor, form.result.case))
    return _form(request, referral, "referrals/take_case.html", form)


@page("referrals/<ref:referral>/decline", does=Verb.REFERRAL_DECLINE)
def decline(request: Request, referral: Referral) -> HttpResponse:
    form = DeclineForm(request, referral.version)
    if form.apply(answering.decline, referral):
        messages.success(
            request, _("It is declined. Whoever sent it has been told, so that they can ask somebody else.")
        )
        return redirect("referrals.inbox")
    return _form(request, referral, "referrals/decline.html", form)


@page("referrals/<ref:referral>/start", does=Verb.REFERRAL_START)
def start(request: Request, referral: Referral) -> HttpResponse:
    form = StartForm(request, referral.version)
    if form.apply(serving.start, referral):
        messages.success(request, _("The service has begun."))
        return redirect(referral)
    return _form(request, referral, "referrals/start.html", form)


@page("referrals/<ref:referral>/finish", does=Verb.REFERRAL_FINISH)
def finish(request: Request, referral: Referral) -> HttpResponse:
    form = FinishForm(request, referral.version)
    if form.apply(serving.finish, referral):
        messages.success(request, _("It is done. With it the file of the child closes for you."))
        return redirect("referrals.inbox")
    return _form(request, referral, "referrals/finish.html", form)


@page("referrals/<ref:referral>/note", does=Verb.REFERRAL_NOTE)
def note(request: Request, referral: Referral) -> HttpResponse:
    form = NoteForm(request)
    if form.apply(serving.note, referral):
        messages.success(request, _("The note is saved."))
        return redirect(referral)
    return _form(request, referral, "referrals/note.html", form)


@page("referrals/<ref:referral>/take-over", does=Verb.REFERRAL_TAKE_OVER)
def take_over(request: Request, referral: Referral) -> HttpResponse:
    form = TakeOverForm(request, referral.version, needs_reason=answering.needs_reason(referral, request.actor))
    if form.apply(answering.take_over, referral):
        messages.success(request, _("You receive the child now."))
        return redirect(referral)
    return _form(request, referral, "referrals/take_over.html", form)


def _form(request: Request, referral: Referral, template: str, form: Any) -> HttpResponse:
    return render(request, template, answers.head(request.file, referral) | {"form": form, "nav": "referrals"})
