"""The forms around a draft and an agreed plan: comments, answers, agreements, approval, reports, reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.plans.models import Party
from amanat.plans.voices import ANSWERS, DECISIONS, PROGRESS, TRIGGERS
from amanat.web.forms import DateInput, Form, LongText, Radios, Seen, Tick


class CommentForm(Form):
    words = forms.CharField(label=_("What you say of it"), max_length=4000, widget=LongText(rows=4))
    is_proposal = forms.BooleanField(
        label=_("This is a proposal: the text should be changed so"), required=False, widget=Tick()
    )


class AnswerForm(Form):
    taken = forms.TypedChoiceField(
        label=_("What comes of it"),
        choices=[("yes", _("Taken up")), ("no", _("Not taken up"))],
        coerce=lambda value: value == "yes",
        widget=Radios(),
    )
    words = forms.CharField(
        label=_("Answer"),
        help_text=_("Where it is not taken up, say why."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )


class _OnADay(Form):
    on = forms.DateField(label=_("On"), widget=DateInput())

    def __init__(self, request: Request, **initial: Any) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)} | initial)


class AgreeForm(_OnADay):
    field_order = ["party", "answer", "name", "on", "words", "seen"]

    seen = Seen()
    party = forms.ChoiceField(label=_("Who was asked"), widget=Radios())
    answer = forms.ChoiceField(label=_("What they said"), widget=Radios())
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Of the guardian, or of who spoke for the team."),
        required=False,
        max_length=200,
    )
    words = forms.CharField(
        label=_("In their own words"),
        help_text=_("Needed where they do not agree, or could not be asked: then the reason."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, *, edition: int, parties: Sequence[Party]) -> None:
        super().__init__(request, seen=edition, party=parties[0] if parties else Party.CHILD)
        self._offer("party", [(one.value, one.label) for one in Party])
        self._offer("answer", codes(ANSWERS))


class ApproveForm(Form):
    """`seen`: the number of the version in force. Who met another one reads that first: the page is opened anew."""

    seen = Seen()
    words = forms.CharField(label=_("Words"), required=False, max_length=1000, widget=LongText(rows=2))


class ReportForm(_OnADay):
    field_order = ["state", "on", "words"]

    state = forms.ChoiceField(label=_("How it goes"), widget=Radios())
    words = forms.CharField(
        label=_("In words"),
        help_text=_("What the indicator says now; what stands in the way."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("state", codes(PROGRESS))


class ReviewForm(_OnADay):
    field_order = ["trigger", "on", "good", "hard", "child", "decision", "next_on"]

    trigger = forms.ChoiceField(label=_("Why it is reviewed"), widget=Radios())
    good = forms.CharField(label=_("What goes well"), max_length=4000, widget=LongText(rows=3))
    hard = forms.CharField(label=_("What does not go on"), required=False, max_length=4000, widget=LongText(rows=3))
    child = forms.CharField(
        label=_("What the child says"),
        help_text=_("In the child's own words; or why the child was not asked."),
        max_length=4000,
        widget=LongText(rows=3),
    )
    decision = forms.ChoiceField(label=_("What was decided"), widget=Radios())
    next_on = forms.DateField(label=_("To be reviewed again by"), required=False, widget=DateInput())

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("trigger", codes(TRIGGERS))
        self._offer("decision", codes(DECISIONS))
