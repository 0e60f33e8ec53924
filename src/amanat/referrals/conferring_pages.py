"""What the pages of conferences put together: their forms, with what is offered to whom, and ways back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst

from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.referrals import agenda, askable, inviting, preparing
from amanat.referrals.actions.minuting import Minute
from amanat.referrals.agenda import Found
from amanat.referrals.forms.conferring import CallForm, MinuteForm, Offered, OtherForm, RecordForm
from amanat.referrals.models_conferences import Conference

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def section_of(case: Case) -> str:
    return f"{case.get_absolute_url()}?section=conferences"


def page_of(conference: Conference) -> str:
    return reverse("referrals.conference", args=[conference.case, conference.pk])


def labels(parts: Iterable[Part]) -> list[str]:
    return [capfirst(str(PART_LABELS[part])) for part in Part if part in set(parts)]


def call_form(request: Request, case: Case, conference: Conference | None) -> CallForm:
    people, agencies = inviting.who_could(case, request.actor), askable.others(case)
    sees = _sees(request.file)
    return CallForm(request, _as_called(request, conference, people), people, agencies, sees)


def _sees(file: File) -> list[Part]:
    return [part for part in agenda.TEAM_PARTS if file.sees(part)]


def _as_called(request: Request, conference: Conference | None, people: Any) -> dict[str, Any]:
    """At first everybody who could come; what stands there, when it is changed."""
    if conference is None:
        return {"people": people, "seen": 0}
    agencies = [row for row in conference.asked if row.membership_id is None]
    return {
        "seen": conference.version,
        "held_at": conference.held_at,
        "place": request.file.open(conference, "place"),
        "people": [row.membership_id for row in conference.asked if row.membership_id],
        "agencies": [row.agency_id for row in agencies],
        "parts": sorted({part for row in agencies for part in row.parts}),
    }


def record_form(request: Request, case: Case, conference: Conference) -> RecordForm:
    """A part of the form for each point that the actor sees, and one for what nobody had foreseen. Tasks are for who was asked."""
    owners = {one.pk: one for one in (request.actor.membership, *conference.in_circle)}
    offered = Offered.of(owners.values(), askable.others(case))
    points = [MinuteForm(request, one, offered) for one in _found(request, conference) if request.file.sees(one.part)]
    points.append(OtherForm(request, offered, _sees(request.file)))
    names = [(row.pk.hex, row.name) for row in conference.asked]
    return RecordForm(request, conference.version, names, points)


def _found(request: Request, conference: Conference) -> list[Found]:
    """The agenda now, with what somebody wrote about and is done by now."""
    if not hasattr(request, "agenda_found"):
        also = agenda.keys_in(request.POST)
        if draft := getattr(request, "draft", None):
            also |= agenda.keys_in(draft[0])
        found = agenda.find(request.file, conference, conference.before, also)
        request.agenda_found = found  # type: ignore[attr-defined]
    kept: list[Found] = request.agenda_found  # type: ignore[attr-defined]
    return kept


def unseen(request: Request, conference: Conference) -> list[Minute]:
    """Points of parts that the recorder does not see: they are kept as they were, without words."""
    return [Minute(one) for one in _found(request, conference) if not request.file.sees(one.part) and one.point is None]


def summary_of(file: File) -> dict[str, Any]:
    """What the draft of a referral begins with; what is needed in words is written before it leaves."""
    summary, _parts = preparing.begins_with(file, [], None)
    return summary


def by_group(form: RecordForm) -> list[tuple[StrOrPromise, list[MinuteForm]]]:
    found = [
        (title, [one for one in form.points if one.found.group == group]) for group, title in agenda.groups().items()
    ]
    return [(title, points) for title, points in found if points]
