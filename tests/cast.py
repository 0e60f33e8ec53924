"""The fixed cast of all tests: two agencies and their workers, each with one role, and one child's case. See `tests/__init__.py`.

Agency A (`north`): jemal and merdan (social workers), ogulgerek (psychologist), bahar (centre worker), sona (health worker),
nurana (hotline operator), aman (supervisor), viktor (administrator). Agency B (`harbour`): dowlet (social worker, the outsider),
selbi (lawyer), elena (supervisor). The mechanism's own: irina (coordinator), kerim and maral (DPOs), andrei, tamara.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from amanat.access.actor import Actor
from amanat.cases.models import Case
from amanat.people import doors
from amanat.people.clock import stopped
from amanat.people.models import Agency, Membership, Role, Site, User

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NORTH, HARBOUR, MECHANISM = "Northern Network", "Harbour Legal Aid", "Referral Mechanism"
CAST: dict[str, tuple[str, Role]] = {
    "jemal": (NORTH, Role.SOCIAL_WORKER),
    "merdan": (NORTH, Role.SOCIAL_WORKER),
    "ogulgerek": (NORTH, Role.PSYCHOLOGIST),
    "bahar": (NORTH, Role.CENTRE_WORKER),
    "sona": (NORTH, Role.HEALTH_WORKER),
    "nurana": (NORTH, Role.HOTLINE_OPERATOR),
    "aman": (NORTH, Role.SUPERVISOR),
    "viktor": (NORTH, Role.ADMINISTRATOR),
    "dowlet": (HARBOUR, Role.SOCIAL_WORKER),
    "selbi": (HARBOUR, Role.LAWYER),
    "elena": (HARBOUR, Role.SUPERVISOR),
    "irina": (MECHANISM, Role.COORDINATOR),
    "kerim": (MECHANISM, Role.DPO),
    "maral": (MECHANISM, Role.DPO),
    "andrei": (MECHANISM, Role.TRAINER),
    "tamara": (MECHANISM, Role.STATISTICIAN),
}
IDENTITY = {
    "names": [{"given": "Aylar", "family": "Çaryýewa"}, {"given": "Айлар", "family": "Чарыева"}],
    "birth_date": "2012-04-05",
    "certainty": "documented",
    "sex": "Feminine",
    "languages": ["tk", "ru"],
    "documents": [{"kind": "birth_certificate", "number": "I-AŞ 123456"}],
}
CONTACTS = {"called": "Aýa", "phones": ["+993 12 463500"], "address": "", "guardian": "", "safe_contact": ""}
PASSWORD = "five calm words for a test"


class Cast(dict[str, Membership]):
    """Memberships by user name; `actor("jemal")` acts as one of them."""

    now = NOW

    def actor(self, name: str, now: datetime | None = None, **proved: Any) -> Actor:
        """An actor who has just proved who they are, unless `proved_at=None` says otherwise."""
        now = now or self.now
        return Actor.of(self[name], now, **{"proved_at": now, "second_factor": True} | proved)


def settle(now: datetime = NOW) -> Cast:
    """The cast, in the database. Thousands of tests begin with it: each table is written once."""
    agencies = {
        name: Agency(name=name, kind="NGO", duty_contact=f"Duty desk of {name}") for name in (NORTH, HARBOUR, MECHANISM)
    }
    sites = {name: Site(agency=agency, name=name, time_zone="Asia/Ashgabat") for name, agency in agencies.items()}
    password, since = make_password(PASSWORD), now.replace(year=2025)
    users = {name: User(username=name, password=password, display_name=name.capitalize()) for name in CAST}
    cast = Cast()
    for name, (agency, role) in CAST.items():
        cast[name] = Membership(user=users[name], agency=agencies[agency], site=sites[agency], role=role, since=since)
    Agency.objects.bulk_create(agencies.values())
    Site.objects.bulk_create(sites.values())
    User.objects.bulk_create(users.values())
    Membership.objects.bulk_create(cast.values())
    return cast


@pytest.fixture
def cast(db: None) -> Cast:
    return settle()


@pytest.fixture
def actor(cast: Cast) -> Callable[..., Actor]:
    """`actor("jemal")`: jemal, freshly signed in."""
    return cast.actor


@pytest.fixture
def register(cast: Cast) -> Callable[..., Case]:
    """`register()`: a case that jemal has just registered; keywords change the child."""

    def make(
        by: str = "jemal", identity: dict[str, Any] | None = None, contacts: dict[str, Any] | None = None, **more: Any
    ) -> Case:
        from amanat.cases.actions.registering import NewChild, register

        new = NewChild(IDENTITY if identity is None else identity, CONTACTS if contacts is None else contacts, **more)
        return register([new], actor=cast.actor(by))[0]

    return make


@pytest.fixture
def case(register: Callable[..., Case]) -> Case:
    """Aylar's case; jemal manages it."""
    return register()


@pytest.fixture
def browse(cast: Cast) -> Iterator[Callable[..., Client]]:
    """`browse("jemal")`: a test client in which jemal is signed in by two factors, at the cast's moment."""

    def sign_in(name: str, *, proved: bool = True, second_factor: bool = True) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(cast[name].user)
        session = client.session
        session[doors.SECOND_FACTOR] = second_factor
        session[doors.PROVED_AT] = (cast.now if proved else cast.now.replace(hour=0)).isoformat()
        session.save()
        return client

    with stopped(cast.now):
        yield sign_in
