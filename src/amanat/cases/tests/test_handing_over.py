"""One case manager at all times: assigning, handing over, taking out, and what there is to do goes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.actions import guarding, handing, writing
from amanat.cases.actions.handing import NotInAgency
from amanat.cases.circle import CannotJoin
from amanat.cases.models import Case, Task
from amanat.cases.tests.looking import bring_in, read
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db


def manager(case: Case) -> str:
    return Grant.objects.get(subject=case.subject, relation=Relation.CASE_MANAGER, until=None).membership.user.username


def sent(case: Case, to, **more) -> dict[str, object]:
    return {"to": to.pk, "reason": "Leave.", "seen": case.version} | more


def test_who_hands_over_leaves_the_file_and_lands_in_the_caseload(cast, actor, browse, case):
    address = reverse("cases.hand_over", args=[case])
    assert "You leave the circle of care" in read(browse("jemal"), address)
    answer = browse("jemal").post(address, sent(case, cast["merdan"]))
    assert answer.url == reverse("cases.caseload")
    assert manager(case) == "merdan"
    assert not open_file(actor("jemal"), case).exists
    assert browse("jemal").get(address).status_code == 404


def test_who_is_followed_by_an_assigned_manager_stays_as_social_worker(cast, actor, browse, case):
    answer = browse("aman").post(reverse("cases.assign", args=[case]), sent(case, cast["merdan"]))
    assert answer.url == reverse("cases.circle", args=[case])
    assert manager(case) == "merdan"
    assert open_file(actor("jemal"), case).relations == {Relation.SOCIAL_WORKER}


def test_a_case_whose_manager_has_left_the_agency_can_be_assigned(cast, actor, case):
    cast["jemal"].until = cast.now
    cast["jemal"].save()
    handing.assign(case, to=cast["merdan"], reason="She left.", actor=actor("aman"))
    assert manager(case) == "merdan"
    assert not Grant.objects.filter(membership=cast["jemal"], until=None).exists()


def test_a_social_worker_of_the_circle_who_becomes_manager_stands_in_it_once(cast, actor, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    handing.hand_over(case, to=cast["merdan"], reason="Leave.", actor=actor("jemal"))
    assert Grant.objects.filter(membership=cast["merdan"], until=None).count() == 1


def test_only_those_who_can_manage_a_case_of_this_agency_are_offered(cast, browse, case):
    page = read(browse("jemal"), reverse("cases.hand_over", args=[case]))
    assert "Merdan" in page
    assert "Nurana" in page  # hotline operator
    for name in ("Ogulgerek", "Dowlet", "Viktor"):
        assert name not in page


def test_another_agencys_worker_cannot_be_handed_the_case(cast, actor, case):
    with pytest.raises(NotInAgency):
        handing.hand_over(case, to=cast["dowlet"], reason="x", actor=actor("jemal"))


def test_somebody_kept_out_cannot_be_handed_the_case(cast, actor, case):
    guarding.record_conflict(case, user=cast["merdan"].user, reason="Cousin.", actor=actor("aman"))
    with pytest.raises(CannotJoin):
        handing.hand_over(case, to=cast["merdan"], reason="x", actor=actor("jemal"))
    assert manager(case) == "jemal"


def test_handing_over_to_oneself_is_refused_in_words(cast, actor, case):
    with pytest.raises(CannotJoin, match="is the case manager already"):
        handing.hand_over(case, to=cast["jemal"], reason="x", actor=actor("jemal"))


def test_what_the_manager_had_to_do_falls_to_the_next_one(cast, actor, case):
    task = writing.flag(case, text="Call.", due=cast.now + timedelta(days=1), actor=actor("jemal"))
    handing.hand_over(case, to=cast["merdan"], reason="Leave.", actor=actor("jemal"))
    assert Task.objects.get(pk=task.pk).owner == cast["merdan"]


def test_two_who_hand_over_at_once_meet_in_the_form(cast, browse, case):
    address = reverse("cases.hand_over", args=[case])
    old = case.version
    browse("aman").post(address, sent(case, cast["merdan"]))
    answer = browse("aman").post(address, sent(case, cast["nurana"], seen=old))
    assert answer.status_code == 200
    assert "Somebody else changed this" in answer.content.decode()
    assert manager(case) == "merdan"


def test_whoever_is_taken_out_sees_nothing_from_then_on_and_their_tasks_stay_with_the_manager(
    cast, actor, browse, case
):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    task = writing.flag(
        case, text="Test.", due=cast.now + timedelta(days=1), owner=cast["ogulgerek"], actor=actor("jemal")
    )
    address = reverse("cases.take_out", args=[case, cast["ogulgerek"].pk])
    assert "will not see this file any more" in read(browse("jemal"), address)
    answer = browse("jemal").post(address, {"reason": "Done."})
    assert answer.url == reverse("cases.circle", args=[case])
    assert not open_file(actor("ogulgerek"), case).exists
    assert Task.objects.get(pk=task.pk).owner == cast["jemal"]


def test_the_case_managers_place_is_handed_over_not_ended(cast, actor, browse, case):
    assert browse("aman").get(reverse("cases.take_out", args=[case, cast["jemal"].pk])).status_code == 404
    grant = Grant.objects.get(membership=cast["jemal"])
    with pytest.raises(PersonFacingError, match="Hand the case over first"):
        handing.take_out(case, grant=grant, reason="x", actor=actor("aman"))


def test_a_place_of_another_file_cannot_be_ended_from_here(cast, actor, case, register):
    other = register()
    bring_in(other, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    grant = Grant.objects.get(membership=cast["ogulgerek"])
    with pytest.raises(PersonFacingError, match="has left"):
        handing.take_out(case, grant=grant, reason="x", actor=actor("jemal"))
    assert Grant.objects.get(pk=grant.pk).until is None


def test_whoever_is_away_is_offered_with_the_day_on_which_they_are_back(cast, browse, case):
    merdan = cast["merdan"]
    merdan.away_from, merdan.away_until = cast.now - timedelta(days=1), cast.now + timedelta(days=5)
    merdan.save()
    page = read(browse("jemal"), reverse("cases.hand_over", args=[case]))
    assert "Merdan, social worker (away until 29.11.2026)" in page
