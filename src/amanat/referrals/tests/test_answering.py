"""What the agency that was asked does, and what each side sees of it, from the sending to the end of the service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.access.consents import ConsentMissing
from amanat.access.files import Closed, open_file, visible_to
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import guarding
from amanat.cases.models import Case, EventKind
from amanat.people.models import Role
from amanat.referrals.actions.answering import accept, decline, see, take_over
from amanat.referrals.actions.serving import finish, note, start
from amanat.referrals.models import Referral, State, Step
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.sides import senders_cases
from amanat.referrals.terms import urgency
from amanat.referrals.tests.network import NAMED, SUMMARY, agree, ask, fresh, left_to_do, one_sent, sent, third, untaken
from amanat.web.errors import PersonFacingError, Refused, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.fixture
def referral(case, cast) -> Referral:
    return one_sent(case, cast)


def parts_of(actor, case: Case) -> set[Part]:
    return set(open_file(actor, Case.objects.get(pk=case.pk)).visible_parts())


def test_before_the_yes_the_addressee_sees_the_summary_and_not_even_that_there_is_a_case(case, actor, referral):
    for name in ("dowlet", "selbi", "elena"):
        file = open_file(actor(name), referral)
        assert set(file.visible_parts()) == {Part.EXISTENCE, Part.REFERRAL_SUMMARY}
        assert file.open(referral, "summary") == SUMMARY
        assert not open_file(actor(name), case).exists
        assert not visible_to(actor(name), Case.objects.all()).exists()
        assert list(visible_to(actor(name), Referral.objects.all())) == [referral]


def test_an_outsider_sees_nothing_of_it(cast, actor, referral):
    third(cast)
    for name in ("ayna", "viktor", "andrei", "tamara"):
        assert not open_file(actor(name), referral).exists
        assert not visible_to(actor(name), Referral.objects.all()).exists()


def test_seen_once_is_seen_and_the_sender_is_told(cast, actor, referral):
    see(referral, actor=actor("elena"))
    see(referral, actor=actor("selbi"))
    assert fresh(referral).state == State.SEEN
    assert [step.verb for step in referral.steps.order_by("at", "pk") if step.to_state == State.SEEN] == ["see"]


def test_from_the_yes_to_the_end_the_receiver_sees_exactly_the_named_parts(case, cast, actor, referral):
    comes = cast.now + timedelta(hours=5)
    accept(referral, comes_at=comes, words="We wait at the door.", actor=actor("dowlet"))
    named = {Part.EXISTENCE, Part.CONSENT, Part.SERVICE_NOTES, *NAMED}
    assert parts_of(actor("dowlet"), case) == named
    assert not open_file(actor("selbi"), case).exists
    start(fresh(referral), actor=actor("dowlet"))
    assert fresh(referral).due_at == cast.now + urgency("today").outcome
    assert parts_of(actor("dowlet"), case) == named
    finish(fresh(referral), outcome="given", words="She has gone home.", actor=actor("dowlet"))
    assert not open_file(actor("dowlet"), case).exists
    assert not open_file(actor("dowlet"), fresh(referral)).exists
    kinds = case.events.filter(author=cast["dowlet"]).values_list("kind", flat=True)
    assert set(kinds) == {EventKind.REFERRAL_ACCEPTED, EventKind.REFERRAL_STARTED, EventKind.REFERRAL_DONE}


def test_when_the_child_comes_sets_by_when_the_service_begins(cast, actor, referral):
    comes = cast.now + timedelta(hours=5)
    accept(referral, comes_at=comes, actor=actor("dowlet"))
    assert fresh(referral).due_at == comes + urgency("today").start
    assert fresh(referral).receiver == cast["dowlet"]


def test_the_child_does_not_come_in_the_past(cast, actor, referral):
    with pytest.raises(PersonFacingError, match="passed"):
        accept(referral, comes_at=cast.now - timedelta(minutes=1), actor=actor("dowlet"))


def test_the_child_does_not_come_later_than_the_urgency_bears(cast, actor, referral):
    latest = cast.now + urgency("today").outcome
    with pytest.raises(PersonFacingError, match="earlier"):
        accept(referral, comes_at=latest + timedelta(minutes=1), actor=actor("dowlet"))
    assert fresh(referral).state == State.SENT
    accept(fresh(referral), comes_at=latest, actor=actor("dowlet"))


def test_the_supervisor_names_who_receives(cast, actor, referral):
    with pytest.raises(PersonFacingError, match="can't receive"):
        accept(referral, actor=actor("elena"))
    accept(fresh(referral), to=cast["selbi"], actor=actor("elena"))
    assert fresh(referral).receiver == cast["selbi"]


@pytest.mark.parametrize("name", ["jemal", "elena", "dowlet"])
def test_nobody_of_elsewhere_no_supervisor_and_nobody_kept_out_receives(case, cast, actor, referral, name):
    guarding.record_conflict(case, user=cast["dowlet"].user, reason="Uncle.", actor=actor("aman"))
    with pytest.raises(PersonFacingError, match="can't receive"):
        accept(fresh(referral), to=cast[name], actor=actor("selbi"))


def test_who_is_kept_out_does_not_know_of_it(case, cast, actor, referral):
    guarding.record_conflict(case, user=cast["dowlet"].user, reason="Uncle.", actor=actor("aman"))
    assert not open_file(actor("dowlet"), referral).exists
    with pytest.raises(Refused):
        see(referral, actor=actor("dowlet"))


def test_without_the_consent_there_is_no_yes(cast, actor, referral):
    referral.consent.withdrawn_at = cast.now
    referral.consent.save()
    with pytest.raises(ConsentMissing):
        accept(referral, actor=actor("dowlet"))
    assert fresh(referral).state == State.SENT


def test_a_no_has_a_reason_of_the_list_and_two_answers_at_once_are_one(cast, actor, referral):
    with pytest.raises(PersonFacingError, match="list"):
        decline(referral, reason="because", actor=actor("dowlet"))
    late, later = fresh(referral), fresh(referral)
    decline(fresh(referral), reason="no_place", words="Full until Friday.", actor=actor("dowlet"))
    with pytest.raises(MovedMeanwhile, match="declined"):
        accept(late, actor=actor("selbi"))
    with pytest.raises(Stale):
        decline(later, reason="other", seen=2, actor=actor("selbi"))


def test_after_the_no_the_agency_sees_nothing_more(actor, referral):
    decline(referral, reason="no_place", actor=actor("dowlet"))
    assert not open_file(actor("dowlet"), fresh(referral)).exists
    with pytest.raises(Refused):
        see(fresh(referral), actor=actor("dowlet"))


def test_what_was_accepted_and_cannot_be_done_after_all_is_declined_and_the_place_ends(case, actor, referral):
    accept(referral, actor=actor("dowlet"))
    decline(fresh(referral), reason="no_staff", actor=actor("dowlet"))
    assert not open_file(actor("dowlet"), case).exists
    assert untaken(case) == ["shelter"]


def test_only_the_receiver_begins_and_ends_the_service(actor, referral):
    accept(referral, actor=actor("dowlet"))
    for name in ("selbi", "elena", "jemal"):
        with pytest.raises(Refused):
            start(fresh(referral), actor=actor(name))
    with pytest.raises(MovedMeanwhile):
        finish(fresh(referral), outcome="given", actor=actor("dowlet"))


def test_a_colleague_takes_it_over_and_the_former_receiver_sees_nothing_more(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    note(fresh(referral), words="Sleeps badly.", actor=actor("dowlet"))
    take_over(fresh(referral), words="I am on shift.", actor=actor("selbi"))
    assert not open_file(actor("dowlet"), case).exists
    written = referral.steps.get(part=Part.SERVICE_NOTES)
    assert open_file(actor("selbi"), fresh(referral)).open(written, "words") == "Sleeps badly."
    with pytest.raises(PersonFacingError, match="have it already"):
        take_over(fresh(referral), actor=actor("selbi"))
    start(fresh(referral), actor=actor("selbi"))


def test_by_a_new_consent_the_receiver_goes_on(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    referral.consent.until = cast.now.date() - timedelta(days=1)
    referral.consent.save()
    assert not open_file(actor("dowlet"), case).exists
    with pytest.raises(ConsentMissing):
        take_over(fresh(referral), actor=actor("dowlet"))
    agree(case, cast["dowlet"].agency, cast)
    take_over(fresh(referral), actor=actor("dowlet"))
    assert open_file(actor("dowlet"), case).sees(Part.FACTS)


def test_the_receivers_notes_are_theirs_alone(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    written = note(fresh(referral), words="Cries at night.", actor=actor("dowlet"))
    assert open_file(actor("dowlet"), fresh(referral)).open(written, "words") == "Cries at night."
    for name in ("jemal", "aman", "irina", "selbi", "elena", "kerim"):
        for row in (case, fresh(referral)):
            file = open_file(actor(name), row)
            assert not file.sees(Part.SERVICE_NOTES)
            with pytest.raises(Closed):
                file.open(written, "words")
    with pytest.raises(PersonFacingError, match="Write the note"):
        note(fresh(referral), words=" ", actor=actor("dowlet"))


def test_a_receiver_of_another_agency_learns_nothing_of_this_referral(case, cast, actor, referral):
    other = sent(case, cast, ask(third(cast).agency, "legal")) if agree(case, third(cast, "nury").agency, cast) else []
    accept(other[0], actor=actor("ayna"))
    accept(fresh(referral), actor=actor("dowlet"))
    assert open_file(actor("ayna"), case).exists
    assert not open_file(actor("ayna"), fresh(referral)).exists
    assert list(visible_to(actor("ayna"), Referral.objects.all())) == other
    assert not senders_cases(actor("ayna")).exists()
    written = note(fresh(referral), words="Ours.", actor=actor("dowlet"))
    assert not open_file(actor("ayna"), fresh(referral)).opens(written, "words")


def test_the_receiver_sees_what_was_ticked_and_not_all_that_the_consent_names(case, cast, actor):
    """Two of one consent: both together while both run, then what is left."""
    harbour = cast["dowlet"].agency
    agree(case, harbour, cast, parts=[Part.IDENTITY, Part.HEALTH_FILE, Part.LEGAL_FILE, Part.FACTS])
    bed, law = sent(case, cast, ask(harbour, "shelter", parts=[]), ask(harbour, "legal", parts=[Part.FACTS]))[::-1]
    known = {Part.EXISTENCE, Part.CONSENT, Part.SERVICE_NOTES}
    accept(bed, actor=actor("dowlet"))
    assert parts_of(actor("dowlet"), case) == known
    accept(law, actor=actor("dowlet"))
    assert parts_of(actor("dowlet"), case) == {*known, Part.FACTS}
    decline(fresh(law), reason="other", actor=actor("dowlet"))
    assert parts_of(actor("dowlet"), case) == known
    start(fresh(bed), actor=actor("dowlet"))


def test_what_a_colleague_takes_over_leaves_the_former_receiver_what_they_still_serve(case, cast, actor):
    harbour = cast["dowlet"].agency
    agree(case, harbour, cast, parts=[Part.FACTS, Part.SAFETY])
    one, other = sent(
        case, cast, ask(harbour, "legal", parts=[Part.FACTS]), ask(harbour, "shelter", parts=[Part.SAFETY])
    )
    for referral in (one, other):
        accept(referral, actor=actor("dowlet"))
    take_over(fresh(one), words="On shift.", actor=actor("selbi"))
    for name, part in (("dowlet", Part.SAFETY), ("selbi", Part.FACTS)):
        assert parts_of(actor(name), case) & {Part.FACTS, Part.SAFETY} == {part}


def test_one_worker_may_receive_twice_and_each_end_ends_its_own(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    agree(case, cast["dowlet"].agency, cast, parts=[Part.FACTS, Part.HEALTH_ALERTS, Part.SAFETY])
    legal = sent(case, cast, ask(cast["dowlet"].agency, "legal", parts=[Part.SAFETY]))[0]
    accept(legal, actor=actor("dowlet"))
    assert parts_of(actor("dowlet"), case) >= {Part.SAFETY, *NAMED}
    decline(fresh(legal), reason="other", actor=actor("dowlet"))
    assert parts_of(actor("dowlet"), case) & {Part.SAFETY, *NAMED} == set(NAMED)
    decline(fresh(referral), reason="other", actor=actor("dowlet"))
    assert not open_file(actor("dowlet"), case).exists
    places = Grant.objects.filter(relation=Relation.RECEIVER)
    assert not places.active(cast.now).exists()


def test_what_came_to_nothing_is_asked_of_somebody_else(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    start(fresh(referral), actor=actor("dowlet"))
    finish(fresh(referral), outcome="not_come", actor=actor("dowlet"))
    assert untaken(case) == ["shelter"]
    assert [task.owner for task in left_to_do(case)] == [cast["jemal"]]


def test_who_may_know_by_the_office_knows_it_by_number_alone(cast, actor, referral):
    irina = open_file(actor("irina"), referral)
    assert irina.level(Part.EXISTENCE) == "c"
    assert irina.open(referral, "summary") == SUMMARY
    assert set(open_file(actor("kerim"), referral).visible_parts()) == {Part.CONSENT, Part.AUDIT}
    assert cast["irina"].role == Role.COORDINATOR
    assert Step.objects.filter(referral=referral).exists()
