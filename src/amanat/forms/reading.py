"""Which nodes an expression reads, as generic paths: what must be computed before it, and when it is computed anew."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Final

from amanat.forms.syntax import Call, Chain, Expression, Filtered, Literal, Negative, Path, Step

Names = tuple[str, ...] | None
"""A generic path as names (`*` any, `**` any depth); None stands for a place in a list, which never changes."""

FICKLE: Final = frozenset({"now", "today", "random", "uuid"})
"""Functions that give another value each time."""


def reads(expression: Expression, at: str) -> frozenset[tuple[str, ...]]:
    """The paths that an expression reads where it stands at the generic path `at`."""
    here = _names(at)
    return frozenset(found for found in _drained(_of(expression, here, here)) if found)


def functions(expression: Expression) -> Iterator[str]:
    """The names of the functions that it calls."""
    if isinstance(expression, Call):
        yield expression.name
    for part in parts(expression):
        yield from functions(part)


def parts(expression: Expression) -> Iterator[Expression]:
    """The expressions directly within one."""
    match expression:
        case Path(_absolute, steps, start):
            if start is not None:
                yield start
            for step in steps:
                yield from step.predicates
        case Filtered(of, predicates):
            yield of
            yield from predicates
        case Call(_name, arguments):
            yield from arguments
        case Chain(first, rest):
            yield first
            yield from (part for _operator, part in rest)
        case Negative(of):
            yield of


def fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a path is one that a pattern means."""
    ends = {0}
    for name in pattern:
        if name == "**":
            ends = set(range(min(ends), len(path) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(path) and name in ("*", path[end])}
        if not ends:
            return False
    return len(path) in ends


def _names(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _drained(found: Generator[Names, None, Names]) -> Iterator[Names]:
    target = yield from found
    yield target


def _of(expression: Expression, here: Names, current: Names) -> Generator[Names, None, Names]:
    """Gives what is read on the way; returns the nodes that it means, if it means nodes."""
    match expression:
        case Literal():
            return None
        case Path():
            return (yield from _of_path(expression, here, current))
        case Filtered(of, predicates):
            target = yield from _of(of, here, current)
            yield from _predicates(predicates, target, current)
            return target
        case Call():
            return (yield from _of_call(expression, here, current))
    for part in parts(expression):
        yield (yield from _of(part, here, current))
    return None


def _of_call(call: Call, here: Names, current: Names) -> Generator[Names, None, Names]:
    if call.name == "current":
        return current
    targets = []
    for argument in call.arguments:
        target = yield from _of(argument, here, current)
        yield target
        targets.append(target)
    return targets[0] if targets and call.name in ("randomize", "indexed-repeat") else None


def _of_path(path: Path, here: Names, current: Names) -> Generator[Names, None, Names]:
    if path.absolute:
        target: Names = ()
    elif path.start is None:
        target = here
    else:
        target = yield from _of(path.start, here, current)
    for step in path.steps:
        target = None if target is None else _stepped(target, step)
        yield from _predicates(step.predicates, target, current)
    return target


def _stepped(names: tuple[str, ...], step: Step) -> tuple[str, ...]:
    match step.axis:
        case "child":
            return (*names, step.name)
        case "descendant":
            return (*names, "**", step.name)
        case "parent":
            return names[:-1] if names and names[-1] != "**" else names
    return names


def _predicates(predicates: tuple[Expression, ...], here: Names, current: Names) -> Generator[Names, None, None]:
    for predicate in predicates:
        yield (yield from _of(predicate, here, current))
