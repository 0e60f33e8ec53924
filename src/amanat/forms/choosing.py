"""The choices that a question offers now, and their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from amanat.forms.model import Offered
from amanat.forms.nodes import Node
from amanat.forms.running import At, Run
from amanat.forms.structure import Choices
from amanat.forms.texts import Text

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

IMAGE = "image"


def offered(form: CompiledForm, choices: Choices, at: At) -> Iterator[Offered]:
    """The choices at a node, in the language of the filling."""
    at.run.budget.spend(len(choices.fixed))
    for choice in choices.fixed:
        yield Offered(choice.value, _said(choice.label, at), choice.image.file(at.run.language))
    if choices.formula:
        items = choices.formula.program(at)
        for item in items if isinstance(items, list) else []:
            at.run.budget.spend(1)
            yield _of_item(form, choices, item, at)


def _of_item(form: CompiledForm, choices: Choices, item: Node, at: At) -> Offered:
    value, label = _cell(item, choices.value), _cell(item, choices.label)
    if not choices.translated:
        return Offered(value, label or value, _cell(item, IMAGE))
    texts = form.translations
    return Offered(value, _said(texts.text(label), at), texts.text(label, IMAGE).file(at.run.language))


def _said(text: Text, at: At) -> str:
    return text.bare(at.run.language) if at.run.bare else text.spoken(at)


def _cell(item: Node, column: str) -> str:
    """What stands in a column; a repeat's own answers can be choices too, by a path."""
    nodes = [item]
    for name in column.split("/"):
        nodes = [kid for node in nodes for kid in node.kids.get(name, ())] if name not in (".", "") else nodes
    return nodes[0].text if nodes else ""


def name_of_choice(form: CompiledForm, run: Run, node: Node, value: str, path: str) -> str:
    """The name of a choice of a question, by the path of the question: `jr:choice-name`."""
    names = [step.split("[")[0].strip() for step in path.split("/")]
    generic = path if path.startswith("/") else _resolved(node.path, names)
    control = form.controls.get("/".join(step.split("[")[0] for step in generic.split("/")))
    if not control or not control.choices:
        return value
    at = At(node, node, replace(run, bare=False))  # it is computed with, not shown
    run.budget.spend(1)
    return next((one.label for one in offered(form, control.choices, at) if one.value == value), value)


def _resolved(here: str, names: list[str]) -> str:
    steps = here.split("/")
    for name in names:
        if name == "..":
            steps.pop()
        elif name != ".":
            steps.append(name)
    return "/".join(steps)
