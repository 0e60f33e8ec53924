"""What this room adds to files and matters: pieces, panels, actions, a caution, what a case takes along."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import cautions, from_elsewhere, matter_menu, menu
from amanat.identification import ages, carrying, screenings, sections

NEWEST = 3


def _newest(file: File) -> list[screenings.Screened]:
    rows = screenings.rows_of(file).order_by("-happened_at", "-id")[:NEWEST]
    return screenings.opened(file, rows)


def _piece(file: File) -> dict[str, Any]:
    return {"screenings": _newest(file), "age": ages.of(file), "may_screen": file.may(Verb.SCREENING_RECORD)}


def _panel(file: File) -> dict[str, Any] | None:
    newest = _newest(file)
    return {"screenings": newest, "matter": file.row} if newest else None


def register() -> None:
    """Called once, when the room is loaded."""
    sections.add(sections.Piece(10, Part.FACTS, "identification/section_screening.html", _piece))
    cautions.add(Part.FACTS, ages.caution)
    from_elsewhere.register(carrying.carry)
    matter_menu.add_panel(
        matter_menu.Panel("age", Part.SCREENING, "identification/age_caution.html", ages.panel, urgent=True)
    )
    matter_menu.add_panel(matter_menu.Panel("screenings", Part.SCREENING, "identification/matter_panel.html", _panel))
    screen, write_age = _("Screen"), _("The age")
    matter_menu.add(matter_menu.Action(Verb.SCREENING_RECORD, "identification.matter_screen", screen, "search"))
    matter_menu.add(matter_menu.Action(Verb.AGE_RECORD, "identification.matter_age", write_age, "calendar"))
    title = _("Identification")
    menu.add(menu.Action(Verb.SCREENING_RECORD, "identification.case_screen", screen, "search"), title)
    menu.add(menu.Action(Verb.AGE_RECORD, "identification.case_found_age", write_age, "calendar"), title)
