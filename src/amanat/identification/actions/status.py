"""The formal status: recorded as somebody decided it, appealed against, reviewed. What a screening finds is none."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.facts import follow_decision
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_day, file_of
from amanat.identification.actions.stating import check_after, state
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import Told, newest_status, statement_of, statements_of
from amanat.web.errors import PersonFacingError

# The fields of the standard that say the status; they follow what is decided here.
SECTION, STATUS_FIELD, DECIDED_BY_FIELD = (
    "victim_context",
    "vic_TraffickingStatus",
    "vic_TraffickingStatusDecisionMakingOrg",
)


@verb(Verb.STATUS_DECIDE)
def decide(
    case: Case,
    *,
    status: str,
    decided_by: str,
    agency: str = "",
    person: str = "",
    capacity: str = "",
    on: date,
    grounds: str,
    documents: str = "",
    legal_basis: str = "",
    until: date | None = None,
    review_by: date | None = None,
    actor: Actor,
) -> Statement:
    """Record what was decided about the child's status. Earlier decisions stay; the one of the latest day is the status of now.

    `status` and `decided_by` are codes of the standard's lists (`htcds_trafficking_status`, `htcds_status_decided_by`); the two
    fields of the facts that say the same follow the status of now.

    Raises:
        PersonFacingError: the day has not come, or lies before the birth; it would end or be reviewed before it was decided.
    """
    check_day(file_of(case, actor, Part.FACTS), on)
    check_after(until, on, "until")
    check_after(review_by, on, "review_by")
    told = {"status": status, "decided_by": decided_by, "agency": agency, "person": person, "capacity": capacity}
    told |= {"on": on.isoformat(), "grounds": grounds, "documents": documents, "legal_basis": legal_basis}
    told |= {"until": until.isoformat() if until else "", "review_by": review_by.isoformat() if review_by else ""}
    decision = state(case, StatementKind.STATUS, told, actor)
    mark(case, EventKind.STATUS_DECIDED, actor, part=Part.FACTS, status=status)
    _follow(case, actor)
    return decision


@verb(Verb.STATUS_APPEAL)
def appeal(case: Case, *, status: Statement, on: date, by: str, words: str, actor: Actor) -> Statement:
    """Record that a status is appealed against. Until a review decides, it stands.

    Raises:
        PersonFacingError: the day has not come or lies before the decision; an appeal waits already, or it was set aside.
    """
    file = file_of(case, actor, Part.FACTS)
    decided = _standing(file, status)
    check_day(file, on)
    check_after(on, decided.on or on, "on")
    if decided.is_appealed:
        raise PersonFacingError(_("An appeal against this status waits already."), _("Record how it was decided."))
    told = {"on": on.isoformat(), "by": by, "words": words}
    filed = state(case, StatementKind.APPEAL, told, actor, about=decided.row)
    mark(case, EventKind.STATUS_APPEALED, actor, part=Part.FACTS, text=words)
    return filed


@verb(Verb.STATUS_REVIEW)
def review(case: Case, *, status: Statement, on: date, by: str, outcome: str, words: str, actor: Actor) -> Statement:
    """Record a review of a status, or how an appeal was decided. `outcome` is a code of the list `status_review_outcome`.

    A status that is set aside stays in the history, and the facts say none until another is decided.

    Raises:
        PersonFacingError: the day has not come or lies before the decision; it was set aside, or no appeal waits to be withdrawn.
    """
    file = file_of(case, actor, Part.FACTS)
    decided = _standing(file, status)
    check_day(file, on)
    check_after(on, decided.on or on, "on")
    if outcome == "withdrawn" and not decided.is_appealed:
        raise PersonFacingError(_("No appeal against this status waits."), field="outcome")
    told = {"on": on.isoformat(), "by": by, "outcome": outcome, "words": words}
    looked = state(case, StatementKind.REVIEW, told, actor, about=decided.row)
    mark(case, EventKind.STATUS_REVIEWED, actor, part=Part.FACTS, outcome=outcome)
    _follow(case, actor)
    return looked


def _standing(file: File, status: Statement) -> Told:
    """The status as it stands now.

    Raises:
        PersonFacingError: it was set aside.
    """
    decided = statement_of(file, StatementKind.STATUS, status.pk)
    if decided is None:
        raise ValueError(f"{status!r} is no status of this file")
    if decided.is_set_aside:
        raise PersonFacingError(_("This status was set aside."), _("Record what was decided instead."))
    return decided


def _follow(case: Case, actor: Actor) -> None:
    """The fields of the facts say the status of now: none where it was set aside."""
    kinds = (StatementKind.STATUS, StatementKind.APPEAL, StatementKind.REVIEW)
    now = newest_status(statements_of(open_file(actor, case), *kinds))
    held = now.held if now and not now.is_set_aside else {}
    values = {STATUS_FIELD: held.get("status"), DECIDED_BY_FIELD: held.get("decided_by")}
    follow_decision(case, SECTION, values, actor)
