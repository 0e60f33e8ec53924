"""Forms of sessions: planning one, recording what came of it, correcting that, a note of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.psychology.goals import Goal
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Radios, Seen

LONGEST = 600  # minutes


class PlanForm(Form):
    seen = Seen()
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    minutes = forms.IntegerField(label=_("How many minutes"), required=False, min_value=1, max_value=LONGEST)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    approach = forms.ChoiceField(label=_("Approach"), required=False)
    aim = forms.CharField(
        label=_("What it is for"),
        help_text=_("The team reads this."),
        required=False,
        max_length=2_000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, initial: Mapping[str, Any]) -> None:
        super().__init__(request, initial)
        self._offer("approach", codes_or("session_approach", _("Not decided yet")))
        if "seen" not in initial:
            del self.fields["seen"]


class WhatCameOfIt(models.TextChoices):
    HELD = "held", _("It was held")
    MISSED = "missed", _("The child did not come, or could not")
    CANCELLED = "cancelled", _("It was cancelled")


class ReportForm(Form):
    """What the team reads. The forms below take of it what they ask."""

    attendance = forms.ChoiceField(label=_("How the child came"), required=False, widget=Radios())
    why_missed = forms.ChoiceField(label=_("Why it was not held"), required=False)
    approach = forms.ChoiceField(label=_("Approach"), required=False)
    minutes = forms.IntegerField(label=_("How many minutes"), required=False, min_value=1, max_value=LONGEST)
    language = forms.ChoiceField(label=_("Language of the session"), required=False)
    interpreter = forms.CharField(
        label=_("Interpreter"), help_text=_("Name or number. Empty: there was none."), required=False, max_length=200
    )
    present = forms.CharField(label=_("Who else was there"), required=False, max_length=300)
    choices = forms.MultipleChoiceField(
        label=_("What the child chose"),
        help_text=_("Choice and control help most of all in adolescence. Mark what was really offered and chosen."),
        required=False,
        widget=Checkboxes(),
    )
    summary = forms.CharField(
        label=_("Summary for the team"),
        help_text=_("What those who help need to know: how the child is, what helps, what to avoid. No story."),
        required=False,
        max_length=5_000,
        widget=LongText(rows=6),
    )
    next = forms.CharField(label=_("What is next"), required=False, max_length=1_000, widget=LongText(rows=2))
    needed_at_times = ("attendance", "summary", "why_missed")

    def __init__(self, request: Request, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, initial)
        self._offer("attendance", codes("session_attendance"))
        self._offer("why_missed", codes_or("session_missed", _("Choose")))
        self._offer("approach", codes_or("session_approach", _("Choose")))
        self._offer("language", codes_or("language", _("Choose")))
        self._offer("choices", codes("session_choice"))


class RecordForm(ReportForm):
    """What came of a session, with the child's goals and a note of one's own. `planned`: it was planned, so that it may be missed."""

    seen = Seen()
    state = forms.ChoiceField(label=_("What came of it"), choices=WhatCameOfIt, widget=Radios())
    at = forms.DateTimeField(label=_("When it began"), widget=DateTimeInput())
    goal = forms.CharField(
        label=_("A new goal of the child, in its own words"),
        help_text=_("Word for word, in the language in which it was said. It stays as it is."),
        required=False,
        max_length=1_000,
        widget=LongText(rows=2),
    )
    notes = forms.CharField(
        label=_("Your own notes"),
        help_text=_("Process notes: sealed, and nobody but you reads them."),
        required=False,
        max_length=20_000,
        widget=LongText(rows=8),
    )
    field_order = [
        "state",
        "at",
        "why_missed",
        "attendance",
        "approach",
        "minutes",
        "language",
        "interpreter",
        "present",
        "choices",
        "summary",
        "next",
        "goal",
        "notes",
    ]

    def __init__(
        self,
        request: Request,
        goals: Sequence[Goal],
        initial: Mapping[str, Any] | None = None,
        *,
        planned: bool = False,
    ) -> None:
        super().__init__(request, initial)
        self.goals = goals
        if not planned:
            for name in ("state", "why_missed", "seen"):
                del self.fields[name]
        for one in goals:
            self.fields[f"how_{one.ref}"] = forms.ChoiceField(
                label=_("How it goes: %(goal)s") % {"goal": one.words.text},
                required=False,
                choices=codes_or("goal_how", _("It was not spoken of")),
            )
            self.fields[f"said_{one.ref}"] = forms.CharField(
                label=_("In the child's words"), required=False, max_length=500
            )
        self.order_fields([*(name for name in self.fields if name not in ("goal", "notes")), "goal", "notes"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        steps = {}
        for one in self.goals:
            how, words = told.pop(f"how_{one.ref}", ""), told.pop(f"said_{one.ref}", "")
            if words and not how:
                self.add_error(f"how_{one.ref}", _("Say how it goes as well."))
            steps[one.ref] = {"how": how, "words": words}
        told["steps"] = steps
        return told


class CorrectForm(ReportForm):
    seen = Seen()
    reason = forms.CharField(label=_("Why it is corrected"), max_length=500, widget=LongText(rows=2))

    def __init__(self, request: Request, initial: Mapping[str, Any], *, held: bool) -> None:
        super().__init__(request, initial)
        others = (
            ["why_missed"]
            if held
            else [name for name in self.fields if name not in ("why_missed", "next", "seen", "reason")]
        )
        for name in others:
            del self.fields[name]


class NoteForm(Form):
    notes = forms.CharField(
        label=_("Your own notes"),
        help_text=_("Process notes: sealed, and nobody but you reads them."),
        max_length=20_000,
        widget=LongText(rows=8),
    )
