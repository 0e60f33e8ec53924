"""What the tables say of siblings is asked with the file that names them, and says the same as if they were opened by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amanat.access import loaders
from amanat.access.files import open_beside, open_files, open_with_beside
from amanat.access.models import Conflict, Reveal
from amanat.access.policy import Part
from amanat.cases import queries
from amanat.cases.actions import registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case
from amanat.cases.tests.looking import counting
from tests.cast import CONTACTS, IDENTITY, NOW, Cast


@pytest.fixture
def siblings(cast: Cast) -> list[Case]:
    new = [NewChild(IDENTITY, CONTACTS, "high", "p1", "one") for _child in range(2)]
    return registering.register(new, actor=cast.actor("jemal"))


@pytest.mark.parametrize("who", ["jemal", "aman"])
def test_a_sibling_beside_a_file_shows_what_it_shows_by_itself(siblings: list[Case], cast: Cast, who: str) -> None:
    first, second = siblings
    actor = cast.actor(who)
    Conflict.objects.create(
        subject=second.subject, user=actor.user, part=Part.SAFETY, recorded_by=cast["aman"], recorded_at=NOW
    )
    until = NOW + timedelta(minutes=5)
    Reveal.objects.create(subject=second.subject, membership=actor.membership, part=Part.NARRATIVE, until=until)
    _row, file = loaders.load("case", first.pk, actor)
    beside, alone = open_beside(file, [second])[0], open_files(actor, [second])[0]
    assert {part: beside.level(part) for part in Part} == {part: alone.level(part) for part in Part}
    assert not beside.sees(Part.SAFETY)


def test_the_siblings_of_a_page_cost_one_query(siblings: list[Case], cast: Cast) -> None:
    _row, file = loaders.load("case", siblings[0].pk, cast.actor("jemal"))
    with counting() as asked:
        assert [one.row for one in queries.related(file)] == siblings[1:]
    assert len(asked) == 1


def test_a_child_without_siblings_asks_of_nobody_else(siblings: list[Case], cast: Cast) -> None:
    lone = registering.register([NewChild(IDENTITY)], actor=cast.actor("jemal"))[0]
    assert open_with_beside(cast.actor("jemal"), lone).told_beside is None
