"""Functions of texts, truth and choices."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import string
import uuid as uuids
from functools import lru_cache
from math import floor, isnan
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.forms.functions import Program, bounded, function, number
from amanat.forms.limits import LIMITS
from amanat.forms.running import At
from amanat.forms.syntax import Call, Literal
from amanat.forms.values import Value, number_of, text_of, truth_of


def texts(values: tuple[Value, ...]) -> list[str]:
    """The texts of values, of each node where a value is several."""
    found: list[str] = []
    for value in values:
        found += [node.text for node in value] if isinstance(value, list) else [text_of(value)]
    return found


@function("string", 0, 1)
def _string(at: At, *value: Value) -> str:
    return text_of(value[0]) if value else at.node.text


@function("concat", 1, None)
def _concat(_at: At, *values: Value) -> str:
    return bounded("".join(texts(values)))


@function("join", 2, None)
def _join(_at: At, separator: Value, *values: Value) -> str:
    between, parts = text_of(separator), texts(values)
    bounded(" " * min(len(between) * len(parts), LIMITS.text + 1))
    return bounded(between.join(parts))


@function("substr", 2, 3)
def _substr(at: At, value: Value, start: Value, end: Value | None = None) -> str:
    text = text_of(value)
    first = _place(number(at, start), len(text))
    last = len(text) if end is None else _place(number(at, end), len(text))
    return text[first:last]


def _place(index: float, length: int) -> int:
    """A place in a text; negative ones count from its end."""
    if isnan(index):
        return 0
    index = max(min(index, length), -length)
    return floor(index) if index >= 0 else length + floor(index)


@function("substring-before", 2)
def _before(_at: At, value: Value, mark: Value) -> str:
    before, found, _after = text_of(value).partition(text_of(mark) or "\0")
    return before if found else ""


@function("substring-after", 2)
def _after(_at: At, value: Value, mark: Value) -> str:
    return text_of(value).partition(text_of(mark))[2] if text_of(mark) else text_of(value)


@function("translate", 3)
def _translate(_at: At, value: Value, these: Value, those: Value) -> str:
    table: dict[int, str | None] = {}
    others = text_of(those)
    for place, letter in enumerate(text_of(these)):
        table.setdefault(ord(letter), others[place] if place < len(others) else None)
    return text_of(value).translate(table)


@function("string-length", 0, 1)
def _length(at: At, *value: Value) -> float:
    return float(len(text_of(value[0]) if value else at.node.text))


@function("normalize-space", 0, 1)
def _normalize(at: At, *value: Value) -> str:
    return " ".join((text_of(value[0]) if value else at.node.text).split())


@function("contains", 2)
def _contains(_at: At, value: Value, part: Value) -> bool:
    return text_of(part) in text_of(value)


@function("starts-with", 2)
def _starts(_at: At, value: Value, part: Value) -> bool:
    return text_of(value).startswith(text_of(part))


@function("ends-with", 2)
def _ends(_at: At, value: Value, part: Value) -> bool:
    return text_of(value).endswith(text_of(part))


@function("uuid", 0, 1)
def _uuid(at: At, *length: Value) -> str:
    if not length:
        return str(uuids.uuid4())
    wanted = number(at, length[0])
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _place in range(0 if isnan(wanted) else int(min(max(wanted, 0), 1000))))


_DIGESTS: Final[dict[str, Any]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),
    "SHA-1": lambda data: hashlib.sha1(data, usedforsecurity=False),
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}


def _knows_digest(call: Call, _lists: frozenset[str]) -> str:
    algorithm = call.arguments[1]
    if isinstance(algorithm, Literal) and str(algorithm.value).upper() not in _DIGESTS:
        return _("digest() knows %(known)s.") % {"known": ", ".join(_DIGESTS)}
    return ""


@function("digest", 2, 3, look=_knows_digest)
def _digest(_at: At, value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    make = _DIGESTS.get(text_of(algorithm).upper())
    if not make:
        return ""
    found: bytes = make(text_of(value).encode()).digest()
    return found.hex() if text_of(encoding) == "hex" else base64.b64encode(found).decode()


@function("base64-decode", 1)
def _decode(_at: At, value: Value) -> str:
    try:
        return base64.b64decode(text_of(value), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


@function("true")
def _true(_at: At) -> bool:
    return True


@function("false")
def _false(_at: At) -> bool:
    return False


@function("boolean", 1)
def _boolean(_at: At, value: Value) -> bool:
    return truth_of(value)


@function("boolean-from-string", 1)
def _boolean_from_string(_at: At, value: Value) -> bool:
    return text_of(value).strip().lower() in ("true", "1")


@function("not", 1)
def _not(_at: At, value: Value) -> bool:
    return not truth_of(value)


@function("if", 3, lazy=True)
def _if(at: At, condition: Program, then: Program, otherwise: Program) -> Value:
    return then(at) if truth_of(condition(at)) else otherwise(at)


@function("coalesce", 1, None, lazy=True)
def _coalesce(at: At, *programs: Program) -> str:
    """The first that is something; a number that can't be computed is nothing (JavaRosa's XPathFuncExpr.isNull)."""
    return next((text_of(value) for program in programs if not _is_nothing(value := program(at))), "")


def _is_nothing(value: Value) -> bool:
    return isnan(value) if isinstance(value, float) else not text_of(value)


@function("once", 1, lazy=True)
def _once(at: At, program: Program) -> str:
    return at.node.text or text_of(program(at))


@function("depend", 1, None)
def _depend(_at: At, value: Value, *_others: Value) -> Value:
    return value


@lru_cache(maxsize=512)
def pattern_of(written: str) -> Any:
    """A pattern as re2 runs it, so in time that grows only with the text; None where re2 can't."""
    import re2

    options = re2.Options()
    options.max_mem = 1 << 20
    options.log_errors = False
    try:
        return re2.compile(written, options) if len(written) <= LIMITS.pattern else None
    except re2.error:
        return None


