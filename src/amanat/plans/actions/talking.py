"""Comments and proposals beside the draft, answers to them, reports of how it goes, and reviews of what was agreed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_day
from amanat.plans.actions.ground import demand_own, held
from amanat.plans.models import Comment, CommentState, Plan, PlanRow, Report, Review, RowKind
from amanat.plans.reading import Standing
from amanat.web.errors import PersonFacingError


@verb(Verb.PLAN_COMMENT)
def comment(case: Case, *, words: str, row: PlanRow | None = None, is_proposal: bool = False, actor: Actor) -> Comment:
    """Say something of the plan or of a row, or propose another text. Whoever writes the row answers.

    Raises:
        PersonFacingError: the case is closed.
        ValueError: the row is another child's.
    """
    standing = held(case, actor)
    if row is not None and row.pk.hex not in standing.by_ref:
        raise ValueError(f"{row!r} is no row of this case")
    return Comment.objects.create(
        case=case,
        subject=case.subject,
        row=row,
        is_proposal=is_proposal,
        author=actor.membership,
        at=actor.now,
        words=words,
    )


@verb(Verb.PLAN_WRITE)
def answer(case: Case, *, comment: Comment, taken: bool, words: str = "", actor: Actor) -> Comment:
    """Say that a comment was taken up, or not and why. Who writes its row may; of the whole, whoever writes in the plan.

    Raises:
        PersonFacingError: it was answered already, the row is another's part, or the reason is missing.
    """
    standing = held(case, actor)
    now = Comment.objects.filter(case=case, state=CommentState.OPEN, pk=comment.pk).first()
    if now is None:
        raise PersonFacingError(_("A colleague has answered this already."))
    demand_own(standing, standing.by_ref.get(now.row_id.hex) if now.row_id else None)
    if not taken and not words:
        raise PersonFacingError(_("Write why it is not taken up. One sentence is enough."), field="words")
    now.state = CommentState.TAKEN if taken else CommentState.LEFT
    now.subject, now.answer = case.subject, words or None
    now.answered_by, now.answered_at = actor.membership, actor.now
    now.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    return now


@verb(Verb.PLAN_REPORT)
def report(case: Case, *, row: PlanRow, state: str, on: date, words: str = "", actor: Actor) -> Report:
    """Say how an objective or an activity of the agreed version goes. `state` is a code of the list `plan_progress`.

    Raises:
        PersonFacingError: no version is agreed, the row does not stand in it, or the day has not come.
    """
    standing = held(case, actor)
    _demand_agreed(standing)
    stands = standing.in_force.get(row.pk.hex)
    if stands is None or stands.kind not in (RowKind.OBJECTIVE, RowKind.ACTIVITY):
        raise PersonFacingError(_("This does not stand in the agreed plan."), _("Look at the plan as it was agreed."))
    check_day(standing.file, on)
    told = {"state": state, "on": on.isoformat(), "words": words}
    return Report.objects.create(
        case=case, subject=case.subject, row=row, author=actor.membership, at=actor.now, content=told
    )


@verb(Verb.PLAN_REVIEW)
def review(
    case: Case,
    *,
    trigger: str,
    on: date,
    good: str,
    hard: str = "",
    child: str,
    decision: str,
    actor: Actor,
) -> Review:
    """Record that the agreed plan was looked at: what goes well, what does not, what the child says, what was decided.

    Raises:
        PersonFacingError: no version is agreed, or the day has not come.
    """
    standing = held(case, actor)
    plan = _demand_agreed(standing)
    check_day(standing.file, on)
    told = {"trigger": trigger, "on": on.isoformat(), "good": good, "hard": hard, "child": child, "decision": decision}
    done = Review.objects.create(plan=plan, subject=case.subject, author=actor.membership, at=actor.now, content=told)
    mark(case, EventKind.PLAN_REVIEWED, actor, part=Part.PLAN, number=plan.number)
    return done


def _demand_agreed(standing: Standing) -> Plan:
    if standing.agreed is None:
        raise PersonFacingError(_("No version is agreed yet."), _("The child, the guardian and the team agree first."))
    return standing.agreed
