"""Records of forms: each reader sees their parts, a correction keeps what stood there, a newer form takes over what fits."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry, Outcome
from amanat.cases import form_tables, happenings
from amanat.cases.actions import bringing_out
from amanat.cases.actions.consenting import record_consent
from amanat.cases.actions.recording import correct_record, look_through, record_form
from amanat.cases.models import Case, EventKind, Task, TaskKind
from amanat.cases.tests.arriving import LATER, names, publish, step
from amanat.cases.tests.looking import bring_in, counting, last_entry, read
from amanat.cases.timeline import Event
from amanat.forms import kept, parting, records
from amanat.forms.filling import Filling
from amanat.forms.models import Answers, FormVersion, Record
from amanat.people.models import Agency
from amanat.vault.sealing import open_sealed
from amanat.web import pdf
from amanat.web.errors import PersonFacingError
from tests.cast import NOW, Cast

QUERIES = 12
Browse = Callable[..., Client]
MIXED = {"arrival/age": "12", "arrival/alone": "no", "arrival/with_whom": "An aunt", "health/hurts": "yes"}


@pytest.fixture
def version(cast: Cast) -> FormVersion:
    return publish()


def filled(version: FormVersion, answers: dict[str, str]) -> Filling:
    filling = Filling.begin(kept.form_of(version), language="en", now=NOW, zone=NOW.tzinfo)  # type: ignore[arg-type]
    for path, answer in answers.items():
        filling.put(f"/data/{path}", answer)
    return filling


def keep(
    case: Case, cast: Cast, version: FormVersion, answers: dict[str, str], by: str = "jemal", **how: Any
) -> Record:
    filling = filled(version, answers)
    return record_form(
        case,
        version=version,
        instance=filling.instance(),
        instance_id=filling.instance_id,
        language="en",
        actor=cast.actor(by),
        **how,
    )


def of(case: Case, *more: str) -> str:
    return "/".join([case.get_absolute_url(), "records", "1", *more])


def logged(case: Case, verb: str) -> dict[str, Any]:
    """What the log says of the last time that this was done."""
    entries = Entry.objects.select_related("subject").filter(subject=case.subject, verb=verb, outcome=Outcome.DONE)
    details: dict[str, Any] = open_sealed(list(entries)[-1], "details")
    return details


@pytest.fixture
def record(case: Case, cast: Cast, version: FormVersion) -> Record:
    """A form that jemal filled in and sona, the health worker, went on with."""
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    held = keep(case, cast, version, MIXED)
    filling = filled(version, MIXED)
    correct_record(
        case,
        number=1,
        version=version,
        instance=filling.instance(),
        language="en",
        actor=cast.actor("sona"),
        seen=1,
        reason="She said it hurts",
    )
    held.refresh_from_db()
    return held


# --- whose eyes ------------------------------------------------------------------------------------------------------


def test_each_part_is_sealed_for_itself(record: Record) -> None:
    held = {row.part: open_sealed(row, "instance") for row in Answers.objects.select_related("subject")}
    assert set(held) == {"facts", "contacts", "health_alerts"}
    assert "An aunt" in held["contacts"]
    assert "An aunt" not in held["facts"] + held["health_alerts"]
    assert "hurts" not in held["facts"]


def test_what_its_writer_may_not_write_is_not_kept(case: Case, cast: Cast, version: FormVersion) -> None:
    keep(case, cast, version, MIXED)
    assert {row.part for row in Answers.objects.all()} == {"facts", "contacts"}


def test_each_reader_sees_their_parts_and_that_there_is_more(
    browse: Browse, record: Record, case: Case, cast: Cast
) -> None:
    sona = read(browse("sona"), of(case))
    assert "Something hurts now" in sona
    assert "An aunt" in sona  # a health worker sees contacts, and writes none
    assert "Age in years" not in sona
    assert "This form has more" in sona
    assert "Points" in sona
    assert "The child was" not in sona  # a note beside the score, with the age in it
    jemal = read(browse("jemal"), of(case))
    assert all(told in jemal for told in ("Age in years", "An aunt", "Something hurts now"))
    assert "This form has more" not in jemal
    scores = jemal.split("<h2>Scores</h2>")[1].split("</section>")[0]
    assert all(
        told in scores for told in ("Points", "The child was 12", "A score is no diagnosis", "source not checked")
    )


def test_the_look_names_the_parts_that_were_read(browse: Browse, record: Record, case: Case) -> None:
    read(browse("sona"), of(case))
    _entry, details = last_entry(case)
    assert {"contacts", "health_alerts"} <= set(details["parts"])
    assert "facts" not in details["parts"]


def test_a_question_repeats_no_answer_that_its_reader_does_not_see(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    """The name of a relative is asked with the child's age in the question."""
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.FACTS])
    keep(case, cast, version, MIXED | {"kin[1]/kin_name": "Maral"})
    page = read(browse("selbi"), of(case))
    assert "Maral" in page
    assert "Name of …" in page


