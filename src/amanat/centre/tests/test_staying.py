"""While a child stays and when it leaves: the length that a country allows, out and back, missing and found, what is given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Conflict, Grant
from amanat.access.policy import Relation
from amanat.cases.actions.changing import close
from amanat.cases.actions.steps import waive_step
from amanat.cases.in_the_way import closing, passing
from amanat.cases.models import Alert, AlertKind, DueStep, Event, EventKind, Task
from amanat.centre import belongings, kept_beds, navigation, places, running_out, stays, terms
from amanat.centre.actions import missing, staying
from amanat.centre.actions.leaving import end
from amanat.centre.actions.missing import found, report_missing, tick_steps
from amanat.centre.actions.placing import Arrival, move, take_off
from amanat.centre.actions.staying import (
    come_back,
    extend,
    go_out,
    keep_apart,
    lift_apart,
    write_belongings,
)
from amanat.centre.models import Absence, Exit, Stay, StayBed, StayState, Term
from amanat.centre.terms import Limit
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, let_in, stay_of
from amanat.packs.labels import Label
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Stale


@pytest.fixture
def beds(cast):
    return beds_of(a_room(cast, a_house(cast)))


@pytest.fixture
def stay(cast, case, beds):
    return stay_of(case, beds[0], cast, arrival=Arrival(things=["Coat", "Phone"]))


@pytest.fixture
def rules(monkeypatch):
    """30 days at first, six months at most unless there is danger."""
    said = {"label": Label({"en": "x"}), "source": Label({"en": "x"}), "verified": False}
    held = {
        terms.FIRST: Limit(terms.FIRST, amount=30, unit="days", **said),
        terms.LONGEST: Limit(terms.LONGEST, amount=6, unit="months", beyond=("danger",), **said),
    }
    monkeypatch.setattr(terms, "limit", held.get)


def test_a_stay_lasts_as_long_as_the_country_says(rules, cast, case, beds):
    today = places.day_of(cast.now)
    with pytest.raises(PersonFacingError, match="so long at first"):
        stay_of(case, beds[0], cast, until=today + timedelta(days=31))
    stay = stay_of(case, beds[0], cast)
    assert stay.planned_until == today + timedelta(days=30)
    later = {"words": "The court has not decided.", "actor": cast.actor("jemal")}
    with pytest.raises(PersonFacingError, match="not later than the last day"):
        extend(case, last_day=today + timedelta(days=20), ground="plan", **later)
    extend(case, last_day=today + timedelta(days=90), ground="plan", **later)
    with pytest.raises(PersonFacingError, match="can’t last so long"):
        extend(case, last_day=today + timedelta(days=200), ground="plan", **later)
    extend(case, last_day=today + timedelta(days=200), ground="danger", **later)
    assert [open_sealed(term, "content") and term.until for term in Term.objects.order_by("until")] == [
        None,
        today + timedelta(days=90),
        today + timedelta(days=200),
    ]


def test_without_a_rule_a_stay_has_no_last_day_and_lasts_as_long_as_is_written(cast, case, stay):
    assert stay.planned_until is None
    until = places.day_of(cast.now) + timedelta(days=400)
    extend(case, last_day=until, ground="nowhere_safe", words="No family was found.", actor=cast.actor("jemal"))
    assert Stay.objects.get().planned_until == until


def test_a_child_goes_out_with_its_bed_kept_and_comes_back(cast, case, stay):
    back = cast.now + timedelta(hours=2)
    with pytest.raises(PersonFacingError, match="has passed"):
        go_out(case, where="School", back_by=cast.now, actor=cast.actor("jemal"))
    go_out(case, where="School", who="A teacher", back_by=back, actor=cast.actor("jemal"))
    assert Stay.objects.get().state == StayState.OUT
    assert StayBed.objects.filter(until=None).count() == 1
    come_back(case, words="In a good mood.", actor=cast.actor("jemal"))
    absence = Absence.objects.get()
    assert absence.until == cast.now
    assert open_sealed(absence, "content")["back"] == "In a good mood."


def test_a_missing_child_is_told_to_the_duty_list_and_the_clock_runs_until_it_is_found(cast, case, stay):
    seen = cast.now - timedelta(minutes=20)
    with pytest.raises(PersonFacingError, match="not admitted yet"):
        report_missing(case, since=cast.now - timedelta(days=1), words="Gone.", actor=cast.actor("jemal"))
    now = cast.now + timedelta(hours=3)
    report_missing(
        case, since=seen + timedelta(hours=3), words="Gone.", done=["looked"], actor=cast.actor("jemal", now)
    )
    assert Alert.objects.get().kind == AlertKind.MISSING
    assert DueStep.objects.filter(case=case, step="missing_child").exists()
    with pytest.raises(PersonFacingError, match="already"):
        report_missing(case, since=now, words="Gone.", actor=cast.actor("jemal", now))
    tick_steps(case, done=["looked", "police"], words="A bus driver saw her.", actor=cast.actor("jemal", now))
    told = open_sealed(Absence.objects.get(), "content")
    assert set(told["done"]) == {"looked", "police"}
    assert told["more"][0]["words"] == "A bus driver saw her."
    with pytest.raises(PersonFacingError, match="not missing yet then"):
        found(case, at=cast.now, words="Fine.", actor=cast.actor("jemal", now))
    later = now + timedelta(minutes=30)
    found(case, at=later, words="Tired and hungry.", actor=cast.actor("jemal", later))
    assert Stay.objects.get().state == StayState.IN
    assert not DueStep.objects.filter(case=case, step="missing_child").exists()


HOUR = timedelta(hours=1)


def test_who_extends_over_a_bed_that_is_kept_reads_it_and_its_case_manager_is_told(
    rules, cast, case, register, beds, browse
):
    today = places.day_of(cast.now)
    other = girl(register)
    stay_of(case, beds[0], cast, until=today + timedelta(days=5))
    stay_of(other, beds[0], cast, on=today + timedelta(days=8))

    def extended(days):
        version = Stay.objects.get(case=case).version
        sent = {"last_day": (today + timedelta(days=days)).isoformat(), "ground": "plan", "words": "x", "seen": version}
        return browse("jemal").post(reverse("centre.extend", args=[case]), sent, follow=True).content.decode()

    assert "kept for another child" not in extended(7)
    assert not Task.objects.filter(kind="flag").exists()
    assert "From 2 December 2026 on this bed is kept for another child" in extended(9)
    assert open_sealed(Task.objects.get(case=other, kind="flag"), "text") == str(kept_beds.LASTS_LONGER)


@pytest.mark.parametrize("on", [8, None])
def test_a_bed_that_is_kept_or_freed_as_somebody_extends_is_looked_at_anew(
    rules, cast, case, register, beds, monkeypatch, on
):
    today = places.day_of(cast.now)
    other = girl(register)
    stay = stay_of(case, beds[0], cast, until=today + timedelta(days=5))
    if on is None:
        stay_of(other, beds[0], cast, on=today + timedelta(days=8))
    locked = staying.lock

    def meanwhile(*cases):
        monkeypatch.setattr(staying, "lock", locked)
        if on is None:
            take_off(other, words="x", actor=cast.actor("jemal"))
        else:
            stay_of(other, beds[0], cast, on=today + timedelta(days=on))
        locked(*cases)

    monkeypatch.setattr(staying, "lock", meanwhile)
    told = {"last_day": today + timedelta(days=9), "ground": "plan", "words": "x", "seen": stay.version}
    with pytest.raises(Stale):
        extend(case, **told, actor=cast.actor("jemal"))
    assert not Task.objects.filter(kind="flag").exists()


def test_for_a_child_without_a_case_manager_a_supervisor_hears_that_its_bed_is_slept_in_longer(
    rules, cast, case, register, beds
):
    today = places.day_of(cast.now)
    other = girl(register)
    stay_of(case, beds[0], cast, until=today + timedelta(days=5))
    stay_of(other, beds[0], cast, on=today + timedelta(days=8))
    Grant.objects.filter(subject=other.subject).delete()
    extend(case, last_day=today + timedelta(days=9), ground="plan", words="x", actor=cast.actor("jemal"))
    assert [one.owner for one in Task.objects.filter(case=other, kind="flag")] == [cast["aman"]]
    kept = StayBed.objects.select_related("stay__case").get(stay__case=other)
    assert kept_beds.told(kept, cast.actor("jemal")) == kept_beds.TOLD
    Conflict.objects.create(
        subject=other.subject, user=cast["aman"].user, recorded_by=cast["jemal"], recorded_at=cast.now
    )
    assert kept_beds.told(kept, cast.actor("jemal")) == kept_beds.NOBODY_TOLD


class TestDidNotComeBack:
    @pytest.fixture
    def lost(self, cast, case, beds):
        Grant.objects.filter(subject=case.subject).update(since=cast.now - 4 * HOUR)
        stay_of(case, beds[0], cast, arrived_at=cast.now - 3 * HOUR)
        since = cast.now - 2 * HOUR
        report_missing(case, since=since, words="Gone.", actor=cast.actor("jemal", since))

    @pytest.fixture
    def gone(self, cast, case, lost):
        leave(case, cast, Exit.NOT_BACK)

    def still_looked_for(self, cast, case, browse):
        page = browse("jemal").get(case.get_absolute_url(), {"section": "centre"}).content.decode()
        return (
            DueStep.objects.filter(case=case, step="missing_child").exists(),
            Alert.objects.filter(kind=AlertKind.MISSING, is_over=False).exists(),
            "The child is missing" in page,
            reverse("centre.missing", args=[case]) in page,
        )

    def test_it_is_missing_until_it_is_found_though_its_stay_has_ended(self, cast, case, gone, browse):
        assert Stay.objects.get().state == StayState.ENDED
        assert self.still_looked_for(cast, case, browse) == (True,) * 4
        tick_steps(case, done=["police"], actor=cast.actor("jemal"))
        client = browse("jemal")
        assert "What is known" in client.get(reverse("centre.missing", args=[case])).content.decode()
        sent = {"at": "2026-11-24T14:00", "words": "She was at her aunt’s."}
        assert client.post(reverse("centre.found", args=[case]), sent).status_code == 302
        assert self.still_looked_for(cast, case, browse)[:3] == (False,) * 3
        assert Stay.objects.get().state == StayState.ENDED

    def test_it_is_found_as_it_is_admitted_anew(self, cast, case, gone, beds, browse):
        stay_of(case, beds[1], cast)
        assert self.still_looked_for(cast, case, browse)[:3] == (False,) * 3
        assert Event.objects.filter(case=case, kind=EventKind.FOUND).count() == 1

    def test_its_case_is_not_closed_while_it_is_looked_for(self, cast, case, gone, browse):
        Alert.objects.update(taken_by=cast["merdan"], taken_at=cast.now, tell_next_at=None)
        with pytest.raises(PersonFacingError, match="is missing, and is looked for"):
            closing.check(case)
        page = browse("jemal").get(reverse("monitoring.closing", args=[case])).content.decode()
        assert "The child is missing, and is looked for." in page
        found(case, at=cast.now, words="Fine.", actor=cast.actor("jemal"))
        assert navigation.in_the_way(case) is None

    def test_who_closes_all_the_same_first_says_why_nobody_looks_for_it_any_more(self, cast, case, gone):
        Alert.objects.update(taken_by=cast["merdan"], taken_at=cast.now, tell_next_at=None)
        waive_step(case, step="missing_child", reason="The police has the search.", actor=cast.actor("jemal"))
        with pytest.raises(PersonFacingError, match="a supervisor approves the closing first"):
            closing.check(case)

    def test_of_a_child_that_died_nobody_says_that_it_was_found(self, cast, case, lost, browse):
        leave(case, cast, Exit.DIED)
        assert self.still_looked_for(cast, case, browse)[:3] == (False,) * 3
        kinds = set(Event.objects.filter(case=case).values_list("kind", flat=True))
        assert EventKind.SEARCH_ENDED in kinds
        assert EventKind.FOUND not in kinds

    def test_the_exit_ends_the_search_on_the_case_that_the_verb_holds(self, cast, case, lost, monkeypatch):
        marked, mark = [], missing.mark
        monkeypatch.setattr(missing, "mark", lambda one, *told, **more: marked.append(one) or mark(one, *told, **more))
        leave(case, cast, Exit.HOSPITAL)
        assert marked[0] is case

    def test_an_exit_that_says_where_the_child_is_ends_the_search(self, cast, case, lost, browse):
        leave(case, cast, Exit.HOSPITAL)
        assert self.still_looked_for(cast, case, browse)[:3] == (False,) * 3

    def test_nobody_leaves_like_that_who_was_not_reported_missing(self, cast, case, stay):
        with pytest.raises(PersonFacingError, match="Nobody has reported"):
            end(case, ended_as=Exit.NOT_BACK, at=cast.now, kept="x", actor=cast.actor("jemal"))


def leave(case, cast, how):
    at = cast.now - HOUR
    end(case, ended_as=how, at=at, kept="In the office.", actor=cast.actor("jemal", at))


def test_an_exit_before_the_admission_or_in_the_future_is_refused(cast, case, stay):
    leaving = {"ended_as": Exit.FAMILY, "returned": [1, 2], "actor": cast.actor("jemal")}
    with pytest.raises(PersonFacingError, match="admitted after this time"):
        end(case, at=cast.now - timedelta(minutes=1), **leaving)
    with pytest.raises(PersonFacingError, match="has not come yet"):
        end(case, at=cast.now + timedelta(minutes=1), **leaving)
    with pytest.raises(PersonFacingError, match="before the day of the exit"):
        end(case, at=cast.now, follow_up_on=places.day_of(cast.now) - timedelta(days=1), **leaving)
    assert Stay.objects.get().state == StayState.IN


def test_with_the_exit_things_are_given_back_and_the_bed_is_free(cast, case, register, beds, stay):
    now = cast.now + timedelta(days=3)
    leaving = {"ended_as": Exit.FAMILY, "at": now, "to": "An aunt", "actor": cast.actor("jemal", now)}
    with pytest.raises(PersonFacingError, match="stay behind") as told:
        end(case, returned=[1], **leaving)
    assert told.value.field == "kept"
    end(case, returned=[1], kept="The police has the phone.", follow_up_on=places.day_of(now), **leaving)
    ended = Stay.objects.get()
    assert (ended.state, ended.exit, ended.until) == (StayState.ENDED, Exit.FAMILY, now)
    assert [bool(one.get("returned")) for one in open_sealed(ended, "belongings")["items"]] == [True, False]
    assert Event.objects.filter(case=case, kind=EventKind.LEFT_CENTRE).count() == 1
    assert stay_of(girl(register), beds[0], cast).is_in_house


def test_of_two_things_with_one_name_one_can_be_given_back(cast, case, stay):
    write_belongings(case, things=["Jacket", "Coat", "Jacket"], actor=cast.actor("jemal"))
    numbers = {one["number"]: one["what"] for one in open_sealed(Stay.objects.get(), "belongings")["items"]}
    assert sorted(numbers.values()) == ["Coat", "Jacket", "Jacket"]
    jacket = max(number for number, what in numbers.items() if what == "Jacket")
    end(case, ended_as="family", at=cast.now, returned=[jacket], kept="In the store.", actor=cast.actor("jemal"))
    back = [one["number"] for one in open_sealed(Stay.objects.get(), "belongings")["items"] if one.get("returned")]
    assert back == [jacket]


def test_a_list_that_is_written_anew_keeps_numbers_and_what_was_given_back():
    before = belongings.given_back(belongings.listed(["Jacket", "Jacket", "Book"]), [2], "2026-11-24")
    after = belongings.listed(["Book", "Jacket", "Pen"], before)
    assert [(one["number"], one["what"]) for one in after] == [(3, "Book"), (1, "Jacket"), (4, "Pen"), (2, "Jacket")]
    assert [one["number"] for one in belongings.still_here(after)] == [3, 1, 4]
    assert belongings.still_here([{"what": "Coat"}, {"what": "Bag", "returned": "2026-11-01"}]) == [
        {"number": 1, "what": "Coat"}
    ]


def test_the_list_of_belongings_keeps_what_was_given_back(cast, case, stay):
    write_belongings(case, things=["Coat", "Phone", "Book"], actor=cast.actor("jemal"))
    assert [one["what"] for one in open_sealed(Stay.objects.get(), "belongings")["items"]] == ["Coat", "Phone", "Book"]


def test_a_case_is_not_closed_while_the_child_has_a_bed(cast, case, stay):
    with pytest.raises(PersonFacingError, match="stays in a house"):
        close(case, why="other", reason="Done.", actor=cast.actor("jemal"))


def test_two_who_move_a_child_at_once_are_told(cast, case, beds, stay):
    move(case, bed=beds[1], seen=stay.version, actor=cast.actor("jemal"))
    with pytest.raises(Stale):
        move(case, bed=beds[0], seen=stay.version, actor=cast.actor("jemal"))


def test_children_who_are_kept_apart_get_no_bed_in_one_house_until_it_is_lifted(cast, case, register, beds, stay):
    other = girl(register)
    apart = keep_apart(
        other, other_child=case.child.code_name.upper(), why="She recruited her.", actor=cast.actor("jemal")
    )
    with pytest.raises(PersonFacingError, match="kept apart"):
        stay_of(other, beds[1], cast, why="All the same.")
    lift_apart(other, apart=apart, actor=cast.actor("jemal"))
    assert stay_of(other, beds[1], cast).is_in_house
    with pytest.raises(PersonFacingError, match="child itself"):
        keep_apart(other, other_child=other.child.code_name, why="x", actor=cast.actor("jemal"))


@pytest.mark.parametrize(("days", "said"), [(0, "soon"), (7, "soon"), (8, ""), (-1, "over")])
def test_a_stay_that_runs_out_is_said_a_week_before(cast, stay, days, said):
    today = places.day_of(cast.now)
    stay.planned_until = today + timedelta(days=days)
    assert running_out.runs_out(stay, today) == said


def test_keeping_apart_does_not_tell_whether_a_child_is_here_whom_one_may_not_know(cast, case, register, beds, stay):
    other = girl(register)
    let_in(cast, "ogulgerek", Relation.PSYCHOLOGIST, other)
    with pytest.raises(PersonFacingError, match="No child who stays or waits here"):
        keep_apart(other, other_child=case.child.code_name, why="x", actor=cast.actor("ogulgerek"))


def test_what_is_given_back_leaves_the_words_about_the_belongings(cast, case, stay):
    write_belongings(case, things=["Coat"], words="Signed by her.", actor=cast.actor("jemal"))
    end(case, ended_as="family", at=cast.now, returned=[1], actor=cast.actor("jemal"))
    held = stays.earlier(open_file(cast.actor("jemal"), case))[0].belongings
    assert (held["words"], bool(held["items"][0]["returned"])) == ("Signed by her.", True)


def test_a_whole_case_does_not_pass_on_while_the_child_stays_in_a_house_of_who_has_it(cast, case, stay):
    with pytest.raises(PersonFacingError, match="still stays in a house"):
        passing.check(case)
    end(case, ended_as="family", at=cast.now, kept="The office.", actor=cast.actor("jemal"))
    passing.check(case)
