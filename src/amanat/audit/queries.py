"""Questions to the log, newest first. Details stay sealed here: `access` opens them for those who may."""

from __future__ import annotations

from django.db.models import QuerySet

from amanat.audit.chain import Head
from amanat.audit.models import Entry, Outcome, Seal
from amanat.people.models import User
from amanat.vault.models import Subject


def looks_at(subject: Subject) -> QuerySet[Entry]:
    """Who did, saw or was refused what of this child or other subject."""
    return _newest_first().filter(subject=subject)


def acts_of(user: User) -> QuerySet[Entry]:
    """What this worker did, saw or was refused."""
    return _newest_first().filter(user=user)


def refusals() -> QuerySet[Entry]:
    """What was refused, to anybody."""
    return _newest_first().filter(outcome=Outcome.REFUSED)


def head() -> str | None:
    """The newest seal as `number:digest`, to be written down elsewhere; None while nothing is sealed."""
    last = Seal.objects.order_by("-number").values_list("number", "digest").first()
    return str(Head(last[0], bytes(last[1]))) if last else None


def _newest_first() -> QuerySet[Entry]:
    people = Entry.objects.select_related("user", "membership__agency", "membership__site")
    return people.defer("details").order_by("-at", "-id")
