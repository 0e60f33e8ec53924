"""What a locked workspace shows: what to do, and on the machine itself the form for the words."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from amanat.config import unlocking
from amanat.vault import control
from amanat.vault.control import WAIT
from amanat.vault.keys import NotAWorkspace, Workspace

RETRY_AFTER = 60  # seconds
OPENING = 3  # seconds until the page looks whether it is open
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def is_here(request: HttpRequest) -> bool:
    """Whether the visitor sits at this machine: by address and by name, and no proxy speaks for somebody else."""
    name = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        near = False
    return (
        near and name in ("localhost", "127.0.0.1", "[::1]") and not any(mark in request.headers for mark in FORWARDED)
    )


@csrf_exempt
def locked(request: HttpRequest) -> HttpResponse:
    """Every page of a locked workspace."""
    return _answer(render(request, "tree/locked.html", {"opens_here": is_here(request), "here": "/"}, status=503))


@csrf_exempt
def ring(request: HttpRequest) -> HttpResponse:
    """To a telephone system that says a call is there, known here or not: not now."""
    sentence = _("The workspace is locked. The call shows on no screen; answer it at the telephone.")
    return _answer(JsonResponse({"error": sentence}, status=503))


@csrf_exempt
def directory(request: HttpRequest) -> HttpResponse:
    """To whoever reads the directory of services: not now."""
    return _answer(JsonResponse({"error": _("The workspace is locked. Ask again later.")}, status=503))


@sensitive_post_parameters("words")
def unlock(request: HttpRequest) -> HttpResponse:
    """The form for the words, on this machine only; from elsewhere it is as if it were not there."""
    if not is_here(request):
        return locked(request)
    try:
        by_file = _by_file()
        wrong = _try(request) if request.method == "POST" else ""
    except NotAWorkspace as error:  # its header is damaged
        by_file, wrong = False, str(error)
    if wrong is None:
        return _answer(render(request, "tree/opening.html", {"here": "/"}), OPENING)
    context = {"sentence": wrong, "by_file": by_file, "here": "/unlock"}
    return render(request, "tree/unlock.html", context, status=400 if wrong else 200)


def _try(request: HttpRequest) -> str | None:
    """Give the words to the supervisor; what is wrong, None where it opens."""
    try:
        told = control.ask(settings.WORKSPACE, {"ask": "unlock", "words": request.POST.get("words", "")})
        if told is None:
            raise control.NoAnswer
    except control.NoAnswer as error:
        return str(error)
    if not told["locked"]:
        return None
    if told["wrong"] == WAIT:
        return _("Too many wrong tries. Wait a minute, then try again.")
    if _by_file():
        return _("The key file does not open the workspace, or is not there.")
    return _("These words do not open the workspace. Check each of them, and their order.")


def _by_file() -> bool:
    return unlocking.has_keyfile(Workspace.at(settings.WORKSPACE))


def _answer(response: HttpResponse, seconds: int = RETRY_AFTER) -> HttpResponse:
    """With when to look again. Django would write each address that was asked for into the log as an error of ours."""
    response["Retry-After"] = str(seconds)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
