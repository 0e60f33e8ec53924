"""A step of the procedure: that it is done, or why it is waived."""

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
