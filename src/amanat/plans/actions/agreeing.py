"""Who agreed to the draft: the child, the guardian, the team. When all three did, the version is frozen; then a supervisor approves.
Where somebody could not be asked, a supervisor may let it come into force without: never over a no to this text, and never over the
last no of the child, whatever text it was about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.shown import case_of
from amanat.cases.stating import check_day
from amanat.plans import texts
from amanat.plans.actions.ground import demand_draft, held
from amanat.plans.models import Agreement, FrozenPlan, Party, Plan, PlanState
from amanat.plans.reading import Standing
from amanat.plans.voices import NO, NOT_ASKED, YES, Agreed, agreements_of, last_answer
from amanat.web.errors import PersonFacingError


@verb(Verb.PLAN_AGREE)
def agree(
    case: Case,
    *,
    party: str,
    answer: str,
    on: date,
    name: str = "",
    words: str = "",
    shown: str | None = None,
    actor: Actor,
) -> Agreement:
    """Record what one side said to the draft as it stands. With the last yes the version is frozen, and the one before is replaced.
    Who could not be asked before a version came into force is asked about that one, while nothing else is drafted.

    `shown`: the digest of the text that was read to them.

    Raises:
        PersonFacingError: the draft is another than the one shown, a high need has neither objective nor reason, the draft is empty,
            the day has not come, or words are missing.
    """
    standing = held(case, actor)
    plan = standing.lacking or demand_draft(standing)
    text = standing.live if plan.is_draft else standing.in_force
    if shown is not None and shown != texts.digest(text):
        raise PersonFacingError(
            _("The draft was changed since you opened this page."), _("Read to them what has changed, then record it.")
        )
    _check_whole(text)
    check_day(standing.file, on)
    _check_said(party, answer, words)
    if not plan.is_draft and party not in missing(standing, plan):
        raise PersonFacingError(_("They have agreed to this version already."), field="party")
    told = {"answer": answer, "on": on.isoformat(), "name": name, "words": words, "sha256": texts.digest(text)}
    said = Agreement.objects.create(
        plan=plan,
        subject=case.subject,
        party=party,
        place=plan.agreements.count() + 1,
        recorded_by=actor.membership,
        at=actor.now,
        content=told,
    )
    if plan.is_draft:
        _after_an_answer(standing, plan, actor)
    return said


def _after_an_answer(standing: Standing, plan: Plan, actor: Actor) -> None:
    """A draft comes into force with the last yes; where only a leave is missing, it waits for a supervisor from now on."""
    if not missing(standing, plan):
        _freeze(standing, plan, actor)
        mark(case_of(standing.file), EventKind.PLAN_AGREED, actor, part=Part.PLAN, number=plan.number)
        return
    plan.waits_since = actor.now if _only_a_leave_is_missing(standing, plan) else None
    plan.save(update_fields=["waits_since"])


def _only_a_leave_is_missing(standing: Standing, plan: Plan) -> bool:
    try:
        return bool(not_asked(standing, plan))
    except PersonFacingError:
        return False


@verb(Verb.PLAN_ALLOW)
def allow(case: Case, *, ground: str, shown: str | None = None, actor: Actor) -> Plan:
    """Let the draft come into force without whoever could not be asked; every face of it says so, with the reason.

    `ground`: why the child may not wait until they can be asked. `shown`: the digest of the text that was read.

    Raises:
        PersonFacingError: somebody was not asked yet or said no, nobody is missing, or the draft is another by now.
    """
    standing = held(case, actor)
    plan = demand_draft(standing)
    if shown is not None and shown != texts.digest(standing.live):
        raise PersonFacingError(_("The draft was changed since you opened this page."), _("Read it once more first."))
    _check_whole(standing.live)
    without = not_asked(standing, plan)
    said = {str(party): str(one.held["words"]) for party, one in without.items()}
    _freeze(standing, plan, actor, without=said, ground=ground)
    plan.allowed_by, plan.allowed_at = actor.membership, actor.now
    plan.save(update_fields=["allowed_by", "allowed_at"])
    told = " ".join([*said.values(), ground])
    mark(case, EventKind.PLAN_ALLOWED, actor, part=Part.PLAN, number=plan.number, text=told)
    return plan


def missing(standing: Standing, plan: Plan) -> list[Party]:
    """The sides of whom nobody recorded that they agree to the text as it stands now."""
    now = texts.digest(standing.live if plan.is_draft else standing.in_force)
    said = agreements_of(standing.file, plan)
    return [one for one in Party if one not in said or not (said[one].favours and said[one].is_of(now))]


def not_asked(standing: Standing, plan: Plan) -> dict[Party, Agreed]:
    """The sides that could not be asked about the draft as it stands, where nothing else is missing.

    Raises:
        PersonFacingError: nobody is missing, somebody said no, or was not asked about this text.
    """
    now, said = texts.digest(standing.live), agreements_of(standing.file, plan)
    lack = missing(standing, plan)
    child = last_answer(standing.file, Party.CHILD)
    if child is not None and child.says(NO):
        raise PersonFacingError(
            _("The child said no. A plan never comes into force over the child’s no."),
            _("Change the draft and ask the child again."),
        )
    guardian = last_answer(standing.file, Party.GUARDIAN)
    if guardian is not None and guardian.says(NO):
        raise PersonFacingError(
            _("The guardian said no. Whoever said no is asked again, and not left out."),
            _(
                "Ask about the draft as it stands. If the guardian may not decide for this child, another one is needed first."
            ),
        )
    for party in lack:
        one = said.get(party)
        if one is None or not one.is_of(now) or not one.says(NOT_ASKED):
            told = _("Nobody wrote yet why they could not be asked about this text, or they said no: %(who)s")
            raise PersonFacingError(told % {"who": party.label}, _("Ask them first; record what they say."))
    if not lack:
        raise PersonFacingError(_("Nobody’s agreement is missing."))
    return {party: said[party] for party in lack}


def _check_whole(text: texts.Text) -> None:
    if not texts.outline(text).objectives:
        raise PersonFacingError(_("No objective stands in this plan yet."), _("Write what is to be reached first."))
    if open_needs := texts.unanswered(text):
        told = _("A high need has neither an objective nor a written reason: %(need)s")
        raise PersonFacingError(
            told % {"need": open_needs[0].get("words")[:80]}, _("Write an objective for it, or why there is none.")
        )


def _check_said(party: str, answer: str, words: str) -> None:
    if answer != YES and not words:
        raise PersonFacingError(_("Write what they said, or why they could not be asked."), field="words")
    if party == Party.TEAM and answer not in (YES, NO):
        raise PersonFacingError(_("The team can be asked."), field="answer")


def _freeze(standing: Standing, plan: Plan, actor: Actor, **told: Any) -> None:
    if standing.agreed is not None:
        Plan.objects.filter(pk=standing.agreed.pk).update(state=PlanState.SUPERSEDED)
    said = {party: one.held for party, one in agreements_of(standing.file, plan).items()}
    freeze(plan, standing.live, said=said, **told)
    plan.state, plan.agreed_at = PlanState.AGREED, actor.now
    plan.save(update_fields=["state", "agreed_at"])


def freeze(plan: Plan, text: texts.Text, **told: Any) -> None:
    """Seal a text as that of a version, with what is told beside it (see `FrozenPlan`)."""
    content = {"rows": texts.as_json(text), "sha256": texts.digest(text)} | told
    FrozenPlan.objects.create(plan=plan, subject=plan.subject, content=content)


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
