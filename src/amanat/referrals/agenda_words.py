"""A point of an agenda in its reader's words; what is kept of it is codes and what somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat.access.policy import Part
from amanat.cases import conferring
from amanat.cases.happenings import step_label
from amanat.cases.models import EventKind, TaskKind
from amanat.cases.shown import Text, label, spoken, why_said
from amanat.referrals.models import State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Said:
    """A point in its reader's words. `at`: by when it was due, or since when it is so."""

    title: Text
    detail: str = ""
    at: datetime | None = None


def said(content: Mapping[str, Any]) -> Said:
    """In the active language."""
    at = datetime.fromisoformat(content["at"]) if content.get("at") else None
    brought = conferring.kind(content["kind"])
    say = brought.say if brought else _WAYS.get(content["kind"], _of_something)
    title, detail = say(content)
    return Said(title, detail, at)


def _of_step(content: Mapping[str, Any]) -> tuple[Text, str]:
    return Text(step_label(content["step"])), _("step of the procedure")


def _of_task(content: Mapping[str, Any]) -> tuple[Text, str]:
    kind = capfirst(str(TaskKind(content["as"]).label))
    return (why_said(content["text"]) if content["text"] else Text(kind)), content["owner"]


def _of_referral(content: Mapping[str, Any]) -> tuple[Text, str]:
    need = label("service_need", content["need"]) if content["need"] else _("The whole case")
    return Text(need), f"{content['to']}, {State(content['state']).label}"


def _of_unmet(content: Mapping[str, Any]) -> tuple[Text, str]:
    return Text(_("Nobody took this: %(need)s") % {"need": label("service_need", content["need"])}), ""


def _of_news(content: Mapping[str, Any]) -> tuple[Text, str]:
    """Of what there is news, and how much; what each line says stands on the timeline."""
    count = sum(number for _kind, number in content["events"])
    kinds = ", ".join(dict.fromkeys(str(EventKind(kind).label) for kind, _number in content["events"]))
    told = ngettext("%(n)s new entry: %(kinds)s", "%(n)s new entries: %(kinds)s", count) % {"n": count, "kinds": kinds}
    title = _NEWS.get(content.get("part", ""))
    return Text(str(title) if title else capfirst(kinds)), told


def _of_consent(content: Mapping[str, Any]) -> tuple[Text, str]:
    purpose = label("consent_purpose", content["purpose"])
    return Text(_("A consent has ended: %(purpose)s") % {"purpose": purpose}), content["to"]


def _of_words(content: Mapping[str, Any]) -> tuple[Text, str]:
    return spoken(content["text"]), ""


def _of_something(content: Mapping[str, Any]) -> tuple[Text, str]:
    """Of a room that does not bring such points any more."""
    return spoken(str(content.get("words", ""))), ""


# What there is news of, as somebody would say it who leads the conference.
_NEWS: dict[str, StrOrPromise] = {
    Part.EXISTENCE: gettext_lazy("How the work goes on"),
    Part.REFERRAL_SUMMARY: gettext_lazy("What other agencies were asked for"),
    Part.IDENTITY: gettext_lazy("Who the child is"),
    Part.CONTACTS: gettext_lazy("How the child and those around are reached"),
    Part.SAFETY: gettext_lazy("Whether the child is safe"),
    Part.FACTS: gettext_lazy("What is known of what happened"),
    Part.NARRATIVE: gettext_lazy("What the child and others told"),
    Part.PSYCHOLOGY_SUMMARY: gettext_lazy("How the child feels"),
    Part.HEALTH_FILE: gettext_lazy("The child’s health"),
    Part.HEALTH_ALERTS: gettext_lazy("Medicines, and what to take care of"),
    Part.LEGAL_FILE: gettext_lazy("Proceedings and rights"),
    Part.LEGAL_STATUS: gettext_lazy("Stay and papers"),
    Part.CENTRE: gettext_lazy("How life in the house goes"),
    Part.PLAN: gettext_lazy("Work on the plan"),
    Part.CONSENT: gettext_lazy("What was agreed to"),
}
_WAYS = {
    "step": _of_step,
    "task": _of_task,
    "referral": _of_referral,
    "unmet": _of_unmet,
    "new": _of_news,
    "consent": _of_consent,
    "own": _of_words,
}
