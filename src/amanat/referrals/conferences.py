"""Conferences as their readers have them before them: on the file of a child, one with its agenda and minutes, those that come."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.labels import PART_LABELS
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, Part, Relation, Verb
from amanat.cases.models import Task
from amanat.cases.origins import Origin
from amanat.cases.queries import end_of_day, knows_circle
from amanat.cases.shown import Badge, Text, case_of, spoken
from amanat.referrals import agenda, numbers
from amanat.referrals.agenda_words import Said, said
from amanat.referrals.conference_badges import badge
from amanat.referrals.models import Referral, State
from amanat.referrals.models_conferences import Conference, ConferenceState, Decision, Invited, Point
from amanat.referrals.showing import Line
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AHEAD: Final = timedelta(days=6)  # with today a week
OVER: Final = timedelta(days=3)  # after its time a conference is no agency's any more; ours, no source names one
SHOWN: Final = 25


@dataclass(frozen=True)
class Decided:
    """What was decided, and what became of it."""

    words: Text
    task: Task | None = None
    referral: Line | None = None
    may_finish: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Shown:
    """A point in a list. `minutes` and `decided` once the conference was held."""

    part: StrOrPromise
    said: Said
    is_late: bool
    minutes: Text | None = None
    decided: Decided | None = None


@dataclass(frozen=True)
class Group:
    title: StrOrPromise
    points: list[Shown]


def one(file: File, ref: uuid.UUID) -> Conference | None:
    """A conference of this file, with whom it asks (nobody is no conference) and when the one before it was held: one query."""
    places = Grant.objects.active(file.actor.now).filter(subject=OuterRef("subject"), relation__in=CIRCLE)
    rows = Invited.objects.filter(conference=ref, conference__case=file.row.pk).annotate(
        before=agenda.before("conference"), in_circle=Exists(places.filter(membership=OuterRef("membership")))
    )
    names = ("membership__user", "agency", "conference__called_by__user", "conference__recorded_by__user")
    found = list(rows.select_related(*names))
    if not found:
        return None
    conference, standing = _held(file, found[0].conference), {row for row in found if row.in_circle}
    conference.asked = sorted(found, key=lambda row: (row.membership_id is None, row.agency.name, row.name))
    conference.in_circle = [row.membership for row in conference.asked if row.membership and row in standing]
    conference.before = found[0].before
    return conference


def _held(file: File, row: Conference) -> Conference:
    row.case, row.subject = case_of(file), file.row.subject
    return row


def of_case(file: File) -> dict[str, Any]:
    """The section *Conferences* of a file."""
    rows = Conference.objects.filter(case=file.row.pk).order_by("-held_at", "-id")[:SHOWN]
    return {
        "conferences": [(_held(file, row), badge(row, file.actor.now)) for row in rows],
        "may_call": file.may(Verb.CONFERENCE_CALL) and not case_of(file).is_closed,
    }


def about(file: File, conference: Conference, narrowed: File | None = None) -> dict[str, Any]:
    """What stands on its page and on paper; `narrowed`: of its points only what this one sees."""
    held = conference.state == ConferenceState.HELD
    from_ = conference.new_since if held else conference.before
    return {
        "conference": conference,
        "number": numbers.spoken(conference.number),
        "badge": badge(conference, file.actor.now),
        "place": opened(file, conference, "place") if takes_part(file, conference) else Text(""),
        "why": opened(file, conference, "why"),
        "since": from_,
        "groups": _groups(points(narrowed or file, conference, from_))
        if conference.state != ConferenceState.CANCELLED
        else [],
        "invited": invited(file, conference),
        "was_held": held,
    }


def opened(file: File, conference: Conference, name: str) -> Text:
    """Where it is, or why it was cancelled; nothing for whoever knows only a code name."""
    return spoken(file.open(conference, name) or "") if file.opens(conference, name) else Text("")


def points(file: File, conference: Conference, from_: Any) -> list[tuple[str, Shown]]:
    if conference.state == ConferenceState.HELD:
        return _as_kept(file, conference)
    found = agenda.find(file, conference, from_)
    open_ = [point for point in found if file.sees(point.part) and not _of_others(file, point.content)]
    return [(point.group, _shown(point.part, point.content)) for point in open_]


def _of_others(file: File, content: Any) -> bool:
    """Who reads by a consent learns nothing of what another shared with whom."""
    return file.is_shared and content["kind"] == "consent"


def _shown(part: Part, content: Any, **more: Any) -> Shown:
    late = agenda.group_of(content) == agenda.LATE
    return Shown(PART_LABELS[part], said(content), late, **more)


def _as_kept(file: File, conference: Conference) -> list[tuple[str, Shown]]:
    rows = agenda.kept(file, conference)
    referrals = _referrals(conference, rows) if any(_needs(row) for row in rows) else {}
    told = []
    for row in rows:
        row.conference, row.subject = conference, file.row.subject
        content = file.open(row, "content")
        if _of_others(file, content):
            continue
        words = spoken(file.open(row, "words")) if row.words else None
        shown = _shown(Part(row.part), content, minutes=words, decided=_decided(file, row, referrals))
        told.append((agenda.group_of(content), shown))
    return told


def _decision(point: Point) -> Decision | None:
    found: Decision | None = getattr(point, "decision", None)
    return found


def _needs(point: Point) -> bool:
    decision = _decision(point)
    return decision is not None and decision.response_id is not None


def _referrals(conference: Conference, rows: Iterable[Point]) -> dict[tuple[uuid.UUID, str], Referral]:
    """By response and need: the one that was asked last."""
    responses = {row.decision.response_id for row in rows if _needs(row)}
    found = Referral.objects.filter(response__in=responses).exclude(state=State.DISCARDED)
    found = found.select_related("agency", "organisation", "service").order_by("made_at", "id")
    return {(row.response_id, row.need): row for row in found}


def _decided(file: File, point: Point, referrals: dict[tuple[uuid.UUID, str], Referral]) -> Decided | None:
    decision = _decision(point)
    if decision is None:
        return None
    decision.subject, task, now = file.row.subject, decision.task, file.actor.now
    sees = file.sees(Part.REFERRAL_SUMMARY)
    referral = referrals.get((decision.response_id, decision.need)) if decision.response_id and sees else None
    return Decided(
        spoken(file.open(decision, "words")),
        task,
        Line(referral, now) if referral else None,
        file.may(Verb.CASE_FINISH_TASK),
        task is not None and task.done_at is None and task.due < now,
    )


def _groups(points: Sequence[tuple[str, Shown]]) -> list[Group]:
    found = [Group(title, [one for of, one in points if of == group]) for group, title in agenda.groups().items()]
    return [group for group in found if group.points]


def invited(file: File, conference: Conference) -> list[Invited]:
    """Who was asked, for whoever learns who assists and has to do with it."""
    return conference.asked if knows_circle(file) and takes_part(file, conference) else []


def takes_part(file: File, conference: Conference) -> bool:
    """Whether somebody learns where it is and who comes: who is asked themselves, the supervisor, and the circle of care, but for a
    place that rests on a consent."""
    standing = file.relations - file.limits.keys()
    asked = {one.membership_id for one in conference.asked if one.membership_id}
    return not standing.isdisjoint({*CIRCLE, Relation.SUPERVISOR}) or not asked.isdisjoint(file.actor.stands_for)


def deeds(file: File, conference: Conference) -> dict[str, bool]:
    """What the actor can do with it now."""
    planned, is_over = conference.is_planned, conference.held_at <= file.actor.now
    records = planned and file.may(Verb.CONFERENCE_RECORD)
    return {
        "may_record": records and is_over,
        "may_record_later": records and not is_over,
        "may_change": planned and not case_of(file).is_closed and file.may(Verb.CONFERENCE_CALL),
        "may_cancel": planned and file.may(Verb.CONFERENCE_CANCEL),
        "may_print_for": file.may(Verb.CONFERENCE_CALL),
    }


@dataclass(frozen=True)
class Coming:
    """One to which the actor is asked, or their agency."""

    invited: Invited
    file: File
    place: Text

    @property
    def conference(self) -> Conference:
        return self.invited.conference

    @property
    def number(self) -> str:
        return numbers.spoken(self.conference.number)

    @property
    def badge(self) -> Badge:
        return badge(self.conference, self.file.actor.now)

    @property
    def is_ours(self) -> bool:
        """Whether the file itself is open to the reader, by their own place."""
        return self.invited.membership_id is not None


def mine(actor: Actor) -> QuerySet[Invited]:
    """To which the actor is asked: as one of the file, or with their agency, while the consent lasts. Those that are over stand with
    the file; an agency's leave its list some days after their time, recorded or not."""
    today = timezone.localdate(actor.now)
    lasts = Q(consent=None) | Q(consent__until=None) | Q(consent__until__gte=today)
    ours = Q(membership=None, agency=actor.membership.agency_id, held_at__gte=actor.now - OVER) & lasts
    asked = Q(membership__in=actor.stands_for) | ours
    open_ = Q(conference__state=ConferenceState.PLANNED) | Q(
        conference__state=ConferenceState.CANCELLED, held_at__gte=actor.now
    )
    return visible_to(actor, Invited.objects.filter(asked, open_))


