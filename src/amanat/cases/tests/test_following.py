"""Steps that are due as lists know them: kept beside the case, the same as what the file itself works out, in *My day* and the caseload."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import steps
from amanat.cases.actions import changing, registering, writing
from amanat.cases.actions import steps as acts
from amanat.cases.actions.registering import NewChild
from amanat.cases.catching_up import Follower
from amanat.cases.models import NOTHING_DUE, Case, Stage
from amanat.cases.tests.arriving import publish
from amanat.cases.tests.looking import bring_in, read
from amanat.cases.tests.test_forms_records import MIXED, keep, logged
from amanat.cases.tests.test_my_day import figures
from amanat.cases.tests.test_steps import island as an_island
from amanat.forms.models import Form, FormVersion
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
island = an_island


@pytest.fixture
def opened(cast: Cast) -> Case:
    """A case that jemal opened fifty hours ago: of the core's steps three are late, others come within the week."""
    before = cast.actor("jemal", NOW - timedelta(hours=50))
    (case,) = registering.register([NewChild({"names": [{"given": "Aylar", "family": "Çaryýewa"}]})], actor=before)
    return registering.open_case(case, risk="high", priority="P2", reason="A call.", actor=before)


def kept_steps(case: Case) -> dict[str, datetime]:
    return dict(case.due_steps.values_list("step", "due"))


def worked_out(case: Case, who: Actor) -> dict[str, datetime]:
    """What the page of the steps says, in the same shape."""
    found = [one for one in steps.due(open_file(who, case)) if one.deadline]
    return {one.step.name: one.deadline.at for one in found if one.deadline}


def agrees(case: Case, who: Actor) -> bool:
    """Whether the kept steps are those of the page, the earliest of which orders the lists."""
    case.refresh_from_db()
    held, wanted = kept_steps(case), worked_out(case, who)
    due = {
        name: at for name, at in wanted.items() if abs(held.get(name, NOTHING_DUE) - at) <= timedelta(microseconds=1)
    }
    return held.keys() == wanted.keys() == due.keys() and case.next_due == min(held.values(), default=NOTHING_DUE)


def test_whatever_happens_on_a_case_the_lists_know_what_the_page_of_the_steps_says(
    case: Case, cast: Cast, actor: Callable[..., Actor]
) -> None:
    def at(hours: int) -> Actor:
        return actor("jemal", NOW + timedelta(hours=hours))

    doings: list[Callable[[Actor], object]] = [
        lambda who: registering.open_case(case, risk="high", priority="P2", reason="x", actor=who),
        lambda who: acts.finish_step(case, step="urgent_needs", actor=who),
        lambda who: bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.PLAN]),
        lambda who: acts.waive_step(case, step="guardian", reason="x", actor=who),
        lambda who: acts.take_back_step(case, step="guardian", reason="x", actor=who),
        lambda who: changing.change_risk(case, risk="critical", priority="P1", reason="x", actor=who),
        lambda who: changing.move_stage(case, stage=Stage.ASSISTANCE, reason="x", actor=who),
        lambda who: changing.close(case, why="goals_met", reason="x", actor=who),
        lambda who: changing.reopen(case, reason="x", actor=who),
    ]
    seen = []
    for hours, do in enumerate(doings):
        do(at(hours))
        assert agrees(case, at(hours)), hours
        seen.append((case.next_step, len(kept_steps(case))))
    assert seen[:6] == [
        ("consent", 7),
        ("consent", 6),
        ("guardian", 5),
        ("psychological_contact", 4),
        ("guardian", 5),
        ("danger_now", 6),
    ]
    assert seen[7] == ("", 0)


