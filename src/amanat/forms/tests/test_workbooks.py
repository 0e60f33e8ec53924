"""The same form from a Markdown table, a CSV and a workbook; own columns; faults with their place."""

import io
import json

import pytest
import xlsxwriter

from amanat.forms.compiling import compiled
from amanat.forms.converting import convert
from amanat.forms.faulty import FaultyForm
from amanat.forms.tests.forms import PARTS, book
from amanat.forms.texts import language_code
from amanat.forms.workbooks import read_workbook

MD = """
# a remark
| survey   |          |      |                     |                     |
|          | type     | name | label::English (en) | label::Türkmençe (tk) | amanat::part |
|----------|----------|------|
|          | text     | who  | Who \\| what         | Kim                 | identity |  # why
|          | integer  | age  | Age                 | Ýaşy                |  |
| settings |
|          | form_title | form_id | version | default_language | amanat::title::Türkmençe (tk) | amanat::source |
|          | Contact    | contact | 2026.1  | English (en)     | Aragatnaşyk                   | ours |
"""
SHEETS = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Türkmençe (tk)", "amanat::part"],
        ["text", "who", "Who | what", "Kim", "identity"],
        ["integer", "age", "Age", "Ýaşy", ""],
    ],
    "settings": [
        ["form_title", "form_id", "version", "default_language", "amanat::title::Türkmençe (tk)", "amanat::source"],
        ["Contact", "contact", "2026.1", "English (en)", "Aragatnaşyk", "ours"],
    ],
}


def as_csv() -> bytes:
    rows = [line for name, rows in SHEETS.items() for line in ([name], *(["", *row] for row in rows))]
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8-sig")


def as_xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as file:
        for name, rows in SHEETS.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(("name", "content"), [("a.md", MD.encode()), ("a.csv", as_csv()), ("a.xlsx", as_xlsx())])
def test_the_three_ways_of_writing_give_the_same_form(name: str, content: bytes) -> None:
    workbook = read_workbook(name, content)
    assert (workbook.form_id, workbook.version, workbook.languages) == ("contact", "2026.1", ("en", "tk"))
    assert dict(workbook.title.texts) == {"en": "Contact", "tk": "Aragatnaşyk"}
    assert workbook.settings["amanat::source"] == "ours"
    extras = json.loads(workbook.extras(PARTS))
    assert extras["/data/who"] == {"part": "identity"}
    made = compiled(convert(workbook), workbook.extras(PARTS))
    assert made.title("tk") == "Aragatnaşyk"
    assert made.questions["/data/who"].label.text("en") == "Who | what"
    assert (made.form_id, made.version) == ("contact", "2026.1")


def test_a_form_without_an_id_is_called_like_its_file() -> None:
    made = read_workbook("folder/my form.md", b"| survey |\n| | type | name | label |\n| | text | a | A |")
    assert made.form_id == "my_form"
    assert compiled(convert(made)).form_id == "my_form"


def test_own_columns_that_can_not_be_are_told_with_sheet_row_and_column() -> None:
    workbook = book(
        """
        type | name | label | amanat::part | amanat::countable | amanat::alert | amanat::score | amanat::colour |
        text | a | A | secrets | maybe | ${nobody} = 1 | two words | red |
        """
    )
    with pytest.raises(FaultyForm) as faulty:
        workbook.extras(PARTS)
    told = [str(fault) for fault in faulty.value.faults]
    assert len(told) == 5
    assert all("small.md: sheet survey, row " in sentence for sentence in told)
    for word in ("secrets", "maybe", "nobody", "two words", "colour"):
        assert any(word in sentence for sentence in told)


def test_what_pyxform_refuses_is_told_with_the_row_of_the_file() -> None:
    workbook = book("type | name | label |\ntext | a | A |\nnonsense | b | B |")
    with pytest.raises(FaultyForm) as faulty:
        convert(workbook)
    assert "row 4" in faulty.value.faults[0].where
    assert "nonsense" in faulty.value.faults[0].what


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.doc", b"x", "ends in .md"), ("a.md", b"\xff\xfe", "UTF-8"), ("a.md", b"no table", "survey"),
    ("a.md", b"| survey |\n| | name |\n| | x |", "type"),
])  # fmt: skip
def test_what_is_no_form_is_told_with_how_to_mend_it(name: str, content: bytes, told: str) -> None:
    with pytest.raises(FaultyForm, match=told):
        read_workbook(name, content)


def test_what_a_form_asks_of_others_is_refused_by_name() -> None:
    made = compiled(convert(book("type | name | label |\nselect_one_from_file none.csv | a | A |")))
    assert any("none.csv" in fault.what for fault in made.check())


def test_languages_are_known_by_their_code_or_name() -> None:
    assert [language_code(name) for name in ("English (en)", "Русский", "Türkmençe (tk-Latn)", "Klingon")] == [
        "en",
        "ru",
        "tk",
        "klingon",
    ]
