"""Beginning a version of the plan, and writing the rows of its draft: several people at once, each row with a version of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.shown import case_of
from amanat.plans import terms, texts
from amanat.plans.actions.ground import demand_draft, demand_own, held, kept
from amanat.plans.models import FormerRow, Plan, PlanRow, RowKind
from amanat.plans.reading import Standing
from amanat.plans.terms import Sketch
from amanat.web.errors import PersonFacingError, Stale

# Under what a row stands.
_UNDER = {RowKind.OBJECTIVE: RowKind.NEED, RowKind.ACTIVITY: RowKind.OBJECTIVE}
# Owners in the plan that are professions: the row is theirs to write.
_PROFESSIONS = frozenset({"social_worker", "psychologist", "lawyer", "health_worker", "centre_worker"})


@verb(Verb.PLAN_DRAFT)
def begin(case: Case, *, why: str = "", actor: Actor) -> Plan:
    """Begin the plan, or a new version of it, which starts with what stands in the one before.

    Raises:
        PersonFacingError: a version is being drafted already; or a new one is begun without a reason.
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
    mark(case, EventKind.PLAN_DRAFTED, actor, part=Part.PLAN, number=number, text=why)
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
    _keep_former(standing, now, actor)
    now.taken_out_at = actor.now
    now.save(update_fields=["version", "changed_by", "changed_at", "taken_out_at"])
    return now


@verb(Verb.PLAN_WRITE)
def use_template(case: Case, *, need: PlanRow, template: str, actor: Actor) -> list[PlanRow]:
    """Put the objectives and activities of a template of the pack under a need, in the words of the actor's language.

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
    made = []
    for sketch in found.objectives:
        objective = _add(standing, RowKind.OBJECTIVE, need, _of_sketch(sketch, actor), actor)
        made.append(objective)
        made += [
            _add(standing, RowKind.ACTIVITY, objective, _of_sketch(one, actor), actor) for one in sketch.activities
        ]
    return made


def _of_sketch(sketch: Sketch, actor: Actor) -> dict[str, str]:
    today = timezone.localdate(actor.now)
    told = {
        "words": sketch.words.text(),
        "indicator": sketch.indicator.text(),
        "proof": sketch.proof.text(),
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
        raise Stale({name: stands.get(name, "") for name in texts.FIELDS[now.kind]}, now.version)
    if content == stands:
        return now
    _keep_former(standing, now, actor)
    now.content, now.role = content, _role(content, now.author.role)
    now.save(update_fields=["version", "changed_by", "changed_at", "content", "role"])
    return now


def _keep_former(standing: Standing, row: PlanRow, actor: Actor) -> None:
    FormerRow.objects.create(
        subject=row.subject,
        row=row,
        version=row.version,
        replaced_by=actor.membership,
        replaced_at=actor.now,
        content=dict(standing.live[row.pk.hex].fields),
    )
    row.version += 1
    row.changed_by, row.changed_at = actor.membership, actor.now


def _add(standing: Standing, kind: RowKind, parent: PlanRow | None, content: dict[str, str], actor: Actor) -> PlanRow:
    case = case_of(standing.file)
    row = PlanRow.objects.create(
        case=case,
        subject=case.subject,
        kind=kind,
        parent=parent,
        role=_role(content, actor.role),
        author=actor.membership,
        made_at=actor.now,
        place=len(standing.rows) + 1,
        changed_by=actor.membership,
        changed_at=actor.now,
        content=content,
    )
    standing.rows.append(row)
    return row


def _role(content: dict[str, str], otherwise: str) -> str:
    """Whose part a row is: the profession that does it, else that of who began it."""
    owner = content.get("owner", "")
    return owner if owner in _PROFESSIONS and owner in packs.current().codes("plan_owner") else str(otherwise)
