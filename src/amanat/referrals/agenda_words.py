"""A point of an agenda in its reader's words; what is kept of it is codes and what somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from amanat.cases import conferring
from amanat.cases.happenings import step_label
from amanat.cases.models import EventKind, TaskKind
from amanat.cases.shown import Text, label, spoken, why_said
from amanat.referrals.models import State


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
    told = [
        f"{EventKind(kind).label} ({count})" if count > 1 else str(EventKind(kind).label)
        for kind, count in content["events"]
    ]
    return Text(capfirst(", ".join(told))), ""


def _of_consent(content: Mapping[str, Any]) -> tuple[Text, str]:
    purpose = label("consent_purpose", content["purpose"])
    return Text(_("A consent has ended: %(purpose)s") % {"purpose": purpose}), content["to"]


def _of_words(content: Mapping[str, Any]) -> tuple[Text, str]:
    return spoken(content["text"]), ""


def _of_something(content: Mapping[str, Any]) -> tuple[Text, str]:
    """Of a room that does not bring such points any more."""
    return spoken(str(content.get("words", ""))), ""


_WAYS = {
    "step": _of_step,
    "task": _of_task,
    "referral": _of_referral,
    "unmet": _of_unmet,
    "new": _of_news,
    "consent": _of_consent,
    "own": _of_words,
}
