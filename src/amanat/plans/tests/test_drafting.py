"""Drafting together: each row has a version of its own, so that five people lose no word of each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override

from amanat.access.files import open_file
from amanat.cases.models import Case
from amanat.plans.actions import drafting, talking
from amanat.plans.models import FormerRow, Plan, PlanRow, RowKind
from amanat.plans.reading import Standing, former_of
from amanat.plans.tests.planned import Drafted, drafted, team
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import Cast

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def standing(drafted: Drafted, name: str = "jemal") -> Standing:
    return Standing(open_file(drafted.cast.actor(name), drafted.case))


def test_a_plan_begins_once(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError, match="being drafted already"):
        drafting.begin(drafted.case, actor=drafted.cast.actor("jemal"))
    assert Plan.objects.get().number == 1


def test_two_who_write_one_row_at_once_end_before_both_texts(drafted: Drafted) -> None:
    seen = drafted.objective.version
    drafted.write(row=drafted.objective, words="Attends the eighth form", seen=seen)
    with pytest.raises(Stale) as told:
        drafted.write("merdan", row=drafted.objective, words="Attends an evening course", seen=seen)
    assert told.value.theirs["words"] == "Attends the eighth form"
    assert told.value.version == seen + 1


def test_two_who_write_different_rows_never_meet(drafted: Drafted) -> None:
    first, second = drafted.objective.version, drafted.activity.version
    drafted.write(row=drafted.objective, words="Attends the eighth form", seen=first)
    drafted.write("ogulgerek", row=drafted.activity, words="Find a calm school", owner="psychologist", seen=second)
    words = [row.get("words") for row in standing(drafted).live.values() if row.kind != RowKind.WHOLE]
    assert {"Attends the eighth form", "Find a calm school"} <= set(words)


def test_what_stood_in_a_row_before_is_kept(drafted: Drafted) -> None:
    drafted.write(row=drafted.objective, words="One")
    drafted.write(row=drafted.objective, words="Two")
    file = open_file(drafted.cast.actor("jemal"), drafted.case)
    row = PlanRow.objects.get(pk=drafted.objective.pk)
    assert [(former.version, held.get("words")) for former, held in former_of(file, row)] == [
        (2, "One"),
        (1, "Attends the ninth form"),
    ]


def test_saving_what_stands_there_makes_no_version(drafted: Drafted) -> None:
    fields = standing(drafted).live[drafted.activity.pk.hex].fields
    drafted.write(row=drafted.activity, **fields)
    assert not FormerRow.objects.exists()


def test_others_write_their_own_part_and_propose_for_the_rest(drafted: Drafted) -> None:
    drafted.write("ogulgerek", row=drafted.activity, words="Her own part", owner="psychologist")
    with pytest.raises(PersonFacingError, match="another profession"):
        drafted.write("sona", row=drafted.objective, words="Not hers")
    said = talking.comment(
        drafted.case,
        row=drafted.objective,
        words="First a medical check",
        is_proposal=True,
        actor=drafted.cast.actor("sona"),
    )
    with pytest.raises(PersonFacingError, match="why it is not taken up"):
        talking.answer(drafted.case, comment=said, taken=False, actor=drafted.cast.actor("jemal"))
    talking.answer(drafted.case, comment=said, taken=True, actor=drafted.cast.actor("jemal"))
    with pytest.raises(PersonFacingError, match="already"):
        talking.answer(drafted.case, comment=said, taken=True, actor=drafted.cast.actor("jemal"))


def test_what_is_taken_out_takes_along_what_stands_under_it_and_is_kept(drafted: Drafted) -> None:
    drafting.take_out(drafted.case, row=drafted.objective, reason="Later", actor=drafted.cast.actor("jemal"))
    live = standing(drafted).live
    assert drafted.objective.pk.hex not in live
    assert drafted.activity.pk.hex not in live
    assert FormerRow.objects.get().row_id == drafted.objective.pk
    with pytest.raises(PersonFacingError, match="taken out"):
        drafted.write(row=drafted.activity, words="Too late")


def test_what_ends_before_it_begins_is_named(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError) as told:
        drafted.write(row=drafted.objective, words="x", start=date(2027, 1, 2), end=date(2027, 1, 1))
    assert told.value.field == "end"


@pytest.mark.parametrize("words", ["You were a victim", "Ты жертва", "Ai fost victima unui trafic", "Sen pida bolduň"])
def test_nothing_that_frightens_or_shames_is_said_to_the_child(drafted: Drafted, words: str) -> None:
    with pytest.raises(PersonFacingError) as told:
        drafted.write(row=drafted.objective, words="x", for_child=words)
    assert told.value.field == "for_child"
    drafted.write(row=drafted.objective, words="x", own_words=words)  # the child's own words stay the child's


def test_who_stands_outside_writes_nothing(drafted: Drafted, cast: Cast) -> None:
    for name in ("dowlet", "selbi", "aman"):
        with pytest.raises(Refused):
            drafted.write(name, row=drafted.objective, words="x")


def test_a_need_can_be_recorded_before_there_is_a_plan(team: Case, cast: Cast) -> None:
    drafting.record_need(team, domain="health", level="low", words="Teeth", actor=cast.actor("sona"))
    with pytest.raises(PersonFacingError, match="being drafted"):
        drafting.write(team, kind="objective", parent=PlanRow.objects.get(), words="x", actor=cast.actor("sona"))


def test_a_template_of_the_pack_stands_under_the_need_in_the_language_of_the_plan(
    drafted: Drafted, browse: Callable[..., Client]
) -> None:
    """Whatever language the worker reads the page in."""
    with override("ru"):
        made = drafting.use_template(
            drafted.case, need=drafted.need, template="school", actor=drafted.cast.actor("jemal")
        )
    assert [row.kind for row in made] == ["objective", "activity", "activity"]
    assert "attends a school" in standing(drafted).live[made[0].pk.hex].get("words")
    at = f"{drafted.case.get_absolute_url()}/plan/{drafted.need.pk}/template"
    sent = {"template": "school", "language": "tk"}
    assert browse("jemal").post(at, sent).status_code == 302
    newest = PlanRow.objects.filter(kind=RowKind.OBJECTIVE).latest("place")
    assert "mekdebe ýa-da okuwa" in standing(drafted).live[newest.pk.hex].get("words")


@pytest.mark.parametrize("kind", ["objective", "activity"])
def test_nobody_is_chosen_beforehand_to_do_it(drafted: Drafted, browse: Callable[..., Client], kind: str) -> None:
    under = drafted.need if kind == "objective" else drafted.objective
    at, jemal = f"{drafted.case.get_absolute_url()}/plan/{under.pk}/add/{kind}", browse("jemal")
    page = jemal.get(at).content.decode()
    assert re.search(r'<select name="owner"[^>]*>\s*<option value=""( selected)?>Choose', page)
    sent = {"words": "Goes to school", "indicator": "Nine days", "end": "2027-03-01", "owner": ""}
    assert jemal.post(at, sent).status_code == 200, "who does it has to be said"
