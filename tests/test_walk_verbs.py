"""The policy walk without pages: each part and each verb, for every standing, against what `tests.walk` works out by itself.

Also that the walk is worth its name: a flipped cell of a table is noticed.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
from django.core.exceptions import FieldError

import amanat
from amanat.access import policy
from amanat.access.files import Closed, File, ProofNeeded, open_file, visible_to
from amanat.access.policy import Part, Relation, Verb
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions.writing import note
from amanat.cases.models import Case, Event, Task
from amanat.people.models import Role
from amanat.referrals.models import IN_HANDS, Referral, State
from amanat.web.errors import PersonFacingError, Refused
from tests import walk
from tests.plugin import ON_POSTGRES
from tests.walk import Held, Standing, standings
from tests.walk_world import World, marker

pytestmark = pytest.mark.django_db

ALL = bool(os.environ.get("AMANAT_TEST_ALL"))
SEED = 20261124
# Verbs that have no function: the page is all there is to them.
ONLY_LOOKED_AT = {verb for verb in Verb if verb.startswith("look.")}


def functions() -> list[Callable[..., Any]]:
    """Every function under `@verb`, from all modules of the product."""
    found = {}
    for module in pkgutil.walk_packages(amanat.__path__, "amanat."):
        if not {"tests", "migrations", "__main__", "wsgi", "locked_settings"} & set(module.name.split(".")):
            members = vars(importlib.import_module(module.name)).values()
            acts = [act for act in members if inspect.isfunction(act) and hasattr(act, "verb")]
            found |= {f"{act.__module__}.{act.__name__}": innermost(act) for act in acts}
    return [found[name] for name in sorted(found)]


def innermost(act: Callable[..., Any]) -> Callable[..., Any]:
    """The verb itself, without what is wrapped around it."""
    return inspect.unwrap(act, stop=lambda layer: not hasattr(layer.__wrapped__, "verb"))


FUNCTIONS = functions()
OF_REFERRALS = [verb for verb in walk.FILE_VERBS if verb.startswith("referral.")]
Act = Callable[..., Any]
T = TypeVar("T")


def said(world: World, standing: Standing, act: Callable[..., Any]) -> str:
    """What a verb answers when it is called without what it needs: whether the policy lets it begin is all that can be seen."""
    target: list[Any] = []
    if act.verb in policy.FILE_VERBS:
        first = next(iter(inspect.signature(act).parameters.values()))
        target = [world.rows["task"] if first.annotation in (Task, "Task") else world.case]
    try:
        act(*target, actor=world.actor(standing))
    except ProofNeeded:
        return "proof"
    except Closed:  # it began; a consent that reaches to the file leaves out the part that it writes
        return "yes"
    except Refused:
        return "no"
    except (
        AttributeError,
        FieldError,
        PersonFacingError,
    ):  # it began, on the file of a child where it is for another row
        return "yes"
    except TypeError as error:
        if "missing" not in str(error):
            raise
    return "yes"


def expected(standing: Standing, verb: str) -> str:
    """A verb's function knows no difference between what one may not know of and what one may not do; pages do."""
    return {"hidden": "no"}.get(told := walk.answer(standing, verb), told)


def refusals(world: World, standing: Standing, verb: str) -> int:
    subject = {"subject": world.case.subject} if verb in policy.FILE_VERBS else {}
    who = world.membership(standing)
    return Entry.objects.filter(outcome=Outcome.REFUSED, verb=verb, membership=who, **subject).count()


def opens(file: File, row: Event) -> bool:
    """Whether a note opens to who asks."""
    try:
        return bool(file.open(row, "note")["text"] == marker(row.part))
    except Closed:
        return False


def own_note(world: World, file: File, part: str) -> Event:
    author = file.actor.membership
    return Event(case=world.case, subject=world.case.subject, part=part, author=author, note={"text": marker(part)})


def noted(world: World, standing: Standing, part: str) -> bool:
    """Whether a note can be written into this part."""
    try:
        note(world.case, part=Part(part), text="walked", actor=world.actor(standing))
    except Refused:
        return False
    return True


def checked(file: File, verb: str) -> str:
    """What the file of who asks says to a verb."""
    try:
        file.check(Verb(verb))
    except ProofNeeded:
        return "proof"
    except Refused:
        return "no"
    return "yes"


