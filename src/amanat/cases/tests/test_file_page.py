"""The file page: each relation sees its parts and nothing of the others, whoever may know nothing gets a 404."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import changing, emergency, guarding, registering, writing
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case, Event
from amanat.cases.tests.looking import NOTES, bring_in, counting, last_entry, read, write_on
from tests.cast import CONTACTS, IDENTITY, Cast

Browse = Callable[..., Client]
MISSING = "/cases/" + "0" * 32
NAME, CALLED, PROCESS, SUMMARY = "Aylar Çaryýewa", "Aýa", "A process note of her own.", "Sleeps better."


@pytest.fixture
def written(case: Case, cast: Cast) -> Case:
    write_on(case, cast)
    return case


def everything(client: Client, case: Case) -> str:
    """All sections of the file that its page leads this reader to, in one text."""
    first = read(client, case.get_absolute_url())
    names = re.findall(r"\?section=(\w+)\"", first)
    return first + "".join(read(client, case.get_absolute_url(), section=name) for name in dict.fromkeys(names))


def test_the_case_manager_sees_all_but_the_psychologists_own_notes(written: Case, browse: Browse) -> None:
    told = everything(browse("jemal"), written)
    for text in (NAME, "Айлар Чарыева", CALLED, "I-AŞ 123456", "+993 12 463500", SUMMARY, *NOTES.values()):
        assert text in told
    assert PROCESS not in told


def test_the_psychologist_sees_her_own_notes_and_the_narrative(written: Case, browse: Browse) -> None:
    told = everything(browse("ogulgerek"), written)
    for text in (NAME, PROCESS, SUMMARY, NOTES[Part.NARRATIVE]):
        assert text in told


def test_of_a_colleagues_process_note_a_psychologist_sees_only_that_it_is_there(
    written: Case, cast: Cast, browse: Browse
) -> None:
    Event.objects.filter(part=Part.PSYCHOLOGY_NOTES).update(author=cast["merdan"])
    told = read(browse("ogulgerek"), written.get_absolute_url(), section="psychology")
    assert PROCESS not in told
    assert "closed to you" in told


def test_a_lawyer_of_another_agency_sees_the_legal_parts_but_no_psychology(
    written: Case, cast: Cast, browse: Browse
) -> None:
    bring_in(written, cast, "selbi", Relation.LAWYER)
    writing.note(written, part=Part.LEGAL_FILE, text="The hearing is on Monday.", actor=cast.actor("selbi"))
    told = everything(browse("selbi"), written)
    assert NAME in told
    assert "The hearing is on Monday." in told
    assert SUMMARY not in told
    assert PROCESS not in told
    assert "section=psychology" not in told


def test_a_centre_worker_sees_safety_but_neither_facts_nor_narrative(written: Case, cast: Cast, browse: Browse) -> None:
    bring_in(written, cast, "bahar", Relation.CENTRE_WORKER)
    told = everything(browse("bahar"), written)
    assert NOTES[Part.SAFETY] in told
    for hidden in (NOTES[Part.FACTS], NOTES[Part.NARRATIVE], SUMMARY):
        assert hidden not in told


def test_a_supervisor_sees_facts_and_the_circle_and_may_have_the_identity_shown(
    written: Case, cast: Cast, browse: Browse
) -> None:
    told = everything(browse("aman"), written)
    for text in (NOTES[Part.FACTS], "Ogulgerek", "The identity is closed", "The narrative is closed"):
        assert text in told
    for hidden in (NAME, NOTES[Part.NARRATIVE], NOTES[Part.CONTACTS], "+993"):
        assert hidden not in told
    guarding.reveal(written, part=Part.IDENTITY, reason="A name for the police.", actor=cast.actor("aman"))
    assert NAME in read(browse("aman"), written.get_absolute_url())


def test_a_coordinator_sees_code_name_stage_lateness_and_the_referral_summary_only(
    written: Case, browse: Browse
) -> None:
    told = everything(browse("irina"), written)
    for text in (written.child.code_name, "Identification", "late", NOTES[Part.REFERRAL_SUMMARY], "Case opened"):
        assert text in told
    others = [text for part, text in NOTES.items() if part is not Part.REFERRAL_SUMMARY]
    for hidden in (NAME, CALLED, "Jemal", "Ogulgerek", "A call from school.", "Call the school.", SUMMARY, *others):
        assert hidden not in told


def test_the_dpo_sees_a_code_name_and_nothing_that_was_said(written: Case, browse: Browse) -> None:
    told = everything(browse("kerim"), written)
    assert written.child.code_name in told
    for hidden in (NAME, CALLED, SUMMARY, "Call the school.", *NOTES.values()):
        assert hidden not in told


@pytest.mark.parametrize("name", ["dowlet", "elena", "viktor", "andrei", "tamara", "merdan"])
def test_whoever_may_not_know_of_it_gets_the_same_page_as_for_a_missing_file(
    name: str, written: Case, browse: Browse
) -> None:
    client = browse(name)
    hidden, missing = client.get(written.get_absolute_url()), client.get(MISSING)
    assert hidden.status_code == missing.status_code == 404
    plain = [re.sub(rb'value="[^"]*"', b"", answer.content.replace(b"0" * 32, b"")) for answer in (hidden, missing)]
    assert plain[0].replace(written.pk.hex.encode(), b"") == plain[1]


def test_a_refused_look_is_in_the_log(written: Case, browse: Browse) -> None:
    browse("dowlet").get(written.get_absolute_url())
    entry, _details = last_entry(written)
    assert (entry.outcome, entry.verb, entry.user.username) == (Outcome.REFUSED, "existence", "dowlet")


def test_a_look_is_in_the_log_with_the_parts_that_were_opened(written: Case, browse: Browse) -> None:
    read(browse("aman"), written.get_absolute_url(), section="facts")
    entry, details = last_entry(written)
    assert (entry.outcome, entry.page) == (Outcome.READ, "cases.file")
    assert details["parts"] == ["facts"]


def test_a_section_that_is_not_open_is_refused_and_logged(written: Case, browse: Browse) -> None:
    answer = browse("irina").get(written.get_absolute_url(), {"section": "identity"})
    assert answer.status_code == 403
    assert NAME not in answer.content.decode()
    assert last_entry(written)[0].outcome == Outcome.REFUSED


def test_in_an_emergency_four_parts_are_open_and_the_page_says_until_when(
    written: Case, cast: Cast, browse: Browse
) -> None:
    emergency.open_emergency(
        code_name=written.child.code_name, reason="She called from the station.", actor=cast.actor("dowlet")
    )
    told = everything(browse("dowlet"), written)
    for text in ("Emergency access", "18:00", CALLED, NOTES[Part.SAFETY], NOTES[Part.CONTACTS]):
        assert text in told
    for hidden in (NAME, NOTES[Part.FACTS], NOTES[Part.NARRATIVE], "Write a note"):
        assert hidden not in told


def test_the_title_names_no_child_and_the_address_holds_only_a_reference(written: Case, browse: Browse) -> None:
    address = written.get_absolute_url()
    assert re.fullmatch(r"/cases/[0-9a-f]{32}", address)
    told = read(browse("jemal"), address)
    title = re.search(r"<title>(.*?)</title>", told, re.DOTALL)
    assert title
    for word in ("Aylar", "Çaryýewa", *written.child.code_name.split()):
        assert word not in title[1]


def test_a_sibling_in_the_same_circle_stands_beside_by_name(cast: Cast, browse: Browse) -> None:
    brother = IDENTITY | {"names": [{"given": "Begenç", "family": "Çaryýew"}]}
    children = [NewChild(IDENTITY, CONTACTS, family="one"), NewChild(brother, CONTACTS, family="one")]
    first, second = registering.register(children, actor=cast.actor("jemal"))
    writing.note(
        first, part=Part.NARRATIVE, text="They ask to stay together.", siblings=[second], actor=cast.actor("jemal")
    )
    assert "Begenç Çaryýew" in read(browse("jemal"), first.get_absolute_url())
    assert last_entry(second)[0].page == "cases.file"
    told = read(browse("jemal"), second.get_absolute_url())
    assert "They ask to stay together." in told
    assert "with siblings" in told


def test_a_sibling_whom_the_reader_may_not_know_of_is_not_there(cast: Cast, browse: Browse) -> None:
    brother = IDENTITY | {"names": [{"given": "Begenç", "family": "Çaryýew"}]}
    children = [NewChild(IDENTITY, CONTACTS, family="one"), NewChild(brother, CONTACTS, family="one")]
    first, second = registering.register(children, actor=cast.actor("jemal"))
    bring_in(first, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    told = read(browse("ogulgerek"), first.get_absolute_url())
    assert "Begenç" not in told
    assert second.child.code_name not in told


def test_older_lines_come_on_later_pages_once_each_whatever_is_written_meanwhile(
    case: Case, cast: Cast, browse: Browse
) -> None:
    jemal, client = cast.actor("jemal"), browse("jemal")
    texts = [f"Note number {place:02d}." for place in range(60)]
    for text in texts:
        writing.note(case, part=Part.FACTS, text=text, actor=jemal)
    told = [read(client, case.get_absolute_url(), section="facts")]
    while following := re.search(r'rel="next" href="\?section=facts&amp;from=([^"]+)"', told[-1]):
        writing.note(case, part=Part.FACTS, text="Meanwhile.", happened_at=cast.now, actor=jemal)
        told.append(read(client, f"{case.get_absolute_url()}?section=facts&from={following[1]}"))
    assert all("".join(told).count(text) == 1 for text in texts)


def test_a_name_in_cyrillic_letters_is_marked_as_such(
    cast: Cast, register: Callable[..., Case], browse: Browse
) -> None:
    case = register(identity=IDENTITY | {"names": [{"given": "Айлар", "family": "Чарыева"}]})
    assert '<span lang="ru">Айлар Чарыева</span>' in read(browse("jemal"), case.get_absolute_url())


def test_a_correction_leaves_what_stood_there_before(case: Case, cast: Cast, browse: Browse) -> None:
    changing.correct(
        case,
        part=Part.CONTACTS,
        value=CONTACTS | {"address": "14 Lake Street"},
        reason="Moved.",
        actor=cast.actor("jemal"),
    )
    told = read(browse("jemal"), case.get_absolute_url(), section="contacts")
    assert "14 Lake Street" in told
    assert "What stood here before" in told


@pytest.mark.parametrize("name", ["jemal", "ogulgerek", "aman", "irina", "kerim"])
def test_the_page_asks_the_database_at_most_twelve_times(name: str, cast: Cast, browse: Browse) -> None:
    children = [NewChild(IDENTITY, CONTACTS, family="one"), NewChild(IDENTITY, CONTACTS, family="one")]
    case = registering.register(children, actor=cast.actor("jemal"))[0]
    write_on(case, cast)
    client = browse(name)
    for query in ({}, {"section": "documents"}, {"section": "contacts"}):
        client.get(case.get_absolute_url(), query)
        with counting() as statements:
            client.get(case.get_absolute_url(), query)
        assert len(statements) <= 12, statements


def test_nothing_is_offered_that_the_policy_would_refuse(written: Case, cast: Cast, browse: Browse) -> None:
    bring_in(written, cast, "bahar", Relation.CENTRE_WORKER)
    told = read(browse("bahar"), written.get_absolute_url())
    for offered in ("Close the case", "Change the risk", "Who looked"):
        assert offered not in told
    assert Entry.objects.filter(outcome=Outcome.REFUSED).count() == 0


def test_what_is_printed_of_a_file_says_that_it_is_confidential_and_who_printed_it(case, browse):
    page = browse("jemal").get(case.get_absolute_url()).content.decode()
    foot = page.split('class="print-foot"')[1].split("</footer>")[0]
    assert f"Confidential. {case.child.code_name}, printed by Jemal" in foot
    assert "24 November 2026" in foot
