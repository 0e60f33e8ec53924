"""The form that is measured: groups of ten questions, 40 of them relevant by an answer of the group before, every seventh calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

RELEVANT = 40
A_SCREEN = 10  # questions


def name_of(questions: int) -> str:
    return f"bench_{questions}"


def sheet(questions: int) -> str:
    """A workbook as text."""
    lines = ["| survey |", "| | type | name | label | relevant | required | constraint | calculation |"]
    every = max(questions // RELEVANT, 1)
    for number in range(questions):
        if number % A_SCREEN == 0:
            lines.append(f"| | begin_group | g{number} | Group {number} | | | | |")
        relevant = f"${{q{number - every + 1}}} != 'no'" if number % every == every - 1 and number >= every else ""
        lines.append(_row(number, relevant))
        if number % A_SCREEN == A_SCREEN - 1 or number == questions - 1:
            lines.append("| | end_group | | | | | | |")
    choices = ["| choices |", "| | list_name | name | label |"]
    choices += [f"| | answers | {name} | {name.title()} |" for name in ("yes", "no", "unknown")]
    return "\n".join([*lines, *choices, "| settings |", "| | form_id |", f"| | {name_of(questions)} |"])


def _row(number: int, relevant: str) -> str:
    if number % 7 == 6:
        sum_ = f"concat(${{q{number - 1}}}, ' ', ${{q{number - 2}}})"
        return f"| | calculate | q{number} | | {relevant} | | | {sum_} |"
    if number % 3 == 0:
        return f"| | select_one answers | q{number} | Is it so? {number} | {relevant} | yes | | |"
    return f"| | text | q{number} | What was seen? {number} | {relevant} | yes | string-length(.) < 200 | |"


def answer_to(form: CompiledForm, path: str) -> str:
    """What somebody who fills it in answers."""
    return "yes" if form.questions[path].kind == "select_one" else "some words"
