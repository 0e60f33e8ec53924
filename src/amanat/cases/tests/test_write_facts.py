"""Writing facts and taking them out: who may, what is kept of what stood there, what the timeline and the log say."""

from __future__ import annotations

from typing import Any

import pytest

from amanat.access.files import Closed, open_file
from amanat.access.models import Conflict
from amanat.access.policy import Part, Relation
from amanat.audit.models import Outcome
from amanat.cases import facts, timeline
from amanat.cases.actions.facts import take_out_facts, write_facts
from amanat.cases.models import Case, Event, EventKind, FormerValue, Sheet
from amanat.cases.queries import events_of
from amanat.cases.tests.looking import bring_in, last_entry
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import Cast

PLACE = {"hte_City": "Mary", "hte_Country": "TM", "hte_Description": "A neighbour came."}


def write(case: Case, cast: Cast, section: str, record: int | None = 1, by: str = "jemal", **told: Any) -> int:
    """Values by field name; `seen` and `reason` go to the verb."""
    meta = {key: told.pop(key) for key in ("seen", "reason") if key in told}
    return write_facts(case, section=section, record=record, values=told, actor=cast.actor(by), **meta)


def standing(case: Case, cast: Cast, section: str, record: int = 1, by: str = "jemal") -> dict[str, Any]:
    """What somebody reads of a record."""
    where = facts.section_named(section)
    assert where
    return facts.record_of(open_file(cast.actor(by), case), where, record).values


def events(case: Case, kind: EventKind = EventKind.FACTS_WRITTEN) -> list[Event]:
    return list(case.events.filter(kind=kind).order_by("part"))


def keep_from_narrative(case: Case, cast: Cast, name: str) -> None:
    """A social worker of the circle who by a conflict sees no narrative."""
    bring_in(case, cast, name, Relation.SOCIAL_WORKER)
    conflict = {"user": cast[name].user, "part": Part.NARRATIVE, "recorded_by": cast["jemal"], "recorded_at": cast.now}
    Conflict.objects.create(subject=case.subject, **conflict)


def test_what_is_written_stands_there_and_is_sealed(case: Case, cast: Cast) -> None:
    write(case, cast, "victim_context", vic_TypeOfExploitation=["ChildLabour"], vic_AgeWhenTrafficked=12)
    assert standing(case, cast, "victim_context") == {
        "vic_TypeOfExploitation": ["ChildLabour"],
        "vic_AgeWhenTrafficked": 12,
    }
    assert repr(Sheet.objects.get().values) == "<sealed>"


def test_a_field_that_is_not_named_stays_and_an_emptied_one_is_cleared(case: Case, cast: Cast) -> None:
    write(case, cast, "person", prs_MaritalStatus="Single", prs_NumberOfChildren=0, prs_Deceased=False)
    write(case, cast, "person", prs_MaritalStatus="", prs_NumberOfChildren=None)
    assert standing(case, cast, "person") == {"prs_Deceased": False}


def test_a_record_of_two_parts_stands_on_two_sheets_with_a_line_for_each(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE)
    assert {sheet.part: set(open_sealed(sheet, "values")) for sheet in Sheet.objects.select_related("subject")} == {
        "facts": {"hte_City", "hte_Country"},
        "narrative": {"hte_Description"},
    }
    assert [event.part for event in events(case)] == ["facts", "narrative"]


def test_the_timeline_names_the_fields_under_the_part_they_belong_to(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE, reason="The aunt told it.")
    file = open_file(cast.actor("jemal"), case)
    told = {
        str(line.part): {str(name): text for name, text in line.told}
        for line in timeline.lines(file, events_of(case).filter(kind=EventKind.FACTS_WRITTEN))
    }
    assert told["facts"] == {"Places and dates": "Town or village of this event, Country of this event"}
    assert told["narrative"] == {"Places and dates": "What is known of this event"}


def test_who_does_not_see_a_part_reads_nothing_of_it_in_the_timeline(case: Case, cast: Cast) -> None:
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    write(case, cast, "historic_event", None, **PLACE)
    file = open_file(cast.actor("sona"), case)
    assert [event.kind for event in timeline.page_of(file, "").rows if event.part in ("facts", "narrative")] == []


