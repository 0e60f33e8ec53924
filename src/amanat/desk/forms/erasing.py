"""Asking for an erasure, carrying it out, and letting the file stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat.desk.models import Ground
from amanat.web.forms import Form, LongText, Radios, Tick


class AskForm(Form):
    ground = forms.ChoiceField(label=_("Why the file is to be erased"), choices=Ground, widget=Radios())
    reason = forms.CharField(
        label=_("In your words"),
        help_text=_("The second person reads it. It is erased with the file."),
        widget=LongText(rows=3),
    )


class CarryOutForm(Form):
    """The code name is typed, so that nobody erases the wrong file by habit."""

    code_name = forms.CharField(
        label=_("Code name of the child"), help_text=_("Type it as it stands above."), max_length=60
    )
    sure = forms.BooleanField(
        label=_("I have looked at the file and know that nothing of it can be brought back."),
        widget=Tick(),
        error_messages={"required": _("Tick this if you are sure.")},
    )

    def __init__(self, request: HttpRequest, *, code_name: str) -> None:
        super().__init__(request)
        self._wanted = code_name

    def clean_code_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["code_name"]).split())
        if typed.casefold() != self._wanted.casefold():
            raise forms.ValidationError(_("This is not the code name of this file."))
        return typed

    def clean(self) -> dict[str, Any]:
        """The verb takes none of it: what is typed here only makes sure."""
        super().clean()
        return {}


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stands in the log of the file."), widget=LongText(rows=3)
    )


class HoldForm(Form):
    reason = forms.CharField(
        label=_("Why the file must be kept"),
        help_text=_("For example: a court asked for it. Only the data protection officer reads it."),
        widget=LongText(rows=3),
    )
