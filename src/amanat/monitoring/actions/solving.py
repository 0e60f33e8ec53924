"""The durable solution: prepared in versions, decided once its conditions are met or a ground is written; the way home, signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around, suspect_like
from amanat.cases.stating import check_day, check_open, file_of, said
from amanat.monitoring import pack
from amanat.monitoring.models import End, Signature, Solution, SolutionState
from amanat.monitoring.solutions import Shown, is_suspect, newest, recorded_forms
from amanat.web.errors import PersonFacingError, Stale


class CarerIsSuspect(PersonFacingError):
    """No ground makes a home of somebody who is recorded as a suspect."""

    def __init__(self, field: str | None = "carer") -> None:
        super().__init__(
            _("This person is recorded as a suspect: the child can't go to them."),
            _("Choose somebody else. If the suspicion was wrong, it is taken back among the people around the child."),
            field,
        )


@verb(Verb.SOLUTION_PREPARE)
def prepare(
    case: Case,
    *,
    kind: str,
    carer: str = "",
    carer_words: str = "",
    place: str = "",
    views: str = "",
    words: str = "",
    proofs: Mapping[str, str] | None = None,
    actor: Actor,
    seen: int | None = None,
) -> Solution:
    """Write what is prepared. `kind`: a solution of the pack; `carer`: a person around the child by id; `proofs`: by condition, how
    it is met.

    Another version each time; a decided one that is prepared anew has to be decided again.

    Raises:
        CarerIsSuspect: also where only the name is like a suspect's.
        PersonFacingError: the case is closed; the carer is not among the people around the child, or one is needed; a condition rests
            on a form that nobody recorded.
        Stale: somebody wrote another version since `seen`.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    before = newest(file)
    version = before.row.version if before else 0
    if seen is not None and seen != version:
        raise Stale(before.as_fields if before else {}, version)
    _check_carer(file, kind, carer, carer_words)
    held = {name: text for name, text in (proofs or {}).items() if text}
    _check_forms(case, held)
    row = Solution.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        version=version + 1,
        content=said(
            kind=kind, carer=carer, carer_words=carer_words, place=place, views=views, words=words, proofs=held
        ),
    )
    mark(case, EventKind.SOLUTION, actor, part=Part.PLAN)
    return row


@verb(Verb.SOLUTION_DECIDE)
def decide(case: Case, *, on: date, ground: str = "", actor: Actor, seen: int | None = None) -> Solution:
    """Decide on what was prepared. Without `ground` every condition has to be met.

    Raises:
        CarerIsSuspect: also where they became one since.
        PersonFacingError: nothing is prepared, it is decided already, the day has not come, or conditions are open without a ground.
        Stale: somebody wrote another version since `seen`.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = _prepared(file, seen)
    check_day(file, on)
    _check_still(file, held)
    if held.missing and not ground:
        raise PersonFacingError(
            _("Not every condition is met: %(names)s.") % {"names": ", ".join(held.missing)},
            _("Meet them first, or write on what ground it is decided all the same."),
            "ground",
        )
    row = Solution.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        version=held.row.version + 1,
        state=SolutionState.DECIDED,
        content=held.content | said(ground=ground, on=on.isoformat()),
    )
    mark(case, EventKind.SOLUTION, actor, part=Part.PLAN)
    return row


@verb(Verb.TRANSITION_SIGN)
def sign(
    case: Case,
    *,
    end: str,
    name: str,
    capacity: str,
    on: date,
    done: Sequence[str] = (),
    left_out: str = "",
    words: str = "",
    actor: Actor,
) -> Signature:
    """Record that one end signed the way home. `done`: items of the pack; of the others `left_out` says why.

    Raises:
        CarerIsSuspect: the child would go to somebody who is a suspect by now.
        PersonFacingError: nothing is decided; this end signed already; an item is open and nothing says why; the day can't be.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = newest(file)
    if held is None or not held.is_decided:
        raise PersonFacingError(_("No solution is decided yet."), _("Decide first where the child goes."))
    _check_still(file, held)
    if Signature.objects.filter(solution=held.row, end=end).exists():
        raise PersonFacingError(_("This end has signed already."), field="end")
    check_day(file, on)
    if set(pack.listed("transition")) - set(done) and not left_out:
        raise PersonFacingError(_("Write why something of the list is still open."), field="left_out")
    row = Signature.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        solution=held.row,
        end=End(end),
        content=said(done=list(done), left_out=left_out, name=name, capacity=capacity, on=on.isoformat(), words=words),
    )
    mark(case, EventKind.TRANSITION, actor, part=Part.PLAN)
    return row


def _prepared(file: File, seen: int | None) -> Shown:
    held = newest(file)
    if held is None:
        raise PersonFacingError(_("Nothing is prepared yet."), _("Write first where the child goes and what is met."))
    if seen is not None and seen != held.row.version:
        raise Stale({}, held.row.version)
    if held.is_decided:
        raise PersonFacingError(_("This solution is decided already."), _("Prepare it anew if something changed."))
    return held


def _check_still(file: File, held: Shown) -> None:
    """Who was chosen, or written in words, may have become a suspect since."""
    words = str(held.content.get("carer_words", ""))
    is_like_one = bool(words) and suspect_like(words, around(file)) is not None
    if is_like_one or (held.carer and is_suspect(file.row, held.carer)):
        raise CarerIsSuspect(None)


def _check_carer(file: File, kind: str, carer: str, carer_words: str) -> None:
    persons = around(file)
    if carer and is_suspect(file.row, carer):
        raise CarerIsSuspect
    if carer and carer not in {one.ref for one in persons}:
        raise PersonFacingError(
            _("This person is not among the people around the child any more."), _("Choose another one."), "carer"
        )
    if carer_words and suspect_like(carer_words, persons) is not None:
        raise CarerIsSuspect("carer_words")
    item = pack.listed("solution").get(kind)
    if item is not None and item.carer and not carer:
        raise PersonFacingError(
            _("Choose to whom the child goes."),
            _("Write the person down among the people around the child first: then a suspicion against them is seen."),
            "carer",
        )


def _check_forms(case: Case, proofs: Mapping[str, str]) -> None:
    """A condition with a form behind it is met only once that form is recorded."""
    asked = {name: item for name, item in pack.listed("condition").items() if item.form and name in proofs}
    there = recorded_forms(case, [item.form for item in asked.values()]) if asked else set()
    for name, item in asked.items():
        if item.form not in there:
            raise PersonFacingError(
                _("No form of it is recorded on this file: %(name)s.") % {"name": item.label.text()},
                _("Record the form first; until then the condition stays open."),
                f"proof_{name}",
            )
