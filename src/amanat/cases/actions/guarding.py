"""Conflict, emergency access, and revealing a part: who is kept out, and who gets in for a while."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.models import Conflict, EmergencyAccess, Grant, Reveal
from amanat.access.policy import Level, Part, Relation, Verb
from amanat.access.files import Closed, open_file
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.identity import Feature, telling
from amanat.cases.known import cases_with
from amanat.cases.models import Case, EventKind
from amanat.people.models import User
from amanat.web.errors import PersonFacingError

EMERGENCY_LASTS = timedelta(hours=4)
REVEAL_LASTS = timedelta(minutes=10)


class NothingFound(PersonFacingError):
    """No file, or none that this person may open even in an emergency: the two look the same."""

    def __init__(self) -> None:
        super().__init__(_("No file was found."), _("Check the spelling, or call the duty contact of the agency."), field="code_name")


@verb(Verb.CONFLICT_RECORD)
def record_conflict(case: Case, *, user: User, part: str = "", reason: str, actor: Actor) -> Conflict:
    """Keep a person out of a file, or of one part of it, from now on; stronger than every relation.

    Raises:
        PersonFacingError: it is the actor, or it is recorded already.
    """
    if user.pk == actor.user.pk:
        raise PersonFacingError(_("Ask a colleague or the data protection officer to record your own conflict."), field="user")
    if Conflict.objects.filter(subject=case.subject_id, user=user, part=part, lifted_at=None).exists():
        raise PersonFacingError(_("This conflict is recorded already."), field="user")
    if not part:
        Grant.objects.active(actor.now).filter(subject=case.subject_id, membership__user=user).exclude(
            relation=Relation.CASE_MANAGER
        ).update(until=actor.now)
    return Conflict.objects.create(
        subject=case.subject,
        user=user,
        part=part,
        recorded_by=actor.membership,
        recorded_at=actor.now,
        details={"reason": reason},
    )


@verb(Verb.CONFLICT_LIFT)
def lift_conflict(case: Case, *, conflict: Conflict, reason: str, actor: Actor) -> Conflict:
    """Let a person in again as far as their relations go.

    Raises:
        PersonFacingError: it is the actor's own.
    """
    if conflict.user_id == actor.user.pk:
        raise PersonFacingError(_("Nobody lifts their own conflict."))
    conflict.lifted_at = actor.now
    conflict.save(update_fields=["lifted_at"])
    return conflict


@verb(Verb.EMERGENCY_OPEN)
def open_emergency(*, code_name: str, features: list[Feature], reason: str, actor: Actor) -> EmergencyAccess:
    """Open contacts, safety, health alerts and legal status of a file for four hours, by code name or exact identity.

    Where a conflict is recorded on the file, it opens only when a second person agrees.

    Raises:
        NothingFound: no file, several files, or the actor is kept out of it.
    """
    case = _find(code_name, features)
    if case is None or Conflict.objects.filter(subject=case.subject_id, user=actor.user, lifted_at=None).exists():
        raise NothingFound()
    access = EmergencyAccess.objects.create(
        subject=case.subject, membership=actor.membership, asked_at=actor.now, details={"reason": reason}
    )
    mark(case, EventKind.EMERGENCY, actor, text=reason)
    if not Conflict.objects.filter(subject=case.subject_id, lifted_at=None).exists():
        _let_in(access, actor)
    return access


def _find(code_name: str, features: list[Feature]) -> Case | None:
    by_name = Case.objects.filter(child__code_name__iexact=" ".join(code_name.split()))
    found = by_name if code_name else cases_with(telling(features))
    subjects = list(found.values_list("subject_id", flat=True).distinct()[:2])
    if len(subjects) != 1:
        return None
    return Case.objects.filter(subject=subjects[0]).select_related("subject", "child").order_by("closed_at").last()


def _let_in(access: EmergencyAccess, actor: Actor) -> None:
    access.opened_at, access.until = actor.now, actor.now + EMERGENCY_LASTS
    access.save(update_fields=["opened_at", "until"])
    Grant.objects.create(
        subject=access.subject,
        membership=access.membership,
        relation=Relation.EMERGENCY.value,
        since=actor.now,
        until=access.until,
    )


@verb(Verb.EMERGENCY_SECOND)
def second_emergency(access: EmergencyAccess, *, reason: str, actor: Actor) -> EmergencyAccess:
    """Agree, as the second person, to an emergency access to a file with a conflict.

    Raises:
        PersonFacingError: it is open already, was asked for by the actor, or the actor is kept out of the file.
    """
    if access.opened_at is not None:
        raise PersonFacingError(_("A colleague has agreed already."))
    kept_out = Conflict.objects.filter(subject=access.subject_id, user=actor.user, lifted_at=None).exists()
    if access.membership.user_id == actor.user.pk or kept_out:
        raise PersonFacingError(_("Somebody else has to agree."))
    access.second = actor.membership
    access.save(update_fields=["second"])
    _let_in(access, actor)
    return access


@verb(Verb.EMERGENCY_JUDGE)
def judge_emergency(case: Case, *, access: EmergencyAccess, judgement: str, reason: str, actor: Actor) -> EmergencyAccess:
    """Close an emergency access with a judgement (a code of the pack's list `emergency_judgement`).

    Raises:
        PersonFacingError: it was judged before, or the actor used it.
    """
    if access.judged_at is not None:
        raise PersonFacingError(_("This access was judged before."))
    if access.membership.user_id == actor.user.pk:
        raise PersonFacingError(_("Nobody judges their own access. It stands on the page of the data protection officer."))
    access.judged_by, access.judged_at, access.judgement = actor.membership, actor.now, judgement
    access.save(update_fields=["judged_by", "judged_at", "judgement"])
    Grant.objects.active(actor.now).filter(
        subject=case.subject, membership=access.membership, relation=Relation.EMERGENCY
    ).update(until=actor.now)
    mark(case, EventKind.EMERGENCY_JUDGED, actor, text=reason, judgement=judgement)
    return access


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


def open_accesses(actor: Actor) -> list[EmergencyAccess]:
    """Emergency accesses not yet judged, on files that the actor may know of."""
    cases = visible_to(actor, Case.objects.all())
    rows = EmergencyAccess.objects.filter(judged_at=None, subject__in=cases.values("subject"))
    return list(rows.select_related("subject", "membership__user", "membership__agency").order_by("asked_at"))
