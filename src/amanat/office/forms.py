"""What is typed in the office. What a role may be given, and by whom, is decided by the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.policy import REACHES_CHILDREN
from amanat.audit.chain import Head
from amanat.office.backups.models import BackupPlan, DestinationKind
from amanat.office.health.models import DrillOutcome
from amanat.office.workers import alphabetical
from amanat.people.models import Agency, Membership, Role, Site
from amanat.web.forms import DateInput, Form, LongText, Radios, TimeInput

REGIONS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


class SiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the sites, named with its agency."""

    def label_from_instance(self, site: Site) -> str:
        return f"{site.agency.name}: {site.name}"


class WorkerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the workers, by name."""

    def label_from_instance(self, membership: Membership) -> str:
        return membership.user.display_name


def reason(hint: Any = "") -> forms.CharField:
    """Why; it stands in the log."""
    return forms.CharField(
        label=_("Reason"),
        help_text=hint or _("One sentence. It stands in the log."),
        max_length=500,
        widget=LongText(rows=2),
    )


def role_choices() -> list[tuple[Any, Any]]:
    """The roles, those that wait for a second person apart."""
    groups: dict[bool, list[tuple[str, Any]]] = {True: [], False: []}
    for role in Role:
        groups[role in REACHES_CHILDREN].append((role.value, capfirst(role.label)))
    return [
        ("", _("Choose a role")),
        (_("Reaches children: waits for the second person"), groups[True]),
        (_("Reaches no children: holds at once"), groups[False]),
    ]


class ReasonForm(Form):
    reason = reason()


class RoleForm(Form):
    """A role in an agency. `agencies` and `sites` are querysets."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=Role, choices=role_choices)
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.all(), empty_label=_("Choose"))
    site = SiteChoice(
        label=_("Site"),
        help_text=_("The worker reads times in its time zone."),
        queryset=Site.objects.select_related("agency").order_by("agency__name", "name"),
        required=False,
        empty_label=_("None"),
    )
    reason = reason(_("Why this worker needs the role. The second person reads it, and it stands in the log."))


class InviteForm(RoleForm):
    display_name = forms.CharField(label=_("Name"), help_text=_("As colleagues know the worker."), max_length=120)
    username = forms.CharField(
        label=_("Sign-in name"),
        help_text=_("Letters, digits and . - _ only. It cannot be changed later."),
        max_length=60,
        validators=[UnicodeUsernameValidator(message=_("Use letters, digits and . - _ only, without spaces."))],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=Radios())

    field_order = ["display_name", "username", "language", "role", "agency", "site", "reason"]


class AgencyForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    duty_contact = forms.CharField(
        label=_("Duty contact"),
        help_text=_("Whom other agencies call when a child may be known here: a number, a name, the hours."),
        max_length=200,
        required=False,
    )

    def __init__(self, request: HttpRequest, agency: Agency | None = None) -> None:
        initial = {name: getattr(agency, name) for name in ("name", "kind", "duty_contact")} if agency else {}
        super().__init__(request, initial, kind=packs.current().codes("agency_kind").choices())


def zones() -> list[tuple[str, str]]:
    """The time zones of places, and UTC."""
    named = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class SiteForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("The workers of this site read times in it."), choices=zones
    )

    def __init__(self, request: HttpRequest, site: Site) -> None:
        super().__init__(request, {"name": site.name, "time_zone": site.time_zone})


class ColleagueChoice(WorkerChoice):
    """One of the colleagues, by name and role."""

    def label_from_instance(self, membership: Membership) -> str:
        return f"{membership.user.display_name}, {membership.get_role_display()}"


