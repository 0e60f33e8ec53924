"""The three official workbooks, filled as people fill them, with every trap that they hold; and the survey form's export."""

from __future__ import annotations

import io
from datetime import date

import pytest

from amanat import packs
from amanat.exchange import errors
from amanat.exchange import official as layout
from amanat.exchange.answers import Answers, official
from amanat.exchange.cells import shown
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import csv, proposed, read
from amanat.exchange.tests.official import FILES, STANDARD, filled, found, path_of

KINDS = list(FILES)

ADDRESS = {"N": "Görogly köçesi 5", "O": "Aşgabat", "P": "Ahal", "Q": "744000", "R": "Turkmenistan"}
AYNA = {
    "B": "Jemal", "C": "Ms", "D": "Aýna", "E": "Çaryýewa\u00a0", "F": True, "G": date(2012, 4, 5), "H": "Feminine",
    "I": "Turkmenistan; Korea, Republic of", "J": "pupil", "K": "a@example.org", "L": 99312463514, "M": "+993 65 12-34-56", **ADDRESS,
    "S": "Possible victim of trafficking", "T": "Non-police governmental organization", "U": "At work; Other", "V": "Mary",
    "W": "Debt bondage; Threats of law enforcement", "X": "Forced labour; Forced military (by non-state actors)",
    "Y": "Water supply; sewerage, waste management and remediation", "Z": "Prostitution", "AA": "Tejen", "AB": "Follow up",
    "AC": "Hotline", "AD": date(2026, 1, 31), "AE": "Oraz", "AF": "Migration Or Change Of Location", "AG": "=1+1", "AH": "Ynam",
    "AI": "Maral", "AJ": "Additional Services Required", "AK": "01.02.2026", "AL": "two\nlines", "AM": "none",
}  # fmt: skip
READ = {
    "cas_CaseOwner": "Jemal", "prs_Salutation": "Ms", "prs_FirstName": "Aýna", "prs_SecondName": "Çaryýewa", "con_Consent": True,
    "prs_Birthdate": "2012-04-05", "prs_Gender": "Feminine", "prs_Citizenship": ["TM", "KR"], "prs_Title": "pupil",
    "prs_Email": "a@example.org", "prs_HomePhone": "99312463514", "prs_MobilePhone": "+993 65 12-34-56",
    "prs_MailingStreet": "Görogly köçesi 5", "prs_MailingCity": "Aşgabat", "prs_MailingState": "Ahal",
    "prs_MailingPostalCode": "744000", "prs_MailingCountry": "TM", "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
    "vic_TraffickingStatusDecisionMakingOrg": "NonPoliceGovernmentalOrganization", "vic_MethodOfRecruitment": ["AtWork", "Other"],
    "vic_LocationOfRecruitment": "Mary", "vic_MethodsOfControl": ["DebtBondage", "ThreatsLawEnforcement"],
    "vic_TypeOfExploitation": ["ForcedLabour", "ForcedMilitaryByNonStateActors"],
    "vic_ForcedLabourIndustry": "E_WaterSupplySewerageWasteManagement", "vic_TypeOfSexExploitation": ["Prostitution"],
    "vic_LocationOfExploitation": "Tejen", "cas_Status": "FollowUp", "cas_ReferringOrganisation": "Hotline",
    "cas_IncomingReferralDate": "2026-01-31", "cas_ReferringPrimaryCaseWorker": "Oraz",
    "cas_ReasonForIncomingReferral": "MigrationOrChangeOfLocation", "cas_IncomingReferralDetails": "=1+1",
    "cas_ReferredOrganisation": "Ynam", "cas_ReferredPrimaryCaseWorker": "Maral",
    "cas_ReasonForOutgoingReferral": "AdditionalServicesRequired", "cas_OutgoingReferralDate": "2026-02-01",
    "cas_OutgoingReferralDetails": "two\nlines", "cas_ReasonForCaseClosure": "none",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
class TestFilled:
    def test_all_38_columns_are_read(self, kind):
        (row,) = read(filled(kind, [AYNA]))
        assert (row.number, row.flat, row.faults, row.also) == (3, READ, [], {})
        assert len(READ) == 38

    def test_rows_that_have_only_their_number_are_no_children(self, kind):
        assert [row.number for row in read(filled(kind, [{"D": "Aýna"}, {}, {"D": " "}, {"D": "Merdan"}]))] == [3, 6]
        assert read(path_of(kind).read_bytes()) == []

    def test_what_is_odd_is_told_once_each(self, kind):
        told = [notice.code for notice in proposed(filled(kind, [AYNA])).notices]
        assert told.count("address_order") == told.count("misspelt") == told.count("empty_name") == 1
        assert ("macros" in told) == (kind == "multi")
        assert "label_decides" not in told

    def test_an_address_that_a_program_filled_by_the_hidden_names_is_told(self, kind):
        told = [
            notice.code
            for notice in proposed(filled(kind, [{"D": "Aýna", "N": "Aşgabat", "O": "Turkmenistan"}])).notices
        ]
        assert "address_content" in told
        assert "address_content" not in [notice.code for notice in proposed(filled(kind, [AYNA])).notices]

    def test_several_answers_in_columns_that_take_one_are_told(self, kind):
        content = filled(kind, [{"D": "Aýna", "Y": "Manufacturing; Construction", "H": "Feminine; Masculine"}])
        (row,) = read(content)
        assert [fault.code for fault in row.faults] == ["several", "several"]
        assert [notice.column for notice in proposed(content).notices if notice.code == "several_answers"] == ["H", "Y"]

    def test_the_layout_that_we_write_is_that_of_the_files(self, kind):
        with open_tables(path_of(kind)) as tables:
            rows = tables.rows(tables.sheets[0])
            names, labels = next(rows), next(rows)
        letters = [column.letters for column in proposed(path_of(kind).read_bytes()).mapping.columns[1:]]
        theirs = [[str(names.cells.get(place, "")), str(labels.cells[place])] for place in letters]
        assert theirs == [column[:2] for column in layout.COLUMNS]


def validation() -> dict[str, list[str]]:
    """The lists of the workbook with drop-downs, by header."""
    with open_tables(path_of("single")) as tables:
        sheet = next(sheet for sheet in tables.sheets if sheet.name == "validation")
        rows = [row.cells for row in tables.rows(sheet)]
    headers = {letters: str(text) for letters, text in rows[1].items()}
    return {header: [shown(row[letters]) for row in rows[2:] if letters in row] for letters, header in headers.items()}


def test_every_country_of_the_drop_down_is_read_and_written_as_it_stands_there():
    lists, countries = validation(), packs.current().countries
    for code, name in zip(lists["Country Code"], lists["Country"], strict=True):
        assert countries.find(name) == countries.find(code) == code
        assert countries.official(code) == name


def test_every_answer_of_the_drop_downs_is_read_and_written_as_it_stands_there():
    lists, pack = validation(), packs.current()
    labels = {label: pack.field(field) for _name, label, field in layout.COLUMNS}
    labels["Vulnerabilities"] = pack.field("vic_Vulnerabilities")
    compared = 0
    for header, texts in lists.items():
        field = labels.get(header)
        if field and field.codes:
            codes = pack.codes(field.codes)
            found = [Answers(codes).find(text) for text in texts]
            assert [official(codes[code]) for code in found] == texts
            compared += 1
    assert compared == 12


def test_an_export_of_the_survey_form_is_read_by_its_names():
    with open_tables(found(STANDARD / "Toolkit" / "Survey" / "htcds_xlsform.xlsx")) as tables:
        names = [str(row.cells["B"]) for row in tables.rows(tables.sheets[0]) if "B" in row.cells][3:-1]
    values = {"con_Consent": "TRUE", "prs_First_Name": "Ayna", "vic_Methods_of_Control": "DebtBondage  FalsePromises"}
    (row,) = read(csv(",".join(names), ",".join(values.get(name, "") for name in names)))
    assert row.flat == {
        "con_Consent": True,
        "prs_FirstName": "Ayna",
        "vic_MethodsOfControl": ["DebtBondage", "FalsePromises"],
    }
    assert len(proposed(csv(",".join(names), "TRUE")).mapping.fields) == 31


def test_the_survey_form_itself_is_no_file_with_children():
    with pytest.raises(errors.SurveyForm):
        proposed(found(STANDARD / "Toolkit" / "Survey" / "htcds_xlsform.xlsx").read_bytes())


def test_a_filled_copy_leaves_the_rest_of_the_workbook_alone():
    with open_tables(io.BytesIO(filled("single", [AYNA]))) as tables:
        assert [sheet.name for sheet in tables.sheets] == ["Case Sheet", "about", "validation"]
