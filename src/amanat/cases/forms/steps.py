"""A step of the procedure: that it is done, why it is waived, why it is not over after all."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.web.forms import DateTimeInput, Form, LongText


class FinishStepForm(Form):
    happened_at = forms.DateTimeField(label=_("When it was done"), widget=DateTimeInput())
    text = forms.CharField(label=_("What came of it"), required=False, widget=LongText(rows=3))


class WaiveStepForm(Form):
    reason = forms.CharField(
        label=_("Why this child does not need it"),
        help_text=_("It stands in the timeline and in the log."),
        widget=LongText(rows=3),
    )


class TakeBackStepForm(Form):
    reason = forms.CharField(
        label=_("Why the step is not over"),
        help_text=_("What was said before stays in the timeline, and your reason beside it."),
        widget=LongText(rows=3),
    )
