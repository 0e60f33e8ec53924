"""Addresses for the tests of this room alone: the room's own, and pages that use it as another room would."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from amanat.web.errors import PersonFacingError, Refused, Stale
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Seen, Tick

SAVED: dict[str, Any] = {"version": 2, "note": "She is at the centre.", "risk": "high"}


class NoteForm(Form):
    name = forms.CharField(label="Name", help_text="As it is said.")
    born = forms.DateField(label="Born", required=False, widget=DateInput())
    risk = forms.ChoiceField(label="Risk", widget=Radios(), choices=[("low", "Low risk"), ("high", "High risk")])
    needs = forms.MultipleChoiceField(
        label="Needs", required=False, widget=Checkboxes(), choices=[("bed", "A bed"), ("doctor", "A doctor")]
    )
    note = forms.CharField(label="Note", widget=LongText())
    told = forms.BooleanField(label="The child was told", widget=Tick())
    seen = Seen()


def write(*, actor: Any, seen: int, name: str, **fields: Any) -> dict[str, Any]:
    """A verb: refuses one name, and writes only on the version that was seen."""
    if name == "Nobody":
        raise PersonFacingError("This name stands for nobody.", hint="Ask the child.", field="name")
    if name == "Elsewhere":
        raise PersonFacingError("The file moved to another agency.", field="agency")
    if seen != SAVED["version"]:
        raise Stale({"note": SAVED["note"], "risk": SAVED["risk"]}, version=SAVED["version"])
    return {"actor": actor, "name": name} | fields


def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request, initial={"seen": SAVED["version"]})
    if form.apply(write):
        return HttpResponse("written")
    return render(request, "web/tests/note.html", {"form": form})


def drafts(request: HttpRequest) -> HttpResponse:
    DRAFTS.append(request.POST.dict())
    return HttpResponse(status=204)


DRAFTS: list[dict[str, str]] = []


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404("no such row")


def closed(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied from Refused("Only the supervisor may close this.", "Ask her.")


def large(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a thing that the page must not show")


LOCKS: list[str] = []


def locked(request: HttpRequest) -> HttpResponse:
    """As in `people`: coming here locks."""
    LOCKS.append(request.method or "")
    return render(request, "web/locked.html")


STANDING: list[int] = [200]
WAITING: list[dict[str, str]] = []


def waiting(request: HttpRequest) -> HttpResponse:
    """As in `people`: whose session stands open, for which these tests have nobody's name, and what waits."""
    retry = {"Retry-After": "60"} if STANDING[-1] == 503 else None  # a locked workspace
    return JsonResponse({"whose": "", "waiting": WAITING}, status=STANDING[-1], headers=retry)


urlpatterns = [
    path("", include("amanat.web.urls")),
    path("note", note, name="tests.note"),
    path("draft", drafts, name="access.draft"),
    path("missing", missing),
    path("closed", closed),
    path("large", large),
    path("broken", broken),
    path("account/locked", locked, name="account_locked"),
    path("waiting", waiting, name="waiting"),
    path("account/sign-out", waiting, name="account_logout"),
]

handler400 = "amanat.web.views.bad_request"
handler403 = "amanat.web.views.refused"
handler404 = "amanat.web.views.not_found"
handler500 = "amanat.web.views.server_error"
