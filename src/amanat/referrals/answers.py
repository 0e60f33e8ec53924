"""A referral as the agency that was asked has it before it: what may be read, what can be done with it now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Level, Part, Verb
from amanat.cases import menu
from amanat.cases.models import Case
from amanat.people.models import Membership
from amanat.referrals import numbers, states, telling, terms
from amanat.referrals.agreeing import carries_on, over_at
from amanat.referrals.lodgings import SHELTER
from amanat.referrals.models import RUNNING, Referral, State
from amanat.referrals.showing import Line, history, part_labels, summary_of
from amanat.referrals.states import Move, Who

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Answer:
    """A link to a page that does a verb, while the table has such a way from where the referral is."""

    needs: Verb
    move: Move
    url_name: str
    label: StrOrPromise
    icon: str


ANSWERS = (
    Answer(Verb.REFERRAL_ACCEPT, Move.ACCEPT, "referrals.accept", _("Accept"), "check"),
    Answer(Verb.REFERRAL_TAKE_CASE, Move.TAKE_CASE, "referrals.take_case", _("Take the case"), "check"),
    Answer(Verb.REFERRAL_START, Move.START, "referrals.start", _("The service begins"), "check"),
    Answer(Verb.REFERRAL_FINISH, Move.FINISH, "referrals.finish", _("The service is done"), "check"),
    Answer(Verb.REFERRAL_DECLINE, Move.DECLINE, "referrals.decline", _("Decline"), "close"),
)
TAKE_OVER = Answer(Verb.REFERRAL_TAKE_OVER, Move.ACCEPT, "referrals.take_over", _("Take over from a colleague"), "swap")
ONCE_MORE = replace(TAKE_OVER, label=_("Go on by a new consent"))


def offered(file: File, referral: Referral) -> list[Answer]:
    """What this worker can do with it now, the first as the main button."""
    ways = {*states.moves(referral.state, referral.kind, Who.ADDRESSEE)}
    ways |= {*states.moves(referral.state, referral.kind, Who.RECEIVER)}
    found = [one for one in ANSWERS if one.move in ways and file.may(one.needs)]
    if referral.state not in RUNNING or not file.may(TAKE_OVER.needs):
        return found
    if referral.receiver_id != file.actor.membership.pk:
        return [*found, TAKE_OVER]
    holds = referral.consent is not None and referral.consent.holds(file.actor.now)
    return found if holds else [*found, ONCE_MORE]


def head(file: File, referral: Referral) -> dict[str, Any]:
    """What every page about one shows of it."""
    return {
        "referral": referral,
        "line": Line(referral, file.actor.now),
        "number": numbers.spoken(referral.number),
        "unverified": is_unverified(referral),
        "runs_on": referral.state in RUNNING and carries_on(referral),
    }


def is_unverified(referral: Referral) -> bool:
    """Whether nobody could check where its times come from. That a consent's end is told a day before is ours, whatever the pack says."""
    held = terms.urgencies().get(referral.urgency)
    return held is None or not held.verified or over_at(referral) is not None


def about(file: File, referral: Referral) -> dict[str, Any]:
    """The page of one. Nobody at the agency reads the summary before somebody there said that it came."""
    is_new = referral.state == State.SENT and file.may(Verb.REFERRAL_SEE)
    steps, notes = history(file, referral)
    return head(file, referral) | {
        "is_new": is_new,
        "summary": None if is_new else summary_of(file, referral),
        "parts": part_labels(referral.parts),
        "is_taken": referral.state in RUNNING,
        "has_begun": referral.state == State.STARTED,
        "withdrawn": _is_withdrawn(referral),
        "consented": file.level(Part.CONSENT) is not Level.NONE and referral.consent_id is not None,
        "actions": [] if is_new else offered(file, referral),
        "steps": steps,
        "notes": notes,
        "writes_notes": file.sees(Part.SERVICE_NOTES),
        "may_note": file.may(Verb.REFERRAL_NOTE) and referral.state in RUNNING,
        **_file(file, referral),
    }


def _is_withdrawn(referral: Referral) -> bool:
    """Also where it runs on until the safety decision."""
    return referral.consent is not None and (carries_on(referral) or referral.consent.withdrawn_at is not None)


def _file(file: File, referral: Referral) -> dict[str, Any]:
    """The way to the child's file for whoever receives the child, with what is open to them there."""
    if referral.state not in RUNNING or not file.sees(Part.SERVICE_NOTES):
        return {}
    case = referral.case
    case.subject = referral.subject
    there = open_file(file.actor, case)
    named = [Part(part) for part in referral.parts if there.sees(Part(part))]
    found: dict[str, Any] = {"file_url": case.get_absolute_url(), "open_parts": [PART_LABELS[part] for part in named]}
    if referral.need == SHELTER:
        found |= {"way_in": menu.that_does(Verb.STAY_ADMIT, there), "case": case}
    return found


def colleagues(referral: Referral, actor: Actor) -> QuerySet[Membership]:
    """Who of the agency could receive the child."""
    return telling.could_receive(referral, actor.now)


def after_taking(actor: Actor, case: Case) -> str:
    """The file, where it is open to whoever took it for a colleague; else the list."""
    return case.get_absolute_url() if open_file(actor, case).exists else reverse("referrals.inbox")
