"""Shifts: who is on, gaps, and taking one over, which is done once every hand-over note was read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Conflict, Grant
from amanat.access.policy import Part, Verb
from amanat.audit.models import Entry
from amanat.centre import shifts
from amanat.centre.actions.arranging import add_house
from amanat.centre.actions.leaving import end
from amanat.centre.actions.placing import move
from amanat.centre.actions.shifts import NotesUnread, arrange_shift, begin_shift, cancel_shift, set_least, take_over
from amanat.centre.hand_over import to_take_over
from amanat.centre.models import LogEntry, NoteRead, Shift
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl
from amanat.centre.tests.on_shift import a_note, a_shift, colleague, in_circle, resident, taken_over
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def house(cast):
    return a_house(cast)


def test_a_worker_is_put_on_and_is_found_there(cast, house):
    shift = a_shift(cast, house)
    assert shifts.on_now(house, cast.now) == [cast["bahar"]]
    assert shifts.until_of(house, cast["bahar"], cast.now) == shift.ends
    assert shifts.on_now(house, shift.ends) == []


@pytest.mark.parametrize(("begins", "hours"), [(0, 0), (0, -1), (0, 25)])
def test_a_shift_has_a_length_that_makes_sense(cast, house, begins, hours):
    with pytest.raises(PersonFacingError):
        a_shift(cast, house, begins=begins, hours=hours)


def test_nobody_is_on_twice_at_once(cast, house):
    a_shift(cast, house)
    with pytest.raises(PersonFacingError) as told:
        a_shift(cast, a_house(cast, name="Another"), begins=7)
    assert told.value.field == "worker"
    a_shift(cast, house, begins=8)


def test_only_workers_of_the_centre_of_the_agency_are_put_on(cast, house):
    for name in ("jemal", "aman", "dowlet"):
        with pytest.raises(PersonFacingError):
            a_shift(cast, house, name)


def test_another_agency_arranges_nothing_here(cast, house):
    with pytest.raises(Refused):
        arrange_shift(
            house,
            worker=cast["bahar"],
            begins_at=cast.now,
            ends_at=cast.now + timedelta(hours=1),
            actor=cast.actor("elena"),
        )
    with pytest.raises(Refused):
        set_least(house, by_day=0, by_night=0, actor=cast.actor("elena"))


def test_a_shift_that_has_begun_stays_in_the_plan(cast, house):
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    with pytest.raises(PersonFacingError):
        cancel_shift(shift, actor=cast.actor("aman"))
    later = cancel_shift(a_shift(cast, house, begins=20), actor=cast.actor("aman"))
    assert shifts.shift_of(cast.actor("aman"), later.pk) is None


def test_the_week_shows_where_too_few_are_on_by_the_packs_numbers_or_the_houses(cast, house):
    a_shift(cast, house, begins=-2, hours=24)
    first = shifts.monday("2026-11-24", cast.now.date())
    day = shifts.week(house, first).days[1]
    assert [(gap.on, gap.least) for gap in day.short] == [(0, 2), (0, 1), (1, 2)]
    set_least(house, by_day=0, by_night=1, actor=cast.actor("aman"))
    assert [(gap.on, gap.least) for gap in shifts.week(house, first).days[1].short] == [(0, 1)]


def test_beginning_a_shift_brings_the_worker_in_until_it_ends(cast, house, case):
    resident(cast, case, house)
    assert not open_file(cast.actor("bahar"), case).exists
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    assert open_file(cast.actor("bahar"), case).writes(Part.CENTRE)
    assert not open_file(cast.actor("bahar", shift.ends), case).exists


def test_a_shift_is_taken_over_only_when_every_note_was_read(cast, house, case, register):
    colleague(cast)
    for each in (case, girl(register)):
        resident(cast, each, house)
        in_circle(cast, each, "ayna")
        a_note(cast, each, "ayna")
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    handed = to_take_over(shift, cast.actor("bahar"))
    notes = [note.pk.hex for one in handed for note in one.unread]
    assert len(notes) == 2
    with pytest.raises(NotesUnread):
        take_over(shift, read=notes[:1], actor=cast.actor("bahar"))
    assert not NoteRead.objects.exists()
    done = take_over(shift, read=notes, actor=cast.actor("bahar"))
    assert done.taken_over_at == cast.now
    assert NoteRead.objects.filter(worker=cast["bahar"]).count() == 2


def test_a_note_written_while_somebody_was_reading_is_read_too(cast, house, case):
    resident(cast, case, house)
    colleague(cast)
    in_circle(cast, case, "ayna")
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    a_note(cast, case, "ayna", ago=0)
    with pytest.raises(NotesUnread):
        take_over(shift, read=[], actor=cast.actor("bahar"))


def test_of_older_notes_the_newest_is_read_and_that_there_is_no_fresh_one_is_shown(cast, house, case):
    resident(cast, case, house)
    colleague(cast)
    in_circle(cast, case, "ayna")
    for ago in (50, 70):
        note = a_note(cast, case, "ayna")
        LogEntry.objects.filter(pk=note.pk).update(written_at=cast.now - timedelta(hours=ago))
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    (handed,) = to_take_over(shift, cast.actor("bahar"))
    assert len(handed.notes) == 1
    assert handed.has_no_fresh


def test_whoever_is_kept_out_of_a_child_takes_over_without_learning_that_it_is_there(cast, house, case):
    resident(cast, case, house)
    colleague(cast)
    in_circle(cast, case, "ayna")
    a_note(cast, case, "ayna")
    Conflict.objects.create(
        subject=case.subject, user=cast["bahar"].user, recorded_by=cast["jemal"], recorded_at=cast.now
    )
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    assert to_take_over(shift, cast.actor("bahar")) == []
    assert take_over(shift, actor=cast.actor("bahar")).taken_over_at
    assert not Grant.objects.filter(membership=cast["bahar"]).exists()


def test_a_shift_is_its_workers_and_not_taken_over_hours_before(cast, house):
    colleague(cast)
    with pytest.raises(Refused):
        begin_shift(a_shift(cast, house), actor=cast.actor("ayna"))
    with pytest.raises(PersonFacingError):
        begin_shift(a_shift(cast, house, "ayna", begins=2), actor=cast.actor("ayna"))
    with pytest.raises(PersonFacingError):
        take_over(Shift.objects.get(worker=cast["bahar"]), actor=cast.actor("bahar"))


def test_the_pages_of_shifts_lead_from_the_plan_to_a_shift_taken_over(cast, house, case, browse):
    resident(cast, case, house)
    colleague(cast)
    in_circle(cast, case, "ayna")
    note = a_note(cast, case, "ayna", words="Woke twice.")
    supervisor = browse("aman")
    sent = {"worker": cast["bahar"].pk, "begins_at": "2026-11-24T14:00", "ends_at": "2026-11-24T22:00"}
    assert supervisor.post(reverse("centre.add_shift", args=[house.pk]), sent).status_code == 302
    week = supervisor.get(reverse("centre.shifts", args=[house.pk])).content.decode()
    assert "Bahar" in week
    assert "nobody is on" in week
    shift, bahar = Shift.objects.get(), browse("bahar")
    address = reverse("centre.take_over", args=[shift.pk])
    assert "Woke twice." not in bahar.get(address).content.decode()
    assert bahar.post(address).status_code == 302
    assert "Woke twice." in bahar.get(address).content.decode()
    assert "hand-over notes that you have not read" in bahar.post(address).content.decode()
    assert bahar.post(address, {"read": note.pk.hex}).status_code == 302
    shift.refresh_from_db()
    assert shift.taken_over_at
    assert supervisor.get(address).status_code == 404
    assert bahar.get(reverse("centre.my_shifts")).status_code == 200


def test_reading_the_notes_costs_no_more_with_many_children(
    cast, house, register, browse, django_assert_max_num_queries
):
    colleague(cast)
    for number in range(8):
        each = girl(register, f"Maral {number}")
        resident(cast, each, house)
        in_circle(cast, each, "ayna")
        a_note(cast, each, "ayna")
    shift = begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    with django_assert_max_num_queries(5):
        assert len(to_take_over(shift, cast.actor("bahar"))) == 8


def test_the_beginning_of_a_shift_costs_the_same_with_few_and_many_children(cast, register):
    house, costs = a_house(cast, capacity=20), []
    for number, who in ((2, "bahar"), (18, "ayna")):
        if who not in cast:
            colleague(cast, who)
        for each in range(number):
            resident(cast, girl(register, f"Maral {who} {each}"), house)
        shift = a_shift(cast, house, who)
        with CaptureQueriesContext(connection) as asked:
            begin_shift(shift, actor=cast.actor(who))
        costs.append(len(asked))
    assert Grant.objects.filter(membership=cast["ayna"]).count() == 20
    assert costs[0] == costs[1]


def test_a_person_is_on_once_at_a_time_whichever_agency_they_work_for(cast, house):
    """Who works for two agencies can't be in two houses."""
    elena = cast["elena"]
    cast["twice"] = Membership.objects.create(
        user=cast["bahar"].user, agency=elena.agency, site=elena.site, role=cast["bahar"].role, since=elena.since
    )
    there = add_house(name="House of the gull", capacity=4, site=elena.site, actor=cast.actor("elena"))
    first = a_shift(cast, house)
    told = {"begins_at": first.ends - timedelta(hours=1), "ends_at": first.ends + timedelta(hours=4)}
    with pytest.raises(PersonFacingError, match="on at that time already"):
        arrange_shift(there, worker=cast["twice"], actor=cast.actor("elena"), **told)
    after = {"begins_at": first.ends, "ends_at": first.ends + timedelta(hours=4)}
    assert arrange_shift(there, worker=cast["twice"], actor=cast.actor("elena"), **after).worker == cast["twice"]