def test_whoever_sees_none_of_it_finds_no_record(browse: Browse, case: Case, cast: Cast, version: FormVersion) -> None:
    keep(case, cast, version, {"arrival/age": "12"})
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    bahar = browse("bahar")
    assert bahar.get(of(case)).status_code == 403
    assert "Arrival at the centre" not in read(bahar, f"{case.get_absolute_url()}?section=forms")


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_former_answer_with_who_and_when(
    browse: Browse, record: Record, case: Case, cast: Cast
) -> None:
    jemal = browse("jemal")
    response = jemal.get(of(case, "correct"), follow=True)
    page, address = response.content.decode(), response.redirect_chain[-1][0]
    assert 'value="12"' in page
    page, address = step(jemal, page, address, Age_in_years="13", Came_alone="no", Who_came_along="An aunt")
    page, address = step(jemal, page, address)
    page, address = step(jemal, page, address)
    assert "What you change" in page
    assert "Save the correction" in page
    assert "Write the reason" in jemal.post(address, {"reason": ""}).content.decode()
    page = jemal.post(address, {"reason": "The birth certificate came"}, follow=True).content.decode()
    assert "What stood there before is kept." in page
    assert "The birth certificate came" in page
    assert "She said it hurts" in page
    changed = page.split("What was changed last")[1].split("</section>")[0]
    assert [told in changed for told in ("Age in years", "12", "13", "An aunt")] == [True, True, True, False]
    record.refresh_from_db()
    assert record.version == 3
    assert set(Answers.objects.filter(version=3).values_list("part", flat=True)) == {"facts"}
    former = read(jemal, of(case) + "?version=1")
    assert "12" in former
    assert "before a correction" in former
    assert Event.objects.filter(case=case, kind=EventKind.FORM_CORRECTED).count() == 2


def test_a_correction_of_another_part_is_no_conflict_one_of_the_same_is_told(
    browse: Browse, record: Record, case: Case, cast: Cast, version: FormVersion
) -> None:
    jemal = browse("jemal")
    response = jemal.get(of(case, "correct"), follow=True)
    page, address = response.content.decode(), response.redirect_chain[-1][0]
    theirs = filled(version, MIXED | {"arrival/age": "14"})
    correct_record(
        case,
        number=1,
        version=version,
        instance=theirs.instance(),
        language="en",
        actor=cast.actor("jemal"),
        seen=2,
        reason="Told again",
    )
    page, address = step(jemal, page, address, Age_in_years="13", Came_alone="no", Who_came_along="An aunt")
    page, address = step(jemal, page, address)
    page, address = step(jemal, page, address)
    page = jemal.post(address, {"reason": "Counted anew"}).content.decode()
    assert "Somebody else corrected this form" in page
    assert "14" in page
    jemal.post(address, {"reason": "Counted anew"})
    record.refresh_from_db()
    assert record.version == 4


def test_nothing_changed_is_no_correction(record: Record, case: Case, cast: Cast, version: FormVersion) -> None:
    with pytest.raises(PersonFacingError, match="Nothing was changed"):
        correct_record(
            case,
            number=1,
            version=version,
            instance=filled(version, MIXED).instance(),
            language="en",
            actor=cast.actor("jemal"),
            seen=2,
            reason="No reason",
        )


def test_a_newer_form_takes_over_by_name_and_shows_what_no_longer_fits(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, {"arrival/age": "12", "arrival/has": "bag"})
    publish(LATER)
    jemal = browse("jemal")
    assert "Carry over into the newer form" in read(jemal, of(case))
    response = jemal.get(of(case, "carry-over"), follow=True)
    page, address = response.content.decode(), response.redirect_chain[-1][0]
    assert 'value="12"' in page
    assert "What no longer fits" in page
    assert "bag" in page
    page, address = step(jemal, page, address, Age_in_years="12", Slept_where="At the station")
    page, address = step(jemal, page, address)
    page, address = step(jemal, page, address)
    assert "What no longer fits" in page
    page = jemal.post(address, {"reason": "The form is a newer one"}, follow=True).content.decode()
    assert "At the station" in page
    assert Record.objects.get().form_version.version == "2"
    changed, stands = page.split('class="card record"', 1)
    assert "A bag" in changed
    assert "A bag" not in stands
    assert "A bag" in read(jemal, of(case) + "?version=1")


