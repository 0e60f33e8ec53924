"""Child, case, timeline, tasks, attachments. In clear stands what orders and routes the work; all that is said is sealed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.models import PARTS, FileRow
from amanat.access.policy import Part
from amanat.people.models import Membership
from amanat.vault.models import SealedModel, Subject
from amanat.vault.sealing import Sealed

# Sorts behind every real date, so that a list by due date needs no NULL.
NOTHING_DUE = datetime(9999, 12, 31, tzinfo=UTC)


# The section of what a source said and no field takes: {header as it was read: text}. It is narrative, unless it was to be
# a field and could not be read: then it is of the part of that field.
ALSO_IN_THE_SOURCE = "also_in_the_source"
# What lists can be sorted by; each has an index for one agency and one for all.
ORDERS = ("next_due", "risk_order", "opened_in", "last_contact")


class Stage(models.TextChoices):
    """Where a case stands; the labels that people read are the pack's list `stage`."""

    REGISTERED = "registered", _("registered")
    IDENTIFICATION = "identification", _("identification")
    ASSISTANCE = "assistance", _("assistance")
    REINTEGRATION = "reintegration", _("reintegration")
    FOLLOW_UP = "follow_up", _("follow-up")
    CLOSED = "closed", _("closed")


class Child(SealedModel):
    """A child, one-to-one with a subject. Each sealed part has its own version, so that two people can work on two parts."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="child")
    code_name = models.CharField(max_length=60, unique=True)
    family = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    protected = models.BooleanField(default=False)  # taken out of the answers to *is this child known?*
    identity = Sealed("cases.child.identity", part=Part.IDENTITY)
    identity_version = models.PositiveIntegerField(default=1)
    contacts = Sealed("cases.child.contacts", part=Part.CONTACTS)
    contacts_version = models.PositiveIntegerField(default=1)
    safety = Sealed("cases.child.safety", part=Part.SAFETY)
    safety_version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code_name


class Case(FileRow):
    """A course of assistance to a child by an agency; a child may have several over time. `subject` is the child's."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.REGISTERED)
    risk = models.CharField(max_length=20, blank=True)
    risk_order = models.PositiveSmallIntegerField(default=4)
    priority = models.CharField(max_length=5, blank=True)
    opened_in = models.DateField()  # the first day of the month
    next_due = models.DateTimeField(default=NOTHING_DUE)
    last_contact = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    next_step = models.CharField(max_length=100, blank=True)  # what is due then; "" where it is a task, no step
    steps_by = models.CharField(max_length=12, blank=True)  # by which procedure `due_steps` were worked out: its mark

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="case_subject"),
            models.Index(fields=["steps_by"], name="case_steps_by"),
            *(models.Index(fields=["agency", order, "id"], name=f"case_of_agency_{order[:9]}") for order in ORDERS),
            *(models.Index(fields=[order, "id"], name=f"case_by_{order}") for order in ORDERS),
        ]

    def __str__(self) -> str:
        return self.child.code_name

    def get_absolute_url(self) -> str:
        return reverse("cases.file", args=[self])

    @property
    def is_closed(self) -> bool:
        return self.stage == Stage.CLOSED

    def beside(self) -> models.QuerySet[Any] | None:
        """Siblings: where the child was loaded with the case, and has any."""
        family = self.child.family_id if "child" in self._state.fields_cache else None
        return Case.objects.filter(child__family=family).values("subject") if family else None

    def is_late(self, now: datetime) -> bool:
        return self.next_due < now


