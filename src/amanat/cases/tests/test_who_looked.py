"""Who looked: every look, act and refusal on one file, in words, for the DPO and an unconflicted case manager."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from amanat.access.labels import PART_LABELS, VERB_LABELS, act_label
from amanat.access.policy import Part, Verb
from amanat.cases.actions import guarding
from amanat.cases.models import Case
from amanat.cases.tests.looking import counting, read, write_on
from amanat.people.clock import stopped
from tests.cast import Cast

Browse = Callable[..., Client]


def address(case: Case) -> str:
    return reverse("cases.who_looked", args=[case])


def test_acts_looks_and_refusals_stand_there_with_who_and_why(case: Case, cast: Cast, browse: Browse) -> None:
    write_on(case, cast)
    read(browse("aman"), case.get_absolute_url())
    browse("dowlet").get(case.get_absolute_url())
    guarding.reveal(case, part=Part.IDENTITY, reason="A name for the police.", actor=cast.actor("aman"))
    told = read(browse("kerim"), address(case))
    for text in ("Write a note", "Look at the file", "Dowlet", "Harbour Legal Aid", "supervisor", "refused"):
        assert text in told
    assert "A name for the police." in told


def test_the_case_manager_sees_it_unless_a_conflict_is_recorded(case: Case, cast: Cast, browse: Browse) -> None:
    read(browse("jemal"), address(case))
    guarding.record_conflict(case, user=cast["sona"].user, reason="A cousin.", actor=cast.actor("aman"))
    assert browse("jemal").get(address(case)).status_code == 403


@pytest.mark.parametrize("name", ["aman", "irina"])
def test_others_who_know_of_the_file_are_refused(name: str, case: Case, browse: Browse) -> None:
    assert browse(name).get(address(case)).status_code == 403


@pytest.mark.parametrize("name", ["dowlet", "viktor", "merdan"])
def test_whoever_may_not_know_of_the_file_gets_a_404(name: str, case: Case, browse: Browse) -> None:
    assert browse(name).get(address(case)).status_code == 404


def test_it_names_no_child(case: Case, cast: Cast, browse: Browse) -> None:
    assert "Aylar" not in read(browse("jemal"), address(case))


def test_its_pages_stay_in_place_while_it_grows_and_cost_the_same(case: Case, cast: Cast, browse: Browse) -> None:
    client = browse("jemal")
    for second in range(60):
        with stopped(cast.now + timedelta(seconds=second)):
            client.get(case.get_absolute_url())
    found, query, costs = 0, "", []
    with stopped(cast.now + timedelta(minutes=2)):
        while True:
            with counting() as statements:
                told = read(client, address(case) + query)
            costs.append(len(statements))
            found += told.count('<th scope="row">')
            following = re.search(r'rel="next" href="([^"]+)"', told)
            if not following:
                break
            query = following[1]
    assert found == 61  # the registration, and 60 looks; those at this page came after it was begun
    assert max(costs) <= 12


def test_every_verb_and_part_reads_as_words() -> None:
    assert set(VERB_LABELS) == set(Verb)
    assert set(PART_LABELS) == set(Part)
    with translation.override("en"):
        assert str(act_label("case.note")) == "write a note"
        assert str(act_label("identity")) == "look at: identity"
        assert str(act_label("sign_in")) == "sign in"


def test_who_only_opened_the_page_of_a_verb_has_not_done_it(case: Case, browse: Browse) -> None:
    read(browse("jemal"), reverse("cases.close", args=[case]))
    told = read(browse("kerim"), address(case))
    assert "Opened the page: close the case" in told
    assert "Close the case" not in told
