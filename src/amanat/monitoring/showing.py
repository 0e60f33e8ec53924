"""The section *The way home* of a child's file, and what the pages of this room show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import SEEING, Part, Verb
from amanat.cases import menu, persons, sections, suspected
from amanat.cases.forms.choices import caution
from amanat.cases.in_the_way import closing
from amanat.cases.models import PersonAround
from amanat.cases.shown import Text, case_of, label, spoken
from amanat.monitoring import closings, followups, lists, outcomes, pack, solutions
from amanat.monitoring.models import ClosingState, FollowUp, Signs
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN, NEXT = 60, 3  # follow-ups that the section looks through; that it shows
A_PAGE = 25


def register() -> None:
    """Called once, when the room is loaded."""
    sections.add(
        sections.Section(
            "way_home", _("The way home"), Part.PLAN, "home", 20, "monitoring/section.html", section, levels=SEEING
        )
    )
    title = _("The way home")
    menu.add(menu.Action(Part.EXISTENCE, "monitoring.journey", _("The whole way"), "clock"), title)
    menu.add(
        menu.Action(
            Verb.SIGNS_RECORD, "monitoring.record_signs", _("Signs of re-trafficking"), "alert", sees=Part.SAFETY
        ),
        title,
    )
    suspected.register(home_to_decide)
    closing.register(closings.in_the_way)
    day.add(late_follow_ups)
    day.add(to_approve)


def today_of(file: File) -> date:
    return timezone.localdate(file.actor.now)


def section(file: File) -> dict[str, Any]:
    """What stands in it: two queries, however long the way. What was found stands on the pages behind."""
    rows = list(FollowUp.objects.filter(case=case_of(file)).order_by("due", "id")[:SHOWN])
    is_open = menu.not_closed(case_of(file))
    return {
        "solution": solutions.newest(file, signed=False),
        "follow_ups": [(followups.title_of(row), row) for row in rows if row.over_at is None][:NEXT],
        "are_arranged": bool(rows),
        "today": today_of(file),
        "sees_signs": file.sees(Part.SAFETY),
        "may_prepare": is_open and file.may(Verb.SOLUTION_PREPARE),
        "may_arrange": is_open and file.may(Verb.FOLLOW_UP_ARRANGE),
        "may_record": is_open and file.may(Verb.OUTCOME_RECORD),
        "may_hold": is_open and file.may(Verb.FOLLOW_UP_RECORD),
    }


def solution(file: File) -> dict[str, Any]:
    held, is_open = solutions.versions(file), menu.not_closed(case_of(file))
    now = held[0] if held else None
    return {
        "now": now,
        "history": held[1:],
        "carer": carer_of(file, now),
        "carer_is_suspect": now is not None and file.sees(Part.SAFETY) and solutions.is_suspect(file.row, now.carer),
        "items": pack.listed("transition"),
        "sources": pack.unverified("condition"),
        "may_prepare": is_open and file.may(Verb.SOLUTION_PREPARE),
        "may_decide": is_open and file.may(Verb.SOLUTION_DECIDE) and now is not None and not now.is_decided,
        "may_sign": is_open and file.may(Verb.TRANSITION_SIGN) and now is not None and now.is_decided,
    }


def carer_of(file: File, held: solutions.Shown | None) -> str:
    """Name and relation of the carer, as far as they are open to the actor."""
    if held is None or not held.carer:
        return ""
    person = persons.by_ref(file).get(held.carer)
    return person.called if person else str(_("A person whose name is closed to you"))


def follow_ups(file: File, cursor: str) -> dict[str, Any]:
    page, shown = followups.page_of(file, cursor, A_PAGE)
    is_open = menu.not_closed(case_of(file))
    return {
        "page": page,
        "follow_ups": shown,
        "standing": followups.standing(shown, today_of(file)),
        "today": today_of(file),
        "sources": pack.unverified("follow_up"),
        "may_arrange": is_open and file.may(Verb.FOLLOW_UP_ARRANGE),
        "may_record": is_open and file.may(Verb.FOLLOW_UP_RECORD),
    }


def outcomes_of(file: File) -> dict[str, Any]:
    held = outcomes.recorded(file)
    return {
        "recorded": held,
        "lines": outcomes.lines(held),
        "sources": pack.unverified("outcome"),
        "width": outcomes.WIDTH,
        "height": outcomes.HEIGHT,
        "may_record": menu.not_closed(case_of(file)) and file.may(Verb.OUTCOME_RECORD),
    }


def signs_of(file: File, cursor: str) -> dict[str, Any]:
    rows = Signs.objects.filter(case=case_of(file)).select_related("author__user")
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor, size=A_PAGE, counted=False)
    told = [(row, *_signs(file, row)) for row in page.rows]
    return {"page": page, "told": told, "may_record": file.may(Verb.SIGNS_RECORD), "caution": caution(SIGNS_OF)}


SIGNS_OF = "retrafficking_sign"


def _signs(file: File, row: Signs) -> tuple[list[str], Text]:
    content = solutions.opened(file, row, part=Part.SAFETY)
    return [label(SIGNS_OF, code) for code in content.get("signs", ())], spoken(content.get("words", ""))


def closing_of(file: File) -> dict[str, Any]:
    held, is_open = closings.of_case(file), menu.not_closed(case_of(file))
    holds = closings.asked(case_of(file)) if is_open else None
    return {
        "held": held,
        "needs_approval": closings.needs_approval(case_of(file)),
        "sources": pack.unverified("closing"),
        "may_ask": is_open and file.may(Verb.CLOSING_ASK) and not (held and held[0].waits),
        "may_answer": is_open and file.may(Verb.CLOSING_APPROVE) and bool(held and held[0].waits),
        "may_close": is_open
        and file.may(Verb.CASE_CLOSE)
        and holds is not None
        and holds.state == ClosingState.APPROVED,
    }


def home_to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: the child is to go to them, or lives there (`cases.suspected`)."""
    held = solutions.newest_content(file)
    if held.get("carer") != person.pk.hex:
        return None
    return _(
        "The home that is prepared for the child rests on somebody who may no longer be trusted. Decide where it goes."
    )


def late_follow_ups(actor: Actor) -> Counted | None:
    """On files in whose circle one stands: the day has passed, and nobody recorded it."""
    if not actor.may(Verb.LOOK_CASELOAD):
        return None
    rows = lists.mine(actor).filter(due__lt=timezone.localdate(actor.now))

    def tile(count: int) -> Tile | None:
        told = ngettext_lazy("late follow-up", "late follow-ups", count)
        return Tile(count_text(count), told, "phone", "monitoring.my_follow_ups", kind="warning") if count else None

    return Counted(rows.values("pk"), tile)


def to_approve(actor: Actor) -> Counted | None:
    """Closings that wait for a supervisor of the agency."""
    if not actor.may(Verb.LOOK_BOARD):
        return None
    rows = lists.to_approve(actor)

    def tile(count: int) -> Tile | None:
        told = ngettext_lazy("closing to approve", "closings to approve", count)
        return Tile(count_text(count), told, "lock", "monitoring.closings", kind="accent") if count else None

    return Counted(rows.values("pk"), tile)
