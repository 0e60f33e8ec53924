"""Agencies, sites, workers and what they are in an agency. Nothing here is about a child."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in an agency. Relations to a child's file are grants of `access`, not roles."""

    SOCIAL_WORKER = "social_worker", _("social worker")
    HOTLINE_OPERATOR = "hotline_operator", _("hotline operator")
    PSYCHOLOGIST = "psychologist", _("psychologist")
    LAWYER = "lawyer", _("lawyer")
    HEALTH_WORKER = "health_worker", _("health worker")
    CENTRE_WORKER = "centre_worker", _("crisis-centre worker")
    SUPERVISOR = "supervisor", _("supervisor")
    COORDINATOR = "coordinator", _("coordinator")
    DPO = "dpo", _("data protection officer")
    ADMINISTRATOR = "administrator", _("administrator")
    TRAINER = "trainer", _("trainer")
    OUTREACH_OFFICER = "outreach_officer", _("outreach officer")
    STATISTICIAN = "statistician", _("statistician")


class Agency(models.Model):
    """An organisation of the network. `kind` is a code of the pack's list `agency_kind` (HTCDS org_Type)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    duty_contact = models.CharField(_("duty contact"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where an agency works; its time zone is the one that its workers read times in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A worker. There is no superuser: what a worker may do comes from memberships and grants alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("sign-in name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.ForeignKey("Membership", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, now: datetime) -> MembershipQuerySet:
        """Memberships that count at `now`: begun, not ended, their worker not suspended."""
        return self.unended(now).filter(since__lte=now, user__is_active=True)

    def unended(self, now: datetime) -> MembershipQuerySet:
        """Memberships that count, or will when their worker is let in again or their first day comes."""
        return self.filter(Q(until=None) | Q(until__gt=now))

    def covered_by(self, memberships: list[uuid.UUID], now: datetime) -> MembershipQuerySet:
        """Memberships on leave at `now` whose deputy is one of these."""
        return self.current(now).filter(deputy__in=memberships, away_from__lte=now, away_until__gt=now)


class Membership(models.Model):
    """One role of one worker in one agency. While its holder is on leave, the deputy stands for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    away_from = models.DateTimeField(null=True, blank=True)
    away_until = models.DateTimeField(null=True, blank=True)
    deputy = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="stands_in_for")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], condition=Q(until=None), name="one_open_membership"
            ),
            models.CheckConstraint(condition=~Q(deputy=models.F("id")), name="nobody_is_their_own_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.agency})"

    @property
    def zone(self) -> ZoneInfo:
        """In which the worker reads times; UTC where the site has none that this machine knows: nobody is kept out by that."""
        try:
            return ZoneInfo(self.site.time_zone if self.site else "UTC")
        except (ValueError, OSError, KeyError):  # what zoneinfo raises for bad, foreign and missing keys
            return ZoneInfo("UTC")

    def is_current(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or self.until > now)

    @property
    def away_through(self) -> datetime | None:
        """The last moment of the leave, so that its last day can be named; `away_until` is already the day after."""
        return self.away_until - timedelta(microseconds=1) if self.away_until else None

    def is_away(self, now: datetime) -> bool:
        return bool(self.away_from and self.away_until and self.away_from <= now < self.away_until)


class Qualification(models.Model):
    """What a worker was trained and certified for, e.g. interviewing children. A policy may ask for one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="qualifications")
    code = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.code}: {self.user}"


class Session(models.Model):
    """A browser that came back, signed in or about to be. `digest` is the SHA-256 of the key in its cookie, so that whoever
    reads this table can't take a session over; what allauth and Django keep in it is sealed (see `sessions`).
    """

    digest = models.CharField(primary_key=True, max_length=64)
    sealed = models.BinaryField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"session of {self.user}"


class Invitation(models.Model):
    """A one-time code with which a worker sets up (or, after a reset, sets up again) password and second factor.

    Only the SHA-256 of the code is kept; the code itself is shown once to who made it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation for {self.user}"


class DutyPlace(models.Model):
    """A place in the duty list of an agency: who is told of an alert, in which order. Leave and deputies are the membership's.

    Between `quiet_from` and `quiet_until` (in the worker's own zone; over midnight where it ends before it begins) the list goes
    past them, unless nobody else is left.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="duty_places")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="duty_places")
    order = models.PositiveSmallIntegerField()
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "membership"], name="one_duty_place"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.membership}"


class Reach(models.Model):
    """Where messages reach a worker: {email, phone}, sealed like what lets them in. A message says only that something waits."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reach")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"reach of {self.user}"


class Message(models.Model):
    """That something waits, to be sent to a worker outside the pages; `kind` is *alert*, *call*, *referral*, or *given*.

    Rows go once they are sent. One that was given up stays for a while, for the page that says how the system is.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_email = models.BooleanField(default=False)
    sent_text = models.BooleanField(default=False)
    given_up_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"message for {self.user}"


class Outlet(models.Model):
    """How messages leave: the server for e-mail and the program for texts, set at the machine. One row, sealed; none: nothing leaves."""

    sealed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_outlet")]

    def __str__(self) -> str:
        return "outlet"


class Look(models.Model):
    """*Look now*, for the screens of one worker: it says nothing else. What the live stream reads."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"look, {self.user}"