def test_my_day_tells_the_case_manager_every_step_and_others_theirs(
    opened: Case, cast: Cast, browse: Callable[..., Client]
) -> None:
    bring_in(opened, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    told = unescape(read(browse("jemal"), "/")).split("Steps of the procedure")[1]
    names = ["Look after urgent needs", "Explain and record consent", "Have a guardian", "Agree on a first safety plan"]
    places = [told.index(name) for name in names]
    assert places == sorted(places)
    assert len(re.findall(r">\s*late\s*<", told)) == told.count("due-late") == 3  # in words, not in colour alone
    assert "Aylar Çaryýewa" in told
    theirs = unescape(read(browse("ogulgerek"), "/")).split("Steps of the procedure")[1]
    assert "First contact with a psychologist" in theirs
    assert "Have a guardian" not in theirs
    assert "Steps of the procedure" not in read(browse("merdan"), "/")


def test_the_figures_of_the_day_count_steps(opened: Case, browse: Callable[..., Client]) -> None:
    assert figures(read(browse("jemal"), "/")) == {"overdue": "3", "due today": "0", "new in my circle this week": "1"}
    assert figures(read(browse("aman"), "/"))["late in the agency"] == "1"


def test_what_is_due_next_stands_in_the_caseload_and_at_the_head_of_the_file_with_the_word_late(
    opened: Case, browse: Callable[..., Client]
) -> None:
    client = browse("jemal")
    for address, query in (("/cases", {"only": "late"}), (opened.get_absolute_url(), {})):
        told = unescape(read(client, address, **query))
        assert "Explain and record consent" in told
        assert "late" in told.split("Next due")[-1]
    assert "Explain and record consent" not in read(browse("kerim"), "/cases")  # by code name only


def test_a_form_opens_from_its_step_and_its_record_finishes_it(
    opened: Case, cast: Cast, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    told = unescape(read(browse("jemal"), opened.get_absolute_url(), section="steps"))
    assert f'href="{opened.get_absolute_url()}/forms/safety_plan' in told
    assert "While it is open, a warning stands before: close the case" in told
    version = publish()
    Form.objects.filter(pk=version.form_id).update(name="safety_plan")
    assert "safety_plan" in kept_steps(opened)
    keep(opened, cast, FormVersion.objects.get(pk=version.pk), MIXED)
    assert "safety_plan" not in kept_steps(opened)
    assert agrees(opened, actor("jemal"))


def test_the_end_of_a_step_is_taken_back_with_a_reason_and_both_lines_stay(
    opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    before = kept_steps(opened)
    acts.finish_step(opened, step="guardian", text="Appointed.", actor=actor("jemal", NOW - timedelta(hours=1)))
    assert "guardian" not in kept_steps(opened)
    client, address = browse("jemal"), f"/cases/{opened.pk.hex}/steps/guardian/take-back"
    assert address in read(client, opened.get_absolute_url(), section="steps")
    assert "Write the reason." in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "It was for the sister."}).status_code == 302
    assert kept_steps(opened) == before
    told = unescape(read(client, opened.get_absolute_url()))
    assert told.index("It was for the sister.") < told.index("Appointed.")
    assert logged(opened, Verb.CASE_TAKE_BACK_STEP)["reason"] == "It was for the sister."
    assert "There is nothing to take back on this step." in read(client, address)


def test_what_was_waived_is_taken_back_by_who_may_waive_and_on_an_open_case_only(
    opened: Case, cast: Cast, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    bring_in(opened, cast, "bahar", Relation.CENTRE_WORKER)
    acts.waive_step(opened, step="guardian", reason="An aunt is there.", actor=actor("jemal"))
    assert "guardian/take-back" not in read(browse("bahar"), opened.get_absolute_url(), section="steps")
    with pytest.raises(Refused, match="only who may waive"):
        acts.take_back_step(opened, step="guardian", reason="x", actor=actor("bahar"))
    changing.close(opened, why="other", reason="x", actor=actor("jemal"))
    assert "guardian/take-back" not in read(browse("jemal"), opened.get_absolute_url(), section="steps")
    with pytest.raises(PersonFacingError, match="nothing to take back"):
        acts.take_back_step(opened, step="guardian", reason="x", actor=actor("jemal"))


def test_a_review_that_came_again_is_taken_back_to_where_it_was(opened: Case, actor: Callable[..., Actor]) -> None:
    changing.move_stage(opened, stage=Stage.ASSISTANCE, reason="x", actor=actor("jemal", NOW - timedelta(days=1)))
    before = kept_steps(opened)["weekly_review"]
    acts.finish_step(opened, step="weekly_review", actor=actor("jemal"))
    assert kept_steps(opened)["weekly_review"] > before
    acts.take_back_step(opened, step="weekly_review", reason="x", actor=actor("jemal"))
    assert kept_steps(opened)["weekly_review"] == before


def test_what_an_import_brings_is_caught_up_with(cast: Cast) -> None:
    brought = [NewChild({"names": [{"given": "Ogul"}]}, stage=Stage.ASSISTANCE, imported=True)]
    (case,) = registering.register(brought, actor=cast.actor("jemal"))
    assert kept_steps(case) == {}
    assert Follower().turn()
    assert agrees(case, cast.actor("jemal"))
    assert "weekly_review" in kept_steps(case)
    assert "urgent_needs" not in kept_steps(case)  # the child is not new today
    assert not Follower().turn()


def test_with_another_pack_all_cases_are_worked_out_anew(
    opened: Case, request: pytest.FixtureRequest, cast: Cast
) -> None:
    assert not Follower().turn()
    request.getfixturevalue("island")
    assert Follower().turn()
    assert agrees(opened, cast.actor("jemal"))
    assert set(kept_steps(opened)) == {"boat"}
    assert not Follower().turn()


@pytest.mark.sqlcipher_only
def test_a_fact_that_changes_is_followed_also_where_no_step_begins_with_what_changed_it(
    island: Path, actor: Callable[..., Actor]
) -> None:
    """`opened` and a stage decide here only whether a step is due."""
    steps_file = island / "procedures.toml"
    told = steps_file.read_text("utf-8").replace("stage:assistance", "consent_recorded")
    when = '["registered"]\nwhen.risk = ["high"]\nwhen.stage = ["identification"]'
    steps_file.write_text(told.replace('["opened"]', when), encoding="utf-8")
    (case,) = registering.register([NewChild({"names": [{"given": "Maral"}]})], actor=actor("jemal"))
    assert kept_steps(case) == {}
    registering.open_case(case, risk="high", priority="P2", reason="x", actor=actor("jemal"))
    assert set(kept_steps(case)) == {"boat"}
    changing.move_stage(case, stage=Stage.ASSISTANCE, reason="x", actor=actor("jemal"))
    assert kept_steps(case) == {}


def test_a_damaged_line_keeps_nobody_from_working_on_the_case(opened: Case, actor: Callable[..., Actor]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_event SET note = %s WHERE kind = 'registered'", [b"\x01" * 200])
    before = kept_steps(opened)
    changing.change_risk(opened, risk="low", priority="P3", reason="x", actor=actor("jemal"))
    assert kept_steps(opened) == before


def test_a_note_about_siblings_counts_on_each_of_them(island: Path, actor: Callable[..., Actor]) -> None:
    steps_file = island / "procedures.toml"
    steps_file.write_text(steps_file.read_text("utf-8").replace('["consent_recorded"]', '["note"]'), encoding="utf-8")
    before = actor("jemal", NOW - timedelta(hours=1))
    children = [NewChild({"names": [{"given": name}]}) for name in ("Maral", "Mähri")]
    registered = registering.register(children, actor=before)
    cases = [registering.open_case(case, risk="low", priority="P3", reason="x", actor=before) for case in registered]
    assert [set(kept_steps(case)) for case in cases] == [{"boat"}, {"boat"}]
    writing.note(cases[0], part=Part.NARRATIVE, text="Both wait.", siblings=cases[1:], actor=actor("jemal"))
    assert [set(kept_steps(case)) for case in cases] == [{"harbour"}, {"harbour"}]
