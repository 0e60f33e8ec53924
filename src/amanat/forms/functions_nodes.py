"""Functions of nodes, repeats and lists."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from amanat.forms.functions import function, number
from amanat.forms.nodes import Node
from amanat.forms.running import At
from amanat.forms.syntax import Call, Literal
from amanat.forms.values import Value, text_of


def _nodes(value: Value) -> list[Node]:
    return value if isinstance(value, list) else []


@function("count", 1)
def _count(_at: At, value: Value) -> float:
    return float(len(_nodes(value)))


@function("count-non-empty", 1)
def _count_non_empty(_at: At, value: Value) -> float:
    return float(sum(bool(node.text or node.kids) for node in _nodes(value)))


@function("position", 0, 1)
def _position(at: At, *value: Value) -> float:
    if not value:
        return float(at.position)
    nodes = _nodes(value[0])
    return float(nodes[0].number) if nodes else 0.0


@function("last")
def _last(at: At) -> float:
    return float(at.size)


@function("current")
def _current(at: At) -> Value:
    return [at.current]


def _knows_list(call: Call, lists: frozenset[str]) -> str:
    name = call.arguments[0]
    if not isinstance(name, Literal):
        return _("The name of a list must be written in quotes.")
    if str(name.value).removesuffix(".csv") not in lists and str(name.value) not in lists:
        return _("There is no list or file “%(name)s”.") % {"name": name.value}
    return ""


def _list(at: At, name: Value) -> list[Node]:
    found = at.run.lists.get(text_of(name)) or at.run.lists.get(text_of(name).removesuffix(".csv"))
    return [found] if found else []


@function("instance", 1, look=_knows_list)
def _instance(at: At, name: Value) -> Value:
    return _list(at, name)


@function("pulldata", 4, look=_knows_list)
def _pulldata(at: At, name: Value, wanted: Value, column: Value, value: Value) -> str:
    found = indexed(at, _list(at, name), text_of(column)).get(text_of(value), [])
    cells = found[0].kids.get(text_of(wanted), []) if found else []
    return cells[0].text if cells else ""


def indexed(at: At, lists: list[Node], column: str) -> dict[str, list[Node]]:
    """The items of a list by what stands in one of their columns; made once for all fillings."""
    if not lists:
        return {}
    key = (id(lists[0]), "item", column)
    if key not in at.run.indexes:
        roots = lists[0].kids.get("root", [])
        at.run.indexes[key] = index_of((item for root in roots for item in root.kids.get("item", ())), column)
    return at.run.indexes[key]


def index_of(items: Iterable[Node], column: str) -> dict[str, list[Node]]:
    """Items by the text of a column; without the column they stand under the empty text."""
    found: dict[str, list[Node]] = {}
    for item in items:
        for text in {cell.text for cell in item.kids.get(column, ())} or {""}:
            found.setdefault(text, []).append(item)
    return found


@function("randomize", 1, 2)
def _randomize(at: At, value: Value, *seed: Value) -> Value:
    """The inside-out shuffle of the specification; without a seed the order stays the same within one filling."""
    wanted = number(at, seed[0]) if seed else math.nan
    draw = _park_miller(int(wanted)) if math.isfinite(wanted) else random.Random(at.run.seed).random  # noqa: S311
    found: list[Node] = []
    for node in _nodes(value):
        place = math.floor(draw() * (len(found) + 1))
        if place == len(found):
            found.append(node)
        else:
            found.append(found[place])
            found[place] = node
    return found


def _park_miller(seed: int) -> Callable[[], float]:
    state = math.fmod(seed, 2147483647)
    held = [int(state) if state > 0 else int(state) + 2147483646]

    def draw() -> float:
        held[0] = held[0] * 16807 % 2147483647
        return (held[0] - 1) / 2147483646

    return draw


def _has_pairs(call: Call, _lists: frozenset[str]) -> str:
    return (
        "" if len(call.arguments) % 2 else _("indexed-repeat() takes a question, then pairs of a repeat and a number.")
    )


@function("indexed-repeat", 3, 7, look=_has_pairs)
def _indexed_repeat(at: At, value: Value, *pairs: Value) -> Value:
    """The node of `value` that stands in the repeats of these numbers, whatever repeat the expression stands in."""
    nodes = _nodes(value)
    if not nodes:
        return []
    numbers = {_path(repeat): number(at, place) for repeat, place in zip(pairs[::2], pairs[1::2], strict=False)}
    found = [at.run.root]
    for step in _names(nodes[0]):
        found = [kid for node in found for kid in _chosen(node.kids.get(step, []), numbers)]
        at.run.budget.spend(len(found) + 1)
    return [node for node in found if node.counts][:1]


def _path(value: Value) -> str:
    nodes = _nodes(value)
    return nodes[0].path if nodes else ""


def _names(node: Node) -> list[str]:
    return node.path.split("/")[2:]


def _chosen(kids: list[Node], numbers: dict[str, float]) -> list[Node]:
    if not kids or kids[0].path not in numbers:
        return kids
    place = numbers[kids[0].path]
    return [kids[int(place) - 1]] if 1 <= place <= len(kids) else []
