"""Consent to share outside the owning agency: recorded, overridden on a ground, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

# Running shelter and medical help does not end with a withdrawal: it goes on until the case manager decides, one day at most.
# The design asks for a decision "within hours"; no source names the number, so pages mark these two as unverified.
RUNNING = (Relation.CENTRE_WORKER, Relation.HEALTH_WORKER)
DECIDE_WITHIN = timedelta(hours=4)
CARRY_ON_FOR = timedelta(days=1)


@verb(Verb.CONSENT_RECORD)
def record_consent(
    case: Case,
    *,
    purpose: str,
    recipient: Agency | None,
    parts: Sequence[Part],
    given_by: str,
    words: str,
    given_on: date,
    until: date | None = None,
    evidence: str = "",
    actor: Actor,
) -> Consent:
    """Record a consent. `given_by` is a code (child, guardian, both), `words` what was said; both are sealed.

    Raises:
        PersonFacingError: dated in the future, ends before it begins, or shares parts with nobody.
    """
    if given_on > actor.now.date():
        raise PersonFacingError(_("A consent can't be dated in the future."), field="given_on")
    if until is not None and until < given_on:
        raise PersonFacingError(_("This is before the day on which it was given."), field="until")
    if recipient is not None and not parts:
        raise PersonFacingError(_("Choose at least one part that this agency may see."), field="parts")
    consent = Consent.objects.create(
        subject=case.subject,
        purpose=purpose,
        recipient=recipient,
        parts=[str(part) for part in parts],
        recorded_by=actor.membership,
        given_on=given_on,
        until=until,
        details={"given_by": given_by, "words": words, "evidence": evidence},
    )
    mark(case, EventKind.CONSENT_RECORDED, actor, part=Part.CONSENT, text=words, to=str(recipient or ""))
    return consent


@verb(Verb.CONSENT_OVERRIDE)
def override_consent(
    case: Case, *, recipient: Agency, parts: Sequence[Part], ground: str, reason: str, actor: Actor
) -> Consent:
    """Share without consent, on a ground of the pack's list `override_ground`; flagged on the file and for the DPO.

    Raises:
        PersonFacingError: no part is chosen.
    """
    if not parts:
        raise PersonFacingError(_("Choose at least one part that this agency may see."), field="parts")
    return _override(case, recipient, [str(part) for part in parts], ground, reason, None, actor)


def _override(
    case: Case, recipient: Agency | None, parts: list[str], ground: str, reason: str, until: date | None, actor: Actor
) -> Consent:
    consent = Consent.objects.create(
        subject=case.subject,
        purpose="assistance_by_partner",
        recipient=recipient,
        parts=parts,
        recorded_by=actor.membership,
        given_on=actor.now.date(),
        until=until,
        override_ground=ground,
        details={"words": reason},
    )
    mark(case, EventKind.CONSENT_OVERRIDDEN, actor, part=Part.CONSENT, text=reason, to=str(recipient or ""), ground=ground)
    return consent


@verb(Verb.CONSENT_WITHDRAW)
def withdraw_consent(case: Case, *, consent: Consent, reason: str, actor: Actor) -> Consent:
    """End a consent. Whoever stands in the circle by it leaves at once; running shelter and medical help awaits a safety decision.

    Raises:
        PersonFacingError: it was withdrawn before.
    """
    if not Consent.objects.filter(pk=consent.pk, subject=case.subject_id, withdrawn_at=None).update(withdrawn_at=actor.now):
        raise PersonFacingError(_("This consent was withdrawn before."))
    consent.refresh_from_db()
    resting = list(Grant.objects.filter(consent=consent, until=None).select_related("membership"))
    running = [grant for grant in resting if grant.relation in RUNNING]
    Grant.objects.filter(consent=consent, until=None).exclude(relation__in=RUNNING).update(until=actor.now)
    mark(case, EventKind.CONSENT_WITHDRAWN, actor, part=Part.CONSENT, text=reason, to=str(consent.recipient or ""))
    if running:
        _carry_on(case, consent, actor)
    return consent


def _carry_on(case: Case, consent: Consent, actor: Actor) -> None:
    """Keep running help going for a day on the ground of vital interest, and ask the case manager to decide."""
    until = (actor.now + CARRY_ON_FOR).date()
    reason = _("Consent withdrawn; shelter or medical help goes on until the safety decision.")
    bridge = _override(case, consent.recipient, consent.parts, "vital_interest", reason, until, actor)
    Grant.objects.filter(consent=consent, until=None, relation__in=RUNNING).update(consent=bridge)
    manager = Circle(case, actor).manager
    owner = manager.membership if manager else actor.membership
    add_task(case, TaskKind.SAFETY_DECISION, reason, actor.now + DECIDE_WITHIN, owner, actor)
