"""Behind a proxy on this machine: where a visitor really came from. Only such a proxy reaches the port, which is on loopback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amanat.config.hosts import is_address


class ProxiedMiddleware:
    """Puts the address that the proxy saw in the place of the proxy's own; what a visitor claims stands before it, and is not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if is_address(seen):
            request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)
