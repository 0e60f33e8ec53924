"""The neutral page and the error pages. An error page says what happened and what to do, never what was asked for."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amanat.web.errors import PersonFacingError

CHUNK = 64 * 1024  # bytes
SECRET = {"password", "again", "code", "credential"}  # fields of the ways in; what is typed there is never shown again


@require_safe
def neutral(request: HttpRequest) -> HttpResponse:
    """A page about nothing, where "Leave quickly" leads."""
    return render(request, "web/neutral.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 if what was sent is too large."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _error(request, "400.html", 400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may know of the thing but not do this; shows the sentence of a `Refused`."""
    error = exception.__cause__ if isinstance(exception.__cause__, PersonFacingError) else None
    return _error(request, "403.html", 403, error)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a page that stood open too long, with advice that loses nothing (setting CSRF_FAILURE_VIEW)."""
    return _error(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what is missing and for what one may not know of."""
    return _error(request, "404.html", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: a file or form over the limit."""
    drop_the_rest(request)
    return _error(request, "413.html", 413)


def drop_the_rest(request: HttpRequest) -> None:
    """Read what is still on its way: a browser, or another sender, hears the answer only after that."""
    rest = settings.UPLOAD_LIMIT
    while rest > 0 and (dropped := request.read(CHUNK)):
        rest -= len(dropped)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the shell, since whatever broke may break again. What was typed is held out to be sent once more."""
    context = {"sent": _sent(request), "address": request.path, "token": get_token(request)}
    return HttpResponse(render(None, "500.html", context).content, status=500)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that could not be taken; none where a secret is among them, or it came to no form."""
    if request.method != "POST" or SECRET & set(request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]


def _error(request: HttpRequest, template: str, status: int, error: PersonFacingError | None = None) -> HttpResponse:
    # `here` and `nav` are fixed, so that nothing in the page depends on the address that was asked for.
    return render(request, template, {"here": "/", "nav": "", "error": error}, status=status)
