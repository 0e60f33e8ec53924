"""The whole case goes to another agency: by a yes alone, at once, and to one owner."""

from __future__ import annotations

import pytest

from amanat.access.consents import ConsentMissing
from amanat.access.files import open_file, visible_to
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import alerting, handing, writing
from amanat.cases.in_the_way import passing
from amanat.cases.models import Alert, AlertKind, Case, EventKind, Task, TaskKind
from amanat.people.models import DutyPlace, Look
from amanat.referrals.actions.answering import accept, decline, see
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.actions.taking_over import take_case
from amanat.referrals.agreeing import WHOLE
from amanat.referrals.models import Referral, State
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.recipients import NotSent
from amanat.referrals.sides import handed_over
from amanat.referrals.tests.network import agree, agree_to_all, ask, ask_for_all, fresh, left_to_do, sent, third
from amanat.web.errors import PersonFacingError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.fixture
def transfer(case, cast) -> Referral:
    agree_to_all(case, cast["dowlet"].agency, cast)
    return sent(case, cast, ask_for_all(cast["dowlet"].agency))[0]


def managers(case: Case, cast) -> list[object]:
    rows = Grant.objects.active(cast.now).filter(subject=case.subject, relation=Relation.CASE_MANAGER)
    return [grant.membership for grant in rows]


def test_before_the_yes_nothing_moves(case, cast, actor, transfer):
    see(transfer, actor=actor("dowlet"))
    case.refresh_from_db()
    assert (case.agency, managers(case, cast)) == (cast["jemal"].agency, [cast["jemal"]])
    assert not open_file(actor("dowlet"), case).exists


def test_a_whole_case_passes_by_a_consent_to_the_whole_and_by_no_less(case, cast, actor, transfer):
    assert set(transfer.parts) == {str(part) for part in WHOLE} >= {Part.IDENTITY, Part.HEALTH_FILE}
    third(cast)
    agree(case, cast["ayna"].agency, cast)
    with pytest.raises(ConsentMissing) as missing:
        sent(case, cast, ask_for_all(cast["ayna"].agency))
    assert Part.IDENTITY in missing.value.missing_parts
    Referral.objects.filter(pk=transfer.pk).update(parts=[])  # as one that was asked with nothing ticked
    Consent.objects.filter(pk=transfer.consent_id).update(parts=["facts"])
    with pytest.raises(ConsentMissing):
        take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    assert Case.objects.get(pk=case.pk).agency == cast["jemal"].agency


def test_nobody_pulls_a_case(case, cast, actor, transfer):
    third(cast)
    for name in ("jemal", "aman", "ayna", "irina"):
        with pytest.raises(Refused):
            take_case(fresh(transfer), to=cast["dowlet"], actor=actor(name))
    with pytest.raises(PersonFacingError, match="whole case"):
        accept(fresh(transfer), actor=actor("dowlet"))
    assert Case.objects.get(pk=case.pk).agency == cast["jemal"].agency


def test_with_the_yes_the_case_is_theirs_and_the_former_circle_is_out(case, cast, actor, transfer):
    jemal = actor("jemal")
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="Sleeps badly.", actor=jemal)
    task = writing.flag(case, text="Ring the school.", due=cast.now, owner=cast["ogulgerek"], actor=jemal)
    Look.objects.all().delete()
    take_case(fresh(transfer), to=cast["dowlet"], words="We know her.", actor=actor("elena"))
    case.refresh_from_db()
    assert (case.agency, managers(case, cast)) == (cast["dowlet"].agency, [cast["dowlet"]])
    assert open_file(actor("dowlet"), case).writes(Part.IDENTITY)
    assert open_file(actor("elena"), case).exists
    for name in ("jemal", "ogulgerek", "aman"):
        assert not open_file(actor(name), case).exists
        assert not visible_to(actor(name), Case.objects.all()).exists()
    assert Task.objects.get(pk=task.pk).owner == cast["dowlet"]
    assert case.events.filter(kind=EventKind.TRANSFERRED).count() == 1
    assert Look.objects.filter(user=cast["jemal"].user).exists()


def test_the_former_supervisor_sees_that_it_was_handed_over_and_no_more(case, cast, actor, transfer):
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    [line] = handed_over(actor("aman"))
    assert (line.number, line.agency) == (transfer.number, cast["dowlet"].agency)
    assert not open_file(actor("aman"), line).exists
    assert not handed_over(actor("jemal")).exists()
    assert not handed_over(actor("elena")).exists()


def test_who_stands_in_the_circle_by_a_consent_stays(case, cast, actor, transfer):
    agree(case, third(cast).agency, cast)
    handing.bring_in(case, to=cast["ayna"], relation=Relation.SOCIAL_WORKER, reason="School.", actor=actor("jemal"))
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    assert open_file(actor("ayna"), case).sees(Part.FACTS)


def test_what_a_room_says_is_in_the_way_is_asked_before_the_yes(case, cast, actor, transfer, monkeypatch):
    monkeypatch.setattr(passing, "questions", [lambda case: PersonFacingError("She still stays here.")])
    with pytest.raises(PersonFacingError, match="still stays"):
        take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    assert (managers(case, cast), fresh(transfer).state) == ([cast["jemal"]], State.SENT)


