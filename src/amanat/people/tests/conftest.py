"""A few workers, and how they come in. Nobody here is a real person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from amanat.people.models import Agency, Membership, Role, User
from amanat.people.tests.ways import PASSWORD, sign_in
from amanat.web import navigation


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> Iterator[None]:
    """Counts of tries stand in the process, beside the database."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _the_room_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of this room and the shell; no navigation, whose links lead to the rooms above."""
    settings.ROOT_URLCONF = "amanat.people.tests.pages"
    monkeypatch.setattr(navigation, "_entries", {})


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def agency(db: None) -> Agency:
    return Agency.objects.create(name="Centre for Assistance", kind="ngo")


@pytest.fixture
def jemal(agency: Agency, now: datetime) -> User:
    """A social worker with a password and no second factor yet."""
    user = User.objects.create_user("jemal", PASSWORD, display_name="Jemal Orazova")
    Membership.objects.create(user=user, agency=agency, role=Role.SOCIAL_WORKER, since=now)
    return user


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def merdan(agency: Agency, secret: str, now: datetime) -> User:
    """A psychologist whose phone shows the codes of `secret`, with recovery codes."""
    user = User.objects.create_user("merdan", PASSWORD, display_name="Merdan Atayev")
    Membership.objects.create(user=user, agency=agency, role=Role.PSYCHOLOGIST, since=now)
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return user


@pytest.fixture
def app(merdan: User) -> Authenticator:
    return Authenticator.objects.get(user=merdan, type=Authenticator.Type.TOTP)


@pytest.fixture
def at_work(merdan: User, secret: str) -> Client:
    """Merdan's browser, signed in with both factors."""
    return sign_in(Client(), merdan, secret)
