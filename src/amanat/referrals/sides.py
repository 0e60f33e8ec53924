"""On which side of a referral somebody stands: which files are the sender's for them, what became of those handed over."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out, visible_to
from amanat.access.models import Grant
from amanat.access.policy import BY_OFFICE, BY_OWNERSHIP, CIRCLE
from amanat.cases.models import Case
from amanat.referrals.models import Kind, Referral, State


def senders_cases(actor: Actor) -> QuerySet[Case]:
    """Files whose referrals the actor may know of as the sender. Who receives a child, or stands in its circle by a consent, learns
    nothing here of what else is asked for it.
    """
    rows = visible_to(actor, Case.objects.all())
    if actor.role in BY_OFFICE:
        return rows
    held = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    theirs = Q(subject__in=held.filter(relation__in=CIRCLE, consent=None).values("subject"))
    if actor.role in BY_OWNERSHIP:
        theirs |= Q(agency=actor.membership.agency_id)
    return rows.filter(theirs)


def senders_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals of those files. Whoever knows of every file is not asked about each case, for there are many."""
    if actor.role in BY_OFFICE:
        return visible_to(actor, Referral.objects.all())
    return Referral.objects.filter(case__in=senders_cases(actor))


def handed_over(actor: Actor) -> QuerySet[Referral]:
    """For the supervisor: the whole cases that their agency passed on, by number, to whom and when; the files are not theirs any more."""
    rows = not_kept_out(actor, Referral.objects.filter(kind=Kind.TRANSFER, state=State.DONE))
    if actor.role not in BY_OWNERSHIP:
        return rows.none()
    return rows.filter(sent_by__agency=actor.membership.agency_id).select_related("agency").order_by("-since", "-id")
