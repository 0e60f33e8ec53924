"""Handing a referral to an organisation without Amanat: in which language, how it leaves, what goes along, whom they call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from amanat.access.labels import PART_LABELS
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.referrals.models_outside import How
from amanat.referrals.outside.packet import WrongKey, checked_key
from amanat.web.forms import Checkboxes, Form, LongText, Radios, Tick


class HandOutForm(Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"),
        help_text=gettext_lazy("The recipient's. What you wrote yourself stays in your language."),
        widget=Radios,
    )
    call = forms.CharField(
        label=gettext_lazy("Number for questions"),
        help_text=gettext_lazy(
            "Stands on the letter with your name. Who calls has the letter in hand, so say no more than it does."
        ),
        max_length=100,
    )
    how = forms.ChoiceField(label=gettext_lazy("How it leaves"), choices=How, widget=Radios)
    key = forms.CharField(
        label=gettext_lazy("Public key of the recipient (age)"),
        help_text=gettext_lazy("Needed for a packet that their own key opens. It begins with age1."),
        max_length=200,
        required=False,
        widget=LongText(rows=2),
    )
    compared = forms.BooleanField(
        label=gettext_lazy("I compared this key with the recipient by phone, the first and the last eight signs"),
        required=False,
        widget=Tick,
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What goes along in a packet"),
        help_text=gettext_lazy(
            "Only parts that the consent names. A letter alone is enough to decide on; documents of the file never go along."
        ),
        required=False,
        widget=Checkboxes,
    )
    names_child = forms.BooleanField(
        label=gettext_lazy("Write the identity of the child on the letter"), required=False, widget=Tick
    )
    needed_at_times = ("key", "compared")

    def __init__(self, request: Request, parts: Sequence[Part], initial: dict[str, Any]) -> None:
        offered = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
        first = {"language": get_language(), "how": How.LETTER} | initial
        super().__init__(
            request, first, language=offered, parts=[(str(part), capfirst(PART_LABELS[part])) for part in parts]
        )
        if not parts:
            del self.fields["parts"]
        if Part.IDENTITY not in parts:
            del self.fields["names_child"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("how") != How.KEY:
            told["key"] = ""
        elif not told.get("key"):
            self.add_error("key", _("Paste the key, or choose another way."))
        else:
            self._check(told)
        return told

    def _check(self, told: dict[str, Any]) -> None:
        try:
            told["key"] = checked_key(told["key"])
        except WrongKey as error:
            self.add_error("key", str(error.sentence))
            self.hints.append(str(error.hint))
        if not told.get("compared"):
            self.add_error(
                "compared", _("Call the recipient and compare it: a wrong key lets somebody else read the packet.")
            )
