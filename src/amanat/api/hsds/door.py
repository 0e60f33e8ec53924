"""The door of the read API: for everybody, reading only, so often an address; whatever goes wrong is a sentence in JSON.

What leaves is public (`directory.openness`), so no sign-in stands before it, and no page elsewhere may read it in a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from amanat.api.hsds.asked import NDJSON, Asked, read
from amanat.people.senders import seconds_to_wait
from amanat.web.errors import PersonFacingError
from amanat.web.views import drop_the_rest

View = Callable[..., HttpResponseBase]
# So many in so many seconds of one address, both ours: questions, and whole directories.
OFTEN: Final = (120, 60)
WHOLE: Final = (6, 60)


def said(sentence: str, status: int, headers: dict[str, str] | None = None, **more: str) -> JsonResponse:
    answer = {"error": sentence, **{name: value for name, value in more.items() if value}}
    return JsonResponse(answer, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def reads(*names: str) -> Callable[[View], View]:
    """A view of the API; `names` are the parameters that its address knows. It gets them as `asked`."""

    def opened(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def reading(request: HttpRequest, **ids: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                drop_the_rest(request)
                return said(_("This address is only read."), 405, {"Allow": "GET, HEAD"})
            try:
                asked = read(request.GET, names)
                return _too_often(request, asked) or view(request, asked, **ids)
            except PersonFacingError as error:
                return said(f"{error.sentence} {error.hint}".strip(), 400, parameter=error.field or "")
            except Http404:
                return said(_("There is no such entry here."), 404)

        return reading

    return opened


def _too_often(request: HttpRequest, asked: Asked) -> JsonResponse | None:
    wait = seconds_to_wait(request, "hsds", OFTEN)
    if not wait and asked.format == NDJSON:
        wait = seconds_to_wait(request, "hsds:whole", WHOLE)
    return said(_("Too many questions. Ask again later."), 429, {"Retry-After": str(wait)}) if wait else None
