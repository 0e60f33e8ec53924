"""What is known of an age, a form a kind: said, shown by a document, assessed, or that there is doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import caution, codes, codes_or
from amanat.identification.age import Kind
from amanat.web.forms import DateInput, Form, LongText, Radios

YES_NO = (("yes", _("Yes")), ("no", _("No")))


def yes(answer: str) -> bool:
    return answer == "yes"


class AgeForm(Form):
    """What every kind asks: whether it is in doubt, and why."""

    field_order = [
        "least",
        "most",
        "birth_date",
        "document",
        "method",
        "day",
        "consent",
        "assessed",
        "margin",
        "who",
        "words",
    ]

    doubt = forms.TypedChoiceField(
        label=_("Is it in doubt whether this person is under 18?"),
        help_text=_("While it is in doubt, the person is treated as a child."),
        choices=YES_NO,
        coerce=yes,
        widget=Radios(attrs={"class": "short"}),
    )
    reasons = forms.CharField(label=_("Why it is in doubt, or why no longer"), required=False, widget=LongText(rows=3))

    def __init__(self, request: Request, in_doubt: bool | None) -> None:
        """`in_doubt`: as it stands; None where the actor does not read that."""
        super().__init__(request, initial={"doubt": "yes"} if in_doubt else {})

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if not fields.get("reasons") and fields.get("doubt"):
            self.add_error("reasons", _("Write the reason. One sentence is enough."))
        return fields


class ClaimedForm(AgeForm):
    least = forms.IntegerField(label=_("Age in years"), required=False)
    most = forms.IntegerField(label=_("Or up to"), help_text=_("Where it was said like “16 or 17”."), required=False)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=DateInput())
    who = forms.CharField(label=_("Who says so"), max_length=200)


class DocumentedForm(AgeForm):
    document = forms.ChoiceField(label=_("Document"))
    birth_date = forms.DateField(label=_("Birth date that stands in it"), widget=DateInput())
    who = forms.CharField(
        label=_("Who saw it"), help_text=_("And whether it was the paper itself or a copy."), max_length=200
    )
    words = forms.CharField(
        label=_("What else is to be said of it"),
        help_text=_("For example: whether it may be false. Papers of traffickers often make children older."),
        required=False,
        widget=LongText(rows=2),
    )

    def __init__(self, request: Request, in_doubt: bool | None) -> None:
        super().__init__(request, in_doubt)
        self._offer("document", codes_or("document_kind", _("Choose")))


class AssessedForm(AgeForm):
    method = forms.ChoiceField(label=_("How it was assessed"), widget=Radios())
    day = forms.DateField(label=_("Day of the assessment"), widget=DateInput())
    consent = forms.TypedChoiceField(
        label=_("Did the person consent to it?"),
        help_text=_("Whoever refuses is not shown to be an adult by that."),
        choices=YES_NO,
        coerce=yes,
        widget=Radios(attrs={"class": "short"}),
    )
    assessed = forms.DecimalField(
        label=_("Age that was found, in years"), required=False, max_digits=4, decimal_places=1
    )
    margin = forms.DecimalField(
        label=_("Margin, in years more or less"),
        help_text=_("As whoever assessed it says. Where it reaches under 18, the person is treated as a child."),
        required=False,
        min_value=0,
        max_digits=3,
        decimal_places=1,
    )
    who = forms.CharField(label=_("Who assessed it"), max_length=200)
    words = forms.CharField(label=_("What was found"), required=False, widget=LongText(rows=3))

    def __init__(self, request: Request, in_doubt: bool | None) -> None:
        super().__init__(request, in_doubt)
        self._offer("method", codes("age_method"))
        self.fields["method"].help_text = str(caution("age_method"))


class DoubtForm(AgeForm):
    """Only that there is doubt, or none any more."""


FORMS: Mapping[Kind, type[AgeForm]] = {
    Kind.CLAIMED: ClaimedForm,
    Kind.DOCUMENTED: DocumentedForm,
    Kind.ASSESSED: AssessedForm,
    Kind.DOUBT: DoubtForm,
}
