"""`POST /intake/<kind>`: a packet from outside, sealed and on the disk before its sender hears that it was taken; locked or not.

A sender may name a packet (`Idempotency-Key`), and then send it again without harm. Which kinds there are, how many of one sender
and what lets them in stands in the gate. An answer tells no sender whether anybody else has sent anything.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amanat.people.clock import clock
from amanat.people.senders import seconds_to_wait, token_digest
from amanat.vault import gate, intake
from amanat.web.views import drop_the_rest

log = logging.getLogger(__name__)
LONGEST_KEY: Final = 200  # characters
SOON: Final = 60  # seconds until somebody whom the disk refused should try again


@csrf_exempt
@login_not_required
@require_POST
def take(request: HttpRequest, kind: str) -> HttpResponse:
    """202 when it is kept; else why not, by status alone: programs send here."""
    held = gate.read(Path(settings.WORKSPACE))
    if kind not in held.limits:
        return HttpResponse(status=404)
    if held.asks_for_a_token(kind) and not _is_let_in(request, held.tokens.get(kind, ())):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    if refused := _refused_by_size(request):
        return refused
    if wait := seconds_to_wait(request, f"intake:{kind}", held.limits[kind]):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    return _keep(request, kind, bytes.fromhex(held.intake_public))


def _keep(request: HttpRequest, kind: str, public: bytes) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "")[:LONGEST_KEY]
    now = clock()
    packet = intake.Packet(kind, intake.id_of(kind, key, request.body), now, request.body)
    try:
        intake.spool(intake.folder(Path(settings.WORKSPACE)), intake.seal(public, packet), now)
    except (OSError, intake.NoRoom) as error:
        log.warning("a packet could not be kept: %s", error)
        return HttpResponse(status=503, headers={"Retry-After": str(SOON)})
    return HttpResponse(status=202)


def _is_let_in(request: HttpRequest, digests: tuple[str, ...]) -> bool:
    return token_digest(request) in digests


def _refused_by_size(request: HttpRequest) -> HttpResponse | None:
    """Before any of it is kept in memory."""
    told = request.META.get("CONTENT_LENGTH", "")
    if not told.isdigit():
        return HttpResponse(status=411)
    if int(told) <= intake.MOST:
        return None
    drop_the_rest(request)
    return HttpResponse(status=413)