def test_the_log_says_that_facts_were_written(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE, reason="The aunt told it.")
    entry, details = last_entry(case)
    assert (entry.verb, entry.outcome, details["reason"]) == ("case.write_facts", Outcome.DONE, "The aunt told it.")


def test_what_stood_there_before_is_kept(case: Case, cast: Cast) -> None:
    write(case, cast, "person", prs_MaritalStatus="Single")
    write(case, cast, "person", prs_MaritalStatus="Married")
    former = FormerValue.objects.select_related("subject").get()
    assert (open_sealed(former, "value"), former.version) == ({"prs_MaritalStatus": "Single"}, 1)


def test_a_correction_of_the_identity_and_a_change_of_facts_keep_what_stood_there_apart(case: Case, cast: Cast) -> None:
    from amanat.cases.actions.changing import correct

    for status in ("Single", "Married"):
        write(case, cast, "person", prs_MaritalStatus=status)
    correct(case, part=Part.IDENTITY, value={"names": []}, reason="again", actor=cast.actor("jemal"))
    assert FormerValue.objects.filter(part=Part.IDENTITY, version=1).count() == 2


def test_writing_what_stands_there_already_changes_nothing(case: Case, cast: Cast) -> None:
    for _time in range(2):
        write(case, cast, "person", prs_MaritalStatus="Single")
    assert not FormerValue.objects.exists()
    assert len(events(case)) == 1


def test_records_of_a_section_are_counted_and_a_number_is_not_given_twice(case: Case, cast: Cast) -> None:
    numbers = [write(case, cast, "historic_event", None, hte_City=city) for city in ("Mary", "Sarp")]
    take_out_facts(case, section="historic_event", record=2, reason="twice", actor=cast.actor("jemal"))
    assert [*numbers, write(case, cast, "historic_event", None, hte_City="Rize")] == [1, 2, 3]


def test_an_empty_record_is_not_begun(case: Case, cast: Cast) -> None:
    with pytest.raises(PersonFacingError, match="Nothing is filled in yet"):
        write(case, cast, "historic_event", None, hte_City="")
    assert not Sheet.objects.exists()


# --- two people at once ----------------------------------------------------------------------------------------------


def test_the_second_one_gets_both_versions(case: Case, cast: Cast) -> None:
    write(case, cast, "person", prs_MaritalStatus="Single", prs_Citizenship=["TM"])
    with pytest.raises(Stale) as stale:
        write(case, cast, "person", prs_MaritalStatus="Married", seen="")
    assert stale.value.version == "identity:1"
    assert stale.value.theirs["prs_MaritalStatus"] == "Single"
    assert stale.value.theirs["prs_Citizenship"] == ["TM"]


def test_a_change_in_either_part_makes_the_version_an_old_one(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE)
    seen = "facts:1,narrative:1"
    write(case, cast, "historic_event", 1, hte_Description="The aunt says so too.", seen=seen)
    with pytest.raises(Stale):
        write(case, cast, "historic_event", 1, hte_City="Mary city", seen=seen)


def test_what_changes_in_a_part_that_one_does_not_see_does_not_disturb(case: Case, cast: Cast) -> None:
    keep_from_narrative(case, cast, "merdan")
    write(case, cast, "historic_event", None, **PLACE)
    write(case, cast, "historic_event", hte_Description="The aunt says so too.")
    write(case, cast, "historic_event", by="merdan", hte_City="Mary city", seen="facts:1")
    assert standing(case, cast, "historic_event")["hte_City"] == "Mary city"


def test_versions_of_parts_are_not_taken_for_one_another(case: Case, cast: Cast) -> None:
    """Somebody is kept from the narrative after they opened the page, and the facts change meanwhile: the sum is the same."""
    write(case, cast, "historic_event", None, **PLACE)
    seen = "facts:1,narrative:1"
    write(case, cast, "historic_event", hte_City="Mary city")
    keep_from_narrative(case, cast, "merdan")
    with pytest.raises(Stale):
        write(case, cast, "historic_event", by="merdan", hte_City="Tejen", seen=seen)


