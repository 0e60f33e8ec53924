"""What a workbook shows is what is read: text, numbers, days, errors, hidden and merged cells, however a program wrote them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest

from amanat.exchange.rows import CellError, Row
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import book, rows_of, sheet, text_cell, texts, told, zipped

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="000000"/>'
    '<numFmt numFmtId="166" formatCode="0.00&quot;days&quot;"/><numFmt numFmtId="167" formatCode="[Red]General"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>'
    '<xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="167"/></cellXfs>'
)


def cells(xml: str, **parts) -> dict:
    (row,) = rows_of(book(sheet(f'<row r="1">{xml}</row>'), **parts))
    return row.cells


class TestDays:
    @pytest.mark.parametrize("style", [1, 2])
    def test_a_number_with_the_format_of_a_day_is_a_day(self, style):
        assert cells(f'<c r="A1" s="{style}"><v>41004</v></c>', styles=STYLES) == {"A": date(2012, 4, 5)}

    def test_workbooks_that_count_from_1904_have_their_own_days(self):
        assert cells('<c r="A1" s="1"><v>39542</v></c>', styles=STYLES, from_1904=True) == {"A": date(2012, 4, 5)}

    @pytest.mark.parametrize(
        ("serial", "day"), [(1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1))]
    )
    def test_the_leap_day_of_1900_that_never_was_shifts_no_other_day(self, serial, day):
        assert cells(f'<c r="A1" s="1"><v>{serial}</v></c>', styles=STYLES) == {"A": day}

    def test_a_moment_keeps_its_time(self):
        assert cells('<c r="A1" s="5"><v>41004.75</v></c>', styles=STYLES) == {
            "A": datetime.fromisoformat("2012-04-05T18:00")
        }

    def test_a_time_alone_is_a_time(self):
        assert cells('<c r="A1" s="6"><v>0.75</v></c>', styles=STYLES) == {"A": time(18)}

    def test_a_day_written_as_iso_is_a_day(self):
        assert cells('<c r="A1" t="d"><v>2012-04-05T00:00:00</v></c>') == {"A": date(2012, 4, 5)}

    @pytest.mark.parametrize("style", [0, 4, 7, 99])
    def test_a_word_or_colour_in_the_format_of_a_number_makes_no_day_of_it(self, style):
        assert cells(f'<c r="A1" s="{style}"><v>41004</v></c>', styles=STYLES) == {"A": 41004}

    def test_a_number_that_is_no_day_stays_a_number(self):
        assert cells('<c r="A1" s="1"><v>-5</v></c><c r="B1" s="1"><v>99999999</v></c>', styles=STYLES) == {
            "A": -5,
            "B": 99999999,
        }


class TestValues:
    def test_whole_numbers_are_whole(self):
        assert cells('<c r="A1"><v>99365123456</v></c><c r="B1"><v>9.9365123456E10</v></c>') == {
            "A": 99365123456,
            "B": 99365123456,
        }

    def test_zeros_that_the_format_shows_are_kept(self):
        assert cells('<c r="A1" s="3"><v>744000</v></c><c r="B1" s="3"><v>44</v></c>', styles=STYLES) == {
            "A": "744000",
            "B": "000044",
        }

    def test_yes_and_no(self):
        assert cells('<c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c>') == {"A": True, "B": False}

    def test_an_error_is_told_from_a_text_that_looks_like_it(self):
        found = cells('<c r="A1" t="e"><v>#N/A</v></c>' + text_cell("B1", "#N/A"))
        assert [type(value) for value in found.values()] == [CellError, str]

    def test_of_a_formula_its_result_is_read(self):
        assert cells('<c r="A1" t="str"><f>B1&amp;"x"</f><v>Ayna</v></c>') == {"A": "Ayna"}

    def test_a_formula_without_a_result_is_an_error_and_not_an_empty_cell(self):
        (value,) = cells('<c r="A1"><f>B1</f></c>').values()
        assert isinstance(value, CellError)

    def test_a_formula_whose_result_is_empty_is_an_empty_cell(self):
        assert not rows_of(book(sheet('<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>')))

    def test_text_in_several_colours_is_one_text_and_how_to_say_it_is_no_part_of_it(self):
        shared = "<si><r><t>Ay</t></r><r><rPr/><t>na</t></r><rPh><t>AINA</t></rPh></si>"
        assert cells('<c r="A1" t="s"><v>0</v></c>', shared=shared) == {"A": "Ayna"}
        assert cells('<c r="A1" t="inlineStr"><is><r><t>Ay</t></r><r><t>na</t></r></is></c>') == {"A": "Ayna"}

    def test_spaces_and_hard_spaces_are_read_as_they_stand(self):
        assert cells(text_cell("A1", " Masculine\u00a0")) == {"A": " Masculine\u00a0"}

    def test_signs_that_xml_lacks_are_read_back(self):
        assert cells(text_cell("A1", "a_x000D_\nb_x005F_x000D_")) == {"A": "a\r\nb_x000D_"}


class TestSheets:
    def test_rows_without_a_value_are_passed_by_and_numbers_are_those_of_the_sheet(self):
        xml = '<row r="2"><c r="B2" s="1"/></row>' + f'<row r="5">{text_cell("C5", "x")}</row>'
        assert rows_of(book(sheet(xml), styles=STYLES)) == [Row(5, {"C": "x"})]

    def test_cells_and_rows_that_do_not_say_where_they_are_follow_each_other(self):
        xml = '<row><c t="str"><v>a</v></c><c/><c t="str"><v>b</v></c></row><row><c t="str"><v>c</v></c></row>'
        assert rows_of(book(sheet(xml))) == [Row(1, {"A": "a", "C": "b"}), Row(2, {"A": "c"})]

    def test_sheets_whose_tags_have_a_prefix_are_read(self):
        xml = (
            '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
            '<x:row r="1"><x:c r="A1" t="str"><x:v>a</x:v></x:c></x:row></x:sheetData></x:worksheet>'
        )
        assert rows_of(book(xml)) == [Row(1, {"A": "a"})]

    def test_hidden_rows_are_read_and_told(self):
        content = book(sheet(texts(["a"]) + f'<row r="2" hidden="1">{text_cell("A2", "b")}</row>'))
        assert [row.hidden for row in rows_of(content)] == [False, True]
        assert told(content) == ["hidden_rows"]

    def test_merged_cells_are_told_and_only_the_first_has_the_value(self):
        content = book(sheet(texts(["a", ""], ["", "b"]), after='<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'))
        assert [row.cells for row in rows_of(content)] == [{"A": "a"}, {"B": "b"}]
        assert told(content) == ["merged"]

    def test_rows_can_be_read_twice(self, tmp_path):
        path = tmp_path / "twice.xlsx"
        path.write_bytes(book(sheet(texts(["a"], ["b"]))))
        with open_tables(path) as tables:
            assert list(tables.rows(tables.sheets[0])) == list(tables.rows(tables.sheets[0]))

    def test_a_file_is_known_by_what_is_in_it_and_stays_open(self, tmp_path):
        path = tmp_path / "named.csv"
        path.write_bytes(book(sheet(texts(["a"]))))
        with path.open("rb") as file:
            with open_tables(file) as tables:
                assert [sheet.name for sheet in tables.sheets] == ["S1"]
            assert not file.closed

    def test_macros_are_left_alone_and_told(self):
        with zipfile.ZipFile(io.BytesIO(book(sheet(texts(["a"]))))) as file:
            parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
        macro = '<Relationship Id="m" Type="http://x/vbaProject" Target="vbaProject.bin"/></Relationships>'
        related = parts["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", macro)
        assert told(zipped(parts | {"xl/_rels/workbook.xml.rels": related})) == ["macros"]
