"""Which files show a part, as a query: for lists that have whole pages of what their reader may read. `File` opens what is sealed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, naming
from amanat.access.files import ALWAYS, Row, visible_to
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import PARTS, Level, Part, Relation, gives, gives_by_itself


def showing(actor: Actor, rows: QuerySet[Row], part: Part) -> QuerySet[Row]:
    """Of files that the actor may know of, those that show them a part, or would once it is revealed: exactly those where `File.level`
    says so (a property test). Not for the part that a conflict of anybody closes (`Level.UNLESS_CONFLICT`)."""
    barred = Conflict.objects.filter(user=actor.user, subject=OuterRef("subject"), part=part, lifted_at=None)
    rows = visible_to(actor, rows).filter(~Exists(barred))
    if gives_by_itself(part, actor.role, rows.model.by_office):
        return rows
    shown = rows.model.by_grant(_held(actor, part), actor.membership.pk)
    if gives_by_itself(part, actor.role, rows.model.by_ownership):
        shown |= Q(rows.model.in_hands(), agency=actor.membership.agency_id)
    return rows.filter(shown)


def _held(actor: Actor, part: Part) -> QuerySet[Grant]:
    """The places of the actor that show the part: one that rests on a consent reaches no further than both say, and where the table
    asks for a consent, any that names the part counts. Where the same place is held without a consent, that one counts (`File.limits`)."""
    text, named = TextField(), f'"{part}"'
    places = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    places = places.alias(named=Cast("consent__parts", text), within=Cast("parts", text))
    by_consent = Q(named__contains=named) & (Q(parts__isnull=True) | Q(within__contains=named))
    without = places.filter(consent=None, subject=OuterRef("subject"), relation=OuterRef("relation"))
    limited = places.filter(by_consent).exclude(Exists(without))
    agreed = _in_force(actor).alias(named=Cast("parts", text)).filter(named__contains=named)
    somewhere = Q(subject__in=limited.values("subject")) | Q(subject__in=agreed.values("subject"))
    shows = [relation for relation in Relation if gives(part, relation)]
    if_named = [relation for relation in Relation if PARTS[part][relation] is Level.CONSENTED]
    reaches = Q() if part in ALWAYS else Q(consent=None) | by_consent
    return places.filter(reaches, Q(relation__in=shows) | Q(Q(relation__in=if_named), somewhere))


def _in_force(actor: Actor) -> QuerySet[Consent]:
    """The consents for the actor's agency that `File.consented` reads."""
    rows = naming(actor.membership.agency_id).exclude(purpose=CARRY_ON).filter(withdrawn_at=None)
    return rows.filter(Q(until=None) | Q(until__gte=timezone.localdate(actor.now)))
