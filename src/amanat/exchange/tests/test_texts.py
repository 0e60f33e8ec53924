"""CSV as people's programs write it: any usual delimiter and encoding, found out, told where it was open, refused where it is mixed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.exchange import errors
from amanat.exchange.rows import Row
from amanat.exchange.tests.books import csv, proposed, read, rows_of, told
from amanat.web.guarding import guarded, unguarded

RUSSIAN = ["Имя;Фамилия;Гражданство", "Айна;Чарыева;Туркменистан", "Мерген;Ёлкин;Россия", "Ия;О’Щ;Молдова"]
ROMANIAN = ["Prenume;Nume de familie;Cetățenia".replace("ț", "ţ"), "Ştefan;Băsescu;Moldova", "Ioana;Ţurcanu;România"]
TURKMEN = ["Ady;Familiýasy;Ýaşaýan ýeri", "Aýna;Çaryýewa;Aşgabat", "Möjek;Nuryňow;Balkanabat"]
FRENCH = ["Name,Town", "Zoë,Besançon", "Anaïs,Fréjus"]


class TestDelimiters:
    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_the_usual_ones_are_found_out(self, sign):
        lines = [
            sign.join(row)
            for row in (["First Name", "Second Name", "Birthdate"], ["Ayna", "Char, yeva; A.", "1.2.2012"])
        ]
        lines[1] = sign.join(['"Ayna"', '"Char, yeva; A."', '"1.2.2012"'])
        assert rows_of(csv(*lines))[1] == Row(2, {"A": "Ayna", "B": "Char, yeva; A.", "C": "1.2.2012"})

    def test_commas_within_cells_do_not_outweigh_semicolons_between_them(self):
        lines = ["First Name;Type of Exploitation", "Ayna;a, b, c", "Merdan;d, e, f", "Jemal;g, h, i"]
        assert rows_of(csv(*lines))[1].cells == {"A": "Ayna", "B": "a, b, c"}

    def test_a_first_line_that_names_the_delimiter_is_followed_and_is_no_row_with_data(self):
        assert rows_of(csv("sep=|", "a,b|c", "d|e"))[0] == Row(2, {"A": "a,b", "B": "c"})

    def test_a_file_of_one_column_is_a_file(self):
        assert [row.cells for row in rows_of(csv("First Name", "Ayna", "Merdan"))][1:] == [
            {"A": "Ayna"},
            {"A": "Merdan"},
        ]


class TestRows:
    def test_empty_lines_count_as_the_spreadsheet_counts_them(self):
        assert [row.number for row in rows_of(csv("a,b", "", ",", "c,d"))] == [1, 4]

    def test_a_line_break_within_quotes_begins_no_row(self):
        assert rows_of(b'a,b\r\n"x\r\ny",z\r\nlast,1')[1:] == [
            Row(2, {"A": "x\r\ny", "B": "z"}),
            Row(3, {"A": "last", "B": "1"}),
        ]

    @pytest.mark.parametrize("line", ['"Ayna,3', '"Ay"na,3'])
    def test_quotes_that_do_not_close_are_told_with_the_row(self, line):
        with pytest.raises(errors.BrokenQuotes, match="row 3"):
            rows_of(csv("name,age", "Jemal,4", line))


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("lines", [RUSSIAN, ROMANIAN, TURKMEN, FRENCH])
    def test_unicode_is_known_with_and_without_a_mark(self, encoding, lines):
        rows = rows_of("\r\n".join(lines).encode(encoding))
        assert [sign for row in rows for sign in row.cells.values()] == [
            cell for line in lines for cell in line.replace(",", ";").split(";")
        ]

    @pytest.mark.parametrize(
        ("encoding", "lines"),
        [("windows-1251", RUSSIAN), ("windows-1250", ROMANIAN), ("windows-1250", TURKMEN), ("windows-1252", FRENCH)],
    )
    def test_older_encodings_are_found_out_and_told(self, encoding, lines):
        content = "\n".join(lines).encode(encoding)
        assert [list(row.cells.values()) for row in rows_of(content)] == [
            line.replace(",", ";").split(";") for line in lines
        ]
        assert told(content) == ["encoding"]

    def test_one_that_a_person_chose_is_followed_and_not_told(self):
        content = "Ad;Soyad\nŞirin;Ağa".encode("windows-1250", "replace")
        assert told(content, encoding="windows-1252") == []

    def test_plain_letters_need_no_word_about_encodings(self):
        assert told(csv("First Name,Second Name", "Ayna,Charyeva")) == []

    @pytest.mark.parametrize("lines", [RUSSIAN, ROMANIAN, TURKMEN])
    def test_files_joined_from_two_encodings_are_told_with_the_row(self, lines):
        old = "windows-1251" if lines is RUSSIAN else "windows-1250"
        content = b"First Name;Second Name;Place\n" + lines[1].encode() + b"\n" + lines[2].encode(old)
        with pytest.raises(errors.MixedEncodings, match="Row 3"):
            rows_of(content)

    def test_letters_that_the_encoding_lacks_are_told_with_the_row(self):
        with pytest.raises(errors.Undecodable, match="Row 3"):
            rows_of("Имя;Место\nАйна;Мары\n".encode("windows-1251") + b"\x98\n", encoding="windows-1251")


class TestGuarding:
    @pytest.mark.parametrize("text", ["=1+1", "+993 65 12", "-5", "@x", "\tx", "\r=x", "  =x", "'=x", "＝1", "''+1"])
    def test_what_a_spreadsheet_could_run_is_guarded(self, text):
        assert guarded(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["Ayna", "O'Neil", "'tis", "''", "a=b", ""])
    def test_other_texts_stay_as_they_are(self, text):
        assert guarded(text) == text == unguarded(text)

    @given(st.text())
    def test_what_was_guarded_comes_back(self, text):
        assert unguarded(guarded(text)) == text

    @given(st.text(st.sampled_from("'=+-@\t\r\n ab")))
    def test_what_was_guarded_comes_back_whatever_stands_before(self, text):
        assert unguarded(guarded(text)) == text
        assert guarded(text)[:1] not in tuple("=+-@\t\r\n")

    def test_a_guarded_phone_of_a_foreign_file_is_read_without_its_guard(self):
        (row,) = read(csv("First Name,Mobile Phone", "Ayna,'+99365123456"))
        assert row.flat["prs_MobilePhone"] == "+99365123456"


def test_a_csv_with_names_of_fields_needs_no_word_at_all():
    proposal = proposed(csv("prs_FirstName,prs_SecondName,hte_City_2", "Ayna,Charyeva,Mary"))
    assert list(proposal.mapping.fields) == ["prs_FirstName", "prs_SecondName", "hte_City_2"]
    assert proposal.notices == []
