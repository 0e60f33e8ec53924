"""Shelter tonight: a house takes in a child whose case is another agency's, by a referral that its agency accepted, as far as the
consent goes."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation, Verb
from amanat.cases.actions.consenting import withdraw_consent
from amanat.cases.models import Case
from amanat.centre.actions.arranging import add_house, write_room
from amanat.centre.actions.incidents import add_to_incident
from amanat.centre.actions.leaving import end
from amanat.centre.actions.log import write_log
from amanat.centre.actions.missing import report_missing
from amanat.centre.actions.placing import admit, move, wait
from amanat.centre.actions.shifts import arrange_shift, begin_shift
from amanat.centre.actions.staying import go_out, keep_apart
from amanat.centre.models import Stay, StayState
from amanat.centre.tests.housed import beds_of, stay_of
from amanat.people.models import Membership, Role, User
from amanat.referrals.actions.answering import accept
from amanat.referrals.actions.serving import finish, start
from amanat.referrals.models import Referral
from amanat.referrals.tests.network import agree, ask, fresh, sent
from amanat.web.errors import PersonFacingError, Refused

PARTS = (Part.IDENTITY, Part.SAFETY, Part.HEALTH_ALERTS, Part.CENTRE)


def worker(cast, name: str, role: Role = Role.CENTRE_WORKER) -> Membership:
    """One more worker of the harbour."""
    user, elena = User.objects.create_user(name, None, display_name=name.capitalize()), cast["elena"]
    cast[name] = Membership.objects.create(
        user=user, agency=elena.agency, site=elena.site, role=role, since=elena.since
    )
    return cast[name]


@pytest.fixture
def harbour(cast):
    """A house of the harbour, whose workers oguljan and parahat are no lawyers."""
    worker(cast, "oguljan")
    worker(cast, "parahat")
    house = add_house(name="House of the gull", capacity=4, site=cast["elena"].site, actor=cast.actor("elena"))
    write_room(house, name="Reed", beds=3, purpose="usual", whom="any", actor=cast.actor("elena"))
    return house


@pytest.fixture
def beds(harbour):
    return beds_of(harbour.rooms.get())


def referral_of(case: Case, cast, parts=PARTS, need: str = "shelter") -> Referral:
    """Accepted by oguljan."""
    agree(case, cast["elena"].agency, cast, parts=parts)
    [row] = sent(case, cast, ask(cast["elena"].agency, need, parts=parts))
    accept(row, actor=cast.actor("oguljan"))
    return fresh(row)


def on(cast, house, who: str, hours: float = 8):
    """Begun now."""
    ends = cast.now + timedelta(hours=hours)
    shift = arrange_shift(house, worker=cast[who], begins_at=cast.now, ends_at=ends, actor=cast.actor("elena"))
    return begin_shift(shift, actor=cast.actor(who))


def test_who_received_the_child_admits_it_and_who_is_on_works_with_it_within_the_consent(cast, case, harbour, beds):
    referral_of(case, cast)
    on(cast, harbour, "parahat")
    stay = admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    assert (stay.state, stay.agency, stay.case.agency) == (StayState.IN, cast["elena"].agency, cast["jemal"].agency)
    file = open_file(cast.actor("parahat"), case)
    assert {part for part in PARTS if file.sees(part)} == set(PARTS)
    assert not file.sees(Part.NARRATIVE)
    assert not file.sees(Part.CONTACTS)
    write_log(case, kind="hand_over", words="Slept.", actor=cast.actor("parahat"))
    move(case, bed=beds[1], actor=cast.actor("parahat"))
    assert open_file(cast.actor("jemal"), case).sees(Part.CENTRE)
    later = cast.actor("parahat", cast.now + timedelta(hours=9))
    assert not open_file(later, case).exists


def test_without_a_yes_for_shelter_nobody_takes_the_child_in(cast, case, harbour, beds):
    with pytest.raises(Refused):
        admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    referral_of(case, cast, need="legal")
    with pytest.raises(PersonFacingError, match="nobody asked yours for shelter"):
        admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    with pytest.raises(PersonFacingError, match="nobody asked yours for shelter"):
        wait(case, actor=cast.actor("oguljan"))
    assert not Stay.objects.exists()


def test_the_next_shift_comes_in_too_and_a_conflict_keeps_out(cast, case, harbour, beds):
    referral_of(case, cast)
    admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    on(cast, harbour, "parahat")
    assert open_file(cast.actor("parahat"), case).sees(Part.CENTRE)
    from amanat.cases.actions.guarding import record_conflict

    record_conflict(case, user=worker(cast, "kemal").user, reason="A cousin.", actor=cast.actor("jemal"))
    on(cast, harbour, "kemal")
    assert not open_file(cast.actor("kemal"), case).exists


def test_what_the_consent_does_not_name_stays_closed_until_another_names_it(cast, case, harbour, beds):
    referral_of(case, cast, parts=(Part.HEALTH_ALERTS,))
    on(cast, harbour, "parahat")
    admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    parahat = cast.actor("parahat")
    assert not open_file(parahat, case).sees(Part.CENTRE)
    with pytest.raises(Refused):
        write_log(case, kind="log", words="Played.", actor=parahat)
    go_out(case, where="A walk", back_by=cast.now + timedelta(hours=1), actor=parahat)
    agree(case, cast["elena"].agency, cast, parts=(Part.CENTRE,))
    on(cast, harbour, "oguljan")
    assert open_file(cast.actor("oguljan"), case).sees(Part.CENTRE)
    worker(cast, "kemal")
    on(cast, harbour, "kemal")
    file = open_file(cast.actor("kemal"), case)
    assert (file.sees(Part.CENTRE), file.sees(Part.HEALTH_ALERTS)) == (True, True), (
        "the one consent does not hide the other"
    )
    end(case, ended_as="other_shelter", at=cast.now, actor=cast.actor("kemal"))
    assert not open_file(cast.actor("kemal"), case).exists


def test_a_house_elsewhere_does_nothing_with_a_child_who_sleeps_at_its_own_agency(cast, case, harbour):
    from amanat.centre.tests.housed import a_house, a_room

    stay_of(case, beds_of(a_room(cast, a_house(cast)))[0], cast)
    consent = agree(case, cast["elena"].agency, cast, parts=PARTS)
    Grant.objects.create(
        subject=case.subject,
        membership=cast["oguljan"],
        relation=Relation.CENTRE_WORKER.value,
        since=cast.now,
        consent=consent,
    )
    oguljan = cast.actor("oguljan")
    assert open_file(oguljan, case).may(Verb.STAY_MISSING)
    for act in (
        lambda: report_missing(case, since=cast.now, words="Gone.", actor=oguljan),
        lambda: write_log(case, kind="log", words="Played.", actor=oguljan),
        lambda: end(case, ended_as="family", at=cast.now, actor=oguljan),
        lambda: keep_apart(case, other_child="Nobody", why="A quarrel.", actor=oguljan),
        lambda: add_to_incident(case, series=uuid.uuid4(), adds="added", words="More.", actor=oguljan),
    ):
        with pytest.raises(PersonFacingError, match="no place in a house of your agency"):
            act()


def test_the_service_is_not_done_while_the_child_sleeps_there_and_ends_with_the_stay(cast, case, harbour, beds):
    row = start(referral_of(case, cast), actor=cast.actor("oguljan"))
    on(cast, harbour, "parahat")
    admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    with pytest.raises(PersonFacingError, match="still has a bed"):
        finish(row, outcome="helped", actor=cast.actor("oguljan"))
    end(case, ended_as="other_shelter", at=cast.now, actor=cast.actor("parahat"))
    assert not open_file(cast.actor("parahat"), case).exists
    assert open_file(cast.actor("oguljan"), case).exists


def test_after_a_withdrawal_the_house_goes_on_until_the_safety_decision_and_no_place_lasts_longer_than_the_shift(
    cast, case, harbour, beds
):
    referral_of(case, cast)
    on(cast, harbour, "parahat", hours=4)
    admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    withdraw_consent(case, consent=Consent.objects.get(purpose="referral"), reason="Afraid.", actor=cast.actor("jemal"))
    assert open_file(cast.actor("parahat"), case).sees(Part.CENTRE)
    assert not open_file(cast.actor("parahat", cast.now + timedelta(hours=5)), case).exists
    ends = cast.now + timedelta(hours=20)
    shift = arrange_shift(
        harbour,
        worker=worker(cast, "kemal"),
        begins_at=cast.now + timedelta(hours=4),
        ends_at=ends + timedelta(hours=8),
        actor=cast.actor("elena"),
    )
    begin_shift(shift, actor=cast.actor("kemal", cast.now + timedelta(hours=4)))
    assert open_file(cast.actor("kemal", ends), case).sees(Part.CENTRE)
    assert not open_file(cast.actor("kemal", cast.now + timedelta(hours=25)), case).exists


def test_a_place_that_a_withdrawal_cut_short_of_the_shift_ends_with_the_stay_too(cast, case, harbour, beds):
    referral_of(case, cast)
    admit(case, bed=beds[0], actor=cast.actor("oguljan"))
    withdraw_consent(case, consent=Consent.objects.get(purpose="referral"), reason="Afraid.", actor=cast.actor("jemal"))
    cast.now += timedelta(hours=12)
    on(cast, harbour, "parahat", hours=16)
    assert open_file(cast.actor("parahat"), case).sees(Part.CENTRE)
    end(case, ended_as="other_shelter", at=cast.now, actor=cast.actor("parahat"))
    assert not open_file(cast.actor("parahat"), case).exists


def test_the_way_by_pages_from_the_referral_to_the_bed(
    cast, case, harbour, beds, browse, django_assert_max_num_queries
):
    row = referral_of(case, cast)
    oguljan = browse("oguljan")
    door = reverse("centre.admit", args=[case])
    with django_assert_max_num_queries(12):
        page = oguljan.get(reverse("referrals.referral", args=[row])).content.decode()
    assert door in page
    with django_assert_max_num_queries(14):  # as on the page of a child of one's own agency
        assert "House of the gull" in oguljan.get(door).content.decode()
    answer = oguljan.post(door, {"bed": beds[0].pk.hex, "on": "2026-11-24"}, follow=True)
    assert answer.status_code == 200
    assert Stay.objects.get().state == StayState.IN
    assert case.child.code_name in oguljan.get(reverse("centre.board")).content.decode()
    assert case.child.code_name not in browse("elena").get(reverse("centre.board")).content.decode()


def test_with_the_bed_it_is_said_that_the_consent_does_not_name_the_log(cast, case, beds, browse):
    referral_of(case, cast, parts=(Part.HEALTH_ALERTS,))
    sent = {"bed": beds[0].pk.hex, "on": "2026-11-24"}
    page = browse("oguljan").post(reverse("centre.admit", args=[case]), sent, follow=True).content.decode()
    assert "Nobody in the house can read or write the log" in page
    assert "Northern Network" in page


def test_who_receives_the_child_for_something_else_is_not_offered_a_bed(cast, case, harbour, browse):
    row = referral_of(case, cast, need="legal")
    page = browse("oguljan").get(case.get_absolute_url()).content.decode()
    assert reverse("centre.admit", args=[case]) not in page
    assert reverse("centre.admit", args=[case]) not in browse("oguljan").get(row.get_absolute_url()).content.decode()
