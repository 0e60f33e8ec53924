"""Who can be asked to a conference: workers with a place in the file, and agencies with which a consent lets one speak of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import ConsentMissing, Gate
from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import CIRCLE, Part, Relation
from amanat.cases.alerts import kept_out
from amanat.cases.models import Case
from amanat.people import messages
from amanat.people.looks import look
from amanat.people.models import Agency, Membership, Role
from amanat.referrals.models_conferences import Conference, ConferenceState, Invited
from amanat.referrals.telling import workers_of
from amanat.web.errors import PersonFacingError

# By which consents one may speak with an agency about a child, the nearest first.
PURPOSES = ("assistance_by_partner", "referral", "medical")


def who_could(case: Case, actor: Actor) -> QuerySet[Membership]:
    """Who stands in the circle of care, receives the child, or supervises the agency that has the case."""
    held = Grant.objects.active(actor.now).filter(subject=case.subject_id, relation__in=(*CIRCLE, Relation.RECEIVER))
    related = Q(pk__in=held.values("membership")) | Q(agency=case.agency_id, role=Role.SUPERVISOR)
    rows = Membership.objects.current(actor.now).filter(related).exclude(user__in=kept_out(case))
    return rows.select_related("user", "agency").order_by("agency__name", "user__display_name", "pk")


def check_people(case: Case, people: Collection[Membership], actor: Actor) -> None:
    """Raises:
    PersonFacingError: a conflict keeps somebody out, or they have no place in this file.
    """
    if not people:
        raise PersonFacingError(_("Choose who should come."), field="people")
    could = set(who_could(case, actor).values_list("pk", flat=True))
    for one in people:
        if one.pk not in could:
            raise PersonFacingError(
                _("%(name)s can't be invited: a conflict keeps them out, or they have no place in this file.")
                % {"name": one.user.display_name},
                _("Bring them into the circle of care first."),
                field="people",
            )


def check_agencies(case: Case, asked: Collection[Agency], actor: Actor) -> None:
    """Raises:
    PersonFacingError: it is the agency that has the case, or nobody there could come.
    """
    for agency in asked:
        if agency.pk == case.agency_id:
            raise PersonFacingError(
                _("This is the agency that has the case."),
                _("Bring the colleague into the circle of care."),
                field="agencies",
            )
        if not workers_of([agency], case, actor.now).exists():
            raise PersonFacingError(
                _("Nobody at %(agency)s can come.") % {"agency": agency}, _("Choose another agency."), field="agencies"
            )


def consent_to_hear(gate: Gate, agency: Agency, parts: Sequence[Part]) -> Consent:
    """Raises:
    ConsentMissing: no consent, and no override, names these parts for the agency.
    """
    missing = None
    for purpose in PURPOSES:
        try:
            return gate.require(agency, parts, purpose)
        except ConsentMissing as error:
            missing = error if missing is None or len(error.missing_parts) < len(missing.missing_parts) else missing
    assert missing is not None
    raise missing


def parts_for(invited: Invited, case: Case, actor: Actor) -> frozenset[Part]:
    """What somebody who is asked may hear today: of a worker what they see of the file, of an agency what the consents in force name."""
    if invited.membership is not None:
        return frozenset(open_file(Actor.of(invited.membership, actor.now), case).visible_parts())
    wanted = frozenset(map(Part, invited.parts))
    try:
        consent_to_hear(Gate(case, actor.now), invited.agency, sorted(wanted))
    except ConsentMissing as error:
        return wanted - frozenset(error.missing_parts)
    return wanted


def take_back(case: Case, consent: Consent, actor: Actor) -> None:
    """A consent is withdrawn: agencies that were asked by it are not asked any more, and hear."""
    rows = Invited.objects.filter(consent=consent, conference__state=ConferenceState.PLANNED)
    agencies = set(rows.values_list("agency", flat=True))
    rows.delete()
    tell([(None, agency) for agency in agencies], case, actor, message=False)


Guest = tuple[uuid.UUID | None, uuid.UUID | None]
"""A worker, or of an agency everybody who could come."""


def told(conference: Conference) -> set[Guest]:
    """Who is asked now."""
    return {
        (row.membership_id, None if row.membership_id else row.agency_id)
        for row in conference.invited.only("membership", "agency")
    }


def tell(those: Iterable[Guest], case: Case, actor: Actor, *, message: bool = True) -> None:
    """Their screens look; a message says that something waits. At an agency it goes to the supervisors, else to everybody."""
    those = list(those)
    people = Membership.objects.current(actor.now).filter(pk__in=[one for one, _agency in those if one])
    people = people.exclude(user__in=kept_out(case)).select_related("user")
    workers = list(workers_of([agency for _one, agency in those if agency], case, actor.now))
    heads = [one for one in workers if one.role == Role.SUPERVISOR]
    with_head = {one.agency_id for one in heads}
    reached = [*people, *heads, *(one for one in workers if one.agency_id not in with_head)]
    look({one.user_id for one in (*people, *workers)} - {actor.user.pk})
    if message:
        messages.post([one.user for one in reached if one.user_id != actor.user.pk], messages.GIVEN, actor.now)
