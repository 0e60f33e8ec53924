"""Correcting identity, contacts and safety on the page: two people at once, what stood before, and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.access.policy import Part, Relation
from amanat.cases.actions.changing import correct
from amanat.cases.actions.handing import bring_in
from amanat.cases.identity import as_fields
from amanat.cases.known import in_own_circle
from amanat.cases.models import Case, FormerValue
from amanat.vault.sealing import open_sealed
from tests.cast import CONTACTS, IDENTITY

REASON = {"reason": "the certificate came"}


def page_of(case: Case, part: str = "contacts") -> str:
    return f"/cases/{case.pk.hex}/correct/{part}"


def typed(part: str, value: dict[str, Any], seen: int = 1, **changed: Any) -> dict[str, Any]:
    return as_fields(part, value) | REASON | {"seen": str(seen)} | changed


def stored(case: Case, column: str) -> dict[str, Any]:
    case.child.refresh_from_db()
    value: dict[str, Any] = open_sealed(case.child, column)
    return value


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


def test_the_page_shows_what_stands_there(jemal: Client, case: Case) -> None:
    page = jemal.get(page_of(case, "identity")).content.decode()
    for value in ("Aylar", "Çaryýewa", "Айлар", "2012-04-05", "I-AŞ 123456"):
        assert f'value="{value}"' in page
    assert 'value="Feminine" selected' in page


def test_a_corrected_name_is_found_and_the_former_one_as_well(jemal: Client, case: Case, actor: Any) -> None:
    answer = jemal.post(
        page_of(case, "identity"), typed("identity", IDENTITY, given_name="Aýlar", birth_date="2011-04-05")
    )
    assert answer["Location"] == case.get_absolute_url()
    for born in ("2011-04-05", "2012-04-05"):
        assert in_own_circle(IDENTITY | {"birth_date": born}, {}, actor("jemal"))
    assert open_sealed(FormerValue.objects.get(), "value") == IDENTITY


def test_what_the_page_does_not_show_is_not_lost(jemal: Client, register: Callable[..., Case]) -> None:
    third = {"given": "Aylar", "family": "Charyeva"}
    passport = {"kind": "passport", "number": "A 77"}
    case = register(
        identity=IDENTITY | {"names": [*IDENTITY["names"], third], "documents": [*IDENTITY["documents"], passport]}
    )
    jemal.post(page_of(case, "identity"), typed("identity", IDENTITY, sex="NonSpecifiedUnknown"))
    assert stored(case, "identity")["names"][2] == third
    assert stored(case, "identity")["documents"][1] == passport
    assert stored(case, "identity")["sex"] == "NonSpecifiedUnknown"


def test_the_only_name_of_a_child_is_not_taken_away(jemal: Client, register: Callable[..., Case]) -> None:
    nameless = typed("identity", IDENTITY | {"names": []})
    case = register(identity=IDENTITY, contacts=CONTACTS | {"called": ""})
    page = jemal.post(page_of(case, "identity"), nameless).content.decode()
    assert "Write a name, or a name that the child goes by." in page
    assert stored(case, "identity") == IDENTITY
    called = register(identity=IDENTITY, contacts=CONTACTS | {"called": "Aýajan"})
    jemal.post(page_of(called, "identity"), nameless)
    assert stored(called, "identity")["names"] == []
    page = jemal.post(page_of(called), typed("contacts", CONTACTS, called="")).content.decode()
    assert "Write a name, or a name that the child goes by." in page
    assert stored(called, "contacts")["called"] == "Aýajan"


def test_safety_is_written_the_first_time_and_read_back(jemal: Client, case: Case) -> None:
    jemal.post(
        page_of(case, "safety"), REASON | {"plan": "The neighbour has a key.", "threats": "", "alerts": "", "seen": "1"}
    )
    assert stored(case, "safety")["plan"] == "The neighbour has a key."
    assert "The neighbour has a key.</textarea>" in jemal.get(page_of(case, "safety")).content.decode()


def test_what_stood_there_before_is_on_the_page(jemal: Client, case: Case) -> None:
    jemal.post(page_of(case), typed("contacts", CONTACTS, called="Aýajan"))
    page = jemal.get(page_of(case)).content.decode()
    assert "Replaced by Jemal" in page
    assert "Aýa</dd>" in page


@pytest.mark.parametrize(
    ("part", "changed", "sentence"),
    [
        ("contacts", {"reason": ""}, "Write the reason. One sentence is enough."),
        ("identity", {"birth_date": "2030-01-01"}, "This day has not come yet."),
        ("identity", {"document_number": ""}, "Write the number, or choose no kind of document."),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_changed(
    jemal: Client, case: Case, part: str, changed: dict[str, str], sentence: str
) -> None:
    value = IDENTITY if part == "identity" else CONTACTS
    page = jemal.post(page_of(case, part), typed(part, value, **changed)).content.decode()
    assert sentence in page
    assert not FormerValue.objects.exists()


def test_a_surprising_age_is_told_but_not_refused(jemal: Client, case: Case) -> None:
    page = jemal.post(page_of(case, "identity"), typed("identity", IDENTITY, birth_date="1988-04-05"), follow=True)
    assert "is older than 25." in page.content.decode()
    assert stored(case, "identity")["birth_date"] == "1988-04-05"


# --- two people at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def corrected_meanwhile(case: Case, cast: Any, actor: Any) -> Case:
    """Merdan has just written another phone and address, while jemal's page still shows version 1."""
    bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    value = CONTACTS | {"phones": ["+993 65 112233"], "address": "with the aunt"}
    correct(case, part=Part.CONTACTS, value=value, reason="moved", seen=1, actor=actor("merdan"))
    return case


