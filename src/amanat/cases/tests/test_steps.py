"""Steps of the procedure on a file: what is due by when, done, waived, and what stands in the way of closing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases import steps
from amanat.cases.actions import changing, consenting, registering
from amanat.cases.actions import steps as acts
from amanat.cases.models import Case, EventKind, Stage
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.forms.models import Form, FormVersion, Record
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

PACK = """
name = "island"
version = "0.1.0"
extends = "core"
languages = ["en"]
time_zone = "Asia/Ashgabat"
weekend = ["saturday", "sunday"]
title.en = "Island"
[holidays]
yearly = ["11-25"]
source = "Invented"
verified = false
"""
STEPS = """
[[step]]
name = "boat"
label.en = "Ask for a boat"
help.en = "The ferry does not run in winter."
after = ["opened"]
working_days = 2
who = ["social_worker", "case_manager"]
finished_by = ["consent_recorded"]
by_hand = true
blocks = ["case.close"]
source = "Law of the island, Article 7"
verified = true

[[step]]
name = "harbour"
label.en = "Tell the harbour"
after = ["step:boat"]
hours = 12
who = ["case_manager"]
finished_by = ["stage:assistance"]
source = "Custom"
verified = false
"""


@pytest.fixture
def island(tmp_path: Path, settings: Any) -> Path:
    """A pack with two steps and none of the core's."""
    folder = tmp_path / "island"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    core = re.findall(
        r'^name = "(\w+)"', Path(settings.AMANAT_PACKS[0], "procedures.toml").read_text("utf-8"), re.MULTILINE
    )
    retired = [
        f'[[step]]\nname = "{name}"\nlabel.en = "-"\nretired = true\nsource = "x"\nverified = true\n' for name in core
    ]
    (folder / "procedures.toml").write_text(STEPS + "".join(retired), encoding="utf-8")
    settings.AMANAT_PACKS = [settings.AMANAT_PACKS[0], folder]
    return folder


@pytest.fixture
def opened(island: Path, case: Case, actor: Callable[..., Actor]) -> Case:
    """Aylar's case, opened an hour ago: what happens at one moment has no order."""
    registering.open_case(case, risk="high", priority="P2", reason="A call.", actor=actor("jemal"))
    case.events.update(happened_at=NOW - timedelta(hours=1))
    return case


def due(case: Case, who: Actor) -> list[str]:
    case.refresh_from_db()
    return [one.step.name for one in steps.due(open_file(who, case))]


def page(client: Client, case: Case, **query: str) -> str:
    return unescape(read(client, case.get_absolute_url(), section="steps", **query))


def test_what_is_due_stands_there_with_who_how_and_where_it_comes_from(
    opened: Case, browse: Callable[..., Client]
) -> None:
    told = page(browse("jemal"), opened)
    for sentence in (
        "Ask for a boat",
        "The ferry does not run in winter.",
        "For: social worker, case manager",
        "It is over by itself with: consent recorded",
        "Source: Law of the island, Article 7",
        "27.11.2026",  # Tuesday, a holiday, Thursday, Friday
    ):
        assert sentence in told
    assert "Tell the harbour" not in told


def test_holidays_that_nobody_checked_are_told(opened: Case, browse: Callable[..., Client]) -> None:
    assert "Nobody has listed and checked the holidays" in page(browse("jemal"), opened)


def test_a_step_that_is_late_says_so(opened: Case, cast: Cast, actor: Callable[..., Actor]) -> None:
    for days, late in ((2, False), (4, True)):
        (one,) = steps.due(open_file(actor("jemal", NOW + timedelta(days=days)), opened))
        assert one.is_late is late


def test_an_event_of_the_file_finishes_a_step_and_the_next_begins(
    opened: Case, cast: Cast, actor: Callable[..., Actor], browse: Callable[..., Client]
) -> None:
    bring_in(opened, cast, "selbi", Relation.LAWYER, parts=[Part.PLAN])  # by a consent
    told = page(browse("jemal"), opened)
    assert due(opened, actor("jemal")) == ["harbour"]
    assert "Unverified: Custom" in told
    assert "Steps that are over" in told
    later = actor("jemal", NOW + timedelta(minutes=1))
    changing.move_stage(opened, stage=Stage.ASSISTANCE, reason="x", actor=later)
    assert due(opened, actor("jemal")) == []
    assert "No step is due now." in page(browse("jemal"), opened)


