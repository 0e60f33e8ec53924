"""What a worker sent to a page that had locked itself or to a session that had ended: handed to those who can keep it.

`access` registers the keeper of drafts. After an ended session nobody is signed in, so a signed cookie says who wrote.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from amanat.people.models import User

# A keeper may answer with the address of the page where what was typed can be seen again.
Keeper = Callable[[HttpRequest, User], str | None]
WHO_COOKIE = "__Host-who" if settings.AMANAT_TLS else "who"
WHO_SECONDS = 24 * 60 * 60

_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Let `keeper` have what was sent and could not be taken. It must not raise for a form that it does not know."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def keep(request: HttpRequest, user: User) -> str | None:
    """Offer the request to all keepers; the first address that one answers with, if one does."""
    answers = [keeper(request, user) for keeper in _keepers]
    return next((address for address in answers if address), None)


def remember_who(response: HttpResponse, user: User) -> None:
    """Tell this browser, signed and for a day, who last signed in. It opens nothing."""
    response.set_cookie(
        WHO_COOKIE,
        _signer().sign(str(user.pk)),
        max_age=WHO_SECONDS,
        secure=settings.AMANAT_TLS,
        httponly=True,
        samesite="Strict",
    )


def forget_who(response: HttpResponse) -> None:
    response.delete_cookie(WHO_COOKIE, samesite="Strict")


def who(request: HttpRequest) -> User | None:
    """The worker who last signed in here within a day, if they still work here."""
    try:
        pk = _signer().unsign(request.COOKIES.get(WHO_COOKIE, ""), max_age=WHO_SECONDS)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="amanat.people.who")
