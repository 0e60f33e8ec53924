"""A referral as its sender has it before them: where it is, and what can be done about it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.referrals import answers, conferences, inbox, states
from amanat.referrals.actions.following_up import told_ways
from amanat.referrals.models import FAILED, Kind, Referral, State
from amanat.referrals.outside import handed
from amanat.referrals.preparing import Need, page_of
from amanat.referrals.showing import history, part_labels, summary_of
from amanat.referrals.states import Move, Who

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Deed:
    """A link to what the sender can do now."""

    href: str
    label: StrOrPromise
    icon: str


def section_of(case: Case) -> str:
    return f"{case.get_absolute_url()}?section=referrals"


def head(file: File, referral: Referral) -> dict[str, Any]:
    """What every page about one shows of it."""
    told = answers.head(file, referral)
    asked = told.pop("line")  # the case's own line stands under this name
    return told | {
        "asked": asked,
        "back": section_of(referral.case),
        "here": reverse("referrals.progress", args=[referral.case, referral.pk]),
    }


def about(file: File, referral: Referral) -> dict[str, Any]:
    steps, _notes = history(file, referral)
    return head(file, referral) | {
        "nobody": referral.state in FAILED and inbox.is_untaken(referral),
        "actions": deeds(file, referral),
        "parts": part_labels(referral.parts),
        "summary": summary_of(file, referral),
        "decided_at": conferences.of_referral(referral),
        "steps": steps,
        "may_go_out": referral.agency_id is None and referral.state != State.DRAFT,
        "handed": handed.of(referral, file.actor.now) if referral.agency_id is None else [],
        "has_begun": referral.state in (State.STARTED, State.DONE),
    }


def deeds(file: File, referral: Referral) -> list[Deed]:
    """The first as the main button."""
    return [deed for deed in (_prepare(file, referral), *_while_open(file, referral)) if deed is not None]


def _prepare(file: File, referral: Referral) -> Deed | None:
    if not file.may(Verb.REFERRAL_PREPARE) or referral.case.is_closed:
        return None
    there = page_of(referral)
    if referral.state == State.DRAFT:
        return Deed(there, _("Go on preparing"), "note")
    if referral.state not in FAILED or referral.kind != Kind.SERVICE:
        return None
    need = Need(referral.need, referral.urgency)
    return Deed(f"{there}&need={need}&again={referral.pk.hex}", _("Ask somebody else"), "arrow-right")


def _while_open(file: File, referral: Referral) -> list[Deed]:
    def to(name: str) -> str:
        return reverse(f"referrals.{name}", args=[referral.case, referral.pk])

    found = []
    if referral.agency_id is None and referral.is_in_hands and file.may(Verb.REFERRAL_SEND):
        found.append(Deed(to("hand_out"), _("Letter or packet"), "print"))
    if told_ways(referral) and file.may(Verb.REFERRAL_FOLLOW_UP):
        found.append(Deed(to("follow_up"), _("Note what they said"), "phone"))
    ways = states.moves(referral.state, referral.kind, Who.SENDER)
    if Move.REVOKE in ways and file.may(Verb.REFERRAL_REVOKE):
        found.append(Deed(to("revoke"), _("Revoke"), "minus"))
    return found
