"""Where referrals stand: in the navigation, on *My day*, on the file of a child and in its menu."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import SEEING, Part, Verb
from amanat.cases import menu, sections
from amanat.cases.navigation import who_may
from amanat.cases.shown import case_of
from amanat.referrals import conferences, inbox
from amanat.referrals.models import WAITS, Referral
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.navigation import NavEntry, add
from amanat.web.paging import count_text


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        NavEntry(
            name="referrals",
            label=_("Referrals"),
            url_name="referrals.inbox",
            icon="swap",
            order=22,
            shown_to=who_may(Verb.LOOK_REFERRALS),
        )
    )
    sections.add(
        sections.Section(
            "referrals", _("Referrals"), Part.REFERRAL_SUMMARY, "swap", 14, "referrals/section.html", section
        )
    )
    title = _("Referrals")
    menu.add(
        menu.Action(Verb.REFERRAL_PREPARE, "referrals.prepare", _("Prepare referrals"), "plus", menu.not_closed), title
    )
    menu.add(
        menu.Action(Verb.REFERRAL_SEND, "referrals.transfer", _("Pass on the whole case"), "swap", menu.not_closed),
        title,
    )
    _register_conferences()
    day.add(waiting_for_us)
    day.add(mine_late)
    day.add(nobody_took)


def _register_conferences() -> None:
    sections.add(
        sections.Section(
            "conferences",
            _("Conferences"),
            Part.EXISTENCE,
            "people",
            15,
            "referrals/conferences_section.html",
            conferences.of_case,
            levels=SEEING,
        )
    )
    menu.add(
        menu.Action(
            Verb.CONFERENCE_CALL, "referrals.call_conference", _("Call a conference"), "people", menu.not_closed
        ),
        _("Referrals"),
    )
    day.add(conferences_this_week)


def section(file: File) -> dict[str, Any]:
    is_open = menu.not_closed(case_of(file))
    return inbox.of_case(file) | {
        "may_prepare": is_open and file.may(Verb.REFERRAL_PREPARE),
        "may_transfer": is_open and file.may(Verb.REFERRAL_SEND),
    }


def waiting_for_us(actor: Actor) -> Counted | None:
    """What came to the agency and has no answer yet."""
    if not actor.may(Verb.LOOK_REFERRALS) or not inbox.is_asked(actor):
        return None
    rows = inbox.received(actor).filter(state__in=WAITS)

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("referral to answer", "referrals to answer", count)
        return _tile(count, label, "inbox", "?whose=ours")

    return Counted(rows.values("pk"), tile)


def conferences_this_week(actor: Actor) -> Counted | None:
    """To which the worker or the agency is asked."""
    if not actor.may(Verb.LOOK_REFERRALS):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("conference within a week", "conferences within a week", count)
        return Tile(count_text(count), label, "people", "referrals.conferences") if count else None

    return Counted(conferences.this_week(actor).values("pk"), tile)


def mine_late(actor: Actor) -> Counted | None:
    """What left from one's own files and is late."""
    if not actor.may(Verb.LOOK_REFERRALS):
        return None
    whose = inbox.offered_to(actor)[-1]
    rows = inbox.sent(actor).filter(Referral.in_hands(), due_at__lt=actor.now)

    def tile(count: int) -> Tile | None:
        return _tile(count, ngettext_lazy("late referral", "late referrals", count), "clock", f"?whose={whose}")

    return Counted(rows.values("pk"), tile)


def nobody_took(actor: Actor) -> Counted | None:
    """The needs that nobody took, on files that the actor may know of."""
    if not actor.may(Verb.LOOK_REFERRALS):
        return None
    rows = inbox.unmet_rows(actor)

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("need that nobody took", "needs that nobody took", count)
        return _tile(count, label, "alert", "", "danger")

    return Counted(rows.values("pk"), tile)


def _tile(count: int, label: Any, icon: str, rest: str, kind: str = "warning") -> Tile | None:
    return Tile(count_text(count), label, icon, "referrals.inbox", rest, kind) if count else None
