"""A row of an import that is about a child who has a file: what it fills there, what it leaves beside, and what it never changes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.access.files import open_file
from amanat.access.loaders import Hidden
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry, Outcome
from amanat.cases import facts, timeline
from amanat.cases.actions import changing, guarding, handing
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Event, EventKind, FormerValue, Sheet
from amanat.cases.shown import opened
from amanat.cases.tests.looking import bring_in
from amanat.exchange import findings, keeping
from amanat.exchange.actions import importing
from amanat.exchange.lines import AGAIN, FRESH, KNOWN
from amanat.exchange.models import ImportedRow
from amanat.exchange.tests.bringing import AYLAR, MERDAN, looked
from amanat.exchange.work import Work
from amanat.people.clock import stopped
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import CONTACTS, IDENTITY

pytestmark = pytest.mark.django_db

HEADERS = ["prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_MaritalStatus", "prs_MailingCity", "Shoe size"]
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
ROW = ["Aylar", "Çaryýewa", "2012-04-05", "Single", "Mary", "36"]


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


@pytest.fixture
def jemal(actor):
    return actor("jemal")


def again(case: Case) -> Case:
    return Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)


def put(case, row, actor, headers=HEADERS, place=0):
    held = looked(actor, [row], headers)
    importing.put_in(again(case), held=held, place=place, actor=actor)
    return held


def said(case, actor):
    """All that stands in sheets of the file, by section, record and field."""
    file = open_file(actor, again(case))
    sheets = Sheet.objects.filter(child=case.child_id).select_related("changed_by__user")
    return {
        (sheet.section, sheet.record, name): value
        for sheet in sheets
        for name, value in facts.values_of(file, sheet).items()
    }


def of(case, actor, part):
    return opened(open_file(actor, again(case)), part)


def kinds(held, actor):
    batches = keeping.batches_of(held)
    return [line["kind"] for batch in batches for line in keeping.opened(held, "content", actor, batch)]


def everything(case):
    """What the database holds of a file, sealed as it stands."""
    sheets = Sheet.objects.filter(child=case.child_id).values_list("id", "version", "values")
    child = type(case.child).objects.filter(pk=case.child_id).values_list("identity", "contacts", "identity_version")
    return repr([list(rows) for rows in (sheets, child, Event.objects.filter(case=case).values_list("id"))])


# --- what is filled, and what stays ----------------------------------------------------------------------------------


def test_empty_fields_are_filled_and_no_second_file_is_made(jemal, case):
    put(case, ROW, jemal)
    assert Case.objects.count() == 1
    assert said(case, jemal) == {
        ("person", 1, "prs_MaritalStatus"): "Single",
        ("person", 1, "prs_MailingCity"): "Mary",
        (ALSO_IN_THE_SOURCE, 1, "Shoe size"): "36",
    }
    assert of(case, jemal, Part.IDENTITY) == IDENTITY
    assert of(case, jemal, Part.CONTACTS) == CONTACTS


def test_who_the_child_is_and_how_it_is_reached_is_filled_where_it_is_empty(jemal, register):
    case = register(identity={"names": [{"given": "Aylar", "family": "Walkedowa"}]}, contacts={})
    headers = ["prs_FirstName", "prs_SecondName", "prs_MiddleName", "prs_Birthdate", "prs_Gender", "prs_MobilePhone"]
    headers += ["prs_PrimaryLanguage", "prs_SecondaryLanguage", "prs_IdentityNumber"]
    row = ["Aylar", "Walkedowa", "Maratowna", "2011-03-04", "Feminine", "+99312345678", "Turkmen", "Russian", "I-AS 1"]
    put(case, row, jemal, headers)
    assert of(case, jemal, Part.IDENTITY) == {
        "names": [{"given": "Aylar", "family": "Walkedowa", "patronymic": "Maratowna"}],
        "birth_date": "2011-03-04",
        "sex": "Feminine",
        "languages": ["tk", "ru"],
        "documents": [{"kind": "other", "number": "I-AS 1"}],
    }
    assert of(case, jemal, Part.CONTACTS)["phones"] == ["+99312345678"]
    assert said(case, jemal) == {}


def test_what_was_filled_in_is_found_by_it_afterwards(jemal, register):
    case = register(identity={"names": [{"given": "Aylar", "family": "Walkedowa"}]}, contacts={})
    put(case, ["Aylar", "Walkedowa", "+99365112233"], jemal, ["prs_FirstName", "prs_SecondName", "prs_MobilePhone"])
    held = looked(jemal, [["Sona", "+99365112233"]], ["prs_FirstName", "prs_MobilePhone"])
    assert kinds(held, jemal) == [KNOWN]


def test_what_the_file_says_otherwise_stays_and_the_row_is_kept_beside_in_its_part(jemal, case):
    write_facts(case, section="person", record=1, values={"prs_MaritalStatus": "Married"}, actor=jemal)
    put(case, ["Aylar", "Orazowa", "2012-04-06", "Single", "Mary", ""], jemal)
    assert of(case, jemal, Part.IDENTITY) == IDENTITY
    assert said(case, jemal)["person", 1, "prs_MaritalStatus"] == "Married"
    source = Sheet.objects.select_related("subject").get(section=ALSO_IN_THE_SOURCE)
    assert source.part == "identity"
    assert open_sealed(source, "values") == {
        "prs_SecondName": "Orazowa",
        "prs_Birthdate": "2012-04-06",
        "prs_MaritalStatus": "Single",
    }


def test_a_name_phone_and_number_that_stand_there_in_another_way_are_no_difference(jemal, case):
    headers = ["prs_FirstName", "prs_SecondName", "prs_MobilePhone", "prs_IdentityNumber"]
    put(case, ["АЙЛАР", "Чарыева", "+99312463500", "i-aş 123456"], jemal, headers)
    put(case, ["AYLAR", "çaryýewa", "8 12 46 35 00", "I-AŞ123456"], jemal, headers)
    assert of(case, jemal, Part.IDENTITY) == IDENTITY
    assert of(case, jemal, Part.CONTACTS) == CONTACTS
    assert said(case, jemal) == {}


def test_where_the_case_stands_is_left_to_who_moves_it(jemal, case):
    put(case, ["Aylar", "Çaryýewa", "Follow up"], jemal, ["prs_FirstName", "prs_SecondName", "cas_Status"])
    assert again(case).stage == case.stage
    assert list(said(case, jemal)) == [(ALSO_IN_THE_SOURCE, 1, "cas_Status")]


def test_an_event_becomes_a_record_of_its_own_and_never_half_of_another(jemal, case):
    write_facts(case, section="historic_event", record=None, values={"hte_City": "Tejen"}, actor=jemal)
    headers = ["prs_FirstName", "prs_SecondName", "hte_Date", "hte_Description"]
    put(case, ["Aylar", "Çaryýewa", "2024-05-01", "She was found."], jemal, headers)
    events = {key[1:]: value for key, value in said(case, jemal).items() if key[0] == "historic_event"}
    assert events == {
        (1, "hte_City"): "Tejen",
        (2, "hte_Date"): "2024-05-01",
        (2, "hte_Description"): "She was found.",
    }


def test_an_event_that_a_record_tells_already_is_not_told_twice(jemal, case):
    values = {"hte_City": "Tejen", "hte_Date": "2024-05-01"}
    write_facts(case, section="historic_event", record=None, values=values, actor=jemal)
    put(case, ["Aylar", "Çaryýewa", "Tejen"], jemal, ["prs_FirstName", "prs_SecondName", "hte_City"])
    assert {key[1] for key in said(case, jemal)} == {1}


def test_text_under_a_header_that_the_file_has_already_is_kept_under_the_next(jemal, case):
    put(case, ROW, jemal)
    put(case, [*ROW[:5], "37"], jemal)
    assert said(case, jemal)[ALSO_IN_THE_SOURCE, 1, "Shoe size"] == "36"
    assert said(case, jemal)[ALSO_IN_THE_SOURCE, 1, "Shoe size (2)"] == "37"


def test_what_stood_there_before_is_kept_as_of_any_change(jemal, case):
    write_facts(case, section="person", record=1, values={"prs_Salutation": "Jan"}, actor=jemal)
    put(case, ROW, jemal)
    former = FormerValue.objects.select_related("subject").get(sheet__section="person")
    assert (former.version, open_sealed(former, "value")) == (1, {"prs_Salutation": "Jan"})
    sheet = Sheet.objects.select_related("subject").get(pk=former.sheet_id)
    assert open_sealed(sheet, "values") == {"prs_Salutation": "Jan", "prs_MaritalStatus": "Single"}
    assert sheet.version == 2


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_row_that_was_put_in_counts_as_such_and_nowhere_else(jemal, case):
    held = looked(jemal, [ROW, ["Merdan", "Readyýew", "2010-01-01", "", "", ""]], HEADERS)
    importing.put_in(again(case), held=held, place=0, actor=jemal)
    found = findings.counts(held)
    assert {name: found[name] for name in ("fresh", "known", "taken", "into", "aside")} == {
        "fresh": 1,
        "known": 0,
        "taken": 0,
        "into": 1,
        "aside": 0,
    }
    assert [row.became["code"] for row in findings.outcomes_of(held, "into", "", jemal).rows] == [case.child.code_name]
    importing.take(keeping.find(jemal, held.pk), which="all", actor=jemal)
    Work().all_of(held)
    found = findings.counts(held)
    assert (found["taken"], found["into"], Case.objects.count()) == (1, 1, 2)
    assert len(findings.outcomes_of(held, "taken", "", jemal).rows) == 1


def test_a_row_is_put_in_once(jemal, case, register):
    other = register(identity=IDENTITY | {"birth_date": "2012-04-06"})
    held = put(case, ROW, jemal)
    before = everything(case), everything(other)
    for target in (case, other):
        with pytest.raises(PersonFacingError, match="decided already"):
            importing.put_in(again(target), held=held, place=0, actor=jemal)
    assert (everything(case), everything(other)) == before
    assert ImportedRow.objects.get().subject_id == case.subject_id


def test_the_same_row_in_another_import_was_brought_before(browse, jemal, case):
    first, second = looked(jemal, [ROW], HEADERS), looked(jemal, [ROW], HEADERS)
    importing.put_in(again(case), held=first, place=0, actor=jemal)
    before = everything(case)
    with pytest.raises(PersonFacingError, match=f"stands in the file of {case.child.code_name} already"):
        importing.put_in(again(case), held=second, place=0, actor=jemal)
    assert everything(case) == before
    assert kinds(looked(jemal, [ROW], HEADERS), jemal) == [AGAIN]
    importing.take(keeping.find(jemal, second.pk), which="all", actor=jemal)
    Work().all_of(second)
    assert Case.objects.count() == 1
    found = findings.counts(second)
    assert (found["taken"], found["into"], found["known"]) == (0, 1, 0)
    (row,) = findings.outcomes_of(second, "into", "", jemal).rows
    assert row.became["code"] == case.child.code_name
    page = browse("jemal").get(f"/import/{second.pk}/taken").content.decode()
    assert "1 row stands in a file that was there before." in page
    assert "1 row is a child" not in page


def test_each_count_is_that_of_its_list(jemal, case):
    headers = [*HEADERS, "con_Consent"]
    before, nobody = [*ROW, "Yes"], ["", "", "2012-05-06", "", "", "", ""]
    put(case, before, jemal, headers)
    other = ["Sona", "Walkedowa", "2010-01-01", "", "", "", "No"]
    rows = [[*ROW, "No"], other, ["Merdan", "Readyýew", "2012-05-06", "", "", "", ""], nobody, before]
    held = looked(jemal, rows, headers)
    importing.put_in(again(case), held=held, place=0, actor=jemal)
    importing.take(keeping.find(jemal, held.pk), which="ticked", ticked=[2], actor=jemal)
    Work().all_of(held)
    found = findings.counts(held)
    assert {name: count for name, count in found.items() if count} == {
        "fresh": 1,
        "right": 1,
        "again": 1,
        "empty": 1,
        "denied": 1,
        "taken": 1,
        "into": 1,
    }
    for kind in findings.SHOWN:
        assert len(findings.rows_of(held, kind, "", jemal).rows) == found[kind]
    for what in findings.BECAME:
        assert len(findings.outcomes_of(held, what, "", jemal).rows) == found[what]


def test_a_row_that_was_taken_is_not_put_in_as_well(jemal, case):
    held = looked(jemal, [ROW], HEADERS)
    importing.take(held, which="all", actor=jemal)
    with pytest.raises(PersonFacingError, match="being worked on"):
        importing.put_in(again(case), held=held, place=0, actor=jemal)
    Work().all_of(held)
    with pytest.raises(PersonFacingError, match="decided already"):
        importing.put_in(again(case), held=held, place=0, actor=jemal)
    assert said(case, jemal) == {}


def test_a_place_that_the_file_does_not_have_leads_nowhere(jemal, case):
    held = looked(jemal, [ROW], HEADERS)
    with pytest.raises(Hidden):
        importing.put_in(again(case), held=held, place=1, actor=jemal)


def test_a_row_about_a_child_of_an_earlier_row_can_be_put_into_the_file_that_it_made(jemal):
    held = looked(jemal, [AYLAR, [*AYLAR[:4], "37"]])
    importing.take(held, which="ticked", ticked=[0], actor=jemal)
    assert findings.rows_of(held, "known", "", jemal).rows[0].files == []
    Work().all_of(held)
    (row,) = findings.rows_of(held, "known", "", jemal).rows
    (beside,) = row.files
    importing.put_in(again(beside.file.row), held=keeping.find(jemal, held.pk), place=row.place, actor=jemal)
    assert Case.objects.count() == 1
    source = {key[2]: text for key, text in said(Case.objects.get(), jemal).items()}
    assert source == {"Shoe size": "36", "Shoe size (2)": "37"}


# --- who may ---------------------------------------------------------------------------------------------------------


def test_a_closed_case_takes_no_row_and_the_row_stays(jemal, case):
    held = looked(jemal, [ROW], HEADERS)
    changing.close(case, why="other", reason="x", actor=jemal)
    before = everything(case)
    with pytest.raises(PersonFacingError, match="This case is closed"):
        importing.put_in(again(case), held=held, place=0, actor=jemal)
    assert everything(case) == before
    assert findings.counts(held)["known"] == 1


def test_a_part_that_one_may_not_write_keeps_the_whole_row_out_and_is_named(jemal, actor, case):
    merdan = actor("merdan")
    handing.bring_in(case, to=merdan.membership, relation=Relation.SOCIAL_WORKER, reason="x", actor=jemal)
    held = looked(merdan, [ROW], HEADERS)
    before = everything(case)
    with pytest.raises(PersonFacingError, match=r"may not write: identity\."):
        importing.put_in(again(case), held=held, place=0, actor=merdan)
    assert everything(case) == before
    assert findings.counts(held)["known"] == 1
    assert not ImportedRow.objects.exists()


def test_who_writes_all_that_the_row_would_change_puts_it_in(jemal, actor, case):
    merdan = actor("merdan")
    handing.bring_in(case, to=merdan.membership, relation=Relation.SOCIAL_WORKER, reason="x", actor=jemal)
    put(case, ["Aylar", "Çaryýewa", "", "", "Mary", ""], merdan)
    assert said(case, jemal) == {("person", 1, "prs_MailingCity"): "Mary"}


def test_a_part_that_is_barred_to_the_author_is_neither_compared_nor_written(jemal, actor, case):
    held = looked(jemal, [ROW], HEADERS)
    guarding.record_conflict(case, user=jemal.user, part=Part.NARRATIVE, reason="x", actor=actor("kerim"))
    with pytest.raises(PersonFacingError, match=r"may not write: narrative\."):
        importing.put_in(again(case), held=held, place=0, actor=jemal)
    (closed,) = findings.laid_beside(open_file(jemal, again(case)), held, findings.row_at(held, 0, jemal)).that(
        "closed"
    )
    assert (closed.title, closed.held.text) == ("Shoe size", "")


@pytest.mark.parametrize("name", ["merdan", "dowlet", "aman"])
def test_who_does_not_write_the_file_is_refused_and_it_stands_in_its_log(name, actor, case):
    other = actor(name)
    with pytest.raises(Refused):
        importing.put_in(again(case), held=looked(actor("jemal"), [ROW], HEADERS), place=0, actor=other)
    refused = Entry.objects.filter(verb="case.put_in", outcome=Outcome.REFUSED, subject=case.subject)
    assert [entry.user for entry in refused] == [other.user]


def test_nobody_puts_in_a_row_of_another_workers_import(jemal, actor, case):
    held = looked(actor("merdan"), [ROW], HEADERS)
    with pytest.raises(Hidden):
        importing.put_in(again(case), held=held, place=0, actor=jemal)
    assert said(case, jemal) == {}


@pytest.mark.parametrize("name", ["jemal", "merdan"])
def test_where_the_agency_has_no_file_of_the_child_its_row_makes_one(name, jemal, actor, cast, case):
    """A file that another agency owns by now is none of theirs: not even that it is there is told."""
    put(case, ROW, jemal)
    Grant.objects.filter(subject=case.subject).delete()
    other = actor(name)
    assert kinds(looked(other, [ROW], HEADERS), other) == [AGAIN]
    Case.objects.filter(pk=case.pk).update(agency=cast["dowlet"].agency)
    held = looked(other, [ROW], HEADERS)
    assert kinds(held, other) == [FRESH]
    importing.take(held, which="fresh", actor=other)
    Work().all_of(held)
    assert findings.counts(held)["taken"] == 1


# --- what is told of it ----------------------------------------------------------------------------------------------


def test_it_stands_in_the_log_of_that_file_with_the_import_that_it_came_from(jemal, case):
    held = put(case, ROW, jemal)
    entry = Entry.objects.select_related("subject").get(verb="case.put_in", outcome=Outcome.DONE)
    assert (entry.subject_id, entry.user) == (case.subject_id, jemal.user)
    assert open_sealed(entry, "details")["about"] == f"import {held.pk}: its row at place 0"


def test_the_timeline_says_in_each_part_which_fields_were_filled_and_what_is_kept_beside(jemal, case):
    put(case, ["Aylar", "Orazowa", "2012-04-05", "", "Mary", "36"], jemal)
    file = open_file(jemal, again(case))
    events = Event.objects.filter(case=case, kind=EventKind.PUT_IN).select_related("author__user", "author__agency")
    lines = {str(line.part): line for line in timeline.lines(file, events)}
    assert {line.title for line in lines.values()} == {"row of an import put in"}
    assert {part: [(str(name), text) for name, text in line.told] for part, line in lines.items()} == {
        "identity": [("Kept, also in the source", "prs_SecondName")],
        "contacts": [("The child", "Town or village")],
        "narrative": [("Kept, also in the source", "Shoe size")],
    }


def test_a_row_that_says_nothing_new_leaves_a_line_and_changes_nothing(jemal, case):
    put(case, ["Aylar", "Çaryýewa"], jemal, ["prs_FirstName", "prs_SecondName"])
    event = Event.objects.select_related("subject").get(case=case, kind=EventKind.PUT_IN)
    assert open_sealed(event, "note") == {"filled": [], "kept": []}
    assert of(case, jemal, Part.IDENTITY) == IDENTITY
    assert not FormerValue.objects.exists()


# --- consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "count"), [(["No", "Yes", ""], 1), (["No", "", "No"], 2), (["Yes", "", "Yes"], 0)])
def test_rows_that_say_that_no_consent_was_given_are_counted_and_silence_is_no_no(answers, count, jemal):
    rows = [[f"Aylar{number}", answer] for number, answer in enumerate(answers)]
    held = looked(jemal, rows, ["prs_FirstName", "con_Consent"])
    assert findings.counts(held)["denied"] == count
    shown = findings.rows_of(held, "fresh", "", jemal).rows
    assert [row.denies_consent for row in shown] == [answer == "No" for answer in answers]
    importing.look_through(held, actor=jemal)
    Work().all_of(held)
    assert findings.counts(held)["denied"] == count
    importing.take(keeping.find(jemal, held.pk), which="all", actor=jemal)
    Work().all_of(held)
    assert findings.counts(held)["denied"] == 0


def test_rows_that_can_not_be_taken_are_not_counted_among_those_without_consent(jemal):
    headers, rows = ["prs_FirstName", "con_Consent"], [["Aylar", "No"], ["", "No"]]
    held = looked(jemal, rows, headers)
    assert findings.counts(held)["denied"] == 1
    importing.take(held, which="all", actor=jemal)
    Work().all_of(held)
    assert findings.counts(looked(jemal, rows, headers))["denied"] == 0


def test_what_the_row_says_of_consent_is_kept_in_the_part_of_consent(jemal, case):
    put(case, ["Aylar", "Çaryýewa", "No"], jemal, ["prs_FirstName", "prs_SecondName", "con_Consent"])
    assert said(case, jemal) == {("consent", 1, "con_Consent"): False}
    assert Sheet.objects.get(section="consent").part == "consent"


def test_the_page_counts_and_marks_the_rows_without_consent(browse, jemal):
    held = looked(jemal, [["Aylar", "No"], ["Merdan", "Yes"]], ["prs_FirstName", "con_Consent"])
    page = browse("jemal").get(f"/import/{held.pk}/look").content.decode()
    assert "1 row says that no consent was given." in page
    assert page.count("Says that no consent was given.") == 1


# --- on the page -----------------------------------------------------------------------------------------------------


def test_a_worker_sees_row_and_file_side_by_side_and_decides(browse, jemal, case):
    held = looked(jemal, [[*ROW[:1], "Orazowa", *ROW[2:]], MERDAN], HEADERS)
    client = browse("jemal")
    code = case.child.code_name
    into = f"/import/{held.pk}/rows/0/into/{case.pk.hex}"
    listed = client.get(f"/import/{held.pk}/look").content.decode()
    assert f'<a href="{into}">Put it into the file of {code}</a>' in listed
    page = client.get(into).content.decode()
    for text in ("Orazowa", "Çaryýewa", "Mary", "Shoe size", "fills the field", "kept beside"):
        assert text in page
    assert "2 values stand in the file already." in page
    assert said(case, jemal) == {}
    answer = client.post(into, follow=True).content.decode()
    assert f"The row stands in the file of {code} now." in answer
    assert "1 row stands in a file that was there before." in answer
    assert code in client.get(f"/import/{held.pk}/taken?show=into").content.decode()
    assert client.get(into).status_code == client.post(into).status_code == 302
    looks = Entry.objects.filter(subject=case.subject, outcome=Outcome.READ, page="exchange.put_in")
    assert looks.count() >= 1


def test_what_can_not_be_is_said_before_anybody_decides(browse, jemal, case):
    headers = ["prs_FirstName", "prs_SecondName", "hte_Date"]
    held = looked(jemal, [["Aylar", "Çaryýewa", "2005-01-01"]], headers)
    page = browse("jemal").get(f"/import/{held.pk}/rows/0/into/{case.pk.hex}").content.decode()
    assert "kept beside" in page
    assert "This day is before “Date of birth” (5 April 2012)." in page


def test_what_keeps_the_row_out_is_said_before_anybody_decides(browse, jemal, actor, case):
    merdan = actor("merdan")
    handing.bring_in(case, to=merdan.membership, relation=Relation.SOCIAL_WORKER, reason="x", actor=jemal)
    held = looked(merdan, [ROW], HEADERS)
    into = f"/import/{held.pk}/rows/0/into/{case.pk.hex}"
    page = browse("merdan").get(into).content.decode()
    assert "you may not write: identity." in page
    assert "Put it into the file of" not in page
    assert "may not write: identity." in browse("merdan").post(into).content.decode()
    assert said(case, jemal) == {}


@pytest.mark.parametrize("name", ["merdan", "aman", "dowlet", "kerim"])
def test_the_page_is_not_there_for_a_row_of_another_workers_import(name, browse, jemal, case):
    held = looked(jemal, [ROW], HEADERS)
    client = browse(name)
    into = f"/import/{held.pk}/rows/0/into/{case.pk.hex}"
    assert client.get(into).status_code in (403, 404)
    assert client.post(into).status_code in (403, 404)
    assert said(case, jemal) == {}


@pytest.mark.parametrize("name", ["merdan", "dowlet"])
def test_the_page_is_not_there_for_a_file_that_one_does_not_know_of(name, browse, jemal, actor, case):
    held = looked(actor(name), [ROW], HEADERS)
    client = browse(name)
    into = f"/import/{held.pk}/rows/0/into/{case.pk.hex}"
    assert client.get(into).status_code == client.post(into).status_code == 404
    assert said(case, jemal) == {}


def test_who_stands_in_the_circle_by_a_consent_puts_nothing_in(browse, cast, jemal, actor, case):
    bring_in(case, cast, "dowlet", Relation.SOCIAL_WORKER)
    dowlet = actor("dowlet")
    held = looked(dowlet, [ROW], HEADERS)
    assert kinds(held, dowlet) == [KNOWN]
    client = browse("dowlet")
    assert "Put it into the file of" not in client.get(f"/import/{held.pk}/look").content.decode()
    into = f"/import/{held.pk}/rows/0/into/{case.pk.hex}"
    assert client.get(into).status_code == client.post(into).status_code == 403
    with pytest.raises(Refused):
        importing.put_in(again(case), held=held, place=0, actor=dowlet)
    assert not ImportedRow.objects.exists()


def test_a_row_of_a_child_out_of_the_circle_by_now_offers_no_file(browse, jemal, actor, case):
    held = looked(jemal, [ROW], HEADERS)
    handing.hand_over(case, to=actor("merdan").membership, reason="x", actor=jemal)
    client = browse("jemal")
    assert "Put it into the file of" not in client.get(f"/import/{held.pk}/look").content.decode()
    assert client.post(f"/import/{held.pk}/rows/0/into/{case.pk.hex}").status_code == 404


def test_the_pages_ask_the_database_little(browse, jemal, case):
    rows = [[*ROW[:5], str(number)] for number in range(30)]
    held = looked(jemal, rows, HEADERS)
    client = browse("jemal")
    for address in (f"/import/{held.pk}/look?show=known", f"/import/{held.pk}/rows/3/into/{case.pk.hex}"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        own = [query["sql"] for query in asked if not query["sql"].startswith(CONTROL)]
        assert len(own) <= 12, own
