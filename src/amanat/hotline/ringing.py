"""What rings: calls that a telephone system announced, until an operator answers or the caller hangs up; and what is left of those that
nobody answered. No verbs: there is nobody who acts.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.hotline import hearing, marks, tallies
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState, Line, Matter, MatterCase, Note
from amanat.hotline.models import Outcome as Ended
from amanat.people.clock import clock
from amanat.people.models import Agency
from amanat.vault import erasing
from amanat.vault.ids import new_id
from amanat.vault.keys import keyring
from amanat.vault.rounds import Rounds

CHANNEL: Final = "phone"
UNANSWERED: Final = timedelta(
    minutes=2
)  # after which nobody rings any more, whatever the telephone system forgot to say; ours
AGAIN: Final = timedelta(minutes=1)  # in which a telephone system that heard no answer says the same once more
SHOWN: Final = timedelta(days=1)  # for so long the desk shows who hung up
PERIOD: Final = "hung_up"  # of `retention.toml`
SEVERAL: Final = 10  # calls in a day that a telephone system gives the same name, before we stop telling them apart
EVERY: Final = 5.0  # seconds between two looks
AT_ONCE: Final = 500  # matters that are erased in one turn


@dataclass(frozen=True)
class Ring:
    """What a telephone system says of a call: its own name for it, and who calls ("" where that was withheld)."""

    name: str
    number: str = ""


def begin(line: Line, ring: Ring, now: datetime) -> Call:
    """Let a call ring. The same call said again, and a second one from a number that rings already, is the one that is there."""
    names = _references(line, ring.name, now)
    there = {call.pk: call for call in Call.objects.filter(pk__in=names)}
    for one in names:
        if one not in there:
            break
        if there[one].state != CallState.ENDED or now - there[one].rang_at <= AGAIN:
            return there[one]
    else:
        one = new_id()
    digest = marks.digest_of(line.agency, ring.number)
    return _ringing(line.agency, digest) or _new(line, ring, digest, one, now)


def _ringing(agency: Agency, digest: bytes | None) -> Call | None:
    if digest is None:
        return None
    rings = Call.objects.filter(matter__agency=agency, state=CallState.RINGING, mark__digest=digest)
    return rings.order_by("rang_at").first()


def _new(line: Line, ring: Ring, digest: bytes | None, reference: uuid.UUID, now: datetime) -> Call:
    matter = _tried_before(line.agency, digest, now) or begin_matter(line.agency, now)
    matter.last_at = now
    matter.save(update_fields=["last_at"])
    call = begin_call(
        matter, CHANNEL, now, id=reference, line=line, state=CallState.RINGING, number=ring.number or None
    )
    marks.mark_caller(call, ring.number)
    hearing.hear_ring(line.agency, now)
    tallies.count_offered(call)
    return call


def _tried_before(agency: Agency, digest: bytes | None, now: datetime) -> Matter | None:
    """The matter of somebody who hung up and tries again: nothing else stands in it, so nobody's talk is put together with another's."""
    if digest is None:
        return None
    same = Matter.objects.filter(agency=agency, last_at__gt=now - SHOWN, calls__mark__digest=digest)
    return bare(same).select_related("subject", "agency").order_by("-last_at").first()


def end(line: Line, ring: Ring, now: datetime) -> Call | None:
    """The caller hung up. None where nothing of that name rings: it was answered, or it never rang here."""
    names = [*_references(line, ring.name, now), *_references(line, ring.name, now - UNANSWERED)]
    rings = Call.objects.select_related("matter__agency").filter(pk__in=set(names), state=CallState.RINGING)
    calls = [call for call in rings if abandon(call, now)]
    return calls[0] if calls else None


def abandon(call: Call, now: datetime) -> bool:
    """Nobody answered. False where somebody did meanwhile."""
    ended = {"state": CallState.ENDED, "outcome": Ended.ABANDONED, "ended_at": now}
    if not Call.objects.filter(pk=call.pk, state=CallState.RINGING).update(**ended):
        return False
    call.state, call.outcome, call.ended_at = CallState.ENDED, Ended.ABANDONED, now
    hearing.look_again(call.matter.agency, call.rang_at, now)
    tallies.count_abandoned(call)
    return True


# --- what is left of it ------------------------------------------------------------------------------------------------


def bare(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """Those in which nothing stands but that somebody hung up."""
    others = Call.objects.filter(matter=OuterRef("pk")).exclude(outcome=Ended.ABANDONED)
    return matters.filter(Exists(Call.objects.filter(matter=OuterRef("pk")))).exclude(
        Exists(others)
        | Exists(Note.objects.filter(matter=OuterRef("pk")))
        | Exists(MatterCase.objects.filter(matter=OuterRef("pk")))
        | Q(holder__isnull=False)
    )


def hung_up(actor: Actor) -> QuerySet[Matter]:
    """For the desk: whoever hung up within a day and was not called back, the latest first; a number that tried often stands once."""
    mine = visible_to(actor, Matter.objects.filter(agency=actor.membership.agency))
    lately = mine.filter(last_at__gt=actor.now - SHOWN, closed_at=None)
    return bare(lately).select_related("subject", "agency").order_by("-last_at", "pk")


def end_unanswered(now: datetime) -> int:
    """What rang for too long; how many."""
    old = Call.objects.filter(state=CallState.RINGING, ended_at=None, rang_at__lte=now - UNANSWERED)
    ended = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            call = Call.objects.select_related("matter__agency").filter(pk=pk).first()
            ended += bool(call and abandon(call, now))
    return ended


def sweep(now: datetime) -> int:
    """Erase matters in which nothing stands but calls that nobody answered, once the pack's period is over; how many."""
    period = packs.current().retention.get(PERIOD)
    if period is None:
        return 0
    over = [
        matter
        for matter in bare(Matter.objects.filter(last_at__lt=now - timedelta(days=1))).order_by("last_at")[:AT_ONCE]
        if period.last_day(tallies.hour_of(matter.last_at).date()) < tallies.hour_of(now).date()
    ]
    return _erase(over, now) if over else 0


