"""Matters of a hotline, their calls, notes and links; telephone systems; counts. What was said is sealed under the matter."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.models import PARTS, FileRow
from amanat.access.policy import MATTERS_BY_OFFICE, MATTERS_BY_OWNERSHIP, Part
from amanat.cases.models import Case
from amanat.people.models import Agency, Membership
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class Matter(FileRow):
    """What calls are about: a file of its own, with a subject of its own. Every operator of the agency works on it.

    `caller`: {names, relation, words} of who calls; the girl or boy whom it is about stands in the calls, and in a case once there is one.
    """

    by_ownership: ClassVar = MATTERS_BY_OWNERSHIP
    by_office: ClassVar = MATTERS_BY_OFFICE

    code_name = models.CharField(max_length=60, unique=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()  # of its last call or note
    closed_at = models.DateTimeField(null=True, blank=True)
    priority = models.CharField(max_length=5, blank=True)
    holder = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    call_back_at = models.DateTimeField(null=True, blank=True)  # by when somebody is to be called back
    version = models.PositiveIntegerField(default=1)
    caller = Sealed("hotline.matter.caller", part=Part.IDENTITY)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="matter_subject"),
            models.Index(fields=["agency", "last_at", "id"], name="matter_of_agency"),
            models.Index(fields=["agency", "holder"], name="matter_open", condition=Q(closed_at=None)),
            models.Index(
                fields=["agency", "call_back_at", "id"],
                name="matter_call_back",
                condition=Q(call_back_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code_name

    def get_absolute_url(self) -> str:
        return reverse("hotline.matter", args=[self])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Line(models.Model):
    """A telephone system that may announce calls to the hotline of an agency. Of its token only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_rang_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class CallState(models.TextChoices):
    RINGING = "ringing", _("ringing")
    TALKING = "talking", _("in talk")
    ON_HOLD = "on_hold", _("on hold")
    ENDED = "ended", _("ended")


class Outcome(models.TextChoices):
    """How a call ended. All from `SILENT` to `NO_ANSWER` in one key."""

    ADVISED = "advised", _("advised")
    CALL_BACK = "call_back", _("to be called back")
    CASE_OPENED = "case_opened", _("case opened")
    HANDED_OVER = "handed_over", _("handed to a colleague")
    EMERGENCY = "emergency", _("emergency (P1)")
    SILENT = "silent", _("silent")
    ABUSIVE = "abusive", _("abusive")
    TEST = "test", _("test")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    NO_ANSWER = "no_answer", _("nobody answered")  # a call that the hotline made
    ABANDONED = "abandoned", _("hung up before it was answered")


class Call(SealedModel):
    """One contact. In clear: its state, times, channel, priority and outcome, which route the work.

    `content`: {language, caller_type, anonymous, call_back: {may, when, how, code_word, others}, region, reasons: [code],
    about: {age, sex}, travel: {destination, purpose, recruiter, recruiter_phone, contract, documents, red_flags: [code], minor},
    cards: [code], summary}. `number`: as it was announced or typed, E.164 where it could be read.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="calls")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=20)  # a code of the pack's list `channel`
    outgoing = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=CallState)
    operator = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    held_seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=Outcome)
    priority = models.CharField(max_length=5, blank=True)
    version = models.PositiveIntegerField(default=1)
    content = Sealed("hotline.call.content", part=Part.CALL)
    number = Sealed("hotline.call.number", part=Part.CONTACTS)

    class Meta:
        indexes = [
            models.Index(fields=["matter", "rang_at"], name="call_of_matter"),
            models.Index(fields=["operator", "state"], name="call_of_operator", condition=Q(ended_at=None)),
            models.Index(fields=["state", "rang_at"], name="call_not_ended", condition=Q(ended_at=None)),
            models.Index(fields=["operator", "ended_at"], name="call_ended_lately"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def file_row(self) -> FileRow:
        return self.matter


class CallerMark(models.Model):
    """A keyed hash of a number that called; equal ones are calls from one number."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="mark")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="caller_digest")]

    def __str__(self) -> str:
        return "mark of a caller"


class RecruiterMark(models.Model):
    """A keyed hash of a recruiter's name or number, as a matter names them."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "matter"], name="one_recruiter_mark")]
        indexes = [models.Index(fields=["agency", "digest"], name="recruiter_digest")]

    def __str__(self) -> str:
        return "mark of a recruiter"


class NoteKind(models.TextChoices):
    NOTE = "note", _("note")
    HAND_OVER = "hand_over", _("hand-over note")
    DEBRIEF = "debrief", _("debrief")


class Note(SealedModel):
    """A note on a matter. A debrief is its author's own; in clear stands only whether they wish to talk with the supervisor."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="notes")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind)
    part = models.CharField(max_length=20, choices=PARTS)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    wishes_to_talk = models.BooleanField(default=False)
    talked_at = models.DateTimeField(null=True, blank=True)
    words = Sealed("hotline.note.words", part_from="part")

    class Meta:
        indexes = [models.Index(fields=["matter", "written_at"], name="note_of_matter")]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.matter


class MatterLink(models.Model):
    """Two matters that belong together; kept once, the earlier one as `first`."""

    first = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+")
    linked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_link")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


class MatterCase(models.Model):
    """The case of a child that came out of a matter."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="opened")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "case"], name="one_case_of_matter")]

    def __str__(self) -> str:
        return f"{self.case} out of {self.matter}"


class Tally(models.Model):
    """A count of an agency's calls for one hour of one day: `measure` by nothing, language or region. No call stands behind it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=30)
    by = models.CharField(max_length=10, blank=True)  # "", language, region
    value = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "day", "hour", "measure", "by", "value"], name="one_tally")
        ]

    def __str__(self) -> str:
        return f"{self.measure} on {self.day}"
