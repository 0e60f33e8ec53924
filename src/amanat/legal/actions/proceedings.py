"""Opening proceedings on a child's file, and changing what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around, by_ref
from amanat.cases.stating import file_of, said
from amanat.legal.following import follow
from amanat.legal.models import ChildRole, Proceeding, ProceedingKind, ProceedingState
from amanat.legal.who import in_circle, knows_people
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError, Stale


class Known(TypedDict, total=False):
    """What the form asks besides kind, role and state; all of it words, but `guardian`: a person around the child by id."""

    body: str
    numbers: str
    about: str
    accused: str
    guardian: str
    lawyer_words: str
    words: str


@verb(Verb.PROCEEDING_OPEN)
def open_proceeding(
    case: Case,
    *,
    kind: ProceedingKind,
    role: ChildRole,
    lawyer: Membership | None = None,
    actor: Actor,
    **known: Unpack[Known],
) -> Proceeding:
    """The child stands in proceedings from now on.

    Raises:
        PersonFacingError: the guardian is a suspect or not on the list; the lawyer does not stand in the circle.
    """
    file = file_of(case, actor, Part.LEGAL_FILE)
    _check_guardian(file, known)
    _check_lawyer(file, lawyer)
    proceeding = Proceeding.objects.create(
        subject=case.subject,
        case=case,
        lawyer=lawyer,
        author=actor.membership,
        opened_at=actor.now,
        status=said(kind=kind, role=role),
        content=said(**known),
    )
    mark(case, EventKind.PROCEEDING, actor, part=Part.LEGAL_STATUS)
    return proceeding


@verb(Verb.PROCEEDING_OPEN)
def change_proceeding(
    proceeding: Proceeding,
    *,
    kind: ProceedingKind,
    role: ChildRole,
    state: ProceedingState,
    lawyer: Membership | None = None,
    seen: int | None = None,
    actor: Actor,
    **known: Unpack[Known],
) -> Proceeding:
    """Write anew what is known of proceedings; what stood there before is kept in the timeline.

    Raises:
        PersonFacingError: as when they are opened.
        Stale: they changed since `seen`.
    """
    case = proceeding.case
    file = file_of(case, actor, Part.LEGAL_FILE)
    proceeding.refresh_from_db(fields=["state", "lawyer", "version", "status", "content"])
    proceeding.subject = case.subject
    before, status = file.open(proceeding, "content") or {}, file.open(proceeding, "status") or {}
    if seen is not None and proceeding.version != seen:
        raise Stale(_as_fields(proceeding, status | before), proceeding.version)
    if not knows_people(file):
        known["guardian"] = before.get("guardian", "")
    else:
        _check_guardian(file, known)
    _check_lawyer(file, lawyer)
    now = {"kind": kind, "role": role, "state": state, "lawyer": _named(lawyer), **known}
    was = _what_goes(file, status | before | {"state": proceeding.state, "lawyer": _named(proceeding.lawyer)}, now)
    proceeding.state, proceeding.lawyer = state, lawyer
    proceeding.status, proceeding.content = said(kind=kind, role=role), said(**known)
    proceeding.version += 1
    proceeding.save(update_fields=["state", "lawyer", "status", "content", "version"])
    follow(file, proceeding)
    mark(case, EventKind.PROCEEDING, actor, part=Part.LEGAL_FILE, was=was)
    return proceeding


def _as_fields(proceeding: Proceeding, held: dict[str, str]) -> dict[str, str]:
    stands = {"state": proceeding.state, "lawyer": str(proceeding.lawyer_id or "")}
    return {key: str(value) for key, value in held.items()} | stands


def _named(lawyer: Membership | None) -> str:
    return lawyer.user.display_name if lawyer else ""


def _what_goes(file: File, before: Mapping[str, str], now: Mapping[str, object]) -> str:
    """All that a change replaces, on one line, as a person reads it."""
    gone = {key: str(value) for key, value in before.items() if value and value != now.get(key)}
    for key, codes in (("kind", ProceedingKind), ("role", ChildRole), ("state", ProceedingState)):
        gone |= {key: str(codes(gone[key]).label)} if key in gone else {}
    if "guardian" in gone:
        one = by_ref(file).get(gone["guardian"])
        gone["guardian"] = one.called if one else ""
    return "; ".join(filter(None, gone.values()))


def _check_guardian(file: File, known: Known) -> None:
    guardian = known.get("guardian")
    if guardian and guardian not in {one.ref for one in around(file) if not one.is_suspect}:
        raise PersonFacingError(
            _("This person is recorded as a suspect, or not on the list any more."),
            _("Ask for a guardian without a conflict of interest."),
            "guardian",
        )


def _check_lawyer(file: File, lawyer: Membership | None) -> None:
    if lawyer is not None and not in_circle(file, Relation.LAWYER).filter(pk=lawyer.pk).exists():
        raise PersonFacingError(
            _("This lawyer does not stand in the circle of care."), _("Bring them in first."), "lawyer"
        )
