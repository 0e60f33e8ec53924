"""Who offers what, and where: organisations, programmes, services, locations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.directory.rows import Named, Row
from amanat.directory.whom import ForSex
from amanat.packs.hsds import LONGEST_NAME
from amanat.people.models import Agency, Membership


class Status(models.TextChoices):
    """Of a service, in the words of the standard."""

    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("not given at present")
    DEFUNCT = "defunct", _("given no more")
    CLOSED = "temporarily closed", _("closed for some time")


class PlaceKind(models.TextChoices):
    """Of a location and of an address."""

    PHYSICAL = "physical", _("a place")
    POSTAL = "postal", _("for post")
    VIRTUAL = "virtual", _("by phone or internet")


class Entry(Named):
    """Not of the standard: when somebody last said that it is right, and who."""

    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_withheld = models.BooleanField(default=False)  # for workers only: neither the site nor the HSDS API shows it

    class Meta:
        abstract = True


class Organization(Entry):
    """`agency` is not of the standard: which agency of this workspace it is. Such a one keeps its entries itself."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="organization")
    email = models.TextField(blank=True)
    website = models.TextField(blank=True)
    tax_status = models.TextField(blank=True)
    tax_id = models.TextField(blank=True)
    year_incorporated = models.PositiveIntegerField(null=True, blank=True)
    legal_status = models.TextField(blank=True)
    logo = models.TextField(blank=True)
    uri = models.TextField(blank=True)
    parent_organization = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="organization_by_name")]


class Program(Named):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programs")


class Service(Entry):
    """Not of the standard: `needs` (see `ServiceNeed`), `sex`, `places` and how many of them were free at `free_places_at`."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    url = models.TextField(blank=True)
    email = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    interpretation_services = models.TextField(blank=True)
    application_process = models.TextField(blank=True)
    fees_description = models.TextField(blank=True)
    wait_time = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    accreditations = models.TextField(blank=True)
    eligibility_description = models.TextField(blank=True)
    minimum_age = models.FloatField(null=True, blank=True)
    maximum_age = models.FloatField(null=True, blank=True)
    assured_date = models.DateField(null=True, blank=True)
    assurer_email = models.TextField(blank=True)
    licenses = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    last_modified = models.DateTimeField(null=True, blank=True)

    sex = models.CharField(max_length=10, choices=ForSex, default=ForSex.ANY)
    places = models.PositiveIntegerField(null=True, blank=True)
    free_places = models.PositiveIntegerField(null=True, blank=True)
    free_places_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="service_by_name"),
            models.Index(fields=["status", "name", "id"], name="service_by_status"),
            models.Index(fields=["confirmed_on"], name="service_to_confirm", condition=Q(status="active")),
        ]


class ServiceNeed(models.Model):
    """A need that a service is for: a code of the pack's list `service_need`. Not of the standard."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="needs")
    code = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["code", "service"], name="a_need_once")]

    def __str__(self) -> str:
        return self.code


class Location(Named):
    """Not of the standard: `region`, a code of the pack's list; `is_confidential`: where it is stands in `place`, sealed, and
    here stand its region and a name that tells nothing."""

    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    location_type = models.CharField(max_length=10, choices=PlaceKind, default=PlaceKind.PHYSICAL)
    url = models.TextField(blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="locations"
    )
    transportation = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    external_identifier = models.TextField(blank=True)
    external_identifier_type = models.TextField(blank=True)

    region = models.CharField(max_length=40, blank=True, db_index=True)
    is_confidential = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="location_by_name")]


class ServiceAtLocation(Row):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="service_at_locations")
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"
