"""From an expression to a program: closures that run it within a budget, knowing what it may call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from amanat.forms import (  # noqa: F401 -- each registers its functions
    functions_days,
    functions_nodes,
    functions_numbers,
    functions_places,
    functions_text,
)
from amanat.forms.comparing import OPERATORS
from amanat.forms.functions import FUNCTIONS, Program
from amanat.forms.functions_nodes import index_of
from amanat.forms.nodes import Node
from amanat.forms.running import At
from amanat.forms.syntax import Call, Chain, Expression, Filtered, Literal, Negative, Path, Step
from amanat.forms.values import Value, number_of, text_of, truth_of

Walk = Callable[[At, list[Node]], list[Node]]
_FREE_OF_PLACE: Final = frozenset({"position", "last", "once"})


@dataclass(slots=True)
class Scope:
    """What programs are made for: generic paths of repeats, names of lists; `faults` gathers what can't run."""

    repeats: frozenset[str]
    lists: frozenset[str]
    faults: list[str] = field(default_factory=list)

    def program(self, expression: Expression) -> Program:
        """Make the program of an expression."""
        match expression:
            case Literal(value):
                return lambda _at: value
            case Path():
                return self._path(expression)
            case Filtered(of, predicates):
                return self._filtered(self.program(of), predicates)
            case Call():
                return self._call(expression)
            case Chain():
                return self._chain(expression)
            case Negative(of):
                inner = self.program(of)
                return lambda at: -number_of(inner(at), at.run.zone)

    def _chain(self, chain: Chain) -> Program:
        programs = [self.program(chain.first), *(self.program(part) for _operator, part in chain.rest)]
        operators = [operator for operator, _part in chain.rest]
        if operators[0] in ("and", "or"):
            ends_at = operators[0] == "or"
            return lambda at: ends_at if any(truth_of(part(at)) is ends_at for part in programs) else not ends_at
        joins = [(OPERATORS[operator], part) for operator, part in zip(operators, programs[1:], strict=True)]

        def run(at: At) -> Value:
            found = programs[0](at)
            at.run.budget.spend(len(joins))
            for join, part in joins:
                found = join(found, part(at), at)
            return found

        return run

    def _call(self, call: Call) -> Program:
        known = FUNCTIONS.get(call.name)
        programs = [self.program(argument) for argument in call.arguments]
        wrong = self._wrong_with(call)
        if wrong or not known:
            self.faults.append(wrong)
            return lambda _at: ""
        run = known.run
        if known.lazy:
            return lambda at: run(at, *programs)

        def called(at: At) -> Value:
            at.run.budget.spend(1)
            return run(at, *[program(at) for program in programs])

        return called

    def _wrong_with(self, call: Call) -> str:
        known = FUNCTIONS.get(call.name)
        if not known:
            return _("There is no function %(name)s().") % {"name": call.name}
        given = len(call.arguments)
        if given < known.least or (known.most is not None and given > known.most):
            return _("%(name)s() can't have %(given)s arguments.") % {"name": call.name, "given": given}
        return known.look(call, self.lists) if known.look else ""

    def _filtered(self, inner: Program, predicates: tuple[Expression, ...]) -> Program:
        filters = [self._filter(predicate) for predicate in predicates]

        def run(at: At) -> Value:
            found = inner(at)
            nodes = found if isinstance(found, list) else []
            for narrow in filters:
                nodes = narrow(at, nodes)
            return nodes

        return run

    def _path(self, path: Path) -> Program:
        steps = list(path.steps)
        if path.absolute:
            begin, used = self._from_root(steps)
            steps = steps[used:]
        elif path.start is not None:
            begin = self.program(path.start)
        else:
            begin = _here
        walks = [self._walk(step) for step in steps]

        def run(at: At) -> Value:
            found = begin(at)
            nodes = found if isinstance(found, list) else []
            for walk in walks:
                nodes = walk(at, nodes)
                at.run.budget.spend(len(nodes) + 1)
            return nodes

        return run

    def _from_root(self, steps: list[Step]) -> tuple[Program, int]:
        """The part of an absolute path without predicates. Inside a repeat it stays in the same one, as JavaRosa reads it."""
        names: list[str] = []
        for step in steps:
            if step.axis != "child" or step.name == "*" or step.predicates:
                break
            names.append(step.name)
        if not names:
            return (lambda at: [_above(at.run.root)]), 0
        whole = len(names) == len(steps)
        paths = ["/" + "/".join(names[: length + 1]) for length in range(len(names))]
        shared = len(names) - (whole and paths[-1] in self.repeats)
        if not any(path in self.repeats for path in paths[:shared]):
            shared = 0
        return _descent(names, shared), len(names)

    def _walk(self, step: Step) -> Walk:
        plain = _plain_walk(step)
        if not step.predicates:
            return plain
        if step.axis == "child" and step.name != "*" and (looked_up := self._looked_up(step)):
            return looked_up
        filters = [self._filter(predicate) for predicate in step.predicates]

        def walk(at: At, nodes: list[Node]) -> list[Node]:
            found: list[Node] = []
            for node in nodes:
                kept = plain(at, [node])
                for narrow in filters:
                    kept = narrow(at, kept)
                found += kept
            return found

        return walk

    def _filter(self, predicate: Expression) -> Walk:
        program = self.program(predicate)

        def narrow(at: At, nodes: list[Node]) -> list[Node]:
            at.run.budget.spend(len(nodes))
            inner, found = At(at.node, at.current, at.run, 0, len(nodes)), []
            for inner.position, inner.node in enumerate(nodes, 1):
                held = program(inner)
                if held == inner.position if isinstance(held, float) else truth_of(held):
                    found.append(inner.node)
            return found

        return narrow

    def _looked_up(self, step: Step) -> Walk | None:
        """`item[column = value]` of a list, by an index of the column: cascades of thousands of places stay quick."""
        match step.predicates[0]:
            case Chain(Path(False, (Step("child", str(column), ()),), None), (("=", wanted),)) if _is_placeless(wanted):
                value, narrow = self.program(wanted), self._filter(step.predicates[0])
                filters = [self._filter(predicate) for predicate in step.predicates[1:]]
                return _look_up(step.name, column, value, narrow, filters)
        return None


