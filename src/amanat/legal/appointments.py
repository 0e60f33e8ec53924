"""Hearings as appointments of those who go along or represent the child, and what of them *My day* counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, visible_to
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, Part, Verb, may_do
from amanat.cases.appointments import Appointment
from amanat.cases.models import Case
from amanat.cases.queries import managing
from amanat.legal.models import Feed, Hearing, HearingState, LegalDue

AHEAD: Final = timedelta(days=7)


def _standing(actor: Actor, who: str, subject: str) -> Exists:
    """Whether the worker whom the field `who` names stands in the circle of care of that subject now."""
    here = Grant.objects.active(actor.now).filter(relation__in=CIRCLE, subject=OuterRef(subject))
    return Exists(here.filter(membership=OuterRef(who)))


def _fixed(actor: Actor) -> QuerySet[Hearing]:
    """Hearings that stand, of children in whose circle of care the actor or somebody whom they stand in for is."""
    places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for, relation__in=CIRCLE)
    known = visible_to(actor, Case.objects.filter(pk=OuterRef("case")))
    return Hearing.objects.filter(Exists(known), subject__in=places.values("subject"), state=HearingState.FIXED)


def mine(actor: Actor) -> QuerySet[Hearing]:
    """Hearings that stand, to which the actor goes along or where they are the lawyer (or somebody whom they stand in for). Where
    nobody who still stands in the circle of care does or is, they are the case manager's."""
    own = Q(goes_along__in=actor.stands_for) | Q(proceeding__lawyer__in=actor.stands_for)
    nobody = ~_standing(actor, "goes_along", "subject") & ~_standing(actor, "proceeding__lawyer", "subject")
    return _fixed(actor).filter(own | Q(nobody) & Q(subject__in=managing(actor).values("subject")))


def hearings(actor: Actor, since: datetime, until: datetime, most: int) -> Iterable[Appointment]:
    rows = mine(actor).filter(at__gte=since, at__lt=until).order_by("at", "id")
    for pk, at, case, proceeding in rows.values_list("pk", "at", "case", "proceeding")[:most]:
        address = reverse("legal.proceeding", args=[proceeding])
        yield Appointment(pk, at, case, _("Hearing"), address, Part.LEGAL_STATUS)


def soon(actor: Actor) -> QuerySet[Hearing]:
    return mine(actor).filter(at__gte=actor.now, at__lt=actor.now + AHEAD)


def unrecorded(actor: Actor) -> QuerySet[Hearing]:
    """Those whose time has passed and nobody wrote what they brought, for who may write it: of these the lawyer and whoever went
    along, or where no lawyer stands in the circle of care the case manager."""
    may = [one for one in CIRCLE if may_do(Verb.HEARING_RECORD, role=actor.role, relations=frozenset({one}))]
    places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for, relation__in=may)
    own = Q(goes_along__in=actor.stands_for) | Q(proceeding__lawyer__in=actor.stands_for)
    alone = Q(~_standing(actor, "proceeding__lawyer", "subject")) & Q(subject__in=managing(actor).values("subject"))
    rows = _fixed(actor).filter(own | alone, at__lt=actor.now)
    return rows.filter(Exists(places.filter(subject=OuterRef("subject"))))


def may_record(file: File) -> bool:
    """Whether the actor may write down what a hearing brought."""
    return file.may(Verb.HEARING_RECORD) and file.sees(Part.LEGAL_FILE)


def due(actor: Actor) -> QuerySet[LegalDue]:
    """Deadlines of the next days and late ones, for who answers for them."""
    return _dues(actor).filter(due__lt=actor.now + AHEAD)


def undated(actor: Actor) -> QuerySet[LegalDue]:
    """What runs and lacks its last day, for who has to find it out."""
    return _dues(actor).filter(due=None)


def _dues(actor: Actor) -> QuerySet[LegalDue]:
    """Of proceedings where the actor is the lawyer; where no lawyer stands in the circle of care any more, they are the case
    manager's."""
    subject = "proceeding__subject"
    known = visible_to(actor, Case.objects.filter(pk=OuterRef("proceeding__case")))
    own = Q(proceeding__lawyer__in=actor.stands_for)
    own |= Q(~_standing(actor, "proceeding__lawyer", subject)) & Q(
        proceeding__subject__in=managing(actor).values("subject")
    )
    return LegalDue.objects.filter(own, Exists(known))


def with_their_children(dues: QuerySet[LegalDue]) -> QuerySet[LegalDue]:
    """The first at the head, as a list of them shows whose they are."""
    return dues.select_related("proceeding__case__child").order_by("due", "pk")


def feed_of(actor: Actor) -> Feed | None:
    """The calendar feed that the worker has open."""
    return Feed.objects.filter(membership=actor.membership, revoked_at=None).first()