def test_taken_over_it_is_no_longer_waiting(cast, house, case):
    resident(cast, case, house)
    shift = a_shift(cast, house)
    assert shifts.mine_to_take_over(cast.actor("bahar")).count() == 1
    taken_over(cast, shift, "bahar")
    assert not shifts.mine_to_take_over(cast.actor("bahar")).exists()


def test_nobody_puts_themselves_on_and_so_into_the_files_of_a_house(cast, house):
    colleague(cast)
    times = {"begins_at": cast.now, "ends_at": cast.now + timedelta(hours=8)}
    with pytest.raises(PersonFacingError) as told:
        arrange_shift(house, worker=cast["bahar"], actor=cast.actor("bahar"), **times)
    assert told.value.field == "worker"
    assert arrange_shift(house, worker=cast["bahar"], actor=cast.actor("ayna"), **times)


def test_a_child_who_comes_is_known_to_who_began_and_to_nobody_who_did_not(cast, house, case, register):
    colleague(cast)
    a_shift(cast, house, "ayna")
    begin_shift(a_shift(cast, house, begins=0.5), actor=cast.actor("bahar"))
    resident(cast, case, house)
    assert open_file(cast.actor("bahar"), case).writes(Part.CENTRE), "begun half an hour before its time"
    assert not open_file(cast.actor("ayna"), case).exists, "put on, and not there"
    begin_shift(Shift.objects.get(worker=cast["ayna"]), actor=cast.actor("ayna"))
    assert open_file(cast.actor("ayna"), case).exists


