"""Papers of a house: the list of a child's belongings, and the month in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.cases.models import Case
from amanat.centre import places, stays
from amanat.centre.models import Stay
from amanat.centre.models.stays import IN_HOUSE

BELONGINGS = "belongings"


def register() -> None:
    papers.register(
        papers.Paper(
            BELONGINGS,
            gettext_lazy("List of belongings"),
            Part.CENTRE,
            "centre/paper_belongings.html",
            belongings,
            speaks=papers.of_child,
            by_consent=True,
            kept=True,
        )
    )
    papers.register_groups(of_houses)


def of_houses(actor: Actor) -> Iterator[papers.Group]:
    """Who is in each house that the actor may see the board of."""
    if not actor.may(Verb.LOOK_CENTRE):
        return
    for house in places.houses(actor):
        there = Stay.objects.filter(house=house.row, state__in=IN_HOUSE).values("subject")
        label = _("All who stay in %(house)s") % {"house": house.name}
        yield papers.Group(f"house-{house.ref}", label, Case.objects.filter(subject__in=there, closed_at=None))


def belongings(file: File, _key: str) -> Mapping[str, Any] | None:
    """Of the stay that runs, else of the one before."""
    told = listed(file)
    if told is None or not told.things:
        return None
    taken = [{"who": _("The child, when the things are taken")}, {"who": _("For the house, which takes them")}]
    back = [{"who": _("The child, who has the things back")}, {"who": _("For the house, which gives them back")}]
    return {"stay": told, "signers": taken + back}


def listed(file: File) -> stays.Told | None:
    """The stay whose list it is."""
    return stays.current(file) or next(iter(stays.earlier(file)), None)
