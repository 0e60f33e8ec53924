"""Consent to share: recorded, set aside on a ground, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.consents import OPENS_NO_FILE
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.actions.consenting import MAY_NOT_BE_TOLD, MAY_NOT_CONSENT, NOT_TO_SHARE
from amanat.cases.consent_keeping import NO_DOCUMENT
from amanat.cases.consent_words import languages
from amanat.cases.documents import ACCEPT
from amanat.cases.forms.choices import caution, codes, parts
from amanat.cases.persons import CHILD, Around, who_may_consent
from amanat.people.models import Agency
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Suggested, Tick

LOOK: Final = "look"  # the name of the button that shows what would be recorded


@dataclass(frozen=True)
class Asked:
    """What an address asks to be recorded, as far as it makes sense."""

    recipient: Agency | None = None
    purpose: str = ""
    parts: Sequence[Part] = ()
    given_by: str = ""
    until: date | None = None
    sheet: str = ""
    read_in: str = ""
    read_version: str = ""
    also: Sequence[Agency] = ()
    outside: str = ""
    outsiders: Sequence[str] = ()  # names that the file knows of organisations outside the network

    @property
    def initial(self) -> dict[str, object]:
        return {name: held for name in self.__dataclass_fields__ if (held := getattr(self, name))}


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

    def __init__(self, request: Request, agencies: object, asked: Asked) -> None:
        super().__init__(
            request,
            initial={**asked.initial, "given_on": timezone.localdate(request.actor.now)},
            recipient=agencies,
        )
        self._offer("parts", parts(part for part in Part if part not in NOT_TO_SHARE))

    def clean_parts(self) -> list[Part]:
        return [Part(part) for part in self.cleaned_data["parts"]]


class ConsentForm(Sharing):
    """What the child and the guardian agreed to. `looks`: it was sent to be looked at, not to be recorded yet."""

    needed_at_times = ("person", "recipient")
    field_order = [
        "purpose",
        "recipient",
        "also",
        "outside",
        "parts",
        "given_by",
        "person",
        "informed",
        "read_in",
        "read_by",
        "words",
        "given_on",
        "until",
        "sheet",
        "document",
        "upload",
        "evidence",
    ]

    also = forms.ModelMultipleChoiceField(
        label=_("Other agencies as well"),
        help_text=_("Only where each of them needs the same parts for the same purpose."),
        queryset=Agency.objects.none(),
        required=False,
        widget=Checkboxes(),
    )
    outside = forms.CharField(
        label=_("An organisation that does not work with Amanat"),
        help_text=_("Its name, if something goes there on paper or as a sealed packet."),
        required=False,
        max_length=120,
        widget=Suggested(),
    )
    read_in = forms.ChoiceField(
        label=_("Simple words were read to the child"),
        help_text=_("In which language. They are kept with the consent exactly as they stand now."),
        required=False,
        widget=Radios(),
    )
    read_version = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput())
    read_by = forms.CharField(
        label=_("Who read them"), help_text=_("Empty: you. For example an interpreter."), required=False, max_length=120
    )
    sheet = forms.CharField(
        label=_("Number of the sheet"),
        help_text=_("It stands at the foot of the sheet that was read or signed. Empty: a new one is drawn."),
        required=False,
        max_length=9,
    )
    document = forms.ChoiceField(
        label=_("A document of the file that shows it"), required=False, error_messages={"invalid_choice": NO_DOCUMENT}
    )
    upload = forms.FileField(
        label=_("A new document"),
        help_text=_("For example a photograph of the signed sheet; 20 MB at most."),
        required=False,
        allow_empty_file=True,  # the verb says it better
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
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
        label=_("Other evidence"),
        help_text=_("For example: signed form 12 in the steel cabinet, or who was present."),
        required=False,
        max_length=300,
    )

    def __init__(
        self,
        request: Request,
        agencies: QuerySet[Agency],
        asked: Asked,
        persons: Sequence[Around] = (),
        documents: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(request, agencies, asked)
        self._offer("purpose", codes("consent_purpose"))
        self._offer_people(persons)
        self._offer("given_by", codes("consent_given_by"))
        self._offer("also", agencies)
        self._ask_once(agencies)
        self._offer("read_in", [("", _("Not from here")), *languages()])
        self._offer("document", [("", _("None")), *documents])
        self.fields["given_by"].help_text = str(caution("consent_given_by"))
        self.fields["recipient"].help_text = _("Who may see it. Not needed for photographs and statistics.")
        if self.sent is None:  # what was read just now, whatever stands in a draft
            read = {name: held for name in ("read_in", "read_version", "sheet") if (held := getattr(asked, name))}
            self.initial = {**self.initial, **read}
            self.initial["outside"] = self.initial.get("outside") or asked.outside
        cast(Suggested, self.fields["outside"].widget).names = asked.outsiders
        if self.looks:  # one looks at it before anybody said a word
            for name in ("given_by", "words", "given_on"):
                self.fields[name].required = False
        opens = self.data.get("purpose") not in OPENS_NO_FILE
        self.fields["parts"].required = opens
        self.fields["recipient"].required = opens and not (self.data.get("outside") or self.data.get("also"))

    @property
    def looks(self) -> bool:
        return self.sent is not None and LOOK in self.data

    @property
    def must_choose_again(self) -> bool:
        """Whether a file was sent and not taken: a browser never sends it a second time by itself."""
        return bool(self.files) and (self.looks or bool(self.errors))

    def clean_also(self) -> list[Agency]:
        return list(self.cleaned_data["also"])

    def _ask_once(self, agencies: QuerySet[Agency]) -> None:
        """For the names of agencies, which stand in two fields."""
        named = [(str(one.pk), str(one)) for one in agencies]
        cast("forms.ModelChoiceField[Agency]", self.fields["recipient"]).choices = [("", str(_("Choose"))), *named]
        cast("forms.ModelChoiceField[Agency]", self.fields["also"]).choices = named

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

    def __init__(self, request: Request, agencies: object, asked: Asked) -> None:
        super().__init__(request, agencies, asked)
        self._offer("ground", codes("override_ground"))
        self.fields["ground"].help_text = str(caution("override_ground"))


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("What was said"),
        help_text=_("Who withdrew it and in which words. Nobody has to give a reason."),
        widget=LongText(rows=3),
    )


class ConfirmForm(Form):
    """That an agency uses nothing any more."""

    sure = forms.BooleanField(
        label=_(
            "Nothing that was shared by this consent is used any more. Copies on paper and in files are destroyed or given back."
        ),
        widget=Tick(),
        error_messages={"required": _("Tick it once it is so.")},
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        fields.pop("sure", None)  # the verb takes no answer: to confirm is the answer
        return fields
