"""The fields of `core` are those of HTCDS 2.0: the same names, types and values as the official files beside the project."""

import pytest

from amanat import packs
from amanat.packs.fields import CODED, FIELDS
from amanat.packs.tests import SHIPPED, standards

CORE = packs.load(SHIPPED / "core")
ALL = [field for section in CORE.sections() for field in section.fields]

TYPES = {
    "Text": {"text", "country"},
    "Long Text": {"long_text"},
    "Picklist or Text": {"text", "country"},
    "Picklist": {"choice", "language"},
    "Multiselect Picklist": {"choices", "countries"},
    "Date": {"date"},
    "Number": {"number", "geolocation"},  # coordinates of an address are numbers in one section, geolocations in others
    "Geolocation": {"geolocation"},
    "Checkbox": {"checkbox"},
    "Lookup [to organisation]": {"organisation"},
    "Lookup [to person]": {"worker"},
    "Lookup [to user]": {"worker"},
}

SECTIONS = {
    "Organization": "organisation",
    "Person": "person",
    "Person - Victim Context": "victim_context",
    "Person - Perpetrator Context": "perpetrator",
    "Case": "case",
    "Referral Details": "referral",
    "Case Comment": "case_comment",
    "Historic Trafficking Events": "historic_event",
    "Support Plan": "support_plan",
    "Consent": "consent",
}

REPEATING = {"organisation", "perpetrator", "referral", "case_comment", "historic_event", "support_plan"}

MISSPELT = {"vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg"}
NAMELESS = "cas_ReasonForOutgoingReferral"  # the workbooks leave its name cell empty
ADDRESS = slice(12, 17)  # columns whose names and headers disagree in the workbooks


def test_there_are_eighty_three_fields_in_ten_sections() -> None:
    assert len(ALL) == len({field.name for field in ALL}) == 83
    assert {section.name for section in CORE.sections()} == set(SECTIONS.values())
    assert {section.name for section in CORE.sections() if section.repeats} == REPEATING
    assert sum(field.core for field in ALL) == 40
    assert sum(field.deprecated for field in ALL) == 3


def test_the_fields_are_those_of_the_normative_sheet() -> None:
    rows = standards.field_standards()
    assert {field.name for field in ALL} == set(rows)
    for field in ALL:
        row = rows[field.name]
        assert field.type in TYPES[row["Field Type"]], field.name
        assert field.core == (row["Core"] == "Core"), field.name
        assert field.deprecated == (row["Status"] == "DEPRECATED"), field.name
        assert field.official_label == row["Field Label"].strip(), field.name
        assert field.repeats == ("may be multiple" in row["Notes"]), field.name


def test_the_fields_are_those_of_the_research_table() -> None:
    rows = standards.fields_csv()
    assert {field.name: field.section for field in ALL} == {
        name: SECTIONS[row["section"]] for name, row in rows.items()
    }
    many = {"choices", "countries"}
    assert {field.name for field in ALL if field.repeats or field.type in many} == {
        name for name, row in rows.items() if row["multi"] == "yes"
    }


def test_every_coded_field_has_exactly_the_values_of_the_standard_in_their_order() -> None:
    for name, row in standards.field_standards().items():
        field = CORE.field(name)
        values = standards.lines(row["Value Names (if picklist)"])
        if field.type in ("choice", "choices"):
            assert [code.htcds for code in CORE.codes(field.codes).codes] == values, name
        else:
            assert values == [] or "ISO" in values[0], name


def test_the_research_table_has_the_same_values() -> None:
    for name, row in standards.fields_csv().items():
        field = CORE.field(name)
        if field.type in ("choice", "choices"):
            values = [value.strip() for value in row["values"].split("|")]
            assert [code.htcds for code in CORE.codes(field.codes).codes] == values, name


def test_every_value_label_of_the_standard_is_understood() -> None:
    for name, row in standards.field_standards().items():
        field = CORE.field(name)
        if field.type in ("choice", "choices"):
            found = [
                CORE.codes(field.codes).find(label) for label in standards.lines(row["Value Labels (if picklist)"])
            ]
            assert found == [code.code for code in CORE.codes(field.codes).codes], name


