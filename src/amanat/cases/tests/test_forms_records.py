"""Records of forms: each reader sees their parts, a correction keeps what stood there, a newer form takes over what fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.access.policy import Part, Relation
from amanat.cases.actions.recording import correct_record, record_form
from amanat.cases.models import Case, EventKind, Task, TaskKind
from amanat.cases.tests.arriving import LATER, names, publish, sent, step
from amanat.cases.tests.looking import bring_in, counting, last_entry, read
from amanat.cases.timeline import Event
from amanat.forms import kept
from amanat.forms.filling import Filling
from amanat.forms.models import Answers, FormVersion, Record
from amanat.vault.sealing import open_sealed
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
    jemal = read(browse("jemal"), of(case))
    assert all(told in jemal for told in ("Age in years", "An aunt", "Something hurts now"))
    assert "This form has more" not in jemal
    assert "Points" in jemal or "pain" in jemal


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
    page, address = step(jemal, page, address, "finish")
    assert "What stood there before is kept." in page
    assert "13" in page
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
        case, number=1, version=version, instance=theirs.instance(), language="en", actor=cast.actor("jemal"), seen=2
    )
    page, address = step(jemal, page, address, Age_in_years="13", Came_alone="no", Who_came_along="An aunt")
    page, address = step(jemal, page, address)
    page, address = step(jemal, page, address, "finish")
    assert "Somebody else corrected this form" in page
    assert "14" in page
    page, address = step(jemal, page, address, "finish")
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
    page, address = step(jemal, page, address, "finish")
    assert "At the station" in page
    assert Record.objects.get().form_version.version == "2"
    assert "A bag" not in page
    assert "A bag" in read(jemal, of(case) + "?version=1")


# --- from a phone ----------------------------------------------------------------------------------------------------


def test_what_does_not_hold_is_refused_from_a_page_and_marked_from_a_phone(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    with pytest.raises(PersonFacingError):
        keep(case, cast, version, {"arrival/age": "35"})
    record = keep(case, cast, version, {"arrival/age": "35"}, from_phone=True)
    assert record.needs_review
    assert Task.objects.filter(kind=TaskKind.FORM_REVIEW).count() == 1
    assert "To be looked through" in read(browse("jemal"), of(case))


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


def test_a_table_holds_the_parts_of_its_reader_and_no_formula(
    browse: Browse, case: Case, cast: Cast, version: FormVersion
) -> None:
    keep(case, cast, version, MIXED | {"arrival/with_whom": "=1+1"})
    table = f"{case.get_absolute_url()}/form-tables/arrival"
    jemal = browse("jemal")
    text = jemal.get(f"{table}/csv").content.decode("utf-8-sig")
    assert "/data/arrival/age" in text
    assert ",'=1+1" in text
    assert jemal.get(f"{table}/xlsx").content.startswith(b"PK")
    assert jemal.get(f"{table}/pdf").status_code == 404


def test_a_table_asks_who_it_is_once_more(browse: Browse, case: Case, version: FormVersion) -> None:
    answer = browse("jemal", proved=False).get(f"{case.get_absolute_url()}/form-tables/arrival/csv")
    assert answer.status_code == 302


def test_an_empty_form_has_every_question_with_its_choices(browse: Browse, case: Case, version: FormVersion) -> None:
    page = read(browse("jemal"), f"{case.get_absolute_url()}/empty-forms/arrival")
    for told in ("Who came along", "Something hurts now", "☐ A phone", "printed by Jemal"):
        assert told in page


def test_the_pages_ask_the_database_little(browse: Browse, record: Record, case: Case) -> None:
    jemal = browse("jemal")
    jemal.get(of(case, "correct"), follow=True)
    first = jemal.get(of(case, "correct"))["Location"]
    for address in (of(case), first, f"{case.get_absolute_url()}/form-tables/arrival/csv"):
        with counting() as asked:
            assert jemal.get(address).status_code == 200
        assert len(asked) <= QUERIES, (address, asked)


def test_a_correction_shows_only_what_its_writer_may_write(browse: Browse, record: Record, case: Case) -> None:
    page = browse("sona").get(of(case, "correct"), follow=True).content.decode()
    assert set(names(page)) == {"Something hurts now"}
    assert "Save the correction" in page
    assert "finish" in sent(page, "finish")["go"]
