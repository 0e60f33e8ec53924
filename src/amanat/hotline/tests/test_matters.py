"""Matters: who works on them, what is handed over, which belong together, and what their pages show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.access.files import open_file
from amanat.access.models import Conflict
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.hotline import after, matters, recruiters
from amanat.hotline.actions import calling, debriefing, linking
from amanat.hotline.actions import matters as actions
from amanat.hotline.models import Call, CallState, Matter, MatterCase, MatterLink, Note, NoteKind, RecruiterMark
from amanat.hotline.tests.crew import called, crew
from amanat.vault.erasing import erase
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import Cast

Browse = Callable[..., Client]
NUMBER = "+993 12 463500"
QUERIES = 12
CONTROL = ("BEGIN", "COMMIT", "RELEASE", "ROLLBACK", "SAVEPOINT")


@pytest.fixture
def people(cast: Cast) -> Cast:
    return crew(cast)


@pytest.fixture
def matter(people: Cast) -> Matter:
    """nurana's: its one call has ended."""
    return called(people.actor("nurana"), number=NUMBER, summary="Plans to travel").matter


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


# --- taking on, handing over, closing -----------------------------------------------------------------------------------


def test_who_takes_a_matter_on_holds_it(people: Cast, matter: Matter) -> None:
    actions.take(matter, actor=people.actor("gul"), seen=matter.version)
    assert fresh(matter).holder == people["gul"]


def test_of_two_who_take_it_at_once_the_second_learns_of_it(people: Cast, matter: Matter) -> None:
    seen = matter.version
    actions.take(fresh(matter), actor=people.actor("gul"), seen=seen)
    with pytest.raises(Stale):
        actions.hand_over(fresh(matter), to=None, text="x", actor=people.actor("nurana"), seen=seen)
    assert fresh(matter).holder == people["gul"]


def test_calls_that_a_colleague_left_open_are_taken_over_only_if_asked_and_wait_on_hold(people: Cast) -> None:
    call = called(people.actor("nurana"), end=False)
    gul, later = people.actor("gul"), people.now + timedelta(minutes=5)
    actions.take(fresh(call.matter), actor=gul)
    assert Call.objects.get(pk=call.pk).operator == people["nurana"]
    actions.take(fresh(call.matter), calls=True, actor=people.actor("gul", later))
    now = Call.objects.get(pk=call.pk)
    assert (now.operator, now.state, now.held_since) == (people["gul"], CallState.ON_HOLD, later)


def test_a_third_call_on_hold_is_refused_and_nothing_changes(people: Cast) -> None:
    gul = people.actor("gul")
    for _time in range(3):
        called(gul, end=False)  # two wait, one is in talk
    left = called(people.actor("nurana"), end=False)
    with pytest.raises(PersonFacingError, match="on hold already"):
        actions.take(fresh(left.matter), calls=True, actor=gul)
    assert fresh(left.matter).holder == people["nurana"]


def test_what_is_handed_over_stands_on_the_desk_until_somebody_goes_on(people: Cast, matter: Matter) -> None:
    later = people.now + timedelta(minutes=1)
    actions.hand_over(matter, to=people["gul"], text="She calls again at six", actor=people.actor("nurana", later))
    (handed,) = matters.handed_to(people.actor("gul", later))
    assert (handed.matter, handed.text and handed.text.text, handed.is_for_all) == (
        matter,
        "She calls again at six",
        False,
    )
    assert matters.handed_to(people.actor("nurana", later)) == []
    actions.note(fresh(matter), text="Called", actor=people.actor("gul", later + timedelta(minutes=1)))
    assert matters.handed_to(people.actor("gul", later)) == []


def test_what_is_handed_to_all_stands_on_every_operator_s_desk_of_the_agency(people: Cast, matter: Matter) -> None:
    actions.hand_over(matter, to=None, text="Whoever is free", actor=people.actor("nurana"))
    assert [one.is_for_all for one in matters.handed_to(people.actor("gul"))] == [True]
    assert matters.handed_to(people.actor("lale")) == []


@pytest.mark.parametrize("name", ["jemal", "lale", "nurana"])
def test_it_is_handed_to_another_operator_of_the_hotline_only(people: Cast, matter: Matter, name: str) -> None:
    with pytest.raises(PersonFacingError, match="not one of the operators"):
        actions.hand_over(matter, to=people[name], text="x", actor=people.actor("nurana"))


def test_a_matter_with_an_open_call_is_not_closed(people: Cast) -> None:
    call = called(people.actor("nurana"), end=False)
    with pytest.raises(PersonFacingError, match="has not ended"):
        actions.close(fresh(call.matter), reason="x", actor=people.actor("nurana"))


