"""Making the formulas of a form: read, turned into a program, and told as a trouble where that can't be."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from amanat.forms.functions import Program
from amanat.forms.programs import Scope
from amanat.forms.reading import FICKLE, functions, reads
from amanat.forms.structure import Formula, Troubles
from amanat.forms.syntax import Expression, Unreadable, read

NOWHERE: Final = "/"
"""Where a text stands, which may be that of several questions."""


class Formulas:
    """Makes formulas for one form; the same expression is made once. `made`: each with where it stands."""

    def __init__(self, repeats: frozenset[str], lists: frozenset[str], troubles: Troubles) -> None:
        self._repeats, self._lists, self._troubles = repeats, lists, troubles
        self.made: list[tuple[str, Formula]] = []
        self._made: dict[str, tuple[Expression, Program, list[str], bool] | None] = {}

    def formula(self, source: str, path: str, column: str) -> Formula | None:
        """The formula of an expression that stands at `path`; None where there is none, or it can't run."""
        source = source.strip()
        if not source:
            return None
        made = self._of(source, path, column)
        if not made:
            return None
        expression, program, faults, fickle = made
        for fault in faults:
            self._tell(path, column, fault)
        formula = Formula(source, program, reads(expression, path), fickle)
        self.made.append((path, formula))
        return formula

    def program(self, source: str, path: str = NOWHERE, column: str = "label") -> Program:
        """The program alone, for what is shown; gives nothing where it can't run."""
        formula = self.formula(source, path, column)
        return formula.program if formula else lambda _at: ""

    def _of(self, source: str, path: str, column: str) -> tuple[Expression, Program, list[str], bool] | None:
        if source not in self._made:
            self._made[source] = None
            try:
                expression = read(source)
            except Unreadable as error:
                self._tell(path, column, _("This expression can't be read. %(why)s") % {"why": error})
                return None
            scope = Scope(self._repeats, self._lists)
            program = scope.program(expression)
            fickle = any(name in FICKLE for name in functions(expression))
            self._made[source] = (expression, program, scope.faults, fickle)
        return self._made[source]

    def _tell(self, path: str, column: str, what: str) -> None:
        self._troubles.tell(path, column, what, _("Mend the expression."))
