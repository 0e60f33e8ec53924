"""Finding sheet, headers and columns in files of others, and telling a person where a file is odd."""

from __future__ import annotations

import io
import json

import pytest

from amanat import packs
from amanat.exchange import errors
from amanat.exchange.mapping import ROW_NUMBER, Mapping
from amanat.exchange.notices import SENTENCES, Notice, joined
from amanat.exchange.surveying import propose
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import book, csv, proposed, read, sheet, texts


def fields(content: bytes) -> list[str]:
    return [column.field for column in proposed(content).mapping.columns]


def codes(content: bytes) -> list[str]:
    return [notice.code for notice in proposed(content).notices]


class TestHeaders:
    @pytest.mark.parametrize(
        "header",
        [
            "prs_FirstName", "PRS_FIRSTNAME", "prs_First_Name", "First Name", "first\u00a0name ", "FIRST  NAME", "Имя", "Prenume",
            "child/prs_FirstName", "child-prs_FirstName", "Frist Name", "prs_FirstNam",
        ],
    )  # fmt: skip
    def test_a_field_is_known_by_name_label_and_near_misses(self, header):
        assert fields(csv(f"{header},Second Name", "a,b")) == ["prs_FirstName", "prs_SecondName"]

    @pytest.mark.parametrize(
        ("headers", "field"),
        [
            ("Телефон,Тел.,Telefon", "prs_MobilePhone"),
            ("Примечание,Заметки,Notes,Bellik,Note", "cco_CaseComment"),
            ("Дата рожд.,Doglan senesi,Doglan güni,Data nașterii", "prs_Birthdate"),
            ("Год рождения,doglan ýyly,Anul nașterii", "prs_Birthdate"),
            ("Согласие,Razyçylyk,Razylyk,Consimțământ", "con_Consent"),
            ("Пол,Jynsy", "prs_Gender"),
            ("Адрес,Salgysy,Adresa", "prs_MailingStreet"),
        ],
    )
    def test_headings_of_agencies_own_sheets_are_known(self, headers, field):
        for header in headers.split(","):
            assert fields(csv(f"Имя,{header}", "Айна,x")) == ["prs_FirstName", field], header

    def test_a_phone_may_be_the_childs_or_an_organisations(self):
        content = csv("First Name,Phone", "Ayna,1")
        assert (fields(content), codes(content)) == (["prs_FirstName", ""], ["ambiguous"])

    def test_headers_may_stand_below_a_title(self):
        rows = [["Children of 2025"], [], ["", "First Name", "Birthdate"], ["1", "Ayna", "5.4.2012"]]
        assert [(row.number, row.flat["prs_FirstName"]) for row in read(book(sheet(texts(*rows))))] == [(4, "Ayna")]

    def test_names_may_stand_below_the_labels(self):
        content = csv("First Name,Second Name,Tribe", "prs_FirstName,prs_SecondName,x_Tribe", "Ayna,Charyeva,Teke")
        assert [row.flat for row in read(content)] == [{"prs_FirstName": "Ayna", "prs_SecondName": "Charyeva"}]

    def test_a_first_row_with_data_is_not_taken_for_labels(self):
        content = csv("First Name,Second Name,Title,Email", "Title,Email,,", "Ayna,Charyeva,,")
        assert len(read(csv("First Name,Second Name,Gender", "Ayna,Status,Feminine", "Jemal,Type,Feminine"))) == 2
        assert read(content)

    def test_the_sheet_with_the_children_is_chosen_and_the_others_are_told(self):
        cover, children = (
            sheet(texts(["Title", "Our centre"])),
            sheet(texts(["First Name", "Birthdate"], ["Ayna", "2012"])),
        )
        proposal = proposed(book(cover, children))
        assert proposal.mapping.sheets == (("S2", 2),)
        assert [notice.code for notice in proposal.notices] == ["other_sheets"]

    def test_another_sheet_can_be_asked_for(self):
        years = [sheet(texts(["First Name", "Birthdate"], [name, "2012"])) for name in ("Ayna", "Jemal")]
        with open_tables(io.BytesIO(book(*years))) as tables:
            assert propose(tables, packs.current(), "S2").mapping.sheets == (("S2", 2),)

    def test_a_first_row_in_which_nothing_is_known_may_be_a_child_and_never_names_columns(self):
        content = csv("Ayna,Charyeva,Mary", "Merdan,Orazow,Tejen")
        proposal = proposed(content)
        assert [notice.code for notice in proposal.notices] == ["no_names"]
        assert [(column.field, column.title) for column in proposal.mapping.columns] == [
            ("", "Column A"),
            ("", "Column B"),
            ("", "Column C"),
        ]
        rows = read(content, proposal.mapping.corrected("A", "prs_FirstName"))
        assert [(row.number, row.flat) for row in rows] == [
            (1, {"prs_FirstName": "Ayna"}),
            (2, {"prs_FirstName": "Merdan"}),
        ]

    def test_headings_that_are_almost_right_are_headings(self):
        assert fields(csv("Frist Name,Oba", "Ayna,Mary")) == ["prs_FirstName", ""]

    @pytest.mark.parametrize("content", [csv("1,2", "3,4"), book(sheet("")), csv("x")])
    def test_a_file_without_headers_is_told(self, content):
        with pytest.raises(errors.NoHeaders):
            proposed(content)


