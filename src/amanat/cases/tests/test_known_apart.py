"""*Is this child known?* in one's own circle: whatever others have in their files, the answer is the same, and tells nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.access import leafing
from amanat.access.models import Conflict
from amanat.access.policy import Part
from amanat.cases import keyed, known
from amanat.cases.actions import guarding, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.identity import features_of
from amanat.cases.known import COMPARED, COMPARED_OF_MANY, in_own_circle, in_own_circle_of
from amanat.cases.matches import matches_of
from amanat.cases.models import Case
from amanat.cases.tests.looking import counting
from amanat.vault import index, postings
from tests.cast import IDENTITY, Cast

AYLAR = {"names": [{"given": "Aylar", "family": "Çaryýewa"}], "birth_date": "2012-04-05"}


def bring(cast: Cast, by: str, identities: Sequence[dict[str, Any]]) -> None:
    registering.register([NewChild(identity) for identity in identities], actor=cast.actor(by))


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", [0, 30, 45, 120])
class TestStrangersOfTheSameNameAndDate:
    @pytest.fixture
    def own(self, cast, register, elsewhere) -> Any:
        """A file of jemal's that came after those of dowlet's."""
        assert COMPARED_OF_MANY < 45
        assert COMPARED < 120
        if elsewhere:
            bring(cast, "dowlet", [AYLAR] * elsewhere)
        return register(identity=AYLAR, contacts={})

    def test_a_single_question_gets_the_file(self, cast, own) -> None:
        assert [found.file.row for found in in_own_circle(AYLAR, {}, cast.actor("jemal"))] == [own]

    def test_a_row_of_an_import_gets_it(self, cast, own) -> None:
        rows = [NewChild(IDENTITY), NewChild(AYLAR)]
        assert [[match.case for match in some] for some in matches_of(rows, cast.actor("jemal"))] == [[own], [own]]

    def test_though_the_name_is_so_frequent_that_the_index_reads_it_no_more(self, cast, own, monkeypatch) -> None:
        monkeypatch.setattr(postings, "STOP", 20)
        assert [found.file.row for found in in_own_circle(AYLAR, {}, cast.actor("jemal"))] == [own]

    def test_the_answer_costs_no_more_queries(self, cast, own) -> None:
        def queries() -> int:
            with counting() as asked:
                in_own_circle_of([(AYLAR, {})] * 3, cast.actor("jemal"))
            return len(asked)

        before = queries()
        bring(cast, "dowlet", [AYLAR] * 10)
        assert queries() == before


GIVEN, FAMILY, DATES = (
    ("Aylar", "Айлар", "Maksat"),
    ("Çaryýewa", "Чарыева", "Nuryýew"),
    ("2012-04-05", "2013-04-05", ""),
)
children = st.builds(
    lambda given, family, date: {"names": [{"given": given, "family": family}], "birth_date": date},
    *map(st.sampled_from, (GIVEN, FAMILY, DATES)),
)
few, many = st.lists(children, min_size=1, max_size=4), st.lists(children, min_size=1, max_size=12)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(few, few, many)
def test_what_is_told_of_ones_own_does_not_change_with_files_elsewhere(
    cast: Cast, own: Any, rows: Any, other: Any
) -> None:
    """Nor in which order, nor how alike: with limits so low that a file elsewhere that counted would show."""

    def told() -> list[Any]:
        return [
            [(one.file.row.pk, one.alike.score, one.alike.agrees) for one in some]
            for some in in_own_circle_of([(row, {}) for row in rows], cast.actor("jemal"), 2)
        ]

    with transaction.atomic(), pytest.MonkeyPatch.context() as lower:
        lower.setattr(postings, "STOP", 3)
        bring(cast, "dowlet", other[::2])
        bring(cast, "jemal", own)
        before = told()
        bring(cast, "dowlet", other)
        assert told() == before
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestFilesThatShowNoIdentity:
    """Of these the worker knows that they are there, and not who they are about."""

    @pytest.fixture
    def closed(self, cast: Cast, register: Any) -> list[Case]:
        cases = [register(identity=AYLAR, contacts={}) for _ in range(4)]
        for case in cases:
            guarding.record_conflict(
                case, user=cast["jemal"].user, part=Part.IDENTITY, reason="x", actor=cast.actor("aman")
            )
        return cases

    def test_they_take_no_places_and_are_not_opened(self, cast, closed, register, monkeypatch) -> None:
        own, (opened, cards) = register(identity=AYLAR, contacts={}), ([], index.cards)
        monkeypatch.setattr(index, "cards", lambda some: opened.extend(some) or cards(some))
        found = in_own_circle_of([(AYLAR, {})], cast.actor("jemal"), 2)
        assert [one.file.row for one in found[0]] == [own]
        assert set(opened) == {keyed.NOBODY, own.subject.indexed.number}

    def test_they_do_not_make_a_likeness_a_matter_of_chance(self, cast, closed, register, monkeypatch) -> None:
        own = register(identity=AYLAR, contacts={})
        monkeypatch.setattr(known, "FEW", 1)
        asked = {"names": [{"given": "Aýlar"}], "birth_year": "2013"}
        assert [one.file.row for one in in_own_circle(asked, {}, cast.actor("jemal"))] == [own]

    def test_they_cost_no_queries(self, cast, closed, register) -> None:
        def queries() -> int:
            with counting() as asked:
                in_own_circle(AYLAR, {}, cast.actor("jemal"))
            return len(asked)

        register(identity=AYLAR, contacts={})
        before = queries()
        Conflict.objects.update(lifted_at=cast.now)
        assert queries() == before

    def test_more_than_anybody_leafs_through_are_compared_all_the_same(self, cast, register, monkeypatch) -> None:
        own = [register(identity=AYLAR, contacts={}) for _ in range(3)]
        monkeypatch.setattr(leafing, "UP_TO", 1)
        assert {one.file.row for one in in_own_circle(AYLAR, {}, cast.actor("jemal"))} == set(own)


@pytest.mark.django_db
class TestInTheIndex:
    def test_only_these_subjects_count_and_how_rare_is_decided_among_them(self, cast, register) -> None:
        own = register(identity=AYLAR, contacts={})
        bring(cast, "dowlet", [AYLAR] * 3)
        subjects = type(own).objects.filter(pk=own.pk).values("subject")
        questions = [("name", "nobody's")], features_of(AYLAR, {})
        nobody, alone = index.candidates_among(subjects, questions)
        assert (nobody, [number for number, _weight in alone]) == ([], [own.subject.indexed.number])
        bring(cast, "dowlet", [AYLAR] * 3)
        assert index.candidates_among(subjects, questions) == [[], alone]
