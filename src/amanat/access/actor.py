"""Who acts: a worker in one of their memberships, at a moment, with what this session has proved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from amanat.access.policy import Verb, may_do
from amanat.people.models import Membership, Role, User

PROOF_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Actor:
    """A worker in one membership.

    `stands_for` holds the ids of the memberships whose grants count: their own, and those on leave whose deputy they are.
    `proved_at` is when this session last proved who sits there; `where` the network address, for the log.
    """

    membership: Membership
    now: datetime
    stands_for: tuple[uuid.UUID, ...] = ()
    proved_at: datetime | None = None
    second_factor: bool = False
    where: str = ""
    page: str = field(default="", compare=False)

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    @property
    def recently_proved(self) -> bool:
        return self.proved_at is not None and self.now - self.proved_at <= PROOF_LASTS

    def may(self, verb: Verb) -> bool:
        """Whether the role allows a verb that is not about one file; of a verb on a file `File.may` knows."""
        return may_do(verb, role=self.role, relations=frozenset())

    @classmethod
    def of(cls, membership: Membership, now: datetime, **proved: object) -> Actor:
        """An actor outside a request (command line, importer, test); deputies are looked up."""
        covered = Membership.objects.covered_by([membership.pk], now).values_list("pk", flat=True)
        return cls(membership, now, (membership.pk, *covered), **proved)  # type: ignore[arg-type]

    def on(self, page: str) -> Actor:
        return replace(self, page=page)