def test_both_versions_stand_side_by_side_and_nothing_is_lost(jemal: Client, corrected_meanwhile: Case) -> None:
    page = jemal.post(
        page_of(corrected_meanwhile), typed("contacts", CONTACTS, phones="+993 61 000000")
    ).content.decode()
    assert "Somebody else changed this while you were writing." in page
    assert "+993 65 112233" in page
    assert "+993 61 000000" in page
    assert 'name="keep-phones"' in page
    assert 'name="keep-address"' in page
    assert 'name="keep-called"' not in page
    assert 'name="seen" value="2"' in page
    assert stored(corrected_meanwhile, "contacts")["phones"] == ["+993 65 112233"]


def test_the_second_one_keeps_the_address_of_the_first_and_their_own_phone(
    jemal: Client, corrected_meanwhile: Case
) -> None:
    choice = {
        "phones": "+993 61 000000",
        "theirs-phones": "+993 65 112233",
        "keep-phones": "mine",
        "theirs-address": "with the aunt",
        "keep-address": "theirs",
    }
    assert jemal.post(page_of(corrected_meanwhile), typed("contacts", CONTACTS, seen=2, **choice)).status_code == 302
    now = stored(corrected_meanwhile, "contacts")
    assert (now["phones"], now["address"]) == (["+993 61 000000"], "with the aunt")
    assert FormerValue.objects.count() == 2


def test_a_missing_choice_is_asked_for_again(jemal: Client, corrected_meanwhile: Case) -> None:
    choice = {"theirs-phones": "+993 65 112233", "theirs-address": "with the aunt", "keep-address": "theirs"}
    page = jemal.post(page_of(corrected_meanwhile), typed("contacts", CONTACTS, seen=2, **choice)).content.decode()
    assert "Choose which of the two versions to keep." in page
    assert stored(corrected_meanwhile, "contacts")["phones"] == ["+993 65 112233"]


def test_two_people_in_two_parts_do_not_disturb_each_other(jemal: Client, corrected_meanwhile: Case) -> None:
    answer = jemal.post(page_of(corrected_meanwhile, "identity"), typed("identity", IDENTITY, given_name="Aýlar"))
    assert answer.status_code == 302


# --- who --------------------------------------------------------------------------------------------------------------


def test_a_social_worker_of_the_circle_corrects_contacts_but_not_identity(
    browse: Callable[..., Client], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="helps", actor=actor("jemal"))
    merdan = browse("merdan")
    assert merdan.get(page_of(case)).status_code == 200
    assert merdan.get(page_of(case, "identity")).status_code == 403
    assert merdan.post(page_of(case, "identity"), typed("identity", IDENTITY)).status_code == 403
    assert not FormerValue.objects.exists()


@pytest.mark.parametrize("part", ["narrative", "audit", "nonsense"])
def test_no_other_part_has_such_a_page(jemal: Client, case: Case, part: str) -> None:
    assert jemal.get(page_of(case, part)).status_code == 404


def test_an_outsider_gets_a_404(browse: Callable[..., Client], case: Case) -> None:
    assert browse("dowlet").get(page_of(case)).status_code == 404


@pytest.mark.parametrize("part", ["identity", "contacts", "safety"])
def test_the_page_asks_the_database_little(
    jemal: Client, corrected_meanwhile: Case, part: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        assert jemal.get(page_of(corrected_meanwhile, part)).status_code == 200
