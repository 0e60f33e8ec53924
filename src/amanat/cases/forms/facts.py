"""The form of one record of a section: its fields as the pack describes them, those that the worker may write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.files import File
from amanat.cases import facts
from amanat.cases.facts import Record
from amanat.cases.field_groups import Group, grouped
from amanat.cases.forms.choices import codes
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios, Row

FEW = 6  # up to so many choices stand open as radios; more fold into a list
NOT_STATED = _("Not stated")
COUNTRIES_AT_ONCE = 3  # so many lists of countries at least; saving makes room for one more


class Several(forms.SelectMultiple):
    """Any of very many: a list for each answer, and room for more. Works with a keyboard and without a script."""

    template_name = "cases/widgets/several.html"
    use_fieldset = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        shared = {key: told for key, told in context["widget"]["attrs"].items() if key != "multiple"}
        held = [*(code for code in value or [] if code), *[""] * COUNTRIES_AT_ONCE]
        one = forms.Select(choices=self.choices)
        context["widget"]["lists"] = [
            one.get_context(name, code, shared | self._apart(shared, place))["widget"]
            for place, code in enumerate(held[: max(COUNTRIES_AT_ONCE, len(value or []) + 1)])
        ]
        return context

    def _apart(self, shared: dict[str, Any], place: int) -> dict[str, str]:
        return {"id": f"{shared['id']}_{place}", "aria-label": f"{self.label} {place + 1}"}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent: list[str] = super().value_from_datadict(data, files, name) or []
        return list(dict.fromkeys(code for code in sent if code))


class Filed(NamedTuple):
    """Fields under one heading of the form; `is_open` where something stands in them, or is wrong there."""

    group: Group
    rows: list[Row]
    is_open: bool


class SeenParts(forms.CharField):
    """The versions of a record's parts that the page showed (`facts.Record.version`), hidden, as `web.forms.Seen` keeps one."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)


class FactsForm(Form):
    """One record. Nothing has to be filled in; what is emptied is cleared."""

    template_name = "cases/facts_form.html"
    says_what_is_needed = True

    def __init__(self, request: HttpRequest, file: File, record: Record) -> None:
        self.record = record
        self.told = facts.writable(file, record)
        asked = {field.name: _field(field, record.values.get(field.name)) for field in self.told}
        if record.version:
            asked["reason"] = forms.CharField(
                label=_("Why it is changed, if that needs saying"), required=False, widget=LongText(rows=2)
            )
        self.base_fields = asked | {"seen": SeenParts()}  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, facts.as_fields(self.told, record.values) | {"seen": record.version})
        self.file = file

    def clean(self) -> dict[str, Any]:
        """What an answer can't be is said beside it, also where that follows from another one."""
        fields = super().clean() or self.cleaned_data
        asked = {field.name for field in self.told}
        answers = {name: held for name, held in self.record.values.items() if name not in asked}
        answers |= {field.name: _value(field, fields.get(field.name)) for field in self.told}
        for name, slip in facts.slips(self.file, self.told, self.record.values, answers).items():
            self.add_error(name, slip.sentences)
        return fields

    def values(self) -> dict[str, Any]:
        """What was written, of a valid form, by field name. What looks as it did stays exactly as it was."""
        found = {}
        for field in self.told:
            before, now = self.record.values.get(field.name), _value(field, self.cleaned_data[field.name])
            found[field.name] = before if facts.same(field, before, now) else now
        return found

    def groups(self) -> list[Filed]:
        """The fields under their headings, the reason last."""
        rows = {row.bound.name: row for row in self.rows()}
        found = [
            Filed(group, [rows.pop(field.name) for field in held], self._is_open(group, held))
            for group, held in grouped(self.record.section, self.told)
        ]
        return [*found, Filed(Group("", ()), list(rows.values()), True)] if rows else found

    def _is_open(self, group: Group, held: list[packs.Field]) -> bool:
        return not group.folded or any(
            self[field.name].value() or (self.is_bound and self[field.name].errors) for field in held
        )