@pytest.mark.parametrize(
    ("file", "name"),
    [(standards.PLAIN, "Sheet1"), (standards.SINGLE, "Case Sheet"), (standards.MULTI, "Case Sheet")],
    ids=["plain", "single", "multi"],
)
def test_the_official_fields_are_the_columns_of_the_workbooks(file: standards.Path, name: str) -> None:
    names, headers = (row[1:] for row in standards.sheet(file, name)[:2])
    mended = [MISSPELT.get(found, found) or NAMELESS for found in names]
    assert {field.name for field in ALL if field.official} == set(mended)
    assert len(mended) == 38
    assert all(wrong in CORE.field(right).also for wrong, right in MISSPELT.items())
    own = [CORE.field(found).official_label for found in mended]
    assert sorted(own) == sorted(headers)
    del own[ADDRESS], headers[ADDRESS]
    assert own == headers


@pytest.mark.parametrize("file", [standards.SINGLE, standards.MULTI], ids=["single", "multi"])
def test_the_official_labels_are_those_of_the_drop_down_lists(file: standards.Path) -> None:
    _title, _empty, headers, *rows = standards.sheet(file, "validation")
    columns = {
        header: [row[place].strip() for row in rows if row[place].strip()] for place, header in enumerate(headers)
    }
    by_label = {field.official_label: field for field in ALL if field.codes}
    checked = 0
    for header, values in columns.items():
        if field := by_label.get(header):
            assert [code.official_label for code in CORE.codes(field.codes).codes] == values, header
            checked += 1
    assert checked == 12


def test_names_and_values_of_the_survey_form_are_understood() -> None:
    _header, *questions = standards.sheet(standards.XLSFORM, "survey")
    known = {name: field for field in ALL for name in (field.name, *field.also)}
    lists = {}
    for kind, name, *_rest in questions:
        if "_" in name and not name.startswith("_"):
            lists[kind.rpartition(" ")[2]] = known[name]
    _header, *choices = standards.sheet(standards.XLSFORM, "choices")
    for list_name, value, label in choices:
        if list_name not in ("", "consent"):
            field = lists[list_name]
            find = CORE.countries.find if field.type == "countries" else CORE.codes(field.codes).find
            assert find(value) == find(label) != "", (list_name, value)


def test_the_misspelt_value_is_read_right_and_written_as_the_standard_has_it() -> None:
    knows = CORE.codes("htcds_relationship_to_trafficker")
    assert knows["Unacquainted"].htcds == "Unaquainted"
    assert knows.find("Unaquainted") == knows.find("unacquainted") == "Unacquainted"


def test_every_field_stands_in_a_part_of_the_policy_and_names_only_codes_that_are_there() -> None:
    for field in ALL:
        assert (field.type in CODED) == bool(field.codes)
        assert not field.codes or CORE.codes(field.codes)
        assert field.source
    places = [field.stored for field in ALL if field.stored]
    assert len(places) == len(set(places)) == 11


def test_who_the_child_is_and_how_to_reach_the_family_stand_in_the_parts_of_that_name() -> None:
    parts = {field.name: field.part for field in ALL}
    assert {name for name, part in parts.items() if part == "contacts"} == {
        "prs_Email", "prs_HomePhone", "prs_MobilePhone", *(name for name in parts if name.startswith("prs_Mailing")),
    }  # fmt: skip
    person = {field.name for field in CORE.part(FIELDS)["person"].fields}
    assert {parts[name] for name in person} == {"identity", "contacts"}
    assert {name for name, part in parts.items() if part == "narrative"} == {
        "vic_DetailsOfVulnerabilities", "per_RoleDetails", "cas_ReasonForCaseClosure", "cas_IncomingReferralDetails",
        "cas_OutgoingReferralDetails", "cco_CaseComment", "hte_Description",
    }  # fmt: skip
    assert {name for name, part in parts.items() if part == "consent"} == {
        "con_Consent", "vic_AgreementToManagePersonalData",
    }  # fmt: skip
    assert {name for name, part in parts.items() if part == "plan"} == {
        name for name in parts if name.startswith("spl_")
    }


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"])
def test_every_text_is_there_and_no_two_fields_are_called_alike(language: str) -> None:
    labels = [field.label.texts[language] for field in ALL]
    assert len({label.casefold() for label in labels}) == len(labels)
    for text in [*(field.help for field in ALL), *(section.title for section in CORE.sections())]:
        assert text.texts[language]
    assert all(section.help.texts[language] for section in CORE.sections())


def test_labels_are_short_enough_for_a_phone_and_help_for_a_glance() -> None:
    for field in ALL:
        assert all(len(text) <= 75 for text in field.label.texts.values()), field.name
        assert all(len(text) <= 170 for text in field.help.texts.values()), field.name
