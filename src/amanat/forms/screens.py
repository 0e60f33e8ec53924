"""A screen of a form as fields of a page: bound to what the engine holds, drawn with the house's own templates.

`ScreenForm` is the same where a form is filled in about a child and where it is only tried.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from amanat.forms.filling import Filling
from amanat.forms.model import MEDIA, SELECTS, Heading, Item, Offered, Range, RepeatEnd, Screen, Shown
from amanat.web.errors import PersonFacingError
from amanat.web.forms import Checkboxes, DateInput, DateTimeInput, FieldErrors, LongText, Radios, Renderer, Tick

FEW = 12  # so many choices stand open as radios; more fold into a list
FOLDED = frozenset({"minimal", "autocomplete", "quick-search"})
FOLDED_ANYWAY = ("search",)
ACKNOWLEDGED = "OK"
ACCEPT = {"image": "image/jpeg,image/png,image/webp", "audio": "audio/*", "video": "video/mp4"}

Allowed = Callable[[str], bool]


def anybody(_part: str) -> bool:
    """Every part is open: where a form is tried, nothing is about anybody."""
    return True


def name_of(path: str) -> str:
    """The name of a question's field, and its id on the page: an address of its own without signs that mean something there."""
    return "q" + hashlib.sha256(path.encode()).hexdigest()[:10]


def item_name(item: Item) -> str:
    """Headings and ends of repeats have the path of a group, which is no question's."""
    return name_of(item.path if isinstance(item, Shown) else f"{type(item).__name__} {item.path}")


def slug_of(key: str) -> str:
    """The key of a screen as a piece of an address."""
    return key.strip("/").replace("/", ".") or "screen"


