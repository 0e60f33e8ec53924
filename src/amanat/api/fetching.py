"""What a phone fetches: the list of forms, each form, and the files beside it. Signed in by Basic, each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import log_line
from amanat.api import door, form_keys, openrosa, phone_forms
from amanat.api.form_keys import Lock
from amanat.api.models import Device
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.forms import kept
from amanat.forms.files import kind_of
from amanat.forms.models import FormVersion
from amanat.people.clock import clock

View = Callable[..., HttpResponse]


class NoFile(Exception):
    """No such file lies beside a form."""


def for_phones(view: View) -> View:
    """The view answers the worker whose phone asks, in their language; nobody else learns anything."""

    @csrf_exempt
    @login_not_required
    @require_http_methods(["GET", "HEAD"])
    @wraps(view)
    def run(request: HttpRequest, **given: str) -> HttpResponse:
        actor = _actor(request)
        if actor is None:
            return door.refused(request)
        with translation.override(actor.user.language):
            try:
                return view(request, actor, **given)
            except (kept.NoForm, NoFile):
                return openrosa.answer(status=404)

    return run


def _actor(request: HttpRequest) -> Actor | None:
    _name, digest = door.told(request)
    held = Device.objects.select_related("membership__user", "membership__agency", "membership__site")
    device = held.filter(digest=digest, revoked_at=None).first() if digest else None
    now = clock()
    if device is None or not (device.membership.is_current(now) and device.membership.user.is_active):
        return None
    return Actor.of(device.membership, now, where=request.META.get("REMOTE_ADDR", ""), page="openrosa.forms")


@for_phones
def form_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    language, lock = actor.user.language, form_keys.lock()
    return openrosa.form_list(_listed(request, version, language, lock) for version in phone_forms.versions())


def _listed(request: HttpRequest, version: FormVersion, language: str, lock: Lock) -> openrosa.Listed:
    name = version.form.name
    return openrosa.Listed(
        name,
        version.label.text(language) or name,
        phone_forms.version_of(version, lock),
        phone_forms.md5_of(version, language, lock),
        request.build_absolute_uri(reverse("openrosa.form", args=[name])),
        request.build_absolute_uri(reverse("openrosa.manifest", args=[name])),
    )


@for_phones
def form(request: HttpRequest, actor: Actor, form_name: str) -> HttpResponse:
    return openrosa.answer(phone_forms.xform(kept.current(form_name), actor.user.language))


@for_phones
def manifest(request: HttpRequest, actor: Actor, form_name: str) -> HttpResponse:
    files = phone_forms.media(kept.current(form_name), _cases(actor))
    at = request.build_absolute_uri
    rows = [
        (name, phone_forms.md5(content), at(reverse("openrosa.media", args=[form_name, name])))
        for name, content in files.items()
    ]
    return openrosa.manifest(rows)


@for_phones
def media(request: HttpRequest, actor: Actor, form_name: str, file_name: str) -> HttpResponse:
    files = phone_forms.media(kept.current(form_name), _cases(actor) if file_name == phone_forms.CASES else b"")
    if file_name not in files:
        raise NoFile(file_name)
    return openrosa.answer(files[file_name], kind=kind_of(file_name) or "text/csv; charset=utf-8")


def _cases(actor: Actor) -> bytes:
    """The list of files leaves the house: the log tells of it."""
    content = phone_forms.case_list(actor)
    with transaction.atomic():
        recording.record(**log_line(actor, Verb.LOOK_CASELOAD, Outcome.READ))
    return content
