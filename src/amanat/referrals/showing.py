"""How a referral stands on a page: what is asked of whom, how urgent, how far it is, what is late.

What was said is opened by its reader's `File`; code and number are in clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part, Verb
from amanat.cases.shown import Badge, Text, label, spoken
from amanat.referrals import terms
from amanat.referrals.models import Kind, Referral, State, Step
from amanat.referrals.states import Move, Noted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATE_BADGES = {
    State.SENT: ("warning", "inbox"),
    State.SEEN: ("accent", "eye"),
    State.ACCEPTED: ("success", "check"),
    State.STARTED: ("success", "check"),
    State.DONE: ("success", "check"),
    State.DECLINED: ("danger", "close"),
    State.EXPIRED: ("danger", "clock"),
}
# By when what has to happen, by the state that it is in.
AWAITED: dict[str, StrOrPromise] = {
    State.SENT: _("To be opened by"),
    State.SEEN: _("To be answered by"),
    State.ACCEPTED: _("To begin by"),
    State.STARTED: _("To be done by"),
}
# By the verb of a step (`models.Step`): what it says, and an icon.
STEPS: dict[str, tuple[StrOrPromise, str]] = {
    Move.SEND: (_("Sent"), "arrow-right"),
    Move.SEE: (_("It was opened"), "eye"),
    Move.ACCEPT: (_("Accepted"), "check"),
    Move.TAKE_CASE: (_("The whole case was taken"), "check"),
    Move.DECLINE: (_("Declined"), "close"),
    Move.START: (_("Service begun"), "check"),
    Move.FINISH: (_("Done"), "check"),
    Move.REVOKE: (_("Revoked"), "minus"),
    Move.END_CONSENT: (_("The consent was withdrawn"), "minus"),
    Move.EXPIRE: (_("Nobody answered in time"), "clock"),
    Verb.REFERRAL_TAKE_OVER: (_("Taken over by a colleague"), "swap"),
    Verb.REFERRAL_PREPARE: (_("Prepared"), "note"),
    Noted.TRANSFERRED: (_("Ended: the case went to another agency"), "minus"),
    Verb.REFERRAL_NOTE: (_("Note"), "note"),
    Noted.REMINDED: (_("Reminded"), "clock"),
    Noted.CONSENT_ENDS: (_("The consent ends soon"), "clock"),
    Noted.ESCALATED: (_("Late: supervisors and coordinator were told"), "alert"),
    Noted.ACKNOWLEDGED: (_("Its arrival was confirmed with the code"), "eye"),
}
# What the sender notes of an organisation without Amanat says where it led.
TOLD: dict[str, tuple[StrOrPromise, str]] = {
    State.SEEN: (_("By phone: they have it"), "phone"),
    State.ACCEPTED: (_("By phone: they accept"), "phone"),
    State.DECLINED: (_("By phone: they decline"), "phone"),
    State.STARTED: (_("By phone: the service has begun"), "phone"),
    State.DONE: (_("By phone: it is done"), "phone"),
}


@dataclass(frozen=True)
class Line:
    """A referral in a list, for whoever may know of it."""

    referral: Referral
    now: datetime

    @property
    def need(self) -> StrOrPromise:
        return _("The whole case") if self.is_transfer else label("service_need", self.referral.need)

    @property
    def is_transfer(self) -> bool:
        return self.referral.kind == Kind.TRANSFER

    @cached_property
    def urgency(self) -> Badge:
        return urgency_badge(self.referral.urgency)

    @cached_property
    def state(self) -> Badge:
        state = State(self.referral.state)
        return Badge(str(state.label), *STATE_BADGES.get(state, ("", "")))

    @property
    def awaited(self) -> StrOrPromise:
        return AWAITED.get(self.referral.state, "")

    @property
    def due(self) -> datetime | None:
        return self.referral.due_at if self.referral.is_in_hands else None

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < self.now

    @property
    def is_stuck(self) -> bool:
        """Late for so long that it was told on."""
        return self.is_late and self.referral.escalated_at is not None

    @property
    def service(self) -> str:
        return str(self.referral.service) if self.referral.service else ""

    @property
    def is_outside(self) -> bool:
        """To an organisation that has no Amanat: nobody there sees it here."""
        return self.referral.agency_id is None

    @property
    def reason(self) -> str:
        return label("decline_reason", self.referral.reason)

    @property
    def outcome(self) -> str:
        return label("referral_outcome", self.referral.outcome)


def urgency_badge(name: str) -> Badge:
    """The two most urgent ones of the pack stand out."""
    held = terms.urgencies().get(name)
    if held is None:
        return Badge(name)
    return Badge(
        held.label.text(), *(("danger", "alert"), ("warning", "clock"))[held.order] if held.order < 2 else ("", "")
    )


@dataclass(frozen=True)
class Summary:
    """What a receiver decides on, as it is read. Nothing in it says who the child is."""

    held: Mapping[str, Any]

    @property
    def facts(self) -> list[tuple[StrOrPromise, Text]]:
        """Label and text of what was said, in order; what was left empty is not there."""
        languages = [packs.current().languages.name(code) for code in self.held.get("languages") or []]
        told: list[tuple[StrOrPromise, Text]] = [
            (_("What is needed, in words"), spoken(self.held.get("need") or "")),
            (_("Age, about"), Text(label("age_band", self.held.get("age_band") or ""))),
            (_("Sex"), Text(label("sex", self.held.get("sex") or ""))),
            (_("Languages"), Text(", ".join(languages))),
            (_("To be heeded so that the child is safe"), spoken(self.held.get("limits") or "")),
            (_("More that they have to know"), spoken(self.held.get("words") or "")),
        ]
        return [(name, text) for name, text in told if text.text]

    @property
    def child(self) -> str:
        """The child in a list: age and sex, as far as they were said."""
        said = (label("age_band", self.held.get("age_band") or ""), label("sex", self.held.get("sex") or ""))
        return ", ".join(word for word in said if word)


def summary_of(file: File, referral: Referral) -> Summary | None:
    """None for whoever does not see it."""
    referral.subject = file.row.subject
    return Summary(file.open(referral, "summary") or {}) if file.opens(referral, "summary") else None


@dataclass(frozen=True)
class ShownStep:
    """A step as it is read: what happened, who did it, and what was said if it is open."""

    step: Step
    words: Text | None

    @property
    def title(self) -> StrOrPromise:
        return self._told[0]

    @property
    def icon(self) -> str:
        return self._told[1]

    @property
    def _told(self) -> tuple[StrOrPromise, str]:
        by_state = TOLD if self.step.verb == Verb.REFERRAL_FOLLOW_UP else {}
        of = by_state.get(self.step.to_state) or STEPS.get(self.step.verb)
        return of or (str(self.step.get_to_state_display()), "note")

    @property
    def is_by_clock(self) -> bool:
        told = (Noted.REMINDED, Noted.CONSENT_ENDS, Noted.ESCALATED, Move.EXPIRE, Move.END_CONSENT)
        return self.step.membership_id is None and self.step.verb in told


def history(file: File, referral: Referral) -> tuple[list[ShownStep], list[ShownStep]]:
    """What happened, and the notes of the service. A receiver's notes are not there for whoever sent it."""
    rows = referral.steps.select_related("membership__user", "membership__agency")
    order = list(State)
    steps = sorted(rows, key=lambda step: (step.at, order.index(State(step.to_state)), step.pk))
    shown = [shown_step(file, step) for step in steps if _is_open(file, step)]
    notes = [one for one in shown if one.step.part == Part.SERVICE_NOTES]
    return [one for one in shown if one not in notes], notes


def _is_open(file: File, step: Step) -> bool:
    step.subject = file.row.subject
    return file.opens(step, "words")


def shown_step(file: File, step: Step) -> ShownStep:
    """Of a step that is open to them."""
    step.subject = file.row.subject
    words = file.open(step, "words") or ""
    return ShownStep(step, spoken(words) if words else None)


def part_labels(parts: Iterable[str]) -> list[StrOrPromise]:
    return [PART_LABELS[Part(part)] for part in parts]
