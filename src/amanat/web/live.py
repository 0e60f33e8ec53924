"""Where a page listens to the live stream, which another port serves: see `config.tree.stream`. Reads AMANAT_LIVE_PORT."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def origin(request: HttpRequest) -> str:
    """To be allowed by the content policy; "" where there is no stream, or it is reached as the pages are."""
    port = getattr(settings, "AMANAT_LIVE_PORT", 0)
    if not port or getattr(settings, "AMANAT_PROXIED", False):
        return ""
    try:
        host = re.sub(r":[0-9]+$", "", request.get_host())
    except DisallowedHost:
        return ""
    return f"{request.scheme}://{host}:{port}"


def address(request: HttpRequest) -> str:
    """Of the stream; "" where there is none."""
    return f"{origin(request)}/live" if getattr(settings, "AMANAT_LIVE_PORT", 0) else ""