@pytest.mark.sqlcipher_only
def test_a_correction_takes_no_record_back_into_the_form_out_of_which_a_colleague_carried_it(
    case: Case, cast: Cast, version: FormVersion
) -> None:
    """Also where the two wrote different parts."""
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    keep(case, cast, version, MIXED)
    newer = publish(LATER)

    def correct(by: str, into: FormVersion, answers: dict[str, str], seen: int) -> Record:
        filling = filled(into, MIXED | answers)
        told = {"version": into, "instance": filling.instance(), "language": "en", "reason": "She said so"}
        return correct_record(case, number=1, actor=cast.actor(by), seen=seen, **told)

    correct("sona", newer, {}, 1)
    with pytest.raises(PersonFacingError, match="Somebody else corrected"):
        correct("jemal", version, {"arrival/age": "13"}, 1)
    assert Record.objects.get().form_version == newer
    assert correct("jemal", newer, {"arrival/age": "13"}, 2).version == 3


# --- from a phone ----------------------------------------------------------------------------------------------------


def test_what_does_not_hold_is_refused_from_a_page_and_marked_from_a_phone(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    with pytest.raises(PersonFacingError):
        keep(case, cast, version, {"arrival/age": "35"})
    record = keep(case, cast, version, {"arrival/age": "35"}, from_phone=True)
    assert record.needs_review
    assert Task.objects.filter(kind=TaskKind.FORM_REVIEW).count() == 1
    page = read(browse("jemal"), of(case))
    assert "To be looked through" in page
    assert "Age in years</strong>: This form is for children." in page
    assert f'href="{of(case, "correct", "data.arrival")}?check=1"' in page
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.FACTS])
    assert "Age in years</strong>: It does not hold." in read(browse("selbi"), of(case))


