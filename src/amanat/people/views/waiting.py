"""What a page asks by itself: whose session stands open in this browser, and what waits for this worker."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from amanat.people import devices, doors
from amanat.people.clock import clock
from amanat.people.waiting import what_waits


@login_not_required
@doors.unattended
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """`whose` session stands open, "" where it is locked, and what waits: locked, that it does and no more. 401 for nobody's.

    It keeps nobody awake.
    """
    if not (request.user.is_authenticated and doors.second_factor(request)):
        return HttpResponse(status=401)
    user, locked = doors.worker_of(request), doors.is_locked(request)
    if not locked:
        devices.listen(request)
    found = [
        {"kind": one.kind, "sentence": one.sentence} | ({} if locked else {"at": one.at})
        for one in what_waits(user, clock())
    ]
    return JsonResponse({"whose": "" if locked else str(user.pk), "waiting": found})
