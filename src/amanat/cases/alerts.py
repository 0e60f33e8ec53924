"""Questions about alerts: which of them somebody may know of, who could take one, whom it was told. Nothing of a child is said."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out, visible_to
from amanat.access.loaders import Hidden
from amanat.access.models import Conflict
from amanat.access.policy import MAY_JOIN_AS, Part, Relation, Verb, may_do
from amanat.cases.models import Alert, AlertKind, AlertTold, Case
from amanat.people import duty
from amanat.people.models import Agency, DutyPlace, Membership, Role
from amanat.vault.models import SealedModel
from amanat.web.paging import Page, keyset_page

# Whoever takes one of these becomes the case manager; the others bring their taker into the circle of care.
MAKES_MANAGER: Final = frozenset({AlertKind.P1, AlertKind.NEW_CASE})
SHOWN: Final = 10
HIDES: Final = ("", Part.EXISTENCE)  # a conflict on these hides that there is a file
LATELY: Final = timedelta(days=7)


def _roles(verb: Verb) -> list[Role]:
    return [role for role in Role if may_do(verb, role=role, relations=frozenset())]


SUPERVISING: Final = _roles(Verb.ALERT_ASSIGN)
ON_DUTY: Final = _roles(Verb.ALERT_TAKE)
MANAGING: Final = [role for role in ON_DUTY if role in MAY_JOIN_AS[Relation.CASE_MANAGER]]


def roles_for(kind: str) -> list[Role]:
    """Who could take an alert of this kind."""
    return MANAGING if kind in MAKES_MANAGER else ON_DUTY


def known_to(actor: Actor) -> QuerySet[Alert]:
    """Alerts that the actor may know of: those about files that they know, and those that they raised or were told of (or somebody
    whom they stand in for). Never where a conflict keeps them out.
    """
    told = AlertTold.objects.filter(alert=OuterRef("pk"), membership__in=actor.stands_for)
    known = visible_to(actor, Case.objects.filter(pk=OuterRef("case")))
    rows = not_kept_out(actor, Alert.objects.all())
    return rows.filter(Exists(told) | Q(raised_by=actor.membership) | Exists(known))


def could_take(actor: Actor) -> QuerySet[Alert]:
    """Of these the ones of their agency that wait and fit the actor's role. What somebody raised is for another to take."""
    kinds = [kind for kind in AlertKind if actor.role in roles_for(kind)]
    rows = known_to(actor).filter(taken_at=None, kind__in=kinds, agency=actor.membership.agency_id)
    return rows.exclude(raised_by=actor.membership)


def could_give(actor: Actor) -> QuerySet[Alert]:
    """Those of their agency that wait, for a supervisor."""
    rows = known_to(actor).filter(taken_at=None, agency=actor.membership.agency_id)
    return rows if actor.may(Verb.ALERT_ASSIGN) else rows.none()


def waiting(actor: Actor) -> list[Alert]:
    """What stands at the head of *My day*, the oldest first: for a supervisor all of the agency, for others what they could take."""
    if not actor.may(Verb.LOOK_ALERTS):
        return []
    rows = could_give(actor) if actor.may(Verb.ALERT_ASSIGN) else could_take(actor)
    return list(rows.select_related("raised_by__user").order_by("raised_at", "id")[:SHOWN])


def first_of_all(actor: Actor) -> dict[str, Any]:
    """What *My day* shows before all else, and by what a screen knows that it shows it already."""
    found = waiting(actor)
    return {
        "alerts": found,
        "alerts_shown": "-".join(alert.pk.hex for alert in found),
        "may_look_at_alerts": actor.may(Verb.LOOK_ALERTS),
        "supervises_alerts": actor.may(Verb.ALERT_ASSIGN),
        "nobody_on_duty": nobody_on_duty(actor),
    }


