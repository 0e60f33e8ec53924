"""What is kept of the way home and after: solution, transition, follow-ups, outcomes, signs of re-trafficking, closing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case, OfCase
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class SolutionState(models.TextChoices):
    PREPARED = "prepared", _("in preparation")
    DECIDED = "decided", _("decided")


class Solution(OfCase):
    """A durable solution as it stood from `version` on; a change is another row, so no word is lost. The newest row of a case holds.

    `content`: {kind, carer, carer_words, place, views, words, proofs: {condition: words}} and once decided {ground, on}; `kind` and the
    conditions are names of the pack's `solutions.toml`, `carer` a person around the child by id.
    """

    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SolutionState, default=SolutionState.PREPARED)
    content = Sealed("monitoring.solution.content", part=Part.PLAN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_solution_a_version")]

    def __str__(self) -> str:
        return self.state


class End(models.TextChoices):
    """Of the way from centre to home: who hands over, and who receives the child."""

    LEAVING = "leaving", _("for the centre")
    RECEIVING = "receiving", _("for home")


class Signature(OfCase):
    """One end signed the way home. `content`: {done: [items], left_out, name, capacity, on, words}; items are those of the pack."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="signatures")
    end = models.CharField(max_length=20, choices=End)
    content = Sealed("monitoring.signature.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["solution", "at"], name="signature_of_solution")]

    def __str__(self) -> str:
        return self.end


class HandOver(OfCase):
    """The record of who hands the child to whom, written before the child leaves; the newest of a case holds. `number` stands on the paper.

    `content`: {at, place, by, by_capacity, carer, to, to_capacity, identity, escort, witness, witness_capacity, documents, medicine,
    belongings, advice, words}; `carer` is a person around the child by id, `to` their name as it stands on the paper.
    `signed`, once it is: {on, words}: both ends signed then.
    """

    number = models.CharField(max_length=8, unique=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = Sealed("monitoring.hand_over.content", part=Part.PLAN)
    signed = Sealed("monitoring.hand_over.signed", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="hand_over_of_case")]

    def __str__(self) -> str:
        return self.number


class Ended(models.TextChoices):
    """Why nobody holds a follow-up any more that was still open."""

    NEW_ROUND = "new_round", _("The child left the centre again. A new round counts from that day.")
    BY_HAND = "by_hand", _("A new round was begun.")
    STOPPED = "stopped", _("Not held: nothing more was arranged.")  # in clear, so it does not say why


class FollowUp(SealedModel):
    """A look at how the child is, due on a day. `author` arranged it; who held it and what was found stands in its tries.

    `name`: which of the pack's `solutions.toml` it is; blank: one by need. `round`: each time that the child leaves a centre another one
    begins; `left_at`: the exit that it counts from, None while there is none. `who`: whose it is; None: the case manager's.
    `over_at` and `ended` never say what was found.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    left_at = models.DateTimeField(null=True, blank=True)
    due = models.DateField()
    who = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended = models.CharField(max_length=20, choices=Ended, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)  # the child was reached, or nobody tries any more
    why = Sealed("monitoring.follow_up.why", part=Part.PLAN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "name"], condition=~Q(name=""), name="one_follow_up_a_round"
            )
        ]
        indexes = [
            models.Index(fields=["case", "due", "id"], name="follow_up_of_case"),
            models.Index(fields=["due"], name="follow_up_open", condition=Q(over_at=None)),
        ]

    def __str__(self) -> str:
        return self.name or "by need"

    @property
    def file_row(self) -> FileRow:
        return self.case


class Try(OfCase):
    """That somebody tried to reach the child. `content`: {on, way, result, alone, words, child_says, next}; `result` is a code."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="tries")
    content = Sealed("monitoring.try.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["follow_up", "at"], name="try_of_follow_up")]

    def __str__(self) -> str:
        return "try"


class View(models.TextChoices):
    """Whose view of the outcomes it is."""

    WORKER = "worker", _("the worker's view")
    CHILD = "child", _("the child's view")


class Outcomes(OfCase):
    """How far reintegration is, as one of two sees it. `content`: {on, levels: {outcome: code}, words}."""

    view = models.CharField(max_length=20, choices=View)
    content = Sealed("monitoring.outcomes.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="outcomes_of_case")]

    def __str__(self) -> str:
        return self.view


class Signs(OfCase):
    """Signs of re-trafficking. `content`: {signs: [codes], words}."""

    reopened = models.BooleanField(default=False)
    content = Sealed("monitoring.signs.content", part=Part.SAFETY)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="signs_of_case")]

    def __str__(self) -> str:
        return "signs"


class ClosingState(models.TextChoices):
    ASKED = "asked", _("waits for a supervisor")
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("sent back")


class Closing(OfCase):
    """That closing was asked for, and what a supervisor said. `content`: {why, met: [conditions], not_met, child, guardian, words}.

    `answer`: the supervisor's words.
    """

    state = models.CharField(max_length=20, choices=ClosingState, default=ClosingState.ASKED)
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    content = Sealed("monitoring.closing.content", part=Part.PLAN)
    answer = Sealed("monitoring.closing.answer", part=Part.PLAN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(state="asked"), name="one_closing_waits")]
        indexes = [models.Index(fields=["case", "at", "id"], name="closing_of_case")]

    def __str__(self) -> str:
        return self.state
