"""Forms for packages of the directory."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.web.errors import PersonFacingError
from amanat.web.forms import Form, Radios, Tick


class PackageForm(Form):
    """A package, and whose it is."""

    file = forms.FileField(
        label=_("Package"),
        help_text=_("HSDS 3.0: a .zip of tables such as services.csv, or JSON. 10 MB and 50,000 rows at most."),
        error_messages={"required": _("Choose the file to upload.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.json"}),
    )
    publisher = forms.CharField(
        label=_("Whose package it is"),
        help_text=_("Write it the same way the next time: then the same entries are found again and none is doubled."),
        max_length=200,
    )

    def _show(self, error: PersonFacingError) -> None:
        super()._show(error)
        self.hints.append(gettext("Choose the files once more: a browser sends them only when you choose them."))


class ExportForm(Form):
    """How the directory leaves."""

    packed_as = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[
            ("zip", _("Tables (.zip): everything, also translations and what is not of the standard")),
            ("json", _("JSON: organisations with their services, in the columns of the standard only")),
        ],
        initial="zip",
        widget=Radios(),
    )
    withheld = forms.BooleanField(
        label=_("Also what is for workers only"),
        help_text=_("Only for a network whose workers may know it. Confidential places never leave."),
        required=False,
        widget=Tick(),
    )
