"""Every paper that a room makes bears the child's code name or the child's name, never both, whatever stands in the file."""

from __future__ import annotations

import pytest
from django.db.models import Model

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.cases import papers
from amanat.cases.papers import Bears
from amanat.legal.models import Evidence
from amanat.referrals.models_conferences import Conference
from amanat.social.models import Spending
from tests.cast import NOW
from tests.walk_world import CODE_NAME, World, build, marker, taken_back

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "tk", "ru", "ro")
TO_KEEP = {"child-hand-over", "belongings", "conference", "evidence-receipt", "plan-authority", "receipt"}
"""Signed or handed out, with a foot."""


def key_of(name: str, world: World) -> str:
    """Of the row that a paper is about, where it has no newest one."""
    rows: dict[str, type[Model]] = {"conference": Conference, "evidence-receipt": Evidence, "receipt": Spending}
    found = rows[name]._default_manager.filter(subject=world.case.subject_id).first() if name in rows else None
    return found.pk.hex if found else ""


def sheets(file: File, world: World) -> dict[tuple[str, str], str]:
    """All that can be made, by name and language."""
    made = {}
    for one in papers.known():
        for language in LANGUAGES:
            sheet = papers.made(file, one, key_of(one.name, world), language)
            if sheet is not None:
                made[one.name, language] = sheet
    return made


def test_no_paper_bears_both_the_code_name_and_the_name_of_the_child_and_what_is_signed_is_to_be_kept() -> None:
    with taken_back():
        world = build()
        file = open_file(Actor.of(world.keeper, NOW, proved_at=NOW, second_factor=True), world.case)
        made = sheets(file, world)
        assert {one.name for one in papers.known()} - {name for name, _language in made} <= {"safety_card"}
        for (name, language), sheet in made.items():
            one = papers.named(name)
            assert one is not None
            where = (name, language)
            assert (CODE_NAME in sheet) is (one.bears is Bears.CODE_NAME), where
            assert (marker("identity") in sheet) is (one.bears is Bears.NAME), where
            assert (CODE_NAME in papers.file_name(file, one, language)) is (one.bears is Bears.CODE_NAME), where
        for name in {name for name, _language in made}:
            assert ("Destroy it" in made[name, "en"]) is (name not in TO_KEEP | {"plan-child", "safety_card"}), name
            assert ("Keep it safe." in made[name, "en"]) is (name in TO_KEEP), name
