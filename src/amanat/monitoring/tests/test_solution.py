"""A durable solution rests on its conditions, never on a suspect; both ends sign the way home."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases.actions import persons
from amanat.cases.models import EventKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.monitoring import solutions
from amanat.monitoring.actions import solving
from amanat.monitoring.models import Signature, Solution
from amanat.monitoring.tests.conftest import EVERYTHING_SIGNED, PROOFS, TODAY, all_there, everything
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


@pytest.fixture
def allow(actor, opened):
    def make(by="aman", **more):
        return solving.allow(opened, **{"on": TODAY, "ground": "x"} | more, actor=actor(by))

    return make


def test_it_is_decided_once_every_condition_is_met_and_the_determination_is_a_recorded_form(
    actor, opened, aunt, cast, prepare, decide
):
    with pytest.raises(PersonFacingError, match="No form of it is recorded"):
        prepare(proofs=PROOFS | {"best_interests": "Panel of three."})
    prepare()
    with pytest.raises(PersonFacingError, match="Best interests determination"):
        decide()
    documents = all_there(opened, aunt, cast)
    prepare(proofs=PROOFS, documents=documents)
    assert decide().state == "decided"
    assert opened.events.filter(kind=EventKind.SOLUTION).count() == 3


def test_words_alone_meet_no_condition_that_the_system_could_show(actor, opened, aunt, cast, prepare):
    """A form, a document, the record of the hand-over, that the home was looked at: each counts once it is there."""

    def missing():
        held = solutions.newest(open_file(actor("jemal"), opened))
        return {one.item.name: one.link for one in held.conditions if not one.is_met}

    words = dict.fromkeys(("carer_agrees", "handover"), "Agreed by phone.")
    prepare(proofs=PROOFS | words)
    assert set(missing()) == {"best_interests", "carer_agrees", "family_safe", "handover"}
    assert missing()["handover"] == reverse("monitoring.hand_over", args=[opened])
    assert missing()["best_interests"] == reverse("cases.fill_form", args=[opened, "best_interests_determination"])
    documents = all_there(opened, aunt, cast)
    prepare(proofs=PROOFS | words, documents=documents)
    assert missing() == {}
    with pytest.raises(PersonFacingError, match="not attached"):
        prepare(documents={"carer_agrees": "0" * 32})


def test_the_page_opens_each_thing_behind_a_condition_and_asks_little(browse, opened, aunt, cast, prepare):
    documents = all_there(opened, aunt, cast)
    prepare(documents=documents)
    jemal, address = browse("jemal"), reverse("monitoring.solution", args=[opened])
    page = read(jemal, address)
    for link in (
        reverse("cases.attachment", args=[UUID(documents["carer_agrees"])]),
        reverse("cases.record", args=[opened, 99]),
        "?section=social",
    ):
        assert link in page
    with counting() as asked:
        read(jemal, address)
    assert len(asked) <= 12, asked


def test_a_solution_that_changed_meanwhile_is_not_signed_unread(actor, opened, prepare, allow):
    prepare()
    seen = allow(ground="x").version
    prepare()
    allow(ground="Another aunt.")
    with pytest.raises(Stale):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"), seen=seen)
    assert not Signature.objects.exists()


def test_with_an_open_condition_only_a_supervisor_decides_and_writes_why(
    actor, opened, aunt, cast, prepare, decide, allow
):
    prepare()
    with pytest.raises(PersonFacingError, match="Not every condition is met"):
        decide()
    with pytest.raises(PersonFacingError, match="Not every condition is met"):
        solving.decide(opened, on=TODAY, actor=actor("aman"))
    for name in ("jemal", "ogulgerek"):
        with pytest.raises(Refused):
            allow(by=name)
    decided = allow(ground="The centre closes tomorrow.")
    assert decided.author == cast["aman"]
    assert open_sealed(decided, "content")["ground"] == "The centre closes tomorrow."
    documents = all_there(opened, aunt, cast)
    prepare(documents=documents)
    with pytest.raises(PersonFacingError, match="Every condition is met"):
        allow()
    assert decide().state == "decided"


def test_the_page_says_what_is_open_and_who_can_allow_it(browse, prepare, opened):
    prepare()
    address, allow = (reverse(f"monitoring.{name}", args=[opened]) for name in ("decide_solution", "allow_solution"))
    page = read(browse("jemal"), address)
    assert "Not every condition is met: Best interests determination" in page
    assert "Only a supervisor may allow it with an open condition: Aman" in page
    assert allow not in page
    assert browse("jemal").get(allow).status_code == 403
    assert allow in read(browse("aman"), address)
    assert allow in read(browse("aman"), reverse("monitoring.solution", args=[opened]))


def test_a_suspect_is_no_carer_whatever_the_ground(actor, opened, aunt, uncle, prepare, allow):
    with pytest.raises(solving.CarerIsSuspect):
        prepare(carer=uncle.pk.hex)
    with pytest.raises(solving.CarerIsSuspect):
        prepare(kind="alternative_care", carer="", carer_words="Orazow Merdan")
    prepare()
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    with pytest.raises(solving.CarerIsSuspect):
        allow(ground="There is nobody else.")
    assert Solution.objects.count() == 1


def test_a_carer_who_becomes_a_suspect_later_raises_a_flag_and_signs_nothing(
    actor, browse, opened, aunt, prepare, allow
):
    prepare()
    allow(ground="x")
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


def test_both_ends_sign_each_once_with_what_is_still_open(actor, opened, prepare, allow):
    with pytest.raises(PersonFacingError, match="No solution is decided"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, actor=actor("bahar"))
    prepare()
    allow(ground="x")
    with pytest.raises(PersonFacingError, match="Write why something"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything()[1:], actor=actor("bahar"))
    solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"))
    with pytest.raises(PersonFacingError, match="signed already"):
        solving.sign(opened, end="leaving", **EVERYTHING_SIGNED, done=everything(), actor=actor("bahar"))
    solving.sign(opened, end="receiving", **EVERYTHING_SIGNED, left_out="The school, by Monday.", actor=actor("jemal"))
    assert Signature.objects.count() == 2


def test_days_that_cannot_be_are_refused(prepare, decide, allow):
    prepare()
    with pytest.raises(PersonFacingError, match="not come yet"):
        allow(on=date(2026, 12, 1), ground="x")
    with pytest.raises(PersonFacingError, match="not born"):
        decide(on=date(2010, 1, 1))


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
    aman, allow = browse("aman"), reverse("monitoring.allow_solution", args=[opened])
    assert "This field" in aman.post(allow, {"on": "2026-11-24", "seen": "1"}).content.decode()
    assert aman.post(allow, {"on": "2026-11-24", "seen": "1", "ground": "Fire."}).status_code == 302
    sign = reverse("monitoring.sign_transition", args=[opened])
    signed = {
        "end": "leaving",
        "name": "Bahar",
        "capacity": "centre",
        "on": "2026-11-24",
        "done": everything(),
        "seen": "2",
    }
    assert bahar.post(sign, signed).status_code == 302
    page = read(jemal, reverse("monitoring.solution", args=[opened]))
    for told in (
        "Home to the family",
        "Ogulnabat",
        "Maral goes along.",
        "Fire.",
        "other end has not signed",
        "unverified",
    ):
        assert told in page


def test_a_carer_in_words_who_is_like_a_suspect_of_since_then_is_no_home(actor, opened, prepare, allow):
    prepare(kind="alternative_care", carer="", carer_words="Orazow Merdan")
    row = persons.record_person(opened, name="Merdan Orazow", relation="relative", actor=actor("jemal"))
    persons.suspect(opened, person=row, reason="He sold the ticket.", actor=actor("jemal"))
    with pytest.raises(solving.CarerIsSuspect):
        allow(ground="There is nobody else.")
