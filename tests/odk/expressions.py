"""Expressions over chance answers, in which ODK's engine and ours must agree; those in which they part, and why; those it can't run."""

from typing import Final

_SURVEY: Final = """
begin group | inputs | Inputs | |
text | a | A | |
text | b | B | |
integer | n | N | |
integer | m | M | |
decimal | d | D | |
date | day | Day | |
dateTime | moment | Moment | |
time | clock | Clock | |
geopoint | place | Place | |
select_one list | one | One | |
select_multiple list | many | Many | |
text | gone | Gone | | ${n} > 8
end group | | | |
begin repeat | r | R | |
integer | x | X | |
text | y | Y | |
calculate | number_of_r | | position(..) |
calculate | twice | | ${x} * 2 |
calculate | before | | indexed-repeat(${x}, ${r}, position(..) - 1) |
end repeat | | | |
"""
CHOICES: Final = "list_name | name | label\nlist | a | Ah\nlist | b | Be\nlist | c | Ce"


def survey(expressions: list[str]) -> str:
    """The questions, and a calculation for each expression."""
    rows = [f"calculate | c{number} | | {expression} |" for number, expression in enumerate(expressions)]
    return "\n".join(["type | name | label | calculation | relevant", *_SURVEY.strip().splitlines(), *rows])


AGREE: Final[tuple[tuple[str, ...], ...]] = (
    (  # operators
        "${a} + 1", "${a} - ${n}", "${n} * ${m}", "${n} div ${m}", "${n} mod ${m}", "-${n}", "${d} + 0.1", "${n} div 0", "0 div 0",
        "${d} * 1000000", "${d} div 3", "${n} = ${m}", "${n} != ${m}", "${n} < ${m}", "${n} <= ${m}", "${n} > ${m}", "${n} >= ${m}",
        "${a} = ${b}", "${a} != ${b}", "${a} < ${b}", "${a} = ''", "${n} = ''", "${a} = 7", "${n} > 3 and ${m} < 9",
        "${n} > 3 or ${m} < 9", "'a' = 'a'", "1 = '1'", "true() = 'false'", "'' = false()", "2 > 1 > 0", "1 - 1 - 1", "2 + 3 * 4",
        "7 mod -3", "-7 mod 3", "5 div 2 mod 2", "1 = 1 = 1", "'abc' + 1", "'3' + '4'", "'' + 1", "true() and not(false())",
    ),
    (  # texts
        "string(${a})", "string(${n})", "string(${d})", "string(1 div 3)", "string(1000000000)", "string(0.1 + 0.2)", "string(true())",
        "concat(${a}, ${b}, 'x', 1)", "concat(${x}, '-')", "join(', ', ${a}, ${b})", "join('-', ${x})", "substr(${a}, 1)",
        "substr(${a}, 1, 3)", "substr(${a}, -2)", "substr(${a}, 0, 2)", "substr(${a}, 1.6, 2.4)", "substring-before(${a}, 'o')",
        "substring-after(${a}, 'o')", "substring-before(${a}, '')", "substring-after(${a}, '')", "translate(${a}, 'abc', 'AB')",
        "string-length(${a})", "normalize-space(${a})", "contains(${a}, 'o')", "contains(${a}, '')", "starts-with(${a}, 'A')",
        "ends-with(${a}, '5')", "ends-with(${a}, '')", "digest(${a}, 'SHA-1', 'hex')", "digest(${a}, 'MD5')",
        "digest(${a}, 'SHA-256', 'base64')", "base64-decode('aGVsbG8=')", "once(${a})", "boolean-from-string('true')",
        "boolean-from-string(1)", "boolean-from-string(${a})", "regex(${n}, '^[0-9]{2}$')", "regex(${a}, '^.*[0-9].*$')",
    ),
    (  # choices and conditions
        "if(${n} > 3, 'big', 'small')", "if(${a} = '', ${n}, ${m})", "coalesce(${a}, ${b})", "coalesce(${n}, ${m})",
        "coalesce('', 'x')", "coalesce(number('abc'), 5)", "not(${n} = 3)", "checklist(1, 2, ${n} > 3, ${m} > 3)",
        "weighted-checklist(2, 5, ${n} > 3, 2, ${m} > 3, 3)",
        "count-selected(${many})", "selected(${many}, 'a')", "selected(${many}, '')", "selected('', '')", "selected-at(${many}, 0)",
        "selected-at(${many}, 1)", "selected-at(${many}, 5)", "selected-at(${many}, -1)", "selected-at(${many}, ${n})",
        "selected-at(${many}, 0.6)", "selected-at(${many}, '')", "count-selected('')", "jr:choice-name(${one}, '${one}')",
        "jr:choice-name(selected-at(${many}, 0), '${many}')", "selected(${one}, 'b')", "${one} = 'a'", "${many} = 'a'",
        "count-selected(${a})", "selected-at(${a}, 1)",
    ),
    (  # numbers
        "number(${a})", "number(${n})", "number('')", "number('abc')", "number(true())", "int(${d})", "int(${n})", "int('')",
        "int(${a})", "int(-0.5)", "round(${d})", "round(2.5)", "round(${n} div ${m}, 2)", "round(1234.5, -2)",
        "round('')", "pow(${n}, 2)", "pow(${n}, 0.5)", "abs(${n})", "abs('')", "log(5)", "log10(${m} + 200)", "sin(${n})", "cos(${n})",
        "tan(${n})", "asin(0.5)", "acos(0.5)", "atan(${n})", "atan2(${n}, ${m})", "sqrt(${n})", "exp(1)", "exp10(2)", "exp10(-1)",
        "pi()", "log(0)", "sqrt(-1)",
    ),
    (  # days and times
        "today()", "now()", "today() - ${day}", "${day} < today()", "${day} = today()", "${day} > '2020-01-01'", "${day} <= now()",
        "date(${day})", "date('')", "string(${day})", "int((today() - ${day}) div 365.25)", "${day} = ''", "decimal-date-time(${moment})",
        "decimal-date-time(${day})", "decimal-date-time('1970-01-02T00:00:00.000Z')", "decimal-time(${clock})",
        "decimal-time('12:00:00.000+05:00')", "decimal-time('')", "${clock} = '09:30:00.000+05:00'", "${moment} < now()",
        "${moment} > ${day}", "${moment} - ${day}", "now() - today()", "format-date(${day}, '%Y/%m/%d %n %e %b %a %y')",
        "format-date(${day}, '%d.%m.%Y')", "format-date-time(${moment}, '%H:%M:%S.%3 %h')", "format-date('', '%Y')",
        "format-date-time(now(), '%e.%n.%Y %H:%M')", "format-date-time(${day}, '%H')", "format-date(${moment}, '%Y-%m-%d')",
    ),
    (  # repeats, places, and what is not asked
        "count(${x})", "count(${r})", "count-non-empty(${x})", "count-non-empty(${y})", "count-non-empty(${r})", "count(${x}[. > 3])",
        "count(${r}[${x} > 3])", "count(${r}[${y} = ''])", "count(${r}) + 1", "indexed-repeat(${x}, ${r}, 1)",
        "indexed-repeat(${x}, ${r}, 2)", "indexed-repeat(${x}, ${r}, 9)", "indexed-repeat(${x}, ${r}, 0)", "${r}[1]/x", "${r}[2]/y",
        "${r}[position() = last()]/x", "string(${x})", "../inputs/n", "current()/../inputs/n",
        "count-non-empty(../inputs/*)", "distance('0 0;0 1')", "geofence(${place}, '0 0;0 90;90 90;90 0;0 0')", "area('0 0;0 1')",
        "area('7.9377 -11.5845 0 0;7.9324 -11.5902 0 0;7.927 -11.5857 0 0;7.925 -11.578 0 0;7.9377 -11.5845 0 0')", "${gone}",
        "string(${gone})", "${gone} = ''", "${gone} + 1", "coalesce(${gone}, 'x')",
        "concat('<', ${gone}, '>')", "if(${gone} = '', 'none', 'some')", "number(${gone})",
    ),
)  # fmt: skip

