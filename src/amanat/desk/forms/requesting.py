"""Requests of children and guardians: written down, given more time, answered."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request as HttpRequest
from amanat.cases.forms.choices import codes
from amanat.desk.models import Answer, RequestKind
from amanat.web.forms import DateInput, Form, LongText, Radios


class RecordForm(Form):
    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind, widget=Radios())
    given_by = forms.ChoiceField(label=_("Who asks"), widget=Radios())
    text = forms.CharField(
        label=_("In their words"), help_text=_("As they said or wrote it, in their language."), widget=LongText(rows=4)
    )
    received_on = forms.DateField(label=_("Asked on"), help_text=_("The clock runs from this day."), widget=DateInput())

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, initial={"received_on": timezone.localdate(request.actor.now)})
        self._offer("given_by", codes("consent_given_by"))


class LongerForm(Form):
    reason = forms.CharField(
        label=_("Why it takes longer"), help_text=_("Tell the child or guardian the same."), widget=LongText(rows=3)
    )


class AnswerForm(Form):
    outcome = forms.ChoiceField(label=_("What was done"), choices=Answer, widget=Radios())
    text = forms.CharField(
        label=_("What the child or guardian was told"),
        help_text=_("Where it was not done: why, and where they can complain."),
        widget=LongText(rows=4),
    )