class EventKind(models.TextChoices):
    """What the timeline can say."""

    REGISTERED = "registered", _("registered")
    OPENED = "opened", _("case opened")
    ASSIGNED = "assigned", _("case manager assigned")
    HANDED_OVER = "handed_over", _("handed over")
    JOINED = "joined", _("joined the circle of care")
    LEFT = "left", _("left the circle of care")
    RISK_CHANGED = "risk_changed", _("risk changed")
    STAGE_MOVED = "stage_moved", _("stage changed")
    FACTS_WRITTEN = "facts_written", _("facts changed")
    PUT_IN = "put_in", _("row of an import put in")
    FACTS_TAKEN_OUT = "facts_taken_out", _("record of facts taken out")
    NOTE = "note", _("note")
    ATTACHED = "attached", _("document attached")
    FLAGGED = "flagged", _("flag raised")
    FINISHED = "finished", _("task finished")
    CORRECTED = "corrected", _("corrected")
    FORM_RECORDED = "form_recorded", _("form filled in")
    FORM_CORRECTED = "form_corrected", _("form corrected")
    FORM_REVIEWED = "form_reviewed", _("form looked through")
    RENAMED = "renamed", _("code name replaced")
    PROTECTED = "protected", _("taken out of existence answers")
    UNPROTECTED = "unprotected", _("back in existence answers")
    CONSENT_RECORDED = "consent_recorded", _("consent recorded")
    CONSENT_OVERRIDDEN = "consent_overridden", _("shared without consent")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("consent withdrawn")
    EMERGENCY = "emergency", _("emergency access")
    EMERGENCY_JUDGED = "emergency_judged", _("emergency access judged")
    STEP_DONE = "step_done", _("step done")
    STEP_WAIVED = "step_waived", _("step waived")
    STEP_TAKEN_BACK = "step_taken_back", _("end of a step taken back")
    FROM_CALL = "from_call", _("came from a call")
    ALERT_RAISED = "alert_raised", _("alert raised")
    ALERT_TAKEN = "alert_taken", _("alert taken")
    PERSON_WRITTEN = "person_written", _("person around the child written down")
    PERSON_TAKEN_OUT = "person_taken_out", _("person around the child taken out")
    SUSPECTED = "suspected", _("person recorded as a suspect")
    CLEARED = "cleared", _("suspicion taken back")
    SCREENED = "screened", _("screening recorded")
    AGE_RECORDED = "age_recorded", _("age written down")
    STATUS_DECIDED = "status_decided", _("formal status recorded")
    STATUS_APPEALED = "status_appealed", _("status appealed against")
    STATUS_REVIEWED = "status_reviewed", _("status reviewed")
    VULNERABILITY = "vulnerability", _("vulnerability assessed")
    OBSTACLE = "obstacle", _("obstacle to identification")
    INTERVIEWED = "interviewed", _("interview recorded")
    REFERRED = "referred", _("referral sent")
    REFERRAL_ACCEPTED = "referral_accepted", _("referral accepted")
    REFERRAL_DECLINED = "referral_declined", _("referral declined")
    REFERRAL_STARTED = "referral_started", _("service of a referral begun")
    REFERRAL_DONE = "referral_done", _("referral done")
    REFERRAL_REVOKED = "referral_revoked", _("referral revoked")
    REFERRAL_EXPIRED = "referral_expired", _("referral expired")
    NOBODY_TOOK = "nobody_took", _("nobody took a referral")
    TRANSFERRED = "transferred", _("case handed to another agency")
    CONFERENCE_CALLED = "conference_called", _("conference called")
    CONFERENCE_CANCELLED = "conference_cancelled", _("conference cancelled")
    CONFERENCE_HELD = "conference_held", _("conference held")
    MINUTES = "minutes", _("minutes of a conference")
    BED_WAITED = "bed_waited", _("put on a waiting list for a bed")
    ADMITTED = "admitted", _("admitted to a centre")
    BED_MOVED = "bed_moved", _("moved to another bed")
    STAY_EXTENDED = "stay_extended", _("stay extended")
    WENT_OUT = "went_out", _("went out of the centre")
    CAME_BACK = "came_back", _("came back to the centre")
    MISSING = "missing", _("reported missing")
    FOUND = "found", _("found")
    SEARCH_ENDED = "search_ended", _("search ended")
    LEFT_CENTRE = "left_centre", _("left the centre")
    MEDICINE_ORDERED = "medicine_ordered", _("medicine ordered or ended")
    VISIT_DECIDED = "visit_decided", _("visit approved or refused")
    VISITED = "visited", _("visit recorded")
    INCIDENT = "incident", _("incident recorded")
    SESSION_PLANNED = "session_planned", _("session planned")
    SESSION_HELD = "session_held", _("session recorded")
    SESSION_MISSED = "session_missed", _("session not held")
    GROUP_HELD = "group_held", _("group session recorded")
    CRISIS_CONTACT = "crisis_contact", _("crisis contact recorded")
    FAMILY_ASSESSED = "family_assessed", _("family traced or assessed")
    HELPED = "helped", _("help given")
    SPENT = "spent", _("money or goods given")
    PROCEEDING = "proceeding", _("proceedings opened or changed")
    HEARING_FIXED = "hearing_fixed", _("hearing fixed")
    HEARING_HELD = "hearing_held", _("hearing recorded")
    RULING = "ruling", _("decision recorded")
    DETENTION = "detention", _("detention of an accused changed")
    RIGHT = "right", _("right recorded")
    EVIDENCE = "evidence", _("evidence taken in or handed on")
    HOLD_ASKED = "hold_asked", _("legal hold asked for")
    NEED = "need", _("need recorded")
    PLAN_DRAFTED = "plan_drafted", _("plan begun")
    PLAN_DROPPED = "plan_dropped", _("draft of the plan put aside")
    PLAN_AGREED = "plan_agreed", _("plan agreed")
    PLAN_ALLOWED = "plan_allowed", _("plan in force without somebody’s agreement")
    PLAN_APPROVED = "plan_approved", _("plan approved")
    PLAN_REVIEWED = "plan_reviewed", _("plan reviewed")
    SOLUTION = "solution", _("durable solution prepared or decided")
    CHILD_HANDED_OVER = "child_handed_over", _("record of handing the child over written or signed")
    TRANSITION = "transition", _("way from centre to home signed")
    FOLLOW_UPS_SET = "follow_ups_set", _("follow-ups arranged")
    FOLLOWED_UP = "followed_up", _("follow-up recorded")
    NOT_REACHED = "not_reached", _("could not be reached for a follow-up")
    OUTCOMES = "outcomes", _("outcomes recorded")
    CLOSING_ASKED = "closing_asked", _("closing asked for")
    CLOSING_APPROVED = "closing_approved", _("closing approved")
    RETRAFFICKING = "retrafficking", _("signs of re-trafficking")
    CLOSED = "closed", _("case closed")
    REOPENED = "reopened", _("case reopened")


