"""What the desk keeps: in clear who did what when, by which the registers are ordered; every word is sealed.

Of an erased child the rows of erasures and requests stay, to be answered for, and nobody can read their words any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.people.models import Membership
from amanat.vault.models import SealedModel, Subject, SubjectKind
from amanat.vault.sealing import Sealed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Hold(SealedModel):
    """A legal hold: while it stands, nothing of the child or matter is erased. `words`: why. Why it was lifted stands in the log."""

    placed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("desk.hold.words", part=Part.AUDIT)

    class Meta:
        indexes = [models.Index(fields=["-placed_at", "-id"], name="hold_by_time", condition=Q(lifted_at=None))]

    def __str__(self) -> str:
        return f"legal hold of {self.placed_at:%Y-%m-%d}"


class Ground(models.TextChoices):
    """Why a file is erased."""

    REQUEST = "request", _("the child or the guardian asked for it")
    PERIOD = "period", _("the period of keeping is over")
    MISTAKE = "mistake", _("the file was made by mistake")
    ORDER = "order", _("an authority ordered it")


_OF_A_MATTER = {
    Ground.REQUEST: _("whoever called asked for it"),
    Ground.MISTAKE: _("the matter was opened by mistake"),
}


def grounds(kind: str) -> list[tuple[str, StrOrPromise]]:
    """The grounds as they are called for a file, or for a matter of a hotline, by the kind of its subject."""
    own = _OF_A_MATTER if kind == SubjectKind.MATTER else {}
    return [(ground.value, own.get(ground, ground.label)) for ground in Ground]


class ErasureState(models.TextChoices):
    WAITING = "waiting", _("waits for the second person")
    DONE = "done", _("carried out")
    DECLINED = "declined", _("declined")


class Erasure(SealedModel):
    """An erasure: asked for by one person, carried out or declined by another. `words`: why, and gone with the file.

    `number` is given when it is carried out; it is what the log and papers call it.
    """

    number = models.PositiveIntegerField(null=True, unique=True)
    state = models.CharField(max_length=10, choices=ErasureState, default=ErasureState.WAITING)
    ground = models.CharField(max_length=10, choices=Ground)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("desk.erasure.words", part=Part.CONSENT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state=ErasureState.WAITING), name="one_waiting_erasure"
            )
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="erasure_by_time")]

    def __str__(self) -> str:
        return f"erasure {self.number}" if self.number else "erasure, asked for"

    @property
    def why(self) -> str:
        """The ground, in a sentence that fits what is erased."""
        return str(dict(grounds(self.subject.kind))[self.ground])

    @property
    def waits(self) -> bool:
        return self.state == ErasureState.WAITING


class Due(SealedModel):
    """A file or matter whose period of keeping ends within 30 days or is over: how it came to stand in the report of what will go.

    Only those who are due have a row; when a file comes to be due follows from what is sealed in it. `words`: the name of the
    period, its last day (ISO), and whether the day of birth was known.
    """

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    noticed_on = models.DateField()
    words = Sealed("desk.due.words", part=Part.CONSENT)

    class Meta:
        indexes = [models.Index(fields=["noticed_on", "id"], name="due_by_notice")]

    def __str__(self) -> str:
        return f"due, noticed {self.noticed_on}"


class Review(models.Model):
    """A look through all closed files for those whose period ends; the newest is kept."""

    finished_at = models.DateTimeField()
    files = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.files} files, {self.finished_at:%Y-%m-%d}"


class RequestKind(models.TextChoices):
    """What a child or a guardian may ask for."""

    ACCESS = "access", _("to see what is kept, or a copy")
    RECTIFICATION = "rectification", _("to correct something")
    ERASURE = "erasure", _("to erase")
    OBJECTION = "objection", _("to stop using or sharing it")


class Answer(models.TextChoices):
    GRANTED = "granted", _("done as asked")
    PARTLY = "partly", _("done in part")
    REFUSED = "refused", _("not done")


class Request(SealedModel):
    """A request of a child or guardian, with its clock. `words`: who asked for what in which words, why more time, the answer."""

    kind = models.CharField(max_length=15, choices=RequestKind)
    received_on = models.DateField()
    due_on = models.DateField()
    longer = models.BooleanField(default=False)  # more time was taken once, with a reason
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("desk.request.words", part=Part.CONSENT)

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], name="request_waiting", condition=Q(answered_at=None)),
            models.Index(fields=["-answered_at", "-id"], name="request_answered"),
        ]

    def __str__(self) -> str:
        return f"request of {self.received_on}"


class Breach(SealedModel):
    """A breach of personal data, under the office's subject. `words`: what happened, whom it concerns, what may follow from it."""

    number = models.PositiveIntegerField(unique=True)
    known_at = models.DateTimeField()
    due = models.DateTimeField()  # until when the authority is to be told
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    authority_at = models.DateTimeField(null=True, blank=True)
    people_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("desk.breach.words", part="office")

    def __str__(self) -> str:
        return f"breach {self.number}"


class StepKind(models.TextChoices):
    """What goes on with a breach."""

    MEASURE = "measure", _("something was done against it")
    AUTHORITY = "authority", _("the authority was told")
    PEOPLE = "people", _("the people concerned were told")
    CLOSED = "closed", _("it is closed")


class BreachStep(SealedModel):
    """What was done about a breach, and when; `words` says it."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = Sealed("desk.breach_step.words", part="office")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.breach}: {self.kind}"
