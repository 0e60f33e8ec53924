"""The work on bundles: a thread of the task process that makes one paper after another, each in a transaction with its row.

A paper is made before its transaction. Whoever dies leaves the row waiting, and whoever starts next makes it; of two at the same row
one finds it done. What can't be made is left out with a sentence, so that the others come.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import Error, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.cases import papers
from amanat.cases.actions.papers import hand_out
from amanat.exchange import bundles
from amanat.exchange.models import Bundle, BundleSheet, BundleState, SheetState
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault.keys import Locked
from amanat.vault.rounds import Rounds
from amanat.web import pdf
from amanat.web.errors import PersonFacingError

EVERY: Final = 1.0  # seconds between two looks for work
DEATHS: Final = 2  # processes that may end at one paper
SWEPT_EVERY: Final = timedelta(minutes=10)

log = logging.getLogger(__name__)


@contextmanager
def acting_for(bundle: Bundle, now: datetime) -> Iterator[Actor]:
    """The owner at this moment, in their language and time zone.

    Raises:
        PersonFacingError: they work there no more, or may not gather papers.
    """
    rows = Membership.objects.current(now).filter(pk=bundle.by_id).select_related("user", "agency", "site")
    member = rows.first()
    actor = Actor.of(member, now, second_factor=True).on("exchange.bundle") if member else None
    if actor is None or not actor.may(Verb.PAPERS_GATHER):
        raise PersonFacingError(_("Who asked for these papers may not gather any more."))
    asked_in = bundles.wanted(bundle, actor).get("asked_in") or actor.user.language or "en"
    with translation.override(asked_in), timezone.override(actor.membership.zone):
        yield actor


def step(now: datetime) -> bool:
    """One paper of the bundle of which the fewest were made, so that a short one need not wait for a long one; whether there was any."""
    waiting = Bundle.objects.filter(state=BundleState.GATHERING).select_related("subject")
    bundle = waiting.order_by("cursor", "asked_at", "id").first()
    if bundle is None:
        return False
    rows = BundleSheet.objects.filter(bundle=bundle, state=SheetState.WAITS)
    row = rows.select_related("case__subject", "case__child", "case__agency").order_by("place").first()
    if row is None:  # the last ones were erased
        _end(bundle, BundleState.DONE, now)
        return True
    try:
        with acting_for(bundle, now) as actor:
            _one(bundle, row, actor)
    except PersonFacingError as error:
        _end(bundle, BundleState.STOPPED, now, f"{error.sentence} {error.hint}".strip())
    return True


def _one(bundle: Bundle, row: BundleSheet, actor: Actor) -> None:
    """Make one paper, or say why not."""
    told = bundles.wanted(bundle, actor)
    paper = bundles.paper_of(told)
    if bundle.tries >= DEATHS:
        _keep(bundle, row, actor.now, {"why": _("The work broke off several times at this paper.")})
        return
    Bundle.objects.filter(pk=bundle.pk).update(tries=F("tries") + 1)
    try:
        if paper is None:
            raise PersonFacingError(_("This paper is not made any more."))
        language, made = _made(row, paper, told["language"], actor)

        def handed() -> None:
            hand_out(row.case, paper=paper, language=language, to=told["reason"], actor=actor)

        _keep(bundle, row, actor.now, {"pdf": base64.b64encode(made).decode()}, handed)
    except (Error, Locked):
        Bundle.objects.filter(pk=bundle.pk).update(tries=0)
        raise
    except PersonFacingError as error:
        _keep(bundle, row, actor.now, {"why": str(error.sentence)})
    except Exception as error:
        log.error("a paper was left out: %s", type(error).__name__)  # its message could repeat what stood on it
        _keep(bundle, row, actor.now, {"why": _("Something went wrong that is our fault.")})


def _made(row: BundleSheet, paper: papers.Paper, language: str, actor: Actor) -> tuple[str, bytes]:
    """Raises:
    PersonFacingError: the file is not open to the owner, there is nothing to put on it, or it can't be made.
    """
    file = open_file(actor, row.case)
    if not papers.may_hand_out(file, paper):
        raise PersonFacingError(_("This file is not open to you any more."))
    language = paper.speaks(file) if language == bundles.OWN_LANGUAGE else language
    html = papers.made(file, paper, "", language)
    if html is None:
        raise PersonFacingError(_("There is nothing to put on this paper."))
    return language, pdf.made(html)


def _keep(
    bundle: Bundle, row: BundleSheet, now: datetime, made: dict[str, Any], handed: Callable[[], None] | None = None
) -> None:
    """What became of a row, if it still waits; the log of the child is written with it."""
    with transaction.atomic():
        held = Bundle.objects.select_for_update(no_key=True, of=("self",)).select_related("subject")
        still = held.filter(pk=bundle.pk, state=BundleState.GATHERING).first()
        waits = BundleSheet.objects.filter(pk=row.pk, state=SheetState.WAITS).exists()
        if still is None or not waits:
            return  # it was dropped, the child was erased, or another process did it
        if handed is not None:
            handed()
        row.subject, row.made = still.subject, made
        row.state = SheetState.MADE if "pdf" in made else SheetState.LEFT_OUT
        row.save(update_fields=["state", "made"])
        still.cursor, still.tries, still.ends_at = still.cursor + 1, 0, now + bundles.KEPT
        if not BundleSheet.objects.filter(bundle=still, state=SheetState.WAITS).exists():
            still.state = BundleState.DONE
        still.save(update_fields=["state", "cursor", "tries", "ends_at"])


def _end(bundle: Bundle, state: BundleState, now: datetime, problem: str = "") -> None:
    """Of a bundle on which nothing is left to be done, or can be."""
    with transaction.atomic():
        held = Bundle.objects.select_for_update(no_key=True, of=("self",)).select_related("subject")
        still = held.filter(pk=bundle.pk, state=BundleState.GATHERING).first()
        if still is not None:
            still.state, still.ends_at = state, now + bundles.KEPT
            if problem:
                still.wanted = {"paper": "", "language": "", "reason": "", "problem": problem}
            still.save(update_fields=["state", "ends_at", "wanted"] if problem else ["state", "ends_at"])


class Gatherer(Rounds):
    """Works on bundles, in a thread of the task process."""

    name = "gatherer"
    waits = "bundles wait"

    def __init__(self, every: float = EVERY, now: Callable[[], datetime] = clock) -> None:
        super().__init__(every)
        self.now = now
        self._swept: datetime | None = None

    def turn(self) -> bool:
        now = self.now()
        if self._swept is None or now - self._swept >= SWEPT_EVERY:
            self._swept = now
            bundles.sweep(now)
        return step(now)
