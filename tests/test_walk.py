"""The policy walk: every page × every standing, reading and writing, against what `tests.walk` works out by itself.

Pages come from the registry and routes from the URLconf, so a new one joins by itself or fails here.
"""

from __future__ import annotations

import html
import logging
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access import policy
from amanat.access.models import Conflict, Consent, EmergencyAccess, Grant
from amanat.access.pages import Page
from amanat.access.policy import Relation, Verb
from amanat.cases import sections
from amanat.cases.models import Case, PersonAround
from amanat.identification.models import Statement, StatementKind
from amanat.web import pdf
from tests import walk, walk_pages
from tests.supervised import answering
from tests.walk import Held, Standing, standings
from tests.walk_judging import MARKERS, Walk, body_of, does_something, says_too_much, valid_body
from tests.walk_pages import address, expected
from tests.walk_world import CODE_NAME, Body, World, marker, taken_back

pytestmark = pytest.mark.django_db

ALL = bool(os.environ.get("AMANAT_TEST_ALL"))
SEED = 20261124
PAGES = walk_pages.registered()
OLDER = re.compile(rb'rel="next" href="([^"]*)"')
BY_HOTLINE = {relation: role.value for role, relation in policy.MATTERS_BY_OWNERSHIP.items()}


@pytest.fixture(autouse=True)
def supervisor() -> Iterator[object]:
    """Somebody who drops the keys when the page that locks the workspace asks for it."""
    with answering(Path(os.environ["AMANAT_WORKSPACE"]), {"locked": True, "state": "open", "processes": {}}) as asked:
        yield asked


