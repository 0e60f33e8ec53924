"""The operators of expressions."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Final

from amanat.forms.nodes import Node
from amanat.forms.running import At
from amanat.forms.values import NAN, Value, number_of, text_of, time_of_text, truth_of

Operator = Callable[[Value, Value, At], Value]


def _equal(left: Value, right: Value, at: At) -> bool:
    return _compared(left, right, at, same=True)


def _unequal(left: Value, right: Value, at: At) -> bool:
    return _compared(left, right, at, same=False)


def _compared(left: Value, right: Value, at: At, *, same: bool) -> bool:
    """As XPath compares: truth if one is truth, numbers if one is a number, else texts; of several nodes any will do."""
    if isinstance(left, bool) or isinstance(right, bool):
        return (truth_of(left) is truth_of(right)) is same
    if isinstance(left, float) or isinstance(right, float):
        zone = at.run.zone
        ones = [number_of(one, zone) for one in _each(left)]
        others = [number_of(other, zone) for other in _each(right)]
        at.run.budget.spend(len(ones) * len(others))
        return any((one == other) is same for one in ones for other in others)
    texts, other_texts = [text_of(one) for one in _each(left)], {text_of(other) for other in _each(right)}
    at.run.budget.spend(len(texts) + len(other_texts))
    if same:
        return any(text in other_texts for text in texts)
    return bool(texts and other_texts) and (len(other_texts) > 1 or any(text not in other_texts for text in texts))


def _each(value: Value) -> list[str | float]:
    """What is compared; nothing is compared as an empty answer, as JavaRosa does."""
    if isinstance(value, list):
        return [node.text for node in value] or [""]
    return [value]


def _ordered(holds: Callable[[float, float], bool]) -> Operator:
    def compare(left: Value, right: Value, at: At) -> bool:
        if isinstance(left, bool) or isinstance(right, bool):
            left, right = (truth_of(value) if isinstance(value, list) else value for value in (left, right))
        ones, others = _each(left), _each(right)
        at.run.budget.spend(len(ones) * len(others))
        return any(holds(*_pair(one, other, at)) for one in ones for other in others)

    return compare


def _pair(one: str | float, other: str | float, at: At) -> tuple[float, float]:
    """Two numbers; where neither is one, two times of a day."""
    pair = number_of(one, at.run.zone), number_of(other, at.run.zone)
    if math.isnan(pair[0]) and math.isnan(pair[1]):
        times = time_of_text(text_of(one)), time_of_text(text_of(other))
        if times[0] and times[1]:
            return _seconds(times[0].isoformat()), _seconds(times[1].isoformat())
    return pair


def _seconds(clock: str) -> float:
    return int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8])


def _arithmetic(compute: Callable[[float, float], float]) -> Operator:
    def run(left: Value, right: Value, at: At) -> float:
        zone = at.run.zone
        return compute(number_of(left, zone), number_of(right, zone))

    return run


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    return NAN if not left or math.isnan(left) else math.copysign(math.inf, left)


def _rest(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else NAN


def _union(left: Value, right: Value, at: At) -> list[Node]:
    ones, others = (value if isinstance(value, list) else [] for value in (left, right))
    at.run.budget.spend(len(ones) + len(others))
    return list({id(node): node for node in [*ones, *others]}.values())


OPERATORS: Final[dict[str, Operator]] = {
    "=": _equal,
    "!=": _unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "div": _arithmetic(_divided),
    "mod": _arithmetic(_rest),
    "|": _union,
}
