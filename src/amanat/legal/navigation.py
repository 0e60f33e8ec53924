"""Where legal help stands: a section of the file, its menu, a caution, *My day*, the calendar, the officer's desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access import loaders
from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import appointments as registry
from amanat.cases import cautions, holds_asked, menu, suspected
from amanat.cases.models import Case, Event, EventKind
from amanat.cases.navigation import who_may
from amanat.cases.queries import let_the_head_ask
from amanat.cases.sections import Section, add
from amanat.legal import accused, appointments, detained, holds, showing
from amanat.legal.models import Detention, Evidence, Hearing, HoldAsked, Proceeding, RightRecord
from amanat.office import registers
from amanat.web import day, navigation
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text

_CASE = ("subject", "case__subject", "case__child", "case__agency")


def register() -> None:
    """Called once, when the room is loaded."""
    loaders.register("proceeding", lambda: Proceeding.objects.select_related(*_CASE, "lawyer__user"))
    loaders.register(
        "hearing", lambda: Hearing.objects.select_related(*_CASE, "goes_along__user", "proceeding__case__child")
    )
    loaders.register("evidence", lambda: Evidence.objects.select_related(*_CASE))
    loaders.register("hold_asked", lambda: HoldAsked.objects.select_related(*_CASE, "author__user"))
    add(
        Section(
            "legal", _("Legal"), Part.LEGAL_STATUS, "scales", 70, "legal/section.html", section, also=(Part.LEGAL_FILE,),
            with_notes=True,
        )
    )  # fmt: skip
    let_the_head_ask("has_detentions", lambda: Exists(Detention.objects.filter(subject=OuterRef("subject"))))
    cautions.add(Part.LEGAL_STATUS, at_large)
    registry.register(appointments.hearings)
    suspected.register(Part.LEGAL_FILE, accused.guardian_to_decide, Relation.LAWYER)
    holds_asked.register(holds_asked.Keeping(holds.waits, holds.placed))
    _register_menu()
    _register_desk()


def _register_menu() -> None:
    title = _("Legal help")
    for action in (
        menu.Action(Verb.PROCEEDING_OPEN, "legal.open_proceeding", _("Open proceedings"), "scales", sees=Part.LEGAL_FILE),
        menu.Action(Part.LEGAL_STATUS, "legal.rights", _("Rights of the child"), "check"),
        menu.Action(
            Verb.DETENTION_RECORD, "legal.record_detention", _("Detention of an accused"), "alert", menu.not_closed,
            Part.LEGAL_STATUS,
        ),
        menu.Action(Verb.EVIDENCE_TAKE_IN, "legal.evidence", _("Pieces of evidence"), "folder", sees=Part.NARRATIVE),
        menu.Action(Verb.HOLD_ASK, "legal.ask_hold", _("Ask for a legal hold"), "lock"),
    ):  # fmt: skip
        menu.add(action, title)


def _register_desk() -> None:
    for ask in (hearings_soon, hearings_unrecorded, deadlines_soon, deadlines_undated):
        day.add(ask)
    navigation.add(
        navigation.NavEntry(
            name="calendar",
            label=_("Calendar"),
            url_name="legal.calendar",
            icon="calendar",
            order=24,
            shown_to=who_may(Verb.LOOK_CALENDAR),
        )
    )
    registers.add(
        registers.Register(
            "legal.holds_asked",
            _("Legal holds asked for"),
            _("By case managers and lawyers; each waits for your answer."),
            "lock",
        )
    )
    registers.add_counting(registers.Counting(holds.counted, holds.tiles))


def section(file: File) -> dict[str, Any]:
    """What stands in the section, as far as its reader sees it: one query, two where there are no proceedings. The rest is a page
    further."""
    sees_file = file.sees(Part.LEGAL_FILE)
    proceedings = showing.overview(file, _numbers(file, OuterRef("case")))
    return {
        "proceedings": proceedings,
        "numbers": proceedings[0].row if proceedings else _numbers_alone(file),
        "sees_interviews": file.sees(Part.FACTS),
        "may_open": sees_file and file.may(Verb.PROCEEDING_OPEN),
        "may_detain": file.may(Verb.DETENTION_RECORD) and not file.row.is_closed,
        "may_take_in": file.may(Verb.EVIDENCE_TAKE_IN) and (sees_file or file.sees(Part.NARRATIVE)),
        "may_hold": file.may(Verb.HOLD_ASK),
        "may_write_hearings": appointments.may_record(file),
    }


def _numbers(file: File, here: OuterRef) -> dict[str, Any]:
    """How many interviews and pieces of evidence (of the parts that are open) there are; whether anything of rights and detention is
    recorded, and a hold waits. Asked with other rows: `here` is their case."""
    pieces = Evidence.objects.filter(case=here, part__in=file.visible_parts())
    return {
        "interviews": _count(Event.objects.filter(case=here, kind=EventKind.INTERVIEWED)),
        "pieces": _count(pieces),
        "has_rights": Exists(RightRecord.objects.filter(case=here)),
        "has_detention": Exists(Detention.objects.filter(subject=OuterRef("subject"))),
        "waits": Exists(HoldAsked.objects.filter(case=here, answered_at=None)),
    }


def _numbers_alone(file: File) -> dict[str, Any]:
    numbers = _numbers(file, OuterRef("pk"))
    return dict(Case.objects.filter(pk=file.row.pk).annotate(**numbers).values(*numbers).get())


def _count(rows: QuerySet[Any]) -> Any:
    """How many rows of a case there are, each kind counted apart: joined, they would multiply."""
    counted = rows.order_by().values("case").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def at_large(file: File) -> cautions.Caution | None:
    """Who is accused and not in custody could come near the child. Costs a query only where anything is recorded."""
    if not getattr(file.row, "has_detentions", True):
        return None
    if not any(one.is_at_large for one in detained.where_they_are(detained.detentions_of(file))):
        return None
    return cautions.Caution(
        _("Somebody accused is not in custody"),
        _("Look who and since when, and whether the safety plan still holds."),
        "legal.detention",
    )


def hearings_soon(actor: Actor) -> Counted | None:
    if not actor.may(Verb.LOOK_CALENDAR):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("hearing within a week", "hearings within a week", count)
        return Tile(count_text(count), label, "calendar", "legal.calendar", kind="warning") if count else None

    return Counted(appointments.soon(actor).values("pk"), tile)


def hearings_unrecorded(actor: Actor) -> Counted | None:
    if not actor.may(Verb.LOOK_CALENDAR):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy(
            "hearing that is over, not written down", "hearings that are over, not written down", count
        )
        return Tile(count_text(count), label, "scales", "legal.calendar", "#past", "danger") if count else None

    return Counted(appointments.unrecorded(actor).values("pk"), tile)


def deadlines_soon(actor: Actor) -> Counted | None:
    if not actor.may(Verb.LOOK_CALENDAR):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("legal deadline within a week or late", "legal deadlines within a week or late", count)
        return Tile(count_text(count), label, "clock", "legal.calendar", "#due", "danger") if count else None

    return Counted(appointments.due(actor).values("pk"), tile)


def deadlines_undated(actor: Actor) -> Counted | None:
    if not actor.may(Verb.LOOK_CALENDAR):
        return None

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("legal deadline without a last day", "legal deadlines without a last day", count)
        return Tile(count_text(count), label, "clock", "legal.calendar", "#due", "danger") if count else None

    return Counted(appointments.undated(actor).values("pk"), tile)
