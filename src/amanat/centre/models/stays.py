"""Who stays in a house: waiting, admitted, out, missing, gone; in which bed from when to when; until when; what was taken along.

All of it belongs to the child. In clear stands what orders the work of a house: states, days, beds, how urgent, how a stay ended.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.centre.models.places import Bed, House
from amanat.people.models import Agency, Membership
from amanat.vault.models import SealedModel, Subject
from amanat.vault.sealing import Sealed


class StayState(models.TextChoices):
    WAITING = "waiting", _("waiting for a place")
    PLANNED = "planned", _("a place is kept")
    IN = "in", _("in the house")
    OUT = "out", _("out, comes back")
    MISSING = "missing", _("missing")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("taken off the list")


class Urgency(models.IntegerChoices):
    """How urgently a place is needed; the most urgent stands first in the list."""

    TONIGHT = 0, _("tonight")
    DAYS = 1, _("within three days")
    LATER = 2, _("when a place is free")


IN_HOUSE = (StayState.IN, StayState.OUT, StayState.MISSING)  # these have a bed
BEFORE = (StayState.WAITING, StayState.PLANNED)
OPEN = (*BEFORE, *IN_HOUSE)


class Exit(models.TextChoices):
    """How a stay ended: the first ones as planned."""

    FAMILY = "family", _("to the family")
    ALTERNATIVE_CARE = "alternative_care", _("to alternative care")
    RETURN = "return", _("returned to the country of residence")
    OTHER_SHELTER = "other_shelter", _("to another shelter")
    OF_AGE = "of_age", _("came of age")
    OWN_WISH = "own_wish", _("left by own wish, before the plan")
    TAKEN_AWAY = "taken_away", _("was taken away")
    NOT_BACK = "not_back", _("did not come back")
    HOSPITAL = "hospital", _("to a hospital, for long")
    DIED = "died", _("died")


UNPLANNED = (Exit.OWN_WISH, Exit.TAKEN_AWAY, Exit.NOT_BACK, Exit.HOSPITAL, Exit.DIED)
GONE = (
    Exit.OWN_WISH,
    Exit.TAKEN_AWAY,
    Exit.NOT_BACK,
)  # these do not say where the child is: one that was missing still is


class Stay(SealedModel):
    """One stay of a child, from the waiting list to the end. `number` is random and stands on what is printed.

    `since`: when the child was admitted; `planned_until`: the last day that the rules or an extension allow; `until`: when the stay
    ended. `comes_on`: the day for which a place is wanted or kept.
    `place`: {house, room, bed} that it has, or had last, or that is kept.
    `intake`: {urgent: [code], needs: [code], words, brought_by}. `belongings`: {items: [{number, what, returned}], words}.
    `leaving`: {to, words, follow_up, returned_words}.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stays")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    house = models.ForeignKey(House, on_delete=models.PROTECT, null=True, blank=True, related_name="stays")
    number = models.CharField(max_length=8, unique=True)
    state = models.CharField(max_length=10, choices=StayState)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.LATER)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    comes_on = models.DateField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    planned_until = models.DateField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    back_by = models.DateTimeField(null=True, blank=True)  # while the child is out
    exit = models.CharField(max_length=20, choices=Exit, blank=True)
    version = models.PositiveIntegerField(default=1)
    place = Sealed("centre.stay.place", part=Part.CENTRE)
    intake = Sealed("centre.stay.intake", part=Part.CENTRE)
    belongings = Sealed("centre.stay.belongings", part=Part.CENTRE)
    leaving = Sealed("centre.stay.leaving", part=Part.CENTRE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=["waiting", "planned", "in", "out", "missing"]),
                name="one_stay_a_child",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in", "out", "missing"]) | Q(since__isnull=False, house__isnull=False),
                name="stay_has_begun",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="stay_ends_after_it_began"),
        ]
        indexes = [
            models.Index(fields=["subject"], name="stay_subject"),
            models.Index(fields=["house", "state", "planned_until"], name="stay_of_house"),
            models.Index(fields=["house", "since"], name="stay_of_house_since"),
            models.Index(
                fields=["agency", "urgency", "asked_at", "id"], name="stay_waits", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def file_row(self) -> FileRow:
        return self.case

    @property
    def is_in_house(self) -> bool:
        return self.state in IN_HOUSE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class StayBed(SealedModel):
    """Which bed a stay had from when to when; a move ends one and begins the next. `begun` is false while the bed is only kept.

    `called`: {house, room, bed} as they were called then, for whoever reads the child's file.
    """

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="beds")
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="taken")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    begun = models.BooleanField(default=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    called = Sealed("centre.stay_bed.called", part=Part.CENTRE)
    why = Sealed("centre.stay_bed.why", part=Part.CENTRE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bed", "begun"], condition=Q(until=None), name="one_child_a_bed"),
            models.UniqueConstraint(fields=["stay"], condition=Q(until=None), name="one_bed_a_stay"),
        ]
        indexes = [
            models.Index(fields=["subject"], name="stay_bed_subject"),
            models.Index(fields=["bed", "since"], name="stay_bed_of_bed"),
        ]

    def __str__(self) -> str:
        return "bed of a stay"

    @property
    def file_row(self) -> FileRow:
        return self.stay.case


class Term(SealedModel):
    """Until which day a stay may last, as it was set at the admission or extended since. `content`: {ground, words}."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="terms")
    until = models.DateField()
    set_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    content = Sealed("centre.term.content", part=Part.CENTRE)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="term_subject")]

    def __str__(self) -> str:
        return f"until {self.until}"

    @property
    def file_row(self) -> FileRow:
        return self.stay.case


class AbsenceKind(models.TextChoices):
    OUT = "out", _("went out")
    MISSING = "missing", _("missing")


class Absence(SealedModel):
    """A child who is out, or missing. `back_by`: when it is to be back.

    `content`: {where, who, words, back}, of a missing child also {done: {code of `missing_step`: when}, more: [{at, by, words}]}.
    """

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=8, choices=AbsenceKind)
    since = models.DateTimeField()
    back_by = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    content = Sealed("centre.absence.content", part=Part.CENTRE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stay"], condition=Q(until=None), name="one_absence_at_once")]
        indexes = [models.Index(fields=["subject"], name="absence_subject")]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.stay.case


class Apart(SealedModel):
    """That two children do not sleep in one house; `subject` is the one from whose file it was said. `why` is told of that one alone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="kept_apart")
    other = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    why = Sealed("centre.apart.why", part=Part.SAFETY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "other"], condition=Q(lifted_at=None), name="kept_apart_once")
        ]
        indexes = [models.Index(fields=["other"], name="apart_other")]

    def __str__(self) -> str:
        return "kept apart"

    @property
    def file_row(self) -> FileRow:
        return self.case