@pytest.mark.parametrize("goes", ["out", "elsewhere"])
def test_a_place_that_came_with_a_shift_ends_when_the_child_leaves_the_house(cast, house, case, browse, goes):
    resident(cast, case, house)
    colleague(cast)
    in_circle(cast, case, "ayna")
    begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    later = cast.now + timedelta(minutes=1)
    if goes == "out":
        end(case, ended_as="family", at=later, actor=cast.actor("bahar", later))
    else:
        [bed] = beds_of(a_room(cast, a_house(cast, name="Another"), beds=1))
        move(case, bed=bed, actor=cast.actor("jemal", later))
    assert not open_file(cast.actor("bahar", later), case).exists
    assert open_file(cast.actor("ayna", later), case).exists, "she was brought in otherwise"


def test_a_move_within_the_house_ends_no_place_and_whoever_ends_a_stay_comes_to_the_board(cast, house, case, browse):
    resident(cast, case, house)
    begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    [bed] = beds_of(a_room(cast, house, name="Rose", beds=1))
    stay = move(case, bed=bed, actor=cast.actor("bahar"))
    assert open_file(cast.actor("bahar"), case).exists
    sent = {"ended_as": "family", "at": "2026-11-24T14:00", "seen": stay.version}
    answer = browse("bahar").post(reverse("centre.end", args=[case]), sent)
    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("centre.board"))


def test_a_shift_leads_to_no_case_that_went_to_another_agency(cast, house, case):
    resident(cast, case, house)
    case.agency = cast["elena"].agency
    case.save(update_fields=["agency"])
    begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    assert not Grant.objects.filter(membership=cast["bahar"]).exists()


def test_the_log_of_a_child_says_who_came_in_with_a_shift(cast, house, case):
    resident(cast, case, house)
    begin_shift(a_shift(cast, house), actor=cast.actor("bahar"))
    assert Entry.objects.filter(subject=case.subject, verb=Verb.SHIFT_TAKE_OVER, user=cast["bahar"].user).count() == 1


def test_a_shift_that_runs_and_was_not_taken_over_shows_to_whoever_arranges_the_houses(cast, house, browse):
    shift = a_shift(cast, house, begins=-0.5)
    aman, week, tile = browse("aman"), reverse("centre.shifts", args=[house.pk]), "shift that nobody took over"
    assert "not taken over yet" in aman.get(week).content.decode()
    assert tile not in aman.get("/").content.decode(), "it began only now"
    begun = {"starts": cast.now - timedelta(hours=2), "begun_at": cast.now - timedelta(hours=2)}
    Shift.objects.filter(pk=shift.pk).update(**begun)
    assert "begun, notes not read yet" in aman.get(week).content.decode()
    assert tile in aman.get("/").content.decode()
    assert tile not in browse("bahar").get("/").content.decode()
    assert tile not in browse("elena").get("/").content.decode()
    Shift.objects.filter(pk=shift.pk).update(taken_over_at=cast.now)
    assert tile not in aman.get("/").content.decode()
    Shift.objects.filter(pk=shift.pk).update(taken_over_at=None, ends=cast.now - timedelta(minutes=5))
    assert "never taken over" in aman.get(week).content.decode()
