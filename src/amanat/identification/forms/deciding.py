"""The formal status, an appeal against it, a review."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import caution, codes
from amanat.identification.statements import DECIDED_BY, OUTCOMES, STATUSES
from amanat.web.forms import DateInput, Form, LongText, Radios


class StatusForm(Form):
    status = forms.ChoiceField(label=_("What was decided"), widget=Radios())
    decided_by = forms.ChoiceField(label=_("What kind of body decided it"), widget=Radios())
    agency = forms.CharField(label=_("Which agency or court"), max_length=200)
    person = forms.CharField(label=_("Who decided it there"), required=False, max_length=200)
    capacity = forms.CharField(
        label=_("In which capacity"),
        help_text=_("For example: investigator, head of the territorial team."),
        required=False,
        max_length=200,
    )
    on = forms.DateField(label=_("Decided on"), widget=DateInput())
    grounds = forms.CharField(
        label=_("On what grounds"),
        help_text=_(
            "The facts that it rests on. That the child agreed or wanted it is no ground against: a child's consent does not count."
        ),
        widget=LongText(rows=4),
    )
    documents = forms.CharField(
        label=_("On which documents"),
        help_text=_("Number and date of the decision, and what lay before whoever decided."),
        required=False,
        widget=LongText(rows=2),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"), help_text=_("Law and article."), required=False, max_length=300
    )
    until = forms.DateField(
        label=_("Valid until"),
        help_text=_("The last day. Empty: without an end."),
        required=False,
        widget=DateInput(),
    )
    review_by = forms.DateField(label=_("To be reviewed by"), required=False, widget=DateInput())

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("status", codes(STATUSES))
        self._offer("decided_by", codes(DECIDED_BY))


class _OnADay(Form):
    """Something about a status that happened on a day, today unless it is said."""

    on = forms.DateField(label=_("On"), widget=DateInput())

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})


class AppealForm(_OnADay):
    field_order = ["by", "on", "words"]

    by = forms.CharField(
        label=_("Who appeals"),
        help_text=_("For example: the child with the lawyer. A suspect does not speak for the child."),
        max_length=200,
    )
    words = forms.CharField(label=_("With what grounds"), widget=LongText(rows=4))


class ReviewForm(_OnADay):
    field_order = ["outcome", "by", "on", "words"]

    outcome = forms.ChoiceField(label=_("Outcome"), widget=Radios())
    by = forms.CharField(label=_("Who decided it"), help_text=_("Agency, person, capacity."), max_length=200)
    words = forms.CharField(label=_("On what grounds"), widget=LongText(rows=3))

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("outcome", codes(OUTCOMES))
        self.fields["outcome"].help_text = str(caution(OUTCOMES))
