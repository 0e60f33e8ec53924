"""The minutes of a conference: what was said at each point and decided; decisions become tasks and drafts of referrals."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.writing import add_task, may_own_tasks
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.people.models import Agency, Membership
from amanat.referrals import agenda, inviting
from amanat.referrals.actions.conferring import take_up, write_point
from amanat.referrals.actions.preparing import Ask, prepare
from amanat.referrals.models import Response
from amanat.referrals.models_conferences import Conference, ConferenceState, Decision, Point
from amanat.web.errors import PersonFacingError


@dataclass(frozen=True)
class ToDo:
    """A decision that becomes a task."""

    owner: Membership
    due: datetime


@dataclass(frozen=True)
class ToAsk:
    """A decision that becomes the draft of a referral."""

    need: str
    urgency: str
    to: Agency
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Minute:
    """What was said at a point, and decided. `found` comes from the agenda, or is a point that came up there."""

    found: agenda.Found
    words: str = ""
    decision: str = ""
    becomes: ToDo | ToAsk | None = None


@verb(Verb.CONFERENCE_RECORD)
def record(
    case: Case,
    *,
    conference: Conference,
    minutes: Sequence[Minute],
    came: Collection[uuid.UUID] = (),
    seen: int | None = None,
    actor: Actor,
) -> Conference:
    """Keep the agenda as it was, what was said and decided, and who came. Decisions become tasks and drafts of referrals at once.

    Raises:
        PersonFacingError: it was recorded or cancelled, is still to come, nothing was written, nobody of those asked came, or
            a task can't be theirs.
        Closed: the actor does not see the part of what they write.
        Stale: it changed since `seen`.
    """
    lock(case)
    take_up(case, conference, seen)
    file = open_file(actor, case)
    _check_minutes(conference, minutes, file)
    _check_came(conference, came)
    conference.state, conference.new_since = ConferenceState.HELD, agenda.since(conference)
    conference.recorded_by, conference.recorded_at = actor.membership, actor.now
    conference.save()
    conference.invited.filter(pk__in=came).update(came=True)
    conference.invited.exclude(pk__in=came).update(came=False)
    response = _drafts(case, minutes, actor)
    for minute, point in zip(minutes, _kept(conference, minutes), strict=True):
        _decide(case, point, minute, response, actor)
    _mark(case, conference, minutes, actor)
    inviting.tell(inviting.told(conference), case, actor, message=False)
    return conference


def _check_minutes(conference: Conference, minutes: Sequence[Minute], file: File) -> None:
    if conference.held_at > file.actor.now:
        raise PersonFacingError(
            _("This conference is still to come."), _("If it was held earlier, change its time first.")
        )
    written = [minute for minute in minutes if minute.words or minute.decision]
    if not written:
        raise PersonFacingError(_("Write what was said, at one point at least."))
    for minute in written:
        if not file.sees(minute.found.part):
            raise Closed(minute.found.part)
    may_own = may_own_tasks(conference.case, file.actor)
    for minute in written:
        if isinstance(minute.becomes, ToDo):
            _check_task(minute.becomes, minute.found.part, may_own, conference.case, file.actor)


def _check_came(conference: Conference, came: Collection[uuid.UUID]) -> None:
    asked = set(conference.invited.values_list("pk", flat=True))
    if asked and asked.isdisjoint(came):
        raise PersonFacingError(_("Tick who came: one of them at least."), field="came")


def _check_task(to_do: ToDo, part: Part, may_own: Sequence[Membership], case: Case, actor: Actor) -> None:
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    if to_do.due < actor.now:
        raise PersonFacingError(_("This time has passed. Choose a later one."))
    if to_do.owner not in may_own:
        raise PersonFacingError(_("This person does not stand in the circle of care."))
    if not open_file(Actor.of(to_do.owner, actor.now), case).sees(part):
        raise PersonFacingError(
            _("%(name)s could not read this task: it belongs to the part “%(part)s”.")
            % {"name": to_do.owner.user.display_name, "part": PART_LABELS[part]},
            _("Choose somebody who sees this part, or decide it at a point of another part."),
        )


def _drafts(case: Case, minutes: Sequence[Minute], actor: Actor) -> Response | None:
    """One response for all that was decided here. What the receiver reads is written before it leaves, so no words of a part go along."""
    asked = [one.becomes for one in minutes if isinstance(one.becomes, ToAsk)]
    wanted = [Ask(to=one.to, need=one.need, urgency=one.urgency, summary=one.summary) for one in asked]
    return prepare(case, asked=wanted, actor=actor) if wanted else None


def _kept(conference: Conference, minutes: Sequence[Minute]) -> list[Point]:
    """All points in the order of the agenda; those that were added before have their rows already, which move behind the found ones."""
    standing = {row.pk: row for row in conference.points.select_related("subject")}
    behind = len(minutes) + len(standing)
    for number, row in enumerate(standing.values(), behind):
        row.place = number
        row.save(update_fields=["place"])
    kept = []
    for place, minute in enumerate(minutes):
        added = standing.get(minute.found.point) if minute.found.point else None
        if added is None:
            added = write_point(conference, minute.found.part, place, minute.found.content, minute.words)
        else:
            added.place, added.words = place, minute.words or None
            added.save()
        kept.append(added)
    return kept


def _decide(case: Case, point: Point, minute: Minute, response: Response | None, actor: Actor) -> None:
    if not minute.decision:
        return
    becomes, part = minute.becomes, minute.found.part
    task = None
    if isinstance(becomes, ToDo):
        task = add_task(case, TaskKind.DECISION, minute.decision, becomes.due, becomes.owner, actor, part)
    to_ask = becomes if isinstance(becomes, ToAsk) else None
    Decision.objects.create(
        point=point,
        subject=case.subject,
        part=part,
        words=minute.decision,
        task=task,
        response=response if to_ask else None,
        need=to_ask.need if to_ask else "",
    )


def _mark(case: Case, conference: Conference, minutes: Sequence[Minute], actor: Actor) -> None:
    """That it was held, for everybody who knows of the file; what was said and decided, a line for each part."""
    about, at = conference.pk.hex, conference.held_at
    mark(case, EventKind.CONFERENCE_HELD, actor, at=at, conference=about)
    for part in Part:
        told = [line for one in minutes if one.found.part is part for line in (one.words, one.decision) if line]
        if told:
            mark(case, EventKind.MINUTES, actor, part=part, at=at, text="\n".join(told), conference=about)
