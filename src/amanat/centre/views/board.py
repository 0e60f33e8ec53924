"""The board of a house, and who waits for a place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.centre import board as boards


@page("centre", does=Verb.LOOK_CENTRE)
def board(request: Request) -> HttpResponse:
    """Tonight and the next 30 days of one house, of a large one of one floor."""
    asked = request.GET.get("house", ""), request.GET.get("floor", "")
    return render(request, "centre/board.html", boards.board(request.actor, *asked))


@page("centre/waiting", does=Verb.LOOK_CENTRE)
def waiting(request: Request) -> HttpResponse:
    return render(request, "centre/waiting.html", boards.waiting(request.actor, request.GET.get("from", "")))