def test_a_part_that_came_into_sight_meanwhile_is_shown_before_it_is_overwritten(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE)
    with pytest.raises(Stale):
        write(case, cast, "historic_event", hte_City="Tejen", hte_Description="", seen="facts:1")


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "relation", "section", "told"),
    [
        ("merdan", Relation.SOCIAL_WORKER, "person", {"prs_MaritalStatus": "Single"}),  # identity
        ("ogulgerek", Relation.PSYCHOLOGIST, "victim_context", {"vic_AgeWhenTrafficked": 12}),  # facts
        ("bahar", Relation.CENTRE_WORKER, "historic_event", {"hte_Description": "told"}),  # narrative
        ("sona", Relation.HEALTH_WORKER, "person", {"prs_Email": "a@example.org"}),  # contacts
        ("merdan", Relation.SOCIAL_WORKER, "consent", {"con_Consent": True}),
    ],
)
def test_a_part_that_one_does_not_write_stays_closed(
    case: Case, cast: Cast, name: str, relation: Relation, section: str, told: dict[str, Any]
) -> None:
    bring_in(case, cast, name, relation)
    with pytest.raises(Closed):
        write(case, cast, section, by=name, **told)
    assert not Sheet.objects.exists()
    assert not events(case)


@pytest.mark.parametrize(
    ("name", "relation", "section", "told"),
    [
        ("merdan", Relation.SOCIAL_WORKER, "person", {"prs_Email": "a@example.org"}),
        ("merdan", Relation.SOCIAL_WORKER, "historic_event", {"hte_Description": "told"}),
        ("sona", Relation.HEALTH_WORKER, "support_plan", {"spl_Objectives": "See a dentist."}),
        ("bahar", Relation.CENTRE_WORKER, "support_plan", {"spl_Objectives": "Sleep through."}),
    ],
)
def test_a_part_that_one_writes_takes_it(
    case: Case, cast: Cast, name: str, relation: Relation, section: str, told: dict[str, Any]
) -> None:
    bring_in(case, cast, name, relation)
    write(case, cast, section, by=name, **told)
    assert standing(case, cast, section) == told


@pytest.mark.parametrize("name", ["aman", "dowlet", "irina", "kerim"])
def test_whoever_stands_in_no_circle_writes_nothing(case: Case, cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        write(case, cast, "support_plan", by=name, spl_Objectives="x")
    assert last_entry(case)[0].outcome == Outcome.REFUSED


def test_a_form_that_shows_more_than_one_writes_may_send_it_back_unchanged(case: Case, cast: Cast) -> None:
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    write(case, cast, "person", prs_MaritalStatus="Single")
    write(case, cast, "person", by="merdan", prs_MaritalStatus="Single", prs_Email="a@example.org")
    assert standing(case, cast, "person")["prs_Email"] == "a@example.org"


@pytest.mark.parametrize("name", ["prs_FirstName", "hte_City", "nonsense"])
def test_a_field_that_is_no_sheets_or_another_sections_is_refused(case: Case, cast: Cast, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        write(case, cast, "person", **{name: "x"})


# --- taking out ------------------------------------------------------------------------------------------------------


def test_what_is_taken_out_is_gone_from_the_file_and_kept_among_what_stood_there(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, **PLACE)
    take_out_facts(case, section="historic_event", record=1, reason="told twice", actor=cast.actor("jemal"))
    assert standing(case, cast, "historic_event") == {}
    held = FormerValue.objects.select_related("subject")
    assert {key for former in held for key in open_sealed(former, "value")} == set(PLACE)
    assert [event.part for event in events(case, EventKind.FACTS_TAKEN_OUT)] == ["facts", "narrative"]


def test_a_record_is_taken_out_by_whoever_writes_all_that_it_can_hold(case: Case, cast: Cast) -> None:
    """Also where the closed part is empty: whether it is would be told by the answer."""
    keep_from_narrative(case, cast, "merdan")
    write(case, cast, "historic_event", None, by="merdan", hte_City="Mary")
    with pytest.raises(Closed):
        take_out_facts(case, section="historic_event", record=1, reason="x", actor=cast.actor("merdan"))


def test_nothing_is_taken_out_twice_or_in_another_version(case: Case, cast: Cast) -> None:
    write(case, cast, "historic_event", None, hte_City="Mary")
    out = {"section": "historic_event", "record": 1, "reason": "x", "actor": cast.actor("jemal")}
    with pytest.raises(Stale):
        take_out_facts(case, **out, seen="facts:7")
    take_out_facts(case, **out, seen="facts:1")
    with pytest.raises(PersonFacingError, match="Nothing stands here any more"):
        take_out_facts(case, **out)
