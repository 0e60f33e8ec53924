"""The network of a child: who is what, drawn and in a table, as far as its reader may know."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases.actions import persons, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Task
from amanat.cases.shown import Text
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.social.actions import ties
from amanat.social.models import Tie
from amanat.social.network import Mark, Node, Ring, around
from amanat.social.picture import SIZE, drawn
from amanat.social.tests.test_family import asked, assess
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes(case, actor):
    """Everybody whom jemal sees, by name."""

    def found(by="jemal"):
        return {node.name.text: node for node in around(open_file(actor(by), case))[0]}

    return found


def test_everybody_stands_in_a_ring_and_is_marked_for_what_they_are(case, actor, write_down, nodes):
    aunt = write_down()
    write_down("Gurban", "guardian")
    write_down("Batyr", "father", suspect=True)
    write_down("Ogulsona", "teacher")
    ties.place_person(case, person=aunt, ring="household", safe="yes", words="Calls every week.", actor=actor("jemal"))
    found = nodes()
    assert (found["Maral Orazowa"].ring, found["Maral Orazowa"].marks) == (Ring.HOUSEHOLD, (Mark.SAFE,))
    assert (found["Gurban"].ring, found["Gurban"].marks) == (Ring.FAMILY, (Mark.GUARDIAN,))
    assert (found["Batyr"].ring, found["Batyr"].mark) == (Ring.FAMILY, Mark.SUSPECT)
    assert (found["Ogulsona"].ring, found["Ogulsona"].is_placed) == (Ring.OTHERS, False)
    assert [node.ring for name, node in found.items() if name.startswith("Jemal")] == [Ring.PROFESSIONALS]


def test_the_page_draws_each_of_them_and_names_them_in_a_table(browse, case, write_down, actor):
    write_down("Batyr", "father", suspect=True)
    aunt = write_down()
    assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    page = read(browse("jemal"), reverse("social.around", args=[case]))
    assert len(re.findall(r'<g class="who \w+" transform', page)) == 3
    assert "Family assessed: Safe" in re.sub(r"\s+", " ", page)
    assert re.search(r'who suspect" transform="translate\([\d.]+ [\d.]+\)"', page)  # a point, whatever the language
    assert "Batyr" in page


def test_a_suspect_is_no_safe_person_and_stops_being_one_when_suspected(case, actor, write_down, nodes, browse):
    aunt, suspect = write_down(), write_down("Batyr", suspect=True)
    with pytest.raises(PersonFacingError, match="recorded as a suspect"):
        ties.place_person(case, person=suspect, ring="family", safe="yes", actor=actor("jemal"))
    assert 'name="safe"' not in read(browse("jemal"), reverse("social.place_person", args=[case, suspect.pk]))
    ties.place_person(case, person=aunt, ring="household", safe="yes", actor=actor("jemal"))
    assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    one = nodes()["Maral Orazowa"]
    assert (one.marks, one.family) == ((Mark.SUSPECT,), "")


def test_the_newest_word_on_a_person_holds_and_the_former_stays(browse, case, write_down, nodes, actor, cast):
    aunt = write_down()
    sent = {"ring": "household", "safe": "yes"}
    assert browse("jemal").post(reverse("social.place_person", args=[case, aunt.pk]), sent).status_code == 302
    later = actor("jemal", cast.now + timedelta(minutes=1))
    ties.place_person(case, person=aunt, ring="others", safe="unknown", actor=later)
    assert (nodes()["Maral Orazowa"].ring, nodes()["Maral Orazowa"].marks) == (Ring.OTHERS, ())
    assert Tie.objects.count() == 2


def test_brothers_and_sisters_in_care_stand_there_and_the_log_says_that_they_were_looked_at(browse, actor, cast):
    sisters = [NewChild({"names": [{"given": name, "family": "Test"}]}, family="f") for name in ("Aýna", "Jeren")]
    first, second = registering.register(sisters, actor=actor("jemal"))
    recorded = Entry.objects.filter(subject=second.subject, outcome="read")
    assert not recorded.exists()
    page = read(browse("jemal"), reverse("social.around", args=[first]))
    assert "Jeren" in page
    assert "sibling in care" in page
    assert recorded.exists()


def test_names_are_closed_to_who_sees_no_contacts(browse, case, write_down, cast):
    write_down()
    address = reverse("social.around", args=[case])
    assert browse("aman").get(address).status_code == 403
    assert browse("dowlet").get(address).status_code == 404
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    assert "Maral Orazowa" in read(browse("sona"), address)


def test_an_unknown_person_is_not_found(browse, case, write_down):
    address = reverse("social.place_person", args=[case, case.pk])
    assert browse("jemal").get(address).status_code == 404


def test_the_page_costs_the_same_with_two_people_and_with_twenty(browse, case, write_down, actor):
    jemal, costs = browse("jemal"), []
    for count in (2, 18):
        for number in range(count):
            one = write_down(f"Somebody{count}x{number}")
            ties.place_person(case, person=one, ring="family", safe="yes", actor=actor("jemal"))
        with counting() as queries:
            read(jemal, reverse("social.around", args=[case]))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


@settings(max_examples=40)
@given(rings=st.lists(st.sampled_from(list(Ring)), max_size=90))
def test_signs_never_lie_over_each_other_nor_outside_and_nobody_is_lost(rings):
    places = list(Ring)
    nodes = [Node(Text(str(number)), "", ring) for number, ring in enumerate(sorted(rings, key=places.index))]
    picture = drawn(nodes)
    if not nodes:
        assert picture is None
        return
    assert picture is not None
    assert len(picture.spots) + picture.left_out == len(nodes)
    for spot in picture.spots:
        assert 11 <= spot.x <= SIZE - 11
        assert 11 <= spot.y <= SIZE - 11
        assert nodes[int(spot.sign) - 1] is spot.node
    for place, one in enumerate(picture.spots):
        for other in picture.spots[place + 1 :]:
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > 20**2


def test_who_sees_contacts_and_no_safety_learns_neither_who_is_a_suspect_nor_who_is_safe(
    browse, case, cast, actor, write_down
):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts={Part.CONTACTS})
    write_down("Batyr", "father", suspect=True)
    aunt = write_down()
    ties.place_person(case, person=aunt, ring="household", safe="yes", actor=actor("jemal"))
    page = read(browse("selbi"), reverse("social.around", args=[case]))
    assert "Batyr" in page
    assert "badge-danger" not in page
    assert not re.search(r'<g class="who (suspect|safe)" transform', page)


def test_who_was_called_a_safe_person_is_to_be_replaced_once_they_are_a_suspect(case, actor, write_down):
    aunt, friend = write_down(), write_down("Selbi", "friend")
    for person, safe in ((aunt, "yes"), (friend, "unknown")):
        ties.place_person(case, person=person, ring="others", safe=safe, actor=actor("jemal"))
    persons.suspect(case, person=friend, reason="Took money.", actor=actor("jemal"))
    assert not any("safe person" in told for told in asked_to_decide())
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    assert any("safe person" in told for told in asked_to_decide())


def asked_to_decide():
    return [open_sealed(task, "text") for task in Task.objects.select_related("subject")]
