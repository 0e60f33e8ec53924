"""A budget line of a donor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.social.budgets import Line
from amanat.social.currencies import choices, exact
from amanat.social.forms.fields import AmountField
from amanat.web.forms import DateInput, Form, Seen, Suggested


class BudgetForm(Form):
    donor = forms.CharField(
        label=_("Donor"),
        help_text=_("Write it the same each time: totals go by this name."),
        max_length=120,
        widget=Suggested(),
    )
    line = forms.CharField(
        label=_("Budget line"), help_text=_("What it is for: clothes, travel, school."), max_length=120
    )
    currency = forms.ChoiceField(label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    since = forms.DateField(label=_("First day"), widget=DateInput())
    ends = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(self, request: Request, donors: Sequence[str]) -> None:
        super().__init__(request)
        self._offer("currency", choices())
        widget = self.fields["donor"].widget
        assert isinstance(widget, Suggested)
        widget.names = donors


class ChangeBudgetForm(BudgetForm):
    """The currency stays as it is."""

    currency = None  # type: ignore[assignment]  # how Django takes a field out
    seen = Seen()

    def __init__(self, request: Request, line: Line, donors: Sequence[str]) -> None:
        row = line.row
        held: dict[str, Any] = {"donor": line.donor, "line": line.line, "amount": exact(line.whole.amount)}
        held |= {"since": row.since, "ends": row.until, "seen": row.version}
        Form.__init__(self, request, held)
        widget = self.fields["donor"].widget
        assert isinstance(widget, Suggested)
        widget.names = donors
