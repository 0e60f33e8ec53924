"""A question as a field of a page: its widget by type and appearance. What stands in it is read in `standing`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from amanat.forms import appearances
from amanat.forms.lines import Beside
from amanat.forms.model import MEDIA, Offered, Range, Shown
from amanat.forms.standing import rank_name
from amanat.web.forms import Checkboxes, DateInput, DateTimeInput, LongText, Radios, Tick, TimeInput

FEW = 12  # so many choices stand open as radios; more fold into a list
ACCEPT = {"image": "image/jpeg,image/png,image/webp", "audio": "audio/*", "video": "video/mp4"}
CAMERA = {"new": "environment", "new-front": "user", "selfie": "user"}

Address = Callable[[str], str]
"""The address of a file of the form by its name; empty where none can be fetched."""


class Asked(forms.Field):
    """A question. The engine says whether an answer holds, so the field takes what it gets."""

    def __init__(self, item: Shown, address: Address) -> None:
        self.item, self.more = item, _more_hint(item)
        self.beside = beside(item, address)
        super().__init__(
            label=item.label or item.question.name,
            help_text=" ".join(text for text in (item.hint, self.more) if text),
            required=item.required,
            widget=_widget(item, address),
            template_name="forms/asked.html",
        )

    def clean(self, value: Any) -> Any:
        return value


class Choice(str):
    """The label of a choice as a page draws it."""

    worded: str
    picture: str


class _Drawn:
    """Choices with pictures and markup. Only the first is where a page begins."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)  # type: ignore[misc]
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class ChoiceRadios(_Drawn, Radios):
    """One of a few."""

    template_name = "forms/widgets/choices.html"


class ChoiceBoxes(_Drawn, Checkboxes):
    """Any of a few."""

    template_name = "forms/widgets/choices.html"


class Ranks(forms.Widget):
    """An order: a number beside each choice, sent as `<name>.<choice>`."""

    template_name = "forms/widgets/ranks.html"
    use_fieldset = True

    def __init__(self, choices: Sequence[Offered]) -> None:
        super().__init__()
        self.choices = choices

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> dict[str, str]:
        return {choice.value: data.get(rank_name(name, choice.value), "") for choice in self.choices}

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["rows"] = [
            (rank_name(name, choice.value), choice.label, (value or {}).get(choice.value, ""))
            for choice in self.choices
        ]
        return context


class MonthInput(forms.TextInput):
    """The browser's own field for a month; where there is none, a person types it."""

    input_type = "month"


def beside(item: Shown, address: Address) -> Beside | None:
    """The addresses of the files of a label; None where it has none."""
    told = {form: address(name) for form, name in item.files if name}
    if not any(told.values()):
        return None
    big = told.get("big-image", "")
    return Beside(told.get("image") or big, big, told.get("audio", ""), told.get("video", ""))


# --- what a plain input can't say by itself --------------------------------------------------------------------------


def _more_hint(item: Shown) -> str:
    question = item.question
    if question.range is not None:
        return _("A number from %(start)s to %(end)s.") % {"start": question.range.start, "end": question.range.end}
    if question.kind in MEDIA:
        return _of_file(item)
    if question.kind in ("select_one", "select_multiple", "rank") and not item.choices:
        return _("There is nothing to choose yet: it depends on another answer.")
    if question.kind == "date" and (told := appearances.precision(question.appearance)):
        return _("The year, in four digits.") if told == "year" else _("Year and month, for example: 2026-03")
    return _HINTS[question.kind]() if question.kind in _HINTS else ""


_HINTS: dict[str, Callable[[], str]] = {
    "geopoint": lambda: _("Latitude and longitude, for example: 37.95 58.38"),
    "geotrace": lambda: _("Latitude and longitude of each point, with “;” between them: 37.95 58.38; 37.96 58.39"),
    "geoshape": lambda: _("Latitude and longitude of each corner, with “;” between them: 37.95 58.38; 37.96 58.39"),
    "rank": lambda: _("Write a number beside each: 1 comes first."),
    "barcode": lambda: _("Type the letters and digits that stand beside the bars."),
}


