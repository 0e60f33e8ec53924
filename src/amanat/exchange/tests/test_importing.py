"""A file on its way in, without pages: what each step makes, what it tells, and what it never makes or tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from amanat.access.files import open_file
from amanat.access.loaders import Hidden
from amanat.access.models import Conflict
from amanat.audit.models import Entry, Outcome
from amanat.audit.recording import forget_office
from amanat.cases import timeline
from amanat.cases.actions.handing import hand_over
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Event, EventKind, Sheet
from amanat.cases.queries import events_of
from amanat.exchange import findings, keeping, proposing, taking, work
from amanat.exchange.actions import importing
from amanat.exchange.errors import UnreadableFile
from amanat.exchange.lines import AGAIN, EARLIER, FRESH, KNOWN
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import Batch, Import, State
from amanat.exchange.tests.bringing import (
    AYLAR,
    MERDAN,
    NOBODY,
    brought,
    csv_bytes,
    looked,
    many,
    taken,
    upload,
)
from amanat.exchange.work import Work
from amanat.people.clock import stopped
from amanat.vault.files import path_of
from amanat.vault.models import Subject
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield
    forget_office()  # a test that runs what waits for a commit would leave a subject behind that was rolled back


@pytest.fixture
def jemal(actor):
    return actor("jemal")


def kinds(held, actor):
    """Of each row in order."""
    batches = keeping.batches_of(held)
    return [line["kind"] for batch in batches for line in keeping.opened(held, "content", actor, batch)]


def met(held, actor):
    """Code names of the files that rows may be about, and why."""
    batches = keeping.batches_of(held)
    lines = [line for batch in batches for line in keeping.opened(held, "content", actor, batch)]
    return [(one["code"], one["reasons"]) for line in lines for one in line.get("met", [])]


# --- what is made ----------------------------------------------------------------------------------------------------


def test_a_dry_run_makes_nothing(jemal):
    held = looked(jemal, [AYLAR, MERDAN, NOBODY])
    assert held.state == State.LOOKED
    assert not Case.objects.exists()
    found = findings.counts(held)
    assert (found["fresh"], found["right"], found["empty"], found["taken"]) == (2, 2, 1, 0)


def test_what_is_taken_becomes_files_whose_case_manager_the_author_is(jemal):
    held = taken(jemal, [AYLAR, MERDAN, NOBODY])
    assert held.state == State.DONE
    assert Case.objects.filter(subject__grants__membership=jemal.membership).count() == 2
    assert findings.counts(held)["taken"] == 2


def test_the_timeline_says_that_a_child_came_by_an_import_and_not_by_which_file(jemal):
    taken(jemal, [AYLAR])
    case = Case.objects.select_related("subject").get()
    (line,) = timeline.lines(open_file(jemal, case), events_of(case))
    assert line.told == [("How it came", "by an import")]


def test_each_child_has_one_entry_and_each_step_of_the_import_one(jemal):
    taken(jemal, [AYLAR, MERDAN])
    done = Entry.objects.filter(outcome=Outcome.DONE).select_related("subject")
    assert {entry.subject_id for entry in done.filter(verb="case.register")} == set(
        Case.objects.values_list("subject", flat=True)
    )
    assert done.filter(verb="case.register").count() == 2
    steps = {open_sealed(entry, "details")["about"] for entry in done.filter(verb="exchange.import")}
    assert len(steps) == 4


def test_what_no_field_takes_and_what_could_not_be_read_is_kept_on_the_file(jemal):
    held = looked(jemal, [["Aylar", "Walkedowa", "31.31.2011", "", "36"]])
    assert findings.counts(held)["wrong"] == 1
    importing.take(held, which="fresh", actor=jemal)
    Work().all_of(held)
    sheets = Sheet.objects.select_related("subject").filter(section=ALSO_IN_THE_SOURCE)
    assert {sheet.part: open_sealed(sheet, "values") for sheet in sheets} == {
        "narrative": {"Shoe size": "36"},
        "identity": {"prs_Birthdate": "31.31.2011"},
    }


def test_a_row_that_was_closed_comes_as_old_as_it_is_and_says_that_it_came_closed(jemal):
    headers = ["prs_FirstName", "cas_Status", "cas_ReasonForCaseClosure", "cas_IncomingReferralDate"]
    held = looked(jemal, [["Aylar", "Closed", "She lives with her aunt.", "2024-05-17"]], headers)
    importing.take(held, which="fresh", actor=jemal)
    Work().all_of(held)
    case = Case.objects.get()
    assert (case.opened_in.isoformat(), case.last_contact.isoformat()) == ("2024-05-01", "2024-05-17")
    closed = Event.objects.select_related("subject").get(kind=EventKind.CLOSED)
    assert open_sealed(closed, "note") == {"brought_in": "closed"}
    assert (closed.words_part, open_sealed(closed, "words")) == ("narrative", {"text": "She lives with her aunt."})


@pytest.mark.parametrize(("which", "made"), [("right", 1), ("fresh", 2), ("all", 2)])
def test_rows_with_wrong_cells_are_taken_only_by_who_asks_for_them(which, made, jemal):
    held = looked(jemal, [AYLAR, ["Merdan", "Readyýew", "31.31.2011", "", ""], NOBODY])
    importing.take(held, which=which, actor=jemal)
    Work().all_of(held)
    assert Case.objects.count() == made


def test_more_rows_can_be_taken_afterwards(jemal):
    held = looked(jemal, [AYLAR, MERDAN])
    for place in (1, 0):
        importing.take(held, which="ticked", ticked=[place], actor=jemal)
        Work().all_of(held)
    assert Case.objects.count() == findings.counts(held)["taken"] == 2


def test_a_row_that_breaks_is_set_aside_and_the_others_go_on(jemal, monkeypatch):
    register = taking.register

    def breaking(children, *, actor):
        if any(child.identity["names"][0]["given"] == "Merdan" for child in children):
            raise PersonFacingError("This child breaks.")
        return register(children, actor=actor)

    monkeypatch.setattr(taking, "register", breaking)
    held = taken(jemal, [AYLAR, MERDAN, ["Jemal", "Walkedowa", "2010-01-01", "", ""]])
    assert Case.objects.count() == 2
    aside = findings.outcomes_of(held, "aside", "", jemal).rows
    assert [(row.line["number"], row.became["aside"]) for row in aside] == [(3, "This child breaks.")]


# --- the same again --------------------------------------------------------------------------------------------------


def test_the_same_file_twice_makes_nothing_new(jemal):
    taken(jemal, [AYLAR, MERDAN])
    again = taken(jemal, [AYLAR, MERDAN])
    assert kinds(again, jemal) == [AGAIN, AGAIN]
    assert Case.objects.count() == 2


def test_the_same_rows_in_another_file_make_nothing_new(jemal):
    taken(jemal, [AYLAR, MERDAN])
    again = taken(jemal, [["Sona", "Orazowa", "2010-01-01", "", ""], MERDAN, AYLAR])
    assert kinds(again, jemal) == [FRESH, AGAIN, AGAIN]
    assert Case.objects.count() == 3


def test_a_row_that_was_changed_is_told_and_not_taken_as_a_new_child(jemal):
    held = taken(jemal, [AYLAR])
    changed = looked(jemal, [[*AYLAR[:4], "37"]])
    assert kinds(changed, jemal) == [KNOWN]
    code_name, reasons = met(changed, jemal)[0]
    assert code_name == Case.objects.get().child.code_name
    assert reasons == [EARLIER]
    importing.take(changed, which="fresh", actor=jemal)
    Work().all_of(changed)
    assert Case.objects.count() == 1
    assert held.pk != changed.pk


def test_two_equal_rows_of_one_file_are_two_rows_and_the_second_is_told(jemal):
    held = looked(jemal, [AYLAR, AYLAR])
    assert kinds(held, jemal) == [FRESH, KNOWN]
    importing.take(held, which="all", actor=jemal)
    Work().all_of(held)
    assert Case.objects.count() == 2
    assert kinds(looked(jemal, [AYLAR, AYLAR]), jemal) == [AGAIN, AGAIN]


def test_two_imports_of_one_file_at_once_make_each_child_once(jemal):
    first, second = looked(jemal, [AYLAR, MERDAN]), looked(jemal, [AYLAR, MERDAN])
    for held in (first, second):
        importing.take(held, which="all", actor=jemal)
    for held in (second, first):
        Work().all_of(held)
    assert Case.objects.count() == 2
    became = [(found["taken"], found["into"]) for found in map(findings.counts, (second, first))]
    assert became == [(2, 0), (0, 2)]


# --- who may be known ------------------------------------------------------------------------------------------------


def test_a_child_of_ones_own_circle_is_told_with_reasons_and_the_look_is_in_its_log(jemal, case):
    held = looked(jemal, [["Айлар", "Чарыева", "2012-04-05", "", ""]])
    assert kinds(held, jemal) == [KNOWN]
    assert met(held, jemal)[0][0] == case.child.code_name
    assert met(held, jemal)[0][1]
    looks = Entry.objects.filter(verb="exchange.import", outcome=Outcome.READ, subject=case.subject)
    assert looks.count() == 1


def test_of_a_child_elsewhere_nothing_is_told(jemal, register):
    register(by="dowlet")
    held = looked(jemal, [["Aylar", "Çaryýewa", "2012-04-05", "+993 12 463500", ""]])
    assert kinds(held, jemal) == [FRESH]


def test_of_a_row_that_a_colleague_brought_only_that_is_told(jemal, actor):
    merdan = actor("merdan")
    taken(jemal, [AYLAR])
    held = looked(merdan, [AYLAR, MERDAN])
    assert kinds(held, merdan) == [AGAIN, FRESH]
    assert kinds(looked(merdan, [[*AYLAR[:4], "37"]]), merdan) == [FRESH]
    assert met(held, merdan) == []
    lines = [line for batch in keeping.batches_of(held) for line in keeping.opened(held, "content", merdan, batch)]
    assert lines[0]["by_agency"]
    assert jemal.user.display_name not in repr(lines)


def test_a_row_that_a_colleague_took_meanwhile_is_set_aside(jemal, actor):
    merdan = actor("merdan")
    held = looked(merdan, [AYLAR, MERDAN])
    taken(jemal, [AYLAR])
    importing.take(held, which="all", actor=merdan)
    Work().all_of(held)
    aside = findings.outcomes_of(held, "aside", "", merdan).rows
    assert [row.became["aside"] for row in aside] == [
        "This row was brought before by your agency. Ask your supervisor."
    ]
    assert Case.objects.count() == 2


def test_to_another_agency_an_equal_row_is_new(jemal, actor):
    taken(jemal, [AYLAR])
    assert kinds(looked(actor("dowlet"), [AYLAR]), actor("dowlet")) == [FRESH]


def test_whom_a_conflict_keeps_out_is_told_nothing_of_a_colleagues_row(jemal, actor):
    merdan = actor("merdan")
    taken(jemal, [AYLAR])
    case = Case.objects.get()
    Conflict.objects.create(subject=case.subject, user=merdan.user, recorded_by=jemal.membership, recorded_at=jemal.now)
    assert kinds(looked(merdan, [AYLAR]), merdan) == [FRESH]


def test_who_handed_a_child_over_makes_no_second_file_of_the_same_row(jemal, actor):
    taken(jemal, [AYLAR])
    case = Case.objects.select_related("subject", "child", "agency").get()
    hand_over(case, to=actor("merdan").membership, reason="Away.", actor=jemal)
    again = taken(jemal, [AYLAR])
    assert kinds(again, jemal) == [AGAIN]
    assert met(again, jemal) == []
    assert Case.objects.count() == 1


def test_rows_handed_over_between_dry_run_and_taking_make_no_second_file(jemal, actor):
    first, second = looked(jemal, [AYLAR]), looked(jemal, [AYLAR])
    importing.take(first, which="all", actor=jemal)
    Work().all_of(first)
    case = Case.objects.select_related("subject", "child", "agency").get()
    hand_over(case, to=actor("merdan").membership, reason="Away.", actor=jemal)
    importing.take(second, which="all", actor=jemal)
    Work().all_of(second)
    aside = findings.outcomes_of(second, "aside", "", jemal).rows
    assert [row.became["aside"] for row in aside] == ["You brought this row before."]
    assert Case.objects.count() == 1


# --- whose it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["merdan", "nurana"])
def test_no_colleague_does_anything_to_an_import(name, jemal, actor):
    held = looked(jemal, [AYLAR])
    other = actor(name)
    for act in (importing.look_through, importing.stop, importing.discard):
        with pytest.raises(Hidden):
            act(held, actor=other)
    with pytest.raises(Hidden):
        importing.take(held, which="all", actor=other)
    with pytest.raises(Refused):
        keeping.opened(held, "about", other)


@pytest.mark.parametrize("name", ["ogulgerek", "aman", "kerim", "viktor", "irina"])
def test_who_registers_no_children_imports_none(name, actor):
    with pytest.raises(Refused):
        importing.receive(file=upload(csv_bytes([AYLAR])), actor=actor(name))
    assert not Import.objects.exists()


def test_an_import_is_sealed_whole(jemal):
    taken(jemal, [AYLAR, MERDAN])
    with connection.cursor() as cursor:
        for table in ("exchange_import", "exchange_batch", "exchange_importedrow", "exchange_remembered"):
            cursor.execute(f"SELECT * FROM {table}")
            held = repr([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in cursor])
            assert "Walkedowa" not in held
            assert "children.csv" not in held
            assert "prs_FirstName" not in held


def test_a_file_that_cannot_be_read_leaves_nothing_behind(jemal, settings):
    before = {path for path in settings.AMANAT_MEDIA.rglob("*") if path.is_file()}
    for content in (b"", b"%PDF-1.4", b"PK\x03\x04 broken"):
        with pytest.raises(UnreadableFile):
            importing.receive(file=upload(content), actor=jemal)
    assert not Import.objects.exists()
    assert {path for path in settings.AMANAT_MEDIA.rglob("*") if path.is_file()} == before


# --- columns ---------------------------------------------------------------------------------------------------------


def test_what_was_said_of_the_columns_is_remembered_for_the_agency(jemal, actor):
    held = brought(jemal, [AYLAR])
    mapping = Mapping.from_data(keeping.opened(held, "mapping", jemal)).corrected("E", "cas_CaseOwner")
    importing.map_columns(held, mapping=mapping, actor=jemal)

    def proposed(name):
        other = actor(name)
        held = keeping.find(other, importing.receive(file=upload(csv_bytes([MERDAN])), actor=other))
        about = keeping.opened(held, "about", other)
        return proposing.proposal_for(held, about["survey"], other)

    assert proposed("merdan").mapping.fields["cas_CaseOwner"].letters == "E"
    assert proposed("merdan").remembered_at
    assert "cas_CaseOwner" not in proposed("dowlet").mapping.fields


def test_other_columns_begin_the_dry_run_anew(jemal):
    held = looked(jemal, [AYLAR])
    mapping = Mapping.from_data(keeping.opened(held, "mapping", jemal)).corrected("A", "")
    importing.map_columns(held, mapping=mapping, actor=jemal)
    assert not Batch.objects.exists()
    with pytest.raises(PersonFacingError, match="not been read to its end"):
        importing.take(keeping.find(jemal, held.pk), which="all", actor=jemal)


# --- stopping, and work that cannot go on ----------------------------------------------------------------------------


def test_a_stopped_import_keeps_what_was_taken_and_goes_on_when_it_is_asked_to(jemal, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)
    held = looked(jemal, many(35))
    importing.take(held, which="all", actor=jemal)
    work_ = Work()
    work_.round()
    importing.stop(held, actor=jemal)
    assert not work_.round()
    assert Case.objects.count() == 10
    importing.take(held, which="all", actor=jemal)
    work_.all_of(held)
    assert Case.objects.count() == findings.counts(held)["taken"] == 35


def test_nothing_else_can_be_done_while_it_is_worked_on(jemal):
    held = brought(jemal, [AYLAR])
    importing.look_through(held, actor=jemal)
    for act in (importing.look_through, importing.discard):
        with pytest.raises(PersonFacingError, match="being worked on"):
            act(held, actor=jemal)


def test_two_processes_do_no_batch_twice(jemal, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)
    held = brought(jemal, many(35))
    importing.look_through(held, actor=jemal)
    one, other = Work(), Work()
    for state in (State.LOOKING, State.TAKING):
        seen = Import.objects.select_related("subject").get()
        one.round()
        assert not other._try(seen)  # what it saw has moved on
        one.all_of(held)
        if state == State.LOOKING:
            importing.take(keeping.find(jemal, held.pk), which="all", actor=jemal)
    assert list(Batch.objects.order_by("first").values_list("first", "rows")) == [(0, 10), (10, 10), (20, 10), (30, 5)]
    assert Case.objects.count() == 35


def test_another_process_goes_on_where_one_ended(jemal, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)
    held = brought(jemal, [*many(15), *many(15)])
    importing.look_through(held, actor=jemal)
    Work().round()
    Work().all_of(held)
    assert kinds(held, jemal) == [FRESH] * 15 + [KNOWN] * 15


def test_the_import_of_who_was_suspended_stops_with_a_sentence(jemal):
    held = looked(jemal, [AYLAR])
    importing.take(held, which="all", actor=jemal)
    type(jemal.user).objects.filter(pk=jemal.user.pk).update(is_active=False)
    Work().round()
    held = keeping.find(jemal, held.pk)
    assert held.state == State.STOPPED
    assert "may not import any more" in keeping.opened(held, "wanted", jemal)["problem"]
    assert not Case.objects.exists()


def test_a_damaged_file_stops_with_a_sentence(jemal):
    held = brought(jemal, many(3000))
    importing.look_through(held, actor=jemal)
    path = path_of(held.file)
    path.write_bytes(path.read_bytes()[:-40])
    Work().all_of(held)
    held = keeping.find(jemal, held.pk)
    assert held.state == State.STOPPED
    assert "damaged" in keeping.opened(held, "wanted", jemal)["problem"]


def test_our_own_fault_stops_one_import_and_no_other(jemal, actor, monkeypatch):
    first, second = brought(jemal, [AYLAR]), brought(actor("merdan"), [MERDAN])
    for held, by in ((first, jemal), (second, actor("merdan"))):
        importing.look_through(held, actor=by)
    batch = work.DryRun.batch

    def failing(run, place, rows):
        if run.held.pk == first.pk:
            raise ZeroDivisionError
        return batch(run, place, rows)

    monkeypatch.setattr(work.DryRun, "batch", failing)
    work_ = Work()
    with pytest.raises(work.Halted):
        work_.all_of(first)
    work_.all_of(second)
    assert keeping.find(jemal, first.pk).state == State.STOPPED
    assert keeping.find(actor("merdan"), second.pk).state == State.LOOKED


# --- going ----------------------------------------------------------------------------------------------------------


def test_what_is_discarded_is_gone_with_its_file_and_its_key(jemal, django_capture_on_commit_callbacks):
    held = taken(jemal, [AYLAR])
    path, subject = path_of(held.file), held.subject_id
    with django_capture_on_commit_callbacks(execute=True):
        importing.discard(held, actor=jemal)
    assert not path.exists()
    assert not Subject.objects.filter(pk=subject).exists()
    assert not Import.objects.exists()
    assert Case.objects.count() == 1


def test_after_thirty_days_an_import_is_gone_with_its_file(jemal, cast, django_capture_on_commit_callbacks):
    held = taken(jemal, [AYLAR])
    assert keeping.sweep(cast.now + timedelta(days=29)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.sweep(cast.now + timedelta(days=31)) == 1
    assert not path_of(held.file).exists()
    assert not Import.objects.exists()
