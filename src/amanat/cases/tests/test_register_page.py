"""Registering on the page: one child or siblings, who may be known already, and what is wrong said where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.audit.models import Entry
from amanat.cases.models import Case
from amanat.vault.sealing import open_sealed
from tests.cast import CONTACTS, IDENTITY

PAGE = "/cases/register"
AYLAR = {
    "children": "0",
    "child0-given_name": "Aylar",
    "child0-family_name": "Çaryýewa",
    "child0-birth_date": "2012-04-05",
}


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


def sealed(case: Case, column: str) -> dict[str, Any]:
    value: dict[str, Any] = open_sealed(case.child, column)
    return value


def test_everything_that_was_typed_stands_sealed_in_the_file(jemal: Client) -> None:
    typed = AYLAR | {
        "child0-patronymic": "Myradowna",
        "child0-other_given": "Айлар",
        "child0-other_family": "Чарыева",
        "child0-certainty": "documented",
        "child0-sex": "Feminine",
        "child0-languages": ["tk", "ru"],
        "child0-document_kind": "birth_certificate",
        "child0-document_number": "I-AŞ 123456",
        "child0-called": "Aýa",
        "child0-phones": "+993 12 463500\r\n\r\n 8 65 112233 ",
        "child0-home_phone": "+993 12 463501",
        "child0-safe_contact": "after school",
        "child0-risk": "high",
        "child0-priority": "P2",
    }
    answer = jemal.post(PAGE, typed)
    case = Case.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == case.get_absolute_url()
    assert sealed(case, "identity") == IDENTITY | {
        "names": [
            {"given": "Aylar", "patronymic": "Myradowna", "family": "Çaryýewa"},
            {"given": "Айлар", "family": "Чарыева"},
        ],
        "birth_year": "",
    }
    assert sealed(case, "contacts") == CONTACTS | {
        "phones": ["+993 12 463500", "8 65 112233"],
        "home_phone": "+993 12 463501",
        "safe_contact": "after school",
    }
    assert (case.risk, case.risk_order, case.priority) == ("high", 1, "P2")


def test_the_code_name_is_told_after_registering(jemal: Client) -> None:
    page = jemal.post(PAGE, AYLAR, follow=True).content.decode()
    assert f"with the code name {Case.objects.get().child.code_name}." in page


def test_a_name_that_the_child_goes_by_is_enough(jemal: Client) -> None:
    assert jemal.post(PAGE, {"children": "0", "child0-called": "Aýa"}).status_code == 302


def test_without_any_name_the_page_says_what_to_write_and_where(jemal: Client) -> None:
    page = jemal.post(PAGE, {"children": "0", "child0-phones": "463500"}).content.decode()
    assert "Write a name, or the name that the child goes by." in page
    assert 'href="#id_child0-given_name"' in page
    assert "463500</textarea>" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"child0-birth_date": "2026-11-25"}, "This day has not come yet."),
        ({"child0-birth_date": "0212-04-05"}, "This is too long ago. Look whether the year is right."),
        ({"child0-birth_date": "", "child0-birth_year": "12"}, "Write the year with four digits"),
        ({"child0-birth_year": "2011"}, "This year is not that of the birth date."),
        ({"child0-document_kind": "passport"}, "Write the number, or choose no kind of document."),
        ({"child0-document_number": "77"}, "Choose what kind of document has this number."),
        ({"child0-birth_date": "5 April"}, "Enter a valid date."),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence_at_its_field(
    jemal: Client, typed: dict[str, str], sentence: str
) -> None:
    page = jemal.post(PAGE, AYLAR | typed).content.decode()
    assert sentence in page
    assert "<title>Error: " in page
    assert not Case.objects.exists()


def test_a_field_that_is_folded_away_opens_when_something_is_wrong_in_it(jemal: Client) -> None:
    page = jemal.post(PAGE, AYLAR | {"child0-document_kind": "passport"}).content.decode()
    assert page.index("<details open>") < page.index("A document of the child")


def test_an_age_above_25_is_told_but_not_refused(jemal: Client) -> None:
    page = jemal.post(PAGE, AYLAR | {"child0-birth_date": "1999-04-05"}, follow=True).content.decode()
    assert "is older than 25." in page
    assert Case.objects.count() == 1


def test_about_which_year_is_kept_where_the_day_is_not_known(jemal: Client) -> None:
    jemal.post(PAGE, AYLAR | {"child0-birth_date": "", "child0-birth_year": "2012", "child0-certainty": "estimated"})
    identity = sealed(Case.objects.get(), "identity")
    assert (identity["birth_date"], identity["birth_year"], identity["certainty"]) == ("", "2012", "estimated")


# --- brothers and sisters ---------------------------------------------------------------------------------------------


def test_adding_a_sister_keeps_what_was_typed_and_complains_of_nothing(jemal: Client) -> None:
    page = jemal.post(PAGE, {"children": "0", "child0-family_name": "Çaryýewa", "add": "yes"}).content.decode()
    assert 'value="Çaryýewa"' in page
    assert 'name="child1-given_name"' in page
    assert 'name="children" value="0 1"' in page
    assert 'role="alert"' not in page
    assert not Case.objects.exists()


def test_a_child_in_the_middle_can_be_taken_out_again(jemal: Client) -> None:
    typed = {"children": "0 1 2", "child1-given_name": "Maksat", "child2-given_name": "Oguljan", "take_out": "1"}
    page = jemal.post(PAGE, typed).content.decode()
    assert 'name="children" value="0 2"' in page
    assert "Maksat" not in page
    assert "Oguljan" in page


def test_siblings_share_family_name_and_contacts_unless_told_otherwise(jemal: Client) -> None:
    typed = AYLAR | {
        "children": "0 3",
        "child0-phones": "+993 12 463500",
        "child0-address": "with the aunt",
        "child3-given_name": "Maksat",
        "child3-address": "at the school",
    }
    assert jemal.post(PAGE, typed).status_code == 302
    brother = next(case for case in Case.objects.all() if "Maksat" in str(sealed(case, "identity")))
    assert sealed(brother, "identity")["names"] == [{"given": "Maksat", "family": "Çaryýewa"}]
    assert sealed(brother, "contacts")["phones"] == ["+993 12 463500"]
    assert sealed(brother, "contacts")["address"] == "at the school"
    assert len({case.child.family_id for case in Case.objects.select_related("child")} - {None}) == 1


def test_a_brother_without_a_name_is_named_in_the_summary(jemal: Client) -> None:
    page = jemal.post(PAGE, AYLAR | {"children": "0 1"}).content.decode()
    assert '<a href="#id_child1-given_name">Child 2: Given name</a>' in page
    assert not Case.objects.exists()


def test_a_made_up_list_of_children_asks_for_no_more_than_the_page_offers(jemal: Client) -> None:
    page = jemal.post(PAGE, {"children": " ".join(map(str, range(500))) + " x -1", "add": "yes"}).content.decode()
    assert page.count('-given_name"') // page.count('id="id_child0-given_name"') < 40
    assert "Add a brother or sister" not in page


# --- known already? ---------------------------------------------------------------------------------------------------


def test_a_child_of_the_own_circle_is_shown_with_the_reason_before_anything_is_saved(jemal: Client, case: Case) -> None:
    page = jemal.post(PAGE, AYLAR).content.decode()
    assert "This child may be known" in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert case.child.code_name in page
    assert "name, birth date" in page
    assert Case.objects.count() == 1


def test_a_name_in_the_other_script_is_found_as_well(jemal: Client, case: Case) -> None:
    page = jemal.post(PAGE, AYLAR | {"child0-given_name": "Айлар", "child0-family_name": "Чарыева"}).content.decode()
    assert "This child may be known" in page


def test_a_phone_in_common_is_a_reason(jemal: Client, case: Case) -> None:
    page = jemal.post(
        PAGE, {"children": "0", "child0-given_name": "X", "child0-phones": "+993 12 463500"}
    ).content.decode()
    assert "What agrees: phone" in page


def test_registering_all_the_same_is_a_clear_choice(jemal: Client, case: Case) -> None:
    jemal.post(PAGE, AYLAR | {"shown": case.pk.hex})
    assert Case.objects.count() == 1
    assert jemal.post(PAGE, AYLAR | {"shown": case.pk.hex, "all_the_same": "on"}).status_code == 302
    assert Case.objects.count() == 2


def test_a_match_that_was_not_shown_yet_is_shown_in_spite_of_the_choice(
    jemal: Client, case: Case, register: Callable[..., Case]
) -> None:
    other = register(identity={"names": [{"given": "Ogulnur"}]}, contacts={"phones": ["+993 65 112233"]})
    typed = AYLAR | {"shown": case.pk.hex, "all_the_same": "on", "child0-phones": "+993 65 112233"}
    page = jemal.post(PAGE, typed).content.decode()
    assert other.child.code_name in page
    assert Case.objects.count() == 2


def test_a_child_of_somebody_elses_circle_is_not_shown(browse: Callable[..., Client], case: Case) -> None:
    assert browse("dowlet").post(PAGE, AYLAR).status_code == 302


def test_looking_at_a_match_stands_in_the_log(jemal: Client, case: Case) -> None:
    jemal.post(PAGE, AYLAR)
    assert Entry.objects.filter(subject=case.subject, verb="case.register", outcome="read").exists()


# --- who, and how much ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ogulgerek", "aman", "irina", "viktor", "selbi"])
def test_whose_work_it_is_not_finds_no_such_page(browse: Callable[..., Client], name: str) -> None:
    assert browse(name).get(PAGE).status_code == 404
    assert browse(name).post(PAGE, AYLAR).status_code == 404
    assert not Case.objects.exists()


def test_an_operator_registers_and_manages_the_case(browse: Callable[..., Client], actor: Any) -> None:
    assert browse("nurana").post(PAGE, AYLAR).status_code == 302
    assert open_file(actor("nurana"), Case.objects.get()).may("case.open")


def test_the_page_asks_the_database_little(jemal: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        assert jemal.get(PAGE).status_code == 200


def test_the_page_says_once_what_is_needed_and_marks_no_field(jemal: Client) -> None:
    page = jemal.get(PAGE).content.decode()
    assert page.count("Only a name in any script") == 1
    assert "(optional)" not in page


def test_an_age_that_is_known_about_is_explained_by_the_year(jemal: Client) -> None:
    assert "about 7 years old, write the year 2019" in jemal.get(PAGE).content.decode()
