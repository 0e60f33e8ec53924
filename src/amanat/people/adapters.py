"""allauth as Amanat uses it: names instead of e-mail addresses, no mail at all, sealed secrets, one frozen RP ID."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, Never

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.people import doors
from amanat.people.models import User
from amanat.people.sealing import seal, unseal
from amanat.people.sessions import SessionStore
from amanat.people.unsent import remember_who

TRY_LATER = _("Too many tries. Wait five minutes, then try again.")


class SendsNothing(Exception):
    """Something wanted to send an e-mail from the ways in. Amanat sends none from there."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in and out."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is suspended. Ask the administrator of your agency."),
        "incorrect_code": _("This code is not right. Type the newest one."),
        "incorrect_password": _("This password is not right."),
        "rate_limited": TRY_LATER,
        "too_many_login_attempts": TRY_LATER,
        "username_password_mismatch": _("The sign-in name or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Never by allauth: it would keep what was posted, passwords too, in the session. See `doors.asks_for_proof`."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The last step of every way in: note how the session was opened, and who works at this browser."""
        by_factor = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
        whole = by_factor or bool(request.session.get(doors.DEMO))
        doors.opened(request, user, second_factor=whole)
        SessionStore.clear_expired()
        if not whole:
            kwargs["redirect_url"] = reverse("mfa_index")
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_who(response, user)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> Never:
        raise SendsNothing(template_prefix)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody has an address here."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for each sign-in name: by allauth's own key it would be one for each of our host names too."""
        return str(credentials.get("username", "")).casefold()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This did not work. Please try once more."),
    }

    def encrypt(self, text: str) -> str:
        return b64encode(seal(text.encode(), purpose="factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(b64decode(encrypted_text), purpose="factor").decode()

    def get_totp_issuer(self) -> str:
        return "Amanat (demo)" if settings.AMANAT_KIND == "demo" else f"Amanat ({settings.AMANAT_HOST})"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host that `init` bound into the workspace's header, not the one that a request names."""
        return {"id": settings.AMANAT_HOST, "name": "Amanat"}
