"""A legal hold reaches the officer's desk and comes back answered; a calendar feed says *appointment* and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases import my_day
from amanat.cases.tests.looking import bring_in, counting, many, read
from amanat.desk.actions import erasing
from amanat.desk.actions import holding as desk
from amanat.desk.tests.ways import asked, close
from amanat.legal.actions import holding
from amanat.legal.erasing import erase
from amanat.legal.models import Feed, Hearing, HoldAsked, Proceeding
from amanat.legal.tests.stood import LEGAL, hearing_in, lawyer_of_the_house, proceeding_on, ruled
from amanat.office.actions import leaving
from amanat.people import factors, invitations
from amanat.people.clock import stopped
from amanat.vault.erasing import Erasing, kept
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db


# --- holds -----------------------------------------------------------------------------------------------------------


def test_a_hold_that_is_asked_for_stands_on_the_officers_desk_with_its_reason(browse, case):
    page = browse("jemal").post(reverse("legal.ask_hold", args=[case]), {"reason": "Zqinquiry 14."})
    assert page.status_code == 302
    told = read(browse("kerim"), reverse("legal.holds_asked"))
    assert case.child.code_name in told
    assert "Zqinquiry 14." in told
    assert "Aylar" not in told
    assert "legal holds asked for" in read(browse("kerim"), reverse("office.desk"))
    assert "waits for an answer" in read(browse("jemal"), reverse("legal.ask_hold", args=[case]))


def test_placing_the_hold_answers_it(browse, actor, case):
    holding.ask_hold(case, reason="x", actor=actor("jemal"))
    desk.place(case, reason="x", actor=actor("kerim"))
    assert "Nobody waits for a legal hold" in read(browse("kerim"), reverse("legal.holds_asked"))
    assert "the hold was placed" in read(browse("jemal"), reverse("legal.ask_hold", args=[case]))


def test_an_officer_who_declines_says_why_and_it_can_be_asked_for_again(browse, actor, case):
    row = holding.ask_hold(case, reason="x", actor=actor("jemal"))
    page = browse("kerim").post(reverse("legal.decline_hold", args=[row]), {"reason": "Zqno inquiry runs."})
    assert page.status_code == 302
    assert "Zqno inquiry runs." in read(browse("jemal"), reverse("legal.ask_hold", args=[case]))
    holding.ask_hold(case, reason="y", actor=actor("jemal"))
    assert HoldAsked.objects.count() == 2


def test_it_is_asked_for_once_and_declined_once(actor, case):
    row = holding.ask_hold(case, reason="x", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="asked for already"):
        holding.ask_hold(case, reason="y", actor=actor("jemal"))
    holding.decline_hold(row, reason="x", actor=actor("kerim"))
    with pytest.raises(PersonFacingError, match="answered meanwhile"):
        holding.decline_hold(row, reason="x", actor=actor("kerim"))


def test_nothing_is_erased_before_a_hold_that_was_asked_for_is_decided(browse, actor, cast, case):
    close(case, cast)
    row = holding.ask_hold(case, reason="x", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="not decided"):
        asked(case, cast)
    assert "is not decided" in read(browse("aman"), reverse("desk.ask_erasure", args=[case]))
    assert kept([case.subject_id]) == {case.subject_id}  # nor by whatever erases without a person
    holding.decline_hold(row, reason="x", actor=actor("kerim"))
    assert kept([case.subject_id]) == set()
    assert asked(case, cast).waits


def test_nor_by_the_second_person_where_it_was_asked_for_meanwhile(browse, actor, cast, case):
    close(case, cast)
    erasure = asked(case, cast)
    holding.ask_hold(case, reason="x", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="not decided"):
        erasing.carry_out(case, erasure=erasure, actor=actor("kerim"))
    page = read(browse("kerim"), reverse("desk.carry_out_erasure", args=[case]))
    assert "is not decided" in page
    assert "Erase for good" not in page
    assert erasing.decline(case, erasure=erasure, reason="x", actor=actor("kerim")).decided_at


def test_whoever_asked_hears_of_the_no_on_their_day_with_why(browse, actor, cast, case):
    lawyer_of_the_house(cast, case)
    row = holding.ask_hold(case, reason="x", actor=actor("selbi"))
    holding.decline_hold(row, reason="Zqno inquiry runs.", actor=actor("kerim"))
    assert "Zqno inquiry runs." in read(browse("selbi"), reverse("cases.my_day"))
    assert "Zqno inquiry" not in read(browse("jemal"), reverse("cases.my_day"))


def test_where_they_have_left_the_case_manager_hears_it(browse, actor, cast, case):
    lawyer_of_the_house(cast, case)
    row = holding.ask_hold(case, reason="x", actor=actor("selbi"))
    Grant.objects.filter(membership=cast["selbi"]).update(until=cast.now)
    holding.decline_hold(row, reason="Zqno inquiry runs.", actor=actor("kerim"))
    assert "Zqno inquiry runs." in read(browse("jemal"), reverse("cases.my_day"))


@pytest.mark.parametrize("name", ["bahar", "aman", "kerim"])
def test_others_ask_for_none(actor, case, name):
    with pytest.raises(Refused):
        holding.ask_hold(case, reason="x", actor=actor(name))


# --- the calendar and its feed ---------------------------------------------------------------------------------------


@pytest.fixture
def open_feed(browse):
    """The address of a feed that somebody opens."""

    def make(name="jemal"):
        page = browse(name).post(reverse("legal.open_calendar")).content.decode()
        found = re.search(r"/calendar/[\w-]{22}\.ics", page)
        assert found
        return found[0]

    return make


@pytest.fixture
def hearing(cast, case):
    return hearing_in(proceeding_on(case, cast), cast, goes_along=cast["jemal"], room="Zqroom 12")


def test_no_feed_is_open_at_first(browse, hearing):
    assert "No feed is open." in read(browse("jemal"), reverse("legal.calendar"))
    assert not Feed.objects.exists()


def test_a_feed_says_when_and_that_it_is_an_appointment_and_nothing_of_the_child(open_feed, case, hearing):
    answer = Client().get(open_feed())
    told = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "DTSTART:20261127T090000Z" in told
    assert told.count("SUMMARY:Appointment\r\n") == 1
    secret = (case.child.code_name, "Aylar", "Zq", "court", "earing", case.pk.hex, hearing.pk.hex, str(hearing.pk))
    for word in secret:
        assert word not in told


def test_two_feeds_give_one_event_two_names_and_the_first_is_shut(open_feed, browse, hearing):
    first = open_feed()
    one = Client().get(first).content.decode()
    assert Client().get(first).content.decode() == one
    second = open_feed()
    other = Client().get(second).content.decode()
    assert one.split("UID:")[1][:32] != other.split("UID:")[1][:32]
    assert Client().get(first).status_code == 404


def test_a_closed_feed_answers_as_one_that_never_was(open_feed, browse, hearing):
    address = open_feed()
    assert browse("jemal").post(reverse("legal.close_calendar")).status_code == 302
    closed, never = Client().get(address), Client().get("/calendar/nonsense.ics")
    assert (closed.status_code, closed.content) == (never.status_code, never.content)
    assert closed.status_code == 404


def test_of_the_token_only_its_digest_is_kept(open_feed, hearing):
    token = open_feed().removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 22  # 128 bits
    assert token not in Feed.objects.get().digest


def test_a_feed_asks_for_fresh_proof(browse):
    assert browse("jemal", proved=False).get(reverse("legal.open_calendar")).status_code == 302
    assert not Feed.objects.exists()


def test_a_feed_tells_nothing_of_a_file_that_a_conflict_closed(open_feed, cast, case, hearing):
    address = open_feed()
    Conflict.objects.create(
        subject=case.subject, user=cast["jemal"].user, part="", recorded_by=cast["aman"], recorded_at=cast.now
    )
    assert "VEVENT" not in Client().get(address).content.decode()


def test_a_worker_who_has_left_has_no_feed(open_feed, cast, hearing):
    address = open_feed()
    cast["jemal"].until = cast.now
    cast["jemal"].save()
    assert Client().get(address).status_code == 404


def _suspended(user, cast):
    leaving.suspend(user, reason="x", actor=cast.actor("aman"))
    leaving.readmit(user, reason="x", actor=cast.actor("aman"))


def _new_way_in(user, cast):
    factors.clear(user, cast.now)


def _new_password(user, cast):
    code = invitations.invite(user, cast.now)
    invitations.accept(invitations.open_invitation(code, cast.now).pk, "a long new sentence", cast.now)


@pytest.mark.parametrize("lost", [_suspended, _new_way_in, _new_password])
def test_a_feed_ends_for_good_with_a_suspension_or_a_new_way_in(open_feed, cast, hearing, lost):
    address = open_feed()
    assert Client().get(address).status_code == 200
    lost(cast["jemal"].user, cast)
    assert Client().get(address).status_code == 404
    assert Feed.objects.get().revoked_at == cast.now


def test_a_feed_ends_with_the_role_for_which_it_was_opened(open_feed, cast):
    address = open_feed("merdan")
    leaving.end_membership(cast["merdan"], reason="x", actor=cast.actor("aman"))
    assert Client().get(address).status_code == 404
    assert Feed.objects.get().revoked_at == cast.now


def test_wrong_tokens_have_to_wait_after_many(open_feed, cast):
    with stopped(cast.now + timedelta(days=1)):
        answers = [Client().get(f"/calendar/wrong{number}.ics").status_code for number in range(22)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_calendar_and_my_day_show_hearings_and_deadlines(browse, cast, case, hearing):
    told = read(browse("jemal"), reverse("legal.calendar"))
    for word in ("27.11.2026", case.child.code_name, "Hearing"):
        assert word in told
    labels = [str(tile.label) for tile in my_day.head(cast.actor("jemal")).tiles]
    assert "hearing within a week" in labels
    cast.now += timedelta(days=4)
    labels = [str(tile.label) for tile in my_day.head(cast.actor("jemal")).tiles]
    assert "hearing that is over, not written down" in labels


def test_the_calendar_costs_the_same_for_two_and_for_twenty_hearings(browse, cast):
    cases = many(cast, 20)
    client, address = browse("jemal"), reverse("legal.calendar")

    def cost():
        read(client, address)
        with counting() as queries:
            read(client, address)
        return len(queries)

    for case in cases[:2]:
        hearing_in(proceeding_on(case, cast), cast, goes_along=cast["jemal"])
    few = cost()
    for case in cases[2:]:
        hearing_in(proceeding_on(case, cast), cast, goes_along=cast["jemal"])
    assert cost() == few
    assert few <= 14, few


def test_an_erasure_takes_all_legal_help_of_the_child_away(cast, actor, case, hearing):
    ruled(hearing.proceeding, cast, "reflection")
    holding.ask_hold(case, reason="x", actor=actor("jemal"))
    gone = Erasing([case.subject_id], cast.now)
    erase(gone)
    assert not any(model.objects.exists() for model in (Proceeding, Hearing, HoldAsked))
    assert hearing.pk in gone.refs


def test_a_deadline_in_the_calendar_is_logged_and_closed_with_the_legal_file(browse, cast, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=LEGAL)
    proceeding = proceeding_on(case, cast, by="selbi", lawyer=cast["selbi"])
    ruled(proceeding, cast, "judgment", appeal_by=cast.now.date() + timedelta(days=2))
    read_before = Entry.objects.filter(subject=case.subject, outcome="read").count()
    assert "Legal deadlines" in read(browse("selbi"), reverse("legal.calendar"))
    assert Entry.objects.filter(subject=case.subject, outcome="read").count() == read_before + 1
    Grant.objects.filter(membership=cast["selbi"]).update(parts=[Part.LEGAL_STATUS])
    Consent.objects.update(parts=[Part.LEGAL_STATUS])
    page = read(browse("selbi"), reverse("legal.calendar"))
    assert f"proceedings/{proceeding.pk.hex}" not in page.replace("-", "")


def test_whoever_goes_along_and_sees_no_proceedings_gets_no_link_to_them(browse, cast, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    proceeding = proceeding_on(case, cast)
    hearing_in(proceeding, cast, goes_along=cast["ogulgerek"])
    address = reverse("legal.proceeding", args=[proceeding])
    page = read(browse("ogulgerek"), reverse("legal.calendar"))
    assert "Hearing" in page
    assert address not in page
    assert browse("ogulgerek").get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "relation"), [("ogulgerek", Relation.PSYCHOLOGIST), ("bahar", Relation.CENTRE_WORKER)]
)
def test_that_nothing_is_written_down_is_told_to_who_may_write_it(browse, cast, case, name, relation):
    bring_in(case, cast, name, relation)
    hearing = hearing_in(proceeding_on(case, cast), cast, goes_along=cast[name])
    Hearing.objects.update(at=cast.now - timedelta(hours=3))
    for who, told in ((name, False), ("jemal", True)):  # no lawyer: the case manager
        labels = [str(tile.label) for tile in my_day.head(cast.actor(who)).tiles]
        assert ("hearing that is over, not written down" in labels) is told
        assert ("Over, and not written down" in read(browse(who), reverse("legal.calendar"))) is told
    if name == "bahar":
        page = read(browse(name), reverse("legal.proceeding", args=[hearing.proceeding]))
        assert "not written down" not in page
        assert "not written down" not in read(browse(name), case.get_absolute_url(), section="legal")
    assert "not written down" in read(browse("jemal"), case.get_absolute_url(), section="legal")
