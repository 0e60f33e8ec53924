"""Proceedings in which a child stands, with their hearings, what was decided, what is due, and where an accused is.

In clear stand states, days that order work and workers; which kind of proceedings, before whom and about what is sealed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class ProceedingKind(models.TextChoices):
    CRIMINAL = "criminal", _("criminal")
    CIVIL = "civil", _("civil")
    ADMINISTRATIVE = "administrative", _("administrative")
    STATUS = "status", _("status: stay, documents, protection")


class ChildRole(models.TextChoices):
    VICTIM = "victim", _("victim")
    WITNESS = "witness", _("witness")
    CLAIMANT = "claimant", _("claimant for compensation")
    APPLICANT = "applicant", _("applicant")
    ACCUSED = "accused", _("suspect or accused")
    OTHER = "other", _("something else")


class ProceedingState(models.TextChoices):
    RUNNING = "running", _("running")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class HearingState(models.TextChoices):
    FIXED = "fixed", _("fixed")
    HELD = "held", _("held")
    MOVED = "moved", _("moved to another day")
    CANCELLED = "cancelled", _("did not take place")


class Custody(models.TextChoices):
    """Where an accused is from now on. Those of `AT_LARGE` could come near the child."""

    DETAINED = "detained", _("taken into custody")
    PROLONGED = "prolonged", _("custody prolonged")
    HOUSE_ARREST = "house_arrest", _("moved to house arrest")
    RELEASED = "released", _("released")
    ESCAPED = "escaped", _("escaped")
    SERVED = "served", _("sentence served, free")


AT_LARGE = frozenset({Custody.HOUSE_ARREST, Custody.RELEASED, Custody.ESCAPED, Custody.SERVED})


class OfCase(SealedModel):
    """A row about a child that belongs to one of its cases."""

    class Meta:
        abstract = True

    @property
    def file_row(self) -> FileRow:
        return self.case  # type: ignore[attr-defined, no-any-return]


class Proceeding(OfCase):
    """`status`: kind and role of the child; `content`: body, numbers, who represents it, what it is about. `lawyer`: of the network."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    state = models.CharField(max_length=20, choices=ProceedingState, default=ProceedingState.RUNNING)
    lawyer = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    dues_by = models.CharField(max_length=12, blank=True)  # by which rules `dues` were worked out: their mark
    status = Sealed("legal.proceeding.status", part=Part.LEGAL_STATUS)
    content = Sealed("legal.proceeding.content", part=Part.LEGAL_FILE)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-opened_at", "id"], name="proceeding_of_child"),
            models.Index(fields=["dues_by"], name="proceeding_dues_by"),
        ]

    def __str__(self) -> str:
        return "proceedings"


class Hearing(OfCase):
    """An appointment before a court or another body. `content`: where, measures asked and granted, what it brought."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hearings")
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="hearings")
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=HearingState, default=HearingState.FIXED)
    goes_along = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    content = Sealed("legal.hearing.content", part=Part.LEGAL_FILE)

    class Meta:
        indexes = [
            models.Index(fields=["proceeding", "at", "id"], name="hearing_of_proceeding"),
            models.Index(fields=["goes_along", "state", "at"], name="hearing_of_worker"),
            models.Index(fields=["state", "at"], name="hearing_by_time"),
        ]

    def __str__(self) -> str:
        return "hearing"


class Ruling(OfCase):
    """Something that happened in proceedings: a decision, an appeal, compensation, a permit. Only ever added. `on`: its day.

    `takes_back`: one that was wrong, of which nothing follows any more; both stay, and `content` says why.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rulings")
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="rulings")
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back"
    )
    on = models.DateField()
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("legal.ruling.content", part=Part.LEGAL_FILE)

    class Meta:
        indexes = [models.Index(fields=["proceeding", "on", "at", "id"], name="ruling_of_proceeding")]

    def __str__(self) -> str:
        return "decision"


class LegalDue(models.Model):
    """By when something is due in proceedings; what it is would tell what was decided, and so is reckoned anew for whoever may read it.
    Nobody writes it: it follows from what happened there (`legal.following`). Without a day: it runs, and somebody has to find out
    until when."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="dues", db_index=False)
    due = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["proceeding", "due"], name="legal_due")]

    def __str__(self) -> str:
        return "legal deadline"


class Detention(OfCase):
    """That somebody accused was taken into custody, let go, or fled. Only ever added. `content`: who, what, since when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="detentions")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("legal.detention.content", part=Part.LEGAL_STATUS)

    class Meta:
        indexes = [models.Index(fields=["subject", "-at", "-id"], name="detention_of_child")]

    def __str__(self) -> str:
        return "detention of an accused"
