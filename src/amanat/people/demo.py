"""The one-click way in of a demo workspace: invented people, no password. A real workspace has no route to it."""

from __future__ import annotations

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.contrib.auth import logout
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse

from amanat.people import doors
from amanat.people.models import Membership, User


def people(now: datetime) -> QuerySet[User]:
    """Everybody who can be signed in, with their current memberships as `works_as`."""
    current = Membership.objects.current(now).select_related("agency").order_by("since")
    return User.objects.filter(is_active=True).prefetch_related(Prefetch("memberships", current, to_attr="works_as"))


def sign_in(request: HttpRequest, user: User, next_: str) -> HttpResponse:
    """Open a session as `user`, as if by two factors."""
    logout(request)
    request.session[doors.DEMO] = True
    adapter = get_adapter(request)
    adapter.login(request, user)
    response: HttpResponse = adapter.post_login(
        request, user, email_verification="none", signal_kwargs=None, email=None, signup=False, redirect_url=next_
    )
    return response
