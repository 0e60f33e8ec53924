"""Addresses for tests: this room and the shell, and pages as another room would have them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from amanat.people.doors import asks_for_proof, unattended

handler400 = "amanat.web.views.bad_request"
handler403 = "amanat.web.views.refused"
handler404 = "amanat.web.views.not_found"
handler500 = "amanat.web.views.server_error"


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Start</title><h1>Start</h1>")


def note(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page to write on")


@asks_for_proof
def sensitive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@unattended
def presence(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page that asks by itself")


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for everybody")


urlpatterns = [
    path("", home, name="test.home"),
    path("note", note, name="test.note"),
    path("sensitive", sensitive, name="test.sensitive"),
    path("presence", presence, name="test.presence"),
    path("public", public, name="test.public"),
    path("", include("amanat.web.urls")),
    path("", include("amanat.people.urls")),
]
