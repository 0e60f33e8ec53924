"""A person with a conflict of interest finds nothing, at any address, by any question; and the case never lacks a manager."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file, visible_to
from amanat.access.models import Conflict, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import emergency, guarding, writing
from amanat.cases.actions.guarding import ManagerNeeded
from amanat.cases.known import ask_elsewhere, in_own_circle
from amanat.cases.models import Case, Event, EventKind, Task
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.web.errors import PersonFacingError
from tests.cast import CONTACTS, IDENTITY

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(case):
    return reverse("cases.record_conflict", args=[case])


def record(cast, case, name, by="aman", **more):
    return guarding.record_conflict(case, user=cast[name].user, reason="Cousin.", actor=cast.actor(by), **more)


def test_a_person_is_found_by_name_in_any_script(cast, browse, case, address):
    cast["merdan"].user.display_name = "Мердан Атаев"
    cast["merdan"].user.save()
    answer = browse("jemal").post(address, {"name": "merdan", "part": "whole", "reason": "Cousin of the suspect."})
    assert answer.url == reverse("cases.conflicts", args=[case])
    assert Conflict.objects.get().user == cast["merdan"].user


def test_several_of_one_name_are_offered_with_where_they_work(cast, browse, address):
    for name in ("merdan", "dowlet"):
        cast[name].user.display_name = "Merdan Ataýew"
        cast[name].user.save()
    page = browse("jemal").post(address, {"name": "Merdan", "part": "whole", "reason": "Cousin."}).content.decode()
    assert "Several people have this name. Choose one." in page
    assert "social worker, Harbour Legal Aid" in page
    browse("jemal").post(
        address, {"name": "Merdan", "part": "whole", "user": str(cast["dowlet"].user.pk), "reason": "Cousin."}
    )
    assert Conflict.objects.get().user == cast["dowlet"].user


def test_an_unknown_name_is_said_beside_the_field(browse, address):
    page = browse("jemal").post(address, {"name": "Nobody", "part": "whole", "reason": "x"}).content.decode()
    assert "Nobody of this name works in the network." in page
    assert not Conflict.objects.exists()


def test_the_suspects_friend_finds_nothing_at_any_address(cast, actor, browse, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    missing = browse("merdan").get(reverse("cases.file", args=[Case()]))
    record(cast, case, "merdan")
    for name in ("file", "circle", "consents", "conflicts", "bring_in", "hand_over", "note", "who_looked"):
        answer = browse("merdan").get(reverse(f"cases.{name}", args=[case]))
        assert answer.status_code == 404, name
        assert stripped(answer) == stripped(missing)


def stripped(answer) -> str:
    """The page without what differs each time: form tokens."""
    return "\n".join(line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line)


def test_lists_counts_and_questions_do_not_know_the_file_either(cast, actor, browse, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    record(cast, case, "merdan")
    merdan = actor("merdan")
    assert not visible_to(merdan, Case.objects.all()).exists()
    assert case.child.code_name not in read(browse("merdan"), reverse("cases.caseload"))
    assert in_own_circle(IDENTITY, CONTACTS, merdan) == []
    assert ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=merdan).elsewhere == []
    with pytest.raises(emergency.NothingFound):
        emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=merdan)


def test_a_brothers_file_does_not_lead_to_the_closed_one(cast, actor, browse):
    from amanat.cases.actions.registering import NewChild, register

    children = [NewChild({"names": [{"given": name}]}, family="f") for name in ("Aylar", "Begenç")]
    hers, his = register(children, actor=actor("jemal"))
    bring_in(his, cast, "merdan", Relation.SOCIAL_WORKER)
    bring_in(hers, cast, "merdan", Relation.SOCIAL_WORKER)
    record(cast, hers, "merdan")
    page = read(browse("merdan"), reverse("cases.file", args=[his]))
    assert hers.child.code_name not in page
    assert "Aylar" not in page


def test_the_page_names_the_siblings_on_whose_files_it_may_have_to_stand_too(cast, actor, browse):
    from amanat.cases.actions.registering import NewChild, register

    children = [NewChild({"names": [{"given": name}]}, family="f") for name in ("Aylar", "Begenç")]
    hers, his = register(children, actor=actor("jemal"))
    page = read(browse("jemal"), reverse("cases.conflicts", args=[hers]))
    assert reverse("cases.conflicts", args=[his]) in page


def test_the_file_needs_a_new_manager_in_the_same_step_if_it_is_about_the_manager(cast, actor, browse, case, address):
    with pytest.raises(ManagerNeeded):
        record(cast, case, "jemal")
    assert not Conflict.objects.exists()
    page = browse("aman").post(address, {"name": "Jemal", "part": "whole", "reason": "Cousin."}).content.decode()
    assert "This person is the case manager. Choose who takes the case over." in page
    answer = browse("aman").post(
        address, {"name": "Jemal", "part": "whole", "to": cast["merdan"].pk, "reason": "Cousin."}
    )
    assert answer.status_code == 302
    assert Grant.objects.get(relation=Relation.CASE_MANAGER, until=None).membership == cast["merdan"]
    assert not open_file(actor("jemal"), case).exists


def test_the_data_protection_officer_can_do_it_where_the_supervisor_would_not(cast, actor, case):
    record(cast, case, "jemal", by="kerim", to=cast["merdan"])
    assert Grant.objects.get(relation=Relation.CASE_MANAGER, until=None).membership == cast["merdan"]


def test_the_new_manager_may_not_be_the_person_or_somebody_of_another_agency(cast, case):
    for name in ("jemal", "dowlet"):
        with pytest.raises(PersonFacingError):
            record(cast, case, "jemal", to=cast[name])
    assert not Conflict.objects.exists()
    assert Grant.objects.get(until=None).membership == cast["jemal"]


def test_the_timeline_says_that_there_is_a_new_manager_and_not_why(cast, actor, case):
    record(cast, case, "jemal", to=cast["merdan"])
    event = Event.objects.select_related("subject").get(kind=EventKind.ASSIGNED)
    assert open_file(actor("merdan"), case).open(event, "note") == {"to": "Merdan"}


def test_what_they_had_to_do_falls_to_the_case_manager(cast, actor, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    task = writing.flag(
        case, text="Test.", due=cast.now + timedelta(days=1), owner=cast["ogulgerek"], actor=actor("jemal")
    )
    record(cast, case, "ogulgerek")
    assert Task.objects.get(pk=task.pk).owner == cast["jemal"]


def test_an_emergency_access_that_they_have_open_ends_at_once(cast, actor, case):
    emergency.open_emergency(code_name=case.child.code_name, reason="Danger.", actor=actor("dowlet"))
    record(cast, case, "dowlet")
    assert not Grant.objects.active(cast.now).filter(membership=cast["dowlet"]).exists()


def test_a_conflict_on_one_part_closes_that_part(cast, actor, browse, case, address):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    browse("jemal").post(address, {"name": "Ogulgerek", "part": "safety", "reason": "Neighbour."})
    file = open_file(actor("ogulgerek"), case)
    assert file.exists
    assert not file.sees(Part.SAFETY)


def test_who_may_record_reads_who_is_kept_out_and_only_the_officer_reads_why(cast, browse, case):
    record(cast, case, "merdan")
    address = reverse("cases.conflicts", args=[case])
    for name in ("jemal", "aman"):
        page = read(browse(name), address)
        assert "Merdan" in page
        assert "Cousin." not in page
    assert "Cousin." in read(browse("kerim"), address)


def test_the_rest_of_the_circle_does_not_read_it(cast, browse, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    assert browse("ogulgerek").get(reverse("cases.conflicts", args=[case])).status_code == 403


def test_nobody_records_or_lifts_their_own(cast, actor, case):
    with pytest.raises(PersonFacingError, match="your own conflict"):
        record(cast, case, "jemal", by="jemal")
    own = Conflict.objects.create(
        subject=case.subject, user=cast["aman"].user, part="plan", recorded_by=cast["jemal"], recorded_at=cast.now
    )
    with pytest.raises(PersonFacingError, match="lifts their own"):
        guarding.lift_conflict(case, conflict=own, reason="x", actor=actor("aman"))


def test_lifting_needs_a_fresh_sign_in_and_gives_no_place_back(cast, actor, browse, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    conflict = record(cast, case, "merdan")
    address = reverse("cases.lift_conflict", args=[case, conflict.pk])
    assert browse("aman", proved=False).get(address).status_code == 302
    assert browse("jemal").get(address).status_code == 403
    browse("aman").post(address, {"reason": "A mistake in the name."})
    assert not Conflict.objects.filter(lifted_at=None).exists()
    assert not open_file(actor("merdan"), case).exists
    assert browse("aman").get(address).status_code == 404


def test_the_same_conflict_is_recorded_once(cast, case):
    record(cast, case, "merdan")
    for part in ("", "safety"):
        with pytest.raises(PersonFacingError, match="recorded already"):
            record(cast, case, "merdan", part=part)


def test_the_pages_ask_at_most_twelve_times(cast, browse, case, address):
    for name in ("merdan", "dowlet", "sona"):
        record(cast, case, name)
    client = browse("jemal")
    for page in (reverse("cases.conflicts", args=[case]), address):
        read(client, page)
        with counting() as asked:
            read(client, page)
        assert len(asked) <= 12
