"""Reading the body of an XForm: controls, groups and repeats, and the values that they set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from amanat.forms.documents import JAVAROSA, Element, attribute, kid, kids, local
from amanat.forms.model import NO_LABEL, Question, Range
from amanat.forms.structure import Bind, Change, Choice, Choices, Control, Group, Part, Repeat
from amanat.forms.texts import NOTHING, Text

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

_CONTROLS: Final = ("input", "select", "select1", "rank", "upload", "trigger", "range", "secret", "textarea")
_OF_TYPE: Final = {
    "int": "integer", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "dateTime",
    "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "barcode": "barcode",
}  # fmt: skip
_OF_CONTROL: Final = {
    "select": "select_multiple",
    "select1": "select_one",
    "rank": "rank",
    "trigger": "acknowledge",
    "range": "range",
}
_TITLE_OF_TABLE: Final = "generated_table_list_label_"
"""The note into which pyxform puts the label of a group that is drawn as a table."""
_LIST: Final = re.compile(r"(instance\('[^']*'\)/root/item)\[")
_MEDIA: Final = {"image": "image", "audio": "audio", "video": "video"}


class Body:
    """The parts of the body; `loose`: values set by groups and repeats rather than questions."""

    def __init__(self, form: CompiledForm, body: Element) -> None:
        self._form = form
        self.loose: list[Change] = []
        self._groups: set[str] = set()
        self.parts = tuple(self._parts(body, ""))
        self._controls: dict[str, Control] = {}
        self._gather(self.parts)

    def questions(self) -> Iterator[Question]:
        """All questions in the order of the form, also those that nobody sees; not the form's own (`meta`)."""
        root = self._form.template.root.path
        inner = {path.rsplit("/", 1)[0] for path in self._form.paths} | self._groups
        for path in self._form.paths:
            told = path.startswith(f"{root}/meta/") or path.rsplit("/", 1)[-1].startswith(_TITLE_OF_TABLE)
            if path not in inner and not told:
                control = self._controls.get(path)
                yield control.question if control else self._unseen(path)

    def changes(self, element: Element) -> Iterator[Change]:
        """What the `<setvalue>` directly below an element set."""
        for found in kids(element, "setvalue"):
            target = attribute(found, "ref") or attribute(found, "bind")
            if "@" in target:
                continue  # of an entity
            events = frozenset(attribute(found, "event").split())
            formula = self._form.formulas.formula(attribute(found, "value"), target, "default")
            yield Change(events, target, formula, (found.text or "").strip())

    def _gather(self, parts: tuple[Part, ...]) -> None:
        for part in parts:
            if isinstance(part, Control):
                self._controls.setdefault(part.path, part)
            else:
                self._gather(tuple(part.parts))

    def _parts(self, element: Element, above: str) -> Iterator[Part]:
        for part in kids(element):
            name = local(part)
            if name == "group":
                yield from self._group(part, above)
            elif name == "repeat":
                yield self._repeat(part, None)
            elif name in _CONTROLS and (control := self._control(part)):
                yield control

    def _group(self, element: Element, above: str) -> Iterator[Part]:
        path = _ref(element)
        repeats = kids(element, "repeat")
        self.loose += self.changes(element)
        if path:
            self._groups.add(path)
        if len(repeats) == 1 and not kids(element, "group", *_CONTROLS):
            yield self._repeat(repeats[0], element)
            return
        label, parts = self._text(element), tuple(self._parts(element, path or above))
        if parts and isinstance(parts[0], Control) and parts[0].question.name.startswith(_TITLE_OF_TABLE):
            label, parts = parts[0].label, parts[1:]
        yield Group(path, label, _appearance(element), parts)

    def _repeat(self, element: Element, group: Element | None) -> Repeat:
        path = _ref(element)
        self.loose += self.changes(element)
        self._groups.add(path)
        label = self._text(element) or (self._text(group) if group is not None else NOTHING)
        own, outer = _appearance(element), _appearance(group) if group is not None else frozenset()
        count = self._form.formulas.formula(attribute(element, "count", JAVAROSA), path, "repeat_count")
        fixed = attribute(element, "noAddRemove", JAVAROSA).strip() == "true()"
        return Repeat(path, label, own | outer, count, fixed, tuple(self._parts(element, path)))

    def _control(self, element: Element) -> Control | None:
        path = _ref(element)
        if path not in self._form.paths_known:
            self._form.troubles.tell(path, "name", _("There is no node for this question."), _("Make the form again."))
            return None
        self._refuse(element, path)
        label, hint = kid(element, "label"), kid(element, "hint")
        of = self._form.translations.of
        make = self._form.formulas.program
        return Control(
            question=self._question(element, path, self._form.binds.get(path) or Bind(path)),
            label=of(label, make),
            hint=of(hint, make),
            guidance=of(hint, make, "guidance"),
            media=self._form.translations.media(label),
            choices=self._choices(element, path),
            changes=tuple(self.changes(element)),
        )

    def _refuse(self, element: Element, path: str) -> None:
        """Tell what would be asked in another way than its writer meant."""
        if element.get("query") is not None:
            what = _("select_one_external needs a table that only a phone holds.")
            self._form.troubles.tell(path, "type", what, _("Use select_one_from_file."))
        if "search(" in attribute(element, "appearance"):
            what = _("search() looks choices up in a way that only ODK Collect knows.")
            self._form.troubles.tell(path, "appearance", what, _("Use select_one_from_file with a choice_filter."))

    def _question(self, element: Element, path: str, bind: Bind) -> Question:
        label, hint = kid(element, "label"), kid(element, "hint")
        of, make = self._form.translations.of, self._form.formulas.program
        kind = _kind(element, bind, is_set=path in self._form.set_paths)
        return Question(
            path=path,
            name=path.rsplit("/", 1)[-1],
            kind=kind,
            label=of(label, make).label(),
            hint=of(hint, make).label(),
            guidance=of(hint, make, "guidance").label(),
            appearance=_appearance(element),
            extras=self._form.extras[path],
            range=self._range(element, path) if kind == "range" else None,
            rows=int(rows)
            if (rows := attribute(element, "rows")).isascii() and rows.isdigit() and len(rows) < 4
            else 0,
        )

    def _unseen(self, path: str) -> Question:
        bind = self._form.binds.get(path) or Bind(path)
        kind = "calculate" if bind.calculate else "hidden"
        name = path.rsplit("/", 1)[-1]
        label = self._form.translations.text(f"{path}:label").label()  # no control shows it; scores and tables do
        return Question(path, name, kind, label, NO_LABEL, NO_LABEL, frozenset(), self._form.extras[path])

    def _range(self, element: Element, path: str) -> Range | None:
        try:
            start, end, step = (Decimal(attribute(element, name) or "1") for name in ("start", "end", "step"))
        except InvalidOperation:
            start = end = step = Decimal("NaN")
        if not all(number.is_finite() for number in (start, end, step)) or not step:
            what = _("A range needs numbers as start, end and step.")
            self._form.troubles.tell(path, "parameters", what, _("Write them like start=0 end=10 step=1."))
            return None
        return Range(start, end, abs(step))

    def _choices(self, element: Element, path: str) -> Choices | None:
        if local(element) not in ("select", "select1", "rank") or _is_header(element):
            return None
        itemset = kid(element, "itemset")
        if itemset is None:
            return Choices(tuple(self._choice(item) for item in kids(element, "item")))
        value, label = kid(itemset, "value"), kid(itemset, "label")
        ref = (label.get("ref") or "label").strip() if label is not None else "label"
        nodeset = attribute(itemset, "nodeset")
        unfiltered = _LIST.match(nodeset)
        return Choices(
            formula=self._form.formulas.formula(nodeset, path, "choice_filter"),
            whole=self._form.formulas.formula(unfiltered[1], path, "choice_filter") if unfiltered else None,
            value=(value.get("ref") or "name").strip() if value is not None else "name",
            label=ref.removeprefix("jr:itext(").removesuffix(")").strip(),
            translated=ref.startswith("jr:itext("),
        )

    def _choice(self, item: Element) -> Choice:
        value, label = kid(item, "value"), kid(item, "label")
        of, make = self._form.translations.of, self._form.formulas.program
        written = (value.text or "").strip() if value is not None else ""
        return Choice(written, of(label, make), of(label, make, "image"))

    def _text(self, element: Element) -> Text:
        return self._form.translations.of(kid(element, "label"), self._form.formulas.program)


def _ref(element: Element) -> str:
    return (attribute(element, "ref") or attribute(element, "nodeset")).strip()


def _appearance(element: Element) -> frozenset[str]:
    return frozenset(attribute(element, "appearance").split())


def _is_header(element: Element) -> bool:
    """A select that only heads the columns of a table: below, each question names its choices itself."""
    return local(element) in ("select", "select1") and "label" in _appearance(element)


def _kind(element: Element, bind: Bind, *, is_set: bool) -> str:
    """A text that nobody can change and nothing ever sets is a note."""
    name = local(element)
    if _is_header(element):
        return "note"
    if name in _OF_CONTROL:
        return _OF_CONTROL[name]
    if name == "upload":
        return _MEDIA.get(attribute(element, "mediatype").split("/")[0], "file")
    fixed = bind.read_only is not None and bind.read_only.source == "true()" and not bind.calculate
    if fixed and bind.type == "string" and not is_set:
        return "note"
    return _OF_TYPE.get(bind.type, "text")
