"""The answers of one filling as a tree, and what follows from them: calculations, relevance, numbers of repeats."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from amanat.forms.choosing import name_of_choice, offered
from amanat.forms.limits import LIMITS
from amanat.forms.model import Offered
from amanat.forms.nodes import Node
from amanat.forms.ordering import RELEVANT, Cell
from amanat.forms.running import At, Run, TooMuchWork
from amanat.forms.structure import Change, Control, Formula, Part, Repeat
from amanat.forms.texts import Text
from amanat.forms.values import (
    Value,
    day_of_number,
    number_of,
    number_of_text,
    text_of,
    text_of_moment,
    truth_of,
)

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

FIRST_LOAD: Final = "odk-instance-first-load"
NEW_REPEAT: Final = "odk-new-repeat"
VALUE_CHANGED: Final = "xforms-value-changed"
_MOST_NODES: Final = 5 * LIMITS.nodes
_MOST_ROUNDS: Final = 12
_STEP: Final = re.compile(r"([^\[\]/]+)(?:\[(\d{1,6})\])?")


class State:
    """`exhausted`: the form asked for more computing than it may; nothing is computed any more. `capped`: generic paths of
    repeats of which more were wanted than there may be. `counted`: of those whose number a formula says."""

    def __init__(self, form: CompiledForm, run: Run) -> None:
        self.form, self.run = form, run
        self.edition = 0  # counts what was answered, what came and what went
        self.exhausted = False
        self.capped: set[str] = set()
        self._changed: set[str] = set()
        self._everything = True
        self._nodes: dict[str, list[Node]] = {}
        self._size = 0
        self._fresh: list[Node] = []
        self._counted = tuple(_counted(form.parts_of_body))
        self.counted = frozenset(repeat.path for repeat in self._counted)
        self.reshaped()

    @property
    def root(self) -> Node:
        """The root of the instance."""
        return self.run.root

    def reshaped(self) -> None:
        """Take notice of nodes that came or went."""
        self.edition += 1
        self._nodes, self._size = {}, 0
        for node in (self.root, *self.root.below()):
            self._nodes.setdefault(node.path, []).append(node)
            self._size += 1
        self._everything = True

    def nodes(self, path: str) -> list[Node]:
        """All nodes of a generic path."""
        return self._nodes.get(path, [])

    def at(self, node: Node) -> At:
        """Where an expression of a node stands."""
        return At(node, node, self.run)

    def value(self, formula: Formula | None, node: Node) -> Value:
        """What a formula gives at a node; empty where there is none, or no more may be computed."""
        if not formula or self.exhausted:
            return ""
        try:
            return formula.program(self.at(node))
        except (TooMuchWork, RecursionError):
            self.exhausted = True
            return ""

    def holds(self, formula: Formula | None, node: Node) -> bool:
        """Whether a formula is true at a node; false where there is none."""
        return bool(formula) and truth_of(self.value(formula, node))

    def spoken(self, text: Text, node: Node) -> str:
        """A text as it stands at a node."""
        if self.run.bare:
            return text.bare(self.run.language)
        try:
            return text.spoken(self.at(node)) if text else ""
        except (TooMuchWork, RecursionError):
            self.exhausted = True
            return ""

    def offered(self, control: Control, node: Node) -> tuple[Offered, ...]:
        """The choices of a question at a node."""
        if not control.choices or self.exhausted:
            return ()
        try:
            return tuple(offered(self.form, control.choices, self.at(node)))
        except (TooMuchWork, RecursionError):
            self.exhausted = True
            return ()

    def find(self, path: str) -> Node | None:
        """The node of a path with numbers; without a number it is the first."""
        steps = [_STEP.fullmatch(step) for step in path.strip("/").split("/")]
        if not steps or not all(steps) or steps[0][1] != self.root.name:  # type: ignore[index]
            return None
        node = self.root
        for step in steps[1:]:
            same, number = node.kids.get(step[1], []), int(step[2] or 1)  # type: ignore[index]
            if not 1 <= number <= len(same):
                return None
            node = same[number - 1]
        return node

    def numbered(self, node: Node) -> str:
        """The path of a node with the numbers of repeats."""
        steps = [
            f"{above.name}[{above.number}]" if above.path in self.form.repeats else above.name for above in node.up()
        ]
        return "/" + "/".join(steps)

    def set(self, node: Node, text: str) -> None:
        """Answer a node, and set what is set when it changes."""
        if node.text == text:
            return
        node.text = text
        self.edition += 1
        self._changed.add(node.path)
        control = self.form.controls.get(node.path)
        if control and control.changes:
            self.happen(VALUE_CHANGED, control.changes, node)

    def happen(self, event: str, changes: Iterable[Change], source: Node) -> None:
        """Set what changes set at an event, at the nodes that stand nearest to the source."""
        for change in changes:
            if event in change.events:
                self.settle()
                for node in self.nearest(source, change.target):
                    self.set(
                        node, self.stored(self.value(change.formula, node), node) if change.formula else change.text
                    )

    def nearest(self, source: Node, path: str) -> list[Node]:
        """The nodes of a generic path within the closest repeat that both stand in."""
        within = source
        while within.parent and not path.startswith(f"{within.path}/") and path != within.path:
            within = within.parent
        found = [within] if path.startswith(within.path) else []
        for name in path[len(within.path) :].strip("/").split("/"):
            found = [kid for node in found for kid in node.kids.get(name, ())] if name else found
        return found

    def settle(self) -> None:
        """Compute what follows from the changes since the last time."""
        if not (self._everything or self._changed) or self.exhausted:
            return
        self.run.budget.begin()
        for _round in range(_MOST_ROUNDS):
            cells = self.form.order.cells if self._everything else self.form.order.after(self._changed)
            self._everything = False
            self._changed.clear()
            self._compute(cells)
            if not self._recount():
                break
        while self._fresh:
            node = self._fresh.pop(0)
            self.happen(NEW_REPEAT, self.form.changes_in(node.path), node)

    def _compute(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            formula = self.form.order.formulas[cell]
            for node in self.nodes(cell.path):
                value = self.value(formula, node)
                if self.exhausted:
                    return
                if cell.kind == RELEVANT:
                    node.relevant = truth_of(value)
                else:
                    self._calculated(node, self.stored(value, node))

    def _calculated(self, node: Node, text: str) -> None:
        changed = node.text != text
        node.text = text
        control = self.form.controls.get(node.path)
        if changed and control and control.changes:
            for change in control.changes:
                for target in self.nearest(node, change.target):
                    target.text = (
                        self.stored(self.value(change.formula, target), target) if change.formula else change.text
                    )
                    self._changed.add(target.path)

    def stored(self, value: Value, node: Node) -> str:
        """A value as its node keeps it, by the type of its bind."""
        bind = self.form.binds.get(node.path)
        kind = bind.type if bind else "string"
        if isinstance(value, float):
            return self._stored_number(value, kind)
        text = text_of(value)
        if kind == "int" and text and (number := number_of_text(text, self.run.zone)) == number:
            return text_of(float(int(number))) if abs(number) < 1e15 else text
        if kind == "date" and "T" in text:
            return text.split("T")[0]
        return text

    def _stored_number(self, number: float, kind: str) -> str:
        if math.isnan(number) or (math.isinf(number) and kind != "string"):
            return ""
        if kind == "date" and (day := day_of_number(number)):
            return day.isoformat()
        if kind == "dateTime" and (day := day_of_number(number)):
            return text_of_moment(datetime(day.year, day.month, day.day, tzinfo=self.run.zone))
        return text_of(float(int(number)) if kind == "int" else number)

    def _recount(self) -> bool:
        """Give repeats that are counted as many as they shall have; whether any came or went."""
        changed = False
        for repeat in self._counted:
            above = repeat.path.rsplit("/", 1)[0]
            for parent in list(self.nodes(above)):
                changed |= self._count(repeat, parent)
            if changed:
                self.reshaped()
        return changed

    def _count(self, repeat: Repeat, parent: Node) -> bool:
        name = repeat.path.rsplit("/", 1)[-1]
        same = parent.kids.setdefault(name, [])
        like = same[0] if same else self._like(repeat.path, parent)
        wanted = number_of(self.value(repeat.count, like), self.run.zone)
        if math.isnan(wanted):  # nobody says how many: as JavaRosa does, those that are there stay
            return False
        count = int(max(0, min(wanted, LIMITS.repeats)))
        if wanted > LIMITS.repeats:
            self.capped.add(repeat.path)
        if self.exhausted or count == len(same):
            return False
        before = len(same)
        del same[count:]
        while len(same) < count and (new := self.append(parent, repeat.path)) is not None:
            self._fresh.append(new)
        return len(same) != before

    def _like(self, path: str, parent: Node) -> Node:
        """One of a repeat that is not there yet, to ask what would hold for it."""
        node = self.form.template.new(path)
        node.parent = parent
        return node

    def append(self, parent: Node, path: str) -> Node | None:
        """One more of a repeat, unless there are as many as may be."""
        same = parent.kids.setdefault(path.rsplit("/", 1)[-1], [])
        size = 1 + sum(1 for _node in self.form.template.repeats[path].below())
        if len(same) >= LIMITS.repeats or self._size + size > _MOST_NODES:
            self.capped.add(path)
            return None
        self._size += size
        return parent.append(self.form.template.new(path))

    def is_wanted(self, path: str, parent: Node) -> bool:
        """Whether a repeat is relevant, also where there is none of it."""
        bind = self.form.binds.get(path)
        if not bind or not bind.relevant:
            return True
        same = parent.kids.get(path.rsplit("/", 1)[-1], [])
        return any(node.relevant for node in same) if same else self.holds(bind.relevant, self._like(path, parent))


def _counted(parts: Iterable[Part]) -> Iterator[Repeat]:
    for part in parts:
        if isinstance(part, Repeat) and part.count:
            yield part
        if not isinstance(part, Control):
            yield from _counted(part.parts)


def new_run(form: CompiledForm, root: Node, *, language: str, now: datetime, zone: tzinfo, seed: str) -> Run:
    """What the expressions of one filling find."""
    run = Run(
        root=root, lists=form.lists, indexes=form.indexes, now=now.astimezone(zone), zone=zone, language=language, seed=seed,
        form_version=form.version,
        choice_name=lambda node, value, path: name_of_choice(form, run, node, value, path),
        itext=lambda name: form.translations.text(name).spoken(At(root, root, run)),
    )  # fmt: skip
    run.budget.begin()
    return run
