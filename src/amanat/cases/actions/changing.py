"""Changes to where a case stands (risk, stage, closing, reopening) and corrections of what is known of the child."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import keyed
from amanat.cases.actions.marking import hold, keep_former, mark, risk_order
from amanat.cases.actions.registering import code_names
from amanat.cases.actions.steps import left_behind
from amanat.cases.identity import as_fields, called
from amanat.cases.in_the_way import approved_reason, closing
from amanat.cases.models import Case, Child, EventKind, Stage
from amanat.cases.shown import label
from amanat.web.errors import PersonFacingError, Stale

# Which sealed column of the child holds a part that can be corrected.
CORRECTABLE = {Part.IDENTITY: "identity", Part.CONTACTS: "contacts", Part.SAFETY: "safety"}
OPEN_STAGES = [stage for stage in Stage if stage not in (Stage.REGISTERED, Stage.CLOSED)]


@verb(Verb.CASE_CHANGE_RISK)
def change_risk(case: Case, *, risk: str, priority: str, reason: str, actor: Actor, seen: int | None = None) -> Case:
    """Set risk (a code of the pack's list) and priority, with the reason.

    Raises:
        PersonFacingError: the case is closed.
        Stale: the case changed since `seen`.
    """
    hold(case, seen, risk="risk", priority="priority")
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    before, anew = case.risk, "" if priority == case.priority else priority
    case.risk, case.risk_order, case.priority = risk, risk_order(risk), priority
    case.save(update_fields=["risk", "risk_order", "priority"])
    mark(case, EventKind.RISK_CHANGED, actor, text=reason, was=before, now=risk, priority=anew)
    return case


@verb(Verb.CASE_MOVE_STAGE)
def move_stage(case: Case, *, stage: str, reason: str, actor: Actor, seen: int | None = None) -> Case:
    """Move an open case to another stage of assistance.

    Raises:
        PersonFacingError: the case is not open, or the stage is not one of an open case.
        Stale: the case changed since `seen`.
    """
    hold(case, seen, stage="stage")
    if case.stage not in OPEN_STAGES or stage not in OPEN_STAGES:
        raise PersonFacingError(_("Only an open case moves from stage to stage."), field="stage")
    if stage == case.stage:
        raise PersonFacingError(_("The case stands at this stage already."), field="stage")
    before, case.stage = case.stage, stage
    case.save(update_fields=["stage"])
    mark(case, EventKind.STAGE_MOVED, actor, text=reason, was=before, now=stage)
    return case


@verb(Verb.CASE_CLOSE)
def close(case: Case, *, why: str, reason: str, actor: Actor, seen: int | None = None) -> Case:
    """Close a case. `why` is a code of the pack's list `closing_reason`, sealed like all that is said of the child.

    Steps that stand in the way are named in the timeline; `reason` says why it is closed all the same.

    Raises:
        PersonFacingError: it is closed already, something on it is still to be done, an alert waits, a step has to be over first,
            another room has something in the way (`closing`), or another reason was approved.
        Stale: the case changed since `seen`.
    """
    hold(case, seen)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed already."))
    closing.check(case)
    file = open_file(actor, case)
    _check_approved(file, why)
    left_open = left_behind(file, Verb.CASE_CLOSE)
    case.stage, case.closed_at = Stage.CLOSED, actor.now
    case.save(update_fields=["stage", "closed_at"])
    mark(case, EventKind.CLOSED, actor, text=reason, why=why, left_open=left_open or None)
    return case


def _check_approved(file: File, why: str) -> None:
    approved = approved_reason(file)
    if approved and approved != why:
        raise PersonFacingError(
            _("Another reason was approved: %(reason)s.") % {"reason": label("closing_reason", approved)},
            _("Choose that one, or ask for the closing anew."),
            "why",
        )


@verb(Verb.CASE_REOPEN)
def reopen(case: Case, *, reason: str, why: str = "", actor: Actor, seen: int | None = None) -> Case:
    """Open a closed case again: in assistance, or as registered if it was never opened.

    `why` is a code of the pack's list `reopening_reason`.

    Raises:
        PersonFacingError: it is open, or another one of this child is open in the agency.
        Stale: the case changed since `seen`.
    """
    hold(case, seen)
    return begin_again(case, reason=reason, why=why, actor=actor)


def begin_again(case: Case, *, reason: str, why: str = "", actor: Actor) -> Case:
    """Open a closed case again, also of other verbs, which hold it.

    Raises:
        PersonFacingError: it is open, or another one of this child is open in the agency.
    """
    if not case.is_closed:
        raise PersonFacingError(_("This case is open already."))
    if Case.objects.filter(subject=case.subject_id, agency=case.agency_id).exclude(stage=Stage.CLOSED).exists():
        raise PersonFacingError(_("Another case of this child is open."), _("Go on in that one."))
    was_opened = case.events.filter(kind=EventKind.OPENED).exists()
    case.stage, case.closed_at = Stage.ASSISTANCE if was_opened else Stage.REGISTERED, None
    case.save(update_fields=["stage", "closed_at"])
    mark(case, EventKind.REOPENED, actor, text=reason, why_again=why)
    return case


@verb(Verb.CASE_CORRECT)
def correct(
    case: Case, *, part: Part, value: dict[str, Any], reason: str, actor: Actor, seen: int | None = None
) -> Child:
    """Replace what stands in identity, contacts or safety; what stood there before is kept.

    Raises:
        Closed: the actor may not write this part.
        PersonFacingError: it would take away the only name that the child has.
        Stale: somebody changed this part since version `seen` of it.
    """
    file, column = open_file(actor, case), CORRECTABLE[part]
    if not file.writes(part):
        raise Closed(part)
    child = Child.objects.select_for_update(of=("self",)).select_related("subject").get(pk=case.child_id)
    version, before = getattr(child, f"{column}_version"), file.open(child, column) or {}
    if seen is not None and seen != version:
        raise Stale(as_fields(part, before), version)
    if _takes_the_name(file, child, part, before, value):
        field = "given_name" if part is Part.IDENTITY else "called"
        raise PersonFacingError(_("Write a name, or a name that the child goes by."), field=field)
    replace(child, part, before, value, actor)
    mark(case, EventKind.CORRECTED, actor, part=part, text=reason)
    return child


def replace(child: Child, part: Part, before: dict[str, Any], value: dict[str, Any], actor: Actor) -> None:
    """Put a value in the place of what stands in identity, contacts or safety, which is kept. For verbs that hold the child."""
    column = CORRECTABLE[part]
    version = getattr(child, f"{column}_version")
    keep_former(child, part, version, before, actor)
    setattr(child, column, value)
    setattr(child, f"{column}_version", version + 1)
    child.save(update_fields=[column, f"{column}_version"])
    keyed.post([child.subject_id])


def _takes_the_name(file: File, child: Child, part: Part, before: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether a child that had a name would have none, neither its own nor one that it goes by, as far as the actor sees."""
    if not called(before, before) or called(value, value):
        return False
    other = {Part.IDENTITY: Part.CONTACTS, Part.CONTACTS: Part.IDENTITY}[part]
    held = (file.open(child, CORRECTABLE[other]) or {}) if file.sees(other) else {}
    return not called(held, held)


@verb(Verb.CASE_RENAME)
def rename(case: Case, *, reason: str, actor: Actor, seen: int | None = None) -> Child:
    """Draw a new code name, because the old one is known to somebody who should not know it.

    Raises:
        Stale: the case changed since `seen`.
    """
    hold(case, seen)
    child = case.child
    before, child.code_name = child.code_name, code_names(1)[0]
    child.save(update_fields=["code_name"])
    mark(case, EventKind.RENAMED, actor, text=reason, was=before)
    return child


@verb(Verb.CASE_PROTECT)
def protect(case: Case, *, protected: bool, reason: str, actor: Actor) -> Child:
    """Take a child out of the answers to *is this child known?*, or put it back."""
    child = case.child
    child.protected = protected
    child.save(update_fields=["protected"])
    mark(case, EventKind.PROTECTED if protected else EventKind.UNPROTECTED, actor, text=reason)
    return child