def _runs_on_re2(call: Call, _lists: frozenset[str]) -> str:
    written = call.arguments[1]
    if isinstance(written, Literal) and pattern_of(text_of(written.value)) is None:
        return _("The pattern %(pattern)s can't be run.") % {"pattern": text_of(written.value)}
    return ""


@function("regex", 2, look=_runs_on_re2)
def _regex(at: At, value: Value, written: Value) -> bool:
    """Whether the whole text fits, as ODK Collect reads it; a pattern that can't be run fits nothing."""
    text, pattern = text_of(value), pattern_of(text_of(written))
    at.run.budget.spend(len(text))
    return pattern is not None and pattern.fullmatch(text) is not None


@function("selected", 2)
def _selected(_at: At, value: Value, choice: Value) -> bool:
    """Nothing is among nothing, by which some forms ask whether an answer is empty (JavaRosa's XPathFuncExpr.multiSelected)."""
    wanted, chosen = text_of(choice).strip(), text_of(value).split()
    return wanted in chosen or not (wanted or chosen)


@function("selected-at", 2)
def _selected_at(at: At, value: Value, place: Value) -> str:
    chosen, wanted = text_of(value).split(), number(at, place)
    return chosen[int(wanted)] if 0 <= wanted < len(chosen) else ""


@function("count-selected", 1)
def _count_selected(_at: At, value: Value) -> float:
    return float(len(text_of(value).split()))


@function("checklist", 2, None)
def _checklist(at: At, least: Value, most: Value, *answers: Value) -> bool:
    held = float(sum(_holds(at, text) for text in texts(answers)))
    return _between(at, least, held, most)


@function("weighted-checklist", 2, None)
def _weighted(at: At, least: Value, most: Value, *pairs: Value) -> bool:
    each = texts(pairs)
    weights = [number(at, weight) for text, weight in zip(each[::2], each[1::2], strict=False) if _holds(at, text)]
    return _between(at, least, sum(weights), most)


def _holds(at: At, text: str) -> bool:
    return text == "true" or number_of(text, at.run.zone) > 0


def _between(at: At, least: Value, held: float, most: Value) -> bool:
    lowest, highest = number(at, least), number(at, most)
    return (lowest < 0 or held >= lowest) and (highest < 0 or held <= highest)


@function("jr:itext", 1)
def _itext(at: At, name: Value) -> str:
    return at.run.itext(text_of(name))


def _names_a_question(call: Call, _lists: frozenset[str]) -> str:
    if not isinstance(call.arguments[1], Literal):
        return _("The second argument of jr:choice-name() is the name of the question in quotes, like '${name}'.")
    return ""


@function("jr:choice-name", 2, look=_names_a_question)
def _choice_name(at: At, value: Value, question: Value) -> str:
    return at.run.choice_name(at.current, text_of(value), text_of(question).strip())


@function("version")
def _version(at: At) -> str:
    return at.run.form_version
