"""Fills an empty workspace with one hotline: operators, four on duty, a telephone system, and matters from before.

Run as `python -m tools.bench.hotline.seeding OPERATORS` in a workspace's environment. What a later step has to know stands in
`hotline.json` beside the workspace.
"""

from __future__ import annotations

import json
import os
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.bench.data.seeding import prepare
from tools.bench.people import PASSWORD, SECRET

if TYPE_CHECKING:
    from amanat.access.actor import Actor
    from amanat.people.models import Agency, Membership, Role, Site, User

MATTERS, OPEN_CALLS_BACK = 300, 20  # with a call each; of some somebody is to be called back
DUTY = 4
SUMMARY = (
    "A neighbour says that the girl of the third floor was taken to a wedding abroad and does not answer her phone. "
)


@dataclass
class Hotline:
    """One agency and who works there; all sign in with the same password and app."""

    agency: Agency
    site: Site
    since: datetime
    password: str

    @classmethod
    def settle(cls, now: datetime) -> Hotline:
        from django.contrib.auth.hashers import make_password

        from amanat.people.models import Agency, Site

        agency = Agency.objects.create(name="Hotline", kind="NGO")
        site = Site.objects.create(agency=agency, name=agency.name, time_zone="Asia/Ashgabat")
        return cls(agency, site, now - timedelta(days=100), make_password(PASSWORD))

    def employ(self, names: list[str], role: Role) -> list[Membership]:
        from allauth.mfa.models import Authenticator
        from allauth.mfa.utils import encrypt

        from amanat.people.models import Membership, User

        users = User.objects.bulk_create(
            User(username=name, display_name=name, password=self.password) for name in names
        )
        kind = Authenticator.Type.TOTP
        Authenticator.objects.bulk_create(Authenticator(user=user, type=kind, data=_app(encrypt)) for user in users)
        return Membership.objects.bulk_create(self._member(user, role) for user in users)

    def _member(self, user: User, role: Role) -> Membership:
        from amanat.people.models import Membership

        return Membership(user=user, agency=self.agency, site=self.site, role=role, since=self.since)


def _app(encrypt: object) -> dict[str, str]:
    return {"secret": encrypt(SECRET)}  # type: ignore[operator]


def operator_name(number: int) -> str:
    return f"operator{number}"


def duty_name(number: int) -> str:
    return f"duty{number}"


def main(operators: int, told: Path) -> None:
    from amanat.audit.sealer import seal_pending
    from amanat.hotline.actions.lines import add_line
    from amanat.office.actions import arranging_duty
    from amanat.people.models import Role

    now = datetime.now(UTC)
    hotline = Hotline.settle(now)
    members = hotline.employ([operator_name(number) for number in range(operators)], Role.HOTLINE_OPERATOR)
    on_duty = hotline.employ([duty_name(number) for number in range(DUTY)], Role.SOCIAL_WORKER)
    supervisor, administrator = (hotline.employ([role], Role(role))[0] for role in ("supervisor", "administrator"))
    for member in on_duty:
        arranging_duty.add(membership=member, actor=acting(supervisor, now))
    added = add_line(name="Exchange", agency=hotline.agency, actor=acting(administrator, now))
    for number, days in enumerate(before(MATTERS)):
        _matter(acting(members[number % operators], now - days), number)
    seal_pending(datetime.now(UTC))
    told.write_text(json.dumps({"token": added.token, "operators": operators}))


def before(count: int) -> list[timedelta]:
    """How long ago matters of two months began, the first one first."""
    draw = random.Random(count)
    return sorted((timedelta(days=draw.uniform(1, 60)) for _matter in range(count)), reverse=True)


def _matter(actor: Actor, number: int) -> None:
    from amanat.hotline.actions import calling, ending

    call = calling.start(channel="phone", actor=actor)
    calling.write_call(call, actor=actor, number=f"+9936511{number:04d}", **(fields("P3") | {"summary": SUMMARY * 3}))
    if number >= MATTERS - OPEN_CALLS_BACK:
        ending.agree_call_back(call, by=actor.now + timedelta(days=90), actor=actor)
    else:
        ending.end(call, outcome="advised", actor=actor)


def acting(member: Membership, now: datetime) -> Actor:
    from amanat.access.actor import Actor

    return Actor.of(member, now, proved_at=now, second_factor=True)


def fields(priority: str) -> dict[str, Any]:
    """What an operator fills in besides number and summary."""
    return {
        "channel": "phone",
        "language": "tk",
        "caller_type": "neighbour",
        "caller_name": "Ogulbeg",
        "priority": priority,
        "reasons": ["trafficking_labour"],
        "age": "from_12_to_14",
        "sex": "Feminine",
        "region": "north_valley",
        "may_call_back": "yes",
        "call_back_when": "after six in the evening",
        "code_word": "apricot",
        "destination": "TR",
        "purpose": "work",
        "minor": True,
        "recruiter": "Agency of the bright road",
        "red_flags": ["hurry", "debt"],
    }


if __name__ == "__main__":
    prepare()
    main(int(sys.argv[1]), Path(os.environ["AMANAT_WORKSPACE"]) / "hotline.json")
