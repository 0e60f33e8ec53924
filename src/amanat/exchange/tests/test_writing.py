"""What is written is read back as the same values, whatever stands in them; and official tools find what they look for."""

from __future__ import annotations

import csv
import io
import string
import zipfile
from datetime import date
from functools import partial
from typing import Any
from xml.etree import ElementTree

import pytest
import python_calamine
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import packs
from amanat.cases.models import ALSO_IN_THE_SOURCE
from amanat.exchange import official
from amanat.exchange.cells import FlatRow, shown
from amanat.exchange.errors import SheetsApart
from amanat.exchange.mapping import also_heading, records
from amanat.exchange.separated import Way, write_csv
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import TODAY, proposed, read, rows_of, zipped
from amanat.exchange.tests.test_official_workbooks import READ
from amanat.exchange.writing import TooLongForExcel, TooWide, write_workbook
from amanat.packs import Field
from amanat.packs.records import parted

FOR_EXCEL = [
    pytest.param(partial(write_csv, way=Way(separator, language)), id=f"{language}{separator}")
    for language in ("en", "tk", "ru", "ro")
    for separator in ";,"
]
WAYS = [write_workbook, write_csv, *FOR_EXCEL]

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
    years = st.integers(1900, TODAY.year).map(str)
    kinds = {
        "date": days | years if field.stored == "identity.birth_date" else days,
        "number": st.integers(field.least, field.most or 1000),
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
@settings(max_examples=15)
@given(rows=FLAT_ROWS)
def test_what_is_written_is_read_back_as_the_same_values(write, rows):
    back = read(written(write, rows))
    early = [before_birth(row) for row in rows]
    assert [{(fault.field, fault.code) for fault in row.faults} for row in back] == [
        {(key, "before") for key in some} for some in early
    ]
    assert [row.flat for row in back] == [
        {key: value for key, value in row.items() if key not in some} for row, some in zip(rows, early, strict=True)
    ]
    assert [row.also for row in back] == [{}] * len(rows)
    kept = [sorted(text for texts in row.also_with_faults().values() for text in texts.values()) for row in back]
    assert [len(texts) for texts in kept] == [len(some) for some in early]


def before_birth(row: FlatRow) -> set[str]:
    """Days that a file may hold where its birth date is uncertain, or was corrected since; a row has no word for that."""
    pack, born = packs.current(), row.get("prs_Birthdate", "")
    days = {key for key in row if "prs_Birthdate" in pack.field(parted(key)[0]).not_before}
    return {key for key in days if row[key][: len(born)] < born}


@pytest.mark.parametrize("write", WAYS)
def test_a_day_before_the_birth_comes_back_as_text_of_its_part_with_the_reason(write):
    row = {"prs_FirstName": "Aýna", "prs_Birthdate": "2012-04-05", "hte_Date": "2011-12-20", "hte_Date_2": "2012-04-05"}
    (back,) = read(written(write, [row]))
    assert back.flat == {key: value for key, value in row.items() if key != "hte_Date"}
    (fault,) = back.faults
    assert (fault.field, fault.code) == ("hte_Date", "before")
    part = packs.current().field("hte_Date").part
    assert back.also_with_faults() == {part: {fault.header: fault.read}}
    assert "2011" in fault.read


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

    def test_the_further_sheet_says_whose_row_it_is_as_the_first_one_does(self):
        rows = [{"prs_FirstName": "Aýna", "prs_SecondName": "Çaryýewa", "hte_City": "Mary"}, {"hte_City": "Tejen"}]
        content = written(write_workbook, rows)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        _names, labels, *named = book.get_sheet_by_name("Further fields").to_python()
        assert labels[:3] == ["", "First Name", "Second Name"]
        assert [row[:3] for row in named] == [[1, "Aýna", "Çaryýewa"], [2, "", ""]]
        assert [(row.flat, row.also_with_faults()) for row in read(content)] == [(row, {}) for row in rows]

    def test_a_name_counts_as_the_first_sheet_has_it(self):
        content = written(write_workbook, [{"prs_FirstName": "Aýna", "hte_City": "Mary"}])
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        further = parts["xl/worksheets/sheet2.xml"].decode()
        parts["xl/worksheets/sheet2.xml"] = further.replace("Aýna", "Somebody").encode()
        (row,) = read(zipped(parts))
        assert (row.flat, row.also) == ({"prs_FirstName": "Aýna", "hte_City": "Mary"}, {})
        assert [notice.code for notice in proposed(zipped(parts)).notices] == [
            notice.code for notice in proposed(content).notices
        ]


class TestTableForExcel:
    def cells(self, rows: list[FlatRow], language: str, separator: str = ";") -> list[dict[str, str]]:
        content = written(partial(write_csv, way=Way(separator, language)), rows)
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))

    def test_headings_and_answers_stand_in_the_words_of_the_reader(self):
        row = {"prs_FirstName": "Aýna", "prs_Citizenship": ["TM", "MD"], "con_Consent": True, "prs_Gender": "Feminine"}
        pack = packs.current()
        for language, yes, countries in [
            ("en", "Yes", "Turkmenistan; Moldova"), ("tk", "Hawa", "Türkmenistan; Moldowa"),
            ("ru", "Да", "Туркменистан; Молдова"), ("ro", "Da", "Turkmenistan; Moldova"),
        ]:  # fmt: skip
            (cells,) = self.cells([row], language)
            label = {name: pack.field(name).label.text(language) for name in row}
            assert cells[label["prs_FirstName"]] == "Aýna"
            assert cells[label["con_Consent"]] == yes
            assert cells[label["prs_Citizenship"]] == countries
            assert cells[label["prs_Gender"]] == pack.codes("sex").label("Feminine", language)

    def test_what_stands_before_decimals_follows_the_separator(self):
        row = {"hte_Longitude": -3.5}
        assert {*self.cells([row], "ru")[0].values()} == {"", "-3,5"}
        assert {*self.cells([row], "en", ",")[0].values()} == {"", "-3.5"}

    def test_a_heading_that_could_be_of_several_fields_says_its_section(self):
        (cells,) = self.cells([{"spl_Objectives": "School", "spl_Objectives_2": "Home"}], "ru")
        assert cells["Цели (Планы поддержки)"] == "School"
        assert cells["Цели (Планы поддержки) (2)"] == "Home"

    def test_what_no_field_took_stands_under_its_own_header_unless_that_is_a_field_or_another_part(self):
        texts = {"narrative": {"Shoe size": "36", "Имя": "Ж", "№": "7"}, "contacts": {"Mother": "12?"}}
        (cells,) = self.cells([{ALSO_IN_THE_SOURCE: texts}], "ru")
        filled = {header: text for header, text in cells.items() if text}
        also = partial(also_heading, language="ru")
        assert filled == {"Shoe size": "36", also("narrative", "Имя"): "Ж", "№": "7", also("contacts", "Mother"): "12?"}

    @pytest.mark.parametrize("language", ["en", "tk", "ru", "ro"])
    def test_such_a_heading_is_in_words_and_comes_back_from_any_language_to_its_part(self, language):
        pack = packs.current()
        parts = {field.part for section in pack.sections() for field in section.fields}
        twice = also_heading("identity", "Birthdate", language)
        texts = {part: {"Birthdate": f"in {part}"} for part in parts} | {"narrative": {"Birthdate": "1", twice: "2"}}
        rows = [{"prs_FirstName": "Aýna", ALSO_IN_THE_SOURCE: texts}]
        (cells,) = self.cells(rows, language)
        assert [header for header, text in cells.items() if text and "amanat" in header] == []
        for write in (partial(write_csv, way=Way(";", language)), write_csv, write_workbook):
            with override("ro"):
                (row,) = read(written(write, rows))
            assert (row.flat, row.also_with_faults()) == ({"prs_FirstName": "Aýna"}, texts)

    def test_formulas_are_guarded_in_headings_and_cells(self):
        (cells,) = self.cells([{"prs_FirstName": "=1+1", ALSO_IN_THE_SOURCE: {"narrative": {"=2+2": "@x"}}}], "tk")
        assert cells["'=2+2"] == "'@x"
        assert "'=1+1" in cells.values()


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
