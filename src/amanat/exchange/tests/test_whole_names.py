"""A whole name in one column: which headings say so, how the name is taken apart, and what a file of such names becomes."""

from __future__ import annotations

import pytest

from amanat import packs
from amanat.exchange.headings import Headings
from amanat.exchange.tests.books import csv, proposed, read
from amanat.exchange.whole_names import FULL_NAME, apart, says_family_first


@pytest.mark.parametrize(
    ("heading", "family_first"),
    [
        ("ФИО", True), ("Ф.И.О.", True), ("ФИО ребенка", True), ("Фамилия, имя, отчество", True), ("Имя и фамилия", False),
        ("Полное имя", False), ("F.A.Aa.", True), ("Ady we familiýasy", False), ("Ady familiýasy", False), ("Familiýasy, ady", True),
        ("Nume și prenume", True), ("Numele, prenumele", True), ("Prenume și nume", False), ("Numele complet", False),
        ("Full name", False), ("Name", False), ("Name and surname", False), ("Surname and name", True),
    ],
)  # fmt: skip
def test_headings_in_four_languages_say_that_whole_names_stand_there(heading, family_first):
    assert Headings(packs.current()).find(heading).field == FULL_NAME
    assert says_family_first(heading) is family_first


@pytest.mark.parametrize("heading", ["Имя", "Ady", "Prenume", "Familiýasy", "Last name", "Tribe"])
def test_headings_of_one_name_or_of_none_do_not(heading):
    assert Headings(packs.current()).find(heading).field != FULL_NAME


@pytest.mark.parametrize(
    ("text", "family_first", "given", "family", "patronymic"),
    [
        ("Чарыева Айлар Маратовна", True, "Айлар", "Чарыева", "Маратовна"),
        ("Чарыева Айлар Маратовна", False, "Айлар", "Чарыева", "Маратовна"),
        ("Айлар Маратовна Чарыева", True, "Айлар", "Чарыева", "Маратовна"),
        ("ЧАРЫЕВ МЕРДАН ИЛЬИЧ", True, "МЕРДАН", "ЧАРЫЕВ", "ИЛЬИЧ"),
        ("Абрамович Роман Аркадьевич", True, "Роман", "Абрамович", "Аркадьевич"),
        ("Айлар Маратовна", True, "Айлар", "", "Маратовна"),
        ("Чарыева Айлар", True, "Айлар", "Чарыева", ""),
        ("Айлар Чарыева", False, "Айлар", "Чарыева", ""),
        ("Чарыева А. М.", True, "А.", "Чарыева", "М."),
        ("Çaryýewa Aýlar Maratowna", True, "Aýlar", "Çaryýewa", "Maratowna"),
        ("Aýlar Maratowna Çaryýewa", False, "Aýlar", "Çaryýewa", "Maratowna"),
        ("Çaryýew Merdan Amanowiç", True, "Merdan", "Çaryýew", "Amanowiç"),
        ("Çaryýew Merdan Aman ogly", False, "Merdan", "Çaryýew", "Aman ogly"),
        ("Popescu Ion", True, "Ion", "Popescu", ""),
        ("Ion Vasile Popescu", False, "Ion Vasile", "Popescu", ""),
        ("Popovici Maria", True, "Maria", "Popovici", ""),
        ("Çaryýewa, Aýlar Maratowna", False, "Aýlar", "Çaryýewa", "Maratowna"),
        ("Aýlar", True, "Aýlar", "", ""),
        ("  ", True, "", "", ""),
    ],
)
def test_a_whole_name_is_taken_apart(text, family_first, given, family, patronymic):
    told = {"given": given, "family": family, "patronymic": patronymic}
    assert apart(text, family_first) == {place: name for place, name in told.items() if name}


@pytest.mark.parametrize(
    ("heading", "name", "flat"),
    [
        ("ФИО", "Чарыева Айлар Маратовна", ["Айлар", "Чарыева", "Маратовна"]),
        ("Ady we familiýasy", "Aýlar Çaryýewa", ["Aýlar", "Çaryýewa"]),
        ("Nume și prenume", "Popescu Ion", ["Ion", "Popescu"]),
        ("Numele complet", "Ion Popescu", ["Ion", "Popescu"]),
    ],
)
def test_an_agencys_own_sheet_has_names(heading, name, flat):
    (row,) = read(csv(f"{heading},Birthdate", f"{name},2012-04-05"))
    fields = ["prs_FirstName", "prs_SecondName", "prs_MiddleName"]
    assert row.flat == {"prs_Birthdate": "2012-04-05"} | dict(zip(fields, flat, strict=False))
    assert row.cells[heading] == name


def test_the_columns_page_is_told_with_a_sample_how_names_are_read():
    (told,) = proposed(csv("ФИО,Birthdate", "Оразов,2012", "Чарыева Айлар Маратовна,2012")).notices
    assert told.sentence == (
        "Whole names stand in “ФИО”. “Чарыева Айлар Маратовна” is read so: given name “Айлар”, family name “Чарыева”, "
        "patronymic “Маратовна”."
    )


def test_a_person_can_say_that_a_column_holds_whole_names():
    content = csv("Child,Birthdate", "Aýlar Çaryýewa,2012")
    (row,) = read(content, proposed(content).mapping.corrected("A", FULL_NAME))
    assert (row.flat["prs_FirstName"], row.flat["prs_SecondName"]) == ("Aýlar", "Çaryýewa")


def test_name_beside_surname_is_the_given_name():
    (row,) = read(csv("Name,Surname", "Anna Maria,Popescu"))
    assert row.flat == {"prs_FirstName": "Anna Maria", "prs_SecondName": "Popescu"}


def test_a_whole_name_beside_its_parts_is_kept_with_the_identity_and_changes_none_of_them():
    (row,) = read(csv("Full name,First Name,Last name", "Aýlar M. Çaryýewa,Aylar,Chariyeva"))
    assert row.flat == {"prs_FirstName": "Aylar", "prs_SecondName": "Chariyeva"}
    assert row.also_with_faults() == {"identity": {"Full name": "Aýlar M. Çaryýewa"}}