def test_somebody_of_the_circle_says_that_it_is_done_and_when(
    opened: Case, cast: Cast, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    bring_in(opened, cast, "bahar", Relation.CENTRE_WORKER)
    address = f"/cases/{opened.pk.hex}/steps/boat/done"
    assert "Ask for a boat" in read(browse("bahar"), address)
    answer = browse("bahar").post(address, {"happened_at": "2026-11-24T14:00", "text": "It comes on Monday."})
    assert answer["Location"] == f"{opened.get_absolute_url()}?section=steps"
    assert due(opened, actor("jemal")) == ["harbour"]
    event = opened.events.select_related("subject").get(kind=EventKind.STEP_DONE)
    assert open_sealed(event, "note") == {"step": "boat"}
    assert open_sealed(event, "words") == {"text": "It comes on Monday."}
    told = unescape(read(browse("jemal"), opened.get_absolute_url()))
    assert "Step done" in told
    assert "Ask for a boat" in told


@pytest.mark.parametrize(("days", "said"), [(1, "This lies in the future."), (-1, "The step began later than that.")])
def test_it_was_done_after_it_began_and_before_now(
    opened: Case, actor: Callable[..., Actor], days: int, said: str
) -> None:
    with pytest.raises(PersonFacingError, match=said):
        acts.finish_step(opened, step="boat", happened_at=NOW + timedelta(days=days), actor=actor("jemal"))


def test_what_an_event_finishes_nobody_says_by_hand(opened: Case, actor: Callable[..., Actor]) -> None:
    acts.finish_step(opened, step="boat", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="Nobody has to say"):
        acts.finish_step(opened, step="harbour", actor=actor("jemal"))


def test_a_step_is_done_once(opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor]) -> None:
    acts.finish_step(opened, step="boat", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="This step is not open now"):
        acts.finish_step(opened, step="boat", actor=actor("jemal"))
    address = f"/cases/{opened.pk.hex}/steps/boat/done"
    assert "This step is not open now." in read(browse("jemal"), address)
    assert browse("jemal").get(f"/cases/{opened.pk.hex}/steps/anchor/done").status_code == 404


def test_the_case_manager_waives_a_step_with_a_reason(
    opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    address = f"/cases/{opened.pk.hex}/steps/boat/waive"
    client = browse("jemal")
    assert "Write the reason. One sentence is enough." in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "She lives on the mainland."}).status_code == 302
    assert due(opened, actor("jemal")) == ["harbour"]
    event = opened.events.select_related("subject").get(kind=EventKind.STEP_WAIVED)
    assert open_sealed(event, "words") == {"text": "She lives on the mainland."}
    assert "waived" in page(client, opened)


def test_nobody_else_waives_one(opened: Case, cast: Cast, actor: Callable[..., Actor]) -> None:
    bring_in(opened, cast, "bahar", Relation.CENTRE_WORKER)
    for name in ("bahar", "aman"):
        with pytest.raises(Refused):
            acts.waive_step(opened, step="boat", reason="x", actor=actor(name))


