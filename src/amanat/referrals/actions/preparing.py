"""Preparing what is to be asked of others for a child: drafts, which leave together as one response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.consenting import NOT_TO_SHARE
from amanat.cases.actions.marking import lock
from amanat.cases.models import Case
from amanat.directory.models import Organization, Service
from amanat.people.models import Agency
from amanat.referrals import agreeing, clocks, moving, numbers, terms
from amanat.referrals.models import Kind, Referral, Response, State
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.states import Move, Who
from amanat.web.errors import PersonFacingError, Stale


@dataclass(frozen=True)
class Ask:
    """One need asked of one recipient. `summary` is {need, age_band, sex, languages, limits, words}, see `Referral`."""

    to: Agency | Organization
    need: str
    urgency: str
    summary: Mapping[str, Any]
    parts: Sequence[Part] = ()
    service: Service | None = None
    kind: Kind = field(default=Kind.SERVICE)


@verb(Verb.REFERRAL_PREPARE)
def prepare(case: Case, *, asked: Sequence[Ask], response: Response | None = None, actor: Actor) -> Response:
    """Keep what is to be asked, as drafts; with `response` they stand beside those that it has.

    Raises:
        PersonFacingError: the case is closed, nothing is asked, or a code is none of the pack's lists.
    """
    lock(case)
    _check_open(case)
    if not asked:
        raise PersonFacingError(_("Say what is needed."), field="need")
    if response is None:
        response = Response.objects.create(case=case, subject=case.subject, made_by=actor.membership, made_at=actor.now)
    moving.check_of(case, response)
    for one in asked:
        _draft(case, response, one, actor)
    return response


@verb(Verb.REFERRAL_PREPARE)
def write(
    case: Case,
    *,
    referral: Referral,
    summary: Mapping[str, Any],
    parts: Sequence[Part],
    actor: Actor,
    seen: int | None = None,
) -> Referral:
    """Other words and parts of a draft, which stays what it is.

    Raises:
        MovedMeanwhile: it left, or was taken out.
        PersonFacingError: the case is closed, or a part can't be shared.
        Stale: somebody wrote in it since `seen`.
    """
    _hold_draft(case, referral)
    _check_open(case)
    _check_parts(parts)
    if seen is not None and referral.version != seen:
        raise Stale(_as_fields(case, referral, actor), referral.version)
    referral.summary, referral.parts = dict(summary), _in_order(parts)
    referral.version += 1
    referral.save(update_fields=["summary", "parts", "version"])
    return referral


@verb(Verb.REFERRAL_PREPARE)
def leave_out(case: Case, *, referral: Referral, actor: Actor) -> Referral:
    """Take a draft out; the others of its response stay as they are.

    Raises:
        MovedMeanwhile: it left, or was taken out already.
    """
    _hold_draft(case, referral)
    moving.move(referral, Move.DISCARD, Who.SENDER, now=actor.now, actor=actor)
    return referral


def _hold_draft(case: Case, referral: Referral) -> None:
    moving.check_of(case, referral)
    referral.case = case
    moving.hold(referral)
    if referral.state != State.DRAFT:
        raise MovedMeanwhile(referral)


def _as_fields(case: Case, referral: Referral, actor: Actor) -> dict[str, Any]:
    """What stands in it now, by the fields of its form."""
    now = Referral.objects.select_related("subject").get(pk=referral.pk)
    return dict(open_file(actor, case).open(now, "summary") or {}) | {"parts": now.parts}


def _check_open(case: Case) -> None:
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))


def _check_parts(parts: Sequence[Part]) -> None:
    if NOT_TO_SHARE.intersection(parts):
        raise PersonFacingError(_("This part can't be shared."), field="parts")


def _in_order(parts: Iterable[Part]) -> list[str]:
    return [str(part) for part in Part if part in set(parts)]


def _draft(case: Case, response: Response, asked: Ask, actor: Actor) -> Referral:
    if asked.urgency not in terms.urgencies():
        raise PersonFacingError(_("Choose one of the list."), field="urgency")
    _check_parts(asked.parts)
    agency = asked.to if isinstance(asked.to, Agency) else asked.to.agency
    referral = Referral(
        subject=case.subject,
        agency=agency,
        organisation=None if agency is not None or isinstance(asked.to, Agency) else asked.to,
        response=response,
        case=case,
        number=numbers.unused(Referral),
        kind=asked.kind,
        need=moving.code_of("service_need", asked.need, "need") if asked.kind == Kind.SERVICE else "",
        urgency=asked.urgency,
        service=asked.service,
        parts=_in_order(agreeing.WHOLE if asked.kind == Kind.TRANSFER else asked.parts),
        made_by=actor.membership,
        made_at=actor.now,
        since=actor.now,
        summary=dict(asked.summary),
    )
    span = terms.urgency(asked.urgency)
    referral.due_at, referral.rings_at = clocks.clock_of(referral, span).due, clocks.rings(referral, span, actor.now)
    referral.save(force_insert=True)
    moving.note_step(referral, Verb.REFERRAL_PREPARE, now=actor.now, membership=actor.membership)
    return referral
