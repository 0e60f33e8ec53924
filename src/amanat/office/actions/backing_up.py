"""Where backups go, when they are made, making one, noting a restore. The files themselves are `office.backups`' affair."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.recording import office_subject
from amanat.office.backups import carrying, places, taking
from amanat.office.backups.models import Backup, BackupPlan, Destination, DestinationKind, Trouble
from amanat.office.backups.places import NotReached
from amanat.office.health.models import DrillOutcome, RestoreDrill
from amanat.vault.header import Header
from amanat.web.errors import PersonFacingError


def _reach_first(run: Callable[..., Any]) -> Callable[..., Any]:
    """Look whether the place is there before the transaction begins: a storage may take its time to answer."""

    @wraps(run)
    def whole(**given: Any) -> Any:
        if given["actor"].may(Verb.BACKUP_ARRANGE):
            _reach(given["kind"], given["place"], given["access"])
        return run(**given)

    return whole


def _reach(kind: str, place: str, access: dict[str, str]) -> None:
    try:
        if kind == DestinationKind.FOLDER and places.lies_in(Path(place), settings.ROOT):
            raise NotReached(Trouble.INSIDE)
        places.opened(kind, place, access).reach(Header.read(Path(settings.WORKSPACE)).id, first=True)
    except NotReached as error:
        # At first the file that we would leave there is not missing.
        missing = _("There is no such folder, or it can't be written to: is the disk plugged in?")
        raise PersonFacingError(
            missing if error.trouble == Trouble.MISSING else error.trouble.label, field="place"
        ) from error


@verb(Verb.BACKUP_ARRANGE, about=str, around=_reach_first)
def add_place(*, name: str, kind: DestinationKind, place: str, access: dict[str, str], actor: Actor) -> Destination:
    """A place that backups go to from now on. `access`: endpoint, region, key and secret of a storage; empty for a folder.

    Raises:
        PersonFacingError: it is not there, or holds the backups of another workspace; or there is one of this name.
    """
    if kind == DestinationKind.FOLDER:  # from now on it is one of the plan's
        Destination.objects.on_demand().filter(place=str(Path(place).resolve())).delete()
    if name.casefold() in {other.name.casefold() for other in Destination.objects.all()}:
        raise PersonFacingError(_("There is a place of this name."), field="name")
    return Destination.objects.create(
        subject=office_subject(), name=name, kind=kind, place=place, access=access or None, added_at=actor.now
    )


def _with_its_keys(run: Callable[..., Any]) -> Callable[..., Any]:
    """Take the keys away there, once it is removed and nobody brings others: a storage may take its time to answer."""

    @wraps(run)
    def whole(destination: Destination, *, actor: Actor) -> Trouble:
        with taking.alone():
            removed = copy(destination)
            run(destination, actor=actor)
            trouble = carrying.take_keys_away(removed)
        if trouble:
            details = {"about": removed.name, "reason": str(trouble)}
            recording.record(at=actor.now, verb="backup.keys_stay", outcome=Outcome.DONE, details=details)
        return trouble

    return whole


@verb(Verb.BACKUP_ARRANGE, about=str, around=_with_its_keys)
def remove_place(destination: Destination, *, actor: Actor) -> None:
    """No more backups go there, and the keys that lie there go. Gives why they stay, where the place can't be reached; the data stay.

    Raises:
        PersonFacingError: a backup is being made.
    """
    destination.delete()


@verb(Verb.BACKUP_ARRANGE, about=str)
def change_plan(*, hour: int, time_zone: str, keep_days: int, actor: Actor) -> BackupPlan:
    """At which full hour a backup is made each day, and for how many days the data is kept. Keys are kept 35 days at most."""
    plan = taking.plan()
    plan.hour, plan.time_zone, plan.keep_days = hour, time_zone, keep_days
    plan.save()
    return plan


@verb(Verb.BACKUP_TAKE)
def back_up_now(*, actor: Actor) -> Backup:
    """Ask for a backup; the process that works beside the requests makes it. One that waits already is enough."""
    waiting = Backup.objects.filter(ended_at=None).first()
    return waiting or Backup.objects.create(asked_at=actor.now, asked_by=actor.membership)


@verb(Verb.BACKUP_NOTE_RESTORE, about=str)
def note_restore(*, on: date, outcome: DrillOutcome, actor: Actor) -> RestoreDrill:
    """Note that a restore was tried on another machine, of which this workspace knows nothing.

    Raises:
        PersonFacingError: the day is still to come.
    """
    if on > timezone.localdate(actor.now):
        raise PersonFacingError(_("This day is still to come."), _("Write the day on which it was tried."), field="on")
    return RestoreDrill.objects.create(on=on, outcome=outcome, noted_by=actor.membership, noted_at=actor.now)
