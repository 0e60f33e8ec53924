"""A page that stood open while the session ended and began again in another window: its CSRF token is of the old one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from amanat.people import unsent
from amanat.people.middleware import NEVER_KEPT, url_name
from amanat.web.views import csrf_failure


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The web room's answer (setting CSRF_FAILURE_VIEW); what was typed is kept, if it came from a page of ours.

    The `who` cookie is never sent along from another site, and the browser itself says which site the form stood on.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    author = unsent.who(request) if ours and not url_name(request).startswith(NEVER_KEPT) else None
    if author:
        unsent.keep(request, author)
    return csrf_failure(request, reason)
