"""How the system is: every check with what it found, what is worst first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office.health import State, look, worst


@page("health", does=Verb.LOOK_HEALTH)
def health(request: Request) -> HttpResponse:
    checks = look(request.actor.now)
    counts = {state.value: sum(check.state == state for check in checks) for state in State}
    return render(request, "office/health.html", {"checks": checks, "counts": counts, "worst": worst(checks)})