def test_closing_warns_of_an_open_step_and_the_timeline_names_it(
    opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    client, address = browse("jemal"), f"/cases/{opened.pk.hex}/close"
    told = unescape(read(client, address))
    assert "Steps that are still open" in told
    assert "Ask for a boat" in told
    sent = {"why": "goals_met", "reason": "She is at home.", "seen": str(opened.version)}
    assert client.post(address, sent).status_code == 302
    event = opened.events.select_related("subject").get(kind=EventKind.CLOSED)
    assert open_sealed(event, "note") == {"left_open": ["boat"]}
    assert due(opened, actor("jemal")) == []
    assert "no step is due" in page(client, opened)
    assert "Steps that were open" in read(client, opened.get_absolute_url())


def test_closing_says_nothing_of_steps_that_are_over(opened: Case, actor: Callable[..., Actor]) -> None:
    acts.finish_step(opened, step="boat", actor=actor("jemal"))
    changing.close(opened, why="goals_met", reason="x", actor=actor("jemal"))
    event = opened.events.select_related("subject").get(kind=EventKind.CLOSED)
    assert open_sealed(event, "note") is None


def test_where_the_pack_is_strict_the_case_stays_open(
    island: Path, opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor], settings: Any
) -> None:
    strict = island.parent / "strict" / "island"
    strict.mkdir(parents=True)
    for file in ("pack.toml", "procedures.toml"):
        text = (island / file).read_text(encoding="utf-8")
        (strict / file).write_text(text.replace('["case.close"]', '["case.close"]\nstrict = true'), encoding="utf-8")
    settings.AMANAT_PACKS = [settings.AMANAT_PACKS[0], strict]
    assert "can't be closed before this step is over" in unescape(
        read(browse("jemal"), f"/cases/{opened.pk.hex}/close")
    )
    with pytest.raises(PersonFacingError, match="have to be over first: Ask for a boat"):
        changing.close(opened, why="goals_met", reason="x", actor=actor("jemal"))


def test_whoever_has_only_the_code_name_sees_no_steps(opened: Case, browse: Callable[..., Client]) -> None:
    address = opened.get_absolute_url()
    assert "section=steps" not in read(browse("irina"), address)
    assert browse("irina").get(address, {"section": "steps"}).status_code == 403
    assert browse("dowlet").get(address, {"section": "steps"}).status_code == 404


def test_a_child_brought_in_at_a_later_stage_stands_there(
    cast: Cast, register: Callable[..., Case], actor: Callable[..., Actor]
) -> None:
    case = register(stage=Stage.REINTEGRATION)
    assert due(case, actor("jemal")) == ["urgent_needs", "monthly_review"]


def test_a_consent_that_was_there_before_counts(case: Case, cast: Cast, actor: Callable[..., Actor]) -> None:
    consenting.record_consent(
        case, purpose="assistance_by_partner", recipient=cast["dowlet"].agency, parts=[Part.PLAN], given_by="both",
        words="Yes.", given_on=NOW.date(), actor=actor("jemal"),
    )  # fmt: skip
    later = actor("jemal", NOW + timedelta(hours=1))
    registering.open_case(case, risk="low", priority="P4", reason="x", actor=later)
    assert "consent" not in due(case, later)


def fill_in(case: Case, cast: Cast, name: str, at: datetime) -> None:
    """A form was filled in about the child; what was answered does not matter here."""
    version = FormVersion.objects.create(
        form=Form.objects.create(name=name), digest=name, source_name=name, source=b"", xform=b"", made_at=at
    )
    Record.objects.create(
        subject=case.subject, number=1, instance_id=name, form_version=version, recorded_at=at, recorded_by=cast["jemal"],
        changed_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "counts"), [(1, True), (-1, False)])
def test_a_form_finishes_its_step_if_it_was_filled_in_since_the_case_began(
    case: Case, cast: Cast, actor: Callable[..., Actor], hours: int, counts: bool
) -> None:
    registering.open_case(case, risk="low", priority="P4", reason="x", actor=actor("jemal"))
    assert "safety_plan" in due(case, actor("jemal"))
    fill_in(case, cast, "safety_plan", NOW + timedelta(hours=hours))
    left = due(case, actor("jemal"))
    assert ("safety_plan" not in left) is counts
    assert ("family_assessment" in left) is counts


def test_the_section_asks_the_database_once(
    opened: Case, browse: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    client = browse("jemal")
    page(client, opened)
    with counting() as statements:
        page(client, opened)
    assert len(statements) <= 12
    with counting() as statements:
        steps.section(open_file(actor("jemal"), opened))
    assert len(statements) == 4  # who the actor is to the file (two), its timeline, the forms and their records