def described(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """With all that a list says of an alert: two queries however many."""
    told = AlertTold.objects.select_related("membership__user", "instead_of__user").order_by("at", "id")
    rows = rows.select_related("raised_by__user", "taken_by__user", "agency", "case")
    return rows.prefetch_related(Prefetch("told", told, to_attr="people_told"))


def page_of(actor: Actor, cursor: str) -> Page[Alert]:
    """Those that wait, the oldest first."""
    return keyset_page(described(known_to(actor).filter(taken_at=None)), ["raised_at", "id"], cursor, counted=False)


def lately_taken(actor: Actor) -> list[Alert]:
    rows = described(known_to(actor).filter(taken_at__gte=actor.now - LATELY))
    return list(rows.order_by("-taken_at", "-id")[:SHOWN])


def find(actor: Actor, pk: uuid.UUID) -> Alert:
    """Raises:
    Hidden: there is none, or the actor may not know of it.
    """
    rows = described(known_to(actor)).select_related("subject", "case__subject", "case__child", "case__agency")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Hidden(None)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """An alert as a list says it, and what its reader may do. `knows_file`: they get to the file whether or not they take it."""

    alert: Alert
    may_take: bool
    may_give: bool
    is_own: bool
    knows_file: bool

    @property
    def told(self) -> list[AlertTold]:
        found: list[AlertTold] = getattr(self.alert, "people_told", [])
        return found


def lines(actor: Actor, rows: Iterable[Alert]) -> list[Line]:
    """One query however many."""
    rows = list(rows)
    known = visible_to(actor, Case.objects.filter(pk__in=[row.case_id for row in rows]))
    files = set(known.values_list("pk", flat=True)) if rows else set()
    return [_line(actor, row, row.case_id in files) for row in rows]


def _line(actor: Actor, alert: Alert, knows_file: bool) -> Line:
    is_own = alert.raised_by_id == actor.membership.pk
    waits_here = alert.taken_at is None and alert.agency_id == actor.membership.agency_id
    may_take = waits_here and not is_own and actor.may(Verb.ALERT_TAKE) and actor.role in roles_for(alert.kind)
    return Line(alert, may_take, waits_here and actor.may(Verb.ALERT_ASSIGN), is_own, knows_file)


def who_could(alert: Alert, now: datetime) -> QuerySet[Membership]:
    """To whom of the agency it could be given: the role fits, they work there and are not away, nothing keeps them out."""
    rows = Membership.objects.current(now).filter(agency=alert.agency_id, role__in=roles_for(alert.kind))
    rows = rows.exclude(user__in=kept_out(alert)).exclude(away_from__lte=now, away_until__gt=now)
    return rows.select_related("user", "agency").order_by("user__display_name", "role")


def kept_out(about: SealedModel) -> QuerySet[Conflict, uuid.UUID]:
    """The users from whom a conflict hides that there is such a file: of an alert, a case, a referral."""
    rows = Conflict.objects.filter(subject=about.subject_id, part__in=HIDES, lifted_at=None)
    return rows.values_list("user", flat=True)


def duty_list(agency: Agency | uuid.UUID) -> QuerySet[DutyPlace]:
    """In their order, with what telling somebody asks of a place."""
    rows = DutyPlace.objects.filter(agency=agency, membership__role__in=ON_DUTY)
    return rows.select_related("membership__user", "membership__site", "membership__deputy__user").order_by(
        "order", "pk"
    )


def nobody_on_duty(actor: Actor) -> bool:
    """Whether an alert of the agency that the actor supervises would go past the duty list now: it is empty, or all are away."""
    if not actor.may(Verb.DUTY_ARRANGE):
        return False
    return not any(duty.standing(place.membership, actor.now) for place in duty_list(actor.membership.agency_id))


def supervisors(agency: uuid.UUID, now: datetime) -> QuerySet[Membership]:
    rows = Membership.objects.current(now).filter(agency=agency, role__in=SUPERVISING)
    return rows.select_related("user", "deputy__user").order_by("since", "pk")


def told_of(alert: Alert) -> list[AlertTold]:
    return list(alert.told.select_related("membership__user", "instead_of__user").order_by("at", "id"))


def who_was_told(alert: Alert) -> str:
    """One sentence for whoever raised it: whom it reached, or that it reached nobody and what to do then."""
    told = told_of(alert)
    names = ", ".join(str(one.membership.user) for one in told)
    if not told:
        return _(
            "Nobody could be told: nobody is on duty, and the agency has no supervisor who is here. Call somebody now."
        )
    if all(one.as_supervisor for one in told):
        said = ngettext(
            "Nobody is on duty. The supervisor was told: %(names)s. Call as well.",
            "Nobody is on duty. The supervisors were told: %(names)s. Call as well.",
            len(told),
        )
        return said % {"names": names}
    return _("%(names)s was told. If nobody takes it, the next one is told.") % {"names": names}


def asks(memberships: Sequence[Membership], _now: datetime) -> bool:
    """Whether an alert that one of these was told of still waits; one from which a conflict keeps its holder out does not."""
    barred = Conflict.objects.filter(
        user=OuterRef("membership__user"), subject=OuterRef("alert__subject"), part__in=HIDES, lifted_at=None
    )
    told = AlertTold.objects.filter(membership__in=[one.pk for one in memberships], alert__taken_at=None)
    return told.filter(~Exists(barred)).exists()
