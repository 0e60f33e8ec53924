"""In which order a form's calculations and relevances are computed, and what has to be computed anew after a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from amanat.forms.documents import UnsafeDocument
from amanat.forms.formulas import NOWHERE
from amanat.forms.limits import LIMITS
from amanat.forms.reading import fits
from amanat.forms.structure import Formula

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

RELEVANT: Final = "relevant"
CALCULATE: Final = "calculate"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to compute: the relevance or the calculation of the nodes of a path."""

    path: str
    kind: str


class Order:
    """The order of a form. `cells`: each after what it reads. Cells of a cycle are told as a trouble, and never computed."""

    def __init__(self, form: CompiledForm) -> None:
        self._paths = form.paths
        self._repeats = form.repeats
        self._known = form.paths_known
        self._by_name: dict[str, list[str]] = {}
        for path in form.paths:
            self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        self._work = 0
        self.formulas: dict[Cell, Formula] = dict(_cells(form))
        self.cells = self._sorted(form)
        self.formulas = {cell: self.formulas[cell] for cell in self.cells}
        self._dependents = self._turned()
        self._shown = frozenset(self._read_by_pages(form))

    def after(self, changed: Iterable[str]) -> list[Cell]:
        """The cells to compute anew, in order, after the answers at these generic paths have changed."""
        reached: set[str] = set(changed)
        dirty: set[Cell] = set()
        waiting = list(reached)
        while waiting:
            for cell in self._dependents.get(waiting.pop(), ()):
                if cell not in dirty:
                    dirty.add(cell)
                    touched = self._within(cell.path) if cell.kind == RELEVANT else [cell.path]
                    waiting += [path for path in touched if path not in reached]
                    reached.update(touched)
        return [cell for cell in self.cells if cell in dirty]

    def affects(self, path: str) -> bool:
        """Whether another question, or what is shown of one, depends on this one."""
        return path in self._dependents or path in self._shown

    def knows(self, pattern: tuple[str, ...]) -> bool:
        """Whether a path that an expression reads is one of the form."""
        return bool(self._matched(pattern))

    def _cells_read(self, cell: Cell) -> set[Cell]:
        """A value that is read depends on its calculation, and on the relevance of its node and of all above.

        Within a repeat a calculation may read that of the one before; elsewhere one that reads itself would grow for ever.
        """
        found = {
            Cell(above, kind)
            for path in self._paths_read(self.formulas[cell])
            for above in _and_above(path)
            for kind in ((CALCULATE, RELEVANT) if above == path else (RELEVANT,))
        }
        if cell.kind == CALCULATE and any(above in self._repeats for above in _and_above(cell.path)):
            found.discard(cell)
        return {other for other in found if other in self.formulas}

    def _paths_read(self, formula: Formula) -> Iterator[str]:
        for pattern in formula.reads:
            yield from self._matched(pattern)

    def _read_by_pages(self, form: CompiledForm) -> Iterator[str]:
        """What constraints, texts, choices and numbers of repeats read. Where a text stands is not known to its expression."""
        held = {id(formula) for formula in self.formulas.values()}
        for path, formula in form.formulas.made:
            if id(formula) not in held:
                for pattern in formula.reads:
                    known = ("**", pattern[-1]) if path == NOWHERE else pattern
                    yield from (read for read in self._matched(known) if read != path)

    def _matched(self, pattern: tuple[str, ...]) -> list[str]:
        if "*" not in pattern and "**" not in pattern:
            path = "/" + "/".join(pattern)
            return [path] if path in self._known else []
        among = self._paths if pattern[-1] == "*" else self._by_name.get(pattern[-1], [])
        self._work += len(among)
        if self._work > LIMITS.steps:
            raise UnsafeDocument(_("Its expressions ask for more computing than a form may."))
        return [path for path in among if fits(pattern, path.strip("/").split("/"))]

    def _sorted(self, form: CompiledForm) -> list[Cell]:
        sorter = TopologicalSorter({cell: self._cells_read(cell) for cell in self.formulas})
        try:
            sorter.prepare()
        except CycleError as error:
            around = list(dict.fromkeys(cell.path for cell in error.args[1]))
            what = _("This depends on itself: %(paths)s.") % {"paths": ", ".join(around[:5])}
            form.troubles.tell(around[0], error.args[1][0].kind, what, _("Take one of them out of the circle."))
        found: list[Cell] = []
        while ready := sorter.get_ready():
            found += ready
            sorter.done(*ready)
        return found

    def _turned(self) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        for cell, formula in self.formulas.items():
            own = {cell.path} if cell.kind == CALCULATE else set()
            for path in {*self._paths_read(formula), *own}:
                found.setdefault(path, []).append(cell)
        return found

    def _within(self, path: str) -> list[str]:
        below = self._below.get(path)
        return [path, *below] if below else [path]

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._paths:
            for above in _and_above(path):
                if above != path:
                    found.setdefault(above, []).append(path)
        return found


def _and_above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _cells(form: CompiledForm) -> Iterator[tuple[Cell, Formula]]:
    for path in form.paths:
        bind = form.binds.get(path)
        if bind and bind.relevant:
            yield Cell(path, RELEVANT), bind.relevant
        if bind and bind.calculate:
            yield Cell(path, CALCULATE), bind.calculate
