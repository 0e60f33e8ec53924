"""A paper that is handed out: its language, and whom it is for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases import papers
from amanat.web.forms import Form, Radios

LONGEST = 120


class HandOutPaperForm(Form):
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        help_text=_("Of whoever gets it. What somebody wrote stands as it was written."),
        widget=Radios(),
    )
    to = forms.CharField(
        label=_("Who gets it"), help_text=_("It stands in the log of the child."), max_length=LONGEST, required=False
    )

    def __init__(self, request: Request, language: str) -> None:
        super().__init__(request, {"language": language}, language=papers.languages())
