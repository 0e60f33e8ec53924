"""Found by a worker who used it: an alarm that ends, a witness who was there, an exit that warns, what stands after it, and arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.cases import alerts, papers
from amanat.cases.actions.alerting import take_alert
from amanat.cases.actions.persons import record_person
from amanat.cases.models import Alert, AlertKind
from amanat.cases.tests.test_alerts import on_duty, pass_on, told
from amanat.centre import places, terms
from amanat.centre.actions.incidents import add_to_incident
from amanat.centre.actions.leaving import end
from amanat.centre.actions.medicines import give_dose, order_medicine, witness_dose
from amanat.centre.actions.missing import found, report_missing
from amanat.centre.actions.placing import Arrival, admit
from amanat.centre.actions.visits import decide_visit
from amanat.centre.models import Exit, Shift, Stay, StayBed, Visit, VisitState
from amanat.centre.papers import BELONGINGS
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, let_in, stay_of
from amanat.centre.tests.on_shift import a_shift, colleague, in_circle
from amanat.centre.tests.test_incidents import against, recorded
from amanat.people import waiting
from amanat.people.models import Look
from amanat.web.errors import PersonFacingError

LATER = timedelta(minutes=5)


@pytest.fixture
def house(cast):
    return a_house(cast)


@pytest.fixture
def beds(cast, house):
    return beds_of(a_room(cast, house))


@pytest.fixture
def stay(cast, case, beds):
    return stay_of(case, beds[0], cast, arrival=Arrival(things=["Coat", "Phone"]))


class TestAlarm:
    @pytest.fixture
    def alarm(self, cast, case, stay):
        on_duty(cast, "merdan", "nurana")
        report_missing(case, since=cast.now, words="Gone.", actor=cast.actor("jemal"))
        return Alert.objects.get(kind=AlertKind.MISSING)

    def test_with_the_child_found_nobody_is_woken_any_more_and_who_was_told_reads_that_it_is_taken(
        self, cast, case, alarm, browse
    ):
        back = cast.now + timedelta(minutes=1)
        Look.objects.all().delete()
        found(case, at=back, words="Tired.", actor=cast.actor("jemal", back))
        alarm.refresh_from_db()
        assert (alarm.taken_by, alarm.tell_next_at) == (cast["jemal"], None)
        pass_on(cast.now + LATER)
        assert told(alarm) == ["merdan"]
        assert set(Look.objects.values_list("user__username", flat=True)) >= {"merdan", "aman", "jemal"}
        for name in ("merdan", "aman"):
            assert waiting.what_waits(cast[name].user, back) == []
            assert alerts.waiting(cast.actor(name, back)) == []
        assert [one.pk for one in alerts.lately_taken(cast.actor("merdan", back))] == [alarm.pk]
        assert "Nobody has taken it yet" not in browse("merdan").get("/").content.decode()
        assert "The search is over." in browse("merdan").get("/alerts").content.decode()

    def test_other_alerts_about_the_child_go_on_and_one_that_was_taken_keeps_its_taker(self, cast, case, alarm):
        Alert.objects.create(
            case=case, subject=case.subject, kind=AlertKind.P1, agency=case.agency, raised_by=cast["jemal"],
            raised_at=cast.now, tell_next_at=cast.now + LATER,
        )  # fmt: skip
        take_alert(alarm, actor=cast.actor("merdan"))
        found(case, at=cast.now, words="Fine.", actor=cast.actor("jemal"))
        alarm.refresh_from_db()
        assert (alarm.taken_by, alarm.is_over) == (cast["merdan"], True)
        assert Alert.objects.get(kind=AlertKind.P1).taken_at is None


class TestWitness:
    @pytest.fixture
    def dose(self, cast, case, stay):
        colleague(cast)
        in_circle(cast, case, "bahar", "ayna")
        let_in(cast, "sona", Relation.HEALTH_WORKER, case)
        told_so = {"medicine": "Ibuprofen", "dose": "1 tablet", "hours": 4, "begins": cast.now.date()}
        order = order_medicine(case, **told_so, actor=cast.actor("sona"))
        return give_dose(case, order=order, result="taken", given_at=cast.now, actor=cast.actor("bahar"))

    @pytest.mark.parametrize(("begins", "hours"), [(2, 8), (-8, 7)])
    def test_who_was_on_no_shift_as_it_was_given_does_not_witness_it(self, cast, case, house, dose, begins, hours):
        a_shift(cast, house)
        a_shift(cast, house, "ayna", begins=begins, hours=hours)
        with pytest.raises(PersonFacingError, match="not on a shift"):
            witness_dose(case, dose=dose, actor=cast.actor("ayna", cast.now + timedelta(hours=4)))

    def test_who_was_on_does_also_later_and_the_page_says_when(self, cast, case, house, dose, browse):
        a_shift(cast, house, "ayna", begins=-1)
        later = cast.now + timedelta(hours=4)
        assert witness_dose(case, dose=dose, actor=cast.actor("ayna", later)).witnessed_at == later
        page = browse("sona").get(reverse("centre.medicines", args=[case])).content.decode()
        assert "signed" in page

    def test_a_cancelled_shift_counts_for_nothing_and_one_taken_over_early_counts(self, cast, case, house, dose):
        shift = a_shift(cast, house, "ayna", begins=0.5)
        a_shift(cast, house)
        Shift.objects.filter(pk=shift.pk).update(begun_at=cast.now, cancelled_at=cast.now)
        with pytest.raises(PersonFacingError, match="not on a shift"):
            witness_dose(case, dose=dose, actor=cast.actor("ayna"))
        Shift.objects.filter(pk=shift.pk).update(cancelled_at=None)
        assert witness_dose(case, dose=dose, actor=cast.actor("ayna")).witness == cast["ayna"]

    def test_a_health_worker_who_has_no_shifts_witnesses_it(self, cast, case, house, dose):
        a_shift(cast, house)
        assert witness_dose(case, dose=dose, actor=cast.actor("sona")).witness == cast["sona"]


class TestExit:
    def test_what_is_not_ready_stands_before_the_button_and_keeps_nobody_back(self, cast, case, stay, browse):
        client, at = browse("jemal"), reverse("centre.end", args=[case])
        page = client.get(at).content.decode()
        warned = page.index("No durable solution is decided for this child.")
        assert warned < page.index('name="ended_as"')
        assert "No record of handing the child over is written." in page
        end(case, ended_as=Exit.FAMILY, at=cast.now, kept="In the office.", actor=cast.actor("jemal"))
        assert Stay.objects.get().exit == Exit.FAMILY

    def test_a_visit_that_was_to_come_is_called_off(self, cast, case, stay):
        in_circle(cast, case)
        aunt = record_person(case, name="Ogulnar", relation="relative", actor=cast.actor("jemal"))
        told_so = {"verdict": "approved", "wish": "wants", "supervisor": "Bahar", "who": [aunt.pk.hex]}
        for hours in (1, 48):
            decide_visit(case, at=cast.now + timedelta(hours=hours), **told_so, actor=cast.actor("bahar"))
        gone = cast.now + timedelta(hours=2)
        end(case, ended_as=Exit.FAMILY, at=gone, returned=[1, 2], actor=cast.actor("jemal", gone))
        states = list(Visit.objects.order_by("at").values_list("state", flat=True))
        assert states == [VisitState.APPROVED, VisitState.CALLED_OFF]

    def test_after_it_the_page_of_the_stay_still_leads_to_the_list_and_says_what_was_given_back(
        self, cast, case, stay, browse
    ):
        end(case, ended_as=Exit.FAMILY, at=cast.now, returned=[1], kept="The police.", actor=cast.actor("jemal"))
        page = browse("jemal").get(reverse("centre.stay", args=[case])).content.decode()
        for told_so in (stay.number, reverse("centre.receipt", args=[case]), "given back", "The police."):
            assert told_so in page

    def test_the_list_says_that_things_are_kept_safe_and_is_signed_once_more_as_they_go_back(self, cast, case, stay):
        with translation.override("en"):
            made = papers.made(open_file(cast.actor("jemal"), case), papers.named(BELONGINGS), "", "en")
        assert "keeps these things safe for you" in made
        assert made.count("Name, day, signature") == 4
        assert made.count("Day:") == 2


class TestArrival:
    def test_a_child_who_came_at_night_is_admitted_from_then(self, cast, case, beds, browse):
        client, at = browse("jemal"), reverse("centre.admit", args=[case])
        sent = {"bed": beds[0].pk.hex, "on": places.day_of(cast.now).isoformat(), "arrived_at": "2026-11-24T02:10"}
        assert client.post(at, sent).status_code == 302
        row = Stay.objects.get()
        assert row.since < cast.now
        assert StayBed.objects.get().since == row.since
        assert case.events.get(kind="admitted").happened_at == row.since

    def test_the_first_days_count_from_the_arrival(self, cast, case, beds, monkeypatch):
        monkeypatch.setattr(terms, "first_until", lambda day: day + timedelta(days=30))
        came = cast.now - timedelta(days=2)
        row = admit(case, bed=beds[0], arrived_at=came, actor=cast.actor("jemal"))
        assert row.planned_until == places.day_of(came) + timedelta(days=30)

    def test_not_in_the_future_not_with_a_later_day_and_not_while_somebody_slept_there(
        self, cast, case, register, beds
    ):
        by = {"actor": cast.actor("jemal"), "bed": beds[0]}
        with pytest.raises(PersonFacingError, match="not come yet"):
            admit(case, arrived_at=cast.now + timedelta(minutes=1), **by)
        with pytest.raises(PersonFacingError, match="admitted today"):
            admit(case, arrived_at=cast.now, on=places.day_of(cast.now) + timedelta(days=1), **by)
        stay_of(girl(register), beds[0], cast)
        other = Stay.objects.get().case
        end(other, ended_as=Exit.FAMILY, at=cast.now, actor=cast.actor("jemal"))
        with pytest.raises(PersonFacingError, match="still had this bed"):
            admit(case, arrived_at=cast.now - timedelta(hours=1), **by)
        with pytest.raises(PersonFacingError, match="ended later"):
            admit(other, arrived_at=cast.now - timedelta(hours=1), actor=cast.actor("jemal"), bed=beds[1])


class TestSupervisor:
    def test_a_grave_incident_stands_on_the_day_until_it_is_closed(self, cast, case, stay, browse):
        in_circle(cast, case)
        recorded(cast, case, severity="s2")
        assert "grave incident" not in browse("aman").get("/").content.decode()
        account = recorded(cast, case, severity="s3")
        assert "grave incident in a house" in browse("aman").get("/").content.decode()
        assert "grave incident" not in browse("bahar").get("/").content.decode()
        add_to_incident(case, series=account.series, adds="closed", words="Done.", actor=cast.actor("bahar"))
        assert "grave incident" not in browse("aman").get("/").content.decode()

    def test_not_to_a_supervisor_whom_an_allegation_is_about(self, cast, case, stay, browse):
        in_circle(cast, case)
        against(cast, case, by="jemal", accused=cast["aman"].user)
        assert "grave incident" not in browse("aman").get("/").content.decode()


def test_the_board_says_to_who_opens_no_files_where_to_turn_for_a_child_without_one(stay, browse, settings):
    settings.AMANAT_DUTY_NUMBER = "+000 1"
    page = browse("bahar").get("/centre").content.decode()
    assert "A child is here who has no file" in page
    assert "The duty number: <strong>+000 1</strong>." in page
    assert "A child is here who has no file" not in browse("jemal").get("/centre").content.decode()
