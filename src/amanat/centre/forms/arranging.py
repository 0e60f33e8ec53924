"""Houses, rooms, beds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.centre.actions.arranging import MOST_BEDS
from amanat.centre.models import House, Purpose, Room, Whom
from amanat.centre.places import NamedHouse
from amanat.directory.models import Location
from amanat.people.models import Site
from amanat.web.forms import DateInput, Form, Radios, Tick


class HouseForm(Form):
    name = forms.CharField(
        label=_("What the house is called"),
        help_text=_("A name that does not tell where it is. It is kept sealed."),
        max_length=100,
    )
    about = forms.CharField(
        label=_("What the house is for"),
        help_text=_("For example: the first nights; mothers with a baby; a longer stay. It is kept sealed."),
        max_length=300,
        required=False,
    )
    capacity = forms.IntegerField(
        label=_("How many children may stay there at once"), min_value=1, max_value=500, widget=forms.NumberInput
    )
    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        None, label=_("Whose workers have the shifts"), required=False
    )
    location: forms.ModelChoiceField[Location] = forms.ModelChoiceField(
        None,
        label=_("Where it is"),
        help_text=_("A confidential place of the directory. The address stands there alone, sealed."),
        required=False,
    )

    def __init__(self, request: Request, initial: dict[str, Any] | None = None) -> None:
        agency = request.actor.membership.agency_id
        super().__init__(
            request,
            initial,
            site=Site.objects.filter(agency=agency),
            location=Location.objects.filter(organization__agency=agency, is_confidential=True).order_by("name", "id"),
        )


class ChangeHouseForm(HouseForm):
    closed = forms.BooleanField(label=_("Out of use"), required=False, widget=Tick())

    def __init__(self, request: Request, house: NamedHouse, about: str) -> None:
        row: House = house.row
        super().__init__(
            request,
            {
                "name": house.name,
                "about": about,
                "capacity": row.capacity,
                "site": row.site_id,
                "location": row.location_id,
                "closed": row.closed_at is not None,
            },
        )


class RoomForm(Form):
    name = forms.CharField(label=_("What the room is called"), max_length=100)
    floor = forms.IntegerField(
        label=_("Floor"), help_text=_("0 is the ground floor."), min_value=-3, max_value=50, initial=0
    )
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices, widget=Radios(), initial="usual")
    whom = forms.ChoiceField(label=_("For whom"), choices=Whom.choices, widget=Radios(), initial="any")
    age_from = forms.IntegerField(label=_("From which age"), min_value=0, max_value=25, required=False)
    age_to = forms.IntegerField(label=_("To which age"), min_value=0, max_value=25, required=False)
    accessible = forms.BooleanField(
        label=_("Reached without stairs, wide enough for a wheelchair"), required=False, widget=Tick()
    )
    beds = forms.IntegerField(label=_("How many beds"), min_value=0, max_value=MOST_BEDS)
    closed = forms.BooleanField(label=_("Out of use"), required=False, widget=Tick())

    def __init__(self, request: Request, room: Room | None = None, name: str = "", beds: int = 1) -> None:
        told: dict[str, Any] = {"beds": beds}
        if room is not None:
            columns = ("floor", "purpose", "whom", "age_from", "age_to", "accessible")
            told |= {column: getattr(room, column) for column in columns}
            told |= {"name": name, "closed": room.closed_at is not None}
        super().__init__(request, told)


class BedForm(Form):
    out_from = forms.DateField(
        label=_("Out of use from"), help_text=_("Empty: in use."), required=False, widget=DateInput()
    )
    out_until = forms.DateField(
        label=_("To"), help_text=_("The last day. Empty: until it is put back."), required=False, widget=DateInput()
    )
