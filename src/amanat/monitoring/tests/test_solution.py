"""A durable solution rests on its conditions, never on a suspect; both ends sign the way home."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from amanat.access.policy import Part, Relation
from amanat.cases.actions import persons
from amanat.cases.models import EventKind
from amanat.cases.tests.looking import bring_in, read
from amanat.monitoring.actions import solving
from amanat.monitoring.models import Signature, Solution
from amanat.monitoring.tests.conftest import EVERYTHING_SIGNED, PROOFS, TODAY, determined, everything
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepare(actor, opened, aunt):
    def make(by="jemal", **more):
        told = {"kind": "reintegration", "carer": aunt.pk.hex, "views": "To my aunt.", "proofs": PROOFS}
        return solving.prepare(opened, **told | more, actor=actor(by))

    return make


@pytest.fixture
def decide(actor, opened):
    def make(**more):
        return solving.decide(opened, **{"on": TODAY} | more, actor=actor("jemal"))

    return make


def test_it_is_decided_once_every_condition_is_met_and_the_determination_is_a_recorded_form(
    actor, opened, cast, prepare, decide
):
    with pytest.raises(PersonFacingError, match="No form of it is recorded"):
        prepare(proofs=PROOFS | {"best_interests": "Panel of three."})
    prepare()
    with pytest.raises(PersonFacingError, match="Best interests determination"):
        decide()
    determined(opened, cast["jemal"])
    prepare(proofs=PROOFS | {"best_interests": "Panel of three."})
    assert decide().state == "decided"
    assert opened.events.filter(kind=EventKind.SOLUTION).count() == 3


def test_with_an_open_condition_only_a_written_ground_decides(prepare, decide):
    prepare()
    decided = decide(ground="The centre closes tomorrow.")
    assert open_sealed(decided, "content")["ground"] == "The centre closes tomorrow."


def test_a_suspect_is_no_carer_whatever_the_ground(actor, opened, aunt, uncle, prepare, decide):
    with pytest.raises(solving.CarerIsSuspect):
        prepare(carer=uncle.pk.hex)
    with pytest.raises(solving.CarerIsSuspect):
        prepare(kind="alternative_care", carer="", carer_words="Orazow Merdan")
    prepare()
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    with pytest.raises(solving.CarerIsSuspect):
        decide(ground="There is nobody else.")
    assert Solution.objects.count() == 1


def test_a_carer_who_becomes_a_suspect_later_raises_a_flag_and_signs_nothing(
    actor, browse, opened, aunt, prepare, decide
):
    prepare()
    decide(ground="x")
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    assert "Decide where it goes." in read(browse("jemal"), opened.get_absolute_url())
    page = read(browse("jemal"), reverse("monitoring.solution", args=[opened]))
    assert "The carer is recorded as a suspect" in page
    with pytest.raises(solving.CarerIsSuspect):
        solving.sign(opened, end="receiving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"))


def test_that_the_carer_is_a_suspect_is_told_to_nobody_who_reads_the_plan_without_the_safety(
    actor, browse, cast, opened, aunt, prepare
):
    bring_in(opened, cast, "selbi", Relation.LAWYER, parts={Part.PLAN, Part.CONTACTS})
    prepare()
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    page = read(browse("selbi"), reverse("monitoring.solution", args=[opened]))
    assert "Home to the family" in page
    assert "suspect" not in page


def test_a_return_needs_somebody_of_the_people_around_the_child(prepare):
    with pytest.raises(PersonFacingError, match="Choose to whom"):
        prepare(kind="return", carer="")
    with pytest.raises(PersonFacingError, match="not among the people"):
        prepare(carer="0" * 32)


def test_both_ends_sign_each_once_with_what_is_still_open(actor, opened, prepare, decide):
    with pytest.raises(PersonFacingError, match="No solution is decided"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, actor=actor("bahar"))
    prepare()
    decide(ground="x")
    with pytest.raises(PersonFacingError, match="Write why something"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything()[1:], actor=actor("bahar"))
    solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"))
    with pytest.raises(PersonFacingError, match="signed already"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"))
    solving.sign(opened, end="receiving", **EVERYTHING_SIGNED, left_out="The school, by Monday.", actor=actor("jemal"))
    assert Signature.objects.count() == 2


def test_days_that_cannot_be_are_refused(prepare, decide):
    prepare()
    with pytest.raises(PersonFacingError, match="not come yet"):
        decide(on=date(2026, 12, 1), ground="x")
    with pytest.raises(PersonFacingError, match="not born"):
        decide(on=date(2010, 1, 1), ground="x")


def test_two_who_prepare_at_once_lose_no_word(prepare):
    prepare(words="First.", seen=0)
    with pytest.raises(Stale) as stale:
        prepare(words="Second.", seen=0)
    assert stale.value.theirs["words"] == "First."
    assert Solution.objects.count() == 1


def test_a_health_worker_outside_the_circle_prepares_nothing(actor, opened, prepare):
    with pytest.raises(Refused):
        prepare(by="sona")


def test_pages_prepare_decide_and_sign(browse, opened, aunt, uncle):
    jemal, bahar = browse("jemal"), browse("bahar")
    address = reverse("monitoring.prepare_solution", args=[opened])
    assert "Merdan Orazow" not in read(jemal, address)
    sent = {"kind": "reintegration", "carer": aunt.pk.hex, "views": "To my aunt.", "place": "Mary", "seen": "0"}
    assert jemal.post(address, sent | {"proof_escort": "Maral goes along."}).status_code == 302
    refused = jemal.post(address, sent | {"carer": uncle.pk.hex, "words": "Long words."}).content.decode()
    assert "recorded as a suspect" in refused
    assert "Long words." in refused
    decide = reverse("monitoring.decide_solution", args=[opened])
    assert "Not every condition is met" in jemal.post(decide, {"on": "2026-11-24", "seen": "1"}).content.decode()
    assert jemal.post(decide, {"on": "2026-11-24", "seen": "1", "ground": "Fire."}).status_code == 302
    sign = reverse("monitoring.sign_transition", args=[opened])
    signed = {"end": "leaving", "name": "Bahar", "capacity": "centre", "on": "2026-11-24", "done": everything()}
    assert bahar.post(sign, signed).status_code == 302
    page = read(jemal, reverse("monitoring.solution", args=[opened]))
    for told in (
        "Home to the family",
        "Ogulnabat",
        "Maral goes along.",
        "Fire.",
        "other end has not signed",
        "Unverified",
    ):
        assert told in page


def test_a_carer_in_words_who_is_like_a_suspect_of_since_then_is_no_home(actor, opened, prepare, decide):
    prepare(kind="alternative_care", carer="", carer_words="Orazow Merdan")
    row = persons.record_person(opened, name="Merdan Orazow", relation="relative", actor=actor("jemal"))
    persons.suspect(opened, person=row, reason="He sold the ticket.", actor=actor("jemal"))
    with pytest.raises(solving.CarerIsSuspect):
        decide(ground="There is nobody else.")