_EMPTY: Final = (
    "an empty answer is false, as in JavaRosa, where one node is what it holds; there a node that is there is true"
)
_BOTH: Final = "true or false; there the last operand itself"
_NONE: Final = "what is no number is left out, as in JavaRosa; there all comes to nothing"
_HALF: Final = "a half below zero goes up, as in XPath 1.0 and JavaRosa; there away from zero"
_DAYS: Final = "a day is a whole number, as in JavaRosa; there midnight of the place, counted in UTC"
_DATE: Final = "a day, as the specification says; there with the time of day, or “Invalid Date”"
_GONE: Final = "what is not asked is not there, as in JavaRosa; there it counts, empty"

PART: Final[dict[str, str]] = {
    "if(${a}, 1, 2)": _EMPTY,
    "boolean(${n})": _EMPTY,
    "not(${a})": _EMPTY,
    "${n} = true()": _EMPTY,
    "${a} and ${n}": _BOTH,
    "${a} or ${n}": _BOTH,
    "sum(${x})": _NONE,
    "sum(${y})": _NONE,
    "max(${n}, ${m})": _NONE,
    "min('', 3)": _NONE,
    "round(-2.5)": _HALF,
    "round(-0.25, 1)": _HALF,
    "round(1.005, 2)": "by the decimals as they are written, as in JavaRosa; there by the binary fraction",
    "${day} + 7": _DAYS,
    "number(${day})": _DAYS,
    "number(${moment})": "with the time of day as a fraction; there, and in JavaRosa, whole days",
    "date(20784)": _DATE,
    "date(${moment})": _DATE,
    "date(now())": _DATE,
    "date(${day} + 7)": _DATE,
    "date(${n})": _DATE,
    "date-time('2026-11-27')": "always with the time of day; there without it at midnight",
    "${clock} < '12:00:00.000+05:00'": "times of a day compare; there they don't",
    "regex(${a}, '[0-9]+')": "the whole text has to fit, as in JavaRosa; there a part of it does",
    "checklist(1, 2, ${a})": "what becomes a number above 0 counts, as the specification says; there every text, in JavaRosa too",
    "boolean-from-string('TRUE')": "as in JavaRosa; there small letters only",
    "substr(${a}, number(''))": "from the beginning, as in JavaRosa; there nothing",
    "format-date(today(), '%W')": "the week of the year, as in JavaRosa; there unknown",
    "format-date(today(), '%%')": "a percent sign, as in JavaRosa; there two",
    "count(${gone})": _GONE,
    "count(../inputs/*)": _GONE,
    "not(${gone})": _EMPTY,
}

CANT: Final[dict[str, str]] = {
    "position(${r})": "position() of several nodes",
    "distance(${place}, '0 0')": "distance() of an empty answer",
    "- - 3": "two minus signs",
    "count(${n} \\| ${m})": "the union of nodes",
    "version()": "the version of the form",
}