def test_two_yeses_at_once_leave_one_owner(case, cast, actor, transfer):
    agree_to_all(case, third(cast).agency, cast)
    [other] = sent(case, cast, ask_for_all(cast["ayna"].agency))
    first, second = fresh(transfer), fresh(other)
    take_case(first, to=cast["dowlet"], actor=actor("dowlet"))
    assert fresh(other).state == State.REVOKED
    with pytest.raises(MovedMeanwhile, match="revoked"):  # its page was open before the other yes
        take_case(second, to=cast["ayna"], actor=actor("ayna"))
    assert managers(case, cast) == [cast["dowlet"]]


def test_an_alert_that_waits_is_for_the_new_agencys_duty_list_and_nobody_elses(case, cast, actor, transfer):
    DutyPlace.objects.create(agency=cast["merdan"].agency, membership=cast["merdan"], order=1)
    DutyPlace.objects.create(agency=cast["selbi"].agency, membership=cast["selbi"], order=1)
    alert = alerting.raise_alert(case, kind=AlertKind.SELF_HARM, words="Cuts.", actor=actor("jemal"))
    elsewhere = Alert.objects.create(
        case=case,
        subject=case.subject,
        kind=AlertKind.ANSWER,
        agency=third(cast).agency,
        raised_by=cast["jemal"],
        raised_at=cast.now,
    )
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    alert.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (alert.agency, alert.taken_at) == (cast["dowlet"].agency, None)
    assert alert.tell_next_at is not None
    assert {told.membership for told in alert.told.all()} == {cast["dowlet"], cast["selbi"]}
    assert (elsewhere.agency, elsewhere.taken_at) == (cast["ayna"].agency, None)


def test_that_a_case_needs_a_manager_is_done_with_the_new_one(case, cast, actor, transfer):
    alert = alerting.begin_alert(case, kind=AlertKind.NEW_CASE, words="", actor=actor("jemal"))
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    alert.refresh_from_db()
    assert alert.taken_by == cast["dowlet"]


def test_what_the_former_agencys_people_had_to_do_is_the_new_managers(case, cast, actor, transfer):
    said, due, jemal = "Ring the school.", cast.now, actor("jemal")
    task = writing.add_task(case, TaskKind.FLAG, said, due, cast["merdan"], jemal)  # he stands in no circle
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    assert Task.objects.get(pk=task.pk).owner == cast["dowlet"]


def test_what_was_said_with_the_yes_is_not_for_everybody_who_knows_of_the_file(case, cast, actor, transfer):
    take_case(fresh(transfer), to=cast["dowlet"], words="We know her.", actor=actor("dowlet"))
    line = case.events.get(kind=EventKind.TRANSFERRED)
    assert line.words_part == Part.REFERRAL_SUMMARY
    assert "text" not in (open_file(actor("dowlet"), Case.objects.get(pk=case.pk)).open(line, "note") or {})


@pytest.mark.parametrize("name", ["selbi", "jemal"])
def test_the_new_manager_is_a_social_worker_or_operator_of_the_agency_that_says_yes(cast, actor, transfer, name):
    with pytest.raises(PersonFacingError):
        take_case(transfer, to=cast[name], actor=actor("dowlet"))
    assert fresh(transfer).state == State.SENT


def test_without_the_consent_or_on_a_closed_case_there_is_no_yes(case, cast, actor, transfer):
    Case.objects.filter(pk=case.pk).update(stage="closed")
    with pytest.raises(PersonFacingError, match="closed"):
        take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    Case.objects.filter(pk=case.pk).update(stage="registered")
    transfer.consent.withdrawn_at = cast.now
    transfer.consent.save()
    with pytest.raises(ConsentMissing):
        take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))


def test_after_a_no_the_case_stays_and_nothing_is_lost(case, cast, actor, transfer):
    decline(transfer, reason="elsewhere", actor=actor("dowlet"))
    assert (managers(case, cast), left_to_do(case)) == ([cast["jemal"]], [])


def test_a_service_of_the_former_agencys_asking_goes_on_under_the_new_owner(case, cast, actor, transfer):
    agree(case, third(cast).agency, cast)
    [legal] = sent(case, cast, ask(cast["ayna"].agency, "legal"))
    accept(legal, actor=actor("ayna"))
    take_case(fresh(transfer), to=cast["dowlet"], actor=actor("dowlet"))
    assert open_file(actor("ayna"), case).sees(Part.FACTS)
    decline(fresh(legal), reason="other", actor=actor("ayna"))
    assert [task.owner for task in left_to_do(case)] == [cast["dowlet"]]


def test_the_whole_case_goes_to_no_organisation_outside(case, cast, actor):
    from amanat.directory.models import Organization

    agree(case, None, cast, also=["outside"], details={"outside": "Night Shelter"})
    with pytest.raises(NotSent, match="network"):
        sent(case, cast, ask_for_all(Organization.objects.create(name="Night Shelter")))
    assert prepare(case, asked=[ask_for_all(cast["dowlet"].agency)], actor=actor("jemal")).sent_at is None
