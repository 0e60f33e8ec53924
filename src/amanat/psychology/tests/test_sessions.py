"""Sessions: planned, put off, recorded, corrected; what the team reads, and what only the psychologist does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.cases import appointments
from amanat.cases.actions import registering
from amanat.cases.models import DueStep, Event, EventKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.people.models import Membership, Role
from amanat.psychology import goals, sessions
from amanat.psychology.actions import planning, recording
from amanat.psychology.models import OwnGoal, ProcessNote, Session, SessionReport
from amanat.psychology.tests.helped import HELD, held, with_psychologist
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused, Stale

pytestmark = pytest.mark.django_db
SECRET = "He said a name. I keep it here."


@pytest.fixture
def case(case, cast):
    return with_psychologist(case, cast)


@pytest.fixture
def planned(case, cast, actor):
    at = cast.now + timedelta(days=1)
    return planning.plan_session(
        case, at=at, aim="To get to know each other.", approach="play", actor=actor("ogulgerek")
    )


@pytest.fixture
def address(case):
    def of(page, session=None):
        return reverse(f"psychology.{page}", args=[case, session.pk] if session else [case])

    return of


def later(cast, **more):
    return cast.actor("ogulgerek", cast.now + timedelta(days=1, hours=1), **more)


def section(client, case):
    return read(client, f"{case.get_absolute_url()}?section=psychology")


def test_a_session_is_planned_put_off_and_recorded_on_pages(browse, cast, case, address):
    psychologist = browse("ogulgerek")
    sent = {"at": "2026-11-25T10:00", "aim": "To get to know each other.", "approach": "play", "minutes": "45"}
    answer = psychologist.post(address("plan_session"), sent)
    session = Session.objects.get()
    assert answer.url == address("session", session)
    assert "To get to know each other." in section(browse("jemal"), case)
    moved = psychologist.post(address("move_session", session), sent | {"at": "2026-11-26T10:00", "seen": "1"})
    assert moved.status_code == 302
    session.refresh_from_db()
    assert (session.at.isoformat(), session.version) == ("2026-11-26T05:00:00+00:00", 2)
    done = HELD | {"state": "held", "at": "2026-11-24T10:00", "seen": "2", "choices": ["where", "stop"]}
    assert psychologist.post(address("record_session", session), done).status_code == 302
    page = read(browse("jemal"), address("session", session))
    for told in ("held", "Came and stayed", "Sleeps better.", "Where to sit or to walk; When to stop"):
        assert told in page
    assert Event.objects.filter(kind=EventKind.SESSION_HELD).count() == 1


def test_the_team_reads_the_summary_and_nobody_but_its_author_the_notes(browse, cast, case, address):
    other = Membership.objects.create(
        user=cast["merdan"].user,
        agency=case.agency,
        site=cast["jemal"].site,
        role=Role.PSYCHOLOGIST,
        since=cast.now - timedelta(days=9),
    )
    session = held(case, cast, notes=SECRET)
    assert SECRET in read(browse("ogulgerek"), address("session", session))
    manager = read(browse("jemal"), address("session", session))
    assert "Sleeps better." in manager
    assert SECRET not in manager
    assert "Process notes" not in manager
    cast["other"] = other
    bring_in(case, cast, "other", Relation.PSYCHOLOGIST)
    file = open_file(cast.actor("other"), case)
    (note,) = sessions.notes_about(file, session=session.pk)
    assert (note.text, note.by) == (None, "Ogulgerek")
    (row,) = ProcessNote.objects.all()
    assert not file.opens(row, "text")


@pytest.mark.parametrize("name", ["bahar", "aman"])
def test_whoever_does_not_see_the_summary_sees_no_session(browse, cast, case, address, name):
    session = held(case, cast)
    if name != "aman":
        bring_in(case, cast, name, Relation.CENTRE_WORKER)
    assert browse(name).get(address("session", session)).status_code == 403
    assert browse("dowlet").get(address("session", session)).status_code == 404


def test_only_a_psychologist_plans_and_records(actor, cast, case, planned):
    with pytest.raises(Refused):
        planning.plan_session(case, at=cast.now + timedelta(days=2), actor=actor("jemal"))
    with pytest.raises(Refused):
        recording.record_unplanned(case, at=cast.now, actor=actor("jemal"), **HELD)
    assert Session.objects.count() == 1


def test_no_time_that_has_passed_is_planned_and_none_twice(actor, register, cast, case, planned):
    with pytest.raises(PersonFacingError, match="has passed"):
        planning.plan_session(case, at=cast.now, actor=actor("ogulgerek"))
    other = with_psychologist(register(), cast)
    with pytest.raises(PersonFacingError, match="another session"):
        planning.plan_session(other, at=planned.at, actor=actor("ogulgerek"))
    planning.move_session(planned, at=planned.at, aim="Otherwise.", actor=actor("ogulgerek"))


@pytest.mark.parametrize(("days", "sentence"), [(1, "in the future"), (-365 * 15, "not born then")])
def test_a_session_that_cannot_have_been_is_refused(actor, cast, case, days, sentence):
    with pytest.raises(PersonFacingError, match=sentence):
        recording.record_unplanned(case, at=cast.now + timedelta(days=days), actor=actor("ogulgerek"), **HELD)
    assert not Session.objects.exists()


def test_a_session_that_was_held_has_a_summary_and_one_that_was_not_a_reason(browse, cast, case, planned, address):
    psychologist = browse("ogulgerek")
    sent = {"state": "held", "at": "2026-11-24T10:00", "seen": "1", "attendance": "came", "notes": SECRET}
    page = psychologist.post(address("record_session", planned), sent).content.decode()
    assert "Write a short summary for the team." in page
    assert SECRET in page, "what was typed is not lost"
    page = psychologist.post(address("record_session", planned), sent | {"state": "cancelled"}).content.decode()
    assert "Say why the session was not held." in page
    missed = sent | {"state": "missed", "why_missed": "ill"}
    assert "still to come" in psychologist.post(address("record_session", planned), missed).content.decode()
    assert not SessionReport.objects.exists()


def test_a_missed_session_says_why_and_is_no_contact(cast, case, planned):
    before = case.last_contact
    recording.record_session(planned, state="missed", at=planned.at, why_missed="not_told", actor=later(cast))
    case.refresh_from_db()
    assert case.last_contact == before
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert EventKind.SESSION_MISSED in kinds
    assert EventKind.SESSION_HELD not in kinds, "it finishes the step of a first contact"
    told = sessions.one(open_file(cast.actor("jemal"), case), planned.pk)
    assert (told.badge.text, told.report.why_missed) == ("missed", "The child was not told")


def test_of_a_session_that_was_not_held_no_word_is_lost(browse, cast, case, planned, address):
    sent = {"state": "cancelled", "why_missed": "ill", "at": "2026-11-24T10:00", "seen": "1", "notes": SECRET}
    for field in ("summary", "goal"):
        page = browse("ogulgerek").post(address("record_session", planned), sent | {field: "Words"}).content.decode()
        assert "stand only with a session that was held" in page
    assert browse("ogulgerek").post(address("record_session", planned), sent).status_code == 302
    (note,) = sessions.notes_about(open_file(cast.actor("ogulgerek"), case), session=planned.pk)
    assert note.text.text == SECRET


def test_recording_keeps_the_plan_as_it_stands_by_then(actor, cast, case, planned):
    before = Session.objects.select_related("case__subject", "subject").get()
    planning.move_session(planned, at=planned.at, aim="Otherwise.", actor=actor("ogulgerek"))
    done = recording.record_session(before, state="held", at=cast.now, actor=later(cast), **HELD)
    assert open_file(actor("jemal"), case).open(done, "plan") == {"aim": "Otherwise."}


def test_who_moves_a_colleagues_session_meets_the_colleagues_calendar(actor, cast, case, planned):
    theirs = planning.plan_session(case, at=planned.at + timedelta(hours=1), actor=actor("ogulgerek"))
    Session.objects.filter(pk=planned.pk).update(psychologist=cast["merdan"])
    planning.move_session(planned, at=theirs.at, actor=actor("ogulgerek"))
    Session.objects.filter(pk=planned.pk).update(psychologist=cast["ogulgerek"])
    with pytest.raises(PersonFacingError, match="The psychologist has another session"):
        planning.move_session(planned, at=theirs.at, actor=actor("ogulgerek"))


def test_a_session_is_recorded_once(cast, case, planned):
    recording.record_session(planned, state="held", at=cast.now, actor=later(cast), **HELD)
    again = Session.objects.select_related("case__subject", "subject").get()
    with pytest.raises(PersonFacingError, match="not planned any more"):
        recording.record_session(again, state="held", at=cast.now, actor=later(cast), **HELD)
    with pytest.raises(PersonFacingError, match="not planned any more"):
        planning.move_session(again, at=cast.now + timedelta(days=5), actor=later(cast))
    assert SessionReport.objects.count() == 1


def test_who_puts_off_what_somebody_changed_meanwhile_is_told(cast, case, planned):
    planning.move_session(planned, at=planned.at + timedelta(hours=1), actor=cast.actor("ogulgerek"), seen=1)
    with pytest.raises(Stale):
        planning.move_session(planned, at=planned.at + timedelta(hours=2), actor=cast.actor("ogulgerek"), seen=1)


def test_what_stood_there_before_a_correction_is_kept(browse, cast, case, address):
    session = held(case, cast)
    sent = HELD | {"summary": "Sleeps badly.", "reason": "I mixed up two days.", "seen": "1"}
    assert browse("ogulgerek").post(address("correct_session", session), sent).status_code == 302
    page = read(browse("jemal"), address("session", session))
    assert page.index("Sleeps badly.") < page.index("I mixed up two days.") < page.index("Sleeps better.")
    with pytest.raises(PersonFacingError, match="Nothing was changed"):
        recording.correct_session(
            session, reason="x", actor=cast.actor("ogulgerek"), **HELD | {"summary": "Sleeps badly."}
        )


def test_nothing_is_planned_or_recorded_on_a_closed_case(actor, cast, case):
    type(case).objects.filter(pk=case.pk).update(stage="closed", closed_at=cast.now)
    case.refresh_from_db()
    with pytest.raises(PersonFacingError, match="closed"):
        planning.plan_session(case, at=cast.now + timedelta(days=1), actor=actor("ogulgerek"))
    with pytest.raises(PersonFacingError, match="closed"):
        held(case, cast)


def test_a_session_that_was_held_finishes_the_step_of_a_first_contact(actor, cast, case):
    registering.open_case(case, risk="high", priority="P2", reason="x", actor=actor("jemal"))
    assert DueStep.objects.filter(case=case, step="psychological_contact").exists()
    later = cast.now + timedelta(hours=1)
    recording.record_unplanned(case, at=later, actor=actor("ogulgerek", later), **HELD)
    assert not DueStep.objects.filter(case=case, step="psychological_contact").exists()


# --- the child's own goals --------------------------------------------------------------------------------------------


def test_a_goal_stands_in_the_childs_own_words_and_says_how_it_goes(browse, cast, case, address):
    held(case, cast, hours=-30, goal="Öz açarymy islärin.")
    goal = OwnGoal.objects.get()
    assert open_sealed(goal, "words") == "Öz açarymy islärin."
    sent = HELD | {"at": "2026-11-24T10:00", f"how_{goal.pk.hex}": "nearer", f"said_{goal.pk.hex}": "Otagym bar."}
    assert browse("ogulgerek").post(address("record_unplanned"), sent).status_code == 302
    page = read(browse("jemal"), address("own_goals"))
    for told in ("Öz açarymy islärin.", "Nearer than before", "Otagym bar."):
        assert told in page
    held(case, cast, hours=-1, steps={goal.pk.hex: {"how": "let_go"}})
    page = read(browse("jemal"), address("own_goals"))
    assert page.index("Reached, or let go") < page.index("Öz açarymy islärin.")
    (told,) = goals.goals_of(open_file(cast.actor("jemal"), case))
    assert [step.how for step in told.steps] == ["nearer", "let_go"]


def test_a_session_shows_the_goals_that_were_spoken_of_in_it_and_not_those_of_another_at_the_same_time(
    browse, cast, case, address
):
    held(case, cast, hours=-30, goal="To swim.")
    goal = OwnGoal.objects.get()
    spoken, silent = (held(case, cast, hours=-2, steps=steps) for steps in ({goal.pk.hex: {"how": "nearer"}}, {}))
    assert "To swim." in read(browse("jemal"), address("session", spoken))
    assert "To swim." not in read(browse("jemal"), address("session", silent))


def test_words_of_a_goal_need_how_it_goes(browse, cast, case, address):
    held(case, cast, hours=-30, goal="To swim.")
    goal = OwnGoal.objects.get()
    sent = HELD | {"at": "2026-11-24T10:00", f"said_{goal.pk.hex}": "Soon."}
    page = browse("ogulgerek").post(address("record_unplanned"), sent).content.decode()
    assert "Say how it goes as well." in page
    assert "Soon." in page


# --- lists --------------------------------------------------------------------------------------------------------------


def test_the_psychologist_has_a_list_of_what_is_planned_and_not_recorded(browse, cast, case, planned):
    Session.objects.filter(pk=planned.pk).update(at=cast.now - timedelta(hours=3))
    page = read(browse("ogulgerek"), reverse("psychology.my_sessions"))
    assert case.child.code_name in page
    assert "to be recorded" in page
    assert "session today, or to be recorded" in read(browse("ogulgerek"), reverse("cases.my_day"))
    assert case.child.code_name not in read(browse("selbi"), reverse("psychology.my_sessions"))


def test_a_planned_session_is_an_appointment_of_its_psychologist_and_of_nobody_else(cast, case, planned):
    def of(name):
        return appointments.of(cast.actor(name), cast.now, cast.now + timedelta(days=9), 9)

    assert [(one.at, str(one.label)) for one, _case in of("ogulgerek")] == [(planned.at, "Session")]
    assert of("jemal") == []
    recording.record_session(planned, state="cancelled", at=planned.at, why_missed="worker", actor=later(cast))
    assert of("ogulgerek") == []


def test_a_session_that_was_held_keeps_no_reason_why_it_was_missed(cast, case, planned):
    told = HELD | {"why_missed": "ill"}
    recording.record_session(planned, state="held", at=cast.now, actor=later(cast), **told)
    assert "why_missed" not in open_sealed(SessionReport.objects.get(), "content")


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("count", [2, 20])
def test_pages_cost_few_queries_however_many_sessions(browse, cast, case, address, count):
    for number in range(count):
        held(case, cast, hours=-number - 1, goal=f"Goal {number}", notes="x")
    planning.plan_session(case, at=cast.now + timedelta(days=1), actor=cast.actor("ogulgerek"))
    client = browse("ogulgerek")
    one = Session.objects.filter(state="held").first()
    pages = [address("all_sessions"), address("own_goals"), address("session", one), reverse("psychology.my_sessions")]
    for page in [*pages, address("record_unplanned"), f"{case.get_absolute_url()}?section=psychology"]:
        with counting() as queries:
            read(client, page)
        assert len(queries) <= 12, (page, len(queries))
