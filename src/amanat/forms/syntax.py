"""Reading an expression of an XForm: XPath 1.0 with the axes child, parent and self, as the ODK XForms specification has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from amanat.forms.limits import LIMITS


class Unreadable(Exception):
    """An expression that is none; the message is for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. `axis`: child, descendant, self or parent; `name` may be `*`."""

    axis: str
    name: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the root (`absolute`), from what `start` gives, or from where the expression stands."""

    absolute: bool
    steps: tuple[Step, ...]
    start: Expression | None = None


@dataclass(frozen=True, slots=True)
class Filtered:
    """What an expression gives, narrowed by predicates: `(…)[1]`."""

    of: Expression
    predicates: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Expressions joined by operators of one level, from left to right. Flat, so that a long sum is not deep."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus something."""

    of: Expression


Expression = Literal | Path | Filtered | Call | Chain | Negative

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*')
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
      | (?P<sign>::|//|\.\.|!=|<=|>=|[/()\[\],.@|+\-*=<>$])
    )""",
    re.VERBOSE,
)
_WORDS: Final = ("and", "or", "div", "mod")
_LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_LEVEL_OF: Final = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_AXES: Final = {"child": "child", "self": "self", "parent": "parent"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read(source: str) -> Expression:
    """Read an expression.

    Raises:
        Unreadable: it is none, is too long or nested too deep, or uses what forms can't (attributes, variables, other axes).
    """
    if len(source) > LIMITS.expression:
        raise Unreadable(_("It is longer than %(most)s letters.") % {"most": LIMITS.expression})
    reader = _Reader(list(_tokens(source)))
    found = reader.whole()
    if reader.now.kind != "end":
        raise Unreadable(_("“%(text)s” stands where it can't.") % {"text": reader.now.text})
    return found


def _tokens(source: str) -> Iterator[_Token]:
    at, before = 0, _Token("sign", "(")
    while at < len(source.rstrip()):
        found = _TOKEN.match(source, at)
        if not found or not found.lastgroup:
            raise Unreadable(_("“%(text)s” stands where it can't.") % {"text": source[at : at + 20].strip()})
        text, at = found[found.lastgroup], found.end()
        kind = found.lastgroup
        if ((kind == "name" and text in _WORDS) or (text == "*" and kind == "sign")) and _ends_a_value(before):
            kind = "operator"
        before = _Token(kind, text)
        yield before
    yield _Token("end", "")


def _ends_a_value(token: _Token) -> bool:
    """Whether an operator can follow: `div` after a value divides, elsewhere it is the name of a node."""
    return (
        token.kind in ("text", "number", "name") or token.text in (")", "]", ".", "..") or token == _Token("sign", "*")
    )


def _chained(left: Expression, operator: str, right: Expression) -> Chain:
    if isinstance(left, Chain) and _LEVEL_OF.get(left.rest[0][0]) == _LEVEL_OF[operator]:
        return Chain(left.first, (*left.rest, (operator, right)))
    return Chain(left, ((operator, right),))


class _Reader:
    """Reads by descending through the levels of precedence."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def now(self) -> _Token:
        return self._tokens[self._at]

    @property
    def next(self) -> _Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> _Token:
        token = self.now
        self._at += token.kind != "end"
        return token

    def took(self, *texts: str) -> str:
        """The sign or operator that stands here, taken, if it is one of these."""
        if self.now.kind in ("sign", "operator") and self.now.text in texts:
            return self.take().text
        return ""

    def need(self, text: str) -> None:
        if not self.took(text):
            raise Unreadable(_("“%(sign)s” is missing before “%(text)s”.") % {"sign": text, "text": self.now.text})

    def whole(self) -> Expression:
        self._depth += 1
        if self._depth > LIMITS.depth:
            raise Unreadable(_("It is nested deeper than %(most)s times.") % {"most": LIMITS.depth})
        found = self._joined(0)
        self._depth -= 1
        return found

    def _joined(self, lowest: int) -> Expression:
        found = self._signed()
        while (level := self._level_here()) >= lowest:
            operator = self.take().text
            found = _chained(found, operator, self._joined(level + 1))
        return found

    def _level_here(self) -> int:
        return _LEVEL_OF.get(self.now.text, -1) if self.now.kind in ("sign", "operator") else -1

    def _signed(self) -> Expression:
        negative = False
        while self.took("-"):
            negative = not negative
        found = self._union()
        return Negative(found) if negative else found

    def _union(self) -> Expression:
        found = self._path()
        while self.took("|"):
            found = Chain(found, (("|", self._path()),))
        return found

    def _path(self) -> Expression:
        if self.now.kind == "sign" and self.now.text in ("/", "//"):
            return self._absolute()
        if not self._begins_value():
            return Path(False, tuple(self._steps(self._step())))
        found = self._value()
        predicates = self._predicates()
        if predicates:
            found = Filtered(found, predicates)
        if self.now.text in ("/", "//") and self.now.kind == "sign":
            return Path(False, tuple(self._steps()), found)
        return found

    def _absolute(self) -> Path:
        if self.now.text == "/" and self.next.kind != "name" and self.next.text not in (".", "..", "*"):
            self.take()
            return Path(True, ())
        return Path(True, tuple(self._steps()))

    def _begins_value(self) -> bool:
        if self.now.kind in ("text", "number"):
            return True
        return self.now.text == "(" or (self.now.kind == "name" and self.next.text == "(" and self.now.text != "node")

    def _value(self) -> Expression:
        token = self.take()
        if token.kind == "text":
            return Literal(token.text[1:-1])
        if token.kind == "number":
            return Literal(float(token.text))
        if token.text == "(":
            found = self.whole()
            self.need(")")
            return found
        return Call(token.text, self._arguments())

    def _arguments(self) -> tuple[Expression, ...]:
        self.need("(")
        found: list[Expression] = []
        while not self.took(")"):
            if found:
                self.need(",")
            found.append(self.whole())
        return tuple(found)

    def _steps(self, *first: Step) -> Iterator[Step]:
        yield from first
        while slash := self.took("/", "//"):
            step = self._step()
            if slash == "//" and step.axis == "child":
                step = Step("descendant", step.name, step.predicates)
            yield step

    def _step(self) -> Step:
        if self.took(".."):
            return Step("parent", "*", self._predicates())
        if self.took("."):
            return Step("self", "*", self._predicates())
        if self.now.text == "@":
            raise Unreadable(_("Attributes (“@”) can't be used in a form."))
        axis = "child"
        if self.next.text == "::":
            axis = _AXES.get(self.take().text, "")
            self.take()
            if not axis:
                raise Unreadable(_("Of the axes only child, self and parent can be used."))
        return Step(axis, self._node_name(), self._predicates())

    def _node_name(self) -> str:
        if self.took("*"):
            return "*"
        token = self.take()
        if token.kind != "name":
            raise Unreadable(_("“%(text)s” stands where it can't.") % {"text": token.text or "…"})
        if token.text == "node" and self.took("("):
            self.need(")")
            return "*"
        return token.text.rsplit(":", 1)[-1]

    def _predicates(self) -> tuple[Expression, ...]:
        found = []
        while self.took("["):
            found.append(self.whole())
            self.need("]")
        return tuple(found)
