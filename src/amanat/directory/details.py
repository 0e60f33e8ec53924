"""What is told of an organisation, a service or a location: where, when, how to reach them, what it costs, what to bring."""

from __future__ import annotations

from django.db import models

from amanat.directory.offers import Location, Organization, PlaceKind, Service, ServiceAtLocation
from amanat.directory.rows import Row
from amanat.directory.week import Frequency, Weekday
from amanat.packs.hsds import LONGEST_CODE


class Contact(Row):
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts")
    name = models.TextField(blank=True)
    title = models.TextField(blank=True)
    department = models.TextField(blank=True)
    email = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name or self.title or self.department


class Phone(Row):
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="phones"
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="phones"
    )
    number = models.TextField()
    extension = models.TextField(blank=True)
    type = models.TextField(blank=True)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.number


class Address(Row):
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="addresses")
    attention = models.TextField(blank=True)
    address_1 = models.TextField(blank=True)
    address_2 = models.TextField(blank=True)
    city = models.TextField(blank=True)
    region = models.TextField(blank=True)
    state_province = models.TextField(blank=True)
    postal_code = models.TextField(blank=True)
    country = models.TextField(blank=True)
    address_type = models.CharField(max_length=10, choices=PlaceKind, default=PlaceKind.PHYSICAL)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.address_1, self.city) if part)


class Schedule(Row):
    """Times in the words of RFC 5545. `opens_at` and `closes_at` as they were told: `09:00`, `09:00:00`, `09:00+05:00`."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField(null=True, blank=True)
    timezone = models.TextField(blank=True)
    until = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    wkst = models.CharField(max_length=2, choices=Weekday, blank=True)
    freq = models.CharField(max_length=10, choices=Frequency, blank=True)
    interval = models.PositiveIntegerField(null=True, blank=True)
    byday = models.TextField(blank=True)
    byweekno = models.TextField(blank=True)
    bymonthday = models.TextField(blank=True)
    byyearday = models.TextField(blank=True)
    description = models.TextField(blank=True)
    opens_at = models.TextField(blank=True)
    closes_at = models.TextField(blank=True)
    schedule_link = models.TextField(blank=True)
    attending_type = models.TextField(blank=True)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return " ".join(part for part in (self.freq, self.byday, self.opens_at) if part)


class Funding(Row):
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="funding"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="funding")
    funded_by = models.TextField(blank=True)  # `source` of the standard: that name is taken by where a row comes from

    def __str__(self) -> str:
        return self.funded_by


class ServiceArea(Row):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="service_areas")
    name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    extent_type = models.TextField(blank=True)
    uri = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class RequiredDocument(Row):
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="required_documents"
    )
    document = models.TextField(blank=True)
    uri = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.document


class Language(Row):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="languages")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, blank=True, related_name="languages")
    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, null=True, blank=True, related_name="languages")
    name = models.TextField(blank=True)
    code = models.CharField(max_length=LONGEST_CODE, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["code", "service"], name="service_in_language")]

    def __str__(self) -> str:
        return self.name or self.code


class Accessibility(Row):
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="accessibility"
    )
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.description


class CostOption(Row):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = models.TextField(blank=True)
    currency = models.TextField(blank=True)
    amount = models.FloatField(null=True, blank=True)
    amount_description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.option or self.amount_description


class OrganizationIdentifier(Row):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="organization_identifiers")
    identifier_scheme = models.TextField(blank=True)
    identifier_type = models.TextField(blank=True)
    identifier = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.identifier
