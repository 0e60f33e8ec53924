"""Each kind of field, read from what people write into cells; what cannot be read is told with what, why and how to mend it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from amanat import packs
from amanat.exchange.cells import NotRead, reader_of
from amanat.exchange.faults import FAULTS, CellFault
from amanat.exchange.rows import CellError
from amanat.exchange.tests.books import TODAY, book, csv, proposed, read, sheet, text_cell, texts
from amanat.packs.tests.conftest import island, stays  # noqa: F401  (a country pack with days in an order of its own)

MORNING = datetime.fromisoformat("2012-04-05T10:00")


def cell(field: str, value: object, **options: object) -> object:
    return reader_of(packs.current().field(field), packs.current(), TODAY, **options)(value)


def fault(field: str, value: object) -> NotRead:
    with pytest.raises(NotRead) as raised:
        cell(field, value)
    return raised.value


class TestDays:
    @pytest.mark.parametrize(
        "written",
        [
            "2012-04-05", "2012/4/5", "2012.04.05", "20120405", "05.04.2012", "5.4.2012", "05/04/2012", "5-4-2012", "5 4 2012",
            "05.04.12", "2012-04-05T00:00:00Z", "2012-04-05 10:30", "05.04.2012 г.", "5 апреля 2012 г.", "5 апр. 2012", "5 aprel 2012",
            "5-nji aprel 2012 ý.", "5 gurbansoltan 2012", "5 aprilie 2012", "5 April 2012", "April 5, 2012", "5-Apr-12", "5th April 2012",
            "\u00a005.04.2012 ", date(2012, 4, 5), MORNING, 41004, 41004.5,
        ],
    )  # fmt: skip
    def test_days_are_read_as_people_write_them_the_day_before_the_month(self, written):
        assert cell("prs_Birthdate", written) == "2012-04-05"

    def test_months_that_turkmenistan_named_anew_are_known(self):
        names = "Türkmenbaşy Baýdak Nowruz Gurbansoltan Magtymguly Oguz Gorkut Alp-Arslan Ruhnama Garaşsyzlyk Sanjar Bitaraplyk"
        days = [cell("prs_Birthdate", f"5 {name.replace('-', ' ')} 2005") for name in names.split()]
        assert days == [f"2005-{month:02}-05" for month in range(1, 13)]

    def test_a_year_of_two_digits_never_lies_in_the_future(self):
        assert cell("spl_PlannedEndDate", "05.04.26") == "2026-04-05"
        assert cell("spl_PlannedEndDate", "05.04.27") == "1927-04-05"
        assert cell("prs_Birthdate", "05.04.98") == "1998-04-05"

    def test_of_a_birth_the_year_alone_is_something_to_keep(self):
        assert (
            cell("prs_Birthdate", "2012") == cell("prs_Birthdate", 2012) == cell("prs_Birthdate", "2012 г.") == "2012"
        )
        assert fault("cas_IncomingReferralDate", "2012").code == "only_a_year"

    def test_serial_numbers_count_from_where_the_workbook_counts(self):
        assert cell("prs_Birthdate", 39542, from_1904=True) == "2012-04-05"

    def test_a_column_whose_days_stand_month_first_is_read_so(self):
        assert cell("prs_Birthdate", "04/05/2012", order="month_first") == "2012-04-05"

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("soon", "no_day"), ("5 Foo 2012", "no_day"), ("31.02.2012", "no_such_day"), ("04/13/2012", "month_first"),
            ("32.13.2012", "no_such_day"), ("05.04.2030", "future"), ("2031", "future"), ("05.04.1812", "long_ago"), ("8 years", "no_day"),
        ],
    )  # fmt: skip
    def test_what_is_no_day_of_a_birth_is_told(self, written, code):
        assert fault("prs_Birthdate", written).code == code

    def test_a_planned_day_may_lie_ahead_and_what_happened_may_not(self):
        assert cell("spl_PlannedEndDate", "05.04.2030") == "2030-04-05"
        assert cell("hte_Date", TODAY) == TODAY.isoformat()
        for field in ("hte_Date", "cas_IncomingReferralDate", "cas_OutgoingReferralDate", "spl_ActualEndDate"):
            assert fault(field, TODAY + timedelta(days=1)).code == "future"

    def test_no_day_lies_before_1900(self):
        assert fault("hte_Date", "05.04.1812").code == fault("spl_PlannedEndDate", "0212-04-05").code == "long_ago"


class TestAnswers:
    @pytest.mark.parametrize(
        "written", ["Feminine", "feminine\u00a0", " FEMININE ", "Female", "женский", "Aýal jynsly", "Feminin"]
    )
    def test_an_answer_is_known_by_code_and_label_in_any_language(self, written):
        assert cell("prs_Gender", written) == "Feminine"

    @pytest.mark.parametrize("written", ["Non-Conforming", "nonconforming", "Non Conforming\u00a0"])
    def test_hyphens_and_hard_spaces_do_not_count(self, written):
        assert cell("prs_Gender", written) == "NonConforming"

    @pytest.mark.parametrize("written", ["Follow up", "Follow Up", "FollowUp", "follow_up"])
    def test_the_artefacts_of_the_standard_spell_one_answer_differently(self, written):
        assert cell("cas_Status", written) == "FollowUp"

    def test_an_answer_that_the_standard_misspells_is_known(self):
        assert cell("vic_RelationshipToTrafficker", "Unaquainted") == "Unacquainted"

    def test_every_answer_of_every_list_is_read_as_the_official_files_write_it(self):
        pack = packs.current()
        for field in (
            field for section in pack.sections() for field in section.fields if field.type in ("choice", "choices")
        ):
            for code in pack.codes(field.codes).codes:
                for text in filter(
                    None, (code.code, code.htcds, code.official_label, *code.also, *code.label.texts.values())
                ):
                    assert cell(field.name, f" {text.upper()}\u00a0") in (code.code, [code.code]), (field.name, text)

    @pytest.mark.parametrize(
        "written",
        [
            "Forced labour; Forced begging", "Forced labour;Forced begging;", "ForcedLabour ForcedBegging", "ForcedLabour\nForced begging",
            "forced labour, forced begging", "ForcedLabour ForcedBegging ", "Forced labour|Forced labour|Forced begging",
        ],
    )  # fmt: skip
    def test_lists_are_read_as_people_and_programs_part_them(self, written):
        assert cell("vic_TypeOfExploitation", written) == ["ForcedLabour", "ForcedBegging"]

    def test_a_separator_within_an_answer_parts_nothing(self):
        label = "Water supply; sewerage, waste management and remediation"
        assert cell("vic_ForcedLabourIndustry", label) == "E_WaterSupplySewerageWasteManagement"

    def test_a_code_with_a_space_after_it_as_the_survey_form_has_it(self):
        assert cell("vic_MethodsOfControl", "DebtBondage  FalsePromises") == ["DebtBondage", "FalsePromises"]

    def test_several_answers_where_one_is_asked_are_told(self):
        assert fault("vic_ForcedLabourIndustry", "Manufacturing; Construction").code == "several"
        assert fault("prs_Gender", "Feminine; Masculine").code == "several"

    def test_a_word_that_is_no_answer_is_told_with_what_it_may_mean(self):
        assert fault("vic_TypeOfExploitation", "Forced labour; Forced beging").given == {
            "part": "Forced beging",
            "like": "Forced begging",
        }
        assert fault("vic_TypeOfExploitation", "Slavery").code == "no_answer"


class TestCountriesAndLanguages:
    @pytest.mark.parametrize(
        "written", ["TM", "tkm", "Turkmenistan", "Türkmenistan", "Туркменистан", "Turkmenistan\u00a0"]
    )
    def test_a_country_is_known_by_name_and_code(self, written):
        assert cell("prs_MailingCountry", written) == "TM"

    def test_several_citizenships(self):
        assert cell("prs_Citizenship", "Turkmenistan; Korea, Republic of") == ["TM", "KR"]
        assert cell("prs_Citizenship", "TM RU") == ["TM", "RU"]
        assert fault("prs_MailingCountry", "TM;RU").code == "several"
        assert fault("prs_Citizenship", "TM; Atlantis").given == {"part": "Atlantis"}

    @pytest.mark.parametrize("written", ["tuk", "tk", "Turkmen", "Туркменский", "Türkmen dili"])
    def test_a_language_is_known_by_name_and_code(self, written):
        assert cell("prs_PrimaryLanguage", written) == "tk"
        assert fault("prs_PrimaryLanguage", "Klingonish").code == "no_language"


class TestOtherKinds:
    @pytest.mark.parametrize(("word", "meant"), [
        ("yes", True), ("ДА", True), ("Hawa", True), ("da", True), ("TRUE", True), (1, True), (True, True), ("✓", True), ("x", True),
        ("no", False), ("Нет", False), ("ýok", False), ("Nu", False), ("FALSE", False), (0, False), (False, False), ("0", False),
    ])  # fmt: skip
    def test_yes_and_no_in_four_languages(self, word, meant):
        assert cell("con_Consent", word) is meant

    def test_maybe_is_neither(self):
        assert fault("con_Consent", "maybe").code == "no_yes"

    @pytest.mark.parametrize(
        ("field", "written", "number"),
        [
            ("prs_NumberOfChildren", "3", 3), ("prs_NumberOfChildren", 3, 3), ("prs_NumberOfChildren", "1\u00a0000", 1000),
            ("vic_AgeWhenTrafficked", "0", 0), ("vic_AgeWhenTrafficked", 120.0, 120), ("hte_Latitude", "3,5", 3.5),
            ("hte_Latitude", 2.5, 2.5), ("hte_Latitude", "-1", -1), ("hte_Latitude", -90, -90), ("hte_Longitude", 180, 180),
        ],
    )  # fmt: skip
    def test_numbers(self, field, written, number):
        assert cell(field, written) == number

    @pytest.mark.parametrize(
        ("field", "written", "code", "given"),
        [
            ("vic_AgeWhenTrafficked", "145", "too_much", {"most": 120}), ("vic_AgeWhenTrafficked", -1, "too_little", {"least": 0}),
            ("vic_AgeWhenTrafficked", "12,5", "not_whole", {}), ("vic_AgeWhenTrafficked", float("inf"), "not_whole", {}),
            ("prs_NumberOfChildren", "-2", "too_little", {"least": 0}), ("hte_Latitude", "91", "too_much", {"most": 90}),
            ("org_ShippingLongitude", -180.5, "too_little", {"least": -180}),
        ],
    )  # fmt: skip
    def test_a_number_that_can_not_be_is_told(self, field, written, code, given):
        told = fault(field, written)
        assert (told.code, told.given) == (code, given)

    @pytest.mark.parametrize("written", ["three", "1e999", "nan", "inf", "1_000", "", True, "3 children"])
    def test_what_is_no_number(self, written):
        assert fault("prs_NumberOfChildren", written).code == "no_number"

    def test_degrees_stand_on_the_globe(self):
        assert cell("hte_Latitude", "37,95") == 37.95
        assert cell("hte_Longitude", 120) == 120
        assert fault("hte_Latitude", "37° 57′ N").code == "no_place"

    @pytest.mark.parametrize(("value", "text"), [
        (99365123456, "99365123456"), ("+993 65 12-34-56", "+993 65 12-34-56"), ("0065", "0065"), (" a\u00a0b ", "a\u00a0b"),
        (True, "TRUE"), (date(2012, 4, 5), "2012-04-05"), (2.5, "2.5"),
    ])  # fmt: skip
    def test_phones_and_other_texts_stay_text(self, value, text):
        assert cell("prs_MobilePhone", value) == text

    def test_a_number_whose_end_the_spreadsheet_lost_is_told(self):
        assert fault("prs_IdentityNumber", 1.234567890123e19).code == "cut_number"

    def test_errors_and_formulas_without_result_are_told(self):
        assert fault("prs_FirstName", CellError("#N/A")).given == {"error": "#N/A"}
        assert fault("prs_FirstName", CellError("")).code == "no_result"


class TestRows:
    def test_a_wrong_cell_says_where_what_why_and_how_to_mend_it(self):
        (row,) = read(book(sheet(texts(["First Name", "Gender"], ["Ayna", "Femenine"]))))
        (told,) = row.faults
        assert row.flat == {"prs_FirstName": "Ayna"}
        assert (told.sheet, told.row, told.column, told.header, told.field, told.read) == (
            "S1",
            2,
            "B",
            "Gender",
            "prs_Gender",
            "Femenine",
        )
        assert told.why == "“Femenine” is not one of the answers that this field takes."
        assert told.mend == "Did you mean “Feminine”? Write it so."
        assert CellFault(**told.as_data()) == told

    def test_a_refused_choice_lists_the_answers_in_the_language_of_the_page_unless_they_are_too_many(self):
        for written in ("Femenine", "whatever"):
            told = fault("prs_Gender", written)
            for language in ("en", "ru"):
                with override(language):
                    assert CellFault("", 1, "A", "", "prs_Gender", written, told.code, told.given).answers == [
                        label for _code, label in packs.current().codes("sex").choices(language)
                    ]
        assert CellFault("", 1, "A", "", "hte_Country", "Mars", "no_country", {"part": "Mars"}).answers == []
        assert CellFault("", 1, "A", "", "con_Consent", "x", "no_yes").answers == []

    @pytest.mark.parametrize(
        ("born", "day", "is_wrong"),
        [
            ("05.04.2012", "04.04.2012", True), ("05.04.2012", "05.04.2012", False), ("2012", "31.12.2011", True),
            ("2012", "01.01.2012", False), ("", "04.04.2012", False), ("in spring", "04.04.2012", False),
        ],
    )  # fmt: skip
    def test_a_day_before_the_birth_is_told_and_kept_as_text(self, born, day, is_wrong):
        (row,) = read(csv("prs_FirstName,hte_Date_2,prs_Birthdate", f"Ayna,{day},{born}"))
        told = [fault for fault in row.faults if fault.code == "before"]
        assert bool(told) == is_wrong == ("hte_Date_2" not in row.flat)
        assert row.apart.get("facts", {}) == ({"hte_Date_2": day} if is_wrong else {})
        if is_wrong:
            (fault,) = told
            assert (fault.row, fault.column, fault.field, fault.read) == (2, "B", "hte_Date_2", day)
            assert fault.why == f"This day is before “prs_Birthdate” ({born})."
            assert "prs_Birthdate" in row.flat

    def test_days_of_one_record_are_compared_with_each_other_alone(self, stays):  # noqa: F811
        rows = "prs_FirstName,st_End,st_End_2,st_Start,st_Start_2", "Ayna,02.04.2012,04.04.2012,01.04.2012,05.04.2012"
        (row,) = read(csv(*rows))
        assert [(fault.field, fault.given["other"]) for fault in row.faults] == [("st_End_2", "st_Start_2")]

    def test_every_fault_has_both_its_sentences(self):
        given = {"part": "p", "like": "l", "least": 0, "most": 1, "error": "e", "limit": 2, "other": "o", "day": "d"}
        for code in FAULTS:
            told = CellFault("", 1, "A", "", "", "", code, given)
            assert told.why
            assert told.mend

    def test_what_no_field_takes_is_kept_by_its_header(self):
        (row,) = read(csv("First Name,Tribe,", "Ayna,Teke,last"))
        assert row.also == {"Tribe": "Teke", "Column C": "last"}
        assert row.cells == {"First Name": "Ayna", **row.also}

    def test_cells_far_down_in_columns_that_seemed_empty_are_kept_too(self):
        lines = ["First Name"] + ["Ayna"] * 400 + ["Merdan,late"]
        assert read(csv(*lines))[-1].also == {"Column B": "late"}

    def test_what_could_not_be_read_can_be_kept_with_the_rest(self):
        (row,) = read(csv("First Name,Birthdate", "Ayna,in spring"))
        assert row.also_with_faults() == {"identity": {"Birthdate": "in spring"}}

    def test_a_cell_that_could_not_be_read_stays_in_the_part_of_its_field(self):
        cells = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1234567890123456789</v></c>'
        cells += text_cell("C2", "Mars") + text_cell("D2", "Teke") + "</row>"
        headers = texts(["Mobile Phone", "Identity Number", "Country of Exploitation", "Tribe"])
        names = {"A": "prs_MobilePhone", "B": "prs_IdentityNumber", "C": "hte_Country"}
        content = book(sheet(headers + cells))
        mapping = proposed(content).mapping
        for letters, name in names.items():
            mapping = mapping.corrected(letters, name)
        (row,) = read(content, mapping)
        assert row.also == {"Tribe": "Teke"}
        assert {part: list(texts) for part, texts in row.also_with_faults().items()} == {
            "narrative": ["Tribe"],
            "contacts": ["Mobile Phone"],
            "identity": ["Identity Number"],
            "facts": ["Country of Exploitation"],
        }

    def test_an_error_in_a_column_that_is_only_kept_is_kept_as_it_shows(self):
        (row,) = read(
            book(
                sheet(
                    texts(["First Name", "Tribe"])
                    + f'<row r="2">{text_cell("A2", "Ayna")}<c r="B2" t="e"><v>#REF!</v></c></row>'
                )
            )
        )
        assert row.also == {"Tribe": "#REF!"}
