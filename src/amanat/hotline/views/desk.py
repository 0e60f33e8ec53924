"""The desk of a hotline, and what is pressed there: starting a call, answering, calling back, holding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.hotline import agreed, keys
from amanat.hotline.actions import calling, debriefing, ending
from amanat.hotline.desk import calls_now
from amanat.hotline.desk import desk as laid
from amanat.hotline.models import Call, Matter, Note
from amanat.web.errors import PersonFacingError

CHANNEL = "phone"


@page("hotline", does=Verb.LOOK_HOTLINE)
def desk(request: Request) -> HttpResponse:
    shown = laid(request.actor)
    request.files.extend(shown.files)
    return render(request, "hotline/desk.html", {"desk": shown, "now": shown.now, "keys": keys.ON_DESK})


@page("hotline/now", does=Verb.LOOK_HOTLINE)
def desk_now(request: Request) -> HttpResponse:
    """What rings, and what the operator has in hand; nothing where the screen shows it already."""
    now, files = calls_now(request.actor)
    if request.GET.get("seen") == now.fingerprint:
        return HttpResponse(status=204)
    request.files.extend(files)
    return render(request, "hotline/desk_now.html", {"now": now})


@page("hotline/waits", does=Verb.LOOK_HOTLINE)
def desk_waits(request: Request) -> HttpResponse:
    """The rest of the desk, which can be some moments old; nothing where the screen shows it already."""
    shown = laid(request.actor)
    if request.GET.get("seen") == shown.fingerprint:
        return HttpResponse(status=204)
    request.files.extend(shown.files)
    return render(request, "hotline/desk_waits.html", {"desk": shown})


@page("hotline/start", does=Verb.CALL_START)
def start(request: Request) -> HttpResponse:
    return _pressed(request, _("Start a call"), lambda: calling.start(channel=CHANNEL, actor=request.actor))


@page("matters/<ref:matter>/call", does=Verb.CALL_ANSWER)
def ring_back(request: Request, matter: Matter) -> HttpResponse:
    """Whoever comes by the address reads what was agreed before they press, and begin to talk."""
    if request.method != "POST":
        context = {"press": _("Call back"), "about": matter, "nav": "hotline"}
        context["agreed"] = agreed.of_matter(request.file, matter)
        return render(request, "hotline/press_page.html", context)
    return _pressed(request, "", lambda: calling.start(channel=CHANNEL, matter=matter, actor=request.actor))


@page("calls/<ref:call>/answer", does=Verb.CALL_ANSWER)
def answer(request: Request, call: Call) -> HttpResponse:
    return _pressed(request, _("Answer"), lambda: calling.answer(call, actor=request.actor), call.matter)


@page("calls/<ref:call>/go-on", does=Verb.CALL_HOLD)
def go_on(request: Request, call: Call) -> HttpResponse:
    """Also with a call that was ended by mistake."""
    act = ending.take_back_end if call.ended_at else calling.go_on
    return _pressed(request, _("Go on"), lambda: act(call, actor=request.actor), call.matter)


@page("notes/<ref:note>/talked", does=Verb.CALL_TALKED)
def talked(request: Request, note: Note) -> HttpResponse:
    def act() -> None:
        debriefing.talked(note, actor=request.actor)
        messages.success(request, _("Noted that you talked."))

    return _pressed(request, _("We talked"), act, note.author.user)


def _pressed(request: Request, press: str, act: Callable[[], Any], about: object = "") -> HttpResponse:
    """What was pressed is done and the call shown, or the desk says why not. Who only came to the address finds the button."""
    if request.method != "POST":
        return render(request, "hotline/press_page.html", {"press": press, "about": about, "nav": "hotline"})
    try:
        done = act()
    except PersonFacingError as error:
        messages.error(request, f"{error.sentence} {error.hint}".strip())
        return redirect("hotline.desk")
    return redirect("hotline.call", done) if isinstance(done, Call) else redirect("hotline.desk")
