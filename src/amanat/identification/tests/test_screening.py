"""Screenings on a child's file and on a matter: recorded, explained, corrected, carried over, erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from amanat import packs
from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases import from_elsewhere
from amanat.cases.models import Case, Event, EventKind
from amanat.cases.tests.test_at_once import at_once
from amanat.identification import ages, lists, screenings
from amanat.identification.actions.age import record_age
from amanat.identification.actions.screening import record_screening
from amanat.identification.age import Kind
from amanat.identification.models import AgeRecord, Screening
from amanat.identification.tests.screened import LABOUR, OF_EXPLOITATION, matter_of, said, screen
from amanat.identification.views import screening as views
from amanat.packs.labels import Label
from amanat.vault import erasing
from amanat.web.errors import Refused, Stale
from tests.cast import Cast

Browse = Callable[..., Client]
pytestmark = pytest.mark.django_db
POINTS = "The indicators point to trafficking of a child"


def sent(**more: Any) -> dict[str, Any]:
    """What a browser sends of a page on which three indicators of exploitation were pressed."""
    asked = {f"signs-{one.code}": "unknown" for one in packs.current().indicators[LABOUR].indicators}
    asked |= {"signs-long_hours": "present", "signs-low_pay": "present", "signs-bad_work": "absent"}
    asked |= {"signs": "1", "who": "child", "note": "At the gate.", "happened_at": "2026-11-24T13:00"}
    return asked | {"acts": ["recruited"]} | more


def found(row: Any, cast: Cast, by: str, screening: Screening) -> screenings.Screened:
    screening.refresh_from_db()
    return screenings.opened(open_file(cast.actor(by), row), [screening])[0]


def test_pressing_what_is_there_is_enough_and_the_finding_explains_itself(
    case: Case, cast: Cast, browse: Browse
) -> None:
    jemal = browse("jemal")
    answer = jemal.post(f"/cases/{case.pk.hex}/screenings/new", sent(), follow=True)
    page = answer.content.decode()
    assert POINTS in page
    assert "one strong indicator and a medium one" in page
    assert "This is a finding, no status." in page
    assert "3 more medium indicators" in page  # of a dimension of which nothing is known
    screening = Screening.objects.get()
    one = found(case, cast, "jemal", screening)
    assert one.content["answers"]["bad_work"]["is"] == "absent"
    assert len(one.content["answers"]) == 3
    assert one.content["language"] == "en"
    event = Event.objects.get(case=case, kind=EventKind.SCREENED)
    assert event.part == Part.FACTS
    assert "Operational indicators: children, labour" in jemal.get(f"/cases/{case.pk.hex}").content.decode()


def test_a_correction_is_a_new_version_and_the_former_one_stays_readable(
    case: Case, cast: Cast, browse: Browse
) -> None:
    first = screen(case, cast, "jemal", *OF_EXPLOITATION)
    jemal, there = browse("jemal"), f"/cases/{case.pk.hex}/screenings"
    mended = sent(**{"signs-long_hours": "absent", "reason": "Misheard.", "seen": "1"})
    page = jemal.post(f"{there}/{first.pk}/correct", mended, follow=True).content.decode()
    assert POINTS not in page
    assert "1 more strong indicator" in page
    assert "Misheard." in page
    former = jemal.get(f"{there}/{first.pk}").content.decode()
    assert POINTS in former
    assert "This is a former version" in former
    assert [one.version for one in Screening.objects.filter(newest=True)] == [2]
    assert "Other versions" in former


def test_who_corrects_what_somebody_else_has_corrected_is_told_and_loses_nothing(
    case: Case, cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = screen(case, cast, "jemal", *OF_EXPLOITATION)
    jemal, address = browse("jemal"), f"/cases/{case.pk.hex}/screenings/{first.pk}/correct"

    def meanwhile(*args: Any, **given: Any) -> Screening:
        monkeypatch.undo()
        screen(case, cast, "jemal", "low_pay", corrects=first, seen=1, reason="Heard it again.")
        return record_screening(*args, **given)

    monkeypatch.setattr(views, "record_screening", meanwhile)
    page = jemal.post(address, sent(reason="Misheard.", seen="1")).content.decode()
    assert "Somebody else changed this while you were writing." in page
    assert "Misheard." in page
    assert 'name="seen" value="2"' in page
    assert jemal.get(address).status_code == 302  # a former version is not corrected
    assert Screening.objects.count() == 2


def test_a_finding_is_explained_by_the_list_as_it_was_then(
    case: Case, cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = screen(case, cast, "jemal", *OF_EXPLOITATION)
    assert not found(case, cast, "jemal", first).list_has_changed
    # The country has another list under this name by now: one indicator of before is retired, the other weighs less.
    told = packs.current().indicators[LABOUR]
    changed = [
        replace(one, retired=one.code == "low_pay", strength="weak", label=Label({"en": "Other words"}))
        for one in told.indicators
    ]
    pack = SimpleNamespace(indicators={LABOUR: replace(told, indicators=tuple(changed))})
    monkeypatch.setattr(lists, "packs", SimpleNamespace(current=lambda: pack))
    page = browse("jemal").get(f"/cases/{case.pk.hex}/screenings/{first.pk}").content.decode()
    assert POINTS in page
    assert "one strong indicator and a medium one" in page
    assert "Far too many days or hours of work" in page
    assert "The list has changed since." in page


def test_a_list_that_nobody_checked_says_so_beside_its_finding(case: Case, cast: Cast, browse: Browse) -> None:
    first = screen(case, cast, "jemal", "hazardous", indicators="ilo_child_sexual")
    jemal, there = browse("jemal"), f"/cases/{case.pk.hex}/screenings"
    for address in (f"{there}/{first.pk}", f"{there}/new/ilo_child_sexual"):
        assert "Nobody has checked the source of this list yet" in jemal.get(address).content.decode()
    assert "Nobody has checked" not in jemal.get(f"{there}/new/{LABOUR}").content.decode()


@pytest.mark.sqlcipher_only
def test_what_nobody_knows_yet_is_not_called_absent_and_a_doubt_about_the_age_stands_beside_it(
    case: Case, cast: Cast, browse: Browse
) -> None:
    first = screen(case, cast, "jemal")
    record_age(case, kind=Kind.DOUBT, doubt=True, reasons="She looks sixteen.", actor=cast.actor("jemal"))
    page = browse("jemal").get(f"/cases/{case.pk.hex}/screenings/{first.pk}").content.decode()
    assert "not known yet" in page
    assert "not positive" not in page
    main = page[page.index("<main") : page.index("This is a finding, no status.")]
    assert "Treated as a child: the age is in doubt" in main


def test_from_a_list_that_weighs_nothing_no_finding_comes(case: Case, cast: Cast, browse: Browse) -> None:
    first = screen(case, cast, "jemal", "no_parents", "intimidated", indicators="unodc_children")
    page = browse("jemal").get(f"/cases/{case.pk.hex}/screenings/{first.pk}").content.decode()
    asked = len(packs.current().indicators["unodc_children"].indicators)
    assert f"2 of {asked} signs are there" in page
    assert "prove nothing, present or absent" in page
    assert "not positive" not in page


def test_what_cannot_be_is_told_and_what_was_pressed_is_still_there(case: Case, browse: Browse) -> None:
    jemal, new = browse("jemal"), f"/cases/{case.pk.hex}/screenings/new"
    wrong = {
        "This lies in the future": sent(happened_at="2027-01-01T09:00"),
        "You ticked something that was done": sent(acts=["recruited", "none"]),
        "A note stands where nobody said": sent(**{"signs-hazardous-note": "With acid."}),
    }
    for sentence, body in wrong.items():
        page = jemal.post(new, body).content.decode()
        assert sentence in page
        assert "At the gate." in page
        assert 'name="signs-long_hours" value="present" checked' in page
    nothing = {key: value for key, value in sent().items() if not key.startswith(("signs-", "acts"))}
    assert "Nothing is answered yet" in jemal.post(new, nothing).content.decode()
    assert not Screening.objects.exists()


def test_what_was_said_of_the_age_is_kept_with_the_screening_or_neither_is(
    case: Case, cast: Cast, browse: Browse
) -> None:
    jemal, new = browse("jemal"), f"/cases/{case.pk.hex}/screenings/new"
    doubted = {"age_said": "17", "age_doubt": "on"}
    assert "Write the reason." in jemal.post(new, sent(**doubted)).content.decode()
    future = sent(**doubted, age_reasons="Coached.", happened_at="2027-01-01T09:00")
    assert "This lies in the future" in jemal.post(new, future).content.decode()
    assert not AgeRecord.objects.exists()
    jemal.post(new, sent(**doubted, age_reasons="Coached."))
    record = AgeRecord.objects.get(subject=case.subject)
    content = open_file(cast.actor("jemal"), case).open(record, "content")
    assert (content["kind"], content["least"], content["doubt"]) == ("claimed", 17, True)
    assert content["who"] == "The child says so"


def test_a_doubt_that_stands_is_not_over_because_a_screening_says_nothing_of_it(
    case: Case, cast: Cast, browse: Browse
) -> None:
    record_age(case, kind=Kind.DOUBT, doubt=True, reasons="Coached.", actor=cast.actor("jemal"))
    browse("jemal").post(f"/cases/{case.pk.hex}/screenings/new", sent(age_said="20"))
    assert AgeRecord.objects.filter(subject=case.subject).count() == 2
    assert ages.of(open_file(cast.actor("jemal"), case)).in_doubt


def test_what_was_typed_and_not_sent_is_there_again(case: Case, browse: Browse) -> None:
    jemal, new = browse("jemal"), f"/cases/{case.pk.hex}/screenings/new"
    jemal.post("/draft", {"page": new, "body": urlencode(sent(), doseq=True)})
    page = jemal.get(new).content.decode()
    assert 'name="signs-long_hours" value="present" checked' in page
    assert "At the gate." in page


def test_several_screenings_stand_side_by_side(case: Case, cast: Cast, browse: Browse) -> None:
    screen(case, cast, "jemal", *OF_EXPLOITATION)
    screen(case, cast, "jemal", "job", happened_at=cast.now - timedelta(days=2))
    page = browse("jemal").get(f"/cases/{case.pk.hex}/screenings").content.decode()
    table = page[page.index("<table") : page.index("</table>")]
    assert table.count("answer-present") == 3
    assert table.count("answer-unknown") == 3
    assert table.index("22.11.2026") < table.index("24.11.2026")


def test_a_matter_is_screened_by_its_operators_and_hidden_from_others(cast: Cast, browse: Browse) -> None:
    matter = matter_of(cast)
    first = screen(matter, cast, "nurana", *OF_EXPLOITATION)
    there = f"/matters/{matter.pk.hex}/screenings"
    assert first.part == Part.SCREENING
    for name in ("nurana", "aman"):
        assert POINTS in browse(name).get(f"{there}/{first.pk}").content.decode()
    assert POINTS in browse("nurana").get(f"/matters/{matter.pk.hex}").content.decode()
    for name, status in {"jemal": 404, "dowlet": 404, "elena": 404, "kerim": 403}.items():
        assert browse(name).get(f"{there}/{first.pk}").status_code == status
    with pytest.raises(Refused):
        screen(matter, cast, "aman", *OF_EXPLOITATION)


def test_a_screening_of_another_file_is_not_shown_by_this_one(case: Case, cast: Cast, browse: Browse) -> None:
    other = screen(matter_of(cast), cast, "nurana", *OF_EXPLOITATION)
    for more in ("", "/correct"):
        assert browse("jemal").get(f"/cases/{case.pk.hex}/screenings/{other.pk}{more}").status_code == 404


def test_a_case_takes_the_screenings_of_its_matter_along_and_the_matter_keeps_its_own(
    register: Callable[..., Case], cast: Cast
) -> None:
    matter = matter_of(cast)
    first = screen(matter, cast, "nurana", *OF_EXPLOITATION)
    screen(matter, cast, "nurana", "low_pay", corrects=first, seen=1, reason="Heard it again.")
    case = register(by="nurana")
    from_elsewhere.carry(matter, case, cast.actor("nurana"))
    assert Screening.objects.filter(subject=matter.subject).count() == 2
    older, newest = Screening.objects.filter(subject=case.subject).order_by("version")
    assert (older.newest, newest.newest, older.part) == (False, True, Part.FACTS)
    assert older.series == newest.series != first.series
    one = found(case, cast, "nurana", newest)
    assert one.content["from_call"]
    assert one.content["answers"] == said("low_pay")
    assert Event.objects.filter(case=case, kind=EventKind.SCREENED).count() == 1


def test_the_next_child_of_a_matter_does_not_get_what_was_written_of_the_one_before(
    register: Callable[..., Case], cast: Cast
) -> None:
    matter, actor = matter_of(cast), cast.actor("nurana")
    screen(matter, cast, "nurana", *OF_EXPLOITATION)
    record_age(matter, kind=Kind.CLAIMED, doubt=True, reasons="Coached.", least=19, who="Her uncle", actor=actor)
    brother = register(by="nurana")
    from_elsewhere.carry(matter, brother, actor, cast.now)
    assert not Screening.objects.filter(subject=brother.subject).exists()
    assert not AgeRecord.objects.filter(subject=brother.subject).exists()


def test_of_a_screening_that_was_corrected_since_the_newest_version_goes_along_and_can_be_mended(
    register: Callable[..., Case], cast: Cast
) -> None:
    matter, later = matter_of(cast), cast.actor("nurana", cast.now + timedelta(hours=1))
    first = screen(matter, cast, "nurana", *OF_EXPLOITATION)
    given: dict[str, Any] = {"signs": said("low_pay"), "acts": ["recruited"], "reason": "Heard it again."}
    record_screening(matter, corrects=first, actor=later, **given)
    case = register(by="nurana")
    from_elsewhere.carry(matter, case, later, cast.now)
    carried = Screening.objects.get(subject=case.subject)
    assert record_screening(case, corrects=carried, seen=2, actor=later, **given).version == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_it_at_once_the_second_learns_of_it(cast: Cast) -> None:
    matter = matter_of(cast)
    first = screen(matter, cast, "nurana", *OF_EXPLOITATION)

    def correct() -> None:
        screen(matter, cast, "nurana", "low_pay", corrects=Screening.objects.get(pk=first.pk), seen=1, reason="x")

    given = at_once([correct, correct])
    assert [type(one) for one in given if isinstance(one, Exception)] == [Stale]
    assert Screening.objects.filter(newest=True).count() == 1


def test_an_erasure_takes_the_screenings_of_the_child_and_leaves_those_of_others(case: Case, cast: Cast) -> None:
    matter = matter_of(cast)
    kept = screen(matter, cast, "nurana", *OF_EXPLOITATION)
    screen(case, cast, "jemal", *OF_EXPLOITATION)
    erasing.erase([case.subject_id], cast.now)
    assert list(Screening.objects.all()) == [kept]
