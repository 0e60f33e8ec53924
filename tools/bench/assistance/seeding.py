"""Fills a workspace with children, each with a plan, and with a centre whose days of years are written down.

Run as `python -m tools.bench.assistance.seeding PLANS` in a workspace's environment. Children come through the verb; the rest is
written as rows, sealed as the verbs seal them: through the verbs it would take days. What a later step has to know stands in
`assistance.json` beside the workspace.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.bench import seed
from tools.bench.assistance import housing, planning
from tools.bench.assistance.size import size_of
from tools.bench.data.seeding import prepare
from tools.bench.people import equip, worker_name

if TYPE_CHECKING:
    from amanat.cases.models import Case
    from amanat.people.models import Agency, Membership, Role, Site

AT_ONCE = 16
FILES = 50  # of a worker, each with a plan: the pages that are measured come from all of them


def main(plans: int, told: Path) -> None:
    from amanat.cases.models import Case, Stage
    from amanat.people.models import Agency

    size = size_of(plans)
    seed.main(plans)
    agency, draw = Agency.objects.order_by("name").filter(name="Agency 0").get(), random.Random(plans)
    Case.objects.update(stage=Stage.ASSISTANCE)
    cases = list(Case.objects.select_related("subject", "child", "agency").order_by("agency__name", "pk"))
    team = Team(agency)
    managers = _managers()
    own = _own(cases, managers)
    planning.write(cases, managers, {case.pk for some in own.values() for case in some}, draw)
    # Who stays there now is a child of the centre's own agency.
    cases.sort(key=lambda case: case.agency_id != agency.pk)
    house = housing.write(cases, team.centre, team.health, agency, team.site, size, draw)
    edited = own[worker_name(0)].pop()
    team.gather(edited)
    planning.reopen(edited, managers[edited.subject_id])
    told.write_text(
        json.dumps(
            house
            | {
                "files": {name: [case.pk.hex for case in some] for name, some in own.items()},
                "centre": [member.user.username for member in team.centre],
                "edited": edited.pk.hex,
                "team": [worker_name(0), worker_name(1), "psychologist0", "psychologist1", "centre0"],
            }
        )
    )


def _managers() -> dict[Any, Any]:
    """The membership of the case manager, by subject."""
    from amanat.access.models import Grant
    from amanat.access.policy import Relation

    rows = Grant.objects.filter(relation=Relation.CASE_MANAGER.value).values_list("subject_id", "membership_id")
    return dict(rows.iterator())


def _own(cases: list[Case], managers: dict[Any, Any]) -> dict[str, list[Case]]:
    """The files of the workers whose pages are measured, by their name."""
    from amanat.people.models import Membership

    names = [worker_name(number) for number in range(AT_ONCE)]
    members = dict(Membership.objects.filter(user__username__in=names).values_list("pk", "user__username"))
    found: dict[str, list[Case]] = {name: [] for name in names}
    for case in cases:
        if (name := members.get(managers[case.subject_id])) is not None and len(found[name]) < FILES:
            found[name].append(case)
    return found


class Team:
    """The centre's workers of one agency, and the others who write one plan."""

    def __init__(self, agency: Agency) -> None:
        from amanat.people.models import Membership, Role

        self.agency, self.site = agency, agency.sites.get()
        self.social = list(Membership.objects.filter(agency=agency, user__username=worker_name(1)))
        self.centre = [self._employ(f"centre{number}", Role.CENTRE_WORKER) for number in range(AT_ONCE)]
        self.psychologists = [self._employ(f"psychologist{number}", Role.PSYCHOLOGIST) for number in range(2)]
        self.health = self._employ("health0", Role.HEALTH_WORKER)

    site: Site

    def _employ(self, name: str, role: Role) -> Membership:
        from amanat.people.models import Membership, User

        user = User.objects.create_user(name, None, display_name=name.capitalize())
        equip(user)
        since = datetime.now(UTC) - timedelta(days=2_000)
        return Membership.objects.create(user=user, agency=self.agency, site=self.site, role=role, since=since)

    def gather(self, case: Case) -> None:
        """Let them all into the circle of one case."""
        from amanat.access.models import Grant

        now = datetime.now(UTC)
        for member in (*self.social, *self.psychologists, self.centre[0]):
            Grant.objects.create(subject=case.subject, membership=member, relation=str(member.role), since=now)


if __name__ == "__main__":
    prepare()
    main(int(sys.argv[1]), Path(os.environ["AMANAT_WORKSPACE"]) / "assistance.json")