@transaction.atomic
def _erase(matters: Iterable[Matter], now: datetime) -> int:
    """But for those that a hold keeps or that two people are deciding on, and those that somebody began to work on until just now;
    under the lock that all of them take, too.
    """
    rows = Matter.objects.select_for_update(no_key=True).filter(pk__in=[matter.pk for matter in matters]).order_by("pk")
    held = list(rows.values_list("pk", flat=True))
    locked = list(bare(Matter.objects.filter(pk__in=held)).values_list("subject", flat=True))
    subjects = sorted(set(locked) - erasing.kept(locked))
    if subjects:
        recording.record(at=now, verb="matter.expire", outcome=Outcome.DONE, details={"about": str(len(subjects))})
        erasing.erase(subjects, now)
    return len(subjects)


class Ringer(Rounds):
    """Ends what rings for too long, and what was kept for too long; lets more hear what rings for long. Beside the requests."""

    name = "ringer"
    waits = "calls that nobody answered could not be ended; it is tried again"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)
        self._swept_on: object = None

    def turn(self) -> bool:
        now = clock()
        end_unanswered(now)
        hearing.hear_more(now)
        if self._swept_on != now.date() and sweep(now) < AT_ONCE:
            self._swept_on = now.date()
        return False


def _references(line: Line, name: str, now: datetime) -> list[uuid.UUID]:
    """References of the calls of a day that a telephone system gives this name: keyed, so that they tell nothing, and the same each
    time. There are systems that count their calls anew after each start.
    """
    key = HKDF(SHA256(), 32, salt=None, info=b"amanat.hotline.ring.1" + line.pk.bytes).derive(keyring()["master.1"])
    told = [f"{now:%Y-%m-%d} {number} {name}".encode() for number in range(SEVERAL)]
    return [uuid.UUID(bytes=hmac.digest(key, one, "sha256")[:16], version=4) for one in told]
