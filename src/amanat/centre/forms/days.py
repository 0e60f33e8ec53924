"""Entries of a child's log, and of a day of a house; how a house stands by the standards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.centre import standards
from amanat.centre.days import LISTS, OF_HOUSE
from amanat.centre.incidents import SEVERITIES
from amanat.centre.log import CODES, WATCH
from amanat.centre.models import DayKind, House, LogKind
from amanat.centre.places import today_in
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Row

NOT_SEEN = _("Not seen on this shift")


class LogForm(Form):
    """A hand-over note or another entry; most of it by codes, so that it takes a minute."""

    kind = forms.ChoiceField(label=_("What it is"), choices=LogKind, widget=Radios(attrs={"class": "short"}))
    sleep = forms.ChoiceField(label=CODES["sleep"], required=False)
    food = forms.ChoiceField(label=CODES["food"], required=False)
    mood = forms.ChoiceField(label=CODES["mood"], required=False)
    school = forms.ChoiceField(label=CODES["school"], required=False)
    watch = forms.MultipleChoiceField(label=_("To watch"), required=False, widget=Checkboxes())
    medicine = forms.CharField(
        label=_("Medicine"),
        help_text=_("What the next shift must know. Doses are written down under Medicines."),
        required=False,
        max_length=300,
    )
    visitors = forms.CharField(
        label=_("Visitors and calls"),
        help_text=_("Who, and how the child took it."),
        required=False,
        max_length=300,
    )
    words = forms.CharField(
        label=_("What the next shift should know"),
        help_text=_("What you saw and heard. Other children by code name only."),
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request, {"kind": LogKind.HAND_OVER} | (initial or {}))
        for name in CODES:
            self._offer(name, codes_or(f"log_{name}", NOT_SEEN))
        self._offer("watch", codes(WATCH))


ASKED = {
    DayKind.MEAL: ("what", "how_many"),
    DayKind.ACTIVITY: ("what", "how_many"),
    DayKind.NOTE: (),
    DayKind.INCIDENT: ("what", "severity"),
}


class DayForm(Form):
    """A meal, an activity, a note or an incident: `kind` stands in the address of the page."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    what = forms.ChoiceField(label=_("What it was"), required=False, widget=Radios())
    severity = forms.ChoiceField(label=_("How grave"), required=False, widget=Radios())
    how_many = forms.IntegerField(label=_("How many children took part"), required=False, min_value=0, max_value=999)
    words = forms.CharField(
        label=_("In words"),
        help_text=_("No child is named here: what is of one child belongs in its log."),
        required=False,
        widget=LongText(rows=3),
    )
    needed_at_times = ("what", "severity", "words")

    def __init__(self, request: Request, house: House, kind: DayKind) -> None:
        super().__init__(request, {"day": today_in(house, request.actor.now)})
        for name in {"what", "severity", "how_many"} - set(ASKED[kind]):
            del self.fields[name]
        if kind in LISTS:
            told = codes(LISTS[kind])
            self._offer("what", [one for one in told if one[0] in OF_HOUSE] if kind == DayKind.INCIDENT else told)
        if kind == DayKind.INCIDENT:
            self._offer("severity", codes(SEVERITIES))


class StandardsForm(Form):
    """Each group with an answer and its evidence."""

    template_name = "centre/standards_form.html"

    day = forms.DateField(label=_("Assessed on"), widget=DateInput())
    words = forms.CharField(
        label=_("What is to be done next"), required=False, widget=LongText(rows=3), max_length=2000
    )

    def __init__(self, request: Request, house: House) -> None:
        asked: dict[str, forms.Field] = {}
        for group in standards.standards().groups:
            asked[f"{group.name}_is"] = forms.ChoiceField(
                label=_("Is it so?"),
                choices=list(standards.ANSWERS.items()),
                widget=Radios(attrs={"class": "short"}),
                error_messages={"required": _("Answer this group.")},
            )
            asked[f"{group.name}_evidence"] = forms.CharField(
                label=_("Where one can see it"), required=False, widget=LongText(rows=2), max_length=1000
            )
        self.base_fields = asked | type(self).declared_fields  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, {"day": today_in(house, request.actor.now)})

    def clean(self) -> dict[str, Any]:
        """The answers together, as the verb takes them."""
        sent = super().clean() or self.cleaned_data
        names = [group.name for group in standards.standards().groups]
        answers = {
            name: {"is": sent.pop(f"{name}_is", ""), "evidence": sent.pop(f"{name}_evidence", "")} for name in names
        }
        return sent | {"answers": answers}

    def groups(self) -> list[tuple[standards.Group, list[Row]]]:
        rows = {row.bound.name: row for row in self.rows()}
        return [
            (group, [rows[f"{group.name}_is"], rows[f"{group.name}_evidence"]])
            for group in standards.standards().groups
        ]

    def others(self) -> list[Row]:
        return [row for row in self.rows() if row.bound.name in ("day", "words")]