def deviations(world: World, standing: Standing, parts: Iterable[str], acts: Iterable[Act]) -> Iterator[str]:
    """Where the product says something else than `tests.walk`, for one standing that is set up. `parts` and `acts`: which notes
    and verbs are tried out as well; the file in their hands is asked about all."""
    actor = world.actor(standing)
    file = open_file(actor, world.case)
    if {file.exists, visible_to(actor, Case.objects.filter(pk=world.case.pk)).exists()} != {walk.knows(standing)}:
        yield "knows of the file"
    for part in walk.PARTS:
        told = (file.writes(Part(part)), opens(file, world.events[part]), opens(file, own_note(world, file, part)))
        if told != (walk.writes(standing, part), walk.sees(standing, part), walk.sees(standing, part, own=True)):
            yield f"writes, sees, sees their own: {part}"
    yield from (verb for verb in walk.FILE_VERBS if checked(file, verb) != expected(standing, verb))
    may_note = walk.answer(standing, "case.note") == "yes"
    yield from (
        f"notes: {part}" for part in parts if noted(world, standing, part) != (may_note and walk.writes(standing, part))
    )
    yield from (
        f"{act.verb} ({act.__name__})" for act in acts if said(world, standing, act) != expected(standing, act.verb)
    )


def in_place(world: World, standing: Standing, parts: Iterable[str], acts: Iterable[Act]) -> list[str]:
    with world.stand(standing):
        return [f"{standing}: {deviation}" for deviation in deviations(world, standing, parts, acts)]


def test_every_verb_of_the_tables_is_a_function_or_a_page_and_every_function_is_in_a_table(world: World) -> None:
    from amanat.access.pages import registered

    done = {act.verb for act in FUNCTIONS}
    looked_at = {page.does for page in registered()}
    assert set(Verb) - done - ONLY_LOOKED_AT == set(), "verbs without a function"
    assert ONLY_LOOKED_AT - looked_at == set(), "looks without a page"
    assert ONLY_LOOKED_AT & done == set()


def test_every_standing_sees_writes_and_does_what_the_tables_say(world: World) -> None:
    """Each is asked about everything; what takes a transaction is tried out by each in turn, and by `AMANAT_TEST_ALL` in full."""
    wrong = []
    for number, standing in enumerate(chosen(standings())):
        wrong += in_place(world, standing, in_turn(list(walk.PARTS), number, 2), in_turn(FUNCTIONS, number, 5))
    assert wrong == []


def test_every_standing_before_a_referral_in_each_state_is_what_the_tables_say(world: World) -> None:
    """States × roles × consents × conflicts: who knows of it, sees which part, does which verb. In full by `AMANAT_TEST_ALL`; else
    everybody who stands otherwise than somebody before, in one open state each, and every third in one that is not."""
    wrong, over = [], [state for state in State if state not in IN_HANDS]
    for number, standing in enumerate(who_differ_before_a_referral()):
        for states in (IN_HANDS, over) if ALL or number % 3 == 0 else (IN_HANDS,):
            for state in in_turn(states, number, 1):
                wrong += [f"{standing}, {state}: {what}" for what in before_a_referral(world, standing, state)]
    assert wrong == []


def who_differ_before_a_referral() -> list[Standing]:
    found: dict[Any, Standing] = {}
    for standing in chosen(standings()):
        asked = walk.before_a_referral(standing)
        bars = tuple((bar.own, bar.lifted, bar.part in ("", "existence")) for bar in standing.conflicts)
        by_consent = tuple(held.rests_on is not None for held in standing.grants)
        kind = (frozenset(walk.relations(asked)), standing.agency, bars, by_consent)
        found.setdefault(standing if ALL else kind, standing)
    return list(found.values())


def before_a_referral(world: World, standing: Standing, state: State) -> list[str]:
    asked = walk.before_a_referral(standing, str(state))
    with world.stand(standing):
        Referral.objects.filter(pk=world.rows["referral"].pk).update(state=state)
        row = Referral.objects.select_related("subject").get(pk=world.rows["referral"].pk)
        actor = world.actor(standing)
        file = open_file(actor, row)
        listed = visible_to(actor, Referral.objects.filter(pk=row.pk)).exists()
        wrong = [] if {file.exists, listed} == {walk.knows(asked)} else ["knows of it"]
        wrong += [part for part in walk.PARTS if (file.sees(Part(part))) != walk.sees(asked, part, own=True)]
        return wrong + [verb for verb in OF_REFERRALS if checked(file, verb) != expected(asked, verb)]


def in_turn(all_of_them: Sequence[T], number: int, how_many: int) -> Sequence[T]:
    """Some of them, others for the next number, so that all come in turn."""
    start = number * how_many % len(all_of_them)
    return all_of_them if ALL else (*all_of_them, *all_of_them)[start : start + how_many]