def test_closing_takes_the_call_back_off_and_the_reason_stands_as_a_note(people: Cast, matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(call_back_at=people.now)
    actions.close(fresh(matter), reason="Nothing more to do", actor=people.actor("aman"))
    now = fresh(matter)
    assert (now.closed_at, now.call_back_at) == (people.now, None)
    with pytest.raises(PersonFacingError, match="is closed"):
        actions.take(now, actor=people.actor("gul"))
    actions.reopen(now, reason="She called again", actor=people.actor("nurana"))
    file = open_file(people.actor("gul"), fresh(matter))
    told = [matters.note_text(file, note) for note in matters.notes_of(file)]
    assert {text.text for text in told if text} == {"Nothing more to do", "She called again"}


@pytest.mark.parametrize("name", ["aman", "kerim", "jemal", "lale", "elena"])
def test_only_operators_of_the_agency_write(people: Cast, matter: Matter, name: str) -> None:
    with pytest.raises(Refused):
        actions.note(matter, text="x", actor=people.actor(name))


# --- what belongs together ----------------------------------------------------------------------------------------------


def test_a_link_leads_both_ways_is_made_once_and_taken_away(people: Cast, matter: Matter) -> None:
    actor = people.actor("gul")
    other = called(actor).matter
    linking.link(matter, siblings=[other], actor=actor)
    for one, beside in ((matter, other), (other, matter)):
        assert matters.linked(open_file(actor, one)) == [beside]
    with pytest.raises(PersonFacingError, match="linked already"):
        linking.link(other, siblings=[matter], actor=actor)
    with pytest.raises(PersonFacingError, match="itself"):
        linking.link(matter, siblings=[matter], actor=actor)
    linking.unlink(other, siblings=[matter], actor=actor)
    assert not MatterLink.objects.exists()


def test_nobody_links_with_a_matter_of_another_agency(people: Cast, matter: Matter) -> None:
    foreign = called(people.actor("lale")).matter
    with pytest.raises(Refused):
        linking.link(matter, siblings=[foreign], actor=people.actor("nurana"))


def test_a_call_that_moves_is_sealed_under_the_other_matter_with_all_that_belongs_to_it(
    people: Cast, case: Case
) -> None:
    actor, gul = people.actor("nurana"), people.actor("gul")
    call = called(actor, number=NUMBER, summary="The mother", recruiter="Aman Orazow", caller_name="Ogulnur")
    source, to = call.matter, called(gul).matter
    note = actions.note(source, text="stays if it has no call", actor=actor)
    Note.objects.filter(pk=note.pk).update(call=call)
    debrief = debriefing.debrief(call, words="heavy", wishes_to_talk=False, actor=actor)
    MatterCase.objects.create(matter=source, case=case, call=call, opened_by=people["nurana"], opened_at=people.now)
    linking.move_call(source, call=call, siblings=[to], actor=gul)

    moved, file = Call.objects.select_related("subject").get(pk=call.pk), open_file(gul, fresh(to))
    assert moved.subject == to.subject
    assert file.open(moved, "content")["summary"] == "The mother"
    assert file.open(moved, "number") == NUMBER
    assert [text and text.text for text in (matters.note_text(file, one) for one in matters.notes_of(file))] == [
        "stays if it has no call"
    ]
    assert MatterCase.objects.get().matter == to
    assert RecruiterMark.objects.get().matter == to
    kept = Note.objects.get(pk=debrief.pk)
    assert (kept.matter, kept.call, kept.kind) == (source, moved, NoteKind.DEBRIEF)
    assert [one.text for one in after.debriefs_of(open_file(actor, fresh(to)), moved)] == ["heavy"]
    erase([to.subject_id], people.now)
    assert Note.objects.get().call is None


def test_a_matter_without_calls_and_notes_is_closed_and_its_call_can_be_moved_back(people: Cast) -> None:
    actor = people.actor("nurana")
    call = called(actor, number=NUMBER, caller_name="Ogulnur", recruiter="Aman Orazow")
    source, to = call.matter, called(actor, number=NUMBER, recruiter="Aman Orazow").matter
    linking.move_call(source, call=call, siblings=[to], actor=actor)
    assert fresh(source).closed_at == people.now
    assert recruiters.page_of(people.actor("aman"), "")[1] == []  # one matter names him now
    file = open_file(actor, fresh(to))
    assert file.open(fresh(to), "caller")["names"] == "Ogulnur"
    assert matters.linked(file) == [source]
    back = Call.objects.select_related("matter__agency", "subject").get(pk=call.pk)
    linking.move_call(back.matter, call=back, siblings=[fresh(source)], actor=actor)
    assert fresh(source).closed_at is None
    assert fresh(to).closed_at is None
    assert open_file(actor, fresh(source)).open(Call.objects.get(pk=call.pk), "number") == NUMBER


def test_who_writes_a_call_that_moved_meanwhile_reads_so_and_seals_nothing_wrongly(people: Cast) -> None:
    actor = people.actor("nurana")
    call = called(actor, summary="as it was")
    mine, to = Call.objects.select_related("matter__agency", "matter__subject").get(pk=call.pk), called(actor).matter
    linking.move_call(call.matter, call=call, siblings=[to], actor=people.actor("gul"))
    with pytest.raises(PersonFacingError, match="another matter"):
        calling.write_call(mine, summary="late", actor=actor)
    with pytest.raises(PersonFacingError, match="another matter"):
        linking.move_call(mine.matter, call=mine, siblings=[called(actor).matter], actor=actor)
    assert open_file(actor, fresh(to)).open(Call.objects.get(pk=call.pk), "content")["summary"] == "as it was"


# --- pages --------------------------------------------------------------------------------------------------------------


def test_the_page_shows_calls_notes_who_talks_now_and_what_came_out(people: Cast, case: Case, browse: Browse) -> None:
    actor = people.actor("nurana")
    matter = called(actor, number=NUMBER, summary="Plans to travel").matter
    actions.note(matter, text="Call her sister", actor=actor)
    MatterCase.objects.create(matter=matter, case=case, opened_by=people["nurana"], opened_at=people.now)
    called(people.actor("gul"), matter=fresh(matter), end=False)
    told = browse("gul").get(matter.get_absolute_url()).content.decode()
    for words in ("Plans to travel", NUMBER, "Call her sister", "Gul is in talk with them now", "A case was opened."):
        assert words in told, words
    assert case.child.code_name not in told  # an operator who left its circle does not know of it


def test_whom_a_conflict_keeps_out_finds_no_page(people: Cast, matter: Matter, browse: Browse) -> None:
    Conflict.objects.create(
        subject=matter.subject, user=people["gul"].user, recorded_by=people["aman"], recorded_at=people.now, details={}
    )
    client = browse("gul")
    assert client.get(matter.get_absolute_url()).status_code == 404
    assert matter.code_name not in client.get("/matters").content.decode()


@pytest.mark.parametrize(
    ("name", "status", "sees"),
    [("aman", 200, True), ("kerim", 200, False), ("lale", 404, False), ("jemal", 404, False)],
)
def test_who_sees_what_of_a_matter(
    people: Cast, matter: Matter, browse: Browse, name: str, status: int, sees: bool
) -> None:
    answer = browse(name).get(matter.get_absolute_url())
    assert answer.status_code == status
    assert ("Plans to travel" in answer.content.decode()) is sees


def test_who_knows_of_a_matter_by_its_code_name_alone_learns_nothing_of_its_calls(
    people: Cast, matter: Matter, browse: Browse
) -> None:
    other = called(people.actor("nurana")).matter
    linking.link(matter, siblings=[other], actor=people.actor("nurana"))
    told = browse("kerim").get(matter.get_absolute_url()).content.decode()
    assert matter.code_name in told
    for words in (NUMBER, "Nurana", other.code_name, "advised", '/matters"'):
        assert words not in told, words


@pytest.mark.parametrize(("state", "there"), [("open", 1), ("mine", 0), ("due", 1), ("closed", 0)])
def test_the_list_can_be_narrowed_down(people: Cast, browse: Browse, state: str, there: int) -> None:
    actor = people.actor("nurana")
    due, closed = called(actor).matter, called(actor).matter
    Matter.objects.filter(pk=due.pk).update(call_back_at=people.now - timedelta(hours=1))
    actions.close(closed, reason="x", actor=actor)
    told = browse("gul").get("/matters", {"state": state}).content.decode()
    assert (due.code_name in told) is bool(there)
    assert (closed.code_name in told) is (state == "closed")
    assert ("badge-danger" in told) is (state in ("open", "due"))


def test_pages_cost_no_more_with_many_matters(people: Cast, browse: Browse) -> None:
    actor, gul = people.actor("nurana"), browse("gul")
    matter = called(actor, number=NUMBER, recruiter="Aman Orazow").matter
    aman = browse("aman")
    pages = [(gul, "/matters"), (gul, matter.get_absolute_url()), (aman, "/hotline/recruiters")]

    def cost() -> list[int]:
        found = []
        for client, address in pages:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len([one for one in asked if not one["sql"].startswith(CONTROL)]))
        return found

    cost()
    for number in range(6):
        other = called(actor, number=NUMBER, recruiter="Aman Orazow").matter
        called(actor, matter=fresh(matter), recruiter=f"Recruiter {number}")
        linking.link(fresh(matter), siblings=[other], actor=actor)
    told = cost()
    assert all(number <= QUERIES for number in told), told


