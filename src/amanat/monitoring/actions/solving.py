"""The durable solution: prepared in versions, decided once its conditions are met, or allowed by a supervisor on a written ground;
the way home, signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

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
from amanat.monitoring.solutions import Shown, is_suspect, newest
from amanat.monitoring.things import behind
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
    documents: Mapping[str, str] | None = None,
    actor: Actor,
    seen: int | None = None,
) -> Solution:
    """Write what is prepared. `kind`: a solution of the pack; `carer`: a person around the child by id; by condition, `proofs` say how
    it is met, and `documents` which attached document says so.

    Another version each time; a decided one that is prepared anew has to be decided again.

    Raises:
        CarerIsSuspect: also where only the name is like a suspect's.
        PersonFacingError: the case is closed; the carer is not among the people around the child, or one is needed; a condition rests
            on a form that nobody recorded; a document is not attached to this file.
        Stale: somebody wrote another version since `seen`.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    before = newest(file)
    version = before.row.version if before else 0
    if seen is not None and seen != version:
        raise Stale(before.as_fields if before else {}, version)
    _check_carer(file, kind, carer, carer_words)
    row = Solution.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        version=version + 1,
        content=said(
            kind=kind,
            carer=carer,
            carer_words=carer_words,
            place=place,
            views=views,
            words=words,
            proofs=_proofs(file, proofs or {}),
            documents=_documents(file, documents or {}),
        ),
    )
    mark(case, EventKind.SOLUTION, actor, part=Part.PLAN)
    return row


@verb(Verb.SOLUTION_DECIDE)
def decide(case: Case, *, on: date, actor: Actor, seen: int | None = None) -> Solution:
    """Decide on what was prepared, once every condition is met.

    Raises:
        CarerIsSuspect: also where they became one since.
        PersonFacingError: nothing is prepared, it is decided already, the day has not come, or a condition is open.
        Stale: somebody wrote another version since `seen`.
    """
    held = _to_decide(case, on, actor, seen)
    if held.missing:
        raise PersonFacingError(
            _("Not every condition is met: %(names)s.") % {"names": ", ".join(held.missing)},
            _("Meet them first. Only a supervisor may allow it with an open condition."),
        )
    return _decided_as(case, held, actor, on=on.isoformat())


@verb(Verb.SOLUTION_ALLOW)
def allow(case: Case, *, on: date, ground: str, actor: Actor, seen: int | None = None) -> Solution:
    """Decide on what was prepared although conditions are open, as the supervisor. `ground`: why the child may not wait for them.

    Raises:
        CarerIsSuspect: no ground makes a home of a suspect.
        PersonFacingError: nothing is prepared, it is decided already, the day has not come, or no condition is open.
        Stale: somebody wrote another version since `seen`.
    """
    held = _to_decide(case, on, actor, seen)
    if not held.missing:
        raise PersonFacingError(_("Every condition is met."), _("It can be decided as it is."))
    return _decided_as(case, held, actor, on=on.isoformat(), ground=ground)


def _to_decide(case: Case, on: date, actor: Actor, seen: int | None) -> Shown:
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = _prepared(file, seen)
    check_day(file, on)
    _check_still(file, held)
    return held


def _decided_as(case: Case, held: Shown, actor: Actor, **told: Any) -> Solution:
    row = Solution.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=actor.now,
        version=held.row.version + 1,
        state=SolutionState.DECIDED,
        content=held.content | said(**told),
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
    seen: int | None = None,
) -> Signature:
    """Record that one end signed the way home. `done`: items of the pack; of the others `left_out` says why. `seen`: the version of the
    solution that was read when it was signed.

    Raises:
        CarerIsSuspect: the child would go to somebody who is a suspect by now.
        PersonFacingError: nothing is decided; this end signed already; an item is open and nothing says why; the day can't be.
        Stale: another solution was written since.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    held = _decided(file, seen)
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


def _decided(file: File, seen: int | None) -> Shown:
    held = newest(file)
    if held is not None and seen is not None and seen != held.row.version:
        raise Stale({}, held.row.version)
    if held is None or not held.is_decided:
        raise PersonFacingError(_("No solution is decided yet."), _("Decide first where the child goes."))
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


def _proofs(file: File, said_of: Mapping[str, str]) -> dict[str, str]:
    """How each condition is met, by name: what was written, with its form behind it."""
    proofs = {name: text for name, text in said_of.items() if text}
    _check_forms(file, proofs)
    return proofs


def _documents(file: File, chosen: Mapping[str, str]) -> dict[str, str]:
    """Which document says so, for each condition that asks for one."""
    known = pack.listed("condition")
    documents = {name: ref for name, ref in chosen.items() if ref and name in known and known[name].document}
    _check_documents(file, documents)
    return documents


def _check_forms(file: File, proofs: Mapping[str, str]) -> None:
    """A condition with a form behind it is met only once that form is recorded."""
    asked = [item for name, item in pack.listed("condition").items() if item.form and name in proofs]
    there = behind(file, asked)
    for item in asked:
        if not there.are_behind(item):
            raise PersonFacingError(
                _("No form of it is recorded on this file: %(name)s.") % {"name": item.label.text()},
                _("Record the form first; until then the condition stays open."),
                f"proof_{item.name}",
            )


def _check_documents(file: File, documents: Mapping[str, str]) -> None:
    """Each is attached to this file, in a part that is open to the actor."""
    asked = [item for name, item in pack.listed("condition").items() if name in documents]
    there = behind(file, asked, documents)
    for item in asked:
        name = item.name
        if not there.may_open_document(item):
            raise PersonFacingError(
                _("This document is not attached to the file any more."), _("Choose another one."), f"document_{name}"
            )
