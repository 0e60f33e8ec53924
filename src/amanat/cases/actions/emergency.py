"""Emergency access: four parts of a file for four hours, by code name or exact identity, and always judged afterwards.

Nobody may find out by trying whether there is a file: nothing found, several found and *you are kept out* are one answer,
each try without a result stands in the log, and there are few of them a day. A try is counted before it looks, so that
many at once are no more than one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import open_file, visible_to
from amanat.access.models import Conflict, EmergencyAccess, EmergencyTry, Grant
from amanat.access.policy import PARTS, SEEING, Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.answering import may_judge, supervisors
from amanat.cases.identity import EXACT, Feature
from amanat.cases.known import cases_with
from amanat.cases.models import Case, EventKind
from amanat.people.models import User
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError, Refused

EMERGENCY_LASTS = timedelta(hours=4)
# Amanat's own number: enough for slips of the pen, too few to try out code names.
TRIES_A_DAY = 10
DAY = timedelta(days=1)
OPENS = tuple(part for part in Part if PARTS[part][Relation.EMERGENCY] in SEEING)


class NothingFound(Refused):
    """No file, several, or one that this person may not open even in an emergency: all look the same.

    `subject` is what was reached for; it goes into the log and nowhere else.
    """

    def __init__(self, subject: Subject | None = None) -> None:
        super().__init__(
            gettext_lazy("No file was found."),
            gettext_lazy("Check the spelling, or call the duty contact of the agency."),
            field="code_name",
        )
        self.subject = subject


def _counted(act: Callable[..., EmergencyAccess]) -> Callable[..., EmergencyAccess]:
    """Around the verb: the try is committed before it looks, and stays unless it opens something or did not get to look."""

    @wraps(act)
    def run(*args: Any, actor: Actor, **given: Any) -> EmergencyAccess:
        counted = _count_a_try(actor)
        try:
            access = act(*args, actor=actor, **given)
        except NothingFound:
            raise
        except PersonFacingError:
            counted.delete()
            raise
        counted.delete()
        return access

    return run


def _count_a_try(actor: Actor) -> EmergencyTry:
    """Raises:
    PersonFacingError: too many tries without a result today.
    """
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)  # one after the other
        if tries_left(actor) == 0:
            raise PersonFacingError(
                _("You have tried too often today."), _("Call the duty contact of the agency, or your supervisor.")
            )
        return EmergencyTry.objects.create(membership=actor.membership, at=actor.now)


@verb(Verb.EMERGENCY_OPEN, around=_counted)
def open_emergency(
    *, code_name: str = "", features: Sequence[Feature] = (), reason: str, actor: Actor
) -> EmergencyAccess:
    """Open contacts, safety, health alerts and legal status of a file for four hours, by code name or exact identity.

    Where a conflict is recorded on the file, it opens only when a second person agrees. An access that the actor has
    already, or waits for, is given back as it is.

    Raises:
        NothingFound: no file, several files, or the actor is kept out of it.
        PersonFacingError: nothing to look by, or too many tries without a result today.
    """
    exact = [feature for feature in features if feature[0] in EXACT]
    if not code_name.strip() and not exact:
        raise PersonFacingError(
            _("Write the code name; or a name with the birth date, a phone or a document number."), field="code_name"
        )
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)  # pressing twice opens once
    case = _find(code_name, exact)
    if case is None:
        raise NothingFound()
    if _kept_out(case.subject, actor.user):
        raise NothingFound(case.subject)
    return _running(case, actor) or _begin(case, reason, actor)


def tries_left(actor: Actor) -> int:
    """How many more tries without a result this worker has in the running 24 hours."""
    tries = EmergencyTry.objects.filter(membership__user=actor.user, at__gt=actor.now - DAY)
    return max(0, TRIES_A_DAY - tries.count())


def _find(code_name: str, exact: Sequence[Feature]) -> Case | None:
    """By code name if one is given; else the first kind of feature that belongs to exactly one child decides."""
    named = " ".join(code_name.split())
    if named:
        return _only(Case.objects.filter(child__code_name__iexact=named))
    by_family = ([feature for feature in exact if feature[0] == family] for family in EXACT)
    found = (_only(cases_with(features)) for features in by_family if features)
    return next((case for case in found if case is not None), None)


def _only(cases: QuerySet[Case]) -> Case | None:
    """The newest case of the one child that these belong to; None for no child or several."""
    subjects = list(cases.order_by().values_list("subject_id", flat=True).distinct()[:2])
    if len(subjects) != 1:
        return None
    newest_first = Case.objects.filter(subject=subjects[0]).select_related("subject", "child", "agency")
    return newest_first.order_by("-opened_in", "-id").first()


def _kept_out(subject: Subject, user: User) -> bool:
    return Conflict.objects.filter(subject=subject, user=user, lifted_at=None).exists()


def _running(case: Case, actor: Actor) -> EmergencyAccess | None:
    mine = EmergencyAccess.objects.filter(subject=case.subject, membership=actor.membership, judged_at=None)
    return mine.filter(_open(actor) | _waiting(actor)).select_related("subject").first()


def _open(actor: Actor) -> Q:
    return Q(until__gt=actor.now)


def _waiting(actor: Actor) -> Q:
    """Asked for and not seconded; who asked more than four hours ago has to ask again."""
    return Q(opened_at=None, judged_at=None, asked_at__gt=actor.now - EMERGENCY_LASTS)


def _begin(case: Case, reason: str, actor: Actor) -> EmergencyAccess:
    access = EmergencyAccess.objects.create(
        subject=case.subject, membership=actor.membership, asked_at=actor.now, details={"reason": reason}
    )
    mark(case, EventKind.EMERGENCY, actor, text=reason)
    if not Conflict.objects.filter(subject=case.subject_id, lifted_at=None).exists():
        access.opened_at, access.until = actor.now, actor.now + EMERGENCY_LASTS
        access.save(update_fields=["opened_at", "until"])
        _let_in(access)
    return access


def _let_in(access: EmergencyAccess) -> None:
    assert access.opened_at is not None
    Grant.objects.create(
        subject=access.subject,
        membership=access.membership,
        relation=Relation.EMERGENCY.value,
        since=access.opened_at,
        until=access.until,
    )


class SomebodyElse(Refused):
    """This person can't be the second one. `subject` is whose file was reached for, for the log."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(gettext_lazy("Somebody else has to agree."))
        self.subject = subject


