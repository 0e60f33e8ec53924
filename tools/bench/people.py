"""The workers of a benchmark's agencies, with a password and an authenticator app so that they sign in as people do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.access.actor import Actor
    from amanat.people.models import Membership

PASSWORD = "seven quiet words for a benchmark"  # noqa: S105  (an invented workspace)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
SIGN_IN = 64  # workers who can sign in; hashing a password for each of 20,000 would measure nothing


def worker_name(number: int) -> str:
    return f"worker{number}"


@dataclass
class Office:
    """Agencies of equal size; `worker(n)` acts for the n-th worker of all, freshly signed in."""

    members: list[Membership]

    @classmethod
    def settle(cls, agencies: int, workers: int) -> Office:
        from amanat.people.models import Agency, Membership, Role, Site, User

        since = datetime.now(UTC) - timedelta(days=1)
        made = Agency.objects.bulk_create(Agency(name=f"Agency {number}", kind="NGO") for number in range(agencies))
        sites = Site.objects.bulk_create(
            Site(agency=agency, name=agency.name, time_zone="Asia/Ashgabat") for agency in made
        )
        users = User.objects.bulk_create(
            User(username=worker_name(number), display_name=f"Worker {number}", password="!")
            for number in range(agencies * workers)
        )
        members = Membership.objects.bulk_create(
            Membership(
                user=user,
                agency=made[place // workers],
                site=sites[place // workers],
                role=Role.SOCIAL_WORKER,
                since=since,
            )
            for place, user in enumerate(users)
        )
        for user in users[:SIGN_IN]:
            equip(user)
        for name, role in (("supervisor", Role.SUPERVISOR), ("coordinator", Role.COORDINATOR)):
            boss = User.objects.create_user(name, None, display_name=name)
            equip(boss)
            Membership.objects.create(user=boss, agency=made[0], site=sites[0], role=role, since=since)
        return cls(members)

    def worker(self, number: int) -> Actor:
        from amanat.access.actor import Actor

        now, member = datetime.now(UTC), self.members[number % len(self.members)]
        return Actor(member, now, (member.pk,), proved_at=now, second_factor=True)


def equip(user: object) -> None:
    """Let a user sign in as people do: with the password of the benchmark and an authenticator app."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import encrypt

    user.set_password(PASSWORD)  # type: ignore[attr-defined]
    user.save()  # type: ignore[attr-defined]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)})
