"""Conferences: the agenda comes from what is late and new, each reads their parts, decisions become tasks and drafts at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from amanat.access.actor import Actor
from amanat.access.consents import ConsentMissing
from amanat.access.files import Closed, open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import guarding, writing
from amanat.cases.actions.consenting import withdraw_consent
from amanat.cases.models import Case, Event, EventKind, Task, TaskKind
from amanat.people.models import Look
from amanat.referrals import agenda, conferences, inviting, numbers
from amanat.referrals.actions import conferring, minuting
from amanat.referrals.actions.conferring import Added, Called
from amanat.referrals.actions.minuting import Minute, ToAsk, ToDo
from amanat.referrals.agenda import Found
from amanat.referrals.agenda_words import said
from amanat.referrals.models import Conference, Decision, Invited, Point, State
from amanat.referrals.models_conferences import ConferenceState
from amanat.referrals.tests.network import SUMMARY, agree, one_sent
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)
AFTER = NOW + timedelta(days=1, hours=1)


@pytest.fixture
def team(case: Case, cast: Cast) -> Case:
    """Aylar's case with a psychologist, and a lawyer of the harbour who stands in the circle by a consent."""
    Grant.objects.create(subject=case.subject, membership=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, since=NOW)
    consent = agree(
        case, cast["selbi"].agency, cast, [Part.LEGAL_FILE, Part.LEGAL_STATUS], purpose="assistance_by_partner"
    )
    Grant.objects.create(
        subject=case.subject, membership=cast["selbi"], relation=Relation.LAWYER, since=NOW, consent=consent
    )
    return case


def call(case: Case, cast: Cast, people: Collection[str] = ("jemal",), *, by: str = "jemal", **more: Any) -> Conference:
    about = {name: more.pop(name) for name in ("conference", "seen") if name in more}
    asked: dict[str, Any] = {"held_at": TOMORROW, "place": "Room 4"} | more
    called = Called(people=[cast[name] for name in people], **asked)
    return conferring.call(case, called=called, actor=cast.actor(by), **about)


def record(
    case: Case, conference: Conference, cast: Cast, *minutes: Minute, now: datetime = AFTER, **more: Any
) -> Conference:
    """Everybody came, unless it is told otherwise."""
    told: dict[str, Any] = {"came": list(conference.invited.values_list("pk", flat=True))} | more
    return minuting.record(case, conference=conference, minutes=minutes, actor=cast.actor("jemal", now), **told)


def came_up(part: Part = Part.FACTS, text: str = "School") -> Found:
    return Found("other-1", part, {"kind": "own", "text": text})


def titles(case: Case, conference: Conference, actor: Actor) -> list[str]:
    """What somebody reads on the agenda."""
    file = open_file(actor, case)
    found = agenda.find(file, conference, agenda.since(conference))
    return [said(one.content).title.text for one in found if file.sees(one.part)]


# --- calling ---------------------------------------------------------------------------------------------------------


