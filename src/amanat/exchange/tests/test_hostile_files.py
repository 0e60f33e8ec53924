"""Files made to break a reader, or broken on their way: each ends with a sentence, before much was unpacked or anything kept."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.exchange import errors
from amanat.exchange.cells import shown
from amanat.exchange.limits import LIMITS, MIB
from amanat.exchange.tests.books import book, csv, proposed, read, rows_of, sheet, text_cell, texts, zipped
from amanat.web.errors import PersonFacingError

PLAIN = book(sheet(texts(["First Name"], ["Ayna"])))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(content: bytes, **options) -> errors.UnreadableFile:
    with pytest.raises(errors.UnreadableFile) as raised:
        rows_of(content, **options)
    error = raised.value
    assert isinstance(error, PersonFacingError)
    assert str(error.sentence)
    assert str(error.hint)
    assert "%(" not in f"{error.sentence}{error.hint}"
    return error


def echoing(*, letters: int, columns: int, rows: int) -> bytes:
    """A workbook in whose every cell one and the same text stands, under a row with a name."""
    head = f'<row r="1">{text_cell("A1", "First Name")}</row>'
    cells = '<c t="s"><v>0</v></c>' * columns
    lines = "".join(f'<row r="{row}">{cells}</row>' for row in range(2, rows + 2))
    return book(sheet(head + lines), shared=f"<si><t>{'x' * letters}</t></si>")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", errors.EmptyFile),
        (b"\n\n  \n", errors.EmptyFile),
        (b"%PDF-1.7\n1 0 obj", errors.NotATable),
        (b"\x89PNG\r\n\x1a\n\0\0", errors.NotATable),
        (b"<html><table><tr><td>First Name", errors.NotATable),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", errors.NotATable),
        (b"MZ\x90\0\x03", errors.NotATable),
        (b"name,age\nA\0yna,3\0\0", errors.NotATable),
        (OLE + "Workbook".encode("utf-16-le"), errors.OldWorkbook),
        (OLE + b"\0" * 3_000_000 + "EncryptedPackage".encode("utf-16-le"), errors.PasswordProtected),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), errors.OpenDocument),
        (zipped({"inner.zip": zipped({"a.xlsx": PLAIN})}), errors.NotATable),
        (zipped({}), errors.NotATable),
        (PLAIN[: len(PLAIN) // 2], errors.BrokenFile),
        (b"PK\x03\x04" + os.urandom(2000), errors.BrokenFile),
    ],
)  # fmt: skip
def test_what_is_no_readable_table_is_told_by_what_is_in_it(content, kind):
    assert isinstance(refusal(content), kind)


def test_a_letter_is_no_workbook():
    parts = {
        "_rels/.rels": '<R><Relationship Id="1" Type="x/officeDocument" Target="word/document.xml"/></R>',
        "word/document.xml": "<w/>",
    }
    assert isinstance(refusal(zipped(parts)), errors.NotATable)


def test_a_binary_workbook_is_told_apart():
    parts = {
        "_rels/.rels": '<R><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.bin"/></R>',
        "xl/workbook.bin": "x",
    }
    assert isinstance(refusal(zipped(parts)), errors.OldWorkbook)


def test_every_cut_of_a_workbook_is_told_and_never_read_as_less():
    for end in range(4, len(PLAIN), 97):
        assert isinstance(refusal(PLAIN[:end]), (errors.BrokenFile, errors.NotATable, errors.EmptyFile))


def test_a_flipped_byte_is_told_or_changes_nothing():
    whole = rows_of(PLAIN)
    for at in range(0, len(PLAIN), 41):
        broken = bytearray(PLAIN)
        broken[at] ^= 0x55
        try:
            rows = rows_of(bytes(broken))
        except PersonFacingError:
            continue
        assert rows == whole


def test_entries_of_a_zip_with_a_password_are_told():
    encrypted = bytearray(PLAIN)
    at = encrypted.rfind(b"PK\x01\x02", 0, encrypted.find(b"xl/worksheets/sheet1.xml", encrypted.find(b"PK\x01\x02")))
    encrypted[at + 8] |= 1
    assert isinstance(refusal(bytes(encrypted)), errors.PasswordProtected)


class TestBombs:
    def test_a_sheet_that_unpacks_to_a_thousand_times_its_size_is_stopped_early(self):
        content = book(sheet(texts(["a"]) + " " * (64 * MIB)))
        assert len(content) < MIB
        tracemalloc.start()
        assert isinstance(refusal(content), errors.TooMuchInside)
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB
        tracemalloc.stop()

    def test_a_sheet_that_unpacks_to_more_than_the_limit_is_stopped(self):
        content = book(sheet(texts(["a"]) + os.urandom(100_000).hex()))
        assert isinstance(refusal(content, limits=replace(LIMITS, unpacked=50_000)), errors.TooMuchInside)

    def test_a_header_that_lies_about_the_unpacked_size_does_not_help(self):
        content = bytearray(book(sheet(texts(["a"]) + " " * (64 * MIB))))
        at = content.rfind(b"xl/worksheets/sheet1.xml") - 46
        struct.pack_into("<L", content, at + 24, 100)
        assert isinstance(refusal(bytes(content)), (errors.TooMuchInside, errors.BrokenFile))

    def test_a_macro_that_unpacks_to_anything_is_never_unpacked(self):
        content = book(sheet(texts(["a"])), extra={"xl/vbaProject.bin": b"\0" * (64 * MIB)})
        assert rows_of(content)

    def test_entities_are_refused_before_they_can_expand(self):
        bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        assert isinstance(refusal(book(bomb + sheet(texts(["&b;"])))), errors.ForeignDeclarations)

    def test_entities_from_elsewhere_are_not_fetched(self):
        declared = '<!DOCTYPE w SYSTEM "file:///etc/passwd">'
        assert isinstance(refusal(book(declared + sheet(texts(["a"])))), errors.ForeignDeclarations)

    def test_entities_hide_in_no_other_encoding_and_in_no_other_part(self):
        declared = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "a">]>' + sheet(texts(["a"]))
        content = book("", extra={"xl/worksheets/sheet1.xml": declared.encode("utf-16")})
        assert isinstance(refusal(content), errors.ForeignDeclarations)
        shared = book(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared="<si><t>a</t></si>")
        with zipfile.ZipFile(io.BytesIO(shared)) as file:
            part = b"<!DOCTYPE w []>" + file.read("xl/sharedStrings.xml")
            parts = {name: file.read(name) for name in file.namelist()} | {"xl/sharedStrings.xml": part}
        assert isinstance(refusal(zipped(parts)), errors.ForeignDeclarations)

    def test_a_tag_without_an_end_is_not_held(self):
        content = book(sheet(f'<row r="1" x="{os.urandom(2 * MIB).hex()}"/>'))
        assert isinstance(refusal(content), errors.TooMuchInside)

    def test_ten_thousand_sheets_are_too_many(self):
        assert isinstance(refusal(book(*[""] * 10_000)), errors.TooManySheets)

    def test_a_zip_of_a_hundred_thousand_entries_is_not_even_listed(self):
        assert isinstance(refusal(zipped({f"{number:060}": "" for number in range(30_000)})), errors.TooMuchInside)

    def test_a_million_columns_are_too_many(self):
        row = (
            "".join(f'<c r="A1" t="str"><v>{number}</v></c>' for number in range(3))
            + "<c/>" * 1_000_000
            + "<c><v>1</v></c>"
        )
        assert isinstance(refusal(book(sheet(f'<row r="1">{row}</row>'))), errors.TooManyColumns)
        assert isinstance(refusal(book(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'))), errors.TooManyColumns)
        assert isinstance(refusal(book(sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'))), errors.TooManyColumns)

    def test_a_million_columns_of_a_csv_are_too_many(self):
        error = refusal(csv("name,age", ",".join(["x"] * 400_000)))
        assert isinstance(error, errors.TooManyColumns)
        assert "Row 2" in str(error)
        assert isinstance(refusal(csv(",".join(["x"] * 3_000_000))), errors.TooLongCell)

    def test_formatted_cells_far_to_the_right_without_a_value_do_not_count(self):
        assert rows_of(book(sheet(f'<row r="1">{text_cell("A1", "a")}<c r="XFD1" s="1"/></row>')))

    def test_more_rows_than_one_import_takes_are_told(self):
        limits = replace(LIMITS, rows=10)
        assert len(rows_of(csv(*["a,b"] * 10), limits=limits)) == 10
        assert isinstance(refusal(csv(*["a,b"] * 11), limits=limits), errors.TooManyRows)
        assert isinstance(refusal(book(sheet(texts(*[["a"]] * 11))), limits=limits), errors.TooManyRows)

    def test_a_cell_longer_than_can_be_kept_is_told_with_its_row(self):
        for content in (book(sheet(texts(["a"], ["x" * 100_001]))), csv("a,b", f"1,{'x' * 100_001}")):
            error = refusal(content)
            assert isinstance(error, errors.TooLongCell)
            assert "row 2" in str(error)

    def test_one_shared_text_in_every_cell_of_a_row_is_told_with_the_row(self):
        content = echoing(letters=30_000, columns=120, rows=12)
        assert len(content) < 20_000
        tracemalloc.start()
        error = refusal(content)
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB
        tracemalloc.stop()
        assert isinstance(error, errors.RowTooLong)
        assert "Row 2 of the sheet “S1” holds more than 1000000 letters." in str(error)

    def test_the_columns_are_found_without_holding_all_rows_of_such_a_file(self):
        content = echoing(letters=30_000, columns=33, rows=229)
        tracemalloc.start()
        assert proposed(content).mapping.columns
        assert tracemalloc.get_traced_memory()[1] < 64 * MIB
        tracemalloc.stop()

    def test_a_shared_text_longer_than_a_cell_is_told_where_it_stands(self):
        for text in ("x" * 100_001, "_x000D_" * 100_001):
            content = book(sheet('<row r="7"><c r="B7" t="s"><v>0</v></c></row>'), shared=f"<si><t>{text}</t></si>")
            error = refusal(content)
            assert isinstance(error, errors.TooLongCell)
            assert "row 7" in str(error)
        whole = book(
            sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared=f"<si><t>{'_x000D_' * 100_000}</t></si>"
        )
        assert rows_of(whole)[0].cells["A"] == "\r" * 100_000

    def test_a_row_of_a_csv_that_goes_on_within_quotes_is_told(self):
        cell = '"' + "x" * 50_000 + "\n" + '"'
        error = refusal(csv("a,b", "c,d", ",".join([cell] * 30)))
        assert isinstance(error, errors.RowTooLong)
        assert "Row 3" in str(error)
        assert len(rows_of(csv("a,b", *[",".join([cell] * 15)] * 3))) == 4

    def test_shared_texts_are_held_only_up_to_a_limit(self):
        shared = "<si><t>aaaaaaaaaa</t></si>" * 1000
        content = book(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared=shared)
        assert rows_of(content)
        assert isinstance(refusal(content, limits=replace(LIMITS, shared=10_000)), errors.TooMuchInside)


@pytest.mark.parametrize("value", ["7", "-1", "x", "99999999999999999999"])
def test_a_text_that_is_not_there_is_told(value):
    content = book(sheet(f'<row r="1"><c r="A1" t="s"><v>{value}</v></c></row>'), shared="<si><t>a</t></si>")
    error = refusal(content)
    assert isinstance(error, errors.BrokenFile)
    assert "A1" in str(error)


def test_a_sheet_that_is_not_there_is_told():
    parts = dict.fromkeys(["xl/worksheets/sheet1.xml"], "")
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as file:
        parts = {name: file.read(name) for name in file.namelist() if name not in parts}
    assert isinstance(refusal(zipped(parts)), errors.BrokenFile)


@pytest.mark.parametrize(
    "text",
    ["; " * 49_000, "5" + " " * 99_000 + "?", "1 " * 49_000, "'" * 99_000, "a," * 49_000, "г " * 49_000, "[" * 99_000],
)
def test_a_long_cell_takes_no_more_time_than_its_length(text):
    headers = [
        "First Name",
        "Birthdate",
        "Gender",
        "Citizenship",
        "Methods of Control",
        "con_Consent",
        "hte_Latitude",
        text,
    ]
    formats = f'<numFmts><numFmt numFmtId="164" formatCode="{text}"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>'
    (row,) = read(book(sheet(texts(headers, ["Ayna", *[text] * 7])), styles=formats))
    assert row.flat.keys() <= {"prs_FirstName"}


def rows_or_sentence(content):
    """What a person gets; anything but rows and a sentence goes on as an error of ours."""
    try:
        return rows_of(content)
    except errors.UnreadableFile as error:
        return str(error)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(b"PK\x03\x04".__add__))
def test_any_bytes_are_rows_or_a_sentence(content):
    assert isinstance(rows_or_sentence(content), list | str)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=8), max_size=5),
        max_size=6,
    )
)
def test_any_table_is_read_or_a_sentence_and_loses_no_cell(table):
    content = book(sheet(texts(*[["First Name", "Birthdate", "Gender"], *table])))
    try:
        rows = read(content)
    except errors.UnreadableFile:
        return
    kept = [sorted(row.cells.values()) for row in rows]
    assert kept == [cells for row in table if (cells := sorted(filter(None, map(shown, row))))]
    assert all(len(row.flat) + len(row.also) + len(row.faults) == len(row.cells) for row in rows)
