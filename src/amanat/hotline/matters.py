"""Questions to the matters of a hotline: the list, who called before from the same number, what was handed over, what came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.models import Conflict
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.cases.shown import Badge, Text, spoken
from amanat.hotline.models import Call, CallerMark, CallState, Matter, MatterCase, MatterLink, Note, NoteKind
from amanat.people.models import Membership, Role
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES: dict[str, StrOrPromise] = {
    "open": _("Open"),
    "mine": _("Those I have taken on"),
    "due": _("To be called back"),
    "closed": _("Closed"),
}
COUNTED = 100  # calls from one number; beyond, "more than 100" says enough
SHOWN = 5
ON_DESK = 25
IN_TALK = (CallState.TALKING, CallState.ON_HOLD)
PRIORITY_BADGES = {"P1": ("danger", "alert"), "P2": ("warning", "clock")}


def matters_of(actor: Actor) -> QuerySet[Matter]:
    """The matters that the actor may know of."""
    return visible_to(actor, Matter.objects.all()).select_related("subject", "agency", "holder__user")


def of_visible(actor: Actor) -> Exists:
    """Of what stands in a matter (calls, notes, marks): whether the actor may know of that. Asked of each row, since of matters there
    are ever more.
    """
    return Exists(visible_to(actor, Matter.objects.filter(pk=OuterRef("matter"))))


# --- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for; a word that is not ours counts as none."""

    state: str = "open"

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state = str(query.get("state", ""))
        return cls(state) if state in STATES else cls()

    @property
    def query(self) -> str:
        return urlencode({"state": self.state}) if self.state != Asked.state else ""

    def page(self, actor: Actor, cursor: str) -> Page[Matter]:
        rows = matters_of(actor).filter(agency=actor.membership.agency_id)  # by whose index they stand in order
        order = ["-last_at", "-id"]
        if self.state == "closed":
            return keyset_page(rows.exclude(closed_at=None), order=order, cursor=cursor)
        rows = rows.filter(closed_at=None)
        if self.state == "mine":
            rows = rows.filter(holder__in=actor.stands_for)
        if self.state == "due":
            rows, order = rows.exclude(call_back_at=None), ["call_back_at", "id"]
        return keyset_page(rows, order=order, cursor=cursor)


@dataclass(frozen=True, slots=True)
class Line:
    """A matter in a list: how many calls it has, and who is in talk with them now. A page of its own shows the calls themselves."""

    matter: Matter
    now: datetime
    calls: int = 0
    in_talk: Sequence[str] = ()

    @property
    def priority(self) -> Badge | None:
        return priority_badge(self.matter.priority)

    @property
    def is_late(self) -> bool:
        return self.matter.call_back_at is not None and self.matter.call_back_at < self.now


def lines(actor: Actor, matters: Iterable[Matter]) -> list[Line]:
    """Two queries, however many."""
    matters = list(matters)
    ids = [matter.pk for matter in matters]
    counts = dict(Call.objects.filter(matter__in=ids).values_list("matter").annotate(Count("pk")).order_by())
    talking = talks(ids)
    return [Line(one, actor.now, counts.get(one.pk, 0), talking.get(one.pk, [])) for one in matters]


def talks(matters: Iterable[Any]) -> dict[Any, list[str]]:
    """By matter: the names of operators who are in talk about it now."""
    found: dict[Any, list[str]] = {}
    open_calls = Call.objects.filter(matter__in=list(matters), ended_at=None, state=CallState.TALKING)
    for matter, name in open_calls.order_by("rang_at").values_list("matter", "operator__user__display_name"):
        found.setdefault(matter, []).append(name)
    return found


def priority_badge(code: str) -> Badge | None:
    if not code:
        return None
    kind, icon = PRIORITY_BADGES.get(code, ("", ""))
    return Badge(packs.current().codes("priority").label(code), kind, icon)


def about(file: File, matter: Matter) -> dict[str, Any]:
    """What every page of a matter shows of it."""
    caller = (file.open(matter, "caller") or {}).get("names", "") if file.opens(matter, "caller") else ""
    return {
        "matter": matter,
        "file": file,
        "line": Line(matter, file.actor.now),
        "caller": spoken(caller) if caller else None,
        "nav": "hotline",
    }


# --- who called before --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Before:
    """Calls from the same number before this one, and the other matters they belong to, newest first. Nobody says it was one person."""

    call: Call
    count: int
    last_at: datetime
    matters: list[Matter]
    same_matter: bool

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED


def calls_from_number(call: Call, actor: Actor) -> QuerySet[Call]:
    """The other calls from its number that the actor may know of, newest first; none where the number is not known."""
    digest = CallerMark.objects.filter(call=call).values("digest")
    same = Call.objects.filter(of_visible(actor), mark__digest__in=digest)
    return same.exclude(pk=call.pk).select_related("matter").order_by("-rang_at", "-id")


def before(call: Call, actor: Actor) -> Before | None:
    """What `hotline/before.html` shows beside a call; None where nobody called from there before. One query."""
    found = list(calls_from_number(call, actor).filter(outgoing=False)[: COUNTED + 1])
    if not found:
        return None
    matters = list({one.matter_id: one.matter for one in found}.values())
    others = [matter for matter in matters if matter.pk != call.matter_id]
    return Before(call, len(found), found[0].rang_at, others[:SHOWN], len(others) < len(matters))


