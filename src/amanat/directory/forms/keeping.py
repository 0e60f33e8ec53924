"""What an agency says of its organisation, its services, their hours, phones and places. Each form is small, so that it is done at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.directory.entries import place_name
from amanat.directory.models import Location, Organization, Service, Status, Weekday
from amanat.directory.whom import OLDEST, ForSex
from amanat.people.models import Agency
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Tick, TimeInput

PLACES = 100_000  # more than any house has


def codes(name: str) -> list[tuple[str, Any]]:
    return list(packs.current().codes(name).choices())


def text(label: Any, *, longest: int = 200, needed: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=needed, **more)


class OrganizationForm(Form):
    name = text(_("Name of the organisation"), longest=500, needed=True)
    description = text(_("What it does"), longest=5_000, widget=LongText(rows=4))
    website = forms.URLField(label=_("Website"), required=False, max_length=500, assume_scheme="https")
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, request: HttpRequest, organization: Organization | None = None) -> None:
        names = ("name", "description", "website", "email")
        super().__init__(request, {name: getattr(organization, name) for name in names} if organization else {})


class OthersForm(OrganizationForm):
    """With the question which agency of the workspace it is, for who keeps those that are none."""

    agency = forms.ModelChoiceField(
        Agency.objects.all(),
        label=_("Which agency of this workspace it is"),
        help_text=_("From then on this agency keeps the entries itself."),
        required=False,
        empty_label=_("None"),
    )


class ServiceForm(Form):
    name = text(_("Name of the service"), longest=500, needed=True)
    needs = forms.MultipleChoiceField(
        label=_("What it is for"),
        error_messages={"required": _("Choose at least one: without it nobody finds the service.")},
        widget=Checkboxes(),
    )
    description = text(_("What is done there"), longest=5_000, widget=LongText(rows=4))
    application_process = text(
        _("How one comes to it"),
        longest=2_000,
        help_text=_("For example: call first; a letter of the guardian is needed."),
        widget=LongText(rows=2),
    )
    wait_time = text(_("How long one waits"))
    fees_description = text(_("What it costs"), help_text=_("Write it out, also where it costs nothing."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_withheld = forms.BooleanField(
        label=_("For workers only: the public site does not show it"), required=False, widget=Tick()
    )

    def __init__(self, request: HttpRequest, service: Service | None = None) -> None:
        names = ("name", "description", "application_process", "wait_time", "fees_description", "email", "is_withheld")
        told = {name: getattr(service, name) for name in names} if service else {}
        held = [need.code for need in service.needs.all()] if service else []
        super().__init__(request, told | {"needs": held}, needs=_with(codes("service_need"), held))


class ForWhomForm(Form):
    minimum_age = forms.IntegerField(label=_("Youngest age"), min_value=0, max_value=OLDEST, required=False)
    maximum_age = forms.IntegerField(label=_("Oldest age"), min_value=0, max_value=OLDEST, required=False)
    sex = forms.ChoiceField(label=_("For whom"), choices=ForSex.choices, widget=Radios())
    languages = forms.MultipleChoiceField(label=_("Languages spoken"), required=False, widget=Checkboxes())
    documents = forms.MultipleChoiceField(
        label=_("Papers that it asks for"),
        help_text=_("Only those without which nobody is taken in."),
        required=False,
        widget=Checkboxes(),
    )
    eligibility_description = text(_("Who else is taken in, and who is not"), longest=2_000, widget=LongText(rows=3))

    def __init__(
        self, request: HttpRequest, service: Service, languages: Iterable[str], documents: Iterable[str]
    ) -> None:
        names = ("minimum_age", "maximum_age")
        ages = {name: None if (age := getattr(service, name)) is None else int(age) for name in names}
        told = {"sex": service.sex, "eligibility_description": service.eligibility_description}
        held = {"languages": list(languages), "documents": list(documents)}
        super().__init__(
            request,
            {**ages, **told, **held},
            languages=_with(codes("language"), held["languages"]),
            documents=_with(codes("document_kind"), held["documents"]),
        )


def _with(offered: list[tuple[str, Any]], held: Iterable[str]) -> list[tuple[str, Any]]:
    """What the pack offers, and what stands there already and came from elsewhere."""
    known = {code for code, _label in offered}
    return [*offered, *((code, code) for code in held if code not in known)]


class StatusForm(Form):
    status = forms.ChoiceField(label=_("Is it given?"), choices=Status.choices, widget=Radios())
    alert = text(
        _("What others should know now"),
        longest=500,
        help_text=_("For example: closed for repairs until March."),
        widget=LongText(rows=2),
    )

    def __init__(self, request: HttpRequest, service: Service) -> None:
        super().__init__(request, {"status": service.status, "alert": service.alert})


class FreePlacesForm(Form):
    free_places = forms.IntegerField(
        label=_("Free places now"),
        min_value=0,
        max_value=PLACES,
        error_messages={"required": _("Write how many places are free. 0 if none is.")},
    )
    places = forms.IntegerField(label=_("Places in all"), min_value=0, max_value=PLACES, required=False)

    def __init__(self, request: HttpRequest, service: Service) -> None:
        super().__init__(request, {"free_places": service.free_places, "places": service.places})


class HoursForm(Form):
    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=Weekday.choices,
        error_messages={"required": _("Choose at least one day.")},
        widget=Checkboxes(),
    )
    opens_at = forms.TimeField(label=_("Opens at"), widget=TimeInput())
    closes_at = forms.TimeField(
        label=_("Closes at"),
        help_text=_("By the clock of the place, also over midnight. 00:00 to 00:00 is day and night."),
        widget=TimeInput(),
    )
    valid_from = forms.DateField(label=_("From this day on"), required=False, widget=DateInput())
    valid_to = forms.DateField(label=_("Until this day"), required=False, widget=DateInput())


class PhoneForm(Form):
    number = text(
        _("Phone number"),
        longest=40,
        needed=True,
        help_text=_("In any writing, with the country in front."),
        validators=[RegexValidator(r"[+(]?\d[\d ()./-]{1,38}\Z", _("Write digits, with the country in front."))],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    description = text(_("Who answers, or when"))


class PlaceForm(Form):
    """Where it is. `organization`: one of its other places may be taken instead."""

    name = text(_("Name of the place"), longest=500)
    is_confidential = forms.BooleanField(
        label=_("Confidential: nobody outside may know where it is"),
        help_text=_("Name, address and coordinates are sealed. Others read only the region."),
        required=False,
        widget=Tick(),
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    address_1 = text(_("Street and number"))
    city = text(_("Town or village"))
    state_province = text(_("Province or district"))
    postal_code = text(_("Postal code"), longest=20)
    country = forms.ChoiceField(label=_("Country"), required=False)
    transportation = text(_("How to get there"), longest=1_000, widget=LongText(rows=2))
    latitude = forms.FloatField(
        label=_("Latitude"),
        help_text=_("In degrees, as a map shows it: 37.95. Without both, nobody sees how far it is."),
        required=False,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    def __init__(self, request: HttpRequest, told: dict[str, Any] | None = None) -> None:
        none = [("", _("Not said"))]
        held = {name: [code] if (code := (told or {}).get(name)) else [] for name in ("region", "country")}
        countries = _with([*none, *packs.current().countries.choices()], held["country"])
        super().__init__(request, told, region=_with([*none, *codes("region")], held["region"]), country=countries)
        for name in ("latitude", "longitude"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the places, a confidential one by its region alone."""

    def label_from_instance(self, place: Location) -> str:
        return place_name(place)


class UsePlaceForm(Form):
    location = PlaceChoice(Location.objects.none(), label=_("Place"), empty_label=_("Choose"))
