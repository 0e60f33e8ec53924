"""Houses of a centre, their rooms and beds: what each is for and for whom. What they are called is sealed under the office."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from amanat.directory.models import Location
from amanat.people.models import Agency, Membership, Site
from amanat.vault.ids import new_id
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Purpose(models.TextChoices):
    """What a room is for."""

    USUAL = "usual", _("usual room")
    MOTHER_BABY = "mother_baby", _("mother with baby")
    OBSERVATION = "observation", _("room under observation")
    APART = "apart", _("room apart, for infections")


class Whom(models.TextChoices):
    """For whom a room is."""

    ANY = "any", _("girls or boys")
    GIRLS = "girls", _("girls")
    BOYS = "boys", _("boys")


class House(SealedModel):
    """A house of a centre, under the office's subject. Where it is stands in the directory alone, as a confidential place (`location`).

    `capacity`: how many children may stay there at once, whatever the number of beds. Whoever places a child locks this row first.
    `about`: what it is for, in words. For whom a house, a floor and a bed are follows from the rooms, which a bed is proposed by.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    name = Sealed("centre.house.name", part="office")
    about = Sealed("centre.house.about", part="office")

    class Meta:
        indexes = [models.Index(fields=["agency", "made_at", "id"], name="house_of_agency")]

    def __str__(self) -> str:
        return "house"


class Room(SealedModel):
    """A room of a house. Ages in whole years, both ends within; none: no limit."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="rooms")
    floor = models.SmallIntegerField(default=0)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.USUAL)
    whom = models.CharField(max_length=6, choices=Whom, default=Whom.ANY)
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    accessible = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    name = Sealed("centre.room.name", part="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_from__lte=F("age_to")), name="room_ages_in_order"
            )
        ]
        indexes = [models.Index(fields=["house", "floor", "made_at", "id"], name="room_of_house")]

    def __str__(self) -> str:
        return "room"


class Bed(models.Model):
    """A bed of a room, by its number there. Out of use from `out_from` to `out_until`, its last day; without one until it is put back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    number = models.PositiveSmallIntegerField()
    out_from = models.DateField(null=True, blank=True)
    out_until = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="one_bed_a_number")]

    def __str__(self) -> str:
        return f"bed {self.number}"