class TestColumns:
    def test_a_label_that_could_be_several_fields_is_left_to_the_person(self):
        assert fields(csv("First Name,Longitude,Type,City", "Ayna,1,2,3")) == ["prs_FirstName", "", "", ""]
        assert codes(csv("First Name,Longitude,City", "Ayna,1,3")) == ["ambiguous", "ambiguous"]

    def test_a_name_says_which_of_several_fields_a_label_means(self):
        content = csv("prs_FirstName,hte_City,hte_City_2", "First Name,City,City", "Ayna,Mary,Tejen")
        assert [row.flat for row in read(content)] == [
            {"prs_FirstName": "Ayna", "hte_City": "Mary", "hte_City_2": "Tejen"}
        ]

    def test_only_what_may_repeat_has_a_second_record(self):
        assert fields(csv("First Name,prs_FirstName_2,Case Comment (2)", "a,b,c")) == [
            "prs_FirstName",
            "",
            "cco_CaseComment_2",
        ]

    def test_two_columns_for_one_field_are_told_and_both_kept(self):
        content = csv("First Name,prs_FirstName,First Name", "Ayna,Aina,Anna")
        assert codes(content) == ["twice", "twice"]
        (row,) = read(content)
        assert (row.flat, row.also) == ({"prs_FirstName": "Ayna"}, {"prs_FirstName": "Aina", "First Name (C)": "Anna"})

    def test_a_column_without_a_header_is_told_and_kept(self):
        assert codes(csv("First Name,,Second Name", "Ayna,secret,Charyeva")) == ["no_header"]

    @pytest.mark.parametrize("header", ["", "No", "№", "T/b", "Nr. crt."])
    def test_a_column_that_counts_the_rows_is_neither_kept_nor_told(self, header):
        content = csv(f"{header},First Name", "1,Ayna", "2,Merdan", "3,")
        assert fields(content) == [ROW_NUMBER, "prs_FirstName"]
        assert codes(content) == []
        assert [row.number for row in read(content)] == [2, 3]

    @pytest.mark.parametrize("numbers", ["12 7", "7 8", "1 1"])
    def test_numbers_that_do_not_count_are_kept(self, numbers):
        first, second = numbers.split()
        assert fields(csv("No,First Name", f"{first},Ayna", f"{second},Merdan")) == ["", "prs_FirstName"]

    def test_numbers_without_a_header_further_to_the_right_are_kept(self):
        assert fields(csv("First Name,", "Ayna,1", "Merdan,2")) == ["prs_FirstName", ""]

    def test_a_word_far_down_in_a_column_that_counted_is_kept(self):
        content = csv("No,First Name", *(f"{number},Ayna" for number in range(1, 300)), "300 (sister),Jemal")
        assert read(content)[-1].also == {"No": "300 (sister)"}
        assert read(content, proposed(content).mapping.corrected("A", ROW_NUMBER))[-1].also == {}

    def test_a_word_alone_below_the_numbers_is_a_row(self):
        lines = ["No,First Name", "1,Ayna", *(f"{number}," for number in range(2, 250)), "Checked by Oraz,"]
        assert [row.also for row in read(csv(*lines))] == [{}, {"No": "Checked by Oraz"}]

    def test_the_title_of_the_survey_form_is_known_by_its_name_though_its_label_says_second_name(self):
        content = csv(
            "prs_First_Name,prs_Second_Name,prs_Title", "First Name,Second Name,Second Name", "Ayna,Charyeva,Dr"
        )
        assert fields(content) == ["prs_FirstName", "prs_SecondName", "prs_Title"]
        assert codes(content) == ["name_decides"]

    def test_a_survey_with_labels_alone_has_two_second_names_which_is_told(self):
        assert codes(csv("First Name,Second Name,Second Name", "Ayna,Charyeva,Dr")) == ["twice"]


