"""Who agreed to the draft: the child, the guardian, the team. When all three did, the version is frozen; then a supervisor approves."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.plans import texts
from amanat.plans.actions.ground import demand_draft, held
from amanat.plans.birthdays import review_by
from amanat.plans.models import Agreement, FrozenPlan, Party, Plan, PlanState
from amanat.plans.reading import Standing, edition
from amanat.plans.voices import YES, agreements_of
from amanat.web.errors import PersonFacingError, Stale


@verb(Verb.PLAN_AGREE)
def agree(
    case: Case,
    *,
    party: str,
    answer: str,
    on: date,
    name: str = "",
    words: str = "",
    seen: int | None = None,
    actor: Actor,
) -> Agreement:
    """Record what one side said to the draft as it stands. With the last yes the version is frozen, and the one before is replaced.

    `seen`: the edition of the draft that was read to them (`reading.edition`).

    Raises:
        PersonFacingError: a high need has neither objective nor reason, the draft is empty, the day has not come, or words are missing.
        Stale: the draft changed since `seen`.
    """
    standing = held(case, actor)
    plan = demand_draft(standing)
    if seen is not None and seen != (now := edition(standing.rows)):
        raise Stale({}, now)
    _check_whole(standing)
    _check_said(party, answer, on, words, standing)
    told = {"answer": answer, "on": on.isoformat(), "name": name, "words": words, "sha256": texts.digest(standing.live)}
    said = Agreement.objects.create(
        plan=plan,
        subject=case.subject,
        party=party,
        place=plan.agreements.count() + 1,
        recorded_by=actor.membership,
        at=actor.now,
        content=told,
    )
    if not missing(standing, plan):
        _freeze(standing, plan, actor)
    return said


def missing(standing: Standing, plan: Plan) -> list[Party]:
    """The sides of whom nobody recorded that they agree to the draft as it stands now."""
    now = texts.digest(standing.live)
    said = agreements_of(standing.file, plan)
    return [one for one in Party if one not in said or not (said[one].favours and said[one].is_of(now))]


def _check_whole(standing: Standing) -> None:
    text = standing.live
    if not texts.outline(text).objectives:
        raise PersonFacingError(_("No objective stands in this plan yet."), _("Write what is to be reached first."))
    if open_needs := texts.unanswered(text):
        told = _("A high need has neither an objective nor a written reason: %(need)s")
        raise PersonFacingError(
            told % {"need": open_needs[0].get("words")[:80]}, _("Write an objective for it, or why there is none.")
        )


def _check_said(party: str, answer: str, on: date, words: str, standing: Standing) -> None:
    if on > timezone.localdate(standing.file.actor.now):
        raise PersonFacingError(_("This day has not come yet."), field="on")
    if answer != YES and not words:
        raise PersonFacingError(_("Write what they said, or why they could not be asked."), field="words")
    if party == Party.TEAM and answer not in (YES, "no"):
        raise PersonFacingError(_("The team can be asked."), field="answer")


def _freeze(standing: Standing, plan: Plan, actor: Actor) -> None:
    text = standing.live
    if standing.agreed is not None:
        Plan.objects.filter(pk=standing.agreed.pk).update(state=PlanState.SUPERSEDED, review_by=None)
    content = {"rows": texts.as_json(text), "sha256": texts.digest(text)}
    FrozenPlan.objects.create(plan=plan, subject=plan.subject, content=content)
    plan.state, plan.agreed_at, plan.review_by = PlanState.AGREED, actor.now, review_by(standing.file, None)
    plan.save(update_fields=["state", "agreed_at", "review_by"])
    mark(plan.case, EventKind.PLAN_AGREED, actor, part=Part.PLAN, number=plan.number)


@verb(Verb.PLAN_APPROVE)
def approve(case: Case, *, words: str = "", seen: int | None = None, actor: Actor) -> Plan:
    """Approve the agreed version, as the supervisor of the agency that owns the case. `seen`: the number of the one that was read.

    Raises:
        PersonFacingError: no version is agreed, it is approved already, or another one was agreed meanwhile.
    """
    plan = held(case, actor).agreed
    if plan is None:
        raise PersonFacingError(_("No version is agreed yet."), _("The child, the guardian and the team agree first."))
    if seen is not None and seen != plan.number:
        raise PersonFacingError(_("Another version was agreed meanwhile."), _("Read it first, then approve it."))
    if plan.approved_at is not None:
        raise PersonFacingError(_("This version is approved already."))
    plan.approved_by, plan.approved_at = actor.membership, actor.now
    plan.save(update_fields=["approved_by", "approved_at"])
    mark(case, EventKind.PLAN_APPROVED, actor, part=Part.PLAN, number=plan.number, text=words)
    return plan