class TakeOutForm(Form):
    """Why a record is taken out."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stands in the timeline and in the log."), widget=LongText(rows=2)
    )
    seen = SeenParts()


# --- a field of the pack as a field of the form ----------------------------------------------------------------------


def _field(field: packs.Field, held: Any) -> forms.Field:
    """`held`: what stands there now; a code that is offered no more stays choosable where it was chosen."""
    made: Callable[..., forms.Field] = _MAKERS.get(field.type, _text)
    return made(field, held, label=str(field.label), help_text=_help(field), required=False)


def _help(field: packs.Field) -> str:
    """What to write. Help that says no more than the label says nothing."""
    told = str(field.help)
    return "" if told == str(field.label) else told


def _text(_field: packs.Field, held: Any, **options: Any) -> forms.Field:
    if "\n" in str(held or ""):  # one line would lose the breaks
        return forms.CharField(widget=LongText(rows=3), **options)
    return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)


def _long_text(_field: packs.Field, _held: Any, **options: Any) -> forms.Field:
    return forms.CharField(widget=LongText(rows=3), **options)


def _date(_field: packs.Field, _held: Any, **options: Any) -> forms.Field:
    return forms.DateField(widget=DateInput(), **options)


def _number(field: packs.Field, _held: Any, **options: Any) -> forms.Field:
    typed = {"inputmode": "numeric"} if field.whole else {"step": "any", "inputmode": "decimal"}
    return forms.FloatField(widget=forms.NumberInput(attrs=typed), **options)


def _checkbox(_field: packs.Field, _held: Any, **options: Any) -> forms.Field:
    choices = [("", NOT_STATED), ("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(choices=choices, widget=Radios(attrs={"class": "short"}), **options)


def _choice(field: packs.Field, held: Any, **options: Any) -> forms.Field:
    offered = _offered(field, [held] if held else [])
    widget = Radios() if len(offered) <= FEW else forms.Select()
    return forms.ChoiceField(choices=[("", str(NOT_STATED)), *offered], widget=widget, **options)


def _choices(field: packs.Field, held: Any, **options: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=_offered(field, held or []), widget=Checkboxes(), **options)


def _countries(field: packs.Field, held: Any, **options: Any) -> forms.Field:
    choices = [("", str(NOT_STATED)), *_offered(field, held or [])]
    return forms.MultipleChoiceField(choices=choices, widget=Several(str(field.label)), **options)


def _offered(field: packs.Field, held: list[str]) -> list[tuple[str, str]]:
    """What may be chosen, and what was chosen when it still could be."""
    pack = packs.current()
    if field.type in ("country", "countries"):
        offered = pack.countries.choices()
    elif field.type == "language":
        offered = pack.languages.choices()
    else:
        offered = codes(field.codes)
    known = {code for code, _label in offered}
    return [*offered, *((code, facts.plainly(field, _one(field, code))) for code in held if code not in known)]


def _one(field: packs.Field, code: str) -> Any:
    return [code] if field.type in ("choices", "countries") else code


_MAKERS: Mapping[str, Callable[..., forms.Field]] = {
    "long_text": _long_text,
    "date": _date,
    "number": _number,
    "geolocation": _number,
    "checkbox": _checkbox,
    "choice": _choice,
    "choices": _choices,
    "country": _choice,
    "countries": _countries,
    "language": _choice,
}


def _value(field: packs.Field, cleaned: Any) -> Any:
    """What is kept of a clean answer; None for none."""
    if cleaned in (None, "", []):
        return None
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    if isinstance(cleaned, float):
        return int(cleaned) if cleaned.is_integer() else cleaned
    if field.type == "checkbox":
        return cleaned == "yes"
    return cleaned.replace("\r\n", "\n") if isinstance(cleaned, str) else cleaned
