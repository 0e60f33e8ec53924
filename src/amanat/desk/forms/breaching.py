"""Breaches: written down, and gone on with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.desk.models import StepKind
from amanat.web.forms import DateTimeInput, Form, LongText, Radios


class BreachForm(Form):
    known_at = forms.DateTimeField(
        label=_("Known since"),
        help_text=_("The first moment at which anybody of ours knew of it. The clock runs from then."),
        widget=DateTimeInput(),
    )
    what = forms.CharField(
        label=_("What happened"),
        help_text=_("Lost, seen, changed or taken: what, how, and since when. Code names, no names."),
        widget=LongText(rows=4),
    )
    whom = forms.CharField(
        label=_("Whom it concerns"),
        help_text=_("How many children and others, and what was known of them."),
        widget=LongText(rows=3),
    )
    follows = forms.CharField(
        label=_("What may follow for them"), help_text=_("The danger, and how likely it is."), widget=LongText(rows=3)
    )


class StepForm(Form):
    kind = forms.ChoiceField(label=_("What was done"), choices=StepKind, widget=Radios())
    text = forms.CharField(label=_("In your words"), widget=LongText(rows=3))
    untold = forms.CharField(
        label=_("Why the authority need not be told"),
        help_text=_("Only where the breach is closed without telling it: why nobody comes to harm by it."),
        widget=LongText(rows=2),
        required=False,
    )