class QuietForm(Form):
    """Hours in which the duty list goes past somebody, by the clock of their site."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput())
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        help_text=_("By the clock of the colleague's site, also over midnight. Both empty: no quiet hours."),
        required=False,
        widget=TimeInput(),
    )


class DutyForm(QuietForm):
    membership = ColleagueChoice(label=_("Colleague"), queryset=Membership.objects.none(), empty_label=_("Choose"))
    field_order = ["membership", "quiet_from", "quiet_until"]


class MoveForm(Form):
    up = forms.TypedChoiceField(
        label=_("Direction"),
        choices=[("yes", _("One place up")), ("no", _("One place down"))],
        coerce=lambda told: told == "yes",
        widget=Radios(),
    )


class LeaveForm(Form):
    """First and last day of a leave in the time zone of the page, as the moments between which it lies."""

    away_from = forms.DateField(label=_("First day away"), widget=DateInput())
    away_until = forms.DateField(label=_("Last day away"), widget=DateInput())
    deputy = WorkerChoice(
        label=_("Deputy"),
        help_text=_("Somebody with the same role in the same agency."),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, request: HttpRequest, membership: Membership, deputies: Iterable[Membership]) -> None:
        super().__init__(request, _leave_of(membership, request))
        ids = [row.pk for row in deputies]
        field = self.fields["deputy"]
        assert isinstance(field, WorkerChoice)
        field.queryset = Membership.objects.filter(pk__in=ids).select_related("user")
        named = sorted(deputies, key=lambda row: alphabetical(row.user.display_name))
        field.choices = [("", field.empty_label), *((str(row.pk), row.user.display_name) for row in named)]

    def clean_away_from(self) -> datetime:
        return _midnight(self.cleaned_data["away_from"])

    def clean_away_until(self) -> datetime:
        return _midnight(self.cleaned_data["away_until"] + timedelta(days=1))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _leave_of(membership: Membership, request: Any) -> dict[str, Any]:
    """What stands in the form at first: a leave that is not over; else nothing."""
    begins, ends = membership.away_from, membership.away_until
    if begins is None or ends is None or ends <= request.actor.now:
        return {}
    last_day = timezone.localtime(membership.away_through).date()
    return {"away_from": timezone.localtime(begins).date(), "away_until": last_day, "deputy": membership.deputy_id}


class VerifyForm(Form):
    against = forms.CharField(
        label=_("A head that was written down earlier"),
        help_text=_(
            "A number, a colon and 64 digits and letters. Without it, seals cut off at the end cannot be noticed."
        ),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_against(self) -> Head | None:
        typed = self.cleaned_data["against"]
        try:
            return Head.parse(typed) if typed else None
        except ValueError:
            raise ValidationError(_("This is no head. It looks like 412:9f2c… with 64 digits and letters.")) from None


REGULAR_KINDS = [(kind, kind.label) for kind in (DestinationKind.FOLDER, DestinationKind.S3)]


class PlaceForm(Form):
    """A folder by its path; of a storage also what opens it."""

    name = forms.CharField(
        label=_("Name"), help_text=_("As you call it: the blue disk, the storage abroad."), max_length=60
    )
    kind = forms.TypedChoiceField(label=_("Kind"), coerce=DestinationKind, choices=REGULAR_KINDS, widget=Radios())
    place = forms.CharField(
        label=_("Folder or bucket"),
        help_text=_(
            "The path of a folder on this machine or on a disk that is plugged in; of a storage the bucket, and a prefix after a slash."
        ),
        max_length=400,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    endpoint = forms.URLField(
        label=_("Address of the storage"), help_text=_("Beginning with https://"), required=False, assume_scheme="https"
    )
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    key = forms.CharField(label=_("Access key"), max_length=200, required=False)
    secret = forms.CharField(
        label=_("Secret key"), max_length=200, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        """What a storage needs, gathered as `access`."""
        told = super().clean() or self.cleaned_data
        access = {name: told.pop(name, "") for name in ("endpoint", "region", "key", "secret")}
        is_storage = told.get("kind") == DestinationKind.S3
        for name in ("endpoint", "key", "secret"):
            if is_storage and not access[name] and name not in self.errors:
                self.add_error(name, _("A storage needs this."))
        if told.get("kind") == DestinationKind.FOLDER and not str(told.get("place", "/")).startswith("/"):
            self.add_error("place", _("Write the whole path, from the first / on."))
        return told | {"access": access if is_storage else {}}


class PlanForm(Form):
    hour = forms.TypedChoiceField(
        label=_("At"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text=_("Each day. Work goes on meanwhile."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    keep_days = forms.IntegerField(
        label=_("Days for which data is kept"),
        help_text=_("Keys are kept for 35 days at most, so that what was erased cannot come back."),
        min_value=1,
        max_value=3650,
    )

    def __init__(self, request: HttpRequest, plan: BackupPlan) -> None:
        super().__init__(request, {name: getattr(plan, name) for name in ("hour", "time_zone", "keep_days")})


class DrillForm(Form):
    on = forms.DateField(label=_("Day on which it was tried"), widget=DateInput())
    outcome = forms.TypedChoiceField(
        label=_("What came of it"), coerce=DrillOutcome, choices=DrillOutcome.choices, widget=Radios()
    )
