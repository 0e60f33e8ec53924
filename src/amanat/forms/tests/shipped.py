"""The forms that come with Amanat, ready to be filled in by tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final

from amanat import packs
from amanat.forms.compiling import CompiledForm, compiled
from amanat.forms.converting import convert
from amanat.forms.filling import Filling
from amanat.forms.packed import FORMS
from amanat.forms.parts import PARTS_OF_FORMS
from amanat.packs.tests import SHIPPED

PACK: Final = packs.load(SHIPPED / "instruments")  # it extends `core`, so it has all of them
WRITTEN: Final = PACK.part(FORMS)
NOW: Final = datetime(2026, 11, 27, 9, tzinfo=UTC)


@cache
def shipped(name: str) -> CompiledForm:
    workbook = WRITTEN[name].workbook
    return compiled(convert(workbook), workbook.extras(PARTS_OF_FORMS))


def filled(name: str, answers: Mapping[str, object]) -> Filling:
    """A filling with answers by the names of their questions."""
    form = shipped(name)
    paths = {question.name: question.path for question in form.questions.values()}
    filling = Filling.begin(form, language="en", now=NOW, zone=UTC)
    for question, answer in answers.items():
        filling.put(paths[question], str(answer))
    return filling


def notes(filling: Filling) -> set[str]:
    return {
        shown.question.name
        for screen in filling.screens()
        for shown in screen.questions
        if shown.question.kind == "note"
    }
