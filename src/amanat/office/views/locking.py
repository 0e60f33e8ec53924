"""The page of the panic button. Coming here is the first press, its button the second."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office.actions import locking
from amanat.web.forms import Form


@page("lock", does=Verb.WORKSPACE_LOCK)
def lock(request: Request) -> HttpResponse:
    """Lock the whole workspace; the answer leads to the page that a locked one shows."""
    form = Form(request)
    if form.apply(locking.lock_workspace):
        return redirect("/")
    return render(request, "office/lock.html", {"form": form})