def test_a_number_is_found_by_a_press_and_stands_in_no_address(people: Cast, matter: Matter, browse: Browse) -> None:
    answer = browse("gul").post("/hotline/find", {"number": "00993 12 46 35 00"})
    assert (answer.status_code, matter.code_name in answer.content.decode()) == (200, True)
    refused = browse("gul").post("/hotline/find", {"number": "nobody"}).content.decode()
    assert "There is no phone number in this." in refused
    assert 'value="nobody"' in refused


def test_the_pages_do_what_they_say(people: Cast, matter: Matter, browse: Browse) -> None:
    gul, at = browse("gul"), matter.get_absolute_url()
    other = called(people.actor("nurana"), number=NUMBER)
    seen = str(fresh(matter).version)
    assert gul.post(f"{at}/take", {"seen": seen}).status_code == 302
    assert gul.post(f"{at}/note", {"text": "noted"}).status_code == 302
    assert "Choose a matter" in gul.post(f"{at}/link", {}).content.decode()
    assert "no matter of this code name" in gul.post(f"{at}/link", {"named": "H-nothing"}).content.decode()
    assert gul.post(f"{at}/link", {"other": other.matter.pk.hex}).status_code == 302
    assert gul.post(f"{at}/unlink/{other.matter.pk}").status_code == 302
    moved = gul.post(f"/calls/{other.pk.hex}/move", {"named": matter.code_name.lower()})
    assert moved.status_code == 302
    assert Call.objects.get(pk=other.pk).matter == matter
    seen = str(fresh(matter).version)
    assert gul.post(f"{at}/hand-over", {"seen": seen, "to": people["nurana"].pk, "text": "yours"}).status_code == 302
    seen = str(fresh(matter).version)
    assert gul.post(f"{at}/close", {"seen": seen, "reason": "over"}).status_code == 302
    seen = str(fresh(matter).version)
    assert gul.post(f"{at}/reopen", {"seen": seen, "reason": "again"}).status_code == 302
    now = fresh(matter)
    assert (now.holder, now.closed_at) == (people["nurana"], None)


