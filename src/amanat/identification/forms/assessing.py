"""An assessment of vulnerability at four levels; an obstacle, and a response to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.identification.actions.assessing import LEVELS
from amanat.identification.statements import LEVELS_OF, OBSTACLES, RESULTS
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Row

LEVEL_LABELS = {
    "individual": _("The child"),
    "household": _("Household and family"),
    "community": _("Community"),
    "structural": _("Country and law"),
}
ENDANGERS, PROTECTS = _("What endangers"), _("What protects")
KINDS = {"risk": ENDANGERS, "protective": PROTECTS}


class VulnerabilityForm(Form):
    """Four levels, each folded until it is needed, then the judgement."""

    template_name = "identification/vulnerability_form.html"

    on = forms.DateField(label=_("Assessed on"), widget=DateInput())
    level = forms.ChoiceField(
        label=_("How vulnerable is the child, all in all?"),
        help_text=_("You judge it. No source names a number at which one word ends and the next begins."),
        widget=Radios(),
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What weighs most, and what has changed since the last time."),
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request) -> None:
        asked: dict[str, forms.Field] = {}
        for level in LEVELS:
            for kind, label in KINDS.items():
                asked[f"{level}_{kind}"] = forms.MultipleChoiceField(
                    label=label, required=False, widget=Checkboxes(), choices=codes(f"vulnerability_{level}_{kind}")
                )
            asked[f"{level}_words"] = forms.CharField(label=_("In words"), required=False, widget=LongText(rows=2))
        self.base_fields = asked | type(self).declared_fields  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        self._offer("level", codes(LEVELS_OF))

    def clean(self) -> dict[str, Any]:
        """The fields of a level together, as the verb takes them."""
        sent = super().clean() or self.cleaned_data
        factors = {level: {kind: sent.pop(f"{level}_{kind}", None) for kind in (*KINDS, "words")} for level in LEVELS}
        return sent | {"factors": factors}

    def levels(self) -> list[tuple[Any, list[Row], bool]]:
        """Each level with its fields, and whether something stands in them."""
        rows = {row.bound.name: row for row in self.rows()}
        found = []
        for level in LEVELS:
            held = [rows[f"{level}_{kind}"] for kind in (*KINDS, "words")]
            found.append((LEVEL_LABELS[level], held, any(row.bound.value() for row in held)))
        return found

    def judgement(self) -> list[Row]:
        return [row for row in self.rows() if row.bound.name in ("on", "level", "reason")]


class ObstacleForm(Form):
    obstacle = forms.ChoiceField(
        label=_("What stands in the way"), help_text=_("Below each stands what is offered against it."), widget=Radios()
    )
    words = forms.CharField(label=_("How it shows"), required=False, widget=LongText(rows=3))
    on = forms.DateField(label=_("Seen on"), widget=DateInput())

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        self._offer("obstacle", codes(OBSTACLES))


class ResponseForm(Form):
    what = forms.CharField(label=_("What was tried"), widget=LongText(rows=3))
    by = forms.CharField(label=_("Who tried it"), max_length=200)
    on = forms.DateField(label=_("On"), widget=DateInput())
    result = forms.ChoiceField(label=_("What came of it"), widget=Radios())
    words = forms.CharField(label=_("In words"), required=False, widget=LongText(rows=2))

    def __init__(self, request: Request) -> None:
        today = timezone.localdate(request.actor.now)
        super().__init__(request, {"on": today, "by": request.actor.user.display_name})
        self._offer("result", codes(RESULTS))
