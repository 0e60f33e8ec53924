"""One factor again: to open a locked session, or to confirm that it is still the worker before something sensitive."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amanat.people import doors
from amanat.people.forms import CodeProof, PasskeyProof, PasswordProof, Proof

WAYS: dict[str, type[Proof]] = {"password": PasswordProof, "code": CodeProof, "passkey": PasskeyProof}


@doors.while_locked
@doors.before_second_factor
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """The locked screen. Coming here locks, so that the page's own timer and a link can."""
    if request.method != "POST":
        doors.lock(request)
    return _prove(request, "people/locked.html", worker=None)  # nothing of the work is shown, its navigation neither


@doors.before_second_factor
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm that it is you (allauth calls it reauthentication)."""
    return _prove(request, "people/confirm.html")


def _prove(request: HttpRequest, template: str, **shown: object) -> HttpResponse:
    user = doors.worker_of(request)
    if request.method == "POST" and is_demo(request) and "demo" in request.POST:
        doors.proved(request)
        return redirect(doors.next_of(request))
    ways = ways_of(request)
    way = "passkey" if "credential" in request.POST else request.GET.get("way", "")
    way = way if way in ways else ways[0]
    form = WAYS[way](request, user)
    if form.is_valid():
        form.record()
        doors.proved(request)
        return redirect(doors.next_of(request))
    others = [other for other in ways if other not in {way, "passkey"}]
    shown |= {"form": form, "way": way, "others": others, "has_passkey": "passkey" in ways}
    return render(request, template, shown | {"next": doors.next_of(request), "is_demo": is_demo(request)})


def ways_of(request: HttpRequest) -> list[str]:
    """What this worker can prove with, the usual one first."""
    user = doors.worker_of(request)
    held = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    by_code = held & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
    ways = {
        "password": user.has_usable_password() or not held,
        "code": bool(by_code),
        "passkey": Authenticator.Type.WEBAUTHN in held,
    }
    return [way for way, there in ways.items() if there]


def is_demo(request: HttpRequest) -> bool:
    """Whether the session was opened by one click: an invented person has nothing to prove with."""
    return settings.AMANAT_KIND == "demo" and bool(request.session.get(doors.DEMO))
