"""Who is kept out of a file (conflict of interest), and to whom a part is shown for some minutes. Emergencies: `emergency`."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.models import Conflict, Grant, Reveal
from amanat.access.policy import Level, Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.handing import change_manager
from amanat.cases.actions.marking import hold, mark
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

    Out of the whole file they leave the circle of care, and what they had to do falls to the case manager. If they are
    the case manager, `to` takes the case over in the same step: it has a manager at all times, and the timeline does not
    say why.

    Raises:
        ManagerNeeded: they are the case manager, and nobody is named.
        NotInAgency, CannotJoin: the one who is named can't take the case.
        PersonFacingError: it is the actor, or it is recorded already.
    """
    if user.pk == actor.user.pk:
        raise PersonFacingError(
            _("Ask a colleague or the data protection officer to record your own conflict."), field="user"
        )
    # Who may not know that there is a file is out of the whole of it, circle and all.
    part = "" if part == Part.EXISTENCE else part
    hold(case)
    if Conflict.objects.filter(subject=case.subject_id, user=user, part__in={"", part}, lifted_at=None).exists():
        raise PersonFacingError(_("This conflict is recorded already."), field="user")
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
    return conflict


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

    Raises:
        PersonFacingError: it is the actor's own, or was lifted before.
    """
    if conflict.user_id == actor.user.pk:
        raise PersonFacingError(_("Nobody lifts their own conflict."))
    here = Conflict.objects.filter(pk=conflict.pk, subject=case.subject_id, lifted_at=None)
    if not here.update(lifted_at=actor.now):
        raise PersonFacingError(_("This conflict was lifted before."))
    conflict.refresh_from_db()
    return conflict


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
