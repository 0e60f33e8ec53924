"""A whole caseload goes to a colleague when somebody leaves: what passed, what stayed and why, one log entry a child."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Conflict, Grant
from amanat.access.policy import Relation, Verb
from amanat.audit.models import Entry
from amanat.cases.actions import writing
from amanat.cases.actions.handing import NotInAgency
from amanat.cases.actions.passing_on import hand_over_caseload
from amanat.cases.models import Case, Task
from amanat.cases.tests.looking import bring_in, counting, many, read
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import HARBOUR

pytestmark = pytest.mark.django_db
ADDRESS = "/caseload/hand-over"


def pass_on(cast, by="aman", leaver="jemal", to="merdan"):
    return hand_over_caseload(cast[leaver], to=cast[to], reason="Leaves.", actor=cast.actor(by))


def test_everything_passes_to_the_colleague_and_nothing_stays_with_who_leaves(cast, actor):
    cases = many(cast, 3)
    result = pass_on(cast)
    assert {case.pk for case in result} == {case.pk for case in cases}
    for case in cases:
        assert open_file(actor("merdan"), case).relations == {Relation.CASE_MANAGER}
        assert not open_file(actor("jemal"), case).exists


def test_there_is_one_log_entry_for_each_child(cast):
    cases = many(cast, 3)
    pass_on(cast)
    logged = Entry.objects.filter(verb=Verb.CASE_BULK_HAND_OVER).values_list("subject", flat=True)
    assert set(logged) == {case.subject_id for case in cases}


def test_what_was_to_be_done_goes_along(cast, actor, case):
    task = writing.flag(case, text="Call.", due=cast.now + timedelta(days=1), actor=actor("jemal"))
    pass_on(cast)
    assert Task.objects.get(pk=task.pk).owner == cast["merdan"]


def test_a_conflict_of_the_colleague_keeps_the_case_where_it_is_and_says_so(cast, actor, browse, case, register):
    other = register()
    keep_out(cast, case, "merdan")
    answer = browse("aman").post(ADDRESS, {"leaver": cast["jemal"].pk, "to": cast["merdan"].pk, "reason": "Leaves."})
    page = answer.content.decode()
    assert "1 child passed from Jemal to Merdan." in page
    assert "Stayed where they were" in page
    assert "A conflict is recorded." in page
    assert open_file(actor("jemal"), case).exists
    assert open_file(actor("merdan"), other).exists
    assert not open_file(actor("merdan"), case).exists


def test_a_role_that_cannot_take_the_place_leaves_it(cast, case):
    result = pass_on(cast, to="ogulgerek")
    assert result.passed == []
    assert [str(each.why) for each in result.stayed] == ["The colleague's role can't take this place."]


def test_a_colleague_who_stands_in_the_circle_as_social_worker_stands_in_it_once_afterwards(cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    pass_on(cast)
    assert Grant.objects.get(membership=cast["merdan"], until=None).relation == Relation.CASE_MANAGER


def test_a_supervisor_who_is_kept_out_of_a_file_neither_counts_nor_moves_it(cast, browse, case, register):
    register()
    keep_out(cast, case, "aman")
    assert "Jemal, social worker: 1 child<" in read(browse("aman"), ADDRESS)
    result = pass_on(cast)
    assert case.pk not in {one.pk for one in result.passed}
    assert result.stayed == []
    assert Grant.objects.get(subject=case.subject, until=None).membership == cast["jemal"]


def test_places_in_files_of_other_agencies_pass_with_their_consent_but_without_a_code_name(cast, actor, browse, case):
    bring_in(case, cast, "selbi", Relation.LAWYER)
    second = type(cast["selbi"])(
        user=cast["tamara"].user, agency=cast["selbi"].agency, role="lawyer", since=cast.now - timedelta(days=1)
    )
    second.save()
    page = (
        browse("elena")
        .post(ADDRESS, {"leaver": cast["selbi"].pk, "to": second.pk, "reason": "Leaves."})
        .content.decode()
    )
    assert "1 of the children has a file of another agency" in page
    assert case.child.code_name not in page
    new = Grant.objects.get(membership=second)
    assert new.consent is not None
    assert new.consent.recipient.name == HARBOUR


def test_who_left_or_is_suspended_can_still_be_relieved(cast, browse, case):
    cast["jemal"].until = cast.now
    cast["jemal"].save()
    assert "Jemal, social worker: 1 child" in read(browse("aman"), ADDRESS)
    assert len(pass_on(cast).passed) == 1


def test_the_colleague_must_work_there_and_be_somebody_else(cast, case):
    with pytest.raises(NotInAgency):
        pass_on(cast, to="dowlet")
    with pytest.raises(PersonFacingError, match="somebody else"):
        pass_on(cast, to="jemal")
    cast["merdan"].user.is_active = False
    cast["merdan"].user.save()
    with pytest.raises(PersonFacingError, match="does not work there"):
        pass_on(cast)


def test_another_agencys_supervisor_passes_nothing(cast, case):
    with pytest.raises(NotInAgency):
        pass_on(cast, by="elena")


@pytest.mark.parametrize("name", ["jemal", "kerim", "viktor", "irina"])
def test_only_a_supervisor_may(cast, browse, case, name):
    assert browse(name).get(ADDRESS).status_code == 404
    with pytest.raises(Refused):
        pass_on(cast, by=name)


def test_it_asks_to_sign_in_again_first(browse, case):
    answer = browse("aman", proved=False).get(ADDRESS)
    assert answer.status_code == 302
    assert reverse("account_reauthenticate") in answer.url


def test_thirty_children_cost_as_many_queries_as_three(cast):
    many(cast, 3)
    with counting() as few:
        pass_on(cast)
    many(cast, 30)
    with counting() as lots:
        assert len(pass_on(cast).passed) == 30
    assert len(lots) == len(few)


def test_every_timeline_says_that_the_case_was_handed_over(cast, case):
    pass_on(cast)
    assert Case.objects.get(pk=case.pk).events.filter(kind="handed_over").count() == 1


def keep_out(cast, case, name):
    Conflict.objects.create(subject=case.subject, user=cast[name].user, recorded_by=cast["irina"], recorded_at=cast.now)
