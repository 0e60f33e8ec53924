"""What the sender writes: what a receiver reads, why something is taken back, what was said by phone, to whom a whole case goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.forms.choices import codes, codes_or, parts
from amanat.directory.models import Service
from amanat.people.models import Agency
from amanat.referrals import terms
from amanat.referrals.actions.following_up import Told
from amanat.referrals.outside.parts import TO_RECEIVE
from amanat.referrals.states import Move
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Radios, Seen

NAMES_NOBODY = _("Without a name, a phone or an address: who the child is, the receiver learns after a yes.")
MOVES = {
    Move.SEE: _("They have it"),
    Move.ACCEPT: _("They accept"),
    Move.DECLINE: _("They decline"),
    Move.START: _("The service has begun"),
    Move.FINISH: _("It is done"),
}


class WordsForm(Form):
    """What a receiver decides on."""

    field_order: Sequence[str] = ("need", "limits", "age_band", "sex", "languages", "words", "parts")

    need = forms.CharField(
        label=_("What is needed, in words"),
        help_text=NAMES_NOBODY,
        max_length=5_000,
        widget=LongText(rows=4),
        error_messages={"required": _("Write what is needed. One sentence is enough.")},
    )
    limits = forms.CharField(
        label=_("To be heeded so that the child is safe"),
        help_text=_("For example: no man as interpreter, no call to the family, comes by our car."),
        required=False,
        max_length=2_000,
        widget=LongText(rows=3),
    )
    age_band = forms.ChoiceField(label=_("Age, about"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=Checkboxes(attrs={"class": "short"})
    )
    words = forms.CharField(
        label=_("More that they have to know"), required=False, max_length=5_000, widget=LongText(rows=3)
    )

    def __init__(self, request: Request, initial: Mapping[str, Any], **offered: Any) -> None:
        super().__init__(
            request,
            initial,
            age_band=codes_or("age_band", _("Not said")),
            sex=codes_or("sex", _("Not said")),
            languages=codes("language"),
            **offered,
        )

    def summary(self) -> dict[str, Any]:
        names = ("need", "limits", "age_band", "sex", "languages", "words")
        return {name: self.cleaned_data[name] for name in names}


class SummaryForm(WordsForm):
    """Also which parts of the file open to a receiver with their yes."""

    parts = forms.MultipleChoiceField(
        label=_("Parts of the file that open with their yes"),
        help_text=_("Choose only what they need for their work. None: they get only what stands above."),
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, request: Request, initial: Mapping[str, Any]) -> None:
        super().__init__(request, initial, parts=parts(TO_RECEIVE))

    def clean_parts(self) -> list[Part]:
        return [Part(part) for part in self.cleaned_data["parts"]]


class DraftForm(SummaryForm):
    seen = Seen()


class TransferForm(WordsForm):
    """Asking another agency to take the whole case."""

    to = forms.ModelChoiceField(
        label=_("Agency"),
        help_text=_("Which is asked to take the case."),
        queryset=Agency.objects.none(),
        empty_label=_("Choose"),
    )
    urgency = forms.ChoiceField(label=_("How soon"), widget=Radios())
    field_order = ("to", "urgency", *WordsForm.field_order)

    def __init__(self, request: Request, initial: Mapping[str, Any], agencies: QuerySet[Agency]) -> None:
        super().__init__(request, initial, to=agencies, urgency=terms.choices())
        self.fields["need"].label = _("Why the case should pass to them")
        self.fields["need"].error_messages["required"] = _("Write why. One sentence is enough.")


class RevokeForm(Form):
    seen = Seen()
    words = forms.CharField(
        label=_("Why"),
        help_text=_("The agency that was asked reads it."),
        max_length=5_000,
        widget=LongText(rows=3),
        error_messages={"required": _("Write why. One sentence is enough.")},
    )

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version})


class FollowUpForm(Form):
    """What an organisation without Amanat said, by phone or on paper."""

    seen = Seen()
    move = forms.ChoiceField(label=_("What they said"), widget=Radios())
    comes_at = forms.DateTimeField(
        label=_("When the child comes"), help_text=_("If they accept."), required=False, widget=DateTimeInput()
    )
    reason = forms.ChoiceField(label=_("Why they decline"), help_text=_("If they decline."), required=False)
    outcome = forms.ChoiceField(label=_("What became of it"), help_text=_("If it is done."), required=False)
    words = forms.CharField(label=_("Who said it, and what"), required=False, max_length=5_000, widget=LongText(rows=3))
    needed_at_times = ("reason", "outcome", "comes_at")

    def __init__(self, request: Request, version: int, moves: Sequence[Move]) -> None:
        super().__init__(
            request,
            {"seen": version},
            move=[(str(move), MOVES[move]) for move in moves],
            reason=codes_or("decline_reason", _("Choose")),
            outcome=codes_or("referral_outcome", _("Choose")),
        )
        for name, move in (("comes_at", Move.ACCEPT), ("reason", Move.DECLINE), ("outcome", Move.FINISH)):
            if move not in moves:
                del self.fields[name]

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(Move(said["move"]), said.get("comes_at"), said.get("reason") or "", said.get("outcome") or "")


class ServiceForm(Form):
    """Whom to ask: who gives a service of the directory."""

    service = forms.ModelChoiceField(
        queryset=Service.objects.select_related("organization__agency"),
        error_messages={"required": _("Choose whom to ask.")},
    )


class AgencyForm(Form):
    """Whom to ask: an agency of the network."""

    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose whom to ask.")},
    )

    def __init__(self, request: Request, agencies: QuerySet[Agency]) -> None:
        super().__init__(request, agency=agencies)


class SendForm(Form):
    """Nothing to fill in: all that was prepared leaves."""