def this_week(actor: Actor) -> QuerySet[Invited]:
    until = end_of_day(actor.now) + AHEAD
    return mine(actor).filter(conference__state=ConferenceState.PLANNED, held_at__lt=until)


def coming(actor: Actor, cursor: str) -> tuple[Page[Invited], list[Coming]]:
    rows = mine(actor).select_related(
        "subject", "agency", "consent", "conference__case__child", "conference__case__agency"
    )
    page = keyset_page(rows, order=["held_at", "id"], cursor=cursor)
    return page, [_coming(file) for file in open_files(actor, page.rows)]


def _coming(file: File) -> Coming:
    assert isinstance(file.row, Invited)
    conference = file.row.conference
    conference.subject = file.row.subject
    return Coming(file.row, file, opened(file, conference, "place"))


def of_task(_file: File, task: Task) -> Origin | None:
    """The conference that a task comes from."""
    decision = Decision.objects.filter(task=task.pk).select_related("point__conference").first()
    if decision is None:
        return None
    return Origin(
        _("Decided at a conference"), reverse("referrals.conference", args=[task.case, decision.point.conference_id])
    )


def of_referral(referral: Referral) -> str:
    """The address of the conference at which it was decided to ask this; "" where it was not at one."""
    rows = Decision.objects.filter(response=referral.response_id, need=referral.need).exclude(need="")
    found = rows.values_list("point__conference", flat=True).first()
    return reverse("referrals.conference", args=[referral.case, found]) if found else ""
