"""Erases children of a seeded workspace, each by two people, and prints how long the second one waited, in milliseconds, as JSON.

Run as `python -m tools.bench.keys.erasing COUNT` in the workspace's environment. Who is asked about in `./run bench data` goes last.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tools.bench.data.ranking import milliseconds

if TYPE_CHECKING:
    from amanat.access.actor import Actor
    from amanat.cases.models import Case
    from amanat.people.models import Membership


def main(count: int) -> None:
    """One after the other, with all that follows the commit in this process: files, memories, SQLite's log."""
    from amanat.desk.actions import erasing
    from amanat.desk.models import Ground
    from amanat.people.models import Membership, Role

    supervisor = Membership.objects.filter(role=Role.SUPERVISOR).earliest("pk")
    seconds = []
    for case in closed(supervisor, count):
        waiting = erasing.ask(case, ground=Ground.MISTAKE, reason="A benchmark.", actor=signed_in(supervisor))
        start = time.perf_counter()
        erasing.carry_out(case, erasure=waiting, actor=signed_in(officer()))
        seconds.append(time.perf_counter() - start)
    print(json.dumps(milliseconds(seconds)))


def officer() -> Membership:
    from amanat.people.models import Agency, Membership, Role, Site, User

    found = Membership.objects.filter(role=Role.DPO).first()
    if found:
        return found
    agency = Agency.objects.create(name="Data protection", kind="NGO")
    site = Site.objects.create(agency=agency, name=agency.name, time_zone="Asia/Ashgabat")
    user = User.objects.create(username="officer", display_name="Officer", password="!")
    return Membership.objects.create(user=user, agency=agency, site=site, role=Role.DPO, since=datetime.now(UTC))


def signed_in(member: Membership) -> Actor:
    from amanat.access.actor import Actor

    now = datetime.now(UTC)
    return Actor.of(member, now, second_factor=True, proved_at=now)


def closed(supervisor: Membership, count: int) -> list[Case]:
    """Cases of the supervisor's agency, closed past the verb, which is not measured."""
    from amanat.cases.models import Case, Stage

    truths = Path(os.environ["AMANAT_WORKSPACE"]) / "truths.json"
    asked_about = set(json.loads(truths.read_text())) if truths.exists() else set()
    rows = Case.objects.filter(agency=supervisor.agency).select_related("subject", "child")
    some = sorted(rows, key=lambda case: case.subject_id.hex in asked_about)[:count]
    Case.objects.filter(pk__in=[case.pk for case in some]).update(stage=Stage.CLOSED, closed_at=datetime.now(UTC))
    for case in some:
        case.refresh_from_db(fields=["stage", "closed_at"])
    return some


if __name__ == "__main__":
    from tools.bench.data.seeding import prepare

    prepare()
    main(int(sys.argv[1]))
