"""Consent to share: recorded, set aside on a ground, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.consents import OPENS_NO_FILE
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.actions.consenting import MAY_NOT_BE_TOLD, MAY_NOT_CONSENT, NOT_TO_SHARE
from amanat.cases.forms.choices import caution, codes, parts
from amanat.cases.persons import CHILD, Around, who_may_consent
from amanat.people.models import Agency
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios


class Sharing(Form):
    """With whom, and which parts."""

    recipient = forms.ModelChoiceField(
        label=_("Agency"), help_text=_("Who may see it."), queryset=Agency.objects.none(), empty_label=_("Choose")
    )
    parts = forms.MultipleChoiceField(
        label=_("Parts of the file"),
        help_text=_("Choose only what this agency needs for its work."),
        widget=Checkboxes(),
    )

    def __init__(self, request: Request, agencies: object, recipient: Agency | None = None) -> None:
        super().__init__(
            request,
            initial={"recipient": recipient, "given_on": timezone.localdate(request.actor.now)},
            recipient=agencies,
        )
        self._offer("parts", parts(part for part in Part if part not in NOT_TO_SHARE))

    def clean_parts(self) -> list[Part]:
        return [Part(part) for part in self.cleaned_data["parts"]]


class ConsentForm(Sharing):
    """What the child and the guardian agreed to."""

    needed_at_times = ("person",)
    field_order = [
        "purpose",
        "recipient",
        "parts",
        "given_by",
        "person",
        "informed",
        "words",
        "given_on",
        "until",
        "evidence",
    ]

    purpose = forms.ChoiceField(
        label=_("What it is for"), help_text=_("Each purpose needs a consent of its own."), widget=Radios()
    )
    given_by = forms.ChoiceField(label=_("Who gave it"), widget=Radios())
    person = forms.ChoiceField(
        label=_("Which parent or guardian"),
        help_text=_(
            "Choose one if a parent or guardian gave it. A suspect is not offered: they can't consent. Somebody else who cares for "
            "the child, such as a grandmother, is offered once they are written down as the guardian, if the law makes them one."
        ),
        required=False,
        widget=Radios(),
        error_messages={"invalid_choice": MAY_NOT_CONSENT},
    )
    informed = forms.MultipleChoiceField(
        label=_("Who was told"),
        help_text=_("To whom you explained it. A suspect is not offered: they must not be told."),
        required=False,
        widget=Checkboxes(),
        error_messages={"invalid_choice": MAY_NOT_BE_TOLD},
    )
    words = forms.CharField(
        label=_("What was explained and what was said"),
        help_text=_("In the words of the child and the guardian, in their language."),
        widget=LongText(rows=4),
    )
    given_on = forms.DateField(label=_("Given on"), widget=DateInput())
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day. Empty: until it is withdrawn."),
        required=False,
        widget=DateInput(),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("For example: signed form 12 in the steel cabinet, or who was present."),
        required=False,
        max_length=300,
    )

    def __init__(
        self, request: Request, agencies: object, recipient: Agency | None = None, persons: Sequence[Around] = ()
    ) -> None:
        super().__init__(request, agencies, recipient)
        self._offer("purpose", codes("consent_purpose"))
        self._offer_people(persons)
        self._offer("given_by", codes("consent_given_by"))
        self.fields["given_by"].help_text = str(caution("consent_given_by"))
        self.fields["recipient"].help_text = _("Who may see it. Not needed for photographs and statistics.")
        opens = self.data.get("purpose") not in OPENS_NO_FILE
        self.fields["recipient"].required = self.fields["parts"].required = opens

    def _offer_people(self, persons: Sequence[Around]) -> None:
        """Who may consent, and whom one may tell. Without anybody on the list the question who it was has no answer to choose."""
        told = [(one.ref, one.called) for one in persons if not one.is_suspect]
        self._offer("informed", [(CHILD, str(_("The child"))), *told])
        self._offer("person", [(one.ref, one.called) for one in who_may_consent(persons)])
        if not persons:
            del self.fields["person"]


class OverrideForm(Sharing):
    """Sharing without consent."""

    field_order = ["ground", "recipient", "parts", "reason"]

    ground = forms.ChoiceField(label=_("Ground"), widget=Radios())
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What happened, which law or which danger, and what the child was told."),
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request, agencies: object, recipient: Agency | None = None) -> None:
        super().__init__(request, agencies, recipient)
        self._offer("ground", codes("override_ground"))
        self.fields["ground"].help_text = str(caution("override_ground"))


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("What was said"),
        help_text=_("Who withdrew it and in which words. Nobody has to give a reason."),
        widget=LongText(rows=3),
    )
