"""`python -m tools.example_forms`: runs pyxform's own example workbooks through the engine and writes docs/xlsform.md, with the
table of appearances.

No part of CI: it fetches a source distribution. The release that is locked brings no workbooks; an older one did, so
its workbooks are read, and converted by the release that is locked.
"""

from __future__ import annotations

import csv
import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import django

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = "pyxform==1.0.0"
PAGE = ROOT / "docs" / "xlsform.md"
DRAWN = """# XLSForms: what Amanat draws

Made by `python -m tools.example_forms`.

## Types without an input of their own

`rank`: a number beside each choice. `geopoint`, `geotrace`, `geoshape`, `barcode`: a line to type in, with what is expected beside it.
`image`, `audio`, `video`, `file`, and signatures and drawings: a file to choose. `start`, `end` (when the form is sent) and `today` are
filled in; `username`, `deviceid` and the like stay empty, and nothing is logged for `audit`: of the device and its owner Amanat tells a
form nothing. `background-audio`, `select_one_external`, `search()` and entities are refused by name when a form is checked.

## Appearances

| appearance | on the page |
|---|---|
{drawn}
Known to others, and the plain input of the type here: {plain}. One that stands nowhere in this list changes nothing either. Of several
choices (`select_multiple`) the boxes always stand open.

## Labels, hints, pictures

Of markup: `**bold**`, `__bold__`, `_italic_`, `*italic*`, `# heading`, `[link](https://…)`, `<br>`, `<b>`, `<i>`, and `\\` before a
sign that is none. Colours, fonts and alignment are dropped; an answer that stands in a label is never markup. A guidance hint stands
folded under its question.

`media::image` and `media::big-image` of questions and `media::image` of choices are drawn, in the language of the reader;
`media::audio` and `media::video` of questions are links, since a page of Amanat plays nothing by itself. A picture is PNG, JPEG or WebP
of 1 MB at most, a sound or film of 5 MB, all files of a form 10 MB; an SVG can hold programs and is refused. They are uploaded with the
workbook, four at most or all in one .zip; in a pack they lie in `forms/<name>-media/`. Media of groups are not drawn.

"""
PARTING = """## Beside ODK's own engine

`tests/odk` loads every shipped form into ODK's engine of web forms (`@getodk/xforms-engine`, in Chromium), fills it by chance, and holds
that what is asked, computed, required, offered and refused is the same, question by question; what it sends is filed with equal answers.
Where the two part, Amanat does what the specification says, and where that leaves it open, what JavaRosa does, the engine of ODK Collect:

| expression | Amanat | and there |
|---|---|---|
{rows}
It can't run: {cant}.

Besides: a choice that is no longer offered, since another answer changed, is kept and refused by name until a person takes it back; there
it goes silently. An item of a list that lacks a column counts as empty in that column, as in JavaRosa; there nothing is equal to it. Where
the number of a repeat becomes empty, those that are there stay, as in both. A decimal is kept as it was typed (`12`); there as `12.0`,
which is the same answer.

"""
HEAD = """## pyxform's example workbooks

The pinned source distribution of pyxform ({pinned}) brings no workbooks; these are
those of {examples}, an older release that did, converted by {pinned} as the product does it. *Runs*: read, converted, compiled,
checked without a fault, filled three times with chance answers, sent, and read again with equal answers. Workbooks in the old
format .xls, which Amanat asks to save again, were turned into CSV first.

| workbook | | questions | why not |
|---|---|---:|---|
"""


@dataclass(frozen=True)
class Found:
    """What became of one workbook."""

    name: str
    questions: int
    why: str

    def row(self) -> str:
        """A row of the table."""
        return f"| {self.name} | {'refused' if self.why else 'runs'} | {self.questions or ''} | {self.why} |\n"


def main() -> None:
    """Fetch, run all, write the page."""
    from importlib.metadata import version

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-binary", "pyxform", "--no-deps"]
        subprocess.run([*command, "--dest", folder, EXAMPLES], check=True)
        books = dict(workbooks(next(Path(folder).glob("*.tar.gz"))))
    lists = {PurePosixPath(name).name: content for name, content in books.items() if name.endswith(".csv")}
    found = [tried(name, content, lists) for name, content in sorted(books.items()) if not is_list(name, content)]
    head = HEAD.format(pinned=f"pyxform {version('pyxform')}", examples=EXAMPLES.replace("==", " "))
    run = sum(not one.why for one in found)
    end = f"\n{run} of {len(found)} run; the others are refused for the reason beside them.\n"
    PAGE.write_text(drawn() + parting() + head + "".join(one.row() for one in found) + end)
    print(end.strip())


def drawn() -> str:
    """What is drawn how."""
    from amanat.forms.appearances import DRAWN as TOLD
    from amanat.forms.appearances import PLAIN

    rows = "".join(f"| `{name}` | {what} |\n" for name, what in TOLD.items())
    return DRAWN.format(drawn=rows, plain=", ".join(f"`{name}`" for name in PLAIN))


