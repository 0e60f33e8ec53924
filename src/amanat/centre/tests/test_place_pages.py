"""Pages of places and stays: the board tells only what its reader may know, forms keep what was typed, and no page costs more for more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.policy import Relation
from amanat.centre import board
from amanat.centre.actions.arranging import add_house, change_house
from amanat.centre.actions.placing import Arrival, wait
from amanat.centre.models import Bed, House, Room, Stay, StayState, Urgency
from amanat.centre.tests.housed import HOUSE, ROOM, a_house, a_room, beds_of, girl, let_in, stay_of
from amanat.directory.models import Location
from amanat.directory.tests.made import organization
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError

SEVERAL = 12


@pytest.fixture
def house(cast):
    return a_house(cast, capacity=40)


@pytest.fixture
def beds(cast, house):
    return beds_of(a_room(cast, house))


def test_the_board_names_a_child_only_to_who_may_know_of_it(cast, browse, case, beds):
    stay_of(case, beds[0], cast)
    for_manager = browse("jemal").get("/centre").content.decode()
    assert HOUSE in for_manager
    assert case.child.code_name in for_manager
    for_other = browse("ogulgerek").get("/centre").content.decode()
    assert "occupied" in for_other
    assert case.child.code_name not in for_other


def test_another_agency_sees_an_empty_board_of_its_own(browse, beds):
    page = browse("dowlet").get("/centre").content.decode()
    assert HOUSE not in page
    assert "No house is written down yet" in page
    assert browse("selbi").get("/centre").status_code == 404


def test_a_supervisor_writes_down_a_house_a_room_and_takes_a_bed_out_of_use(cast, browse):
    browser = browse("aman")
    browser.post("/centre/houses/add", {"name": HOUSE, "capacity": 4, "site": cast["aman"].site.pk.hex})
    house = House.objects.get()
    room = {"name": ROOM, "floor": 1, "purpose": "usual", "whom": "girls", "age_from": 10, "age_to": 8, "beds": 2}
    refused = browser.post(f"/centre/houses/{house.pk}/rooms/add", room)
    assert "The ages are in the wrong order." in refused.content.decode()
    browser.post(f"/centre/houses/{house.pk}/rooms/add", room | {"age_to": 17})
    bed = Bed.objects.get(number=2)
    browser.post(f"/centre/houses/{house.pk}/beds/{bed.pk}", {"out_from": "2026-11-24"})
    assert "out of use" in browser.get(f"/centre/houses/{house.pk}").content.decode()
    browser.post(f"/centre/houses/{house.pk}/rooms/{Room.objects.get().pk}", room | {"age_to": 17, "beds": 1})
    assert Bed.objects.count() == 1
    changed = {"name": "House of the swallow", "capacity": 2, "closed": "on"}
    browser.post(f"/centre/houses/{house.pk}/change", changed)
    assert "out of use" in browser.get("/centre/houses").content.decode()


def test_a_house_says_what_it_is_for_and_each_floor_and_bed_for_whom(cast, browse):
    browser = browse("aman")
    browser.post("/centre/houses/add", {"name": HOUSE, "capacity": 4, "about": "The first nights"})
    house = House.objects.get()
    a_room(cast, house, floor=0, whom="girls", age_from=10, age_to=14)
    upstairs = a_room(cast, house, floor=1, purpose="mother_baby", beds=1)
    page = browser.get(f"/centre/houses/{house.pk}").content.decode()
    for told in ("The first nights", "usual room, girls", "mother with baby, girls or boys", "10–14"):
        assert told in page
    [bed] = beds_of(upstairs)
    assert "mother with baby" in browser.get(f"/centre/houses/{house.pk}/beds/{bed.pk}").content.decode()
    assert 'value="The first nights"' in browser.get(f"/centre/houses/{house.pk}/change").content.decode()
    browser.post(f"/centre/houses/{house.pk}/change", {"name": HOUSE, "capacity": 4})
    assert "The first nights" not in browser.get(f"/centre/houses/{house.pk}").content.decode()


@pytest.mark.parametrize("theirs", [True, False])
def test_a_house_stands_at_a_confidential_place_of_its_agency_alone(cast, theirs):
    of = organization("Theirs", cast["dowlet"].agency) if theirs else organization("Ours", cast["aman"].agency)
    place = Location.objects.create(organization=of, name="A house", is_confidential=theirs)
    with pytest.raises(PersonFacingError, match="another agency’s" if theirs else "is not confidential") as told:
        add_house(name=HOUSE, capacity=2, location=place, actor=cast.actor("aman"))
    assert told.value.field == "location"
    with pytest.raises(PersonFacingError):
        change_house(a_house(cast), name=HOUSE, capacity=2, about="", location=place, actor=cast.actor("aman"))
    assert not House.objects.exclude(location=None).exists()


def test_the_most_urgent_stands_first_and_of_one_urgency_who_waits_longest(cast, browse, register):
    asked = [("Late", Urgency.LATER), ("Days", Urgency.DAYS), ("Tonight", Urgency.TONIGHT), ("Too", Urgency.TONIGHT)]
    for number, (name, urgency) in enumerate(asked):
        moment = cast.now + timedelta(minutes=number)
        wait(girl(register, name), urgency=urgency, actor=cast.actor("jemal", moment))
    lines = board.waiting(cast.actor("jemal"), "")["lines"]
    listed = [open_sealed(line.stay.case.child, "identity")["names"][0]["given"] for line, _house in lines]
    assert listed == ["Tonight", "Too", "Days", "Late"]


def test_a_child_is_admitted_on_its_file_and_the_bed_that_is_gone_is_told_with_the_next_best(
    cast, browse, case, register, beds
):
    browser = browse("jemal")
    address = reverse("centre.admit", args=[case])
    page = browser.get(address).content.decode()
    assert f"{HOUSE}, {ROOM}, bed 1" in page
    stay_of(girl(register), beds[0], cast)
    sent = {"bed": beds[0].pk.hex, "on": "2026-11-24", "urgent": "hunger", "things": "Coat\n\nPhone", "words": "Shy."}
    told = browser.post(address, sent).content.decode()
    assert "Somebody sleeps here on that day." in told
    assert f"The next best one: {HOUSE}, {ROOM}, bed 2." in told
    assert "Shy." in told
    answer = browser.post(address, sent | {"bed": beds[1].pk.hex}, follow=True).content.decode()
    assert "The child has the bed." in answer
    assert f"{ROOM}, bed 2" in answer
    assert "Phone" in browser.get(reverse("centre.receipt", args=[case])).content.decode()


def test_beds_are_shown_for_another_day_and_other_needs_without_an_address_that_tells_them(browse, case, beds):
    browser, address = browse("jemal"), reverse("centre.admit", args=[case])
    assert 'method="get"' not in browser.get(address).content.decode().partition("<main")[2]
    sent = {"on": "2026-11-26", "needs": ["baby"], "words": "Shy.", "show": "1"}
    answer = browser.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is no place for a baby in this room." in page
    assert "Choose a bed." not in page
    assert "Shy." in page
    assert 'value="2026-11-26"' in page
    assert not Stay.objects.exists()


def test_the_way_of_a_stay_by_its_pages(cast, browse, case, register, beds):
    browser = browse("jemal")
    stay = stay_of(case, beds[0], cast, arrival=Arrival(things=["Coat"]))
    section = browser.get(f"/cases/{case.pk.hex}?section=centre").content.decode()
    for form in ("centre_intake", "centre_exit"):
        assert reverse("cases.fill_form", args=[case, form]) in section
    assert reverse("centre.admit", args=[case]) not in section  # who has a bed moves
    assert stay.number in section

    def send(page: str, **told: object) -> str:
        address = reverse(f"centre.{page}", args=[case])
        assert browser.get(address).status_code == 200
        version = Stay.objects.get(case=case).version
        return browser.post(address, {"seen": version} | told, follow=True).content.decode()

    assert "The child has the bed." in send("move", bed=beds[1].pk.hex)
    assert "The stay is extended." in send("extend", last_day="2026-12-24", ground="plan", words="More time.")
    assert "the child is out" in send("go_out", where="School", back_by="2026-11-24T18:00")
    assert "The child is back." in send("go_out", words="Well.")
    assert "The list is kept." in send("belongings", things="Coat\nBook")
    told = browser.post(
        reverse("centre.missing", args=[case]),
        {"since": "2026-11-24T14:00", "words": "Gone.", "done": "looked"},
        follow=True,
    ).content.decode()
    assert "The child is missing" in told
    assert "The child is missing" in browser.get(f"/cases/{case.pk.hex}").content.decode()
    assert "To be found or reported by" in browser.get(reverse("centre.missing", args=[case])).content.decode()
    assert "It is kept." in send("missing", done=["looked", "police"], words="Seen at the bus.")
    assert "It is good that the child was found." in send("found", at="2026-11-24T14:00", words="Tired.")
    assert "the bed is free" in send("end", ended_as="family", at="2026-11-24T14:00", to="An aunt", returned=["1", "2"])
    assert Stay.objects.get().state == StayState.ENDED
    assert "to the family" in browser.get(f"/cases/{case.pk.hex}?section=centre").content.decode()
    assert browser.get(reverse("centre.stay", args=[case])).status_code == 200
    assert browser.get(reverse("centre.receipt", args=[case])).status_code == 200


def test_waiting_by_its_pages(cast, browse, case):
    browser = browse("jemal")
    sent = {
        "seen": 0,
        "urgency": 0,
        "words": "Sleeps at a station.",
        "comes_on": "2026-11-25",
        "needs": ["observation"],
    }
    told = browser.post(reverse("centre.wait", args=[case]), sent, follow=True).content.decode()
    assert "stands on the waiting list" in told
    assert case.child.code_name in browser.get("/centre/waiting").content.decode()
    for_other = browse("sona").get("/centre/waiting").content.decode()
    assert "A child whose file is not open to you" in for_other
    assert "Sleeps at" in browser.get(reverse("centre.admit", args=[case])).content.decode()
    again = browser.post(reverse("centre.wait", args=[case]), sent | {"urgency": 2}).content.decode()
    assert "Look at what has changed" in again
    assert Stay.objects.get().urgency == 0
    browser.post(reverse("centre.take_off", args=[case]), {"words": "An aunt took her."})
    assert Stay.objects.get().state == StayState.WITHDRAWN


def test_apart_by_its_pages(cast, browse, case, register, beds):
    other = girl(register)
    stay_of(other, beds[0], cast)
    for each in (case, other):  # of a child whom she may not know she learns nothing: see test_staying
        let_in(cast, "ogulgerek", Relation.PSYCHOLOGIST, each)
    browser = browse("ogulgerek")
    address = reverse("centre.keep_apart", args=[case])
    assert "has this code name" in browser.post(address, {"other_child": "Nobody", "why": "x"}).content.decode()
    told = browser.post(address, {"other_child": other.child.code_name, "why": "She recruited her."}, follow=True)
    assert "She recruited her." in told.content.decode()
    assert "kept apart" in browse("jemal").get(reverse("centre.admit", args=[case])).content.decode()
    lift = reverse("centre.lift_apart", args=[case, case.kept_apart.get().pk])
    browser.post(lift)
    assert case.kept_apart.get().lifted_at


def test_no_page_costs_more_with_more_children(cast, browse, case, register, house, beds):
    browser = browse("jemal")
    there = girl(register, "Ogul")
    stay_of(there, beds[0], cast)
    wait(case, actor=cast.actor("jemal"))
    addresses = ["/centre", "/centre/waiting", f"/cases/{there.pk.hex}", f"/cases/{there.pk.hex}?section=centre"]
    addresses += [reverse(f"centre.{page}", args=[case]) for page in ("admit", "wait", "stay")]
    addresses += [reverse(f"centre.{page}", args=[there]) for page in ("move", "stay", "end", "missing", "keep_apart")]
    browser.get("/account")
    few = [_cost(browser, address) for address in addresses]
    more = beds_of(a_room(cast, house, name="Rose", beds=SEVERAL))
    for number, bed in enumerate(more):
        stay_of(girl(register, f"Girl {number}"), bed, cast, why="Now.")
        wait(girl(register, f"Waits {number}"), actor=cast.actor("jemal"))
    many = [_cost(browser, address) for address in addresses]
    assert few == many
    assert max(many) <= 12, dict(zip(addresses, many, strict=True))
    page = browser.get("/centre").content.decode()
    assert page.count("bed-tonight") == SEVERAL + 2


def _cost(browser, address) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
    return len([one for one in asked.captured_queries if not one["sql"].startswith(control)])


def test_the_board_draws_the_next_days(cast, browse, case, register, beds):
    today = cast.now.date()
    stay_of(case, beds[0], cast, until=today + timedelta(days=4))
    stay_of(girl(register), beds[0], cast, on=today + timedelta(days=10))
    page = browse("jemal").get("/centre").content.decode()
    for cell in ('span-taken" colspan="5"', 'span-free" colspan="5"', 'span-kept" colspan="20"'):
        assert cell in page


def test_of_a_child_whom_one_may_not_know_the_board_says_only_that_a_bed_is_taken(cast, browse, case, beds):
    stay = stay_of(case, beds[0], cast)
    Stay.objects.filter(pk=stay.pk).update(state=StayState.MISSING, planned_until=cast.now.date() - timedelta(days=1))
    told, hidden = browse("jemal").get("/centre").content.decode(), browse("ogulgerek").get("/centre").content.decode()
    assert "last day has passed" in told
    assert "missing" in told
    assert "last day has passed" not in hidden
    assert "missing" not in hidden
