"""What is sent about forms: a workbook with its lists, and that a version is to be published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.forms.files import KINDS
from amanat.web.errors import PersonFacingError
from amanat.web.forms import Form, Seen


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ListsField(forms.FileField):
    """Any number of files, as a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(ListsField, self).clean(sent, initial) for sent in data or []]


class WorkbookForm(Form):
    """A form as it was written, with the lists that it reads and the pictures that it shows."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An XLSForm: .xlsx, or as text .md or .csv; 5 MB at most."),
        error_messages={"required": _("Choose the file to upload.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.md,.csv"}),
    )
    lists = ListsField(
        label=_("Lists and pictures of the form"),
        help_text=_(
            "CSV files, pictures, sound or films that the form names: four at most, or all of them in one .zip."
            " Most forms need none."
        ),
        required=False,
        allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": ",".join([".csv", ".zip", *KINDS])}),
    )

    def _show(self, error: PersonFacingError) -> None:
        super()._show(error)
        self.hints.append(gettext("Choose the files once more: a browser sends them only when you choose them."))


class PackForm(Form):
    """A country pack as a .zip of its folder."""

    file = forms.FileField(
        label=_("Pack"),
        help_text=_("The folder of the pack as a .zip, 10 MB at most."),
        error_messages={"required": _("Choose the file to upload.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )

    def _show(self, error: PersonFacingError) -> None:
        super()._show(error)
        self.hints.append(gettext("Choose the files once more: a browser sends them only when you choose them."))


class PublishForm(Form):
    """The number of what the page showed, a form or the packs; two administrators at once meet each other by it."""

    seen = Seen()

    def __init__(self, request: HttpRequest, version: int) -> None:
        super().__init__(request, {"seen": version})
