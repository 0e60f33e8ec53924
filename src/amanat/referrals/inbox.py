"""Lists of referrals: those in the hands of an agency, those that left from one's own files, those that nobody took."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.policy import Verb
from amanat.cases.shown import Badge, case_of, label
from amanat.referrals import sides, unmet
from amanat.referrals.models import IN_HANDS, Referral, State, Step, TakenBack, Unmet
from amanat.referrals.showing import Line, ShownStep, Summary, shown_step, summary_of, urgency_badge
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OURS, MINE, SENT, EVERY = "ours", "mine", "sent", "every"
LISTS: dict[str, StrOrPromise] = {
    OURS: _("To us"),
    MINE: _("Which I receive"),
    SENT: _("From our files"),
    EVERY: _("Of all agencies"),
}
STATES: dict[str, StrOrPromise] = {"open": _("Open"), "over": _("Over")}
UNMET_SHOWN = 25
PASSED_ON_SHOWN = 10
BACK_SHOWN = 25
# No source names the number: the list says that it is this workspace's own.
BACK_SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A word that is not ours counts as none."""

    whose: str
    state: str = "open"

    @classmethod
    def of(cls, query: QueryDict, actor: Actor) -> Asked:
        offered = offered_to(actor)
        whose = query.get("whose", "")
        state = query.get("state", "")
        return cls(whose if whose in offered else offered[0], state if state in STATES else "open")

    @property
    def query(self) -> str:
        return urlencode({"whose": self.whose} | ({"state": self.state} if self.state != "open" else {}))

    @property
    def may_be_over(self) -> bool:
        """What is over is no more in the receiver's hands: only lists of the sending side have it."""
        return self.whose in (SENT, EVERY)

    @property
    def is_to_us(self) -> bool:
        return self.whose in (OURS, MINE)

    def rows(self, actor: Actor) -> QuerySet[Referral]:
        if self.is_to_us:
            return received(actor, mine=self.whose == MINE)
        rows = sent(actor)
        open_ = self.state == "open"
        return rows.filter(Referral.in_hands()) if open_ else rows.exclude(state__in=IN_HANDS)

    def page(self, actor: Actor, cursor: str) -> Page[Referral]:
        """What is sorted are slim rows; those of the page are read whole."""
        over = self.may_be_over and self.state == "over"
        order = ["-since", "-id"] if over else ["due_at", "id"]
        page = keyset_page(self.rows(actor).only("id", "due_at", "since"), order=order, cursor=cursor)
        whole = _with_names(Referral.objects.all()).in_bulk([row.pk for row in page.rows])
        return replace(page, rows=[whole[row.pk] for row in page.rows if row.pk in whole])


def is_asked(actor: Actor) -> bool:
    """Whether referrals to their agency are in this worker's hands."""
    return actor.role in Referral.by_ownership


def offered_to(actor: Actor) -> list[str]:
    """The lists that are of use to somebody, the first one first: who receives nothing, as the coordinator, has those of all."""
    return [OURS, MINE, SENT] if is_asked(actor) else [EVERY]


def received(actor: Actor, *, mine: bool = False) -> QuerySet[Referral]:
    """Those in the hands of the actor's agency."""
    here = Referral.objects.filter(Referral.in_hands(), agency=actor.membership.agency_id)
    rows = here.filter(receiver__in=actor.stands_for) if mine else here
    return visible_to(actor, rows)


def sent(actor: Actor) -> QuerySet[Referral]:
    """Those that left from files that the actor may know of."""
    return sides.senders_referrals(actor).exclude(state__in=(State.DRAFT, State.DISCARDED))


