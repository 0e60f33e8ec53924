"""Where the centre stands: in the navigation, on *My day*, on the file of a child and in its menu."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import cautions, lodging, menu, sections, suspected
from amanat.cases.in_the_way import Standing, closing, passing
from amanat.cases.models import Case
from amanat.cases.navigation import who_may
from amanat.cases.queries import let_the_head_ask
from amanat.centre import places, residents, running_out, stays, under_one_roof
from amanat.centre.models import Stay
from amanat.centre.models.stays import IN_HOUSE, OPEN
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.errors import PersonFacingError
from amanat.web.navigation import NavEntry, add
from amanat.web.paging import count_text


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        NavEntry(
            name="centre",
            label=_("Centre"),
            url_name="centre.board",
            icon="bed",
            order=23,
            shown_to=who_may(Verb.LOOK_CENTRE),
        )
    )
    sections.add(
        sections.Section(
            "centre",
            _("Centre"),
            Part.CENTRE,
            "bed",
            16,
            "centre/section.html",
            stays.section,
            with_notes=True,
        )
    )
    _fill_menu()
    let_the_head_ask("stay_state", lambda: running_out.asked("state"))
    let_the_head_ask("is_missing", running_out.missing)
    let_the_head_ask("stay_until", lambda: running_out.asked("planned_until"))
    cautions.add(Part.SAFETY, running_out.missing_caution)
    cautions.add(Part.CENTRE, running_out.caution)
    suspected.register_once(Part.SAFETY, under_one_roof.to_decide, Relation.CENTRE_WORKER)
    closing.register(in_the_way)
    passing.register(in_the_way_of_passing)
    lodging.register_sleeping(residents.sleeps)
    day.add(running_soon)


def _fill_menu() -> None:
    """What the menu of a file offers of the centre."""
    title = _("Centre")
    for verb, url_name, label, icon in (
        (Verb.STAY_ADMIT, "centre.admit", _("Admit to a house"), "bed"),
        (Verb.STAY_WAIT, "centre.wait", _("Put on the waiting list"), "clock"),
    ):
        menu.add(menu.Action(verb, url_name, label, icon, has_no_bed, when=lodging.may_take_in), title)
    menu.add(
        menu.Action(Verb.STAY_MISSING, "centre.missing", _("Missing: report, steps, found"), "alert", menu.not_closed),
        title,
    )
    menu.add(
        menu.Action(Verb.STAY_KEEP_APART, "centre.keep_apart", _("Keep apart from another child"), "people"), title
    )


def has_no_bed(case: Case) -> bool:
    """As far as the query that loaded the case says; the page says it otherwise."""
    return menu.not_closed(case) and not getattr(case, "stay_state", "")


def in_the_way(case: Case) -> PersonFacingError | None:
    """A case is not closed while the child has a bed, waits for one, or is missing from one and looked for."""
    if Stay.objects.filter(subject=case.subject_id, case=case, state__in=OPEN).exists():
        return Standing(
            _("The child stays in a house, or waits for a place there."),
            _("End the stay first, or take it off the list."),
            reverse("centre.stay", args=[case.pk]),
        )
    if running_out.looked_for(case):
        return Standing(
            _("The child is missing, and is looked for."),
            _(
                "Record that it was found. To close all the same, waive the step, with why nobody looks for it any more."
            ),
            reverse("centre.missing", args=[case.pk]),
        )
    return None


def in_the_way_of_passing(case: Case) -> PersonFacingError | None:
    """A whole case does not go to another agency while the child has a bed in a house of the one that has it."""
    if Stay.objects.filter(subject=case.subject_id, agency=case.agency_id, state__in=IN_HOUSE).exists():
        return PersonFacingError(
            _("The child still stays in a house of the agency that passes the case on."),
            _("Agree with them who keeps the child, and let them end the stay first."),
        )
    return None


def running_soon(actor: Actor) -> Counted | None:
    """Stays on files that the actor may know of whose last day is near or has passed."""
    if not actor.may(Verb.LOOK_CENTRE):
        return None
    last = places.day_of(actor.now) + running_out.SOON
    rows = Stay.objects.filter(agency=actor.membership.agency_id, state__in=IN_HOUSE, planned_until__lte=last)
    rows = rows.filter(case__in=visible_to(actor, Case.objects.all()))

    def tile(count: int) -> Tile | None:
        label = ngettext_lazy("stay that runs out", "stays that run out", count)
        return Tile(count_text(count), label, "bed", "centre.board", "", "warning") if count else None

    return Counted(rows.values("pk"), tile)