def test_each_refusal_of_a_verb_is_in_the_log(world: World) -> None:
    """Each verb is asked of some in turn."""
    unlogged = []
    some = chosen(standings(), 3 if ON_POSTGRES else 12)
    for number, standing in enumerate(some):
        with world.stand(standing):
            for act in in_turn(FUNCTIONS, number, -(-len(FUNCTIONS) // 3)):
                before = refusals(world, standing, act.verb)
                refused = said(world, standing, act) != "yes"
                if refusals(world, standing, act.verb) - before != int(refused):
                    unlogged.append(f"{standing}: {act.verb}")
    assert unlogged == []


# --- a changed cell is noticed ---------------------------------------------------------------------------------------


def cells() -> list[tuple[dict[Any, dict[Any, Any]], Any, Any]]:
    tables: list[dict[Any, dict[Any, Any]]] = [policy.PARTS, policy.FILE_VERBS, policy.DESK_VERBS]  # type: ignore[list-item]
    return [(table, row, column) for table in tables for row in table for column in table[row]]


def flipped(mark: str) -> str:
    """What the cell says instead: nothing where it let something be done or seen, else all."""
    return (
        {".": "w", "?": "w", "p": "w", "c": "."}.get(mark, ".")
        if isinstance(mark, policy.Level)
        else {".": "x"}.get(mark, ".")
    )


def standings_with(column: Relation | Role) -> list[Standing]:
    """Those who stand in this relation and in no other, or who have this role."""
    if isinstance(column, Role):
        return [Standing(str(column)), Standing(str(column), fresh=False)]
    held = {"supervisor": Standing("supervisor"), "coordinator": Standing("coordinator"), "dpo": Standing("dpo")}
    found = held.get(column) or Standing(walk.JOINS.get(column, ["social_worker"])[0], grants=(Held(str(column)),))
    consented = walk.Agreed(walk.ALL_PARTS)
    shown = tuple((part, 10) for part in walk.PARTS)
    return [found, Standing(found.role, found.agency, found.grants, (consented,), reveals=shown)]


def affected(table: Any, row: Any, column: Any) -> tuple[list[str], list[Callable[..., Any]]]:
    """The requests that a cell decides: of a part, or of a verb."""
    return ([str(row)], []) if table is policy.PARTS else ([], [act for act in FUNCTIONS if act.verb == row])


def test_a_flipped_cell_is_noticed(world: World) -> None:
    some = cells() if ALL else random.Random(SEED).sample(cells(), 120)
    unnoticed = []
    for table, row, column in some:
        if row in ONLY_LOOKED_AT:
            continue  # tests/test_walk.py flips those
        parts, acts = affected(table, row, column)
        with pytest.MonkeyPatch.context() as patch:
            mark = flipped(table[row][column])
            patch.setitem(table[row], column, policy.Level(mark) if table is policy.PARTS else mark)
            if not any(in_place(world, standing, parts, acts) for standing in standings_with(column)):
                unnoticed.append(f"{row} × {column}: {mark}")
    assert unnoticed == []


def test_a_cell_that_no_longer_asks_for_fresh_proof_is_noticed(world: World) -> None:
    unnoticed = []
    for table, row, column in cells():
        if table[row][column] != "x!":
            continue
        _parts, acts = affected(table, row, column)
        stale = [Standing(one.role, one.agency, one.grants, fresh=False) for one in standings_with(column)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(table[row], column, "x")
            if not any(in_place(world, standing, [], acts) for standing in stale):
                unnoticed.append(f"{row} × {column}")
    assert unnoticed == []


@pytest.mark.usually_sqlcipher
def test_a_file_that_is_untouched_shows_no_deviation_to_those_who_notice_mutations(world: World) -> None:
    """The control: without a flipped cell the same standings agree, so what they notice above is the flip."""
    columns = [*Relation, *Role]
    for standing in (one for column in columns for one in standings_with(column)):
        assert in_place(world, standing, walk.PARTS, FUNCTIONS if ALL else FUNCTIONS[::8]) == []


def chosen(all_of_them: list[Standing], at_most: int = 10_000) -> list[Standing]:
    """All, or a seeded sample where that is asked for."""
    at_most = min(at_most, 30) if os.environ.get("AMANAT_WALK") == "sample" else at_most
    return all_of_them if ALL or len(all_of_them) <= at_most else random.Random(SEED).sample(all_of_them, at_most)