def _with_names(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return rows.select_related(
        "subject", "agency", "organisation", "service", "receiver__user", "case__agency", "case__child"
    )


@dataclass(frozen=True)
class Listed:
    """One in a list. `file` and `summary` are there where it came to us; the summary once somebody opened it."""

    line: Line
    file: File | None = None
    summary: Summary | None = None


def lines(actor: Actor, asked: Asked, rows: Sequence[Referral]) -> list[Listed]:
    """Of what came, the age and sex that the summary says are opened. One query however many."""
    if not asked.is_to_us:
        return [Listed(Line(row, actor.now)) for row in rows]
    return [_received(file, _row(file)) for file in open_files(actor, rows)]


def _received(file: File, row: Referral) -> Listed:
    return Listed(Line(row, file.actor.now), file, None if row.state == State.SENT else summary_of(file, row))


def _row(file: File) -> Referral:
    assert isinstance(file.row, Referral)
    return file.row


@dataclass(frozen=True)
class Back:
    """What was taken back from the agency that was asked: that it was, and why. Nothing of what it said."""

    file: File
    referral: TakenBack
    step: ShownStep


def taken_back(actor: Actor) -> list[Back]:
    """Those of the last days, the newest first. Three queries however many."""
    here = TakenBack.objects.filter(agency=actor.membership.agency_id, since__gt=actor.now - BACK_SHOWN_FOR)
    rows = visible_to(actor, here.filter(TakenBack.in_hands())).select_related("subject", "sent_by__agency")
    found = {row.pk: row for row in rows.order_by("-since", "-id")[:BACK_SHOWN]}
    if not found:
        return []
    ended = Step.objects.filter(referral__in=found, to_state=State.REVOKED).exclude(from_state=State.REVOKED)
    steps = {step.referral_id: step for step in ended}
    files = zip(open_files(actor, found.values()), found.values(), strict=True)
    return [Back(file, row, shown_step(file, steps[row.pk])) for file, row in files if row.pk in steps]


@dataclass(frozen=True)
class Untaken:
    """A need that nobody took, as it stands in a list."""

    unmet: Unmet

    @property
    def need(self) -> str:
        return label("service_need", self.unmet.need)

    @property
    def urgency(self) -> Badge:
        return urgency_badge(self.unmet.urgency)


def around(actor: Actor, asked: Asked) -> dict[str, Any]:
    """What stands around the list: the needs that nobody took, which lists there are; with what is over, whole cases passed on."""
    found = untaken(actor)
    passed_on = sides.handed_over(actor)[:PASSED_ON_SHOWN] if asked.whose == SENT and asked.state == "over" else []
    return {
        "untaken": found[:UNMET_SHOWN],
        "more_untaken": len(found) > UNMET_SHOWN,
        "lists": [(code, LISTS[code]) for code in offered_to(actor)],
        "passed_on": [Line(row, actor.now) for row in passed_on],
        "may_see_network": actor.may(Verb.LOOK_NETWORK),
    }


def untaken(actor: Actor) -> list[Untaken]:
    """The needs that nobody took on files that the actor may know of, the longest first; one more than is shown tells of more."""
    found = unmet_rows(actor).select_related("case__child", "case__agency").order_by("since", "id")
    return [Untaken(row) for row in found[: UNMET_SHOWN + 1]]


def unmet_rows(actor: Actor) -> QuerySet[Unmet]:
    """Few, however many cases there are: each is asked whether it is the actor's."""
    return unmet.now_unmet().filter(Exists(sides.senders_cases(actor).filter(pk=OuterRef("case"))))


def of_case(file: File) -> dict[str, Any]:
    """The section *Referrals* of a file: what left of it, what nobody took, what is being prepared."""
    case, senders = case_of(file), sides.senders_cases(file.actor)
    rows = _with_names(Referral.objects.filter(case=case.pk, case__in=senders)).exclude(state=State.DISCARDED)
    lines = [Line(row, file.actor.now) for row in rows.order_by("-since", "-id")[:100]]
    if not lines:
        return {"is_sender": senders.filter(pk=case.pk).exists()}
    return {
        "is_sender": True,
        "open_lines": sorted((line for line in lines if line.due), key=lambda line: (line.due, line.referral.number)),
        "over_lines": [line for line in lines if line.referral.is_closed],
        "drafts": [line for line in lines if line.referral.state == State.DRAFT],
        "untaken": [Untaken(row) for row in unmet.of_case(case)],
    }


def one_of_case(file: File, ref: uuid.UUID) -> Referral | None:
    """A referral of this file, with what its page shows."""
    rows = _with_names(Referral.objects.filter(case=file.row.pk, pk=ref, case__in=sides.senders_cases(file.actor)))
    row = rows.select_related("sent_by__user", "response").first()
    if row is not None:
        row.case, row.subject = case_of(file), file.row.subject
    return row


def is_untaken(referral: Referral) -> bool:
    """Whether nobody took the need that this one asked for."""
    return unmet.now_unmet().filter(response=referral.response_id, need=referral.need).exists()
