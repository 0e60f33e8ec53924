"""What is written is read back as the same values, whatever stands in them; and official tools find what they look for."""

from __future__ import annotations

import io
import string
import zipfile
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import packs
from amanat.exchange import official
from amanat.exchange.cells import FlatRow, shown
from amanat.exchange.errors import SheetsApart
from amanat.exchange.mapping import records
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import TODAY, proposed, read, rows_of, zipped
from amanat.exchange.tests.test_official_workbooks import READ
from amanat.exchange.writing import ALSO_IN_THE_SOURCE, TooLongForExcel, TooWide, write_csv, write_workbook
from amanat.packs import Field

WAYS = [write_workbook, write_csv]

# What a form or a file of others can have left in a field: no space around it, no half of a pair, no zero byte.
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
    | st.lists(st.sampled_from([*"=+-@'\",;\n\r\t<&1\ufffe\x07", "_x000D_", "_x"]), min_size=1, max_size=9).map("".join)
    | st.sampled_from(["TRUE", "2012", "007", "1e5", "#N/A", "amanat_row", "prs_FirstName", "First Name"])
)  # fmt: skip


def values(field: Field) -> st.SearchStrategy[Any]:
    pack = packs.current()
    countries = st.sampled_from([code for code, _name in pack.countries.choices("en")])
    codes = st.sampled_from([code.code for code in pack.codes(field.codes).codes] if field.codes else [""])
    days = st.dates(date(1900, 1, 1), TODAY).map(str)
    kinds = {
        "date": days | st.integers(1900, 2025).map(str) if field.stored == "identity.birth_date" else days,
        "number": st.integers(-1000, 1000) | st.floats(-1000, 1000, width=32).map(lambda number: round(number, 3)),
        "geolocation": st.floats(-90, 90).map(lambda number: round(number, 6)),
        "checkbox": st.booleans(),
        "choice": codes,
        "choices": st.lists(codes, min_size=1, unique=True),
        "country": countries,
        "countries": st.lists(countries, min_size=1, max_size=4, unique=True),
        "language": codes | st.sampled_from(["tgk", "kmr", "deu"]),
    }
    return kinds.get(field.type, TEXTS.map(shown).filter(bool))


def keys() -> dict[str, st.SearchStrategy[Any]]:
    found = {}
    for section in packs.current().sections():
        for field in section.fields:
            found[field.name] = values(field)
            if section.repeats or field.repeats:
                found |= {f"{field.name}_{number}": found[field.name] for number in (2, 3, 11)}
    return found


FLAT_ROWS = st.lists(
    st.fixed_dictionaries(
        {"prs_FirstName": TEXTS.map(shown).filter(bool)},
        optional={key: strategy for key, strategy in keys().items() if key != "prs_FirstName"},
    ).map(lambda row: dict(sorted(row.items()))),
    min_size=1,
    max_size=3,
)


def written(write: Any, rows: list[FlatRow]) -> bytes:
    out = io.BytesIO()
    assert write(out, rows, packs.current()) == len(rows)
    return out.getvalue()


@pytest.mark.parametrize("write", WAYS)
@settings(max_examples=40)
@given(rows=FLAT_ROWS)
def test_what_is_written_is_read_back_as_the_same_values(write, rows):
    back = read(written(write, rows))
    assert [fault for row in back for fault in row.faults] == []
    assert [row.flat for row in back] == rows
    assert [row.also for row in back] == [{}] * len(rows)


@pytest.mark.parametrize("write", WAYS)
def test_a_record_of_three_digits_leaves_and_comes_back(write):
    row = {"prs_FirstName": "Ayna", "hte_City": "Mary", "hte_City_101": "Tejen"}
    file = io.BytesIO()
    write(file, [row], packs.current())
    assert [read_.flat for read_ in read(file.getvalue())] == [row]


@pytest.mark.parametrize("write", WAYS)
def test_what_no_field_took_comes_back_under_its_header(write):
    rows = [
        {"prs_FirstName": "Aýna", ALSO_IN_THE_SOURCE: {"narrative": {"First Name": "=1", "Tribe": "Teke"}}},
        {"prs_FirstName": "Merdan"},
    ]
    assert [row.also for row in read(written(write, rows))] == [rows[0][ALSO_IN_THE_SOURCE]["narrative"], {}]


@pytest.mark.parametrize("write", WAYS)
def test_what_could_not_be_read_comes_back_in_its_part_and_no_other_one_can_be_named(write):
    kept = {"contacts": {"Mobile: mother": "12?"}, "narrative": {"Tribe": "Teke"}, "identity": {"Birthdate": "spring"}}
    (row,) = read(written(write, [{"prs_FirstName": "Aýna", ALSO_IN_THE_SOURCE: kept}]))
    assert row.also_with_faults() == kept
    forged = {"psychology_notes": {"Tribe": "Teke"}}
    (row,) = read(written(write, [{"prs_FirstName": "Aýna", ALSO_IN_THE_SOURCE: forged}]))
    assert row.also_with_faults() == {"narrative": {"Tribe": "Teke"}}


@pytest.mark.parametrize("write", WAYS)
def test_no_rows_are_a_file_with_headers(write):
    assert read(written(write, [])) == []


