"""Hearings as appointments of those who go along or represent the child, and what of them *My day* counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.cases.appointments import Appointment
from amanat.cases.models import Case
from amanat.legal.models import Feed, Hearing, HearingState, LegalDue

AHEAD: Final = timedelta(days=7)


def mine(actor: Actor) -> QuerySet[Hearing]:
    """Hearings that stand, to which the actor goes along or where they are the lawyer (or somebody whom they stand in for); where
    nobody does or is, those that they fixed."""
    acting = actor.stands_for
    own = Q(goes_along__in=acting) | Q(proceeding__lawyer__in=acting)
    own |= Q(goes_along=None, proceeding__lawyer=None, author__in=acting)
    known = visible_to(actor, Case.objects.filter(pk=OuterRef("case")))
    return Hearing.objects.filter(own, Exists(known), state=HearingState.FIXED)


def hearings(actor: Actor, since: datetime, until: datetime, most: int) -> Iterable[Appointment]:
    rows = mine(actor).filter(at__gte=since, at__lt=until).order_by("at", "id")
    for pk, at, case, proceeding in rows.values_list("pk", "at", "case", "proceeding")[:most]:
        yield Appointment(pk, at, case, _("Hearing"), reverse("legal.proceeding", args=[proceeding]))


def soon(actor: Actor) -> QuerySet[Hearing]:
    return mine(actor).filter(at__gte=actor.now, at__lt=actor.now + AHEAD)


def unrecorded(actor: Actor) -> QuerySet[Hearing]:
    """Those whose time has passed, and nobody wrote what they brought."""
    return mine(actor).filter(at__lt=actor.now)


def due(actor: Actor) -> QuerySet[LegalDue]:
    """Deadlines of the next days and late ones, in proceedings where the actor is the lawyer, or that they opened where there is none."""
    known = visible_to(actor, Case.objects.filter(pk=OuterRef("proceeding__case")))
    own = Q(proceeding__lawyer__in=actor.stands_for)
    own |= Q(proceeding__lawyer=None, proceeding__author__in=actor.stands_for)
    return LegalDue.objects.filter(own, Exists(known), due__lt=actor.now + AHEAD)


def with_their_children(dues: QuerySet[LegalDue]) -> QuerySet[LegalDue]:
    """The first at the head, as a list of them shows whose they are."""
    return dues.select_related("proceeding__case__child").order_by("due", "pk")


def feed_of(actor: Actor) -> Feed | None:
    """The calendar feed that the worker has open."""
    return Feed.objects.filter(membership=actor.membership, revoked_at=None).first()