def _of_file(item: Shown) -> str:
    if item.value:
        return _("A file is kept already. Another one takes its place in this form.")
    if appearances.BY_HAND & item.question.appearance:
        return _("Do it on paper, and choose a picture of the paper.")
    return ""


# --- widgets ---------------------------------------------------------------------------------------------------------


def _widget(item: Shown, address: Address) -> forms.Widget:
    question = item.question
    if question.kind in ("select_one", "select_multiple"):
        return _choices(item, address)
    if question.kind == "rank":
        return Ranks(item.choices)
    if question.kind == "range" and question.range is not None:
        return _number(item, question.range)
    if question.kind in MEDIA:
        return forms.FileInput(attrs=_of_camera(item))
    return _INPUTS.get(question.kind, _text)(item)


def _of_camera(item: Shown) -> dict[str, str]:
    kind, appearance = item.question.kind, item.question.appearance
    attrs = {"accept": ACCEPT[kind]} if kind in ACCEPT else {}
    camera = next((CAMERA[word] for word in CAMERA if word in appearance), "")
    return attrs | ({"capture": camera} if camera else {})


def _choices(item: Shown, address: Address) -> forms.Widget:
    offered = [(choice.value, _label(choice, address)) for choice in item.choices]
    appearance, pictured = item.question.appearance, any(label.picture for _value, label in offered)
    attrs = {"class": "short"} if pictured or appearances.is_short(appearance) else {}
    if item.question.kind == "select_multiple":
        return ChoiceBoxes(attrs=attrs, choices=offered)
    if not pictured and (len(offered) > FEW or appearances.is_folded(appearance)):
        return forms.Select(choices=[("", _("Not stated")), *offered])
    return ChoiceRadios(attrs=attrs, choices=offered if item.required else [*offered, ("", _("Not stated"))])


def _label(choice: Offered, address: Address) -> Choice:
    label = Choice(choice.label)
    label.worded, label.picture = choice.label, address(choice.image) if choice.image else ""
    return label


def _number(item: Shown, asked: Range) -> forms.Widget:
    appearance = item.question.appearance
    count = int(abs(asked.end - asked.start) / asked.step) + 1
    if "rating" in appearance and count <= FEW:
        some = [] if item.required else [("", _("Not stated"))]
        return ChoiceRadios(attrs={"class": "short"}, choices=[*_numbers(asked, count), *some])
    if "picker" in appearance and count <= 100:
        return forms.Select(choices=[("", _("Not stated")), *_numbers(asked, count)])
    low, high = sorted((asked.start, asked.end))
    return forms.NumberInput(attrs={"min": low, "max": high, "step": asked.step})


def _numbers(asked: Range, count: int) -> list[tuple[str, str]]:
    step = asked.step if asked.end >= asked.start else -asked.step
    return [(str(number), str(number)) for number in (asked.start + at * step for at in range(count))]


def _text(item: Shown) -> forms.Widget:
    if "multiline" in item.question.appearance or item.question.rows > 1:
        return LongText(rows=item.question.rows or 5)
    digits = {"inputmode": "numeric"} if "numbers" in item.question.appearance else {}
    return forms.TextInput(attrs={"autocomplete": "off"} | digits)


def _date(item: Shown) -> forms.Widget:
    precision = appearances.precision(item.question.appearance)
    if precision == "year":
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return MonthInput() if precision == "month" else DateInput()


_INPUTS: dict[str, Callable[[Shown], forms.Widget]] = {
    "integer": lambda _item: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    "decimal": lambda _item: forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    "date": _date,
    "time": lambda _item: TimeInput(),
    "dateTime": lambda _item: DateTimeInput(),
    "acknowledge": lambda _item: Tick(),
}