class SharedNote(SealedModel):
    """A note about several children, kept once under a subject of its own; each child's timeline has an event that leads to it."""

    part = models.CharField(max_length=20, choices=PARTS)
    text = Sealed("cases.shared_note.text", part_from="part")

    def __str__(self) -> str:
        return "shared note"


class Event(SealedModel):
    """One line of a case's timeline; only ever added. `note` is a JSON object: `text`, or what changed from what to what.

    `words` is one too: why, of a line about the case itself, under a part of its own (`words_part`, blank for none). Who may
    know of a file reads that it was closed; who reads the narrative, why.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind)
    part = models.CharField(max_length=20, choices=PARTS)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    note = Sealed("cases.event.note", part_from="part")
    words = Sealed("cases.event.words", part_from="words_part")
    words_part = models.CharField(max_length=20, choices=PARTS, blank=True)
    shared = models.ForeignKey(SharedNote, on_delete=models.PROTECT, null=True, blank=True, related_name="events")

    class Meta:
        indexes = [models.Index(fields=["case", "happened_at", "id"], name="event_of_case")]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case


class TaskKind(models.TextChoices):
    FLAG = "flag", _("flag")
    SAFETY_DECISION = "safety_decision", _("safety decision")
    FORM_ALERT = "form_alert", _("answer that needs somebody at once")
    FORM_REVIEW = "form_review", _("form to be looked through")
    NOBODY_TOOK = "nobody_took", _("nobody took a referral")
    REFERRAL_STUCK = "referral_stuck", _("a referral does not go on")
    REFERRAL_CONSENT = "referral_consent", _("the consent for a referral ends")
    PLACES_END = "places_end", _("places in the circle of care end")
    DECISION = "decision", _("decision of a conference")
    HAND_OVER = "hand_over", _("record of a hand-over that is not signed")


class Task(SealedModel):
    """Something to do on a case by a time; `text` says what. Flags are tasks that a person raises.

    `alert`: that of the duty list which was raised with it, or waited already.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind)
    part = models.CharField(max_length=20, choices=PARTS)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    alert = models.ForeignKey("cases.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    text = Sealed("cases.task.text", part_from="part")

    class Meta:
        indexes = [
            models.Index(fields=["owner", "done_at", "due"], name="task_of_owner"),
            models.Index(fields=["case", "done_at", "due"], name="task_of_case"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def file_row(self) -> FileRow:
        return self.case


class DueStep(models.Model):
    """A step that is open on a case, and by when it is due. Nobody writes it: it follows from the timeline (`actions.following`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="due_steps", db_index=False)
    step = models.CharField(max_length=100)  # its name in `procedures.toml`
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="one_due_step_a_case")]

    def __str__(self) -> str:
        return self.step


class Attachment(SealedModel):
    """A document or picture. `about`: name, type, size in bytes, SHA-256 of the original, and the keys of the sealed files."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    part = models.CharField(max_length=20, choices=PARTS)
    original = models.UUIDField()
    working_copy = models.UUIDField(null=True, blank=True)  # a picture without its metadata
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    about = Sealed("cases.attachment.about", part_from="part")

    class Meta:
        indexes = [models.Index(fields=["case", "added_at"], name="attachment_of_case")]

    def __str__(self) -> str:
        return "attachment"

    @property
    def author_id(self) -> uuid.UUID:
        """Whose it is, where the policy shows somebody only their own."""
        return self.added_by_id

    @property
    def file_row(self) -> FileRow:
        return self.case


class Sheet(SealedModel):
    """What stands in one part of one record of a section of fields (`packs.FieldSection`): {field name: value}.

    A section whose fields belong to several parts has a sheet for each, so that whoever sees one of them opens no other.
    `record` counts from 1 where a section repeats. A record that was taken out stays, empty, so that its number and its
    version are never given again. What a source had and no field takes stands under `ALSO_IN_THE_SOURCE`.
    """

    # Reached by its child, which is one-to-one with the subject: an index of its own would only slow an import down.
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    section = models.CharField(max_length=40)
    record = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(max_length=20, choices=PARTS)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()
    values = Sealed("cases.sheet.values", part_from="part")

    by_subject = "child__subject"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "section", "record", "part"], name="one_sheet_a_record_and_part")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.record}"


class FormerValue(SealedModel):
    """What stood in a part of a child's file before a correction: identity, contacts, safety, or (with `sheet`) a sheet."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="former_values")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="former_values")
    part = models.CharField(max_length=20, choices=PARTS)
    version = models.PositiveIntegerField()
    replaced_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()
    value = Sealed("cases.former_value.value", part_from="part")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "part", "version"], condition=Q(sheet=None), name="one_former_value_a_version"
            ),
            models.UniqueConstraint(fields=["sheet", "version"], name="one_former_sheet_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.version}"
