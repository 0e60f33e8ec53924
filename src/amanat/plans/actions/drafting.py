"""Beginning a version of the plan, and writing the rows of its draft: several people at once, each row with a version of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.shown import case_of
from amanat.plans import terms, texts
from amanat.plans.actions import putting_back
from amanat.plans.actions.agreeing import freeze
from amanat.plans.actions.ground import demand_draft, demand_own, held, kept
from amanat.plans.actions.putting_back import keep_former, role_of
from amanat.plans.models import Plan, PlanRow, PlanState, RowKind
from amanat.plans.reading import Standing, dropped_of, edition, frozen_text
from amanat.plans.terms import Sketch
from amanat.web.errors import PersonFacingError, Stale

# Under what a row stands.
_UNDER = {RowKind.OBJECTIVE: RowKind.NEED, RowKind.ACTIVITY: RowKind.OBJECTIVE}


@verb(Verb.PLAN_DRAFT)
def begin(case: Case, *, why: str = "", again: bool = False, actor: Actor) -> Plan:
    """Begin the plan, or a new version of it, which starts with what stands in the one before; `again`: with the draft that was put
    aside last.

    Raises:
        PersonFacingError: a version is being drafted already; a new one is begun without a reason; or no draft was put aside.
    """
    standing = held(case, actor)
    if standing.draft is not None:
        raise PersonFacingError(_("A version is being drafted already."), _("Go on with it."))
    if standing.plans and not why:
        raise PersonFacingError(_("Write why the plan is changed. One sentence is enough."), field="why")
    number = standing.plans[0].number + 1 if standing.plans else 1
    plan = Plan.objects.create(
        case=case, subject=case.subject, number=number, begun_by=actor.membership, begun_at=actor.now, why=why or None
    )
    if not any(row.kind == RowKind.WHOLE for row in standing.rows):
        _add(standing, RowKind.WHOLE, None, {}, actor)
    if again:
        aside = dropped_of(standing.plans)
        if aside is None:
            raise PersonFacingError(_("No draft was put aside since the last version."), field="again")
        putting_back.put_back(standing, frozen_text(standing.file, aside), actor)
    mark(case, EventKind.PLAN_DRAFTED, actor, part=Part.PLAN, number=number, text=why)
    return plan


@verb(Verb.PLAN_DROP)
def drop(case: Case, *, reason: str, seen: int | None = None, actor: Actor) -> Plan:
    """Put the draft aside: what is in force stands in the rows again. Its text is frozen with the reason, and the next version can
    begin with it. Needs that were recorded meanwhile stay: they were found, whatever becomes of the draft.

    Raises:
        PersonFacingError: nothing is drafted, or somebody wrote in it since edition `seen`.
    """
    standing = held(case, actor)
    plan = demand_draft(standing)
    if seen is not None and seen != edition(standing.rows):
        raise PersonFacingError(
            _("Somebody wrote in the draft since you opened this page."), _("Read it once more before it is put aside.")
        )
    freeze(plan, standing.live, why=reason)
    needs = {ref: row for ref, row in standing.live.items() if row.kind == RowKind.NEED}
    putting_back.put_back(standing, dict(standing.in_force) | needs, actor)
    plan.state, plan.dropped_by, plan.dropped_at = PlanState.DROPPED, actor.membership, actor.now
    plan.save(update_fields=["state", "dropped_by", "dropped_at"])
    mark(case, EventKind.PLAN_DROPPED, actor, part=Part.PLAN, number=plan.number, text=reason)
    return plan


@verb(Verb.NEED_RECORD)
def record_need(
    case: Case, *, row: PlanRow | None = None, seen: int | None = None, actor: Actor, **fields: Any
) -> PlanRow:
    """Record a need with the assessment behind it, or change one; before there is a plan, too. `fields`: see `texts.FIELDS`.

    Raises:
        PersonFacingError: the case is closed, or the need is another profession's part.
        Stale: the need changed since version `seen`.
    """
    standing = held(case, actor)
    content = kept(RowKind.NEED, fields)
    if row is not None and row.kind != RowKind.NEED:
        raise ValueError(f"{row!r} is no need: it changes in a draft only")
    if row is not None:
        return _change(standing, row, content, seen, actor)
    demand_own(standing, None)
    need = _add(standing, RowKind.NEED, None, content, actor)
    mark(case, EventKind.NEED, actor, part=Part.PLAN, text=content.get("words", ""))
    return need


@verb(Verb.PLAN_WRITE)
def write(
    case: Case,
    *,
    kind: str = "",
    parent: PlanRow | None = None,
    row: PlanRow | None = None,
    seen: int | None = None,
    actor: Actor,
    **fields: Any,
) -> PlanRow:
    """Write a row of the draft: an objective under a need, an activity under an objective (`parent`), or another text of `row`.

    Raises:
        PersonFacingError: nothing is drafted, the row is another's part, or says what can't be (see `ground.kept`).
        Stale: the row changed since version `seen`; other rows never count.
    """
    standing = held(case, actor)
    demand_draft(standing)
    if row is not None:
        return _change(standing, row, kept(row.kind, fields), seen, actor)
    demand_own(standing, None)
    _check_under(standing, kind, parent)
    return _add(standing, RowKind(kind), parent, kept(kind, fields), actor)


@verb(Verb.PLAN_WRITE)
def take_out(case: Case, *, row: PlanRow, reason: str, seen: int | None = None, actor: Actor) -> PlanRow:
    """Take a row out of the draft, with all that stands under it. What stood there is kept.

    Raises:
        PersonFacingError: nothing is drafted, it is another's part, or stands there no more.
        Stale: it changed since version `seen`.
    """
    standing = held(case, actor)
    demand_draft(standing)
    now = _now(standing, row)
    if now.kind == RowKind.WHOLE:
        raise ValueError("what is said of the whole stands in every version")
    demand_own(standing, now)
    if seen is not None and now.version != seen:
        raise Stale({}, now.version)
    keep_former(now, standing.live[now.pk.hex].fields, actor)
    now.taken_out_at = actor.now
    now.save(update_fields=["version", "changed_by", "changed_at", "taken_out_at"])
    return now


@verb(Verb.PLAN_WRITE)
def use_template(case: Case, *, need: PlanRow, template: str, language: str = "", actor: Actor) -> list[PlanRow]:
    """Put the objectives and activities of a template of the pack under a need, in the words of a language; else in those of the
    authority, which gets the plan as it is written.

    Raises:
        PersonFacingError: nothing is drafted, or the pack has no such template any more.
    """
    standing = held(case, actor)
    demand_draft(standing)
    demand_own(standing, None)
    _check_under(standing, RowKind.OBJECTIVE, need)
    found = terms.template(template)
    if found is None:
        raise PersonFacingError(_("The pack has no such template any more."), field="template")
    made, spoken = [], language or terms.authority_language()
    for sketch in found.objectives:
        objective = _add(standing, RowKind.OBJECTIVE, need, _of_sketch(sketch, spoken, actor), actor)
        made.append(objective)
        for one in sketch.activities:
            made.append(_add(standing, RowKind.ACTIVITY, objective, _of_sketch(one, spoken, actor), actor))
    return made


def _of_sketch(sketch: Sketch, language: str, actor: Actor) -> dict[str, str]:
    today = timezone.localdate(actor.now)
    told = {
        "words": sketch.words.text(language),
        "indicator": sketch.indicator.text(language),
        "proof": sketch.proof.text(language),
        "owner": sketch.owner,
        "phrase": sketch.phrase,
        "start": today.isoformat(),
        "end": (today + timedelta(days=sketch.days)).isoformat() if sketch.days else "",
    }
    return {name: value for name, value in told.items() if value}


def _check_under(standing: Standing, kind: str, parent: PlanRow | None) -> None:
    """Raises:
    TypeError: nothing is named that it stands under.
    ValueError: a row of this kind does not stand there.
    PersonFacingError: what it would stand under was taken out meanwhile.
    """
    if parent is None:
        raise TypeError("missing: the row that is changed, or the one that a new one stands under")
    if kind not in _UNDER or parent.kind != _UNDER[RowKind(kind)]:
        raise ValueError(f"no {kind} under {parent!r}")
    if parent.pk.hex not in standing.live:
        raise PersonFacingError(_("This was taken out of the draft meanwhile."), _("Look at the draft as it is now."))


def _now(standing: Standing, row: PlanRow) -> PlanRow:
    """The row as it stands under the lock.

    Raises:
        ValueError: it is another child's.
        PersonFacingError: it was taken out meanwhile.
    """
    now = standing.by_ref.get(row.pk.hex)
    if now is None:
        raise ValueError(f"{row!r} is no row of this case")
    if row.pk.hex not in standing.live:
        raise PersonFacingError(_("This was taken out of the draft meanwhile."), _("Look at the draft as it is now."))
    return now


def _change(standing: Standing, row: PlanRow, content: dict[str, str], seen: int | None, actor: Actor) -> PlanRow:
    now = _now(standing, row)
    demand_own(standing, now)
    stands = standing.live[row.pk.hex].fields
    if seen is not None and now.version != seen:
        theirs = {name: stands.get(name, "") for name in texts.FIELDS[now.kind]}
        if not theirs.get("for_child"):  # a language of nothing is none to choose
            theirs.pop("child_language", None)
        raise Stale(theirs, now.version)
    if content == stands:
        return now
    keep_former(now, standing.live[now.pk.hex].fields, actor)
    now.content, now.role = content, role_of(content, now.author.role)
    now.save(update_fields=["version", "changed_by", "changed_at", "content", "role"])
    return now


def _add(standing: Standing, kind: RowKind, parent: PlanRow | None, content: dict[str, str], actor: Actor) -> PlanRow:
    case = case_of(standing.file)
    row = PlanRow.objects.create(
        case=case,
        subject=case.subject,
        kind=kind,
        parent=parent,
        role=role_of(content, actor.role),
        author=actor.membership,
        made_at=actor.now,
        place=len(standing.rows) + 1,
        changed_by=actor.membership,
        changed_at=actor.now,
        content=content,
    )
    standing.rows.append(row)
    return row
