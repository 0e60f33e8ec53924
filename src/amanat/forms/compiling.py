"""From an XForm to a form that can be filled, compiled once and held by its digest."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Lock
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.forms.binding import read_binds
from amanat.forms.body import Body
from amanat.forms.choosing import IMAGE
from amanat.forms.documents import (
    JAVAROSA,
    OPENROSA,
    Element,
    UnsafeDocument,
    attribute,
    kid,
    kids,
    local,
    parsed,
)
from amanat.forms.faulty import FaultyForm
from amanat.forms.formulas import Formulas
from amanat.forms.instances import Template, read_template
from amanat.forms.limits import LIMITS
from amanat.forms.lists import FaultyList, read_list
from amanat.forms.model import Extras, Question
from amanat.forms.nodes import Node
from amanat.forms.ordering import Order
from amanat.forms.running import Index
from amanat.forms.structure import Bind, Change, Control, Group, Part, Repeat, Troubles
from amanat.forms.texts import UNNAMED, Text, Translations, language_code
from amanat.packs.faults import Fault

_MOST_HELD: Final = 64


class CompiledForm:
    """A form ready to be filled; the same object serves all who fill it.

    `questions`: by path without numbers, in the order of the form. `languages`: codes; of a form that names none `default`.
    """

    def __init__(self, root: Element, extras: Mapping[str, Mapping[str, Any]], media: Mapping[str, bytes]) -> None:
        self.troubles = Troubles()
        head, body = _heads(root)
        model = kid(head, "model")
        if model is None or not kids(model, "instance"):
            raise UnsafeDocument(_("It is no XForm: it has no model."))
        primary, *others = kids(model, "instance")
        self.repeats = frozenset(_repeat_paths(body))
        self.template: Template = read_template(primary, self.repeats)
        self.lists = self._read_lists(others, media)
        self.paths: tuple[str, ...] = tuple(self.template.paths())
        self.paths_known = frozenset(self.paths)
        self._bound(root)
        self.formulas = Formulas(self.repeats, frozenset(self.lists), self.troubles)
        self.set_paths = _set_paths(root, self.template.root)
        self.template.without(frozenset(_repeat_paths(body, "count")))
        self.translations = Translations(kid(model, "itext"), self.formulas.program)
        self.binds: dict[str, Bind] = read_binds(kids(model, "bind"), self.formulas, self.translations)
        self.extras = {path: _extras(extras, path) for path in self.paths}
        made = Body(self, body)
        self.parts_of_body: tuple[Part, ...] = made.parts
        self.controls: dict[str, Control] = {control.path: control for control in controls(made.parts)}
        self.questions: dict[str, Question] = {question.path: question for question in made.questions()}
        self.alerts = {
            path: formula
            for path, question in self.questions.items()
            if (formula := self.formulas.formula(question.extras.alert, path, "amanat::alert"))
        }
        self.changes: tuple[Change, ...] = (*made.changes(model), *made.loose)
        self.order = Order(self)
        self._changes_in: dict[str, tuple[Change, ...]] = {}
        self._parts_in: dict[str, tuple[str, ...]] = {}
        self.indexes: dict[tuple[int, str, str], Index] = {}
        self._tell_refused(model)
        self._title = _title(head, extras)
        self.default_language, self.languages = self._languages()

    @property
    def form_id(self) -> str:
        """The form's id, as it names itself."""
        return self.template.attributes.get("id", "")

    @property
    def version(self) -> str:
        """The version, as the form writes it; empty where it names none."""
        return self.template.attributes.get("version") or self.template.attributes.get(f"{{{OPENROSA}}}version", "")

    @property
    def parts(self) -> frozenset[str]:
        """Whose eyes its answers are for."""
        return frozenset(question.part for question in self.questions.values() if question.kind != "note")

    def title(self, language: str | None = None) -> str:
        """The form's title, in the language of the page where none is named."""
        return self._title.label().text(language)

    def check(self, name: str = "", places: Mapping[str, int] | None = None) -> list[Fault]:
        """What can't work in it; empty where all does.

        Args:
            name: of the file, for the faults.
            places: rows of the survey sheet by path (`Workbook.places()`).
        """
        from amanat.forms.checking import faults_of

        return faults_of(self, name or self.form_id, places or {})

    def _read_lists(self, instances: list[Element], media: Mapping[str, bytes]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for instance in instances:
            name = instance.get("id") or ""
            try:
                found[name] = read_list(instance, media)
            except FaultyList as error:
                found[name] = Node("", "")
                self.troubles.tell("", name, str(error), _("Upload the file with the form, or mend it."))
        return found

    def changes_in(self, path: str) -> tuple[Change, ...]:
        """The values that are set within a repeat, as one of it comes."""
        if path not in self._changes_in:
            own = [change for control in self.controls.values() for change in control.changes]
            self._changes_in[path] = tuple(c for c in (*self.changes, *own) if c.target.startswith(f"{path}/"))
        return self._changes_in[path]

    def parts_in(self, path: str) -> tuple[str, ...]:
        """Whose eyes the answers within a repeat are for."""
        if path not in self._parts_in:
            within = [one for place, one in self.questions.items() if place.startswith(f"{path}/")]
            self._parts_in[path] = tuple(sorted({one.part for one in within if one.kind != "note"}))
        return self._parts_in[path]

    @cached_property
    def followers(self) -> frozenset[str]:
        """The paths of answers that are set when another one changes."""
        return frozenset(change.target for control in self.controls.values() for change in control.changes)

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the pictures, sounds and films that it shows."""
        pictures = (kid.text.strip() for held in self.lists.values() for kid in held.below() if kid.name == IMAGE)
        return frozenset({*self.translations.files(), *pictures} - {""})

    def _tell_refused(self, model: Element) -> None:
        if next(model.iter("{*}recordaudio"), None) is not None:
            what = _("background-audio records people who do not know of it.")
            self.troubles.tell("", "type", what, _("Ask for a recording with the type audio, where the child agrees."))
        if next(model.iter("{*}entity"), None) is not None:
            what = _("Amanat makes no entities: what the sheet says of them would be lost.")
            self.troubles.tell("", "entities", what, _("Take the sheet “entities” away."))

    def _bound(self, root: Element) -> None:
        if len(self.paths) > LIMITS.nodes:
            raise UnsafeDocument(_("It has more than %(most)s questions.") % {"most": LIMITS.nodes})
        items = sum(1 for _item in root.iter("{*}item"))
        if items > LIMITS.choices:
            raise UnsafeDocument(_("It has more than %(most)s choices.") % {"most": LIMITS.choices})

    def _languages(self) -> tuple[str, tuple[str, ...]]:
        known = tuple(self.translations.languages) or (UNNAMED,)
        default = self.translations.default or known[0]
        return default, (default, *(language for language in known if language != default))


def compiled(xform: bytes, extras: bytes = b"{}", media: Mapping[str, bytes] | None = None) -> CompiledForm:
    """Compile an XForm; the same one is compiled once. `media`: CSV files that it names, by file name.

    Raises:
        FaultyForm: it is no XForm, or has what is never allowed (entities, a DTD, too much of something).
    """
    digest = hashlib.sha256()
    for piece in (
        xform,
        extras,
        *(part for name in sorted(media or {}) for part in (name.encode(), (media or {})[name])),
    ):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    key = digest.digest()
    with _LOCK:
        if found := _HELD.get(key):
            _HELD.move_to_end(key)
            return found
    try:
        form = CompiledForm(parsed(xform), json.loads(extras), media or {})
    except UnsafeDocument as error:
        what = Fault(_("form"), "", str(error), _("Make the form again from its spreadsheet."))
        raise FaultyForm([what]) from None
    with _LOCK:
        _HELD[key] = form
        while len(_HELD) > _MOST_HELD:
            _HELD.popitem(last=False)
    return form


_HELD: Final[OrderedDict[bytes, CompiledForm]] = OrderedDict()
_LOCK: Final = Lock()


def controls(parts: tuple[Part, ...] | list[Part]) -> Iterator[Control]:
    """The controls among parts of the body, and below."""
    for part in parts:
        if isinstance(part, Group | Repeat):
            yield from controls(list(part.parts))
        else:
            yield part


def _heads(root: Element) -> tuple[Element, Element]:
    head, body = kid(root, "head"), kid(root, "body")
    if local(root) != "html" or head is None or body is None:
        raise UnsafeDocument(_("It is no XForm: it has no head and body."))
    return head, body


def _repeat_paths(body: Element, having: str = "") -> Iterator[str]:
    """The generic paths of repeats, or of those that have an attribute of JavaRosa's."""
    for element in body.iter("{*}repeat"):
        if not having or attribute(element, having, JAVAROSA):
            yield (attribute(element, "nodeset") or attribute(element, "ref")).strip()


def _set_paths(root: Element, instance: Node) -> frozenset[str]:
    """The generic paths of nodes that begin with a value, or are given one."""
    given = {attribute(element, "ref") for element in root.iter("{*}setvalue")}
    return frozenset(given | {node.path for node in instance.below() if node.text})


def _title(head: Element, extras: Mapping[str, Mapping[str, Any]]) -> Text:
    own = kid(head, "title")
    texts = {language_code(language): (text,) for language, text in extras.get("", {}).get("title", {}).items()}
    written = (own.text or "").strip() if own is not None else ""
    return Text({UNNAMED: (written,), **texts} if written else texts)


def _extras(extras: Mapping[str, Mapping[str, Any]], path: str) -> Extras:
    """What is said of a path. The part is that of the nearest group that names one; `x_other` goes with `x`."""
    own = extras.get(path, {})
    like = extras.get(path.removesuffix("_other"), {}) if path.endswith("_other") else {}
    part = own.get("part") or like.get("part")
    above = path
    while not part and above.count("/") > 1:
        above = above.rsplit("/", 1)[0]
        part = extras.get(above, {}).get("part")
    return Extras(
        part=part or extras.get("", {}).get("part") or "facts",
        countable=bool(own.get("countable", False)),
        htcds=str(own.get("htcds", "")),
        score=str(own.get("score", "")),
        alert=str(own.get("alert", "")),
    )
