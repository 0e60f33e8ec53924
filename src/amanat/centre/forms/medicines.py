"""Orders of medicines, and doses."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.centre.medicines import RESULTS
from amanat.web.forms import DateInput, DateTimeInput, Form, LongText, Radios, Tick


class OrderForm(Form):
    medicine = forms.CharField(label=_("Medicine and strength"), max_length=200)
    dose = forms.CharField(
        label=_("Dose and times"), help_text=_("For example: 1 tablet, morning and evening."), max_length=200
    )
    how = forms.CharField(label=_("How it is given"), required=False, max_length=300)
    if_needed = forms.BooleanField(label=_("Only as needed"), required=False, widget=Tick())
    hours = forms.IntegerField(
        label=_("Least hours between two doses"),
        help_text=_(
            "A dose that comes sooner is refused. 0: none; then write how many a day, and two within an hour are refused."
        ),
        min_value=0,
        max_value=168,
    )
    at_most = forms.IntegerField(
        label=_("Doses in 24 hours at most"), help_text=_("0: the hours above decide alone."), min_value=0, max_value=24
    )
    begins = forms.DateField(label=_("First day"), widget=DateInput())
    until = forms.DateField(label=_("Last day"), required=False, widget=DateInput())
    why = forms.CharField(
        label=_("What it is for"),
        help_text=_("It stands in the health file; the centre does not read it."),
        required=False,
        widget=LongText(rows=2),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"begins": timezone.localdate(request.actor.now), "at_most": 0})


class EndOrderForm(Form):
    reason = forms.CharField(label=_("Why it ends"), widget=LongText(rows=2))


class DoseForm(Form):
    """What gives a dose twice a reason is asked only once it was refused."""

    result = forms.ChoiceField(label=_("Result"), widget=Radios(attrs={"class": "short"}))
    given_at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    words = forms.CharField(label=_("In words"), required=False, max_length=300)
    all_the_same = forms.BooleanField(
        label=_("It was given all the same, sooner than the order says"), required=False, widget=Tick()
    )
    why_sooner = forms.CharField(label=_("Why it was given sooner"), required=False, max_length=300)

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"given_at": timezone.localtime(request.actor.now)})
        self._offer("result", codes(RESULTS))
