"""Whether there is something to restore from: the newest backup, each place, the list of erasures, restores and shares that were tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Subquery
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.office.backups import taking
from amanat.office.backups.keeping import last_slot
from amanat.office.backups.models import KEYS_DAYS, Backup, Destination, Trouble
from amanat.office.backups.places import shares_our_disk
from amanat.office.health import Check, Probe, Seen, State, add, age, seconds
from amanat.office.health.models import DrillOutcome, RestoreDrill
from amanat.office.shares import AHEAD, shares
from amanat.vault.header import Header
from amanat.vault.models import Subject
from amanat.web.counting import count

A_DAY: Final = timedelta(days=1)
TAKES: Final = timedelta(hours=6)  # so long a backup may take, or a machine be off, until it counts as missing (ours)
MISSING: Final = 2 * A_DAY  # more than so long after that it is a fault (ours)
RESTORE_EVERY: Final = timedelta(days=365)  # docs/operations.md (ours)


def register() -> None:
    add(Probe("backup", checks, figures), Probe("recovery", tested_shares, without_keys=True))


def figures(_now: datetime) -> Mapping[str, Combinable]:
    made = Backup.objects.filter(trouble="").exclude(ended_at=None).order_by("-asked_at")
    drills = RestoreDrill.objects.all()
    return {
        "backup_begun": Subquery(made.values("begun_at")[:1]),
        "drill_on": Subquery(drills.values("on")[:1]),
        "drill_outcome": Subquery(drills.values("outcome")[:1]),
        "erasures": count(Subject.objects.exclude(erased_at=None)),
    }


def checks(seen: Seen) -> Iterator[Check]:
    """Of a demo without a place, none: it needs no backup."""
    places = list(Destination.objects.all())
    regular = [place for place in places if place.is_regular]
    if regular:
        yield _newest(seen, regular)
    if places:
        yield from _places(seen, places)
        yield _erasures(seen, places)
        yield _restore(seen)
    if not regular and Header.read(settings.WORKSPACE).kind == "real":
        hint = _(
            "Add a folder on a USB disk, or a storage elsewhere. Without a backup, a lost machine is a lost workspace."
        )
        yield Check("backup.newest", _("Newest backup"), State.FAULT, _("No backups are made"), hint)


def _newest(seen: Seen, places: Sequence[Destination]) -> Check:
    begun = seen.figures["backup_begun"]
    hint = _("Look on the page Backups what came of the last one, and whether the disk is plugged in.")
    if begun is None:
        is_new = max(seen.now - place.added_at for place in places) < A_DAY
        state = State.WARNING if is_new else State.FAULT
        return Check("backup.newest", _("Newest backup"), state, _("No backup has been made yet."), hint)
    wanted = last_slot(seen.now - TAKES, taking.plan())
    state = State.OK if begun >= wanted else State.WARNING if begun >= wanted - MISSING else State.FAULT
    sentence = _("Its age: %(age)s.") % {"age": age(begun, seen.now)}
    passed = seconds(seen.now - begun)
    return Check("backup.newest", _("Newest backup"), state, sentence, hint if state != State.OK else "", passed)


def _places(seen: Seen, places: Sequence[Destination]) -> Iterator[Check]:
    """By number, as they stand on the page Backups: what somebody calls one may name a person."""
    late = taking.late(places, seen.now)
    for number, place in enumerate(places, 1):
        reached = place.reached_at
        state, hint = State.OK, ""
        if place in late:
            state, hint = State.FAULT, _("Bring it, or destroy what it holds.")
            sentence = _("Not reached for more than %(days)s days: older keys may still lie there.") % {
                "days": KEYS_DAYS
            }
        elif place.trouble and not _is_only_away(place):
            state = State.FAULT if place.trouble == Trouble.LIST else State.WARNING
            sentence = str(place.told_trouble)
        elif shares_our_disk(place):
            state, hint = State.WARNING, _("Add a place on another disk, best in another building.")
            sentence = _("It lies on the disk of the workspace, and is lost with it.")
        elif reached:
            sentence = _("Last reached %(age)s ago.") % {"age": age(reached, seen.now)}
        else:
            sentence = _("It waits for its first backup.")
        label = _("Place for backups, number %(number)s") % {"number": number}
        passed = seconds(seen.now - reached) if reached else None
        yield Check(f"backup.place.{number}", label, state, sentence, hint, passed)


def _is_only_away(place: Destination) -> bool:
    """As a disk on demand is most of the time."""
    return not place.is_regular and place.trouble == Trouble.MISSING


def _erasures(seen: Seen, places: Sequence[Destination]) -> Check:
    """Whether each place has the list of what was erased: without it a restore brings erased children back, or refuses."""
    without = sum(place.erasures < (seen.figures["erasures"] or 0) for place in places)
    label = _("List of erasures")
    if not without:
        return Check("backup.erasures", label, State.OK, _("Every place has the newest one."), value=0)
    sentence = _("Places without the newest one: %(count)s.") % {"count": without}
    hint = _("A place gets it with its next backup. Plug in what is not there, and make one.")
    return Check("backup.erasures", label, State.WARNING, sentence, hint, without)


def _restore(seen: Seen) -> Check:
    tried, outcome = seen.figures["drill_on"], seen.figures["drill_outcome"]
    label, hint = (
        _("Restore, tried last"),
        _("Try one on another machine, with two shares, and note it on the page Backups."),
    )
    if tried is None:
        return Check("backup.restore", label, State.WARNING, _("Nobody has noted that one was tried."), hint)
    passed = timezone.localdate(seen.now) - tried
    state = State.OK if passed <= RESTORE_EVERY else State.WARNING
    sentence = _("Days ago: %(days)s.") % {"days": passed.days}
    if outcome == DrillOutcome.FAILED:
        failed = _("It did not work.")
        state, sentence = State.FAULT, f"{sentence} {failed}"
    return Check("backup.restore", label, state, sentence, hint if state != State.OK else "", seconds(passed))


def tested_shares(seen: Seen) -> Iterator[Check]:
    """Of a demo, none: it has no shares."""
    found = shares()
    if found is None:
        return
    label = _("Shares, tested last")
    if found.due is None or found.tested_at is None:
        sentence, hint = _("No shares were made for this workspace."), _("This makes them: ./run amanat recovery renew")
        yield Check("recovery.test", label, State.FAULT, sentence, hint)
        return
    left, passed = found.due - seen.now, seen.now - found.tested_at
    state = State.FAULT if left < timedelta() else State.WARNING if left <= AHEAD else State.OK
    hint = _("Two of the three come with their papers: ./run amanat recovery test")
    sentence = _("Days ago: %(days)s.") % {"days": passed.days}
    yield Check("recovery.test", label, state, sentence, hint if state != State.OK else "", seconds(passed))