class TestWorkbook:
    def test_names_and_labels_stand_as_in_the_official_files_and_the_names_are_hidden(self):
        content = written(write_workbook, [READ])
        names, labels, row = rows_of(content)[:3]
        assert [str(names.cells.get(letters, "")) for letters in row.cells if letters != "A"] == [
            column[0] for column in official.COLUMNS
        ]
        assert list(labels.cells.values()) == [column[1] for column in official.COLUMNS]
        assert (names.hidden, row.number, row.cells["A"]) == (True, 3, 1)

    def test_values_stand_as_the_official_drop_downs_have_them(self):
        row = rows_of(written(write_workbook, [READ]))[2].cells
        assert row["I"] == "Turkmenistan; Korea, Republic of"
        assert (row["H"], row["AB"], row["AF"]) == ("Feminine", "Follow up", "Migration Or Change Of Location")
        assert row["N"] == "Görogly köçesi 5"
        assert (row["G"], row["F"]) == (date(2012, 4, 5), True)

    def test_a_text_that_looks_like_a_formula_is_text(self):
        with zipfile.ZipFile(io.BytesIO(written(write_workbook, [{"prs_FirstName": "=1+1"}]))) as file:
            sheet = file.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert '<t xml:space="preserve">=1+1</t>' in sheet

    def test_every_part_is_xml_and_the_sheet_says_how_far_it_goes(self):
        with zipfile.ZipFile(io.BytesIO(written(write_workbook, [READ, READ]))) as file:
            for name in file.namelist():
                ElementTree.fromstring(file.read(name))
            assert '<dimension ref="A1:AM4"/>' in file.read("xl/worksheets/sheet1.xml").decode()

    def test_another_reader_sees_the_same_cells(self):
        content = written(write_workbook, [READ, {"prs_FirstName": "a\r\nb _x000D_ <&>", "hte_City_2": "=1"}])
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        assert first[2][6] == date(2012, 4, 5)
        assert first[2][3:6] == ["Aýna", "Çaryýewa", True] == [READ["prs_FirstName"], READ["prs_SecondName"], True]
        assert first[3][3].replace("_x000D_\n", "\n").startswith("a")
        assert second[3][second[0].index("hte_City_2")] == "=1"

    def test_all_83_fields_have_a_column_on_one_of_the_sheets(self):
        fields = {field.name for section in packs.current().sections() for field in section.fields}
        assert set(proposed(written(write_workbook, [{}])).mapping.fields) == fields
        assert len(fields) == 83

    def test_a_text_that_excel_cannot_hold_is_told(self):
        with pytest.raises(TooLongForExcel, match="Case Comment"):
            written(write_workbook, [{"cco_CaseComment": "x" * 40_000}])

    def test_more_columns_than_can_be_read_back_are_told(self):
        row = {ALSO_IN_THE_SOURCE: {"narrative": {f"Header {number}": "x" for number in range(1100)}}}
        with pytest.raises(TooWide):
            write_workbook(io.BytesIO(), [row], packs.current())
        assert write_csv(io.BytesIO(), [row], packs.current()) == 1

    def test_rows_added_or_deleted_on_the_first_sheet_keep_the_others_together(self):
        rows = [{"prs_FirstName": name, "hte_City": f"{name}'s"} for name in string.ascii_uppercase[:5]]
        content = written(write_workbook, rows)
        assert [row.flat for row in read(content)] == rows
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        start, end = sheet.index('<row r="4"'), sheet.index('<row r="5"')
        parts["xl/worksheets/sheet1.xml"] = (sheet[:start] + sheet[end:]).encode()
        assert [row.flat for row in read(zipped(parts))] == [rows[0], *rows[2:]]

    def test_sheets_that_were_sorted_apart_are_told_and_never_joined_wrongly(self):
        rows = [{"prs_FirstName": name, "hte_City": f"{name}'s"} for name in "ABC"]
        content = written(write_workbook, rows)
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        for first, second in (("1", "x"), ("3", "1"), ("x", "3")):
            sheet = sheet.replace(f'<v>{first}</v></c><c r="D', f'<v>{second}</v></c><c r="D')
        parts["xl/worksheets/sheet1.xml"] = sheet.encode()
        with pytest.raises(SheetsApart):
            read(zipped(parts))


class TestCsv:
    def test_it_is_utf_8_with_a_mark_and_names_over_codes(self):
        content = written(write_csv, [READ])
        assert content.startswith(b"\xef\xbb\xbfcas_CaseOwner,")
        assert "FollowUp" in content.decode()
        assert "TM; KR" in content.decode()

    def test_formulas_are_guarded_and_numbers_are_not(self):
        content = written(write_csv, [{"prs_FirstName": "=1+1", "hte_Longitude": -3.5}]).decode()
        assert "'=1+1" in content
        assert ",-3.5," in content

    def test_rows_come_as_a_stream(self):
        out = io.BytesIO()
        write_csv(out, ({"prs_FirstName": f"Child {number}"} for number in range(3000)), packs.current())
        out.seek(0)
        with open_tables(out) as tables:
            mapping = proposed(out.getvalue()).mapping
            assert sum(1 for _record in records(tables, mapping)) == 3000
