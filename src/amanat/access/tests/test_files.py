"""What a file is in the hands of one actor: levels with their conditions (consent, reveal, conflict, own notes) decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.access import verbs
from amanat.access.files import Closed, open_file, open_files
from amanat.access.labels import LEVEL_LABELS
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import CIRCLE, PARTS, SEEING, WRITING, Level, Part, Relation, Verb
from amanat.access.standing import asked_once
from amanat.cases.actions import consenting, guarding, handing, writing
from amanat.cases.models import Event, EventKind
from amanat.web.errors import Refused
from tests.cast import NOW

HOUR = timedelta(hours=1)


def place(cast, case, name, relation, consent=None, until=None):
    return Grant.objects.create(
        subject=case.subject, membership=cast[name], relation=relation, since=NOW, until=until, consent=consent
    )


def consent_to(cast, case, name, *parts, until=None):
    return Consent.objects.create(
        subject=case.subject,
        purpose="assistance_by_partner",
        recipient=cast[name].agency,
        parts=[str(part) for part in parts],
        recorded_by=cast["jemal"],
        given_on=NOW.date(),
        until=until,
    )


def keep_out(cast, case, name, part=""):
    return Conflict.objects.create(
        subject=case.subject, user=cast[name].user, part=part, recorded_by=cast["aman"], recorded_at=NOW
    )


@pytest.mark.parametrize("relation", CIRCLE)
@pytest.mark.parametrize("part", Part)
def test_whoever_stands_in_the_circle_gets_what_the_table_says(cast, actor, case, relation, part):
    Grant.objects.all().delete()
    place(cast, case, "dowlet", relation)
    expected = PARTS[part][relation]
    expected = Level.SEES if expected is Level.UNLESS_CONFLICT else expected
    assert open_file(actor("dowlet"), case).level(part) is expected


def test_a_place_by_consent_reaches_no_further_than_the_consent_names(cast, actor, case):
    place(cast, case, "selbi", Relation.LAWYER, consent_to(cast, case, "selbi", Part.LEGAL_FILE, Part.IDENTITY))
    file = open_file(actor("selbi"), case)
    assert file.visible_parts() == [Part.EXISTENCE, Part.IDENTITY, Part.LEGAL_FILE, Part.CONSENT]
    assert [part for part in Part if file.writes(part)] == [Part.LEGAL_FILE]


def test_a_consent_opens_nothing_that_the_role_does_not_see(cast, actor, case):
    place(
        cast, case, "selbi", Relation.LAWYER, consent_to(cast, case, "selbi", Part.HEALTH_FILE, Part.PSYCHOLOGY_NOTES)
    )
    assert open_file(actor("selbi"), case).visible_parts() == [Part.EXISTENCE, Part.CONSENT]


def test_the_place_is_gone_the_day_after_the_consents_last_day(cast, actor, case):
    place(cast, case, "selbi", Relation.LAWYER, consent_to(cast, case, "selbi", Part.LEGAL_FILE, until=NOW.date()))
    assert open_file(actor("selbi"), case).exists
    assert not open_file(actor("selbi", NOW + timedelta(days=1)), case).exists


def test_a_receiver_sees_what_a_consent_names_and_the_summary_without(cast, actor, case):
    place(cast, case, "dowlet", Relation.RECEIVER)
    assert not open_file(actor("dowlet"), case).sees(Part.IDENTITY)
    assert open_file(actor("dowlet"), case).sees(Part.REFERRAL_SUMMARY)
    consent_to(cast, case, "dowlet", Part.IDENTITY)
    assert open_file(actor("dowlet"), case).sees(Part.IDENTITY)
    assert not open_file(actor("dowlet"), case).sees(Part.CONTACTS)


def test_a_revealed_part_closes_after_ten_minutes(cast, actor, case):
    assert open_file(actor("aman"), case).level(Part.IDENTITY) is Level.REVEAL
    guarding.reveal(case, part=Part.IDENTITY, reason="A court asks.", actor=actor("aman"))
    assert open_file(actor("aman"), case).sees(Part.IDENTITY)
    assert open_file(actor("aman", NOW + timedelta(minutes=9, seconds=59)), case).sees(Part.IDENTITY)
    later = open_file(actor("aman", NOW + timedelta(minutes=10)), case)
    assert later.level(Part.IDENTITY) is Level.REVEAL
    with pytest.raises(Closed):
        later.open(case.child, "identity")


def test_what_one_supervisor_had_revealed_stays_closed_to_another(cast, actor, case):
    guarding.reveal(case, part=Part.IDENTITY, reason="A court asks.", actor=actor("aman"))
    case.agency = cast["elena"].agency
    case.save()
    assert open_file(actor("elena"), case).level(Part.IDENTITY) is Level.REVEAL


def test_psychologists_read_their_own_process_notes_and_nobody_elses(cast, actor, case):
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="Sleep.", actor=actor("jemal"))
    place(cast, case, "dowlet", Relation.PSYCHOLOGIST)
    note = writing.note(case, part=Part.PSYCHOLOGY_NOTES, text="Mine.", actor=actor("ogulgerek"))
    row = Event.objects.select_related("subject").get(pk=note.pk)
    assert open_file(actor("ogulgerek"), case).open(row, "note") == {"text": "Mine."}
    for other in ("dowlet", "jemal"):
        with pytest.raises(Closed):
            open_file(actor(other), case).open(row, "note")


def test_a_deputy_reads_no_process_notes_of_whom_they_stand_in_for(cast, actor, case):
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="Sleep.", actor=actor("jemal"))
    note = writing.note(case, part=Part.PSYCHOLOGY_NOTES, text="Mine.", actor=actor("ogulgerek"))
    row = Event.objects.select_related("subject").get(pk=note.pk)
    away = cast["ogulgerek"]
    away.deputy, away.away_from, away.away_until = cast["merdan"], NOW - HOUR, NOW + HOUR
    away.save()
    file = open_file(actor("merdan"), case)
    assert file.writes(Part.PSYCHOLOGY_NOTES)
    with pytest.raises(Closed):
        file.open(row, "note")


def test_the_case_manager_reads_the_log_until_a_conflict_is_recorded(cast, actor, case):
    assert open_file(actor("jemal"), case).sees(Part.AUDIT)
    conflict = keep_out(cast, case, "merdan")
    assert not open_file(actor("jemal"), case).sees(Part.AUDIT)
    assert open_file(actor("kerim"), case).sees(Part.AUDIT)
    conflict.lifted_at = NOW
    conflict.save()
    # Its reason stands in the log for good, and was written for the data protection officer alone.
    assert not open_file(actor("jemal"), case).sees(Part.AUDIT)


def test_a_conflict_on_a_part_closes_that_part_alone(cast, actor, case):
    keep_out(cast, case, "jemal", Part.SAFETY)
    file = open_file(actor("jemal"), case)
    assert not file.sees(Part.SAFETY)
    assert file.writes(Part.IDENTITY)


def test_a_conflict_holds_in_every_membership_and_while_standing_in(cast, actor, case):
    keep_out(cast, case, "merdan")
    jemal = cast["jemal"]
    jemal.deputy, jemal.away_from, jemal.away_until = cast["merdan"], NOW - HOUR, NOW + HOUR
    jemal.save()
    assert cast["jemal"].pk in actor("merdan").stands_for
    assert not open_file(actor("merdan"), case).exists


def test_a_deputy_sees_as_much_as_whom_they_stand_in_for_and_only_while_they_are_away(cast, actor, case):
    jemal = cast["jemal"]
    jemal.deputy, jemal.away_from, jemal.away_until = cast["merdan"], NOW - HOUR, NOW + HOUR
    jemal.save()
    assert open_file(actor("merdan"), case).writes(Part.IDENTITY)
    assert not open_file(actor("merdan", NOW + HOUR), case).exists
    assert not open_file(actor("merdan", NOW - 2 * HOUR), case).exists


def test_emergency_access_sees_five_parts_and_writes_none(cast, actor, case):
    place(cast, case, "dowlet", Relation.EMERGENCY, until=NOW + 4 * HOUR)
    file = open_file(actor("dowlet"), case)
    opened = [Part.EXISTENCE, Part.CONTACTS, Part.SAFETY, Part.HEALTH_ALERTS, Part.LEGAL_STATUS]
    assert file.visible_parts() == opened
    assert not any(map(file.writes, Part))
    assert not open_file(actor("dowlet", NOW + 4 * HOUR), case).exists


def test_two_relations_add_up(cast, actor, case):
    place(cast, case, "aman", Relation.SOCIAL_WORKER)
    file = open_file(actor("aman"), case)
    assert file.sees(Part.CONTACTS)  # as social worker
    assert file.level(Part.PLAN) is Level.OWN_PART
    assert file.sees(Part.IDENTITY)  # no reveal needed: a stronger relation sees it


def test_a_row_of_another_child_does_not_open_through_this_file(actor, case, register):
    other = register(identity={"names": [{"given": "Begenç"}]})
    with pytest.raises(ValueError, match="does not belong"):
        open_file(actor("jemal"), case).open(other.child, "identity")


def test_what_was_opened_is_remembered_and_what_was_refused_is_not(actor, case):
    file = open_file(actor("jemal"), case)
    file.open(case.child, "identity")
    assert file.looked == {Part.IDENTITY}
    stranger = open_file(actor("dowlet"), case)
    with pytest.raises(Closed):
        stranger.open(case.child, "identity")
    assert stranger.looked == set()


def test_opening_many_files_asks_as_often_as_opening_one(cast, actor, register):
    cases = [register() for _ in range(6)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        open_file(actor("jemal"), cases[0])
    with CaptureQueriesContext(connection) as many:
        open_files(actor("jemal"), cases)
    assert len(one) == len(many)


def test_a_consent_recorded_in_the_small_hours_counts_at_once(cast, actor, case):
    """It is the 25th in Ashgabat and still the 24th in Greenwich."""
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    night = NOW.replace(hour=21)
    with timezone.override(ZoneInfo("Asia/Ashgabat")):
        consenting.record_consent(
            case,
            purpose="referral",
            recipient=cast["selbi"].agency,
            parts=[Part.LEGAL_FILE],
            given_by="both",
            words="Yes.",
            given_on=timezone.localdate(night),
            actor=actor("jemal", night),
        )
        handing.bring_in(
            case, to=cast["selbi"], relation=Relation.LAWYER, reason="Hearing.", actor=actor("jemal", night)
        )
    assert open_file(actor("selbi", night), case).writes(Part.LEGAL_FILE)


def test_what_the_tables_say_is_asked_once_of_each_actor_only_where_that_is_said(cast, actor, case):
    jemal, stranger = actor("jemal"), actor("merdan")
    with asked_once(), CaptureQueriesContext(connection) as queries:
        seen = [open_file(who, case).exists for who in (jemal, jemal, stranger, stranger)]
    assert (seen, len(queries)) == ([True, True, False, False], 2)
    keep_out(cast, case, "jemal")
    assert not open_file(jemal, case).exists


def test_a_verb_that_asks_again_asks_the_tables_anew(cast, actor, case):
    jemal = actor("jemal")
    with asked_once(), verbs._as_running(Verb.CASE_CLOSE, jemal, [case]):
        verbs.check_again()
        Grant.objects.filter(subject=case.subject, membership=cast["jemal"]).update(until=NOW)
        with pytest.raises(Refused):
            verbs.check_again()


def test_what_rooms_ask_of_a_file_is_asked_once_and_no_room_gets_the_answer_of_another(actor, case):
    asked = []

    def stays(file):
        asked.append(file)
        return ["a stay"]

    def another_rooms_stays(file):
        return len(asked)

    file = open_file(actor("jemal"), case)
    assert [file.once(stays), file.once(stays), file.once(another_rooms_stays)] == [["a stay"], ["a stay"], 1]
    assert file.only(frozenset({Part.EXISTENCE})).once(stays) == ["a stay"]
    assert len(asked) == 2, "a narrower copy asks anew"


def test_every_level_is_named_and_writing_is_seeing():
    assert set(LEVEL_LABELS) == set(Level)
    assert WRITING <= SEEING


def test_a_conflict_leaves_no_line_in_the_timeline(cast, actor, case):
    guarding.record_conflict(case, user=cast["merdan"].user, reason="Cousin.", actor=actor("jemal"))
    assert set(Event.objects.filter(case=case).values_list("kind", flat=True)) == {EventKind.REGISTERED}