@verb(Verb.EMERGENCY_SECOND)
def second_emergency(access: EmergencyAccess, *, reason: str, actor: Actor) -> EmergencyAccess:
    """Agree, as the second person, to an emergency access to a file with a conflict.

    Raises:
        SomebodyElse: the actor may not know of the file, or asked for the access.
        PersonFacingError: it does not wait any more, or who asked is kept out by now.
    """
    if access.membership.user_id == actor.user.pk or not _knows(access, actor):
        raise SomebodyElse(access.subject)
    if _kept_out(access.subject, access.membership.user):
        raise PersonFacingError(_("This access can't be opened any more."))
    waiting = EmergencyAccess.objects.filter(_waiting(actor), pk=access.pk)
    if not waiting.update(second=actor.membership, opened_at=actor.now, until=actor.now + EMERGENCY_LASTS):
        raise PersonFacingError(_("This access does not wait any more."), _("Whoever needs it can ask again."))
    access.refresh_from_db()
    _let_in(access)
    return access


def _knows(access: EmergencyAccess, actor: Actor) -> bool:
    """Whether the actor may know of the file and nothing at all keeps them out of a part of it."""
    cases = visible_to(actor, Case.objects.filter(subject=access.subject_id))
    return cases.exists() and not _kept_out(access.subject, actor.user)


@verb(Verb.EMERGENCY_JUDGE)
def judge_emergency(
    case: Case, *, access: EmergencyAccess, judgement: str, reason: str, actor: Actor
) -> EmergencyAccess:
    """Close an emergency access with a judgement (a code of the pack's list `emergency_judgement`); it ends at once.

    Raises:
        PersonFacingError: it was judged before, or the actor used it.
        Refused: the actor is the data protection officer, and a supervisor can judge it.
    """
    if access.membership.user_id == actor.user.pk:
        raise PersonFacingError(
            _("Nobody judges their own access. It stands on the page of the data protection officer.")
        )
    if not may_judge(open_file(actor, case), access, supervisors([case.subject_id], actor.now)):
        raise Refused(_("The supervisor of the agency judges this access."))
    unjudged = EmergencyAccess.objects.filter(pk=access.pk, subject=case.subject_id, judged_at=None)
    if not unjudged.update(judged_by=actor.membership, judged_at=actor.now, judgement=judgement):
        raise PersonFacingError(_("This access was judged before."))
    access.refresh_from_db()
    Grant.objects.active(actor.now).filter(
        subject=case.subject, membership=access.membership, relation=Relation.EMERGENCY
    ).update(until=actor.now)
    mark(case, EventKind.EMERGENCY_JUDGED, actor, text=reason, judgement=judgement)
    return access


def open_accesses(actor: Actor) -> list[EmergencyAccess]:
    """Emergency accesses not yet judged, on files that the actor may know of; with the child, for its code name."""
    cases = visible_to(actor, Case.objects.all())
    rows = EmergencyAccess.objects.filter(judged_at=None, subject__in=cases.values("subject"))
    return list(
        rows.select_related("subject__child", "membership__user", "membership__agency", "second__user").order_by(
            "asked_at"
        )
    )


def own_accesses(actor: Actor) -> list[EmergencyAccess]:
    """What the actor has open or waits for; a waiting one is no way to its file."""
    mine = EmergencyAccess.objects.filter(_open(actor) | _waiting(actor), membership=actor.membership, judged_at=None)
    return list(mine.select_related("subject__child").order_by("-asked_at"))
