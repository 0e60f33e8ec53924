"""`POST /api/v1/hotline/ring`: where a telephone system announces a call, and says when the caller hung up before anybody answered.

It is known by its token (`lines`). 202 means that the call stands in the database. A call is sent on to nobody by us: that is the
telephone system's, and so an answer here never holds one up. While the workspace is locked the answer is 503 for everybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amanat.hotline import marks, ringing
from amanat.hotline.models import Call, Line
from amanat.hotline.ringing import Ring
from amanat.people.clock import clock
from amanat.people.senders import seconds_to_wait, token_digest
from amanat.web.errors import PersonFacingError
from amanat.web.views import drop_the_rest

MOST: Final = 4_000  # bytes
LONGEST_NAME, LONGEST_NUMBER = 200, 100  # letters
# So many in so many seconds, all ours: wrong tokens of an address, rings of one number on a line, rings of a line.
WRONG, OF_A_NUMBER, OF_A_LINE = (20, 60), (6, 60), (240, 60)
RING, ENDED = "ring", "ended"
# What networks and telephone systems write where a number is withheld.
WITHHELD: Final = frozenset({"", "anonymous", "private", "restricted", "unavailable", "unknown", "withheld"})
UNCODED_PLUS = re.compile(r"(^|:) +(?=\d)")
IN_AN_ADDRESS = re.compile(r"(?:sips?|tel):([^@;>?]*)")


@csrf_exempt
@login_not_required
@require_POST
def ring(request: HttpRequest) -> JsonResponse:
    """202 with the call's reference; else a sentence."""
    line = _line(request)
    if line is None:
        return _stranger(request)
    try:
        event, told = read(_sent(request))
    except PersonFacingError as error:
        drop_the_rest(request)
        return _said(f"{error.sentence} {error.hint}".strip(), 400)
    if event == RING and (wait := _wait(request, line, told)):
        return _said(_("Too many calls at once. Announce the next one later."), 429, {"Retry-After": str(wait)})
    call = _heard(line, event, told)
    return JsonResponse({"call": call.pk.hex if call else None}, status=202)


def _heard(line: Line, event: str, told: Ring) -> Call | None:
    """In one transaction; what one telephone system says is heard one after the other."""
    now = clock()
    with transaction.atomic():
        held = Line.objects.select_for_update(of=("self",)).select_related("agency").get(pk=line.pk)
        if event == ENDED:
            return ringing.end(held, told, now)
        held.last_rang_at = now
        held.save(update_fields=["last_rang_at"])
        return ringing.begin(held, told, now)


def read(told: Mapping[str, Any]) -> tuple[str, Ring]:
    """The event, and what it is about.

    Raises:
        PersonFacingError: it does not say which call, or something else than we know.
    """
    event, name, number = (_text(told, key) for key in ("event", "call", "from"))
    if not name or len(name) > LONGEST_NAME:
        raise PersonFacingError(_("Say which call it is."), _("In “call”: the name that your system gives it."))
    if event not in ("", RING, ENDED):
        raise PersonFacingError(_("This event is not known."), _("In “event”: “ring” or “ended”."))
    if len(number) > LONGEST_NUMBER:
        raise PersonFacingError(_("This number is too long."), _("In “from”: the number of the caller, or nothing."))
    return event or RING, Ring(name, number_in(number))


def number_in(text: str) -> str:
    """The number in what a telephone system writes: alone, or inside an address of SIP; E.164 where it can be read."""
    inside = IN_AN_ADDRESS.search(text)
    plain = (inside[1] if inside else text).strip()
    return "" if plain.lower() in WITHHELD else marks.written(plain)


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PersonFacingError(
            _("What was sent is not readable."), _("Send JSON or a form with call, from and event.")
        )
    return str(value).encode("utf-8", "replace").decode().strip()


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    length = request.META.get("CONTENT_LENGTH") or "0"
    try:
        if not length.isdecimal() or int(length) > MOST:
            raise ValueError(length)
        if request.content_type == "application/x-www-form-urlencoded":
            return _of_form(request)
        told = json.loads(request.body)
        if not isinstance(told, dict):
            raise ValueError(type(told))
        return told
    except (ValueError, RecursionError):
        raise PersonFacingError(
            _("What was sent is not readable."), _("Send JSON or a form with call, from and event.")
        ) from None


def _of_form(request: HttpRequest) -> dict[str, str]:
    """Each once: a number may say what it likes and is never read as another field. Some forget that a plus sign has to be coded."""
    if any(len(values) > 1 for _name, values in request.POST.lists()):
        raise ValueError("a field twice")
    told = request.POST.dict()
    return told | {"from": UNCODED_PLUS.sub(r"\1+", told.get("from", ""))}


def _line(request: HttpRequest) -> Line | None:
    digest = token_digest(request)
    return Line.objects.filter(digest=digest, revoked_at=None).select_related("agency").first() if digest else None


def _stranger(request: HttpRequest) -> JsonResponse:
    """The same for a wrong token, one that was revoked, and none; after many, for a while, nothing else."""
    drop_the_rest(request)
    if request.headers.get("Authorization") and (wait := seconds_to_wait(request, "ring", WRONG)):
        return _said(_("Too many wrong tokens."), 429, {"Retry-After": str(wait)})
    return _said(_("This telephone system is not known here."), 401, {"WWW-Authenticate": "Bearer"})


def _wait(request: HttpRequest, line: Line, told: Ring) -> int:
    """Seconds. A number that calls without pause is held up by itself, and takes no room from others."""
    mark = marks.digest_of(line.agency, told.number)  # keyed: where several processes serve, counts stand in files
    if mark and (wait := seconds_to_wait(request, f"ring:{mark.hex()}", OF_A_NUMBER)):
        return wait
    return seconds_to_wait(request, f"ring:{line.pk}", OF_A_LINE)


def _said(sentence: str, status: int, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status, headers=headers)
