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
from amanat.cases import answering, departures, menu, persons, sections, suspected
from amanat.cases.forms.choices import caution
from amanat.cases.in_the_way import closing, register_approved
from amanat.cases.models import PersonAround
from amanat.cases.shown import Text, case_of, label, spoken
from amanat.monitoring import (
    before_leaving,
    closings,
    drawing,
    followups,
    hand_overs,
    lists,
    outcomes,
    pack,
    sheets,
    solutions,
)
from amanat.monitoring.actions import rounds
from amanat.monitoring.models import ClosingState, FollowUp, Signs, View
from amanat.monitoring.opening import opened
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
    suspected.register(Part.PLAN, home_to_decide)
    departures.register(rounds.on_departure)
    departures.ask_before(before_leaving.not_ready)
    hand_overs.register()
    drawing.register()
    sheets.register()
    closing.register(closings.in_the_way)
    register_approved(closings.approved_reason)
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
    waits = now is not None and not now.is_decided
    missing = now.missing if now is not None and waits else []
    return {
        "now": now,
        "history": held[1:],
        "carer": carer_of(file, now),
        "carer_is_suspect": now is not None and is_told_suspect(file, now.carer),
        "items": pack.listed("transition"),
        "sources": pack.unverified("condition"),
        "may_prepare": is_open and file.may(Verb.SOLUTION_PREPARE),
        "may_write_hand_over": is_open and file.may(Verb.HANDOVER_WRITE),
        "missing": missing,
        "heads": answering.names_of_heads(file) if missing else "",
        "may_decide": is_open and waits and file.may(Verb.SOLUTION_DECIDE) and not missing,
        "may_allow": is_open and bool(missing) and file.may(Verb.SOLUTION_ALLOW),
        "may_sign": is_open and file.may(Verb.TRANSITION_SIGN) and now is not None and now.is_decided,
    }


def carer_of(file: File, held: solutions.Shown | None) -> str:
    """Name and relation of the carer, as far as they are open to the actor."""
    if held is None or not held.carer:
        return ""
    person = persons.by_ref(file).get(held.carer)
    return person.called if person else str(_("A person whose name is closed to you"))


def hand_over(file: File) -> dict[str, Any]:
    held, is_open = hand_overs.of_case(file), menu.not_closed(case_of(file))
    now = held[0] if held else None
    return {
        "now": now,
        "history": held[1:],
        "carer_is_suspect": now is not None and is_told_suspect(file, now.carer),
        "paper": hand_overs.PAPER,
        "may_write": is_open and file.may(Verb.HANDOVER_WRITE),
        "may_sign": is_open and file.may(Verb.HANDOVER_SIGN) and now is not None and not now.is_signed,
    }


def hand_over_begins(file: File) -> dict[str, Any]:
    """What the form begins with: the last record, else the carer of the solution."""
    held = next(iter(hand_overs.of_case(file)), None)
    if held is not None and not held.is_signed:
        return held.content | {"at": held.at}
    carer = str(solutions.newest_content(file).get("carer", ""))
    person = persons.by_ref(file).get(carer)
    named = {"carer": carer, "to": person.name.text, "to_capacity": person.relation_text} if person else {}
    return {"by": file.actor.user.display_name, "at": file.actor.now} | named


def is_told_suspect(file: File, carer: str) -> bool:
    """Whether a carer is a suspect now, for whoever reads the safety of the child."""
    return file.sees(Part.SAFETY) and solutions.is_suspect(file.row, carer)


def follow_ups(file: File, cursor: str) -> dict[str, Any]:
    page, shown = followups.page_of(file, cursor, A_PAGE)
    is_open = menu.not_closed(case_of(file))
    return {
        "page": page,
        "follow_ups": shown,
        "paper": sheets.PAPER,
        "standing": followups.standing(shown, today_of(file)),
        "carer_is_suspect": home_is_a_suspects(file),
        "today": today_of(file),
        "sources": pack.unverified("follow_up"),
        "may_arrange": is_open and file.may(Verb.FOLLOW_UP_ARRANGE),
        "may_record": is_open and file.may(Verb.FOLLOW_UP_RECORD),
    }


def home_is_a_suspects(file: File) -> bool:
    """Whether the child went, or is to go, to somebody who is a suspect now."""
    return is_told_suspect(file, str(solutions.newest_content(file).get("carer", "")))


def outcomes_of(file: File, everything: bool = False) -> dict[str, Any]:
    found = outcomes.recorded(file, outcomes.MOST if everything else outcomes.COLUMNS + 1)
    held = found if everything else found[-outcomes.COLUMNS :]
    lines, views = outcomes.lines(held), {one.row.view for one in found}
    return {
        "recorded": held,
        "lines": lines,
        "not_looked_at": outcomes.not_looked_at(lines),
        "lacks_child": View.CHILD not in views,
        "lacks_worker": View.WORKER not in views,
        "are_older": len(found) > len(held),
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
    content = opened(file, row, part=Part.SAFETY)
    return [label(SIGNS_OF, code) for code in content.get("signs", ())], spoken(content.get("words", ""))


def closing_of(file: File) -> dict[str, Any]:
    held, is_open = closings.of_case(file), menu.not_closed(case_of(file))
    holds = closings.still_holds(held[0].row, case_of(file)) if is_open and held else None
    return {
        "obstacles": closings.obstacles(case_of(file)) if is_open else [],
        "not_there": closings.not_there(file) if is_open else [],
        "not_held": closings.not_held(file, held) if is_open else 0,
        "held": held,
        "needs_approval": bool(held) or closings.needs_approval(case_of(file)),
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
    record = next(iter(hand_overs.of_case(file)), None)
    if person.pk.hex not in (solutions.newest_content(file).get("carer"), record and record.carer):
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
