"""Looking for a child: words of any kind in one field, and by what the files can be narrowed down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.find import Asked
from amanat.cases.forms.choices import codes_or
from amanat.web.formats import written
from amanat.web.forms import Form

MONTHS = 36
LONGEST = 120


class FindForm(Form):
    says_what_is_needed = True

    text = forms.CharField(
        label=_("Name, phone, document or code name"),
        help_text=_("A part is enough, in any script and order."),
        required=False,
        max_length=LONGEST,
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    risk = forms.ChoiceField(label=_("Risk"), required=False)
    opened = forms.ChoiceField(label=_("Opened in"), required=False)

    def __init__(self, request: Request, asked: Asked | None) -> None:
        request.draft = None  # type: ignore[attr-defined]  # what was looked for last stands in the session
        super().__init__(
            request,
            vars(asked) if asked else None,
            stage=codes_or("stage", _("Every stage")),
            risk=codes_or("risk", _("Every risk")),
            opened=[("", _("Every month")), *_months(request)],
        )
        self.fields["text"].widget.input_type = "search"
        self.fields["text"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "off",
            "spellcheck": "false",
            "enterkeyhint": "search",
        }

    @property
    def asked(self) -> Asked:
        """What was sent, as far as it could be read."""
        self.is_valid()
        return Asked.of(self.cleaned_data)


def _months(request: Request) -> list[tuple[str, str]]:
    """The last three years, the newest month first."""
    today = timezone.localdate(request.actor.now)
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    days = [today.replace(year=month // 12, month=month % 12 + 1, day=1) for month in months]
    return [(f"{day:%Y-%m}", written(day, "YEAR_MONTH_FORMAT")) for day in days]


def narrowing(form: FindForm) -> list[Any]:
    """The fields that narrow down, to be drawn together."""
    return [form["stage"], form["risk"], form["opened"]]