def test_a_number_that_is_taken_is_drawn_anew(team: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = call(team, cast).number
    monkeypatch.setattr(numbers, "new_number", iter([taken, taken, "NEWNUMBR"]).__next__)
    assert call(team, cast, held_at=TOMORROW + timedelta(hours=2)).number == "NEWNUMBR"


def test_a_conference_of_another_child_is_not_cancelled_by_this_one(team: Case, cast: Cast, register: Any) -> None:
    conference = call(team, cast)
    with pytest.raises(ValueError, match="another case"):
        conferring.cancel(register(), conference=conference, reason="Away", actor=cast.actor("jemal"))
    assert Conference.objects.get().state == ConferenceState.PLANNED


def test_whoever_is_asked_hears_and_the_file_says_so(team: Case, cast: Cast) -> None:
    Look.objects.all().delete()
    conference = call(team, cast, ["jemal", "ogulgerek", "selbi"])
    assert set(Look.objects.values_list("user", flat=True)) == {cast["ogulgerek"].user_id, cast["selbi"].user_id}
    line = Event.objects.get(case=team, kind=EventKind.CONFERENCE_CALLED)
    assert open_sealed(line, "note") == {"conference": conference.pk.hex, "meets_at": TOMORROW.isoformat()}
    for name in ("ogulgerek", "selbi"):
        assert conferences.this_week(cast.actor(name)).count() == 1
    assert not conferences.this_week(cast.actor("merdan")).exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"held_at": NOW - timedelta(days=7, minutes=1)}, "held_at"),
        ({"people": ()}, "people"),
        ({"people": ("jemal", "merdan")}, "people"),
        ({"people": ("jemal", "dowlet")}, "people"),
    ],
)
def test_not_in_the_past_not_without_people_nor_with_strangers(
    team: Case, cast: Cast, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(PersonFacingError) as refused:
        call(team, cast, **more)
    assert refused.value.field == field
    assert not Conference.objects.exists()


def test_somebody_whom_a_conflict_keeps_out_cannot_be_asked_and_hears_nothing_more(team: Case, cast: Cast) -> None:
    conference = call(team, cast, ["jemal", "ogulgerek"])
    guarding.record_conflict(team, user=cast["ogulgerek"].user, reason="A suspect.", actor=cast.actor("jemal"))
    Look.objects.all().delete()
    assert not conferences.mine(cast.actor("ogulgerek")).exists()
    conferring.cancel(team, conference=conference, reason="Moved.", actor=cast.actor("jemal"))
    assert not Look.objects.filter(user=cast["ogulgerek"].user).exists()
    with pytest.raises(PersonFacingError, match="Ogulgerek can't be invited"):
        call(team, cast, ["jemal", "ogulgerek"])


def test_an_agency_is_invited_by_a_consent_that_names_what_is_spoken_of(case: Case, cast: Cast) -> None:
    harbour = cast["dowlet"].agency
    asked: dict[str, Any] = {"agencies": [harbour], "parts": [Part.FACTS]}
    with pytest.raises(ConsentMissing) as missing:
        call(case, cast, **asked)
    assert missing.value.missing_parts == [Part.FACTS]
    with pytest.raises(PersonFacingError, match="spoken of"):
        call(case, cast, agencies=[harbour])
    with pytest.raises(PersonFacingError, match="has the case"):
        call(case, cast, agencies=[cast["jemal"].agency], parts=[Part.FACTS])
    agree(case, harbour, cast, [Part.FACTS, Part.SAFETY])
    Look.objects.all().delete()
    conference = call(case, cast, **asked)
    told = set(Look.objects.values_list("user__username", flat=True))
    assert told == {"dowlet", "selbi", "elena"}
    seat = conference.invited.get(membership=None)
    assert inviting.parts_for(seat, case, cast.actor("jemal")) == {Part.FACTS}
    Consent.objects.update(withdrawn_at=NOW)
    assert not inviting.parts_for(seat, case, cast.actor("jemal"))


def test_it_is_put_at_another_time_with_others_and_all_of_them_hear(team: Case, cast: Cast) -> None:
    conference = call(team, cast, ["jemal", "ogulgerek"])
    Look.objects.all().delete()
    with pytest.raises(Stale):
        call(team, cast, ["jemal"], conference=conference, held_at=AFTER, seen=7)
    call(team, cast, ["jemal", "selbi"], conference=conference, held_at=AFTER, seen=1)
    assert set(Look.objects.values_list("user__username", flat=True)) == {"ogulgerek", "selbi"}
    assert list(Invited.objects.order_by("pk").values_list("held_at", flat=True)) == [AFTER, AFTER]
    with pytest.raises(PersonFacingError, match="for this time already"):
        call(team, cast, held_at=AFTER)


def test_a_supervisor_calls_one_and_nobody_else(team: Case, cast: Cast) -> None:
    call(team, cast, ["jemal", "aman"], by="aman")
    for name in ("ogulgerek", "selbi", "dowlet", "merdan", "irina"):
        with pytest.raises(Refused):
            call(team, cast, by=name, held_at=AFTER)
    with pytest.raises(Closed):
        call(team, cast, by="aman", held_at=AFTER, points=[Added(Part.LEGAL_FILE, "The trial")])


def test_cancelling_tells_all_with_the_reason_and_ends_it(team: Case, cast: Cast) -> None:
    conference = call(team, cast, ["jemal", "ogulgerek"])
    Look.objects.all().delete()
    conferring.cancel(team, conference=conference, reason="The child is ill.", actor=cast.actor("jemal"))
    assert Look.objects.get().user == cast["ogulgerek"].user
    assert conferences.mine(cast.actor("ogulgerek")).exists(), "shown as cancelled until its time has passed"
    assert not conferences.this_week(cast.actor("ogulgerek")).exists()
    assert not conferences.mine(cast.actor("ogulgerek", AFTER)).exists()
    with pytest.raises(PersonFacingError, match="was cancelled"):
        record(team, conference, cast, Minute(came_up(), "Too late"))


# --- the agenda ------------------------------------------------------------------------------------------------------


def test_the_agenda_is_what_is_late_what_is_new_and_what_was_added(team: Case, cast: Cast) -> None:
    jemal = cast.actor("jemal")
    writing.flag(team, text="Buy shoes", due=NOW + timedelta(hours=1), actor=jemal)
    writing.note(team, part=Part.LEGAL_FILE, text="A summons.", actor=cast.actor("selbi"))
    writing.note(team, part=Part.PSYCHOLOGY_NOTES, text="Only mine.", actor=cast.actor("ogulgerek"))
    one_sent(team, cast)
    conference = call(team, cast, points=[Added(Part.NARRATIVE, "Where does she want to live?")])
    found = agenda.find(open_file(cast.actor("jemal", AFTER), team), conference, None)
    late = [one.content["kind"] for one in found if one.group == agenda.LATE]
    assert {"task", "referral"} <= set(late)
    news = {one.part: one.content["events"] for one in found if one.content["kind"] == "new"}
    assert news[Part.LEGAL_FILE] == [["note", 1]]
    law = next(one for one in found if one.content["kind"] == "new" and one.part is Part.LEGAL_FILE)
    assert (said(law.content).title.text, said(law.content).detail) == ("Proceedings and rights", "1 new entry: note")
    assert Part.PSYCHOLOGY_NOTES not in news
    assert [said(one.content).title.text for one in found if one.group == agenda.ADDED] == [
        "Where does she want to live?"
    ]


def test_each_reads_the_points_of_their_parts(team: Case, cast: Cast) -> None:
    points = [Added(part, f"About {part}") for part in (Part.LEGAL_FILE, Part.PSYCHOLOGY_SUMMARY, Part.FACTS)]
    conference = call(team, cast, ["jemal", "ogulgerek", "selbi"], points=points)

    def added(name: str) -> list[str]:
        return [one for one in titles(team, conference, cast.actor(name)) if one.startswith("About")]

    assert added("jemal") == ["About legal_file", "About psychology_summary", "About facts"]
    assert added("ogulgerek") == ["About psychology_summary", "About facts"]
    assert added("selbi") == ["About legal_file"]
    assert added("irina") == []


def test_only_what_came_since_the_conference_before_is_new(team: Case, cast: Cast) -> None:
    conference = call(team, cast)
    record(team, conference, cast, Minute(came_up(), "All is well."))
    later = AFTER + timedelta(days=2)
    Event.objects.filter(case=team).update(written_at=NOW)
    writing.note(team, part=Part.FACTS, text="New.", actor=cast.actor("jemal", AFTER))
    agree(team, cast["dowlet"].agency, cast, until=AFTER.date())
    following = call(team, cast, held_at=later)
    found = agenda.find(open_file(cast.actor("jemal", later), team), following, agenda.since(following))
    told = [(one.content["kind"], one.part) for one in found if one.group == agenda.NEW]
    assert told == [("new", Part.FACTS), ("consent", Part.CONSENT)]


# --- minutes and decisions -------------------------------------------------------------------------------------------


def test_decisions_become_a_task_and_a_draft_with_the_minutes_and_lead_there(team: Case, cast: Cast) -> None:
    conference = call(team, cast, ["jemal", "ogulgerek"])
    harbour, due = cast["dowlet"].agency, AFTER + timedelta(days=3)
    seat = conference.invited.get(membership=cast["ogulgerek"])
    minutes = [
        Minute(
            came_up(Part.PSYCHOLOGY_SUMMARY), "She sleeps badly.", "See her twice a week", ToDo(cast["ogulgerek"], due)
        ),
        Minute(came_up(Part.SAFETY), "", "A bed away from town", ToAsk("shelter", "today", harbour, SUMMARY)),
        Minute(came_up(Part.FACTS), "She goes to school."),
    ]
    record(team, conference, cast, *minutes, came=[seat.pk])
    task = Task.objects.get(kind=TaskKind.DECISION)
    assert (task.owner, task.due, task.part) == (cast["ogulgerek"], due, Part.PSYCHOLOGY_SUMMARY)
    draft = team.referrals.get()
    assert (draft.state, draft.need, draft.agency) == (State.DRAFT, "shelter", harbour)
    file = open_file(cast.actor("jemal", AFTER), team)
    conference = conferences.one(file, conference.pk)  # type: ignore[assignment]
    decided = [one.decided for _group, one in conferences.points(file, conference, None) if one.decided]
    assert [(one.task, one.referral and one.referral.referral) for one in decided] == [(task, None), (None, draft)]
    origin = conferences.of_task(file, task)
    assert origin is not None
    assert origin.href.endswith(str(conference.pk))
    assert dict(conference.invited.values_list("membership__user__username", "came")) == {
        "jemal": False,
        "ogulgerek": True,
    }


def test_the_minutes_are_lines_of_the_file_each_of_its_part(team: Case, cast: Cast) -> None:
    conference = call(team, cast)
    minutes = [Minute(came_up(Part.LEGAL_FILE), "A trial.", "Ask for a delay"), Minute(came_up(), "She is well.")]
    record(team, conference, cast, *minutes)
    assert Event.objects.get(kind=EventKind.CONFERENCE_HELD).happened_at == TOMORROW
    lines = Event.objects.filter(kind=EventKind.MINUTES)
    told = {line.part: open_sealed(line, "note")["text"] for line in lines}
    assert told == {"legal_file": "A trial.\nAsk for a delay", "facts": "She is well."}
    selbi, ogulgerek = (open_file(cast.actor(name, AFTER), team) for name in ("selbi", "ogulgerek"))
    assert [line.part for line in lines if selbi.opens(line, "note")] == ["legal_file"]
    assert [line.part for line in lines if ogulgerek.opens(line, "note")] == ["facts"]


def test_the_agenda_stays_as_it_was_also_when_what_was_late_is_done(team: Case, cast: Cast) -> None:
    flag = writing.flag(team, text="Buy shoes", due=NOW + timedelta(hours=1), actor=cast.actor("jemal"))
    conference = call(team, cast, points=[Added(Part.FACTS, "School")])
    actor = cast.actor("jemal", AFTER)
    found = agenda.find(open_file(actor, team), conference, None)
    record(team, conference, cast, *[Minute(one, "Said.") for one in found])
    writing.finish_task(flag, actor=actor)
    file = open_file(actor, team)
    kept = [open_sealed(row, "content") for row in agenda.kept(file, conference)]
    assert kept == [one.content for one in found]
    assert kept[-1]["text"] == "School"
    assert Point.objects.count() == len(found)


def test_recorded_twice_is_recorded_once(team: Case, cast: Cast) -> None:
    conference = call(team, cast)
    minute = Minute(came_up(), "Well.", "Buy shoes", ToDo(cast["jemal"], AFTER + timedelta(days=1)))
    record(team, conference, cast, minute, seen=1)
    with pytest.raises(PersonFacingError, match="recorded already"):
        record(team, conference, cast, minute, seen=1)
    with pytest.raises(PersonFacingError, match="recorded already"):
        conferring.cancel(team, conference=conference, reason="No.", actor=cast.actor("jemal"))
    assert (Task.objects.filter(kind=TaskKind.DECISION).count(), Decision.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([], "at one point at least"),
        ([("facts", "Well.", ("jemal", NOW))], "has passed"),
        ([("facts", "Well.", ("merdan", AFTER))], "circle of care"),
        ([("legal_file", "Well.", ("ogulgerek", AFTER))], "Ogulgerek could not read"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_kept(
    team: Case, cast: Cast, minutes: list[tuple[str, str, tuple[str, datetime]]], said: str
) -> None:
    conference = call(team, cast)
    told = [Minute(came_up(Part(part)), words, "Do it", ToDo(cast[who], due)) for part, words, (who, due) in minutes]
    with pytest.raises(PersonFacingError, match=said):
        record(team, conference, cast, *told)
    assert Conference.objects.get().state == ConferenceState.PLANNED
    assert not Task.objects.filter(kind=TaskKind.DECISION).exists()


def test_one_that_lies_ahead_has_no_minutes_and_only_the_case_manager_writes_them(team: Case, cast: Cast) -> None:
    conference = call(team, cast)
    with pytest.raises(PersonFacingError, match="still to come"):
        record(team, conference, cast, Minute(came_up(), "Well."), now=NOW)
    for name in ("aman", "ogulgerek", "selbi"):
        with pytest.raises(Refused):
            minuting.record(
                team, conference=conference, minutes=[Minute(came_up(), "Well.")], actor=cast.actor(name, AFTER)
            )
    guarding.record_conflict(
        team, user=cast["jemal"].user, part=Part.FACTS, reason="A cousin.", actor=cast.actor("aman")
    )
    with pytest.raises(Closed):
        record(team, conference, cast, Minute(came_up(), "Well."))


def test_minutes_say_who_came_and_somebody_did(team: Case, cast: Cast, register: Any) -> None:
    conference = call(team, cast, ["jemal", "selbi"])
    for nobody in ([], [uuid.uuid4()]):
        with pytest.raises(PersonFacingError, match="Tick who came"):
            record(team, conference, cast, Minute(came_up(), "Well."), came=nobody)
    seat = conference.invited.get(membership=cast["selbi"])
    record(team, conference, cast, Minute(came_up(), "Well."), came=[seat.pk])
    assert list(conference.invited.filter(came=True)) == [seat]


# --- an agency that is invited ---------------------------------------------------------------------------------------


@pytest.fixture
def invited(case: Case, cast: Cast) -> Conference:
    """The harbour is asked by a consent."""
    agree(case, cast["dowlet"].agency, cast, [Part.FACTS])
    return call(case, cast, agencies=[cast["dowlet"].agency], parts=[Part.FACTS])


@pytest.mark.sqlcipher_only
def test_a_withdrawal_takes_the_invitation_back_and_the_agency_looks(
    case: Case, cast: Cast, invited: Conference
) -> None:
    assert conferences.mine(cast.actor("dowlet")).count() == 1
    Look.objects.all().delete()
    withdraw_consent(case, consent=Consent.objects.get(), reason="No.", actor=cast.actor("jemal"))
    assert not conferences.mine(cast.actor("dowlet")).exists()
    assert [one.membership for one in invited.invited.all()] == [cast["jemal"]]
    assert cast["dowlet"].user_id in Look.objects.values_list("user", flat=True)


def test_an_invitation_is_in_no_hands_once_the_consent_is_withdrawn_or_has_ended(
    cast: Cast, invited: Conference
) -> None:
    seat = invited.invited.get(membership=None)
    assert open_file(cast.actor("dowlet"), seat).exists
    Consent.objects.update(until=NOW.date())
    assert conferences.mine(cast.actor("dowlet")).exists(), "until the evening"
    assert not conferences.mine(cast.actor("dowlet", AFTER)).exists()
    Consent.objects.update(withdrawn_at=NOW)
    assert not open_file(cast.actor("dowlet"), invited.invited.get(membership=None)).exists
    assert not conferences.mine(cast.actor("dowlet")).exists()


@pytest.mark.sqlcipher_only
def test_one_that_is_never_recorded_leaves_the_list_of_the_agency_and_not_the_callers(
    cast: Cast, invited: Conference
) -> None:
    later = TOMORROW + conferences.OVER
    assert conferences.mine(cast.actor("dowlet", later)).exists()
    assert not conferences.mine(cast.actor("dowlet", later + timedelta(seconds=1))).exists()
    assert conferences.mine(cast.actor("jemal", later + timedelta(seconds=1))).exists()


@pytest.mark.sqlcipher_only
def test_a_consent_for_something_else_lets_nobody_hear_at_a_conference(
    case: Case, cast: Cast, invited: Conference
) -> None:
    Consent.objects.update(purpose="transfer")
    assert not inviting.parts_for(invited.invited.get(membership=None), case, cast.actor("jemal"))


@pytest.mark.sqlcipher_only
def test_where_it_is_and_who_comes_learns_only_who_is_asked_or_stands_in_the_circle_without_a_consent(
    team: Case, cast: Cast
) -> None:
    def learns(name: str) -> tuple[bool, bool]:
        file = open_file(cast.actor(name), team)
        conference = conferences.one(file, called.pk)
        assert conference
        told = conferences.about(file, conference)
        return bool(told["place"].text), bool(told["invited"])

    called = call(team, cast, ["jemal"])
    assert (learns("selbi"), learns("irina")) == ((False, False), (False, False))
    for name in ("jemal", "ogulgerek", "aman"):
        assert learns(name) == (True, True), name
    call(team, cast, ["jemal", "selbi"], conference=called)
    assert learns("selbi") == (True, True)


@pytest.mark.sqlcipher_only
def test_the_agenda_tells_who_reads_by_a_consent_nothing_of_the_consents_of_others(team: Case, cast: Cast) -> None:
    agree(team, cast["irina"].agency, cast, withdrawn_at=NOW)
    conference = call(team, cast)
    told = {}
    for name in ("jemal", "selbi"):
        points = conferences.points(open_file(cast.actor(name), team), conference, None)
        told[name] = [repr(shown.said) for _group, shown in points]
    assert any("Referral Mechanism" in text for text in told["jemal"])
    assert not any("Referral Mechanism" in text for text in told["selbi"])