# --- what belongs together ----------------------------------------------------------------------------------------------


def linked(file: File) -> list[Matter]:
    """The matters linked with this one that the actor may know of, the newest first."""
    ours = Q(pk__in=MatterLink.objects.filter(first=file.row.pk).values("second"))
    theirs = Q(pk__in=MatterLink.objects.filter(second=file.row.pk).values("first"))
    return list(matters_of(file.actor).filter(ours | theirs).order_by("-last_at", "-id"))


def same_number(file: File) -> list[Matter]:
    """Other matters with a call from a number that called in this one."""
    digests = CallerMark.objects.filter(matter=file.row.pk).values("digest")
    matters = CallerMark.objects.filter(digest__in=digests).values("matter")
    return list(matters_of(file.actor).filter(pk__in=matters).exclude(pk=file.row.pk).order_by("-last_at")[:ON_DESK])


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that came out of a matter; `case` only where the actor may know of it."""

    at: datetime
    case: Case | None


def opened_cases(file: File) -> list[Opened]:
    known = visible_to(file.actor, Case.objects.all()).filter(pk=OuterRef("case"))
    rows = MatterCase.objects.filter(matter=file.row.pk).annotate(known=Exists(known)).order_by("opened_at", "pk")
    return [Opened(row.opened_at, row.case if row.known else None) for row in rows.select_related("case__child")]


# --- its calls ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as the page of its matter shows it; `summary` and `number` are None where they are not open, or nothing stands there."""

    call: Call
    summary: Text | None
    number: str | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has them on the phone now, in talk or on hold."""
        return self.call.operator is not None and self.call.state in IN_TALK

    @property
    def is_on_hold(self) -> bool:
        return self.call.state == CallState.ON_HOLD

    @property
    def outcome(self) -> str:
        return str(self.call.get_outcome_display() if self.call.outcome else self.call.get_state_display())

    @property
    def minutes(self) -> int | None:
        """How long they talked, begun minutes."""
        if not (self.call.answered_at and self.call.ended_at):
            return None
        return int((self.call.ended_at - self.call.answered_at).total_seconds() // 60) + 1

    @property
    def channel(self) -> str:
        return packs.current().codes("channel").label(self.call.channel)

    @property
    def priority(self) -> Badge | None:
        return priority_badge(self.call.priority)


def calls_of(file: File, cursor: str) -> tuple[Page[Call], list[CallLine]]:
    """The calls of a matter, the newest first."""
    rows = Call.objects.filter(matter=file.row.pk).select_related("operator__user")
    page = keyset_page(rows, order=["-rang_at", "-id"], cursor=cursor, counted=False)
    return page, [call_line(file, call) for call in page.rows]


def call_line(file: File, call: Call) -> CallLine:
    call.subject = file.row.subject
    summary = (file.open(call, "content") or {}).get("summary", "") if file.opens(call, "content") else ""
    number = file.open(call, "number") if file.opens(call, "number") else None
    return CallLine(call, spoken(summary) if summary else None, number or None)


# --- handing over -------------------------------------------------------------------------------------------------------


def colleagues(matter: Matter, actor: Actor) -> QuerySet[Membership]:
    """The other operators of the hotline, but for whom a conflict keeps out."""
    kept_out = Conflict.objects.filter(
        subject=matter.subject_id, user=OuterRef("user"), part__in=("", Part.EXISTENCE), lifted_at=None
    )
    held = Membership.objects.current(actor.now).filter(agency=matter.agency_id, role=Role.HOTLINE_OPERATOR)
    others = held.exclude(user=actor.user.pk).filter(~Exists(kept_out))
    return others.select_related("user").order_by("user__display_name", "pk")


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-over that nobody has answered by anything yet: the matter waits for the reader, or for whoever takes it on."""

    note: Note
    file: File
    text: Text | None

    @property
    def matter(self) -> Matter:
        return cast(Matter, self.file.row)

    @property
    def is_for_all(self) -> bool:
        return self.matter.holder_id is None


def handed_to(actor: Actor) -> list[Handed]:
    """What stands on an operator's desk, the oldest first. Two queries; pages add the `file`s to their looks."""
    notes = handed_notes(actor)
    files = open_files(actor, [note.matter for note in notes]) if notes else []
    return [Handed(note, file, note_text(file, note)) for note, file in zip(notes, files, strict=True)]


def handed_notes(actor: Actor) -> list[Note]:
    rows = Note.objects.filter(
        Q(matter__holder__in=actor.stands_for) | Q(matter__holder=None),
        of_visible(actor),
        matter__agency=actor.membership.agency_id,
        matter__closed_at=None,
        kind=NoteKind.HAND_OVER,
        written_at__gte=F("matter__last_at"),
    ).exclude(author__in=actor.stands_for)
    rows = rows.select_related("author__user", "matter__subject", "matter__agency")
    return list(rows.order_by("written_at", "id")[:ON_DESK])


def note_text(file: File, note: Note) -> Text | None:
    """None where it is not open to the actor."""
    note.subject = file.row.subject
    return spoken((file.open(note, "words") or {}).get("text", "")) if file.opens(note, "words") else None


def notes_of(file: File) -> QuerySet[Note]:
    """Notes and hand-over notes, newest first; a debrief stands with its author."""
    rows = Note.objects.filter(matter=file.row.pk).exclude(kind=NoteKind.DEBRIEF)
    return rows.select_related("author__user").order_by("-written_at", "-id")
