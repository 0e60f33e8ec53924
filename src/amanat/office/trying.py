"""Trying a form with test data: the same screens as on a child's file. Nothing is stored; the page carries what was typed."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.access.labels import PART_LABELS
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.forms import kept, screens
from amanat.forms.faulty import FaultyForm
from amanat.forms.filling import Filling
from amanat.forms.model import MEDIA, Screen
from amanat.forms.models import FormVersion
from amanat.forms.screens import ScreenForm, is_there, name_of, repeat_asked, take


@dataclass
class Trial:
    """A form that is being tried, and the number of the screen that stands on the page, from 0."""

    version: FormVersion
    filling: Filling
    place: int
    faults: dict[str, str]
    is_over: bool = False

    @property
    def screens(self) -> list[Screen]:
        """Those that ask or say something now."""
        return [screen for screen in self.filling.screens() if is_there(screen)]


def taken_up(version: FormVersion, request: Request) -> Trial:
    """As it stood on the page that was sent, else from the beginning."""
    told: dict[str, Any] = {
        "language": get_language() or "en",
        "now": request.actor.now,
        "zone": timezone.get_current_timezone(),
    }
    form = kept.form_of(version)
    try:
        instance = base64.b64decode(request.POST["instance"], validate=True)
        return Trial(version, Filling.of(form, instance, **told), _number(request.POST.get("place", "")), {})
    except (KeyError, binascii.Error, FaultyForm):
        return Trial(version, Filling.begin(form, **told), 0, {})


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def go_on(trial: Trial, request: Request) -> None:
    """Take what was sent and go where the person wants to: a screen that does not hold stays, with what is wrong in it."""
    sent, there = request.POST, trial.screens
    if not there:
        return
    trial.place = min(trial.place, len(there) - 1)
    screen, go = _taken(trial, there[trial.place], request), sent.get("go", "")
    if repeat_asked(trial.filling, screen, sent) or go == "look":
        return
    if go == "back":
        trial.place = max(trial.place - 1, 0)
    elif go in ("next", "finish"):
        trial.faults = trial.filling.faults(screen.key)
        if not trial.faults and not _brings_more(screen, request):
            _forward(trial, screen)


def _taken(trial: Trial, screen: Screen, request: Request) -> Screen:
    """Take the answers; of a file its name, the file itself goes when the request ends."""
    for item in take(trial.filling, screen, request.POST).questions:
        if item.question.kind in MEDIA and (sent := request.FILES.get(name_of(item.path))):
            trial.filling.put(item.path, sent.name or "")
    return next((one for one in trial.screens if one.key == screen.key), screen)


def _brings_more(screen: Screen, request: Request) -> bool:
    """Whether an answer brought onto the screen what the page did not show yet."""
    shown = screens.shown_in(request.POST)
    return any(name_of(item.path) not in shown for item in screen.questions)


def _forward(trial: Trial, screen: Screen) -> None:
    """The answers may have brought screens, or taken some away; at the end the whole form has to hold."""
    keys = [one.key for one in trial.screens]
    trial.place = keys.index(screen.key) + 1 if screen.key in keys else trial.place
    if trial.place < len(keys):
        return
    trial.faults, trial.place = trial.filling.faults(), len(keys) - 1
    trial.is_over = not trial.faults
    wrong = [
        place for place, one in enumerate(trial.screens) if {item.path for item in one.questions} & set(trial.faults)
    ]
    trial.place = wrong[0] if wrong else trial.place


def shown(trial: Trial, request: Request) -> dict[str, Any]:
    """What the page needs: of a form that was gone through what came of it, else the screen."""
    filling = trial.filling
    if trial.is_over:
        return {
            "answers": [(answer, PART_LABELS[Part(answer.part)]) for answer in filling.answers()],
            "scores": filling.scores(),
            "alerts": filling.alerts(),
        }
    there = trial.screens
    place = min(trial.place, len(there) - 1)
    return {
        "form": ScreenForm(request, there[place], version=trial.version.pk, faults=trial.faults) if there else None,
        "carried": {"instance": base64.b64encode(filling.instance()).decode(), "place": place},
        "number": place + 1,
        "count": len(there),
        "is_first": place == 0,
        "is_last": place == len(there) - 1,
        "finish": _("Finish"),
    }


def changed(trial: Trial, form: ScreenForm | None, request: Request) -> dict[str, Any]:
    """What the page lacks after an answer changed; nothing else of it is sent anew. What the page carries is, where answers set
    others: else that would be taken for what was typed when the next one changes."""
    swaps, gone = screens.changed(form.lines, request.POST) if form else ([], [])
    return {"swaps": swaps, "gone": gone, "carries": bool(trial.filling.form.followers)}
