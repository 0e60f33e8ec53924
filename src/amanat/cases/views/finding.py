"""Finding a child among the files that one sees, as one types. The words travel in the body and stand in no address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import searches
from amanat.cases.find import SHOWN, Asked, Found, find
from amanat.cases.forms.finding import FindForm, narrowing


@page("find-a-child", does=Verb.LOOK_FIND)
def find_child(request: Request) -> HttpResponse:
    """The page; on a POST the lines alone where the browser asks for a piece of it, else the way to them."""
    form = FindForm(request, searches.kept(request.session, request.GET.get("search", "")))
    if form.sent is None:
        asked = Asked.of(form.initial)
        return render(request, "cases/find_child.html", _page(request, form, _look(request, asked), asked))
    if request.headers.get("HX-Request"):
        return _piece(request, form)
    if not form.is_valid():
        return render(request, "cases/find_child.html", _page(request, form, Found(), Asked()))
    return redirect(f"{reverse('cases.find_child')}?search={searches.keep(request.session, form.asked)}")


def _piece(request: Request, form: FindForm) -> HttpResponse:
    """The lines. The address of the page is changed to where they are found again, without an entry in the history."""
    asked = form.asked
    reference = searches.keep(request.session, asked, request.POST.get("search", ""))
    at = "cases.caseload" if request.POST.get("at") == "cases" else ""
    context = _found(request, _look(request, asked), asked) | {"search": reference, "at": at}
    answer = render(request, "cases/found_piece.html", context)
    answer["HX-Replace-Url"] = f"{reverse(at or 'cases.find_child')}?search={reference}"
    return answer


def _look(request: Request, asked: Asked) -> Found:
    """A line by code name is no look at a file; a name that was opened is one."""
    found = find(request.actor, asked)
    request.files.extend(one.line.file for one in found.lines if one.line.file.looked)
    return found


def _page(request: Request, form: FindForm, found: Found, asked: Asked) -> dict[str, Any]:
    return _found(request, found, asked) | {
        "form": form,
        "narrowing": narrowing(form),
        "search": request.GET.get("search", ""),
    }


def _found(request: Request, found: Found, asked: Asked) -> dict[str, Any]:
    return {
        "found": found,
        "asked": asked,
        "shown": SHOWN,
        "may_register": request.actor.may(Verb.CASE_REGISTER),
        "may_ask": request.actor.may(Verb.EXISTENCE_ASK),
    }