def parting() -> str:
    """Where ODK's web engine and ours part, and why."""
    from tests.odk.expressions import CANT, PART

    rows = "".join(
        "| `{}` | {} | {} |\n".format(
            expression.replace("|", "\\|"), *(part.strip() for part in f"{why};".split(";")[:2])
        )
        for expression, why in PART.items()
    )
    cant = ", ".join(f"{why} (`{expression}`)".replace("\\", "") for expression, why in CANT.items())
    return PARTING.format(rows=rows, cant=cant)


def workbooks(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a source distribution, by their path in it."""
    with tarfile.open(archive) as tar:
        for member in tar:
            name = "/".join(PurePosixPath(member.name).parts[1:])
            if member.isfile() and name.endswith((".xls", ".xlsx", ".csv")) and "/tests/" in f"/{name}":
                file = tar.extractfile(member)
                assert file is not None
                yield name, file.read()


def is_list(name: str, content: bytes) -> bool:
    """Whether a CSV file is a list of choices, or sheets of others, and no form."""
    return name.endswith(".csv") and b"survey" not in content[:2000].lower()


def tried(name: str, content: bytes, lists: dict[str, bytes]) -> Found:
    """Run one workbook."""
    from amanat.forms.faulty import FaultyForm

    try:
        return Found(name, filled(name, content, lists), "")
    except FaultyForm as faulty:
        first = faulty.faults[0]
        return Found(name, 0, " ".join(f"{first.where}: {first.what}".strip(": ").replace("|", "\\|").split())[:300])


def filled(name: str, content: bytes, lists: dict[str, bytes]) -> int:
    """Fill a workbook with chance answers, send it and read it again; gives the number of its questions."""
    from amanat.forms.compiling import compiled
    from amanat.forms.converting import convert
    from amanat.forms.faulty import FaultyForm
    from amanat.forms.workbooks import read_workbook

    old = name.endswith(".xls")
    workbook = read_workbook(f"{name}.csv" if old else name, as_csv(name, content) if old else content)
    form = compiled(convert(workbook), workbook.extras(frozenset({"facts"})), lists)
    if faults := form.check(name, workbook.places()):
        raise FaultyForm(faults)
    for seed in range(3):
        fill(form, random.Random(seed))  # noqa: S311
    return len(form.questions)


def as_csv(name: str, content: bytes) -> bytes:
    """A workbook of the old format .xls as one-file CSV."""
    from python_calamine import CalamineWorkbook

    from amanat.forms.sheets import SHEETS

    book, out = CalamineWorkbook.from_filelike(io.BytesIO(content)), io.StringIO()
    for sheet in book.sheet_names:
        if sheet.lower() in SHEETS:
            rows = book.get_sheet_by_name(sheet).to_python()
            csv.writer(out).writerows([[sheet], *(["", *map(shown, row)] for row in rows)])
    return out.getvalue().encode()


def shown(cell: object) -> str:
    """A cell as a person sees it."""
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)


def fill(form: object, chance: random.Random) -> None:
    """Chance answers, then sent and read again: the answers must be the same."""
    from amanat.forms.compiling import CompiledForm
    from amanat.forms.filling import Filling
    from amanat.forms.model import RepeatEnd

    assert isinstance(form, CompiledForm)
    now = datetime.now(UTC)
    filling = Filling.begin(form, language=form.default_language, now=now, zone=UTC)
    for _round in range(2):
        for screen in filling.screens():
            for item in screen.items:
                if isinstance(item, RepeatEnd) and item.can_add and item.count < 3:
                    filling.add(item.path)
        for screen in filling.screens():
            for shown in screen.questions:
                filling.put(
                    shown.path, chance_answer(shown.question.kind, [one.value for one in shown.choices], chance)
                )
    filling.faults()
    again = Filling.of(form, filling.instance(), language=form.default_language, now=now, zone=UTC)
    fickle = {path for path, bind in form.binds.items() if bind.calculate and bind.calculate.fickle}
    before, after = (
        {a.path: a.value for a in one.answers() if a.question.path not in fickle} for one in (filling, again)
    )
    if before != after:
        raise AssertionError(f"{form.form_id}: {set(before.items()) ^ set(after.items())}")


def chance_answer(kind: str, choices: list[str], chance: random.Random) -> str | list[str]:
    """An answer of a kind, sometimes one that is wrong."""
    if kind == "select_one":
        return chance.choice(choices or [""])
    if kind in ("select_multiple", "rank"):
        return [choice for choice in choices if chance.random() < 0.5]
    number = str(chance.randint(0, 40))
    usual = {"date": "2026-03-01", "time": "10:30", "dateTime": "2026-03-01T10:30", "geopoint": "37.9 58.3"}
    return usual.get(kind, number if chance.random() < 0.9 else "abc")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    django.setup()
    main()
