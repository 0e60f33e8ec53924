"""What is kept of a child's plan: its versions, the rows that people draft together, what was agreed, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PlanState(models.TextChoices):
    DRAFT = "draft", _("being drafted")
    AGREED = "agreed", _("agreed")
    SUPERSEDED = "superseded", _("replaced by a newer version")
    DROPPED = "dropped", _("put aside")


class RowKind(models.TextChoices):
    WHOLE = "whole", _("about the whole plan")
    NEED = "need", _("need")
    OBJECTIVE = "objective", _("objective")
    ACTIVITY = "activity", _("activity")


class Party(models.TextChoices):
    CHILD = "child", _("child")
    GUARDIAN = "guardian", _("guardian")
    TEAM = "team", _("team")


class CommentState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    TAKEN = "taken", _("taken up")
    LEFT = "left", _("not taken up")


class Plan(SealedModel):
    """One version of the plan of a case, from 1 on. While it is drafted its text is the rows of the case; once it is in force, or was
    put aside, `FrozenPlan`.

    `waits_since`: since when nothing but a supervisor's leave is missing, as long as no row is changed after it (`waiting`).
    `allowed_by`: the supervisor who let it come into force without somebody's agreement. By when it is looked at again follows from
    the procedure (`rhythm`), and from the birthday only where the file is opened: no day of a plan in clear depends on it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    begun_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)
    allowed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    allowed_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    why = Sealed("plans.plan.why", part=Part.PLAN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_plan_a_number"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="one_draft_a_case"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="agreed"), name="one_agreed_plan_a_case"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def file_row(self) -> FileRow:
        return self.case

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def state_said(self) -> StrOrPromise:
        """What came into force without somebody is not called agreed."""
        lacks = self.state == PlanState.AGREED and self.allowed_at is not None
        return _("in force") if lacks else PlanState(self.state).label


class FrozenPlan(SealedModel):
    """The text of a version as it was agreed: `{"rows": …, "sha256": …, "said": …}`, `said` being what each side said, by its name.
    Where it came into force without somebody also `without` (by side, why they were not asked) and `ground`; where it was put aside,
    `why`. Written once; another text is another version.

    The database refuses to change it, but for a new data key, and to delete it before its child is erased (`audit.guards`).
    """

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="frozen")
    content = Sealed("plans.frozen_plan.content", part=Part.PLAN)

    def __str__(self) -> str:
        return f"frozen {self.plan_id}"

    @property
    def file_row(self) -> FileRow:
        return self.plan.case

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a frozen plan is not changed; begin a new version")
        super().save(*args, **kwargs)


class PlanRow(SealedModel):
    """A need, an objective under a need, an activity under an objective, or what is said of the whole. `content`: a JSON object.

    Each row has a version of its own, so that several people write at once. `role` is the profession whose part it is; `place`
    counts the rows of the case as they were begun.
    What is taken out stays, with `taken_out_at`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_rows")
    kind = models.CharField(max_length=10, choices=RowKind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    role = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    place = models.PositiveIntegerField()
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)
    content = Sealed("plans.plan_row.content", part=Part.PLAN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(kind="whole"), name="one_whole_a_case"),
        ]
        indexes = [models.Index(fields=["case", "place"], name="plan_rows_of_case")]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case


class FormerRow(SealedModel):
    """What stood in a row before a version of it was replaced: no word is lost."""

    row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="former")
    version = models.PositiveIntegerField()
    replaced_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()
    content = Sealed("plans.former_row.content", part=Part.PLAN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "version"], name="one_former_a_version")]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def file_row(self) -> FileRow:
        return self.row.case


class Comment(SealedModel):
    """What somebody says of the draft, or proposes instead; about a row, or about the whole. `content`: words; `answer`: an answer."""

    among_colleagues = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_comments")
    row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    is_proposal = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=CommentState, default=CommentState.OPEN)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("plans.comment.words", part=Part.PLAN)
    answer = Sealed("plans.comment.answer", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="plan_comments_of_case")]

    def __str__(self) -> str:
        return "comment"

    @property
    def file_row(self) -> FileRow:
        return self.case


class Agreement(SealedModel):
    """What one side said to a draft: {answer, on, name, words, sha256}. The newest of a side counts, for the text
    that it was asked about."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agreements")
    party = models.CharField(max_length=10, choices=Party)
    place = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("plans.agreement.content", part=Part.PLAN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="one_agreement_a_place")]

    def __str__(self) -> str:
        return self.party

    @property
    def file_row(self) -> FileRow:
        return self.plan.case


class Report(SealedModel):
    """How an objective or an activity goes: {state, on, words}. Only ever added; the newest holds."""

    among_colleagues = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_reports")
    row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="reports")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("plans.report.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="plan_reports_of_case")]

    def __str__(self) -> str:
        return "report"

    @property
    def file_row(self) -> FileRow:
        return self.case


class Review(SealedModel):
    """A look at the agreed plan: {on, trigger, good, hard, child, decision}. Only ever added."""

    among_colleagues = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = Sealed("plans.review.content", part=Part.PLAN)

    class Meta:
        indexes = [models.Index(fields=["plan", "at", "id"], name="reviews_of_plan")]

    def __str__(self) -> str:
        return "review"

    @property
    def file_row(self) -> FileRow:
        return self.plan.case
