"""Calling a conference about a child, putting it at another time, calling it off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import Gate
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.consenting import NOT_TO_SHARE
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.people.models import Agency, Membership
from amanat.referrals import agenda, inviting, moving, numbers
from amanat.referrals.models_conferences import Conference, ConferenceState, Invited, Point
from amanat.web.errors import PersonFacingError, Stale

HELD_BEFORE: Final = timedelta(days=7)  # for so long one that was held can still be recorded; ours, no source names one


@dataclass(frozen=True)
class Added:
    """A point that the caller adds."""

    part: Part
    text: str


@dataclass(frozen=True)
class Called:
    """When and where, who is asked, and points of the caller's own. `parts`: what is spoken of with the agencies."""

    held_at: datetime
    place: str
    people: Collection[Membership]
    agencies: Collection[Agency] = ()
    parts: Sequence[Part] = ()
    points: Sequence[Added] = ()


@verb(Verb.CONFERENCE_CALL)
def call(
    case: Case, *, called: Called, conference: Conference | None = None, seen: int | None = None, actor: Actor
) -> Conference:
    """Call a conference, or tell of one that was held; with `conference` put it at another time or place, or ask others. Whoever is
    asked, or not any more, hears.

    Raises:
        PersonFacingError: the case is closed, the time is long past or is taken, or somebody can't be asked.
        ConsentMissing: nothing lets an agency hear of these parts.
        Closed: the actor does not see the part of a point.
        Stale: it changed since `seen`.
    """
    lock(case)
    _check(case, called, conference, actor)
    if conference is None:
        conference = _begun(case, called.held_at, actor)
    else:
        take_up(case, conference, seen)
    conference.held_at, conference.place = called.held_at, called.place
    conference.save()
    before = inviting.told(conference)
    _invite(conference, called, actor)
    _add(conference, called.points)
    inviting.tell({*before, *inviting.told(conference)}, case, actor, message=called.held_at > actor.now)
    mark(case, EventKind.CONFERENCE_CALLED, actor, conference=conference.pk.hex, meets_at=called.held_at.isoformat())
    return conference


def _check(case: Case, called: Called, conference: Conference | None, actor: Actor) -> None:
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    if called.held_at < actor.now - HELD_BEFORE:
        told = _("This time has passed. One that was held can be recorded up to %(days)s days later.")
        raise PersonFacingError(told % {"days": HELD_BEFORE.days}, field="held_at")
    same = Conference.objects.filter(case=case, held_at=called.held_at, state=ConferenceState.PLANNED)
    if (same.exclude(pk=conference.pk) if conference else same).exists():
        raise PersonFacingError(_("A conference is called for this time already."), field="held_at")
    file = open_file(actor, case)
    for point in called.points:
        if not file.sees(point.part) or point.part not in agenda.TEAM_PARTS:
            raise Closed(point.part)


def _begun(case: Case, held_at: datetime, actor: Actor) -> Conference:
    return Conference(
        case=case,
        subject=case.subject,
        number=numbers.unused(Conference),
        held_at=held_at,
        called_by=actor.membership,
        called_at=actor.now,
    )


def take_up(case: Case, conference: Conference, seen: int | None) -> None:
    """Within the lock of the case: read again what another verb may have changed, and raise the version.

    Raises:
        ValueError: it is of another case.
        PersonFacingError: it was held or cancelled.
        Stale: it changed since `seen`.
    """
    moving.check_of(case, conference)
    conference.refresh_from_db(fields=["state", "version", "held_at", "place"])
    if conference.state == ConferenceState.HELD:
        raise PersonFacingError(_("The minutes of this conference are recorded already."), _("Look at them first."))
    if conference.state == ConferenceState.CANCELLED:
        raise PersonFacingError(_("This conference was cancelled."), _("Call another one."))
    if seen is not None and conference.version != seen:
        raise Stale({}, conference.version)
    conference.version += 1


def _invite(conference: Conference, called: Called, actor: Actor) -> None:
    case, people, agencies = conference.case, called.people, called.agencies
    inviting.check_people(case, people, actor)
    inviting.check_agencies(case, agencies, actor)
    parts = [part for part in Part if part in set(called.parts)]
    if NOT_TO_SHARE.intersection(parts) or (agencies and not parts):
        raise PersonFacingError(_("Say what is spoken of with the agencies that you invite."), field="parts")
    standing = Invited.objects.filter(conference=conference)
    standing.exclude(Q(membership__in=people) | Q(membership=None, agency__in=agencies)).delete()
    held = {(row.membership_id, row.agency_id): row for row in standing.select_related("subject")}
    for one in people:
        _seat(held.get((one.pk, one.agency_id)), conference, one.agency, membership=one)
    gate = Gate(case, actor.now)
    for agency in agencies:
        consent = inviting.consent_to_hear(gate, agency, parts)
        _seat(held.get((None, agency.pk)), conference, agency, consent=consent, parts=list(map(str, parts)))


def _seat(held: Invited | None, conference: Conference, agency: Agency, **more: Any) -> None:
    row = held or Invited(conference=conference, subject=conference.subject, agency=agency)
    row.held_at = conference.held_at
    for name, value in more.items():
        setattr(row, name, value)
    row.save()


def _add(conference: Conference, points: Sequence[Added]) -> None:
    place = conference.points.count()
    for number, point in enumerate(points, place):
        write_point(conference, point.part, number, {"kind": "own", "text": point.text})


def write_point(conference: Conference, part: Part, place: int, content: Mapping[str, Any], words: str = "") -> Point:
    return Point.objects.create(
        conference=conference,
        subject=conference.subject,
        part=part,
        place=place,
        content=dict(content),
        words=words or None,
    )


@verb(Verb.CONFERENCE_CANCEL)
def cancel(case: Case, *, conference: Conference, reason: str, seen: int | None = None, actor: Actor) -> Conference:
    """Call it off, with the reason. Everybody who was asked hears.

    Raises:
        PersonFacingError: it was held or cancelled.
        Stale: it changed since `seen`.
    """
    lock(case)
    take_up(case, conference, seen)
    conference.state, conference.why = ConferenceState.CANCELLED, reason
    conference.save()
    inviting.tell(inviting.told(conference), case, actor)
    mark(case, EventKind.CONFERENCE_CANCELLED, actor, conference=conference.pk.hex, text=reason)
    return conference
