"""The page of one call: what is written down, and everything that follows from it. What is pressed saves first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.views.telling import tell_with_link
from amanat.hotline import after, alarm, clocks, content, marks
from amanat.hotline.actions import calling, debriefing, ending
from amanat.hotline.agreed import Agreed
from amanat.hotline.forms.calling import CallBackForm, CallForm, DebriefForm
from amanat.hotline.models import Call, CallState
from amanat.hotline.screen import screen
from amanat.names.phones import read_phone
from amanat.web.errors import PersonFacingError

WITHIN: Final = timedelta(
    hours=4
)  # to call back, where the priority sets no time; ours, and only what the field begins with
UNALERTED: Final = ":unalerted"  # behind how a call ends: the page has asked
ACTS: Final = {"hold": calling.hold, "go_on": calling.go_on, "take_back": ending.take_back_end}


@page("calls/<ref:call>", does=Verb.CALL_WRITE)
def call(request: Request, call: Call) -> HttpResponse:
    fields = content.fields_of(request.file, call)
    initial = fields | {"channel": call.channel, "seen": call.version}
    form = CallForm(request, initial, call.answered_at or call.rang_at)
    if form.apply(calling.write_call, call):
        _say_of_number(request, form.cleaned_data["number"])
        return _then(request, call)
    return render(request, "hotline/call.html", screen(request, call, fields) | {"form": form})


def _say_of_number(request: Request, number: str) -> None:
    if number and read_phone(number, marks.own_country()) is None:
        messages.warning(request, _("The number is kept as you wrote it. It does not look like a whole one; check it."))


def _then(request: Request, call: Call) -> HttpResponse:
    """What the pressed button asks for, once all is saved."""
    do = request.POST.get("do", "")
    if leads := after.page_of(do, call) or _asks_first(do, call):
        return redirect(leads)
    try:
        if do in ACTS:
            ACTS[do](call, actor=request.actor)
        elif do:
            ending.end(call, outcome=do.removesuffix(UNALERTED), actor=request.actor)
            return _ended(request, call)
        else:
            messages.success(request, _("Saved."))
    except PersonFacingError as error:
        messages.error(request, f"{error.sentence} {error.hint}".strip())
    return redirect("hotline.call", call)


def _asks_first(do: str, call: Call) -> str:
    """Before a call of danger now ends without an alarm its page asks, and offers the alarm first."""
    ends = do in ending.BY_HAND and alarm.is_missing(call)
    return f"{reverse('hotline.call', args=[call])}?{urlencode({'end': do})}#no-alarm" if ends else ""


def _ended(request: Request, call: Call) -> HttpResponse:
    sentence = _("The call has ended: %(outcome)s.") % {"outcome": call.get_outcome_display()}
    tell_with_link(request, sentence, reverse("hotline.call", args=[call]), _("Look at it, or take the end back"))
    return _offer_debrief(request, call)


def _offer_debrief(request: Request, call: Call) -> HttpResponse:
    if alarm.is_missing(call):
        told = _("This call is P1, and nobody is alerted yet")
        tell_with_link(request, told, reverse("hotline.emergency", args=[call]), _("Emergency (P1)"))
    if after.is_hard(content.opened(request.file, call), call.priority):
        hint = _("That was a hard call.")
        tell_with_link(request, hint, reverse("hotline.debrief", args=[call]), _("Write a word for yourself"))
    return redirect("hotline.desk")


@page("calls/<ref:call>/call-back", does=Verb.CALL_CALL_BACK)
def call_back(request: Request, call: Call) -> HttpResponse:
    demanded = clocks.call_back_by(call.priority, request.actor.now)
    form = CallBackForm(request, initial={"by": demanded or request.actor.now + WITHIN})
    if form.apply(ending.agree_call_back, call):
        messages.success(request, _("It stands on the desk until somebody has called back."))
        return _offer_debrief(request, call)
    told = Agreed.of(content.fields_of(request.file, call))
    context: dict[str, Any] = {"form": form, "call": call, "agreed": told, "nav": "hotline"}
    demand = clocks.demand(call.priority, request.actor.now)
    return render(
        request, "hotline/agree_call_back.html", context | {"demand": demand, "runs": call.state != CallState.ENDED}
    )


@page("calls/<ref:call>/debrief", does=Verb.CALL_DEBRIEF)
def debrief(request: Request, call: Call) -> HttpResponse:
    form = DebriefForm(request)
    if form.apply(debriefing.debrief, call):
        wishes = form.cleaned_data["wishes_to_talk"]
        told = _("Kept. Your supervisor sees that you would like to talk, and nothing else.") if wishes else _("Kept.")
        messages.success(request, told)
        return redirect("hotline.desk")
    own = after.debriefs_of(request.file, call)
    request.files.extend(one.file for one in own if one.file is not request.file)
    return render(request, "hotline/debrief.html", {"form": form, "call": call, "own": own, "nav": "hotline"})
