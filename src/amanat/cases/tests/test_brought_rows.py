"""What a row of an import would do to a file: what counts as the same, what is kept beside and in which words, what can't be."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.utils import translation

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases import timeline
from amanat.cases.actions import changing
from amanat.cases.actions.facts import write_facts
from amanat.cases.actions.putting_in import put_in
from amanat.cases.brought_rows import lay
from amanat.cases.laid import Laid
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, EventKind, Sheet, Stage
from amanat.cases.queries import events_of
from amanat.cases.tests.looking import bring_in
from amanat.packs.tests.conftest import island, stays  # noqa: F401  (a country pack with days in an order of its own)
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import IDENTITY, Cast

ROW = {"prs_FirstName": "Aylar", "prs_SecondName": "Çaryýewa"}


def again(case: Case) -> Case:
    return Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)


def laid(case: Case, cast: Cast, by: str = "jemal", **row: Any) -> Laid:
    sheets = Sheet.objects.filter(child=case.child_id)
    return lay(open_file(cast.actor(by), again(case)), list(sheets), row, {}, {})


def put(case: Case, cast: Cast, **row: Any) -> None:
    put_in(again(case), row, {}, {}, cast.actor("jemal"))


def said(case: Case) -> dict[tuple[str, int, str], Any]:
    """All that stands in sheets of the file, by section, record and field."""
    sheets = Sheet.objects.filter(child=case.child_id).select_related("subject")
    return {
        (sheet.section, sheet.record, name): value
        for sheet in sheets
        for name, value in open_sealed(sheet, "values").items()
    }


def kept(case: Case) -> dict[str, str]:
    return {name: text for (section, _record, name), text in said(case).items() if section == ALSO_IN_THE_SOURCE}


def identity(case: Case) -> dict[str, Any]:
    value: dict[str, Any] = open_sealed(again(case).child, "identity")
    return value


# --- what is the same ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("AYLAR", "ÇARYÝEWA"),
        ("aylar", "çaryýewa"),
        ("Aylar ", unicodedata.normalize("NFD", "Çaryýewa")),
        ("АЙЛАР", "ЧАРЫЕВА"),
    ],
)
def test_a_name_in_capitals_is_no_other_name_and_keeps_nobody_out(
    given: str, family: str, case: Case, cast: Cast
) -> None:
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    found = laid(case, cast, "merdan", prs_FirstName=given, prs_SecondName=family, prs_MailingCity="Mary")
    assert [one.name for one in found.same] == ["prs_FirstName", "prs_SecondName"]
    assert [one.name for one in found.changes] == ["prs_MailingCity"]
    assert found.hindrance is None


def test_a_name_that_is_filled_up_stays_as_it_was_written(register: Any, cast: Cast) -> None:
    case = register(identity={"names": [{"given": "Aylar", "family": "Çaryýewa"}]})
    put(case, cast, prs_FirstName="AYLAR", prs_MiddleName="MARATOWNA", prs_SecondName="ÇARYÝEWA")
    assert identity(case)["names"] == [{"given": "Aylar", "family": "Çaryýewa", "patronymic": "MARATOWNA"}]


def test_another_spelling_is_kept(case: Case, cast: Cast) -> None:
    found = laid(case, cast, prs_FirstName="Aylar", prs_SecondName="Caryyewa")
    assert [one.name for one in found.beside] == ["prs_SecondName"]


@pytest.mark.parametrize(
    ("stage", "status", "becomes"),
    [
        (Stage.ASSISTANCE, "Active", "same"),
        (Stage.REINTEGRATION, "Active", "same"),
        (Stage.FOLLOW_UP, "FollowUp", "same"),
        (Stage.ASSISTANCE, "FollowUp", "beside"),
        (Stage.ASSISTANCE, "Closed", "beside"),
    ],
)
def test_a_status_that_the_standard_has_for_several_stages_is_that_of_each(
    stage: Stage, status: str, becomes: str, case: Case, cast: Cast
) -> None:
    Case.objects.filter(pk=case.pk).update(stage=stage)
    assert len(laid(case, cast, **ROW, cas_Status=status).that(becomes)) == (3 if becomes == "same" else 1)


@pytest.mark.parametrize(
    ("held", "brought", "becomes"),
    [
        ({"birth_date": "2012-04-05"}, "2012", "same"),
        ({"birth_date": "2012-04-05"}, "2013", "beside"),
        ({"birth_date": "2012-04-05"}, "2012-04-06", "beside"),
        ({"birth_year": "2012"}, "2012", "same"),
        ({"birth_year": "2012"}, "2013-05-03", "beside"),
        ({"birth_year": "2012"}, "2012-05-03", "fills"),
    ],
)
def test_a_year_says_no_other_than_a_day_within_it(
    held: dict[str, str], brought: str, becomes: str, register: Any, cast: Cast
) -> None:
    case = register(identity={"names": IDENTITY["names"]} | held)
    (one,) = (one for one in laid(case, cast, **ROW, prs_Birthdate=brought).said if one.name == "prs_Birthdate")
    assert one.becomes == becomes


def test_a_day_takes_the_place_of_the_year_that_it_lies_in(register: Any, cast: Cast) -> None:
    case = register(identity={"names": IDENTITY["names"], "birth_year": "2012"})
    put(case, cast, **ROW, prs_Birthdate="2012-05-03")
    assert (identity(case)["birth_date"], identity(case)["birth_year"]) == ("2012-05-03", "")


@pytest.mark.parametrize(
    ("name", "held", "brought"),
    [("prs_Citizenship", ["TM", "UZ"], ["UZ", "TM"]), ("prs_NumberOfChildren", 3, 3.0)],
)
def test_countries_in_another_order_and_a_number_with_a_nought_are_the_same(
    name: str, held: Any, brought: Any, case: Case, cast: Cast
) -> None:
    write_facts(case, section="person", record=1, values={name: held}, actor=cast.actor("jemal"))
    assert laid(case, cast, **ROW, **{name: brought}).changes == []


def test_a_second_language_alone_fills_a_sheet_and_is_known_there_again(register: Any, cast: Cast) -> None:
    case = register(identity={"names": IDENTITY["names"]})
    put(case, cast, **ROW, prs_SecondaryLanguage="ru")
    assert said(case) == {("person", 1, "prs_SecondaryLanguage"): "ru"}
    assert laid(case, cast, **ROW, prs_SecondaryLanguage="ru").changes == []


# --- what is kept beside ---------------------------------------------------------------------------------------------


def test_what_is_kept_beside_is_written_in_codes_whoever_puts_it_in_and_stands_there_once(
    case: Case, cast: Cast
) -> None:
    held = {"prs_MaritalStatus": "Married", "prs_Citizenship": ["TM"], "prs_Deceased": False, "prs_NumberOfChildren": 1}
    write_facts(case, section="person", record=1, values=held, actor=cast.actor("jemal"))
    row = {"prs_MaritalStatus": "Single", "prs_Citizenship": ["UZ", "RU"], "prs_Deceased": True}
    row |= {"prs_NumberOfChildren": 2, "prs_Birthdate": "2012-04-06", "prs_PrimaryLanguage": "ro"}
    for language in ("ru", "en", "tk"):
        with translation.override(language):
            put(case, cast, **ROW, **row)
    assert kept(case) == {
        "prs_MaritalStatus": "Single",
        "prs_Citizenship": "UZ; RU",
        "prs_Deceased": "TRUE",
        "prs_NumberOfChildren": "2",
        "prs_Birthdate": "2012-04-06",
        "prs_PrimaryLanguage": "ron",
    }


# --- what can't be ---------------------------------------------------------------------------------------------------


def test_what_the_file_shows_that_it_can_not_be_is_kept_beside_and_the_rest_is_filled_in(
    case: Case, cast: Cast
) -> None:
    event = {"hte_Date": "2005-01-01", "hte_City": "Mary"}
    (one,) = laid(case, cast, **ROW, **event).beside
    assert (one.name, one.held.text) == ("hte_Date", "")
    assert one.why == "This day is before “Date of birth” (5 April 2012). Look which of the two days is right."
    put(case, cast, **ROW, **event)
    assert said(case) == {
        ("historic_event", 1, "hte_City"): "Mary",
        (ALSO_IN_THE_SOURCE, 1, "hte_Date"): "2005-01-01",
    }
    assert laid(case, cast, **ROW, **event).changes == []  # and is no second event when it comes again


def test_whoever_does_not_see_the_birth_date_is_told_nothing_of_it(case: Case, cast: Cast) -> None:
    bring_in(case, cast, "dowlet", Relation.SOCIAL_WORKER, parts=[Part.FACTS])
    (one,) = laid(case, cast, "dowlet", hte_Date="2005-01-01").said
    assert (one.becomes, one.why) == ("fills", "")


def test_the_verb_keeps_out_what_can_not_be(case: Case, cast: Cast) -> None:
    for day in ("2012-04-04", "2026-11-25"):
        with pytest.raises(PersonFacingError) as told:
            write_facts(
                case, section="historic_event", record=None, values={"hte_Date": day}, actor=cast.actor("jemal")
            )
        assert told.value.field == "hte_Date"
    assert said(case) == {}


@pytest.mark.usefixtures("stays")
def test_the_verb_looks_at_both_of_two_days_whichever_is_written_later(case: Case, cast: Cast) -> None:
    jemal = cast.actor("jemal")
    write_facts(case, section="stay", record=None, values={"st_End": "2026-03-01"}, actor=jemal)
    with pytest.raises(PersonFacingError, match="This day is before “From”"):
        write_facts(case, section="stay", record=1, values={"st_Start": "2026-03-02"}, actor=jemal)
    write_facts(case, section="stay", record=1, values={"st_Start": "2026-03-01"}, actor=jemal)


def test_a_slip_of_former_days_bars_no_other_change(case: Case, cast: Cast) -> None:
    jemal = cast.actor("jemal")
    write_facts(case, section="historic_event", record=None, values={"hte_Date": "2013-01-01"}, actor=jemal)
    later = IDENTITY | {"birth_date": "2014-04-05"}
    changing.correct(again(case), part=Part.IDENTITY, value=later, reason="A paper came.", actor=jemal)
    write_facts(again(case), section="historic_event", record=1, values={"hte_City": "Mary"}, actor=jemal)
    assert said(case)["historic_event", 1, "hte_City"] == "Mary"
    with pytest.raises(PersonFacingError, match="before"):
        write_facts(again(case), section="historic_event", record=1, values={"hte_Date": "2013-01-02"}, actor=jemal)


# --- the timeline ----------------------------------------------------------------------------------------------------


def test_the_timeline_tells_records_of_one_section_apart(case: Case, cast: Cast) -> None:
    row = {"hte_City": "Mary", "hte_City_2": "Tejen", "hte_Country_2": "TM"}
    put(case, cast, **ROW, **row)
    lines = timeline.lines(open_file(cast.actor("jemal"), again(case)), events_of(case).filter(kind=EventKind.PUT_IN))
    assert [[(str(place), names) for place, names in line.told] for line in lines] == [
        [
            ("Places and dates", "Town or village of this event"),
            ("Places and dates (2)", "Town or village of this event, Country of this event"),
        ]
    ]


def test_a_line_whose_note_has_grown_a_key_is_still_read(case: Case, cast: Cast) -> None:
    put(case, cast, **ROW, prs_MailingCity="Mary")
    (event,) = events_of(case).filter(kind=EventKind.PUT_IN)
    event.subject = case.subject
    event.note = {"filled": [["person", 1, "prs_MailingCity"]], "later": 1}
    event.save()
    (line,) = timeline.lines(open_file(cast.actor("jemal"), again(case)), events_of(case).filter(kind=EventKind.PUT_IN))
    assert [names for _place, names in line.told] == ["Town or village"]
