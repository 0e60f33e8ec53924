"""Planning a session with a child, and putting it off."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import said
from amanat.psychology.actions.stating import check_ahead, file_of
from amanat.psychology.models import Session, SessionState
from amanat.web.errors import PersonFacingError, Stale


class Plan(TypedDict, total=False):
    """What a session is planned for. `approach` is a code of `session_approach`; `minutes`: how long."""

    approach: str
    aim: str
    place: str
    minutes: int | None


@verb(Verb.SESSION_PLAN)
def plan_session(case: Case, *, at: datetime, actor: Actor, **plan: Unpack[Plan]) -> Session:
    """Plan a session of the actor with the child.

    Raises:
        PersonFacingError: the time has passed, or the actor has another session then; the case is closed.
    """
    file_of(case, actor)
    check_ahead(actor.now, at)
    _check_free(actor.membership.pk, at)
    session = Session.objects.create(
        subject=case.subject,
        case=case,
        psychologist=actor.membership,
        at=at,
        written_at=actor.now,
        plan=said(**plan),
    )
    mark(case, EventKind.SESSION_PLANNED, actor, part=Part.PSYCHOLOGY_SUMMARY)
    return session


@verb(Verb.SESSION_PLAN)
def move_session(
    session: Session, *, at: datetime, actor: Actor, seen: int | None = None, **plan: Unpack[Plan]
) -> Session:
    """Put a planned session off, or plan it otherwise.

    Raises:
        PersonFacingError: it is not planned any more; the time has passed, or is not free.
        Stale: somebody changed it since `seen`.
    """
    file_of(session.case, actor)
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    demand_planned(held)
    demand_seen(held, seen)
    check_ahead(actor.now, at)
    _check_free(held.psychologist_id, at, held)
    session.at, session.plan, session.version = at, said(**plan), held.version + 1
    session.save(update_fields=["at", "plan", "version"])
    mark(session.case, EventKind.SESSION_PLANNED, actor, part=Part.PSYCHOLOGY_SUMMARY)
    return session


def demand_planned(session: Session) -> None:
    """Raises:
    PersonFacingError: it was held, missed or cancelled meanwhile.
    """
    if not session.is_planned:
        raise PersonFacingError(
            _("This session is not planned any more."), _("Look at what a colleague recorded of it.")
        )


def demand_seen(session: Session, seen: int | None) -> None:
    """Raises:
    Stale: it was changed since.
    """
    if seen is not None and session.version != seen:
        raise Stale({}, session.version)


def _check_free(psychologist: uuid.UUID, at: datetime, but: Session | None = None) -> None:
    """Raises:
    PersonFacingError: at this very time the psychologist has another session, with whichever child.
    """
    same = Session.objects.filter(psychologist=psychologist, state=SessionState.PLANNED, at=at)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise PersonFacingError(
            _("The psychologist has another session at this time."), _("Choose another time."), "at"
        )
