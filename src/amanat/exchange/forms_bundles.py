"""The form by which papers of many children are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases import papers
from amanat.cases.forms.records import LONGEST
from amanat.cases.shown import Line
from amanat.exchange import bundles
from amanat.exchange.forms import ChildrenField, spoken_of
from amanat.web.forms import Checkboxes, Form, LongText, Radios

TICKED = "ticked"


class GatherForm(Form):
    paper = forms.ChoiceField(label=_("Which paper"), widget=Radios())
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        help_text=_("Of whoever gets it. What somebody wrote stands as it was written."),
        widget=Radios(),
    )
    which = forms.ChoiceField(
        label=_("Which children"),
        help_text=_(
            "Only children whose file is open to you come into it. Others of a house or an agency are not in it."
        ),
        widget=Radios(),
    )
    cases = ChildrenField(label=_("Children on this page"), required=False, widget=Checkboxes())
    reason = forms.CharField(
        label=_("What it is for"),
        help_text=_("Who gets it and why. It stands in the log of each child."),
        max_length=LONGEST,
        widget=LongText(rows=2),
    )

    def __init__(self, request: Request) -> None:
        self.groups = bundles.groups(request.actor)
        offered = [(one.name, str(one)) for one in papers.known() if one.in_bundles]
        own = (bundles.OWN_LANGUAGE, gettext("Each in the language of whoever gets it"))
        which = [(TICKED, gettext("Those that I tick on this page")), *((one.name, one.label) for one in self.groups)]
        first = {"paper": offered[0][0] if offered else "", "language": own[0], "which": TICKED}
        super().__init__(request, first, paper=offered, language=[own, *papers.languages()], which=which)

    def say_who(self, lines: Sequence[Line]) -> None:
        """Say who may be ticked; only where that is shown are names opened."""
        cast(ChildrenField, self.fields["cases"]).choices = [(line.case.pk.hex, spoken_of(line)) for line in lines]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("which") == TICKED and not fields.get("cases") and "cases" not in self.errors:
            self.add_error("cases", _("Tick at least one child."))
        return fields
