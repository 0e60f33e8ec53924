"""Answers in words, for people who read them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from amanat.forms.model import SELECTS, Offered, Question
from amanat.forms.running import Run
from amanat.forms.values import day_of_text, moment_of_text, time_of_text
from amanat.web.formats import written


def said(question: Question, text: str, choices: Sequence[Offered], run: Run) -> str:
    """An answer in the language of the filling; a choice that is no longer offered by its name."""
    if question.kind in SELECTS:
        labels = {choice.value: choice.label for choice in choices}
        values = [text] if question.kind == "select_one" else text.split()
        return ", ".join(labels.get(value) or value for value in values)
    if question.kind == "acknowledge":
        return _("Yes") if text else ""
    language = run.language if translation.check_for_language(run.language) else "en"
    with translation.override(language):
        return _of_time(question.kind, text, run) or text


def _of_time(kind: str, text: str, run: Run) -> str:
    if kind == "date" and (day := day_of_text(text)):
        return written(day, "DATE_FORMAT")
    if kind == "dateTime" and (moment := moment_of_text(text, run.zone)):
        return written(moment.astimezone(run.zone), "DATETIME_FORMAT")
    if kind == "time" and (clock := time_of_text(text)):
        return clock.strftime("%H:%M")
    return ""
