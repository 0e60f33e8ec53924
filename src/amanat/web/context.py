"""What the page shell needs on every page: the kind of workspace, the languages, the worker, the timers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from amanat.web import live

IDLE_SECONDS = 10 * 60
IDLE_WARNING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Worker:
    """The signed-in person as the header shows them."""

    name: str
    role: str
    agency: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of `web/base.html`; reads AMANAT_KIND, LANGUAGES and the optional AMANAT_DUTY_NUMBER."""
    return {
        "workspace_kind": getattr(settings, "AMANAT_KIND", "real"),
        "duty_number": getattr(settings, "AMANAT_DUTY_NUMBER", ""),
        "languages": [get_language_info(code) for code, _ in settings.LANGUAGES],
        "here": request.get_full_path(),
        "live_url": live.address(request),
        "worker": worker_of(getattr(request, "actor", None)),
        "idle_seconds": getattr(settings, "AMANAT_IDLE_SECONDS", IDLE_SECONDS),
        "idle_warning_seconds": getattr(settings, "AMANAT_IDLE_WARNING_SECONDS", IDLE_WARNING_SECONDS),
    }


def worker_of(actor: Any) -> Worker | None:
    """Name, role and agency of an actor; None for somebody who is not signed in."""
    if actor is None:
        return None
    membership = actor.membership
    role = getattr(membership, "get_role_display", lambda: membership.role)()
    return Worker(name=actor.user.display_name, role=str(role), agency=membership.agency.name)
