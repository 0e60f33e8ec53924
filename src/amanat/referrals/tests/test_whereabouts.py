"""A confidential place is known to whoever received a child there, and no longer than that."""

from __future__ import annotations

import pytest

from amanat.directory.confidential import may_open
from amanat.directory.models import Location, Organization, Service, ServiceAtLocation
from amanat.referrals.actions.answering import accept
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.tests.network import agree, ask, fresh, sent

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_the_receiver_learns_where_the_place_is_from_accepting_to_the_end(case, cast, actor):
    harbour = Organization.objects.create(name="Harbour", agency=cast["dowlet"].agency)
    keeper = Organization.objects.create(name="House", agency=cast["irina"].agency)
    house = Location.objects.create(organization=keeper, location_type="physical", is_confidential=True)
    beds = Service.objects.create(organization=harbour, name="Beds", status="active")
    ServiceAtLocation.objects.create(service=beds, location=house)
    agree(case, harbour.agency, cast)
    [referral] = sent(case, cast, ask(harbour.agency, service=beds))
    assert not may_open(actor("dowlet"), house)
    accept(referral, actor=actor("dowlet"))
    assert may_open(actor("dowlet"), house)
    for name in ("selbi", "elena", "jemal", "merdan"):
        assert not may_open(actor(name), house), name
    revoke(case, referral=fresh(referral), words="Elsewhere.", actor=actor("jemal"))
    assert not may_open(actor("dowlet"), house)
