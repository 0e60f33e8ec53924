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
from amanat.cases.circle import in_circle
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around, by_ref
from amanat.cases.stating import file_of, said
from amanat.legal import accused
from amanat.legal.following import follow
from amanat.legal.models import ChildRole, Proceeding, ProceedingKind, ProceedingState
from amanat.legal.who import knows_people
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError, Stale


class Known(TypedDict, total=False):
    """What the form asks besides kind, role and state; all of it words, but `guardian`: a person around the child by id. Who does not
    know these people writes `guardian_name`; else it is theirs, and `guardian_is` their relation."""

    body: str
    numbers: str
    about: str
    accused: str
    guardian: str
    guardian_name: str
    guardian_is: str
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
    _settle_guardian(file, known, {})
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
    accused.flag(case, known.get("accused", ""), actor)
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
    _settle_guardian(file, known, before)
    _check_lawyer(file, lawyer)
    now = {"kind": kind, "role": role, "state": state, "lawyer": _named(lawyer), **known}
    was = _what_goes(file, status | before | {"state": proceeding.state, "lawyer": _named(proceeding.lawyer)}, now)
    proceeding.state, proceeding.lawyer = state, lawyer
    proceeding.status, proceeding.content = said(kind=kind, role=role), said(**known)
    proceeding.version += 1
    proceeding.save(update_fields=["state", "lawyer", "status", "content", "version"])
    follow(proceeding)
    mark(case, EventKind.PROCEEDING, actor, part=Part.LEGAL_FILE, was=was)
    if any(before.get(key, "") != known.get(key, "") for key in ("accused", "guardian", "guardian_name")):
        accused.flag(case, known.get("accused", ""), actor)
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
    gone.pop("guardian_is", None)
    if ref := gone.pop("guardian", ""):
        one = by_ref(file).get(ref)
        gone |= {"guardian_name": one.called} if one and one.name.text else {}
    return "; ".join(filter(None, gone.values()))


def _settle_guardian(file: File, known: Known, before: Mapping[str, str]) -> None:
    """Who is chosen stands with name and relation in the legal file; a name that was written takes the place of who was chosen."""
    if not knows_people(file):
        name = known.setdefault("guardian_name", before.get("guardian_name", ""))
        stays = name == before.get("guardian_name", "")
        known["guardian"], known["guardian_is"] = (
            (before.get(key, "") if stays else "") for key in ("guardian", "guardian_is")
        )
        return
    ref, people = known.get("guardian", ""), {one.ref: one for one in around(file) if not one.is_suspect}
    if not ref:
        known["guardian_name"] = known["guardian_is"] = ""
    elif ref in people:
        known["guardian_name"], known["guardian_is"] = people[ref].name.text, people[ref].relation
    else:
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
