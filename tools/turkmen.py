"""`python -m tools.turkmen`: every Turkmen text of the product beside its English, as a sheet for a native speaker (docs/translations.md).

Tab-separated: where it stands, English, Turkmen, and an empty column for what the reader would say.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from amanat.forms.sheets import read_sheets  # noqa: E402 (it is found by the line above)

ENGLISH, TURKMEN = "English (en)", "Türkmençe (tk)"
# Of the settings of a form: the column in its own language, English in what is shipped, and how the others begin.
OF_SETTINGS = {"form_title": "amanat::title", "amanat::source": "amanat::source"}
CATALOGUE = ROOT / "locale" / "tk" / "LC_MESSAGES" / "django.po"
QUOTED = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d\])?) )?(".*")')


class Text(NamedTuple):
    """One text in both languages; of a message with plural forms there is one for each Turkmen form."""

    where: str
    english: str
    turkmen: str


def texts() -> Iterator[Text]:
    """The pages' messages, then each pack's texts and forms; what is not translated has "" in Turkmen."""
    if CATALOGUE.exists():
        yield from of_catalogue(CATALOGUE.read_text())
    for file in sorted(ROOT.glob("packs/*/**/*.toml")):
        yield from of_pack(file.relative_to(ROOT).as_posix(), tomllib.loads(file.read_text()))
    for file in sorted(ROOT.glob("packs/*/forms/*.md")):
        yield from of_form(file.relative_to(ROOT).as_posix(), file.read_bytes())


def of_catalogue(content: str) -> Iterator[Text]:
    """The messages of a gettext catalogue, without its header and what is no longer used."""
    for entry in re.split(r"\n\s*\n", content):
        said: dict[str, str] = {}
        key = ""
        for line in entry.splitlines():
            if found := QUOTED.fullmatch(line):
                key = found[1] or key
                said[key] = said.get(key, "") + ast.literal_eval(found[2])
        english = said.get("msgid_plural") or said.get("msgid", "")
        forms = [text for name, text in said.items() if name.startswith("msgstr")]
        yield from (Text("pages", english, form) for form in forms if english)


def of_pack(where: str, told: Any) -> Iterator[Text]:
    """The texts of a pack's file: every table that has both languages."""
    if isinstance(told, list):
        for each in told:
            yield from of_pack(where, each)
    elif isinstance(told, dict):
        if isinstance(told.get("en"), str) and isinstance(told.get("tk"), str):
            yield Text(where, told["en"], told["tk"])
        for each in told.values():
            yield from of_pack(where, each)


def of_form(where: str, content: bytes) -> Iterator[Text]:
    """The texts of a form: every cell that has a column of its own in both languages."""
    for sheet in read_sheets(where, content).values():
        for row in sheet.rows:
            yield from _of_row(f"{where}:{row.number}", row.cells)


def _of_row(where: str, cells: Mapping[str, str]) -> Iterator[Text]:
    for column, english in cells.items():
        if column in OF_SETTINGS:
            other = f"{OF_SETTINGS[column]}::{TURKMEN}"
        elif column.endswith(f"::{ENGLISH}"):
            other = column.removesuffix(ENGLISH) + TURKMEN
        else:
            continue
        yield Text(where, english, cells.get(other, ""))


def main() -> None:
    sheet = csv.writer(sys.stdout, dialect="excel-tab", lineterminator="\n")
    sheet.writerow(["where", "English", "Turkmen", "better"])
    sheet.writerows([*text, ""] for text in texts())


if __name__ == "__main__":
    main()