@pytest.fixture(autouse=True)
def paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers come as the page that would be pressed: so that one reads what stands on them."""
    monkeypatch.setattr(pdf, "made", str.encode)


# --- who walks -------------------------------------------------------------------------------------------------------


def walkers() -> list[Standing]:
    """One of each kind (relations, outsiders' role, agency, conflict, proof, what is revealed); all by `AMANAT_TEST_ALL`."""
    found = standings()
    if not ALL:
        found = list({kind_of(standing): standing for standing in reversed(found)}.values())[::-1]
    return found


def kind_of(standing: Standing) -> tuple[Any, ...]:
    """Relations and what each page answers; finer distinctions are walked without pages (tests/test_walk_verbs.py)."""
    related = frozenset(walk.relations(standing))
    outsider = () if related else (standing.role, standing.agency)
    return (related, outsider, tuple(expected(page, standing) for page in PAGES))


class Step(NamedTuple):
    """A page on somebody's way; `again` where one of their kind had the same answer from it."""

    page: Page
    again: bool


def ways() -> Iterator[tuple[Standing, list[Step]]]:
    """Who walks, and through which pages: those that answer somebody of this kind in another way than before, every fourth list
    of children that opens, and every sixteenth of the rest in turn (so also of a file that one may not know of, where all look
    alike). That a page about no file does not exist for a role is looked at once a role: no place in a file changes it. Of what does
    not exist for a role every fourth page, of what is closed to a kind every second, in turn, and each answer of each page once."""
    walked: dict[tuple[Any, ...], set[tuple[str, str]]] = {}
    met: set[tuple[str, str]] = set()
    for number, standing in enumerate(walkers()):
        of_kind = walked.setdefault(kind_of(standing)[:2], set())
        of_role = walked.setdefault((standing.role,), set())
        chosen = []
        for place, page in enumerate(pages_for(standing, number)):
            told = (page.name, expected(page, standing))
            again = told in (of_role if told[1] == "hidden" and not page.loads else of_kind)
            if ALL or told not in met or _is_worth_it(page, standing, told[1], again, number + place):
                chosen.append(Step(page, again))
                met.add(told)
            of_kind.add(told)
            of_role.add(told)
        yield standing, chosen


REFUSED = {"hidden": 4, "closed": 2}  # one of so many, for the first of its kind


def _is_worth_it(page: Page, standing: Standing, told: str, again: bool, turn: int) -> bool:
    if turn % 16 == 0:
        return True
    if page.loads and not walk.knows(walk_pages.before(page, standing)):
        return False
    lists_children = not page.loads and not page.name.startswith("office.")
    if again:
        return told == "open" and lists_children and turn % 4 == 0
    is_there = page.loads and told == "hidden"
    return turn % (1 if is_there else REFUSED.get(told, 1)) == 0


def pages_for(standing: Standing, number: int) -> list[Page]:
    """All of them for those who are what they are by role; for others those of `cases`, and every eighth of the office's in turn."""
    by_role = not standing.grants and (standing.agency == walk.OWNER or standing.role == "supervisor")
    if ALL or by_role:
        return PAGES
    return [page for place, page in enumerate(PAGES) if page.name.startswith("cases.") or (place + number) % 8 == 0]


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """Thousands of refusals are not worth a line each in the log of the test."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


# --- the walk --------------------------------------------------------------------------------------------------------


def test_every_route_is_a_page_of_the_registry_or_stands_on_the_short_list() -> None:
    names = [(route.name or str(route.pattern), hasattr(route.callback, "page")) for route in walk_pages.routes()]
    strays = [name for name, is_page in names if not is_page and not name.startswith(tuple(walk_pages.APART))]
    assert strays == []
    assert [begin for begin in walk_pages.APART if not any(name.startswith(begin) for name, _page in names)] == []


def test_every_page_is_mounted_and_the_walk_knows_its_address(world: World) -> None:
    mounted = {route.name for route in walk_pages.routes()}
    assert [page.name for page in PAGES if page.name not in mounted] == []
    assert len([address(world, page) for page in PAGES]) == len(PAGES)


@pytest.mark.usually_sqlcipher
def test_nobody_gets_to_a_page_without_both_factors(world: World) -> None:
    """Not signed in, one factor only, suspended, or without a membership that counts: nowhere is there anything to see."""
    standing = Standing("social_worker", grants=(Held("case_manager"),))
    member, wrong = world.membership(standing), []
    with world.stand(standing):
        one_factor = Client()
        one_factor.force_login(member.user)
        ways = {"sign-in": Client(), "second-factors": one_factor}
        for page in PAGES:
            for leads_to, browser in ways.items():
                for response in (
                    browser.get(address(world, page)),
                    browser.post(address(world, page), {"text": "walked"}),
                ):
                    if response.status_code != 302 or f"/account/{leads_to}" not in response["Location"]:
                        wrong.append(f"{page.name}: {response.status_code} {leads_to}")
    assert wrong == []


@pytest.mark.usually_sqlcipher
def test_who_was_suspended_or_works_nowhere_any_more_gets_nothing(world: World) -> None:
    standing = Standing("social_worker", grants=(Held("case_manager"),))
    member, wrong = world.membership(standing), []
    for change, status in (
        ({"user__is_active": False}, 302),
        ({"until": walk_pages.NOW}, 403),
        ({"since": walk_pages.LATER}, 403),
    ):
        with world.stand(standing):
            if "user__is_active" in change:
                type(member.user).objects.filter(pk=member.user_id).update(is_active=False)
            else:
                type(member).objects.filter(pk=member.pk).update(**change)
            for page in PAGES:
                response = world.browser(standing).get(address(world, page))
                # The page that was asked for stands in the language switch: of the address, nothing is learnt.
                body = body_of(response).replace(address(world, page).encode(), b"")
                if response.status_code != status or says_too_much(world, Standing("trainer"), body):
                    wrong.append(f"{page.name}: {response.status_code} with {change}")
    assert wrong == []


# Pages under a doing verb that only show what can be done.
ONLY_SHOWN = {
    "api.phones",
    "cases.conflicts",
    "cases.carry_over",
    "cases.carry_over_screen",
    "cases.correct_form",
    "cases.correct_screen",  # answers are kept for their author; with a reason they are done
    "cases.emergencies",
    "cases.empty_form",
    "cases.fill_form",
    "cases.read_consent",
    "cases.withdrawals",
    "centre.house",
    "centre.houses",
    "directory.entries",
    "directory.seeds",  # the pack of the tests has no directory
    "exchange.bundle",
    "exchange.bundle_file",
    "exchange.bundle_progress",
    "exchange.progress",
    "exchange.taken",
    "exchange.wrong",
    "exchange.wrong_csv",
    "identification.case_found_age",
    "legal.evidence",
    "legal.receipt",
    "monitoring.decide_solution",  # done where every condition is met, which nothing of the walk is; `allow_solution` is
    "office.agencies",
    "office.proposals",
    "referrals.find",
    "referrals.leave_out",  # a button of the page that prepares; from its address alone one is led back there
    "referrals.see",  # the same of the page of one that came
    "referrals.sheet",
}


@pytest.mark.postgres_only
def test_every_page_opens_to_somebody_and_what_it_does_is_done(world: World) -> None:
    """On SQLCipher the walk itself begins so; on PostgreSQL it runs in the full matrix only."""
    assert set(does_what_it_does(world)) == {page.name for page in PAGES}


def does_what_it_does(world: World) -> dict[str, Body]:
    """Of each page what is worth sending. Every page that does something was tried with a body that does it: else a refusal might
    only be a form that nobody could send."""
    bodies = {page.name: valid_body(world, page) for page in PAGES}
    doing = [page.name for page in PAGES if does_something(page)]
    assert [name for name in doing if name not in ONLY_SHOWN and not bodies[name].does] == []
    return bodies


@pytest.mark.long
@pytest.mark.usually_sqlcipher
def test_every_page_answers_every_standing_as_the_tables_say(world: World) -> None:
    bodies = does_what_it_does(world)
    wrong: list[str] = []
    tried: set[tuple[str, str]] = set()
    for number, (standing, steps) in enumerate(ways()):
        with world.stand(standing):
            way = Walk(world, standing)
            for place, step in enumerate(steps):
                _try_out(way, step, bodies[step.page.name].fields, (number + place) % 2 == 0, tried)
            wrong += way.wrong
    assert wrong == []


def _try_out(way: Walk, step: Step, body: dict[str, Any], even: bool, tried: set[tuple[str, str]]) -> None:
    """Of each page each answer is met both ways, by a look and by a form that could be done, and where it opens also by an empty one.
    Whoever comes later to the same answer looks where it opens, and sends the form every second time, but not where it opened to
    somebody of the same kind; where it does not open, look and form take turns."""
    told = expected(step.page, way.standing)
    first, opens = (step.page.name, told) not in tried, told == "open"
    tried.add((step.page.name, told))
    if ALL or first or opens or even:
        way.read(step.page)
    if ALL or first or not (even or (opens and step.again)):
        way.write(step.page, body)
    if opens and body and (ALL or first):
        way.write(step.page, {})


@pytest.mark.usually_sqlcipher
def test_each_section_of_a_file_shows_exactly_what_is_seen(world: World) -> None:
    """And all that is seen is shown somewhere on the file: an empty page would show nothing too much. A section is looked at once for
    each way in which its own parts are seen, and until every other part was closed to somebody who looked."""
    by_sight = {
        tuple(walk.sees(standing, part) for part in walk.PARTS): standing
        for standing in standings()
        if walk.knows(standing)
    }
    wrong: list[str] = []
    shown: dict[tuple[str, ...], set[str]] = {}
    closed: set[tuple[str, str]] = set()
    for standing in by_sight.values():
        with world.stand(standing):
            wrong += _sections(world, standing, shown, closed)
    assert wrong == []


def _sections(
    world: World, standing: Standing, shown: dict[tuple[str, ...], set[str]], closed: set[tuple[str, str]]
) -> list[str]:
    """`shown`: the words that a section showed, by its name and the levels of its parts."""
    wrong, seen_here = [], set()
    for name in ("", *sections._sections):
        section = sections.named(name)
        levels = [walk.level(standing, part) for part in (section.parts if section else walk.PARTS)]
        is_there = section is None or not set(levels).isdisjoint(map(str, section.levels))
        closed_here = {(name, part) for part in walk.PARTS if is_there and not walk.sees(standing, part)}
        if ALL or (name, *levels) not in shown or closed_here - closed:
            closed |= closed_here
            shown[(name, *levels)], faults = _look(world, standing, name, 200 if is_there else 403)
            wrong += [f"{standing}: section {name or 'none'}: {fault}" for fault in faults]
        seen_here |= shown[(name, *levels)]
    lacking = {part for part in walk.PARTS if walk.sees(standing, part) and marker(part) not in seen_here}
    return wrong + [f"{standing}: nothing shows {sorted(lacking)}"] * bool(lacking)


def _look(world: World, standing: Standing, name: str, status: int) -> tuple[set[str], list[str]]:
    """The words that a section shows on all its pages, and what is wrong with them."""
    words, wrong, to_see = set(), [], [f"?section={name}" if name else ""]
    for address_of in to_see:
        with taken_back():
            response = world.browser(standing).get(reverse("cases.file", args=[world.case]) + address_of)
        if response.status_code != status:
            wrong.append(str(response.status_code))
        if too_much := says_too_much(world, standing, response.content):
            wrong.append(f"shows {too_much}")
        words |= {word.decode() for word in MARKERS.findall(response.content)}
        to_see += [html.unescape(more.decode()) for more in OLDER.findall(response.content)]
    return words, wrong


def test_a_row_of_another_file_is_not_found_at_this_files_address(world: World) -> None:
    """A consent, a conflict, an emergency access and a place in the circle of the brother's file, asked for under the sister's."""
    standings_in = [Standing("social_worker", grants=(Held("case_manager"),)), Standing("supervisor")]
    others = _rows_of(Case.objects.exclude(pk=world.case.pk).select_related("subject")[0], world)
    wrong, tried = [], 0
    named = [(page, name) for page in PAGES if "case" in page.loads for name in walk_pages.names_in(page)]
    for page, name in ((page, name) for page, name in named if name in others):
        where = reverse(page.name, kwargs={"case": world.case, name: others[name]})
        for standing in standings_in:
            with world.stand(standing):
                statuses = {
                    world.browser(standing).get(where).status_code,
                    world.browser(standing).post(where).status_code,
                }
                tried += 1
                wrong += [f"{page.name}: {statuses} for {standing}"] * bool(statuses - {403, 404})
    assert tried >= 8
    assert wrong == []


def _rows_of(case: Case, world: World) -> dict[str, Any]:
    """Of a file, by the name that a page's address has for them; the members' own references are those of memberships."""
    about, by = {"subject": case.subject}, {"recorded_by": world.keeper}
    member = world.members["lawyer", walk.OWNER]
    Grant.objects.create(**about, membership=member, relation=Relation.LAWYER, since=walk_pages.NOW)
    consent = Consent.objects.create(**about, **by, purpose="photo", given_on=walk_pages.NOW.date())
    conflict = Conflict.objects.create(**about, **by, user=world.stranger, recorded_at=walk_pages.NOW)
    access = EmergencyAccess.objects.create(
        **about, membership=world.partner, asked_at=walk_pages.NOW, opened_at=walk_pages.NOW
    )
    written = {"written_by": world.keeper, "written_at": walk_pages.NOW}
    person = PersonAround.objects.create(
        **about, **written, child=case.child, about={"name": "x", "relation": "mother"}
    )
    told = {"case": case, "author": world.keeper, "at": walk_pages.NOW, "content": {"on": "2026-11-01"}}
    statement = Statement.objects.create(**about, **told, kind=StatementKind.STATUS)
    known = {"member": member, "consent": consent, "conflict": conflict, "access": access}
    return {name: row.pk for name, row in (known | {"person": person, "statement": statement}).items()}


# --- a changed cell is noticed here as well --------------------------------------------------------------------------


@pytest.mark.usually_sqlcipher
def test_a_flipped_cell_of_a_verb_is_noticed_on_its_pages(world: World) -> None:
    """Of the desk all, of files a sample: tests/test_walk_verbs.py has flipped those."""
    flips = [(policy.DESK_VERBS, verb, role) for verb in policy.DESK_VERBS for role in policy.DESK_VERBS[verb]]
    flips += [(policy.FILE_VERBS, verb, relation) for verb in policy.FILE_VERBS for relation in policy.FILE_VERBS[verb]]
    shown: dict[Verb, list[Page]] = {}
    for page in PAGES:
        shown.setdefault(page.does, []).append(page) if page.does else None
    unnoticed = []
    for table, verb, column in flips if ALL else random.Random(SEED).sample(flips, 80):
        standing = _in_column(column)
        decided = [
            page
            for page in shown.get(verb, [])
            if _is_held(page, column) and walk_pages.is_there(page, standing) and walk_pages.has_more(page, standing)
        ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(table[verb], column, "." if table[verb][column] != "." else "x")
            if decided and not any(_notices(world, page, standing) for page in decided):
                unnoticed.append(f"{verb} × {column}")
    assert unnoticed == []


def _notices(world: World, page: Page, standing: Standing) -> bool:
    with world.stand(standing):
        way = Walk(world, standing)
        way.read(page)
        return bool(way.wrong)


def _is_held(page: Page, column: Any) -> bool:
    """Whether anybody stands so to what the page is about: a matter and a child's file know other relations."""
    if not isinstance(column, Relation):
        return True
    of_matter = not {"matter", "call", "note"}.isdisjoint(page.loads)
    return column is Relation.DPO or (column in BY_HOTLINE) is of_matter


def _in_column(column: Any) -> Standing:
    if not isinstance(column, Relation):
        return Standing(str(column))
    if column in BY_HOTLINE:
        return Standing(BY_HOTLINE[column])
    by_role = {"supervisor", "coordinator", "dpo"}
    return (
        Standing(column)
        if column in by_role
        else Standing(walk.JOINS.get(column, ["lawyer"])[0], grants=(Held(str(column)),))
    )


def test_the_walk_finds_a_row_that_is_shown_to_an_outsider(world: World) -> None:
    """The control of `says_too_much`: the same answers, judged for somebody who may not know of the file."""
    standing = Standing("social_worker", grants=(Held("case_manager"),))
    with world.stand(standing):
        body = world.browser(standing).get(reverse("cases.file", args=[world.case])).content
    assert set(says_too_much(world, Standing("trainer"), body)) >= {marker("identity"), marker("narrative"), CODE_NAME}
    assert Case.objects.filter(pk=world.case.pk).exists()
