"""What pages cost: at most twelve queries and fifteen kilobytes, for twenty workers as for two hundred."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from django.test import Client

from amanat.cases.models import Case
from amanat.office.actions import proposing
from amanat.office.tests.ways import counting, proposed, read
from amanat.people.models import Membership, Role, User
from tests.cast import Cast

Browse = Callable[..., Client]
QUERIES, BYTES = 12, 15 * 1024  # DESIGN §8
PAGES = {
    "/people": ("viktor", "aman", "kerim"),
    "/agencies": ("viktor",),
    "/leave": ("jemal", "aman"),
    "/policy": ("jemal", "kerim"),
    "/desk": ("kerim",),
    "/desk/grants": ("kerim",),
    "/desk/roles": ("kerim",),
    "/desk/log": ("kerim",),
    "/people/proposals": ("kerim",),
    "/people/invite": ("viktor",),
}


def fill(cast: Cast, count: int) -> None:
    """So many more workers in both agencies, every fifth with a proposal that waits."""
    users = User.objects.bulk_create(
        User(username=f"worker{number}", password="!", display_name=f"Worker {number}") for number in range(count)
    )
    places = [cast["jemal"].agency, cast["dowlet"].agency]
    Membership.objects.bulk_create(
        Membership(user=user, agency=places[place % 2], role=Role.SOCIAL_WORKER, since=cast.now)
        for place, user in enumerate(users)
    )
    for user in users[::20]:
        proposing.propose_reset(user, reason="Lost.", actor=cast.actor("viktor"))
    proposed(cast, cast["andrei"].user, Role.LAWYER)


@pytest.mark.parametrize("count", [20, 200])
def test_pages_cost_no_more_for_more_workers(cast: Cast, case: Case, browse: Browse, count: int) -> None:
    fill(cast, count)
    addresses = PAGES | {f"/people/{cast['jemal'].user_id}": ("viktor", "aman", "kerim")}
    for address, names in addresses.items():
        for name in names:
            client = browse(name)
            client.get("/policy")
            with counting() as queries:
                page = read(client, address)
            assert len(queries) <= QUERIES, (address, name, len(queries), "\n".join(queries))
            assert len(gzip.compress(page.encode())) <= BYTES, (address, name)
