"""Why all keys of a kind are changed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.web.forms import Form, LongText


class WhyForm(Form):
    reason = forms.CharField(label=_("Reason"), help_text=_("It stands in the log."), widget=LongText(rows=3))
