"""Functions of numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from amanat.forms.functions import function, number
from amanat.forms.running import At
from amanat.forms.values import NAN, Value


@function("number", 0, 1)
def _number(at: At, *value: Value) -> float:
    return number(at, value[0] if value else at.node.text)


@function("random")
def _random(_at: At) -> float:
    return random.random()  # noqa: S311 -- the form's own, for drawing a question


@function("int", 1)
def _int(at: At, value: Value) -> float:
    found = number(at, value)
    return float(math.trunc(found)) if math.isfinite(found) else found


def _each(at: At, values: tuple[Value, ...]) -> list[float]:
    """The numbers among values. What is none is left out, as JavaRosa does (its XPathFuncExpr); XPath would give NaN."""
    each = [one for value in values for one in ([node.text for node in value] if isinstance(value, list) else [value])]
    at.run.budget.spend(len(each))
    return [held for one in each if not math.isnan(held := number(at, one))]


@function("sum", 1)
def _sum(at: At, value: Value) -> float:
    return math.fsum(_each(at, (value,))) if isinstance(value, list) else number(at, value)


@function("max", 1, None)
def _max(at: At, *values: Value) -> float:
    return _extreme(max, at, values)


@function("min", 1, None)
def _min(at: At, *values: Value) -> float:
    return _extreme(min, at, values)


def _extreme(choose: Callable[[list[float]], float], at: At, values: tuple[Value, ...]) -> float:
    found = _each(at, values)
    return choose(found) if found else NAN


@function("round", 1, 2)
def _round(at: At, value: Value, decimals: Value = 0.0) -> float:
    """A half goes up, so of what is below zero towards it (XPath 1.0; JavaRosa also with decimals)."""
    found, places = number(at, value), number(at, decimals)
    if not math.isfinite(found) or not -300 < places < 300 or abs(found) > 1e300:
        return found
    if not places:
        return float(math.floor(found + 0.5))
    if not _fits(found, places):
        return found
    half = ROUND_HALF_UP if found > 0 else ROUND_HALF_DOWN
    return float(Decimal(repr(found)).quantize(Decimal(1).scaleb(-int(places)), half))


def _fits(found: float, places: float) -> bool:
    """Whether so many decimals can be written within 28 digits; more change nothing of a number of 17 digits."""
    return math.log10(abs(found) or 1) + places < 27


@function("abs", 1)
def _abs(at: At, value: Value) -> float:
    return abs(number(at, value))


@function("floor", 1)
def _floor(at: At, value: Value) -> float:
    found = number(at, value)
    return float(math.floor(found)) if math.isfinite(found) else found


@function("ceiling", 1)
def _ceiling(at: At, value: Value) -> float:
    found = number(at, value)
    return float(math.ceil(found)) if math.isfinite(found) else found


@function("pi")
def _pi(_at: At) -> float:
    return math.pi


def _safely(compute: Callable[..., float], *numbers: float) -> float:
    try:
        found = compute(*numbers)
    except (ValueError, TypeError):
        return NAN
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf
    return float(found)


def _log(base: Callable[[float], float]) -> Callable[[float], float]:
    return lambda found: -math.inf if found == 0 else base(found)


_OF_ONE: Final[dict[str, Callable[[float], float]]] = {
    "log": _log(math.log),
    "log10": _log(math.log10),
    "exp": math.exp,
    "exp10": lambda found: 10.0**found,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
}
_OF_TWO: Final[dict[str, Callable[[float, float], float]]] = {"pow": math.pow, "atan2": math.atan2}


def _register_one(name: str, compute: Callable[[float], float]) -> None:
    @function(name, 1)
    def _run(at: At, value: Value) -> float:
        return _safely(compute, number(at, value))


def _register_two(name: str, compute: Callable[[float, float], float]) -> None:
    @function(name, 2)
    def _run(at: At, first: Value, second: Value) -> float:
        return _safely(compute, number(at, first), number(at, second))


for _name, _of_one in _OF_ONE.items():
    _register_one(_name, _of_one)
for _name, _of_two in _OF_TWO.items():
    _register_two(_name, _of_two)
