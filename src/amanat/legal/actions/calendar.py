"""A worker's calendar feed: opened with a fresh token that is shown once, and closed. Off as long as nobody opens one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import get_language

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.legal.models import Feed
from amanat.people.models import Membership
from amanat.people.senders import digest_of

BYTES: Final = 16  # of a token


@dataclass(frozen=True)
class Opened:
    """A feed, and the token that is shown once."""

    feed: Feed
    token: str

    def __str__(self) -> str:
        return str(self.feed)


@verb(Verb.CALENDAR_OPEN, about=str)
def open_feed(*, actor: Actor) -> Opened:
    """Let a calendar program read when the actor has appointments. A feed that was open ends with it."""
    _close(actor)
    token = secrets.token_urlsafe(BYTES)
    feed = Feed.objects.create(
        membership=actor.membership, digest=digest_of(token), language=get_language() or "en", made_at=actor.now
    )
    return Opened(feed, token)


@verb(Verb.CALENDAR_CLOSE, about=str)
def close_feed(feed: Feed, *, actor: Actor) -> Feed:
    """From now on the address answers like one that never was."""
    _close(actor)
    return feed


def _close(actor: Actor) -> None:
    Membership.objects.select_for_update(no_key=True).get(pk=actor.membership.pk)  # pressing twice opens one feed
    end_feeds(Membership.objects.filter(pk=actor.membership.pk), actor.now)


def end_feeds(memberships: QuerySet[Membership], now: datetime) -> None:
    """Also with what let a worker in (`people.programs`)."""
    Feed.objects.filter(membership__in=memberships, revoked_at=None).update(revoked_at=now)