class Asked(forms.Field):
    """A question. The engine says whether an answer holds, so the field takes what it gets."""

    def clean(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Line:
    """An item of a screen with what draws it. `seen`: by which the server knows again what a page shows of it already."""

    kind: str  # field, shown, note, heading, end
    name: str
    item: Any
    bound: forms.BoundField | None = None

    @property
    def words(self) -> str:
        """What stands in a question that is only read."""
        return ", ".join(choice.label for choice in chosen(self.item)) or self.item.value

    @property
    def heading(self) -> int:
        """The level of its heading: below the page's own and that of the screen."""
        return min(2 + int(self.item.level), 6)

    @property
    def seen(self) -> str:
        return f"{self.name}:{zlib.crc32(repr(self._told()).encode()):x}"

    def _told(self) -> tuple[Any, ...]:
        """All of it but what the person may have typed meanwhile."""
        item = self.item
        if not isinstance(item, Shown):
            return (item,)
        held = "" if self.kind == "field" else item.value
        return (self.kind, item.label, item.hint, item.guidance, item.choices, item.required, held)


class ScreenForm(forms.Form):
    """One screen, bound to the state of the filling.

    Args:
        writes: of which parts the person may answer; other questions are not there.
        sees: of which parts a text of the form (a note, a value that the form computed) may be shown.
        faults: path → what does not hold.
    """

    default_renderer = Renderer()
    use_required_attribute = False

    def __init__(
        self,
        request: HttpRequest,
        screen: Screen,
        *,
        writes: Allowed = anybody,
        sees: Allowed = anybody,
        faults: Mapping[str, str] | None = None,
        draft_saved_at: datetime | None = None,
    ) -> None:
        self.request, self.screen = request, screen
        self.hints: list[str] = []
        self.differences: list[Any] = []
        self.draft_saved_at = draft_saved_at
        self._told = list(_visible(screen, writes, sees))
        self._asked = [item for kind, item in self._told if kind == "field" and isinstance(item, Shown)]
        self.base_fields = {name_of(item.path): _field(item) for item in self._asked}  # type: ignore[misc]  # see FactsForm
        super().__init__(data=_typed(self._asked), error_class=FieldErrors, label_suffix="")
        for item in self._asked:
            if fault := (faults or {}).get(item.path, item.fault):
                self.add_error(name_of(item.path), fault)

    def say(self, error: PersonFacingError) -> None:
        """What is wrong with the whole stands at its head."""
        self.add_error(None, str(error.sentence))
        if error.hint:
            self.hints.append(str(error.hint))

    @property
    def lines(self) -> list[Line]:
        return [
            Line(kind, item_name(item), item, self[item_name(item)] if kind == "field" else None)
            for kind, item in self._told
        ]

    @property
    def asks(self) -> bool:
        return bool(self._asked)


def is_there(screen: Screen, writes: Allowed = anybody, sees: Allowed = anybody) -> bool:
    """Whether a screen has anything for this person."""
    return any(kind in ("field", "note", "shown") for kind, _item in _visible(screen, writes, sees))


def _visible(screen: Screen, writes: Allowed, sees: Allowed) -> Iterator[tuple[str, Item]]:
    """What is there for this person, headings only where something stands below them."""
    waiting: list[tuple[str, Item]] = []
    for item in screen.items:
        if isinstance(item, Heading):
            waiting = [one for one in waiting if isinstance(one[1], Heading) and one[1].level < item.level]
            waiting.append(("heading", item))
        elif isinstance(item, RepeatEnd):
            waiting = []
            if any(writes(question.question.part) for question in screen.questions) or not screen.questions:
                yield "end", item
        elif kind := _kind(item, writes, sees):
            yield from waiting
            waiting = []
            yield kind, item


def _kind(item: Shown, writes: Allowed, sees: Allowed) -> str:
    part = item.question.part
    if item.question.kind == "note":
        return "note" if sees(part) else ""
    if item.read_only:
        return "shown" if sees(part) else ""
    return "field" if writes(part) else ""


# --- fields ----------------------------------------------------------------------------------------------------------


def _field(item: Shown) -> Asked:
    hint = " ".join(text for text in (item.hint, _more_hint(item), item.guidance) if text)
    return Asked(label=item.label or item.question.name, help_text=hint, required=item.required, widget=_widget(item))


def _more_hint(item: Shown) -> str:
    """What a plain input can't say by itself."""
    question = item.question
    if question.range is not None:
        return _("A number from %(start)s to %(end)s.") % {"start": question.range.start, "end": question.range.end}
    if question.kind == "geopoint":
        return _("Latitude and longitude, for example: 37.95 58.38")
    if question.kind == "rank":
        named = ", ".join(f"{choice.value} ({choice.label})" for choice in item.choices)
        return _("Write all of these in your order, with spaces between: %(choices)s") % {"choices": named}
    if question.kind in MEDIA and item.value:
        return _("A file is kept already. Another one takes its place in this form.")
    return ""


def _widget(item: Shown) -> forms.Widget:
    question = item.question
    if question.kind in ("select_one", "select_multiple"):
        return _choices(item)
    if question.kind == "range" and question.range is not None:
        return _number(question.range)
    if question.kind in MEDIA:
        return forms.FileInput(attrs={"accept": ACCEPT[question.kind]} if question.kind in ACCEPT else {})
    return _INPUTS.get(question.kind, _text)(item)


def _choices(item: Shown) -> forms.Widget:
    offered = [(choice.value, choice.label) for choice in item.choices]
    if item.question.kind == "select_multiple":
        return Checkboxes(choices=offered)
    appearance = item.question.appearance
    if len(offered) > FEW or FOLDED & appearance or any(one.startswith(FOLDED_ANYWAY) for one in appearance):
        return forms.Select(choices=[("", _("Not stated")), *offered])
    short = {"class": "short"} if {"likert", "horizontal", "columns"} & appearance else {}
    return Radios(attrs=short, choices=offered if item.required else [*offered, ("", _("Not stated"))])


def _number(asked: Range) -> forms.Widget:
    return forms.NumberInput(attrs={"min": asked.start, "max": asked.end, "step": asked.step})


def _text(item: Shown) -> forms.Widget:
    if "multiline" in item.question.appearance or item.question.rows > 1:
        return LongText(rows=item.question.rows or 5)
    return forms.TextInput(attrs={"autocomplete": "off"})


_INPUTS: dict[str, Callable[[Shown], forms.Widget]] = {
    "integer": lambda _item: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    "decimal": lambda _item: forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    "date": lambda _item: DateInput(),
    "time": lambda _item: forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    "dateTime": lambda _item: DateTimeInput(),
    "acknowledge": lambda _item: Tick(),
}


def _typed(asked: list[Shown]) -> QueryDict:
    """What stands in the fields now, as their widgets would send it."""
    data = QueryDict(mutable=True)
    for item in asked:
        if item.question.kind == "select_multiple":
            data.setlist(name_of(item.path), list(item.values))
        elif item.question.kind not in MEDIA:
            data[name_of(item.path)] = _as_input(item)
    return data


def _as_input(item: Shown) -> str:
    if item.question.kind == "acknowledge":
        return "on" if item.value == ACKNOWLEDGED else ""
    return item.typed


# --- what was sent ---------------------------------------------------------------------------------------------------


def take(filling: Filling, screen: Screen, sent: QueryDict, *, writes: Allowed = anybody) -> None:
    """Put what a page sent into the filling: of the questions that the page showed, those that the person may answer.

    A page says which it showed (`shown`): of a group of boxes none of which is ticked, a browser sends nothing.
    What an answer brought onto the screen may have been shown and answered already. Files are not taken here.
    """
    shown = {seen.split(":")[0] for seen in sent.getlist("shown")}
    taken: set[str] = set()
    while fresh := [item for item in screen.questions if item.path not in taken]:
        for item in fresh:
            taken.add(item.path)
            name = name_of(item.path)
            if name in shown and item.question.kind not in MEDIA and _kind(item, writes, anybody) == "field":
                filling.put(item.path, _raw(item, sent.getlist(name)))
        screen = next((one for one in filling.screens() if one.key == screen.key), screen)


def _raw(item: Shown, sent: list[str]) -> str | list[str]:
    if item.question.kind == "select_multiple":
        return sent
    if item.question.kind == "acknowledge":
        return ACKNOWLEDGED if sent else ""
    return sent[-1] if sent else ""


def repeat_asked(filling: Filling, screen: Screen, sent: QueryDict) -> bool:
    """Add one to a repeat or take one away, if that is what was pressed."""
    for item in screen.items:
        name = item_name(item)
        if isinstance(item, RepeatEnd) and sent.get("add") == name:
            filling.add(item.path)
            return True
        if isinstance(item, Heading) and sent.get("remove") == name:
            filling.remove(item.path.rsplit("[", 1)[0], item.number)
            return True
    return False


def changed(form: ScreenForm, sent: QueryDict) -> tuple[list[tuple[Line, str]], list[str]]:
    """What a page that shows `shown` lacks: lines to put in place, each with the name after which a new one stands ("" to replace
    what is there), and names of those that are there no longer."""
    shown = dict(seen.partition(":")[::2] for seen in sent.getlist("shown"))
    lines, before, swaps = form.lines, "screen-top", []
    for line in lines:
        if line.name not in shown:
            swaps.append((line, before))
        elif line.seen != f"{line.name}:{shown[line.name]}":
            swaps.append((line, ""))
        before = line.name
    return swaps, [name for name in shown if name not in {line.name for line in lines}]


def chosen(item: Shown) -> list[Offered]:
    """The choices of a select that are answered."""
    return [choice for choice in item.choices if item.question.kind in SELECTS and choice.value in item.values]
