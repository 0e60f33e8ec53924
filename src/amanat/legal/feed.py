"""`GET /calendar/<token>.ics`: a worker's appointments for a calendar program. The token alone opens it, and tells nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from amanat.access.actor import Actor
from amanat.cases import appointments
from amanat.legal import icalendar
from amanat.legal.models import Feed
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.people.senders import digest_of, seconds_to_wait

KIND: Final = "text/calendar; charset=utf-8"
BACK, AHEAD, MOST = timedelta(days=30), timedelta(days=400), 500
WRONG: Final = (20, 60)  # so many wrong tokens of an address in so many seconds
OFTEN: Final = (30, 60)  # so many looks at one feed
LONGEST: Final = 100  # letters of a token


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The same empty 404 for a wrong token, a closed feed, and a worker who has left."""
    found = _feed(token)
    if found is None:
        return _wait(request, "calendar", WRONG) or _said("", 404)
    if too_often := _wait(request, f"calendar:{found.pk}", OFTEN):
        return too_often
    now = clock()
    actor = Actor.of(found.membership, now)
    told = appointments.of(actor, now - BACK, now + AHEAD, MOST)
    with override(found.language):
        events = [(icalendar.uid(token, one.key.bytes), one.at) for one, _case in told]
        body = icalendar.calendar(events, summary=_("Appointment"), name=_("Appointments"), now=now)
    return _said(body, 200, KIND)


def _feed(token: str) -> Feed | None:
    if len(token) > LONGEST:
        return None
    rows = Feed.objects.filter(digest=digest_of(token), revoked_at=None).select_related(
        "membership__user", "membership__agency"
    )
    found = rows.first()
    current = found and Membership.objects.current(clock()).filter(pk=found.membership_id).exists()
    return found if current else None


def _wait(request: HttpRequest, counter: str, limit: tuple[int, int]) -> HttpResponse | None:
    seconds = seconds_to_wait(request, counter, limit)
    if not seconds:
        return None
    answer = _said("", 429)
    answer["Retry-After"] = str(seconds)
    return answer


def _said(body: str, status: int, kind: str = "text/plain") -> HttpResponse:
    answer = HttpResponse(body, status=status, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Robots-Tag"] = "noindex"
    return answer
