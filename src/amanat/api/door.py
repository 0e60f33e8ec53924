"""`/phone/submission`: what a phone sends, sealed and on the disk before it hears that it was taken; locked or not.

Who sends is known by the gate, which the verbs of devices rewrite. Nothing here asks the database. Filing follows in `filing`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amanat.api import openrosa, packets
from amanat.people.clock import clock
from amanat.people.senders import seconds_to_wait
from amanat.vault import gate, intake
from amanat.web.views import drop_the_rest

log = logging.getLogger(__name__)
KIND: Final = "phone"  # of the packets in the intake
TOKENS: Final = "openrosa"  # under which the gate has the digests of devices
WRONG: Final = (20, 60)  # wrong passwords of one address in so many seconds


def digest_of(name: str, password: str) -> str:
    return hashlib.sha256(f"{name}:{password}".encode()).hexdigest()


def told(request: HttpRequest) -> tuple[str, str]:
    """Name and digest by Basic; of no device where nothing was told."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _colon, password = base64.b64decode(rest, validate=True).decode().partition(":")
    except ValueError:  # no base64, no text, or letters that no base64 has
        return "", ""
    return name, digest_of(name, password)


def refused(request: HttpRequest) -> HttpResponse:
    """The same for a wrong password and for a device that there never was; after many, for a while, nothing else."""
    status, header, value = 401, "WWW-Authenticate", 'Basic realm="Amanat", charset="UTF-8"'
    if request.headers.get("Authorization") and (wait := seconds_to_wait(request, "phone", WRONG)):
        status, header, value = 429, "Retry-After", str(wait)
    response = openrosa.said(_("This phone may not do that. Set it up anew on the page Phones."), status=status)
    response[header] = value
    return response


@csrf_exempt
@login_not_required
@require_http_methods(["HEAD", "POST"])
def submission(request: HttpRequest) -> HttpResponse:
    """201 when it is kept; else a sentence."""
    held = gate.read(Path(settings.WORKSPACE))
    name, digest = told(request)
    if not any(hmac.compare_digest(digest, one) for one in held.tokens.get(TOKENS, ())):
        drop_the_rest(request)
        return refused(request)
    if request.method == "HEAD":
        return openrosa.answer(status=204)
    size = request.META.get("CONTENT_LENGTH", "")
    if not size.isdecimal():
        return openrosa.said(_("The packet is not whole."), status=411)
    if int(size) > openrosa.ACCEPTED:
        drop_the_rest(request)
        return openrosa.said(_("It is larger than 20 MB. Send fewer or smaller files."), status=413)
    try:
        packet = packets.read(name, request.headers.get("Content-Type", ""), request.read(int(size)))
    except packets.NotASubmission as error:
        return openrosa.said(f"{error.sentence} {error.hint}".strip(), status=400)
    return _keep(packet, bytes.fromhex(held.intake_public))


def _keep(packet: packets.Packet, public: bytes) -> HttpResponse:
    now, body = clock(), packet.packed()
    key = packets.instance_id_of(packets.root_of(packet.instance))
    sealed = intake.seal(public, intake.Packet(KIND, intake.id_of(KIND, key, body), now, body))
    try:
        intake.spool(intake.folder(Path(settings.WORKSPACE)), sealed, now)
    except (OSError, intake.NoRoom) as error:
        log.warning("a packet of a phone could not be kept: %s", error)
        return openrosa.said(_("There is no room for it now. Keep it on the phone and send it later."), status=503)
    return openrosa.said(_("Taken. It is filed as soon as the workspace is open."), status=201)
