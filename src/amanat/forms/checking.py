"""Everything that can't work in a compiled form, told to its writers; among it what shows only when it is filled once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from amanat.forms.structure import Trouble
from amanat.forms.workbooks import place
from amanat.packs.faults import Fault

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm


def faults_of(form: CompiledForm, name: str, places: Mapping[str, int]) -> list[Fault]:
    """The faults of a form, each once."""
    troubles = [*form.troubles.found, *_lost(form), *_trial(form)]
    return list(dict.fromkeys(Fault(name, _where(trouble, places), trouble.what, trouble.mend) for trouble in troubles))


def _where(trouble: Trouble, places: Mapping[str, int]) -> str:
    if trouble.path in places:
        return place("survey", places[trouble.path], trouble.column)
    return f"{trouble.path} {trouble.column}".strip().removeprefix("/ ")


def _lost(form: CompiledForm) -> Iterator[Trouble]:
    """Paths that lead nowhere: what they mean is always empty."""
    for path, formula in form.formulas.made:
        for pattern in formula.reads:
            if path in form.paths_known and len(pattern) > 1 and not form.order.knows(pattern):
                what = _("%(path)s leads to no question.") % {"path": "/" + "/".join(pattern)}
                yield Trouble(path, "", what, _("Mend the expression."))


A_MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)  # of a trial: a check finds the same on any day


def _trial(form: CompiledForm) -> Iterator[Trouble]:
    """An empty filling: whether it stays within what may be computed."""
    from amanat.forms.filling import Filling

    filling = Filling.begin(form, language=form.default_language, now=A_MOMENT, zone=UTC)
    filling.screens()
    if "" in filling.faults():
        what = _("The form asks for more computing than Amanat allows.")
        yield Trouble("", "", what, _("Make its lists shorter, or its expressions simpler."))
