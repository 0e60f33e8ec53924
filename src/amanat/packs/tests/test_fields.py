"""Fields of a pack: a country changes words and parts and adds its own, but takes none away; faults are told in their place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from amanat import packs
from amanat.access.policy import Part
from amanat.packs.fields import PARTS

FaultsOf = Callable[..., list[packs.Fault]]

TEXTS = 'label = {en = "A", tk = "A", ru = "А", ro = "A"}\nhelp = {en = "B", tk = "B", ru = "Б", ro = "B"}\n'

OVERRIDE = """
source = "Invented"

[[field]]
name = "prs_FirstName"
part = "facts"
also = ["Name on the island"]
label = {en = "First name of all", tk = "Ilkinji ady", ru = "Самое первое имя", ro = "Primul prenume"}
"""

ADDED = (
    OVERRIDE
    + """
[[field]]
name = "prs_Tribe"
type = "choice"
codes = "risk"
part = "identity"
"""
    + TEXTS
)

SECTION = (
    """
title = {en = "Household", tk = "Hojalyk", ru = "Хозяйство", ro = "Gospodărie"}
help = {en = "Who lives there.", tk = "Kim ýaşaýar.", ru = "Кто живёт.", ro = "Cine locuiește."}
order = 15
repeats = true
source = "Invented"