@pytest.mark.sqlcipher_only
def test_a_form_that_a_phone_sent_without_an_answer_is_kept_and_can_be_filled_in(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    empty = filled(version, {})
    told: dict[str, Any] = {"version": version, "language": "en", "actor": cast.actor("jemal")}
    sent = {"instance": parting.bare(empty.instance()).encode(), "instance_id": empty.instance_id, "from_phone": True}
    record = record_form(case, **sent, **told)
    assert record.needs_review
    jemal = browse("jemal")
    assert "Nothing was answered" in read(jemal, of(case))
    filling = filled(version, {"arrival/age": "12", "arrival/alone": "yes"})
    told |= {"instance": filling.instance(), "seen": 1, "reason": "She came back"}
    correct_record(case, number=1, **told)
    assert "12" in read(jemal, of(case))


@pytest.mark.sqlcipher_only
def test_what_is_looked_through_from_another_case_of_the_child_waits_on_none(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, {"arrival/age": "35"}, from_phone=True)
    again = Case.objects.create(
        subject=case.subject, child=case.child, agency=case.agency, opened_in=case.opened_in, last_contact=NOW.date()
    )
    case.refresh_from_db()
    due_before = case.next_due
    look_through(again, number=1, reason="The mother", actor=cast.actor("jemal"))
    case.refresh_from_db()
    assert not Task.objects.filter(done_at=None).exists()
    assert case.next_due > due_before


def test_what_came_from_a_phone_is_said_to_stand_with_a_reason(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, {"arrival/age": "35"}, from_phone=True)
    jemal = browse("jemal")
    assert "Write the reason" in jemal.post(of(case, "look-through"), {"reason": "", "seen": "1"}).content.decode()
    page = jemal.post(of(case, "look-through"), {"reason": "The mother", "seen": "1"}, follow=True).content.decode()
    assert "To be looked through" not in page
    assert "Looked through, it stands" in page
    assert "The mother" in page
    assert logged(case, "form.correct")["reason"] == "The mother"
    assert not Task.objects.filter(done_at=None).exists()
    assert Event.objects.filter(case=case, kind=EventKind.FORM_REVIEWED).count() == 1
    assert "A colleague" in jemal.post(of(case, "look-through"), {"reason": "Twice", "seen": "1"}).content.decode()


def test_what_does_not_hold_finishes_no_step_until_it_was_looked_through(
    case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, {"arrival/age": "40"}, from_phone=True)
    assert list(happenings.recorded([case.subject_id])) == []
    look_through(case, number=1, reason="She is small for her age.", actor=cast.actor("jemal"))
    assert [name for _subject, name, _at in happenings.recorded([case.subject_id])] == ["arrival"]


def test_who_writes_none_of_its_parts_can_not_say_that_it_stands(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, {"arrival/age": "35"}, from_phone=True)
    bring_in(case, cast, "selbi", Relation.LAWYER)
    assert browse("selbi").get(of(case, "look-through")).status_code == 403
    with pytest.raises(PersonFacingError, match="You write none"):
        look_through(case, number=1, reason="It is", actor=cast.actor("selbi"))


def test_one_instance_is_one_record_however_often_it_comes(case: Case, cast: Cast, version: FormVersion) -> None:
    filling = filled(version, {"arrival/age": "12"})
    told = {"version": version, "instance": filling.instance(), "instance_id": filling.instance_id, "language": "en"}
    first = record_form(case, **told, actor=cast.actor("jemal"), from_phone=True)
    assert record_form(case, **told, actor=cast.actor("jemal"), from_phone=True) == first


def test_an_instance_does_not_come_onto_two_files(
    case: Case, cast: Cast, version: FormVersion, register: Callable[..., Case]
) -> None:
    filling = filled(version, {"arrival/age": "12"})
    told = {"version": version, "instance": filling.instance(), "instance_id": filling.instance_id, "language": "en"}
    record_form(case, **told, actor=cast.actor("jemal"))
    with pytest.raises(PersonFacingError, match="on another file"):
        record_form(register(), **told, actor=cast.actor("jemal"))


# --- of the pack -----------------------------------------------------------------------------------------------------


def test_a_form_of_the_pack_is_kept_at_its_first_use_and_once(browse: Browse, case: Case) -> None:
    jemal = browse("jemal")
    assert not FormVersion.objects.exists()
    for _time in range(2):
        assert jemal.get(f"{case.get_absolute_url()}/forms/first_contact", follow=True).status_code == 200
    kept_as = FormVersion.objects.get()
    assert kept_as.form.follows_pack
    assert kept_as.form.published == kept_as
    assert kept_as.made_by is None


def test_a_form_that_was_taken_back_is_offered_no_more(browse: Browse, case: Case, version: FormVersion) -> None:
    jemal = browse("jemal")
    version.form.published = None
    version.form.save()
    assert jemal.get(f"{case.get_absolute_url()}/forms/arrival").status_code == 404
    assert "Arrival at the centre" not in read(jemal, f"{case.get_absolute_url()}?section=forms")


# --- on paper and as a table -----------------------------------------------------------------------------------------


def out(client: Client, where: str, made_as: str, to: Agency, **more: str) -> HttpResponse:
    return client.post(where, {"made_as": made_as, "to": to.pk, "reason": "For the court", **more})


def test_a_table_holds_the_parts_of_its_reader_and_no_formula(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, MIXED | {"arrival/with_whom": "=1+1", "kin[1]/kin_name": "Maral"})
    jemal = browse("jemal")
    answer = out(jemal, of(case, "bring-out"), "csv", case.agency)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = dict(zip(*rows, strict=True))
    assert told["/data/arrival/age"] == "12"
    assert told["/data/arrival/with_whom"] == "'=1+1"
    assert told["/data/kin/kin_name"] == "Maral"
    assert not any("health" in column or "meta" in column for column in told)
    assert answer["Cache-Control"] == "no-store"
    details = logged(case, "case.export")
    assert (details["about"], details["reason"]) == ("arrival", "For the court")
    assert out(jemal, of(case, "bring-out"), "xlsx", case.agency).content.startswith(b"PK")


def test_another_agency_gets_no_more_than_a_consent_names(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, MIXED)
    jemal, partner = browse("jemal"), cast["dowlet"].agency
    assert "There is no consent to share" in out(jemal, of(case, "bring-out"), "csv", partner).content.decode()
    record_consent(
        case,
        purpose="assistance_by_partner",
        recipient=partner,
        parts=[Part.FACTS],
        given_by="both",
        words="",
        given_on=NOW.date(),
        actor=cast.actor("jemal"),
    )
    table = out(jemal, of(case, "bring-out"), "csv", partner).content.decode()
    assert "/data/arrival/age" in table
    assert "An aunt" not in table


def test_one_table_holds_the_records_of_all_children_that_one_manages(
    browse: Browse, case: Case, cast: Cast, version: FormVersion, register: Callable[..., Case]
) -> None:
    others = [register(), register(by="dowlet")]
    for held, by in ((case, "jemal"), (others[0], "jemal"), (others[1], "dowlet")):
        keep(held, cast, version, {"arrival/age": "12"}, by=by)
    jemal = browse("jemal")
    assert "Arrival at the centre" in read(jemal, "/export/forms")
    rows = out(jemal, "/export/forms", "csv", case.agency, form="arrival").content.decode("utf-8-sig").splitlines()
    assert {row.split(",")[0] for row in rows[1:]} == {str(case), str(others[0])}
    assert logged(others[0], "case.export")["reason"] == "For the court"


@pytest.mark.sqlcipher_only
def test_records_of_which_nothing_is_open_push_none_that_is_out_of_the_table(
    browse: Browse, case: Case, cast: Cast, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They count neither for the most that a table takes nor for what is read together."""
    monkeypatch.setattr(bringing_out, "MOST", 2)
    monkeypatch.setattr(records, "AT_ONCE", 2)
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    for answers, by in (({"health/hurts": "yes"}, "sona"),) * 3 + (({"arrival/age": "12"}, "jemal"),) * 2:
        keep(case, cast, version, answers, by=by)
    record_consent(
        case,
        purpose="assistance_by_partner",
        recipient=(partner := cast["dowlet"].agency),
        parts=[Part.FACTS],
        given_by="both",
        words="",
        given_on=NOW.date(),
        actor=cast.actor("jemal"),
    )
    jemal, where = browse("jemal"), f"{case.get_absolute_url()}/records/4/bring-out"
    rows = out(jemal, where, "csv", partner).content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["4", "5"]
    keep(case, cast, version, {"arrival/age": "13"})
    assert "More than 2,000 records" in out(jemal, where, "csv", partner).content.decode()


@pytest.mark.sqlcipher_only
def test_one_record_on_paper_opens_no_other(
    browse: Browse, case: Case, cast: Cast, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    keep(case, cast, version, {"arrival/age": "12"})
    other = keep(case, cast, version, {"arrival/age": "13"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forms_answers SET instance = %s WHERE record_id = %s", [b"\x01" * 200, other.pk.hex])
    page = out(browse("jemal"), of(case, "bring-out"), "pdf", case.agency).content.decode()
    assert "<dd>12</dd>" in page


@pytest.mark.sqlcipher_only  # no database is asked
def test_what_an_excel_workbook_does_not_hold_is_told_and_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_tables, "WIDEST", 2)
    assert form_tables.as_xlsx([["a", "b"], ["1", "x" * form_tables.LONGEST]]).startswith(b"PK")
    for rows in ([["a", "b", "c"]], [["a"], ["x" * (form_tables.LONGEST + 1)]]):
        with pytest.raises(PersonFacingError, match="does not fit"):
            form_tables.as_xlsx(rows)


def test_bringing_out_asks_who_it_is_once_more(browse: Browse, case: Case, cast: Cast, version: FormVersion) -> None:
    keep(case, cast, version, MIXED)
    unproved = browse("jemal", proved=False)
    assert [unproved.get(where).status_code for where in (of(case, "bring-out"), "/export/forms")] == [302, 302]


def test_an_empty_form_has_every_question_with_its_choices(browse: Browse, case: Case, version: FormVersion) -> None:
    page = read(browse("jemal"), f"{case.get_absolute_url()}/empty-forms/arrival")
    for told in ("Who came along", "Something hurts now", "☐ A phone", "○ Yes", "For each one.", "printed by Jemal"):
        assert told in page
    assert "Points" not in page


def test_a_record_and_an_empty_form_become_a_pdf(
    browse: Browse, case: Case, cast: Cast, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    keep(case, cast, version, MIXED)
    jemal = browse("jemal")
    answer = out(jemal, of(case, "bring-out"), "pdf", case.agency)
    page = answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    assert all(
        told in page for told in ("An aunt", "Age in years", str(case), "printed by Jemal", "Invented for a test")
    )
    page = jemal.get(f"{case.get_absolute_url()}/empty-forms/arrival?as=pdf").content.decode()
    assert "☐ A phone" in page
    assert "Something hurts now" in page


def test_the_pages_ask_the_database_little(browse: Browse, record: Record, case: Case) -> None:
    jemal = browse("jemal")
    jemal.get(of(case, "correct"), follow=True)
    first = jemal.get(of(case, "correct"))["Location"]
    for address in (of(case), first, of(case, "bring-out"), of(case, "correct", "-why"), "/export/forms"):
        with counting() as asked:
            assert jemal.get(address).status_code == 200
        assert len(asked) <= QUERIES, (address, asked)


def test_a_correction_shows_only_what_its_writer_may_write(browse: Browse, record: Record, case: Case) -> None:
    page = browse("sona").get(of(case, "correct"), follow=True).content.decode()
    assert set(names(page)) == {"Something hurts now"}
