"""A number that called before, and a recruiter named before, are known again by keyed digests, within one agency."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from amanat.access.models import Conflict
from amanat.audit.models import Entry, Outcome
from amanat.hotline import marks, matters, recruiters
from amanat.hotline.actions.matters import find_by_number
from amanat.hotline.models import CallerMark, RecruiterMark
from amanat.hotline.tests.crew import called, crew
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import CONTACTS, Cast

NUMBER = "+993 12 463500"
SAME = ["+99312463500", "00993 12 46-35-00", "+993 (12) 46 35 00", "\uff0b\uff19\uff19\uff13 12 463500"]
CLEAR = (b"463500", b"Aman Orazow", "Аман".encode())


@pytest.fixture
def people(cast: Cast) -> Cast:
    return crew(cast)


@pytest.mark.parametrize("written", SAME)
def test_a_number_is_known_again_however_it_is_written(people: Cast, written: str) -> None:
    first = called(people.actor("nurana"), number=NUMBER)
    again = called(people.actor("gul"), number=written)
    told = matters.before(again, people.actor("gul"))
    assert told is not None
    assert (told.count, told.matters) == (1, [first.matter])


def test_another_number_and_none_are_nobody_s(people: Cast) -> None:
    actor = people.actor("nurana")
    called(actor, number=NUMBER)
    assert matters.before(called(actor, number="+993 12 463501"), actor) is None
    assert matters.before(called(actor, number=""), actor) is None
    assert matters.before(called(actor, number="does not say"), actor) is None


def test_a_number_that_was_corrected_is_no_longer_known_by_the_wrong_one(people: Cast) -> None:
    actor = people.actor("nurana")
    from amanat.hotline.actions.calling import write_call

    call = called(actor, number=NUMBER)
    write_call(call, number="", actor=actor)
    assert not CallerMark.objects.filter(call=call).exists()
    assert find_by_number(NUMBER, actor=actor) == []


def test_another_agency_has_another_digest_and_finds_nothing(people: Cast) -> None:
    called(people.actor("nurana"), number=NUMBER, recruiter="Aman Orazow")
    called(people.actor("lale"), number=NUMBER, recruiter="Aman Orazow")
    for model in (CallerMark, RecruiterMark):
        assert len({bytes(digest) for digest in model.objects.values_list("digest", flat=True)}) == 2
    assert [one.agency for one in find_by_number(NUMBER, actor=people.actor("lale"))] == [people["lale"].agency]
    own = called(people.actor("lale"), number=NUMBER)
    told = matters.before(own, people.actor("lale"))
    assert told is not None
    assert told.count == 1


def test_nothing_of_it_stands_in_clear(people: Cast) -> None:
    called(people.actor("nurana"), number=NUMBER, recruiter="Аман Оразов", recruiter_phone=NUMBER)
    tables = ("hotline_call", "hotline_callermark", "hotline_recruitermark", "hotline_matter", "audit_entry")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            held = b"".join(_bytes(value) for row in cursor.fetchall() for value in row)
            assert not [word for word in CLEAR if word in held], table


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


@pytest.mark.parametrize("name", ["nurana", "aman"])
def test_a_search_by_number_finds_what_one_may_know_of_and_stands_in_the_log(people: Cast, name: str) -> None:
    call = called(people.actor("nurana"), number=NUMBER)
    assert find_by_number(SAME[1], actor=people.actor(name)) == [call.matter]
    looks = Entry.objects.filter(
        verb="hotline.find", outcome=Outcome.DONE, subject=call.subject, user=people[name].user
    )
    assert looks.count() == 1


def test_whoever_is_no_operator_finds_nothing_by_a_number(people: Cast) -> None:
    with pytest.raises(Refused):
        find_by_number(NUMBER, actor=people.actor("jemal"))


def test_what_has_no_number_in_it_is_said_so(people: Cast) -> None:
    with pytest.raises(PersonFacingError, match="no phone number") as told:
        find_by_number("nobody", actor=people.actor("nurana"))
    assert told.value.field == "number"


def test_whom_a_conflict_keeps_out_learns_nothing_of_earlier_calls(people: Cast) -> None:
    first = called(people.actor("nurana"), number=NUMBER)
    _keep_out(people, "gul", first)
    again = called(people.actor("gul"), number=NUMBER)
    assert matters.before(again, people.actor("gul")) is None
    assert find_by_number(NUMBER, actor=people.actor("gul")) == [again.matter]
    assert first.matter not in matters.matters_of(people.actor("gul"))
    assert people["gul"] not in matters.colleagues(first.matter, people.actor("nurana"))


def _keep_out(people: Cast, name: str, call: Any) -> None:
    Conflict.objects.create(
        subject=call.matter.subject,
        user=people[name].user,
        recorded_by=people["aman"],
        recorded_at=people.now,
        details={"reason": "x"},
    )


# --- recruiters -------------------------------------------------------------------------------------------------------

CYRILLIC, LATIN = "Аман Чарыев", "Çaryýew Aman"


def test_a_recruiter_of_two_matters_is_shown_across_scripts_with_the_words_of_each(people: Cast) -> None:
    first = called(people.actor("nurana"), recruiter=CYRILLIC)
    second = called(people.actor("gul"), recruiter=LATIN)
    called(people.actor("gul"), recruiter="Somebody Else")
    page, (line,) = recruiters.page_of(people.actor("aman"), "")
    assert (page.count, line.matters) == (1, 2)
    assert {word.text for word in line.words} == {CYRILLIC, LATIN}
    assert {matter.pk for matter in line.newest} == {first.matter_id, second.matter_id}
    assert all(file.looked for file in line.files)


def test_one_matter_that_names_somebody_twice_is_not_two(people: Cast) -> None:
    actor = people.actor("nurana")
    first = called(actor, recruiter=LATIN, recruiter_phone=NUMBER)
    called(actor, matter=first.matter, recruiter=LATIN, recruiter_phone=NUMBER)
    assert recruiters.page_of(people.actor("aman"), "")[1] == []


def test_a_name_that_was_corrected_counts_no_longer(people: Cast) -> None:
    from amanat.hotline.actions.calling import write_call

    actor = people.actor("nurana")
    first = called(actor, recruiter=LATIN)
    called(actor, recruiter=LATIN)
    write_call(first, recruiter="Nobody Known", actor=actor)
    assert recruiters.page_of(people.actor("aman"), "")[1] == []


def test_the_tile_stands_on_my_day_of_the_supervisor_for_a_week(people: Cast) -> None:
    for _time in range(2):
        called(people.actor("nurana"), recruiter_phone=NUMBER)
    tile = recruiters.tile(people.actor("aman"))
    assert tile is not None
    assert tile.figure == "1"
    assert recruiters.tile(people.actor("aman", people.now + timedelta(days=8))) is None
    for name in ("nurana", "elena", "jemal"):
        assert recruiters.tile(people.actor(name)) is None


def test_only_the_supervisor_reads_the_page(people: Cast, browse: Any) -> None:
    for _time in range(2):
        called(people.actor("nurana"), recruiter=LATIN)
    answers = {name: browse(name).get("/hotline/recruiters") for name in ("aman", "nurana", "elena", "kerim")}
    assert [answers[name].status_code for name in answers] == [200, 404, 200, 404]
    assert LATIN in answers["aman"].content.decode()
    assert LATIN not in answers["elena"].content.decode()


def test_a_matter_that_the_supervisor_is_kept_out_of_does_not_count(people: Cast) -> None:
    first = called(people.actor("nurana"), recruiter=LATIN)
    called(people.actor("nurana"), recruiter=LATIN)
    _keep_out(people, "aman", first)
    assert recruiters.page_of(people.actor("aman"), "")[1] == []


def test_digests_are_no_longer_than_they_must_be(people: Cast) -> None:
    digest = marks.digest_of(people["nurana"].agency, CONTACTS["phones"][0])
    assert digest is not None
    assert len(digest) == marks.LENGTH


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("typed", ["8 65 12 34 56", "65 12 34 56", "865123456", "+993 65 123456"])
def test_a_number_as_people_write_it_is_read_by_the_country_that_the_pack_names(typed: str, settings: Any) -> None:
    settings.AMANAT_PACKS = [Path(settings.AMANAT_PACKS[0]).parent / name for name in ("core", "demo")]
    assert marks.number_key(typed) == "+99365123456"
