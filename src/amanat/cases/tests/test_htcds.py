"""A row of fields taken apart into a file, and the file put together again: nothing is lost and nothing is added."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Relation
from amanat.cases import facts, timeline
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.htcds import NewSheet, Parted, apart, named, together
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Child, Sheet, Stage
from amanat.cases.tests.looking import counting
from amanat.people.models import Membership, Role
from amanat.vault.models import Subject
from tests.cast import NOW, Cast

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
FIELDS = [field for section in packs.current().sections() for field in section.fields]
REPEATING = [field for field in FIELDS if named(f"{field.name}_2")]


def values(field: packs.Field) -> st.SearchStrategy[Any]:
    """Everything that a field may hold."""
    if field.type in ("choice", "choices"):
        code = st.sampled_from([code.code for code in packs.current().codes(field.codes).codes])
    elif field.type == "language":
        code = st.sampled_from(["tk", "ru", "kir"])
    else:
        code = st.sampled_from([code for code, _name in packs.current().countries.choices()])
    number = st.integers(0, 9) | st.floats(-180, 180)
    return {
        "date": st.dates().map(lambda day: day.isoformat()),
        "number": number,
        "geolocation": number,
        "checkbox": st.booleans(),
        "choice": code,
        "country": code,
        "language": code,
        "choices": st.lists(code, min_size=1, unique=True),
        "countries": st.lists(code, min_size=1, unique=True),
    }.get(field.type, WORDS)


ROWS = st.fixed_dictionaries(
    {},
    optional={field.name: values(field) for field in FIELDS}
    | {f"{field.name}_{number}": values(field) for field in REPEATING for number in (2, 3)},
)


def kept(parted: Parted, relation: Relation = Relation.CASE_MANAGER) -> tuple[File, list[Sheet]]:
    """What was taken apart as the rows of a file, in the hands of somebody; nothing of it is saved."""
    subject, worker = Subject(), Membership(role=Role.SOCIAL_WORKER)
    child = Child(subject=subject, identity=parted.identity, contacts=parted.contacts)
    case = Case(subject=subject, child=child, stage=parted.stage or Stage.REGISTERED)
    sheets = [
        Sheet(child=child, subject=subject, section=new.section, record=new.record, part=new.part, values=new.values)
        for new in parted.sheets
    ]
    return File(Actor(worker, NOW, (worker.pk,)), case, frozenset({relation})), sheets


@settings(max_examples=200)
@given(ROWS)
def test_what_is_taken_apart_is_put_together_again(row: dict[str, Any]) -> None:
    """A case always stands somewhere: of a row that does not say, it begins as active."""
    assert together(*kept(apart(row))) == {"cas_Status": "Active", **row}


@settings(max_examples=50)
@given(ROWS)
def test_each_value_is_kept_in_the_part_of_its_field(row: dict[str, Any]) -> None:
    for sheet in apart(row).sheets:
        assert {packs.current().field(name).part for name in sheet.values} == {sheet.part}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_has_a_place(field: packs.Field) -> None:
    parted = apart({field.name: "something"})
    in_sheets = {name for sheet in parted.sheets for name in sheet.values if sheet.section != ALSO_IN_THE_SOURCE}
    elsewhere = bool(parted.identity["names"] or len(parted.identity) > 1 or parted.contacts or parted.stage)
    assert (field.name in in_sheets) != elsewhere


def test_who_the_child_is_stands_in_its_identity_and_contacts() -> None:
    parted = apart(
        {
            "prs_FirstName": "Aylar",
            "prs_MiddleName": "Maratowna",
            "prs_SecondName": "Çaryýewa",
            "prs_Birthdate": "2012-04-05",
            "prs_Gender": "Feminine",
            "prs_PrimaryLanguage": "tk",
            "prs_SecondaryLanguage": "ru",
            "prs_IdentityNumber": "I-AŞ 123456",
            "prs_MobilePhone": "+993 65 112233",
            "prs_HomePhone": "+993 12 463500",
        }
    )
    assert parted.identity == {
        "names": [{"given": "Aylar", "family": "Çaryýewa", "patronymic": "Maratowna"}],
        "birth_date": "2012-04-05",
        "sex": "Feminine",
        "languages": ["tk", "ru"],
        "documents": [{"kind": "other", "number": "I-AŞ 123456"}],
    }
    assert parted.contacts == {"phones": ["+993 65 112233"], "home_phone": "+993 12 463500"}
    assert parted.sheets == []


def test_a_birth_date_of_which_only_the_year_is_known_stays_a_year() -> None:
    parted = apart({"prs_Birthdate": "2012"})
    assert (parted.identity["birth_date"], parted.identity["birth_year"]) == ("", "2012")
    assert together(*kept(parted))["prs_Birthdate"] == "2012"


@pytest.mark.parametrize(
    ("status", "stage"),
    [("Active", "registered"), ("FollowUp", "follow_up"), ("Closed", "closed"), ("ClosedReferred", "closed")],
)
def test_a_status_is_a_stage_of_the_case(status: str, stage: str) -> None:
    assert apart({"cas_Status": status}).stage == stage


def test_that_a_case_was_closed_by_a_referral_is_forgotten_when_it_is_opened_again() -> None:
    file, sheets = kept(apart({"cas_Status": "ClosedReferred"}))
    assert together(file, sheets)["cas_Status"] == "ClosedReferred"
    file.row.stage = Stage.ASSISTANCE  # type: ignore[attr-defined]
    assert together(file, sheets)["cas_Status"] == "Active"


def test_what_no_field_takes_is_kept_as_text_in_the_narrative() -> None:
    told = {"Shoe size": 36, "prs_FirstName_2": "Second", "hte_City_1": "x", "empty": ""}
    assert apart(told).sheets == [
        NewSheet(
            ALSO_IN_THE_SOURCE, 1, Part.NARRATIVE, {"Shoe size": "36", "prs_FirstName_2": "Second", "hte_City_1": "x"}
        )
    ]


def test_what_is_empty_is_not_kept_but_a_no_and_a_zero_are() -> None:
    parted = apart({"con_Consent": False, "vic_AgeWhenTrafficked": 0, "hte_City": "", "vic_MethodsOfControl": []})
    assert [sheet.values for sheet in parted.sheets] == [{"con_Consent": False}, {"vic_AgeWhenTrafficked": 0}]


def test_whoever_sees_less_gets_less() -> None:
    """A centre worker sees identity, contacts, plan and consent; neither facts nor narrative."""
    row = {
        "prs_FirstName": "Aylar",
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "hte_Description": "told",
        "spl_Objectives": "School",
        "con_Consent": True,
    }
    seen = together(*kept(apart(row), Relation.CENTRE_WORKER))
    assert seen.keys() == {"prs_FirstName", "spl_Objectives", "con_Consent", "cas_Status"}


def test_a_child_is_registered_with_its_sheets_and_its_stage(cast: Cast) -> None:
    row = {"prs_FirstName": "Aylar", "hte_City": "Mary", "hte_City_2": "Sarp", "cas_Status": "Closed"}
    parted = apart(row)
    new = NewChild(parted.identity, parted.contacts, sheets=parted.sheets, stage=parted.stage)
    case = register([new], actor=cast.actor("jemal"))[0]
    file = open_file(cast.actor("jemal"), Case.objects.select_related("subject", "child").get(pk=case.pk))
    assert case.closed_at == NOW
    assert together(file, facts.sheets_of(file)) == row


def brought_in(cast: Cast, **row: Any) -> Case:
    parted = apart({"prs_FirstName": "Aylar"} | row)
    new = NewChild(
        parted.identity, sheets=parted.sheets, stage=parted.stage, since=parted.since, closing=parted.closing
    )
    case = register([new], actor=cast.actor("jemal"))[0]
    return Case.objects.select_related("subject", "child").get(pk=case.pk)


def lines_of(case: Case, who: Actor) -> list[tuple[str, list[tuple[str, str]], str]]:
    """The timeline as somebody reads it, the newest line first."""
    file = open_file(who, case)
    told = timeline.lines(file, timeline.page_of(file, "").rows)
    assert not any(line.written_later for line in told)
    return [(line.kind, [(str(name), value) for name, value in line.told], line.text.text) for line in told]


def test_a_case_that_came_closed_says_so_on_its_timeline_and_why_to_who_reads_the_narrative(cast: Cast) -> None:
    case = brought_in(cast, cas_Status="Closed", cas_ReasonForCaseClosure="She lives with her aunt.")
    closed = ("closed", [("Brought in as", "Closed")])
    assert lines_of(case, cast.actor("jemal")) == [(*closed, "She lives with her aunt."), ("registered", [], "")]
    assert lines_of(case, cast.actor("aman")) == [(*closed, ""), ("registered", [], "")]


def test_a_case_that_came_at_a_later_stage_says_so(cast: Cast) -> None:
    case = brought_in(cast, cas_Status="FollowUp", cas_ReasonForCaseClosure="Not yet.")
    assert lines_of(case, cast.actor("jemal")) == [("registered", [("Brought in as", "Follow-up")], "")]
    assert lines_of(brought_in(cast), cast.actor("jemal")) == [("registered", [], "")]


@pytest.mark.parametrize(
    ("came", "opened", "contact"),
    [("2024-05-17", "2024-05-01", "2024-05-17"), ("2031-01-02", "2026-11-01", NOW.date().isoformat())],
)
def test_a_case_is_as_old_as_the_day_on_which_the_child_came_and_never_of_a_day_to_come(
    cast: Cast, came: str, opened: str, contact: str
) -> None:
    case = brought_in(cast, cas_IncomingReferralDate=came)
    assert (case.opened_in.isoformat(), case.last_contact.isoformat()) == (opened, contact)


def test_many_children_cost_no_more_queries_than_one(cast: Cast) -> None:
    def new() -> NewChild:
        parted = apart({"prs_FirstName": "Aylar", "vic_AgeWhenTrafficked": 12, "spl_Objectives": "School"})
        return NewChild(parted.identity, sheets=parted.sheets)

    register([new()], actor=cast.actor("jemal"))  # the first one of a workspace begins its index
    with counting() as one:
        register([new()], actor=cast.actor("jemal"))
    with counting() as many:
        register([new() for _number in range(40)], actor=cast.actor("jemal"))
    assert len(many) == len(one)
    assert Sheet.objects.count() == 42 * 2


def test_the_sheets_of_many_children_come_in_one_query(cast: Cast) -> None:
    parted = apart({"prs_FirstName": "Aylar", "vic_AgeWhenTrafficked": 12})
    cases = register([NewChild(parted.identity, sheets=parted.sheets)] * 5, actor=cast.actor("jemal"))
    files = [open_file(cast.actor("jemal"), case) for case in cases]
    with counting() as asked:
        found = facts.sheets_by_child(files)
    assert len(asked) == 1
    assert [together(file, found[case.child_id]) for file, case in zip(files, cases, strict=True)] == [
        {"prs_FirstName": "Aylar", "vic_AgeWhenTrafficked": 12, "cas_Status": "Active"}
    ] * 5