# --- erasing ------------------------------------------------------------------------------------------------------------


def test_an_erased_child_takes_what_came_out_of_the_matter_and_leaves_the_matter(
    people: Cast, case: Case, matter: Matter
) -> None:
    MatterCase.objects.create(matter=matter, case=case, opened_by=people["nurana"], opened_at=people.now)
    erase([case.subject_id], people.now)
    assert not MatterCase.objects.exists()
    assert open_file(people.actor("nurana"), fresh(matter)).open(Call.objects.get(matter=matter), "number") == NUMBER


def test_an_erased_matter_takes_all_that_stands_about_it(people: Cast, case: Case) -> None:
    actor = people.actor("nurana")
    call = called(actor, number=NUMBER, recruiter="Aman Orazow")
    matter, other = call.matter, called(actor).matter
    actions.note(matter, text="x", actor=actor)
    debriefing.debrief(call, words="heavy", wishes_to_talk=True, actor=actor)
    linking.link(matter, siblings=[other], actor=actor)
    MatterCase.objects.create(matter=matter, case=case, call=call, opened_by=people["nurana"], opened_at=people.now)
    erase([matter.subject_id], people.now)
    assert list(Matter.objects.all()) == [other]
    assert not Note.objects.exists()
    assert not MatterLink.objects.exists()
    assert not RecruiterMark.objects.exists()
    assert Case.objects.filter(pk=case.pk).exists()


def test_an_operator_s_file_of_a_matter_has_its_parts_and_no_others(people: Cast, matter: Matter) -> None:
    file = open_file(people.actor("gul"), matter)
    assert {part for part in Part if file.sees(part)} - {Part.DEBRIEF} == {
        Part.EXISTENCE,
        Part.IDENTITY,
        Part.CONTACTS,
        Part.CALL,
        Part.SCREENING,
    }
    assert not file.may(Verb.CASE_NOTE)
