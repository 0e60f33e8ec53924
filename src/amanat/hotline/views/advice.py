"""The advice cards of a call: found by destination and situation, and marked as read out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.hotline.actions import advising
from amanat.hotline.advice import Asked, panel
from amanat.hotline.models import Call
from amanat.web.errors import PersonFacingError


@page("calls/<ref:call>/advice", does=Verb.CALL_WRITE)
def advice(request: Request, call: Call) -> HttpResponse:
    """A piece of the call's page where the browser asks for one, else a page of its own."""
    if request.method == "POST":
        return _mark(request, call)
    words = {key: str(value) for key, value in request.GET.items()}
    template = "hotline/cards.html" if request.headers.get("HX-Request") else "hotline/advice.html"
    return render(request, template, {"call": call, "advice": panel(request.file, call, words)})


def _mark(request: Request, call: Call) -> HttpResponse:
    asked = Asked.of({key: str(value) for key, value in request.POST.items()}, {})
    was_read = request.POST.get("read") != "0"
    try:
        advising.read_out(call, card=request.POST.get("card", ""), was_read=was_read, actor=request.actor)
    except PersonFacingError as error:
        messages.error(request, str(error.sentence))
    if request.headers.get("HX-Request"):
        told = panel(request.file, call, {"destination": asked.destination, "situation": asked.situation})
        return render(request, "hotline/cards.html", {"call": call, "advice": told})
    return redirect(f"{reverse('hotline.advice', args=[call])}?{asked.query}")