class TestSamples:
    def test_days_that_stand_month_first_are_found_out_and_told(self):
        content = csv("First Name,Birthdate", "Ayna,04/13/2012", "Merdan,04/05/2012")
        assert codes(content) == ["month_first"]
        assert [row.flat["prs_Birthdate"] for row in read(content)] == ["2012-04-13", "2012-04-05"]

    def test_days_in_both_orders_are_read_day_first_and_told(self):
        assert codes(csv("First Name,Birthdate", "Ayna,04/13/2012", "Merdan,13/04/2012")) == ["mixed_dates"]

    def test_lists_parted_by_spaces_and_several_answers_for_one_are_told(self):
        assert codes(csv("First Name,Type of Exploitation", "Ayna,ForcedLabour ForcedBegging")) == ["spaced_lists"]
        assert codes(csv("First Name;Gender", "Ayna;Feminine, Masculine")) == ["several_answers"]

    def test_answers_written_as_labels_are_told(self):
        assert codes(csv("First Name,Trafficking Status", "Ayna,Possible victim of trafficking")) == ["labels_read"]
        assert codes(csv("First Name,Trafficking Status", "Ayna,PossibleVictimOfTrafficking")) == []

    def test_a_few_values_stand_beside_each_column(self):
        samples = proposed(
            csv("First Name,Tribe", "Ayna,", "Ayna,Teke", "Merdan,Yomut", "Jemal,Ersary", "Oraz,Saryk")
        ).samples
        assert samples == {"First Name": ["Ayna", "Merdan", "Jemal"], "Tribe": ["Teke", "Yomut", "Ersary"]}


class TestCorrecting:
    CONTENT = csv("First Name,Tribe,Second Name", "Ayna,Teke,Charyeva")

    def test_a_field_that_moves_to_another_column_leaves_the_first(self):
        mapping = proposed(self.CONTENT).mapping.corrected("B", "prs_SecondName")
        assert [column.field for column in mapping.columns] == ["prs_FirstName", "prs_SecondName", ""]
        assert mapping.fields["prs_SecondName"].how == "person"

    def test_a_mapping_is_plain_data(self):
        mapping = proposed(self.CONTENT).mapping
        assert Mapping.from_data(json.loads(json.dumps(mapping.as_data()))) == mapping

    def test_what_was_decided_is_remembered_for_files_with_the_same_headers(self):
        decided = proposed(self.CONTENT).mapping.corrected("B", "prs_Title")
        again = proposed(csv("first name ,TRIBE,Second Name", "Merdan,Yomut,Orazow")).mapping
        other = proposed(csv("First Name,Second Name,Tribe", "Merdan,Orazow,Yomut")).mapping
        assert again.remembering(decided.decisions()).fields["prs_Title"].letters == "B"
        assert other.remembering(decided.decisions()) == other

    def test_what_is_remembered_holds_no_header_and_no_sheet(self):
        mapping = proposed(self.CONTENT).mapping
        kept = json.dumps(mapping.decisions())
        assert "First Name" not in kept
        assert "Tribe" not in kept
        assert json.loads(kept)["columns"][1] == [0, "B", "", "", ""]

    def test_columns_without_names_are_remembered_for_no_other_file(self):
        first, other = (proposed(csv(line)).mapping for line in ("Ayna,Charyeva", "Merdan,Orazow"))
        assert other.remembering(first.corrected("A", "prs_FirstName").decisions()) == other

    def test_nothing_of_a_child_is_in_a_fingerprint(self):
        other = proposed(csv("First Name,Tribe,Second Name", "Somebody,Else,Here")).mapping
        assert other.fingerprint == proposed(self.CONTENT).mapping.fingerprint


def test_every_notice_has_a_sentence_and_is_plain_data():
    names = "encoding sheet count first others label name field fields column example given family patronymic"
    given = dict.fromkeys(names.split(), "x")
    for code in SENTENCES:
        notice = Notice(code, given)
        assert notice.sentence
        assert Notice(**json.loads(json.dumps(notice.as_data()))) == notice


def test_notices_that_differ_by_the_column_alone_are_one():
    spoken = [Notice("several_answers", {"label": label}, "S1", label) for label in ("Means", "Control", "Means")]
    alone = [Notice("macros"), Notice("month_first", {"label": "Born", "example": "4/13/2012"})]
    assert [notice.given.get("label") for notice in joined([*spoken, *alone])] == ["Means; Control", None, "Born"]
