"""Raising an alert, and giving one to a colleague."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanat.cases.forms.workers import WorkerChoice
from amanat.cases.models import AlertKind
from amanat.web.forms import Form, LongText, Radios

# What a person raises; the others come out of forms and calls.
RAISED = (AlertKind.P1, AlertKind.SELF_HARM)


class RaiseAlertForm(Form):
    kind = forms.TypedChoiceField(
        label=_("What it is"),
        coerce=AlertKind,
        choices=lambda: [(kind.value, capfirst(kind.label)) for kind in RAISED],
        widget=Radios(),
        error_messages={"required": _("Choose what it is.")},
    )
    words = forms.CharField(
        label=_("What happened"),
        help_text=_("Whoever takes the alert reads it. Until then nobody does."),
        required=False,
        widget=LongText(rows=4),
    )


class GiveAlertForm(Form):
    to = WorkerChoice(label=_("Who takes it"))
