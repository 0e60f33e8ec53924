"""Who is kept out of a file (conflict of interest), and to whom a part is shown for some minutes. Emergencies: `emergency`."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.models import Conflict, Grant, Reveal
from amanat.access.policy import Level, Part, Verb
from amanat.access.verbs import verb
from amanat.cases import from_elsewhere
from amanat.cases.actions.handing import change_manager
from amanat.cases.actions.marking import hold, lock, mark
from amanat.cases.circle import Circle
from amanat.cases.models import Case, EventKind
from amanat.people.models import Membership, User
from amanat.web.errors import PersonFacingError

REVEAL_LASTS = timedelta(minutes=10)


class ManagerNeeded(PersonFacingError):
    """The person is the case manager: somebody has to take the case over in the same step."""

    def __init__(self) -> None:
        super().__init__(_("This person is the case manager. Choose who takes the case over."), field="to")


@verb(Verb.CONFLICT_RECORD)
def record_conflict(
    case: Case, *, user: User, part: str = "", reason: str, to: Membership | None = None, actor: Actor
) -> Conflict:
    """Keep a person out of a file, or of one part of it, from now on; stronger than every relation.

    It holds for what the case came from (a matter of a hotline) as well.
    Out of the whole file they leave the circle of care, and what they had to do falls to the case manager. If they are
    the case manager, `to` takes the case over in the same step: it has a manager at all times, and the timeline does not
    say why.

    Raises:
        ManagerNeeded: they are the case manager, and nobody is named.
        NotInAgency, CannotJoin: the one who is named can't take the case.
        PersonFacingError: it is the actor, or it is recorded already.
    """
    # Who may not know that there is a file is out of the whole of it, circle and all.
    part = "" if part == Part.EXISTENCE else part
    hold(case)
    if Conflict.objects.filter(subject=case.subject_id, user=user, part__in={"", part}, lifted_at=None).exists():
        raise PersonFacingError(_("This conflict is recorded already."), field="user")
    return keep_out(case, user, part=part, reason=reason, to=to, actor=actor)


def keep_out(
    case: Case, user: User, *, part: str = "", reason: str, to: Membership | None = None, actor: Actor
) -> Conflict:
    """A conflict, within a verb that holds the case. See `record_conflict`."""
    if user.pk == actor.user.pk:
        raise PersonFacingError(
            _("Ask a colleague or the data protection officer to record your own conflict."), field="user"
        )
    conflict = Conflict.objects.create(
        subject=case.subject,
        user=user,
        part=part,
        recorded_by=actor.membership,
        recorded_at=actor.now,
        details={"reason": reason},
    )
    if not part:
        _put_out(case, user, to, actor)
    _keep_out_of_sources(case, conflict)
    return conflict


def keep_out_of_sources(case: Case) -> None:
    """Whoever is kept out of the case is kept out of what it came from: for the verb by which it comes from one more file."""
    lock(case)
    for conflict in Conflict.objects.filter(subject=case.subject_id, lifted_at=None).select_related("user"):
        _keep_out_of_sources(case, conflict)


def _keep_out_of_sources(case: Case, conflict: Conflict) -> None:
    """Why stands with the case alone: who reads the log of a matter need not know of the child."""
    for row, sources in from_elsewhere.sources_of(case):
        if not _same(conflict).filter(subject=row.subject_id).exists():
            Conflict.objects.create(
                subject=row.subject,
                user=conflict.user,
                part=conflict.part,
                recorded_by=conflict.recorded_by,
                recorded_at=conflict.recorded_at,
            )
        if not conflict.part:
            sources.let_go(row, conflict.user)


def _same(conflict: Conflict) -> QuerySet[Conflict]:
    """Conflicts that keep the same person out of the same part, of whatever file."""
    return Conflict.objects.filter(user=conflict.user_id, part=conflict.part, lifted_at=None)


def _put_out(case: Case, user: User, to: Membership | None, actor: Actor) -> None:
    circle = Circle(case, actor)
    manager = circle.manager
    if manager is not None and manager.membership.user_id == user.pk:
        if to is None:
            raise ManagerNeeded()
        change_manager(case, to, actor)
        mark(case, EventKind.ASSIGNED, actor, to=str(to.user))
    held = Grant.objects.active(actor.now).filter(subject=case.subject_id, membership__user=user)
    for grant in held.select_related("membership"):
        circle.end(grant)


@verb(Verb.CONFLICT_LIFT)
def lift_conflict(case: Case, *, conflict: Conflict, reason: str, actor: Actor) -> Conflict:
    """Let a person in again as far as their relations go. Places in the circle that they lost do not come back by themselves.

    Into what the case came from they come back where no other case from there keeps them out.

    Raises:
        PersonFacingError: it is the actor's own, or was lifted before.
    """
    if conflict.user_id == actor.user.pk:
        raise PersonFacingError(_("Nobody lifts their own conflict."))
    lock(case)
    here = Conflict.objects.filter(pk=conflict.pk, subject=case.subject_id, lifted_at=None)
    if not here.update(lifted_at=actor.now):
        raise PersonFacingError(_("This conflict was lifted before."))
    conflict.refresh_from_db()
    _let_into_sources(case, conflict, actor)
    return conflict


def _let_into_sources(case: Case, conflict: Conflict, actor: Actor) -> None:
    same = _same(conflict)
    for row, sources in from_elsewhere.sources_of(case):
        if not same.filter(subject__in={one.subject_id for one in sources.cases(row)}).exists():
            same.filter(subject=row.subject_id).update(lifted_at=actor.now)


@verb(Verb.FILE_REVEAL)
def reveal(case: Case, *, part: Part, reason: str, actor: Actor) -> Reveal:
    """Show a part to the supervisor for ten minutes; the reason stands in the log.

    Raises:
        Closed: the policy does not let this part be revealed to the actor.
    """
    if open_file(actor, case).level(part) is not Level.REVEAL:
        raise Closed(part)
    return Reveal.objects.create(
        subject=case.subject, membership=actor.membership, part=part, until=actor.now + REVEAL_LASTS
    )
