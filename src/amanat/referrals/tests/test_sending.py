"""Preparing and sending: several at once by one consent, and every reason why one does not leave."""

from __future__ import annotations

import pytest

from amanat.access.consents import ConsentMissing
from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases.actions import guarding
from amanat.cases.models import EventKind
from amanat.directory.models import Organization, Service, Status
from amanat.people.models import Look
from amanat.referrals.actions import sending
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.models import Referral, State
from amanat.referrals.recipients import NotSent
from amanat.referrals.terms import urgency
from amanat.referrals.tests.network import SUMMARY, agree, ask, fresh, one_sent, sent, third
from amanat.web.errors import PersonFacingError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_several_needs_leave_as_one_response_by_one_consent(case, cast):
    house, harbour = third(cast).agency, cast["dowlet"].agency
    consent = agree(case, harbour, cast, also=[house.pk.hex])
    found = sent(
        case, cast, ask(harbour, "legal", "three_days"), ask(house, "shelter", "today"), ask(house, "medical", "now")
    )
    assert len({one.response_id for one in found}) == 1
    assert {one.consent_id for one in found} == {consent.pk}
    assert {(one.need, one.state, one.due_at) for one in found} == {
        (need, State.SENT, cast.now + urgency(soon).see)
        for need, soon in (("legal", "three_days"), ("shelter", "today"), ("medical", "now"))
    }
    assert case.events.filter(kind=EventKind.REFERRED).count() == 3
    assert Look.objects.filter(user=cast["ayna"].user).exists()


def test_without_a_consent_for_one_of_them_none_leaves_and_it_is_said_what_is_missing(case, cast, actor):
    harbour = cast["dowlet"].agency
    agree(case, harbour, cast)
    response = prepare(case, asked=[ask(harbour, "legal"), ask(third(cast).agency)], actor=actor("jemal"))
    with pytest.raises(ConsentMissing) as told:
        sending.send(response, actor=actor("jemal"))
    assert told.value.missing_parts == [Part.FACTS, Part.HEALTH_ALERTS]
    assert set(response.referrals.values_list("state", flat=True)) == {State.DRAFT}


def test_an_override_with_a_ground_is_a_consent_too(case, cast):
    agree(case, cast["dowlet"].agency, cast, purpose="assistance_by_partner", override_ground="vital_interest")
    assert sent(case, cast, ask(cast["dowlet"].agency))[0].consent.override_ground


@pytest.fixture
def agreed(case, cast):
    agree(case, cast["dowlet"].agency, cast, also=["outside"], details={"outside": "Night Shelter"})


def refused(case, cast, *asked) -> str:
    with pytest.raises(NotSent) as told:
        sent(case, cast, *asked)
    return str(told.value.sentence)


def test_not_to_ones_own_agency(case, cast):
    assert "has the case" in refused(case, cast, ask(case.agency))


def test_not_to_an_agency_where_nobody_works_any_more_or_all_are_kept_out(case, cast, agreed):
    guarding.record_conflict(case, user=cast["dowlet"].user, reason="Uncle.", actor=cast.actor("aman"))
    assert one_sent(case, cast, need="legal", agreed=False).state == State.SENT  # selbi, the lawyer, could take it
    guarding.record_conflict(case, user=cast["selbi"].user, reason="Cousin.", actor=cast.actor("aman"))
    said = refused(case, cast, ask(cast["dowlet"].agency))
    gone = third(cast)
    gone.until = cast.now
    gone.save()
    assert refused(case, cast, ask(gone.agency)) == said.replace(str(cast["dowlet"].agency), str(gone.agency))


def test_not_to_a_service_that_is_not_given_or_is_somebody_elses(case, cast, agreed):
    night = Organization.objects.create(name="Night Shelter")
    bed = Service.objects.create(organization=night, name="A bed", status=Status.CLOSED)
    assert "not given at present" in refused(case, cast, ask(night, service=bed))
    bed.status = Status.ACTIVE
    bed.save()
    assert "somebody else" in refused(case, cast, ask(cast["dowlet"].agency, service=bed))
    assert sent(case, cast, ask(night, service=bed))[0].agency is None


def test_outside_only_to_the_organisation_that_the_child_was_told_of(case, cast, agreed):
    other = Organization.objects.create(name="Day Centre")
    with pytest.raises(ConsentMissing):
        sent(case, cast, ask(other))


def test_not_twice_for_the_same(case, cast, agreed):
    first = one_sent(case, cast, agreed=False)
    assert first.number in refused(case, cast, ask(cast["dowlet"].agency))
    revoke(case, referral=first, words="Too late for it.", actor=cast.actor("jemal"))
    assert sent(case, cast, ask(cast["dowlet"].agency))[0].state == State.SENT


@pytest.mark.parametrize(
    "words",
    [
        "Aýlar needs a bed.",
        "Нужен ночлег для Айлары.",
        "Для Чарыевой, срочно.",
        "Call 8 (12) 46-35-00.",
        "Certificate I-AS 123456.",
    ],
)
def test_a_summary_that_names_the_child_does_not_leave(case, cast, agreed, words):
    assert "names the child" in refused(case, cast, ask(cast["dowlet"].agency, summary={"words": words}))


def test_a_summary_that_says_nothing_does_not_leave(case, cast, agreed):
    assert "Write what is needed" in refused(case, cast, ask(cast["dowlet"].agency, summary={"need": " "}))


def test_nothing_new_is_asked_on_a_closed_case(case, cast, actor, agreed):
    response = prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal"))
    case.stage = "closed"
    case.save()
    for act in (
        lambda: prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal")),
        lambda: sending.send(response, actor=actor("jemal")),
    ):
        with pytest.raises(PersonFacingError, match="closed"):
            act()


def test_preparing_once_more_adds_to_the_drafts_and_what_was_sent_is_not_sent_again(case, cast, actor, agreed):
    jemal, harbour = actor("jemal"), cast["dowlet"].agency
    response = prepare(case, asked=[ask(harbour, "legal")], actor=jemal)
    prepare(case, asked=[ask(harbour, "medical")], response=response, actor=jemal)
    sending.send(response, actor=jemal)
    assert dict(response.referrals.values_list("need", "state")) == {"legal": State.SENT, "medical": State.SENT}
    with pytest.raises(PersonFacingError, match="nothing to send"):
        sending.send(response, actor=jemal)


def test_a_social_worker_of_the_circle_prepares_and_the_case_manager_sends(case, cast, actor, agreed):
    from amanat.access.policy import Relation
    from amanat.cases.actions import handing

    handing.bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="Helps.", actor=actor("jemal"))
    response = prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("merdan"))
    with pytest.raises(Refused):
        sending.send(response, actor=actor("merdan"))


def test_a_draft_is_nobodys_but_the_senders(case, cast, actor):
    response = prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal"))
    draft = fresh(response.referrals.get())
    assert not open_file(actor("dowlet"), draft).exists
    file = open_file(actor("jemal"), case)
    assert file.open(draft, "summary") == SUMMARY
    assert Referral.objects.get().rings_at is not None