[[field]]
name = "hh_Size"
type = "number"
part = "facts"
"""
    + TEXTS
)


def test_a_country_changes_the_words_and_the_part_of_a_field(faults_of: FaultsOf, island: Path) -> None:
    assert faults_of("fields/person.toml", OVERRIDE) == []
    field = packs.load(island).field("prs_FirstName")
    assert (field.label.text("en"), field.part) == ("First name of all", "facts")
    assert field.help.text("en") == packs.load(island.parent / "core").field("prs_FirstName").help.text("en")
    assert (field.type, field.core, field.official, field.stored) == ("text", True, True, "identity.given")
    assert {"prs_First_Name", "Name on the island"} <= set(field.also)


def test_a_country_adds_a_field_and_a_section_and_loses_none(faults_of: FaultsOf, island: Path) -> None:
    before = packs.load(island.parent / "core").sections()
    assert faults_of("fields/person.toml", ADDED) == []
    assert faults_of("fields/household.toml", SECTION) == []
    pack = packs.load(island)
    names = [field.name for section in pack.sections() for field in section.fields]
    assert set(names) == {field.name for section in before for field in section.fields} | {"prs_Tribe", "hh_Size"}
    assert [section.name for section in pack.sections()][:3] == ["person", "household", "victim_context"]
    assert pack.sections()[0].fields[-1].name == "prs_Tribe"
    assert pack.sections()[0].title == before[0].title


def test_a_country_renames_a_section_without_naming_a_field(faults_of: FaultsOf, island: Path) -> None:
    title = 'title = {en = "Who", tk = "Kim", ru = "Кто", ro = "Cine"}\nsource = "Invented"\n'
    assert faults_of("fields/person.toml", title) == []
    section = packs.load(island).sections()[0]
    with translation.override("ru"):
        assert str(section.title) == "Кто"
    assert len(section.fields) == 25


def test_an_unknown_field_is_a_named_error(island: Path) -> None:
    with pytest.raises(packs.UnknownField, match="'prs_Shoe'"):
        packs.load(island).field("prs_Shoe")


def test_the_parts_of_fields_are_parts_of_the_policy() -> None:
    assert set(PARTS) <= {str(part) for part in Part}


def told(faults: list[packs.Fault]) -> str:
    return "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("line", "instead", "where", "says"),
    [
        ('name = "prs_Tribe"', "", "field 2.name", "missing"),
        ('name = "prs_Tribe"', 'name = "tribe of"', "field 2 (tribe of).name", "plain letters"),
        ('name = "prs_Tribe"', 'name = "prs_FirstName"', "field 2 (prs_FirstName).name", "stands here twice"),
        ('name = "prs_Tribe"', 'name = "hte_City"', "field 2 (hte_City).also", "called hte_city too"),
        ('type = "choice"', 'type = "colour"', "field 2 (prs_Tribe).type", "not one of those"),
        ('type = "choice"', "", "field 2 (prs_Tribe).type", "not one of those"),
        ('type = "choice"', 'type = "date"', "field 2 (prs_Tribe).codes", "Only a choice"),
        ('type = "choice"', "type = 3", "field 2 (prs_Tribe).type", "wrong type"),
        ('codes = "risk"', 'codes = "tribes"', "field 2 (prs_Tribe).codes", "no such code list"),
        ('codes = "risk"', "", "field 2 (prs_Tribe).codes", "no such code list"),
        ('part = "identity"', 'part = "shoes"', "field 2 (prs_Tribe).part", "not one of those"),
        ('part = "identity"', "", "field 2 (prs_Tribe).part", "not one of those"),
        ('part = "identity"', 'part = "identity"\nstored = "x"', "field 2 (prs_Tribe).stored", "not one of those"),
        ('part = "identity"', 'part = "identity"\nheight = 3', "field 2 (prs_Tribe).height", "unknown"),
        ('part = "identity"', 'part = "identity"\ncore = "yes"', "field 2 (prs_Tribe).core", "wrong type"),
        ('part = "identity"', 'part = "identity"\nalso = "x"', "field 2 (prs_Tribe).also", "wrong type"),
        ('part = "identity"', 'part = "identity"\nalso = [3]', "field 2 (prs_Tribe).also", "wrong type"),
        (
            'part = "identity"',
            'part = "identity"\nalso = ["surname"]',
            "field 2 (prs_Tribe).also",
            "called surname too",
        ),
        ('part = "identity"', 'part = "identity"\nleast = 1', "field 2 (prs_Tribe).least", "no such bound"),
        ('part = "identity"', 'part = "identity"\npast = true', "field 2 (prs_Tribe).past", "no such bound"),
        ('part = "identity"', 'part = "identity"\nmost = "9"', "field 2 (prs_Tribe).most", "wrong type"),
        ('part = "facts"', "whole = true", "field 1 (prs_FirstName).whole", "says otherwise"),
        ('part = "facts"', "least = 0", "field 1 (prs_FirstName).least", "says otherwise"),
        ('label = {en = "A", ', "label = {", "field 2 (prs_Tribe).label", "text in en is missing"),
        (TEXTS.splitlines()[1], "", "field 2 (prs_Tribe).help", "missing"),
        ('part = "facts"', 'type = "date"', "field 1 (prs_FirstName).type", "says otherwise"),
        ('part = "facts"', 'stored = "contacts.home"', "field 1 (prs_FirstName).stored", "says otherwise"),
        ('part = "facts"', "deprecated = true", "field 1 (prs_FirstName).deprecated", "says otherwise"),
        ('source = "Invented"', "", "source", "missing"),
        ('source = "Invented"', 'source = "Invented"\nrepeats = true', "repeats", "says otherwise"),
        ('source = "Invented"', 'source = "Invented"\ncolour = 3', "colour", "unknown"),
    ],
)
def test_a_fault_in_a_field_is_told_in_its_place(
    faults_of: FaultsOf, line: str, instead: str, where: str, says: str
) -> None:
    assert faults_of("fields/person.toml", ADDED) == []
    faults = faults_of("fields/person.toml", change=(line, instead))
    assert any(
        fault.file == "island/fields/person.toml" and fault.where == where and says in fault.what and fault.mend
        for fault in faults
    ), told(faults)


@pytest.mark.parametrize(
    ("line", "where", "says"),
    [
        ("least = 9\nmost = 8", "least", "more than the most"),
        ('type = "date"\nnot_before = ["prs_FirstName"]', "not_before", "no other day of this section"),
        ('type = "date"\nnot_before = ["hte_Date"]', "not_before", "no other day of this section"),
        ('type = "date"\nnot_before = ["hh_Size"]', "not_before", "no other day of this section"),
        ('type = "date"\nleast = 3', "least", "no such bound"),
    ],
)
def test_a_bound_that_no_answer_could_be_held_to_is_told(faults_of: FaultsOf, line: str, where: str, says: str) -> None:
    kind = 'type = "number"'
    assert (
        faults_of("fields/household.toml", SECTION.replace(kind, 'type = "date"\nnot_before = ["prs_Birthdate"]')) == []
    )
    line = line if line.startswith("type") else f"{kind}\n{line}"
    faults = faults_of("fields/household.toml", SECTION.replace(kind, line))
    assert [fault.where for fault in faults] == [f"field 1 (hh_Size).{where}"], told(faults)
    assert says in faults[0].what


@pytest.mark.parametrize("key", ["title", "help", "order"])
def test_a_new_section_says_everything(faults_of: FaultsOf, key: str) -> None:
    assert faults_of("fields/household.toml", SECTION) == []
    line = next(line for line in SECTION.splitlines() if line.startswith(f"{key} = "))
    faults = faults_of("fields/household.toml", change=(line, ""))
    assert [(fault.where, fault.what) for fault in faults] == [(key, "This key is missing.")], told(faults)


def test_a_country_s_new_label_does_not_change_how_files_write_a_code(faults_of: FaultsOf, island: Path) -> None:
    own = (
        'title = {en = "Status", tk = "Ýagdaý", ru = "Статус", ro = "Stare"}\nsource = "x"\n[[code]]\ncode = "FollowUp"\n'
        'label = {en = "Looking in", tk = "Habar almak", ru = "Навещаем", ro = "Vizite"}\nalso = ["after"]\n'
    )
    assert faults_of("codes/htcds_case_status.toml", own) == []
    codes = packs.load(island).codes("htcds_case_status")
    assert (codes["FollowUp"].htcds, codes["FollowUp"].official_label) == ("FollowUp", "Follow up")
    assert {codes.find(text) for text in ("after", "looking in", "Follow Up", "follow up", "FollowUp")} == {"FollowUp"}
    assert codes.find("sleeping") == ""


def test_two_labels_that_read_alike_give_the_first_and_a_code_s_own_name_goes_before_labels(island: Path) -> None:
    pack = packs.load(island)
    assert pack.codes("stage").find("Active") == "registered"
    assert pack.codes("htcds_vulnerabilities").find("education") == "Education"
