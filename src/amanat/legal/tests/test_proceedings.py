"""Proceedings on a file, hearings with what was asked and granted for the child, decisions and what runs after them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Relation
from amanat.cases import my_day, steps
from amanat.cases.actions import persons
from amanat.cases.actions.marking import mark
from amanat.cases.models import Event, EventKind
from amanat.cases.persons import around
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.legal import showing
from amanat.legal.actions import hearings, proceedings, rulings
from amanat.legal.erasing import erase
from amanat.legal.models import (
    ChildRole,
    Hearing,
    HearingState,
    LegalDue,
    Proceeding,
    ProceedingKind,
    ProceedingState,
    Ruling,
)
from amanat.legal.tests.stood import COURT, LEGAL, hearing_in, lawyer_of_the_house, proceeding_on, ruled
from amanat.vault.erasing import Erasing
from amanat.web.errors import PersonFacingError, Refused, Stale

pytestmark = pytest.mark.django_db


def page_of(row, name="proceeding"):
    return reverse(f"legal.{name}", args=[row])


def section_of(case):
    return f"{case.get_absolute_url()}?section=legal"


# --- proceedings -----------------------------------------------------------------------------------------------------


def test_proceedings_are_opened_on_a_page_and_stand_on_the_file(browse, case):
    page = browse("jemal").post(
        reverse("legal.open_proceeding", args=[case]), COURT | {"kind": "criminal", "role": "victim"}
    )
    assert page.status_code == 302
    told = read(browse("jemal"), page["Location"])
    for word in ("Proceedings: criminal", "Zqcourt of the city", "1-77/2026", "The man from the shop", "running"):
        assert word in told
    assert "Criminal" in read(browse("jemal"), section_of(case))


def test_who_sees_the_status_alone_reads_no_court_and_no_number(browse, cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    proceeding = proceeding_on(case, cast)
    hearing_in(proceeding, cast)
    ruled(proceeding, cast, "judgment")
    for address in (page_of(proceeding), section_of(case)):
        told = read(browse("merdan"), address)
        assert "victim" in told
        for word in ("Zqcourt", "1-77/2026", "shop", "Judgment"):
            assert word not in told


@pytest.mark.parametrize(("name", "status"), [("dowlet", 404), ("ogulgerek", 404), ("viktor", 404)])
def test_the_proceedings_do_not_exist_for_outsiders(browse, cast, case, name, status):
    assert browse(name).get(page_of(proceeding_on(case, cast))).status_code == status


def test_a_lawyer_of_another_agency_writes_by_a_consent_that_names_the_legal_file(cast, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=LEGAL)
    proceeding = proceeding_on(case, cast, by="selbi", lawyer=cast["selbi"])
    assert proceeding.lawyer == cast["selbi"]


def test_a_lawyer_whose_consent_names_no_legal_file_writes_nothing(cast, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts={Part.SAFETY})
    with pytest.raises(Closed):
        proceeding_on(case, cast, by="selbi")


def test_a_lawyer_who_stands_not_in_the_circle_is_refused(cast, case):
    with pytest.raises(PersonFacingError, match="does not stand in the circle"):
        proceeding_on(case, cast, lawyer=cast["selbi"])


def test_a_guardian_who_is_a_suspect_is_not_offered_and_refused(browse, actor, cast, case):
    uncle = persons.record_person(case, name="Uncle Zq", relation="uncle_aunt", actor=actor("jemal"))
    persons.suspect(case, person=uncle, reason="Sold her.", actor=actor("jemal"))
    assert uncle.pk.hex not in read(browse("jemal"), reverse("legal.open_proceeding", args=[case]))
    with pytest.raises(PersonFacingError, match="recorded as a suspect"):
        proceeding_on(case, cast, guardian=uncle.pk.hex)


def test_a_change_keeps_what_stood_there_and_two_at_once_are_shown_side_by_side(cast, actor, case):
    proceeding = proceeding_on(case, cast)
    told = COURT | {"kind": ProceedingKind.CRIMINAL, "role": ChildRole.WITNESS, "state": ProceedingState.RUNNING}
    proceedings.change_proceeding(proceeding, **told | {"numbers": "2-1/2027"}, seen=1, actor=actor("jemal"))
    file = open_file(actor("jemal"), case)
    [one] = showing.proceedings_of(file)
    assert (one.numbers.text, one.role) == ("2-1/2027", "witness")
    line = Event.objects.get(kind=EventKind.PROCEEDING, part=Part.LEGAL_FILE)
    line.subject = case.subject
    assert file.open(line, "note")["was"] == "victim; 1-77/2026"
    with pytest.raises(Stale):
        proceedings.change_proceeding(Proceeding.objects.get(), **told, seen=1, actor=actor("jemal"))


def test_a_child_that_is_accused_has_the_word_about_non_punishment(browse, cast, case):
    proceeding = proceeding_on(case, cast, role=ChildRole.ACCUSED)
    assert "Ask in writing for non-punishment" in read(browse("jemal"), page_of(proceeding))


# --- hearings --------------------------------------------------------------------------------------------------------


def test_a_hearing_typed_in_the_sites_time_is_kept_in_utc_with_measures_and_who_goes_along(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    sent = {
        "at": "2026-12-01T14:30",
        "body": "City court",
        "room": "12",
        "measures_asked": ["video", "closed_session"],
        "goes_along": str(cast["jemal"].pk),
    }
    assert browse("jemal").post(page_of(proceeding, "fix_hearing"), sent).status_code == 302
    assert Hearing.objects.get().at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    told = read(browse("jemal"), page_of(proceeding))
    for word in ("01.12.2026", "14:30", "City court", "Testimony by video link", "Closed session", "Jemal"):
        assert word in told


def test_a_hearing_in_the_past_is_named_and_kept_only_by_who_says_so(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    sent = {"at": "2026-11-20T10:00", "body": "City court", "room": "Zqroom"}
    page = browse("jemal").post(page_of(proceeding, "fix_hearing"), sent).content.decode()
    assert "This hearing lies in the past." in page
    assert "Zqroom" in page
    assert browse("jemal").post(page_of(proceeding, "fix_hearing"), sent | {"already_held": "on"}).status_code == 302
    assert "written down late" in read(browse("jemal"), page_of(proceeding))


def test_a_hearing_before_the_child_was_born_is_refused(cast, case):
    with pytest.raises(PersonFacingError, match="not born then"):
        hearing_in(proceeding_on(case, cast), cast, datetime(2012, 4, 4, 9, tzinfo=UTC), already_held=True)


def test_a_hearing_whose_time_has_passed_is_flagged_until_somebody_writes_what_it_brought(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    hearing = hearing_in(proceeding, cast, goes_along=cast["jemal"])
    cast.now += timedelta(days=4)
    file = open_file(cast.actor("jemal"), case)
    [shown] = showing.proceedings_of(file)[0].hearings
    assert shown.is_over
    hearings.record_hearing(hearing, state=HearingState.HELD, outcome="Put off.", actor=cast.actor("jemal"))
    [shown] = showing.proceedings_of(file)[0].hearings
    assert not shown.is_over
    assert shown.outcome.text == "Put off."


def test_what_was_asked_for_the_child_and_not_granted_is_told(cast, case):
    proceeding = proceeding_on(case, cast)
    hearing = hearing_in(proceeding, cast, measures_asked=["video", "closed_session"])
    cast.now += timedelta(days=4)
    hearings.record_hearing(
        hearing, state=HearingState.HELD, outcome="Heard.", measures_granted=["video"], actor=cast.actor("jemal")
    )
    [shown] = showing.proceedings_of(open_file(cast.actor("jemal"), case))[0].hearings
    assert [state for _name, state in shown.measures] == ["granted", "refused"]


def test_nobody_writes_what_a_hearing_brought_before_it_began_nor_twice(actor, cast, case):
    hearing = hearing_in(proceeding_on(case, cast), cast)
    with pytest.raises(PersonFacingError, match="has not begun yet"):
        hearings.record_hearing(hearing, state=HearingState.HELD, outcome="x", actor=actor("jemal"))
    hearings.record_hearing(hearing, state=HearingState.CANCELLED, outcome="The judge was ill.", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="written down already"):
        hearings.record_hearing(hearing, state=HearingState.CANCELLED, outcome="x", actor=actor("jemal"))


def test_a_hearing_that_is_moved_stays_and_another_comes_in_its_place(browse, cast, case):
    hearing = hearing_in(proceeding_on(case, cast), cast, measures_asked=["video"])
    sent = {"at": "2026-12-20T10:00", "body": "City court", "why_moved": "No interpreter."}
    assert browse("jemal").post(page_of(hearing, "move_hearing"), sent).status_code == 302
    assert sorted(Hearing.objects.values_list("state", flat=True)) == ["fixed", "moved"]
    assert "No interpreter." in read(browse("jemal"), page_of(hearing.proceeding))
    assert browse("jemal").get(page_of(hearing, "move_hearing")).status_code == 400


def test_somebody_outside_the_circle_does_not_go_along(cast, case):
    with pytest.raises(PersonFacingError, match="does not stand in the circle"):
        hearing_in(proceeding_on(case, cast), cast, goes_along=cast["merdan"])


def test_a_social_worker_who_does_not_see_the_file_fixes_no_hearing(cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    with pytest.raises(Refused):
        hearings.fix_hearing(proceeding_on(case, cast), at=cast.now, body="x", actor=cast.actor("merdan"))


# --- what happened, and what runs ------------------------------------------------------------------------------------


def test_a_judgment_begins_the_deadline_that_it_names_and_the_appeal_ends_it(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "judgment", date(2026, 11, 20), appeal_by=date(2026, 12, 9))
    assert LegalDue.objects.get().due == datetime(2026, 12, 10, 0, 0, tzinfo=UTC)
    told = read(browse("jemal"), page_of(proceeding))
    assert "Last day to appeal" in told
    assert "as the decision names it" in told
    ruled(proceeding, cast, "appeal")
    assert not LegalDue.objects.exists()


def test_an_event_with_a_wrong_day_is_taken_back_and_nothing_follows_from_it_any_more(browse, cast, case):
    proceeding, jemal = proceeding_on(case, cast), browse("jemal")
    wrong = ruled(proceeding, cast, "judgment", date(2026, 11, 10), appeal_by=date(2026, 11, 30))
    ruled(proceeding, cast, "judgment", date(2026, 11, 20), appeal_by=date(2026, 12, 9))
    assert LegalDue.objects.count() == 2
    address = reverse("legal.take_back_ruling", args=[proceeding.pk, wrong.pk])
    assert address in read(jemal, page_of(proceeding))
    assert jemal.post(address, {"reason": ""}).status_code == 200
    assert jemal.post(address, {"reason": "The day was wrong."}).status_code == 302
    assert LegalDue.objects.get().due == datetime(2026, 12, 10, 0, 0, tzinfo=UTC)
    told = read(jemal, page_of(proceeding))
    assert "The day was wrong." in told
    assert told.count("as the decision names it") == 1
    assert jemal.get(address).status_code == 404
    with pytest.raises(PersonFacingError, match="taken back meanwhile"):
        rulings.take_back(proceeding, ruling=wrong, reason="Again.", actor=cast.actor("jemal"))


def test_a_deadline_runs_again_once_what_ended_it_is_taken_back(cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "judgment", date(2026, 11, 20), appeal_by=date(2026, 12, 9))
    appeal = ruled(proceeding, cast, "appeal")
    rulings.take_back(proceeding, ruling=appeal, reason="Of another case.", actor=cast.actor("jemal"))
    assert LegalDue.objects.get().due == datetime(2026, 12, 10, 0, 0, tzinfo=UTC)


def test_an_erasure_takes_an_event_and_what_takes_it_back(cast, case):
    proceeding = proceeding_on(case, cast)
    wrong = ruled(proceeding, cast, "judgment")
    rulings.take_back(proceeding, ruling=wrong, reason="x", actor=cast.actor("jemal"))
    erase(Erasing([case.subject_id], cast.now))
    assert not Ruling.objects.exists()


def test_where_no_length_is_known_the_page_says_so_and_invents_none(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "judgment")
    told = read(browse("jemal"), page_of(proceeding))
    assert "Last day: not known" in told
    assert "runs since" in told
    assert "unverified" in told
    assert LegalDue.objects.get().due is None


def test_a_last_day_that_nobody_knows_is_a_task_of_the_lawyer_until_it_is_written_down(browse, cast, case):
    lawyer_of_the_house(cast, case)
    proceeding = proceeding_on(case, cast, lawyer=cast["selbi"])
    ruled(proceeding, cast, "judgment", date(2026, 11, 20))
    tile = "legal deadline without a last day"
    assert tile in [str(one.label) for one in my_day.head(cast.actor("selbi")).tiles]
    assert tile not in [str(one.label) for one in my_day.head(cast.actor("jemal")).tiles]
    assert "Last day: not known" in read(browse("selbi"), reverse("legal.calendar"))
    assert "The last day of a deadline is not known" in read(browse("selbi"), section_of(case))
    assert "First deadline" not in read(browse("selbi"), section_of(case))
    page = read(browse("selbi"), page_of(proceeding))
    assert "Ask the lawyer" not in page
    [address] = re.findall(r'href="([^"]+event=judgment[^"]+)"', page)
    asked = read(browse("selbi"), address.replace("&amp;", "&"))
    assert 'value="2026-11-20"' in asked
    sent = {"event": "judgment", "on": "2026-11-20", "appeal_by": "2026-12-09"}
    assert browse("selbi").post(page_of(proceeding, "record_ruling"), sent).status_code == 302
    assert LegalDue.objects.get().due == datetime(2026, 12, 10, 0, 0, tzinfo=UTC)
    assert tile not in [str(one.label) for one in my_day.head(cast.actor("selbi")).tiles]


def test_a_document_without_an_end_asks_nobody_for_one(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "document_issued")
    assert not LegalDue.objects.exists()
    assert "Last day: not known" in read(browse("jemal"), page_of(proceeding))


def test_a_day_in_the_address_that_is_none_does_no_harm(browse, cast, case):
    address = page_of(proceeding_on(case, cast), "record_ruling")
    assert browse("jemal").get(f"{address}?event=%3Cb%3E&on=never").status_code == 200


def test_the_reflection_period_has_its_clock_and_says_that_nobody_checked_it(browse, cast, case):
    proceeding = proceeding_on(case, cast, kind=ProceedingKind.STATUS, role=ChildRole.APPLICANT)
    ruled(proceeding, cast, "reflection", date(2026, 11, 20))
    assert LegalDue.objects.get().due == datetime(2026, 12, 21, 0, 0, tzinfo=UTC)
    told = read(browse("jemal"), page_of(proceeding))
    assert "The period for recovery and reflection ends" in told
    assert "unverified" in told
    assert "Convention 197" in told


def test_a_permit_to_stay_and_an_answer_on_non_punishment_have_their_clocks(cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "stay_granted", until=date(2027, 5, 1))
    ruled(proceeding, cast, "non_punishment_asked", date(2026, 11, 20), until=date(2026, 12, 24))
    answer, stay = datetime(2026, 12, 25, 0, 0, tzinfo=UTC), datetime(2027, 5, 2, 0, 0, tzinfo=UTC)
    assert set(LegalDue.objects.values_list("due", flat=True)) == {answer, stay}
    ruled(proceeding, cast, "non_punishment_granted")
    assert LegalDue.objects.get().due == stay


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"on": date(2026, 11, 25)}, "has not come yet"),
        ({"on": date(2012, 4, 4)}, "not born then"),
        ({"until": date(2026, 11, 1)}, "before the day on which it happened"),
        ({"appeal_by": date(2026, 11, 1)}, "before the day on which it happened"),
        ({"event": "other"}, "Write what happened"),
    ],
)
def test_days_that_cannot_be_are_refused(cast, case, changed, sentence):
    proceeding = proceeding_on(case, cast)
    told = {"event": "judgment", "on": date(2026, 11, 20)} | changed
    with pytest.raises(PersonFacingError, match=sentence):
        ruled(proceeding, cast, **told)


def test_the_page_and_the_section_cost_the_same_with_two_and_with_twenty(browse, cast, case):
    proceeding = proceeding_on(case, cast)
    client = browse("jemal")

    def cost(address):
        read(client, address)
        with counting() as queries:
            read(client, address)
        return len(queries)

    def more(count):
        for number in range(count):
            hearing_in(proceeding, cast, cast.now + timedelta(days=number + 1))
            ruled(proceeding, cast, "judgment", appeal_by=date(2026, 12, 9))

    more(2)
    few = cost(page_of(proceeding)), cost(section_of(case))
    more(18)
    for _number in range(5):
        proceeding_on(case, cast)
    assert (cost(page_of(proceeding)), cost(section_of(case))) == few
    assert max(few) <= 14, few  # with cautions of other rooms


def test_proceedings_and_hearings_begin_their_steps_and_how_often_the_child_was_interviewed_is_told(
    browse, cast, actor, case
):
    proceeding = proceeding_on(case, cast)
    hearing_in(proceeding, cast)
    mark(case, EventKind.INTERVIEWED, actor("jemal"), part=Part.FACTS)
    names = {one.step.name for one in steps.due(open_file(actor("jemal"), case))}
    assert names >= {"rights_check", "non_punishment", "stay_and_documents", "hearing_prepared"}
    told = read(browse("jemal"), section_of(case))
    assert "The child was interviewed 1 time." in told
    assert reverse("identification.interviews", args=[case]) in told


def test_what_is_due_is_told_to_those_of_the_legal_file_alone(browse, cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    ruled(proceeding_on(case, cast), cast, "judgment", appeal_by=date(2026, 12, 9))
    assert "First deadline" in read(browse("jemal"), section_of(case))
    assert "First deadline" not in read(browse("merdan"), section_of(case))


def test_in_clear_a_deadline_says_no_more_than_when(cast, case):
    ruled(proceeding_on(case, cast), cast, "non_punishment_asked", until=date(2026, 12, 24))
    assert {field.name for field in LegalDue._meta.get_fields()} == {"id", "proceeding", "due"}


def test_proceedings_that_ended_have_no_deadlines_and_those_that_run_again_do(cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "judgment", appeal_by=date(2026, 12, 9))
    told = COURT | {"kind": ProceedingKind.CRIMINAL, "role": ChildRole.VICTIM}
    proceedings.change_proceeding(proceeding, state=ProceedingState.ENDED, actor=cast.actor("jemal"), **told)
    assert not LegalDue.objects.exists()
    ruled(Proceeding.objects.get(), cast, "judgment", appeal_by=date(2026, 12, 9))
    assert not LegalDue.objects.exists()
    proceedings.change_proceeding(proceeding, state=ProceedingState.RUNNING, actor=cast.actor("jemal"), **told)
    assert LegalDue.objects.count() == 2


def test_all_that_a_change_replaces_is_kept_in_the_timeline(browse, cast, case):
    aunt = persons.record_person(case, name="Zqaunt", relation="relative", actor=cast.actor("jemal"))
    proceeding = proceeding_on(case, cast, guardian=aunt.pk.hex, lawyer_words="Zqlawyer", words="Zqnotes")
    sent = {"kind": "civil", "role": "claimant", "state": "suspended", "body": "x", "seen": 1}
    assert browse("jemal").post(page_of(proceeding, "change_proceeding"), sent).status_code == 302
    line = Event.objects.get(kind=EventKind.PROCEEDING, part=Part.LEGAL_FILE)
    line.subject = case.subject
    was = open_file(cast.actor("jemal"), case).open(line, "note")["was"]
    for word in (*COURT.values(), "criminal", "victim", "running", "Zqaunt", "Zqlawyer", "Zqnotes"):
        assert word in was


def test_a_lawyer_who_does_not_know_the_people_around_the_child_reads_the_guardian_in_the_legal_file(
    browse, cast, case
):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=LEGAL | {Part.SAFETY})
    for name in ("Zqmother", "Zqfather"):
        persons.record_person(case, name=name, relation=name[2:], actor=cast.actor("jemal"))
    mother = next(one for one in around(open_file(cast.actor("jemal"), case)) if one.name.text == "Zqmother")
    proceeding = proceeding_on(case, cast, guardian=mother.ref)
    assert "Zqmother, mother" in read(browse("selbi"), page_of(proceeding)).replace("Mother", "mother")
    page = read(browse("selbi"), reverse("legal.open_proceeding", args=[case]))
    assert "A person whose name is closed to you" not in page
    assert "Zqfather" not in page
    sent = COURT | {"kind": "criminal", "role": "victim", "guardian_name": "Zqfather, the father"}
    assert browse("selbi").post(reverse("legal.open_proceeding", args=[case]), sent).status_code == 302
    newest = Proceeding.objects.exclude(pk=proceeding.pk).get()
    assert "Zqfather, the father" in read(browse("selbi"), page_of(newest))


def test_who_does_not_know_the_people_around_the_child_leaves_its_guardian_as_it_is(browse, cast, case):
    aunt = persons.record_person(case, name="Zqaunt", relation="relative", actor=cast.actor("jemal"))
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=LEGAL)
    proceeding = proceeding_on(case, cast, guardian=aunt.pk.hex)
    page = read(browse("selbi"), page_of(proceeding, "change_proceeding"))
    assert 'name="guardian"' not in page
    sent = COURT | {"kind": "criminal", "role": "victim", "state": "running", "seen": 1, "words": "New."}
    sent["guardian_name"] = "Zqaunt"
    assert browse("selbi").post(page_of(proceeding, "change_proceeding"), sent).status_code == 302
    assert "Zqaunt" in read(browse("jemal"), page_of(proceeding))
    assert Proceeding.objects.get().version == 2


def test_a_hearing_comes_only_in_the_place_of_one_of_the_same_proceedings(cast, case):
    hearing = hearing_in(proceeding_on(case, cast), cast)
    with pytest.raises(ValueError, match="no hearing of these proceedings"):
        hearing_in(proceeding_on(case, cast), cast, instead=hearing)
    assert Hearing.objects.get().state == HearingState.FIXED


def test_what_is_closed_is_not_called_nobody(browse, cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    proceeding = proceeding_on(case, cast, lawyer_words="Zqlawyer")
    hearing_in(proceeding, cast, along_words="Zqaunt")
    told = read(browse("merdan"), page_of(proceeding))
    assert told.count("stands in the legal file") == 2
    assert "nobody yet" not in told


def test_a_day_that_never_comes_is_refused_with_a_sentence_and_nothing_typed_is_lost(browse, cast, case):
    sent = {"event": "stay_granted", "on": "2026-11-20", "until": "9999-12-31", "words": "Zqwithout end"}
    page = browse("jemal").post(page_of(proceeding_on(case, cast), "record_ruling"), sent).content.decode()
    assert "This day never comes." in page
    assert "Zqwithout end" in page


def test_a_newer_permit_to_stay_takes_the_place_of_the_former(cast, case):
    proceeding = proceeding_on(case, cast)
    ruled(proceeding, cast, "stay_granted", date(2026, 1, 5), until=date(2026, 7, 5))
    ruled(proceeding, cast, "stay_granted", date(2026, 7, 1), until=date(2027, 5, 1))
    assert LegalDue.objects.get().due == datetime(2027, 5, 2, 0, 0, tzinfo=UTC)
