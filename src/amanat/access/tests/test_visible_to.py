"""`visible_to` and `open_file` are two ways to one answer: over random grants, times, leave, consents, conflicts and owners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON
from amanat.access.files import open_file, open_files, visible_to
from amanat.access.leafing import Leafing, TooMany, in_the_database, open_parts
from amanat.access.models import Conflict, Consent, Grant
from amanat.access.policy import SEEING, Level, Part, Relation
from amanat.access.showing import showing
from amanat.cases.models import Case
from amanat.people.models import Membership
from tests.cast import CAST, NOW, Cast

CHILDREN = 3
workers = st.sampled_from(sorted(CAST))
children = st.integers(0, CHILDREN - 1)
# Hours from now. Zero is in: what begins now has begun, what ends now has ended.
hours = st.sampled_from([-72, -24, -1, 0, 1, 24, 72])
ends = st.none() | hours


@dataclass(frozen=True)
class Given:
    """A grant: to whom, on which child, as what, from and until when; `consent`: (last day, withdrawn) or None, and for what."""

    worker: str
    child: int
    relation: Relation
    since: int
    until: int | None
    consent: tuple[int | None, bool] | None
    purpose: str = "referral"


@dataclass(frozen=True)
class KeptOut:
    worker: str
    child: int
    part: str
    lifted: bool


@dataclass(frozen=True)
class Leave:
    worker: str
    deputy: str
    since: int
    until: int


grants = st.builds(
    Given,
    workers,
    children,
    st.sampled_from(Relation),
    hours,
    ends,
    st.none() | st.tuples(ends, st.booleans()),
    st.sampled_from(["referral", CARRY_ON]),
)
conflicts = st.builds(KeptOut, workers, children, st.sampled_from(["", *Part]), st.booleans())
leaves = st.builds(Leave, workers, workers, hours, hours).filter(lambda leave: leave.worker != leave.deputy)
owners = st.lists(workers, min_size=CHILDREN, max_size=CHILDREN)
ended = st.lists(st.tuples(workers, hours), max_size=2)


@pytest.fixture
def family(register: Callable[..., Case]) -> list[Case]:
    """Three files; examples change them and are undone."""
    made = [register() for _ in range(CHILDREN)]
    return list(Case.objects.filter(pk__in=[case.pk for case in made]).select_related("subject").order_by("pk"))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever an example writes is gone before the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def at(hour: int | None) -> datetime | None:
    return None if hour is None else NOW + timedelta(hours=hour)


def arrange(
    cast: Cast, cases: list[Case], owner: list[str], given_: list[Given], kept: list[KeptOut], away: list[Leave]
) -> None:
    for case, name in zip(cases, owner, strict=True):
        Case.objects.filter(pk=case.pk).update(agency=cast[name].agency)
    for one in given_:
        grant(cast, cases[one.child], one)
    for one in kept:
        lifted = NOW if one.lifted else None
        fields = {"user": cast[one.worker].user, "part": one.part, "recorded_by": cast["aman"], "recorded_at": NOW}
        Conflict.objects.create(subject=cases[one.child].subject, lifted_at=lifted, **fields)
    for leave in away:
        dates = {"away_from": at(leave.since), "away_until": at(leave.until)}
        Membership.objects.filter(pk=cast[leave.worker].pk).update(deputy=cast[leave.deputy], **dates)


def grant(cast: Cast, case: Case, one: Given) -> None:
    taken = Grant.objects.filter(subject=case.subject, until=None)
    if one.until is None and taken.filter(membership=cast[one.worker], relation=one.relation).exists():
        return
    if one.until is None and one.relation is Relation.CASE_MANAGER and taken.filter(relation=one.relation).exists():
        return
    consent = None
    if one.consent is not None:
        last, withdrawn = one.consent
        consent = Consent.objects.create(
            subject=case.subject,
            purpose=one.purpose,
            recipient=cast[one.worker].agency,
            parts=[Part.FACTS],
            recorded_by=cast["jemal"],
            given_on=NOW.date(),
            until=None if last is None else (NOW + timedelta(hours=last)).date(),
            withdrawn_at=NOW if withdrawn else None,
        )
    Grant.objects.create(
        subject=case.subject,
        membership=cast[one.worker],
        relation=one.relation,
        since=at(one.since),
        until=at(one.until),
        consent=consent,
    )


def actors() -> list[Actor]:
    """Everybody of the cast, with whom they stand in for; two queries."""
    everybody = {row.pk: row for row in Membership.objects.select_related("user", "agency")}
    covered = list(Membership.objects.covered_by(list(everybody), NOW))
    return [
        Actor(row, NOW, (row.pk, *(other.pk for other in covered if other.deputy_id == row.pk)))
        for row in everybody.values()
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owners, st.lists(grants, max_size=8), st.lists(conflicts, max_size=4), st.lists(leaves, max_size=3))
@example(["jemal"] * 3, [Given("dowlet", 0, Relation.LAWYER, -1, None, (0, False))], [], [])
@example(["jemal"] * 3, [Given("jemal", 0, Relation.RECEIVER, 0, 0, None)], [], [Leave("jemal", "merdan", -1, 1)])
@example(["jemal"] * 3, [], [KeptOut("aman", 0, "", False), KeptOut("kerim", 1, Part.EXISTENCE, False)], [])
def test_visible_to_equals_the_policy(
    cast: Cast,
    family: list[Case],
    owner: list[str],
    given_: list[Given],
    kept: list[KeptOut],
    away: list[Leave],
) -> None:
    with undone():
        arrange(cast, family, owner, given_, kept, away)
        cases = list(Case.objects.all())
        for actor in actors():
            listed = set(visible_to(actor, Case.objects.all()).values_list("pk", flat=True))
            opened = {file.row.pk for file in open_files(actor, cases) if file.exists}
            assert listed == opened, actor.membership


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(grants, max_size=6), st.lists(conflicts, max_size=4), workers)
def test_many_files_opened_at_once_are_the_same_as_each_alone(
    cast: Cast, family: list[Case], given_: list[Given], kept: list[KeptOut], worker: str
) -> None:
    with undone():
        arrange(cast, family, ["jemal"] * CHILDREN, given_, kept, [])
        actor = Actor.of(cast[worker], NOW)
        together = [[file.level(part) for part in Part] for file in open_files(actor, family)]
        alone = [[open_file(actor, case).level(part) for part in Part] for case in family]
        assert together == alone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(owners, st.lists(grants, max_size=8), st.lists(conflicts, max_size=4), workers)
@example(["jemal"] * 3, [Given("dowlet", 0, Relation.RECEIVER, -1, None, (0, False))], [], "dowlet")
@example(["jemal"] * 3, [Given("dowlet", 1, Relation.LAWYER, -1, None, (0, False))], [], "dowlet")
@example(["aman"] * 3, [], [KeptOut("aman", 0, Part.PLAN, False)], "aman")
def test_leafing_through_files_one_sees_of_each_what_it_shows_by_itself(
    cast: Cast, family: list[Case], owner: list[str], given_: list[Given], kept: list[KeptOut], worker: str
) -> None:
    with undone():
        arrange(cast, family, owner, given_, kept, [])
        actor = Actor.of(cast[worker], NOW)
        leafing = Leafing(actor, Case.objects.all(), list(Part))
        told = {leaf.pk: leaf.sees for leaf in leafing}
        files = open_files(actor, Case.objects.all())
        assert told == {in_the_database(file.row.pk): frozenset(file.visible_parts()) for file in files if file.exists}
        assert {leaf.pk: leaf.sees for leaf in open_parts(actor, Case.objects.all(), list(Part))} == told
        again = {file.row.pk: leafing.file(file.row) for file in files if file.exists}
        for file in files:
            if file.exists:
                assert [again[file.row.pk].level(part) for part in Part] == [file.level(part) for part in Part]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(owners, st.lists(grants, max_size=8), st.lists(conflicts, max_size=4), st.lists(leaves, max_size=3), workers)
@example(["jemal"] * 3, [Given("dowlet", 0, Relation.RECEIVER, -1, None, (0, False))], [], [], "dowlet")
@example(["jemal"] * 3, [Given("dowlet", 1, Relation.LAWYER, -1, None, (0, False))], [], [], "dowlet")
@example(["aman"] * 3, [], [KeptOut("aman", 0, Part.FACTS, False)], [], "aman")
@example(
    ["jemal"] * 3,
    [
        Given("dowlet", 0, Relation.RECEIVER, -1, None, None),
        Given("dowlet", 0, Relation.HEALTH_WORKER, -1, None, (0, False)),
    ],
    [],
    [],
    "dowlet",
)
@example(  # the same place without a consent: what the consent names counts no more
    ["jemal"] * 3,
    [
        Given("dowlet", 0, Relation.RECEIVER, -1, None, (0, False), CARRY_ON),
        Given("dowlet", 0, Relation.RECEIVER, -1, 24, None),
    ],
    [],
    [],
    "dowlet",
)
def test_a_list_of_what_shows_a_part_has_the_files_that_show_it(
    cast: Cast,
    family: list[Case],
    owner: list[str],
    given_: list[Given],
    kept: list[KeptOut],
    away: list[Leave],
    worker: str,
) -> None:
    with undone():
        arrange(cast, family, owner, given_, kept, away)
        actor = next(one for one in actors() if one.membership.pk == cast[worker].pk)
        files = [file for file in open_files(actor, Case.objects.all()) if file.exists]
        for part in set(Part) - {Part.AUDIT}:
            listed = set(showing(actor, Case.objects.all(), part).values_list("pk", flat=True))
            assert listed == {file.row.pk for file in files if file.level(part) in SEEING | {Level.REVEAL}}, part


def test_nobody_leafs_through_more_files_than_allowed(
    cast: Cast, family: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amanat.access.leafing.UP_TO", CHILDREN)
    assert len(Leafing(cast.actor("jemal"), Case.objects.all(), [])) == CHILDREN
    monkeypatch.setattr("amanat.access.leafing.UP_TO", CHILDREN - 1)
    with pytest.raises(TooMany):
        Leafing(cast.actor("jemal"), Case.objects.all(), [])
    assert (
        len(list(open_parts(cast.actor("jemal"), Case.objects.all(), []))) == CHILDREN
    )  # who opens none may ask of all
    assert len(Leafing(cast.actor("dowlet"), Case.objects.all(), [])) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(grants, max_size=6), workers, children)
def test_a_conflict_is_stronger_than_every_relation(
    cast: Cast, family: list[Case], given_: list[Given], worker: str, child: int
) -> None:
    with undone():
        arrange(cast, family, [worker] * CHILDREN, given_, [KeptOut(worker, child, "", False)], [])
        actor = Actor.of(cast[worker], NOW)
        file = open_file(actor, family[child])
        assert not file.exists
        assert file.visible_parts() == []
        assert not any(map(file.writes, Part))
        assert not visible_to(actor, Case.objects.filter(pk=family[child].pk)).exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(ended, st.lists(leaves, max_size=3))
def test_nobody_stands_in_for_whoever_left_or_is_not_away(
    cast: Cast, family: list[Case], left: list[tuple[str, int]], away: list[Leave]
) -> None:
    with undone():
        arrange(cast, family, ["jemal"] * CHILDREN, [], [], away)
        for name, hour in left:
            Membership.objects.filter(pk=cast[name].pk).update(until=at(hour))
        rows = {membership.pk: membership for membership in Membership.objects.all()}
        for actor in (Actor.of(membership, NOW) for membership in rows.values()):
            for covered in actor.stands_for[1:]:
                assert rows[covered].is_current(NOW)
                assert rows[covered].is_away(NOW)
                assert rows[covered].deputy_id == actor.membership.pk
