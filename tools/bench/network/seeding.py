"""Fills a workspace with a network: children, a directory of services, and referrals of two years.

Run as `python -m tools.bench.network.seeding CHILDREN` in a workspace's environment. Referrals are written as rows, sealed as the
verbs seal them: through the verbs it would take hours, and what those cost is not measured here.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tools.bench import seed

if TYPE_CHECKING:
    from amanat.cases.models import Case
    from amanat.people.models import Membership
    from amanat.referrals.models import Referral

A_CHILD, SERVICES, ORGANISATIONS = 10, 5_000, 500  # referrals of a child; services; who offers them
OPEN = 0.04  # of all: what is in somebody's hands now
DAYS, LATELY = 700, 9  # back to which referrals go; the open ones
TOGETHER = 1_000
SUMMARY = {
    "need": "A place to sleep for some nights, with somebody who speaks Turkmen.",
    "age_band": "14-15",
    "sex": "Feminine",
    "languages": ["tk", "ru"],
    "limits": "Do not call the home number.",
    "words": "She sleeps badly and asks about school.",
}


def main(children: int) -> None:
    from django.db import transaction

    seed.main(children)
    draw = random.Random(children)
    with transaction.atomic():
        _directory(draw)
    _referrals(draw)


def _directory(draw: random.Random) -> None:
    """Each organisation with one place on the map, ten services, their hours and languages."""
    from amanat import packs
    from amanat.directory.models import (
        Language,
        Location,
        Organization,
        Schedule,
        Service,
        ServiceAtLocation,
        ServiceNeed,
    )
    from amanat.people.models import Agency

    known = packs.current()
    needs, regions = ([code for code, _label in known.codes(name).choices()] for name in ("service_need", "region"))
    now, agencies = datetime.now(UTC), list(Agency.objects.order_by("name"))
    organisations = Organization.objects.bulk_create(
        Organization(name=f"Organisation {number}", agency=agencies[number] if number < len(agencies) else None)
        for number in range(ORGANISATIONS)
    )
    places = Location.objects.bulk_create(
        Location(
            name=f"House {number}",
            organization=one,
            region=draw.choice(regions),
            latitude=draw.uniform(36, 42),
            longitude=draw.uniform(53, 66),
        )
        for number, one in enumerate(organisations)
    )
    services = Service.objects.bulk_create(
        Service(
            name=f"Service {number}",
            organization=organisations[number % ORGANISATIONS],
            minimum_age=draw.choice((None, 0, 6, 12)),
            maximum_age=draw.choice((None, 14, 18, 25)),
            free_places=draw.choice((None, 0, 1, 4)),
            free_places_at=now,
            confirmed_on=(now - timedelta(days=draw.randrange(200))).date(),
        )
        for number in range(SERVICES)
    )
    ServiceNeed.objects.bulk_create(ServiceNeed(service=one, code=draw.choice(needs)) for one in services)
    ServiceAtLocation.objects.bulk_create(
        ServiceAtLocation(service=one, location=places[number % ORGANISATIONS]) for number, one in enumerate(services)
    )
    Schedule.objects.bulk_create(
        Schedule(service=one, freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="18:00")
        for one in services
    )
    spoken = [(one, code) for one in services for code in ("tk", "ru", "ro") if draw.random() < 0.6]
    Language.objects.bulk_create(Language(service=one, code=code) for one, code in spoken)


def _referrals(draw: random.Random) -> None:
    """So many of each child, to agencies that are not its own; counted as the product counts them."""
    from django.db import transaction

    from amanat.cases.models import Case
    from amanat.people.models import Agency, Membership
    from amanat.referrals.models import Flow

    agencies = list(Agency.objects.values_list("pk", flat=True))
    members: dict[Any, list[Membership]] = {}
    for one in Membership.objects.filter(role="social_worker").select_related("agency"):
        members.setdefault(one.agency_id, []).append(one)
    flows: dict[tuple[Any, ...], Counter[str]] = {}
    cases = list(Case.objects.select_related("subject").order_by("pk"))
    for first in range(0, len(cases), TOGETHER // A_CHILD):
        with transaction.atomic():
            _of(cases[first : first + TOGETHER // A_CHILD], agencies, members, flows, draw)
        if first % 2_000 == 0:
            print(f"{first:>9} of {len(cases)} children have their referrals", flush=True)
    Flow.objects.bulk_create(
        [
            Flow(month=month, sender_id=sender, to=to, outside=False, need=need, **counts)
            for (month, sender, to, need), counts in flows.items()
        ],
        batch_size=5_000,
    )


def _of(
    cases: list[Case],
    agencies: list[Any],
    members: dict[Any, list[Membership]],
    flows: dict[tuple[Any, ...], Counter[str]],
    draw: random.Random,
) -> None:
    from amanat.referrals.models import Referral, Response, Step

    made = Response.objects.bulk_create(
        Response(subject=case.subject, case=case, made_by=members[case.agency_id][0], made_at=datetime.now(UTC))
        for case in cases
    )
    rows = [
        _one(case, response, draw.choice([one for one in agencies if one != case.agency_id]), members, draw)
        for case, response in zip(cases, made, strict=True)
        for _number in range(A_CHILD)
    ]
    Referral.objects.bulk_create(rows)
    Step.objects.bulk_create(
        Step(
            referral=row,
            subject=row.subject,
            verb="send",
            from_state="draft",
            to_state="sent",
            membership=row.sent_by,
            at=row.since,
        )
        for row in rows
    )
    for row in rows:
        _count(row, flows, draw)


def _one(case: Case, response: Any, to: Any, members: dict[Any, list[Membership]], draw: random.Random) -> Referral:
    from amanat.referrals import numbers
    from amanat.referrals.models import Referral, State

    is_open = draw.random() < OPEN
    ends = (State.DONE,) * 12 + (State.DECLINED,) * 3 + (State.EXPIRED,) * 2 + (State.REVOKED,) * 2
    state = draw.choice((State.SENT, State.SEEN, State.ACCEPTED, State.STARTED) if is_open else ends)
    sent_at = datetime.now(UTC) - timedelta(minutes=draw.randrange((LATELY if is_open else DAYS) * 1440))
    taken = state in (State.ACCEPTED, State.STARTED, State.DONE)
    return Referral(
        subject=case.subject,
        agency_id=to,
        response=response,
        case=case,
        number=numbers.new_number(),
        need=draw.choice(("shelter", "medical", "psychological", "legal", "social")),
        urgency="today",
        state=state,
        made_by=members[case.agency_id][0],
        made_at=sent_at,
        sent_by=draw.choice(members[case.agency_id]),
        sent_at=sent_at,
        since=sent_at + timedelta(hours=2),
        due_at=sent_at + timedelta(days=draw.randrange(1, 20)) if is_open else None,
        receiver=draw.choice(members[to]) if taken else None,
        summary=SUMMARY,
    )


def _count(row: Referral, flows: dict[tuple[Any, ...], Counter[str]], draw: random.Random) -> None:
    from amanat.referrals.flows import month_of

    assert row.sent_at
    counts = flows.setdefault((month_of(row.sent_at), row.case.agency_id, row.agency_id, row.need), Counter())
    counts["sent"] += 1
    if row.receiver_id:
        counts.update(["accepted", "on_time", draw.choice(("within_1", "within_4", "within_24", "within_72"))])
    if row.state in ("done", "declined", "expired", "revoked"):
        counts[row.state] += 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    from amanat.config.unlocking import unlock
    from amanat.config.workspaces import ensure_demo, folder

    ensure_demo(folder(), os.environ.get("AMANAT_DATABASE"))
    unlock(folder())
    subprocess.run([sys.executable, "-m", "amanat", "migrate", "--verbosity=0"], check=True)  # as the owner
    import django

    django.setup()
    main(int(sys.argv[1]))
