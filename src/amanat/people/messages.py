"""Messages outside the pages: that something waits, by e-mail and by the office's own way to send texts. They say nothing else.

Verbs `post` them, the `Messenger` sends them. How they leave is set at the machine (`amanat messages`) and kept sealed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from amanat.people import sending, waiting
from amanat.people.clock import clock
from amanat.people.models import Message, Outlet, Reach, User
from amanat.people.sealing import seal, unseal
from amanat.people.sending import NotSent, Ways
from amanat.vault.rounds import Rounds

log = logging.getLogger(__name__)

ALERT: Final = "alert"
CALL: Final = "call"
REFERRAL: Final = "referral"
GIVEN: Final = "given"  # somebody gave them something: it is theirs, and asks for nobody any more
EVERY: Final = 5.0  # seconds between two looks for messages
AT_ONCE: Final = 20
# Until a message that did not leave is tried again, doubled each time; when it is given up; how long that is told (all ours).
FIRST, LATEST = timedelta(seconds=30), timedelta(minutes=15)
GIVEN_UP_AFTER: Final = timedelta(hours=6)
TOLD_FOR: Final = timedelta(days=7)
_PURPOSE: Final = "messages"


@dataclass(frozen=True, slots=True)
class Reached:
    """Where messages reach a worker. `phone` in E.164; "" for a way that they do not want."""

    email: str = ""
    phone: str = ""


def reach_of(user: User) -> Reached:
    row = Reach.objects.filter(user=user).first()
    return Reached(**json.loads(unseal(bytes(row.sealed), purpose="reach", bound=str(user.pk)))) if row else Reached()


def set_reach(user: User, reached: Reached) -> None:
    """From now on messages go there; nowhere if both are empty."""
    if not (reached.email or reached.phone):
        Reach.objects.filter(user=user).delete()
        return
    sealed = seal(json.dumps(asdict(reached)).encode(), purpose="reach", bound=str(user.pk))
    Reach.objects.update_or_create(user=user, defaults={"sealed": sealed})


def ways() -> Ways:
    """How messages leave; neither way where nobody set one up."""
    row = Outlet.objects.filter(pk=1).first()
    return Ways.read(unseal(bytes(row.sealed), purpose=_PURPOSE)) if row else Ways()


def set_ways(told: Ways) -> None:
    """What waits for a way that is no more goes with it."""
    if not told:
        Outlet.objects.all().delete()
        Message.objects.all().delete()
        return
    Outlet.objects.update_or_create(pk=1, defaults={"sealed": seal(told.written(), purpose=_PURPOSE)})


def post(users: Iterable[User], kind: str, now: datetime) -> None:
    """Let these workers know, once the transaction of the verb commits.

    One that is on its way already goes out once more, now: whoever sends it at this moment may have looked before there was this.
    """
    asked = {user.pk for user in users}
    reached = set(Reach.objects.filter(user__in=asked).values_list("user", flat=True)) if asked else set()
    if not reached or not Outlet.objects.exists():
        return
    rows = Message.objects.filter(user__in=reached, kind=kind, given_up_at=None)
    on_their_way = dict(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", "user"))
    Message.objects.filter(pk__in=on_their_way).update(next_try_at=now, sent_email=False, sent_text=False)
    fresh = sorted(reached - set(on_their_way.values()))
    Message.objects.bulk_create(Message(user_id=pk, kind=kind, made_at=now, next_try_at=now) for pk in fresh)


def sentence() -> str:
    """All that a message says, in the active language."""
    return _("Amanat: something waits for you. Sign in.")


class Messenger(Rounds):
    """Sends what is due; what did not leave is tried again later. A thread of the task process.

    Whoever moves the next try on is the one who sends: two of them send nothing twice. One that is killed while it sends may have
    sent: it is tried again, for two messages are better than none.
    """

    name = "messenger"
    waits = "sending messages waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        now, how = clock(), ways()
        Message.objects.filter(given_up_at__lte=now - TOLD_FOR).delete()
        due = (
            Message.objects.filter(next_try_at__lte=now, given_up_at=None)
            .order_by("next_try_at")
            .select_related("user")
        )
        found = list(due[:AT_ONCE])
        for message in found:
            if self._is_mine(message, now):
                self._send(message, how, now)
        return len(found) == AT_ONCE

    def _is_mine(self, message: Message, now: datetime) -> bool:
        later = now + min(FIRST * 2 ** min(message.tries, 10), LATEST)
        standing = Message.objects.filter(pk=message.pk, tries=message.tries, given_up_at=None)
        message.next_try_at = later
        return bool(standing.update(next_try_at=later, tries=message.tries + 1))

    def _send(self, message: Message, how: Ways, now: datetime) -> None:
        """By both ways, each until it worked once. What nobody waits for any more is not sent.

        What was posted once more meanwhile stays as it is, and goes out again.
        """
        mine = Message.objects.filter(pk=message.pk, next_try_at=message.next_try_at)
        if not (message.user.is_active and self._waits(message, now)):
            mine.delete()
            return
        left = deliver(message.user, how, email=not message.sent_email, text=not message.sent_text)
        if not left:
            mine.delete()
            return
        gone = {"given_up_at": now} if now - message.made_at >= GIVEN_UP_AFTER else {}
        mine.update(sent_email="email" not in left, sent_text="text" not in left, **gone)

    def _waits(self, message: Message, now: datetime) -> bool:
        if message.kind == GIVEN:
            return True
        return any(one.kind == message.kind for one in waiting.what_waits(message.user, now))


def deliver(user: User, how: Ways, *, email: bool = True, text: bool = True) -> dict[str, str]:
    """Send the sentence by the ways that the office and the worker both have, a text first; by which of them it did not leave, and why.

    The log tells that one did not leave, and of which kind: no address, no number, nobody's name.
    """
    reached, left = reach_of(user), {}
    with translation.override(user.language):
        told = sentence()
    try:
        if text and how.text_command and reached.phone:
            sending.send_text(how.text_command, reached.phone, told)
    except NotSent as error:
        left["text"] = str(error)
    try:
        if email and how.mail and reached.email:
            sending.send_email(how.mail, reached.email, told)
    except NotSent as error:
        left["email"] = str(error)
    for way, why in left.items():
        log.warning("a message (%s) did not leave: %s", way, why)
    return left