def _look_up(name: str, column: str, value: Program, narrow: Walk, filters: list[Walk]) -> Walk:
    def walk(at: At, nodes: list[Node]) -> list[Node]:
        found: list[Node] = []
        wanted = value(at)
        for node in nodes:
            if node.path or isinstance(wanted, bool | float):
                kept = narrow(at, [kid for kid in node.kids.get(name, ()) if kid.relevant])
            else:
                kept = _from_index(at, node, name, column, wanted)
            for further in filters:
                kept = further(at, kept)
            found += kept
        return found

    return walk


def _from_index(at: At, node: Node, name: str, column: str, wanted: Value) -> list[Node]:
    key = (id(node), name, column)
    index = at.run.indexes.get(key)
    if index is None:
        index = at.run.indexes[key] = index_of(node.kids.get(name, ()), column)
    if isinstance(wanted, list) and len(wanted) != 1:
        texts = {one.text for one in wanted}
        return [kid for kid in node.kids.get(name, ()) if any(cell.text in texts for cell in kid.kids.get(column, ()))]
    return index.get(text_of(wanted), [])


def _is_placeless(expression: Expression) -> bool:
    """Whether an expression means the same for every item of a list."""
    match expression:
        case Literal():
            return True
        case Path(absolute, steps, start):
            return (absolute or (start is not None and _is_placeless(start))) and not any(s.predicates for s in steps)
        case Call(name, arguments):
            return (
                name not in _FREE_OF_PLACE
                and bool(arguments or name == "current")
                and all(map(_is_placeless, arguments))
            )
        case _:
            return False


def _here(at: At) -> Value:
    return [at.node]


def _above(root: Node) -> Node:
    """What `/` means: a node above the root."""
    above = Node("", "/")
    above.kids = {root.name: [root]}
    return above


def _descent(names: list[str], shared: int) -> Program:
    """Down from the root by names; the first `shared` steps follow the way to the current node as long as they agree."""

    def run(at: At) -> Value:
        root = at.run.root
        nodes, begin = ([root] if root.name == names[0] else []), 1
        if shared:
            way = at.current.up()
            while begin < min(shared, len(way)) and way[begin].name == names[begin] and nodes:
                nodes = [way[begin]] if way[begin].relevant else []
                begin += 1
        for name in names[begin:]:
            nodes = [kid for node in nodes for kid in node.kids.get(name, ()) if kid.relevant]
        at.run.budget.spend(len(nodes) + 1)
        return nodes

    return run


def _plain_walk(step: Step) -> Walk:
    name = step.name
    match step.axis:
        case "self":
            return lambda _at, nodes: [node for node in nodes if name in ("*", node.name)]
        case "parent":
            return lambda _at, nodes: _unique(
                node.parent for node in nodes if node.parent and name in ("*", node.parent.name)
            )
        case "descendant":
            return lambda at, nodes: [kid for node in nodes for kid in _below(at, node) if name in ("*", kid.name)]
    if name == "*":
        return lambda _at, nodes: [kid for node in nodes for kids in node.kids.values() for kid in kids if kid.relevant]
    return lambda _at, nodes: [kid for node in nodes for kid in node.kids.get(name, ()) if kid.relevant]


def _unique(nodes: Iterable[Node]) -> list[Node]:
    return list({id(node): node for node in nodes}.values())


def _below(at: At, node: Node) -> Iterable[Node]:
    for kids in node.kids.values():
        for kid in kids:
            if kid.relevant:
                at.run.budget.spend(1)
                yield kid
                yield from _below(at, kid)
