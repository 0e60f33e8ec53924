"""Addresses for tests: the real ones, and a page of some other room that a worker writes on."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from amanat.config.urls import handler400, handler403, handler404, handler500
from amanat.config.urls import urlpatterns as real
from amanat.people.doors import asks_for_proof, unattended

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


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
    *real,
]
