"""A row that is put into a file while somebody else, or the same worker on another page, decides about it: one of them does."""

from __future__ import annotations

import pytest

from amanat.access.policy import Relation
from amanat.cases.actions import changing, handing
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import Case, Sheet
from amanat.cases.tests.test_at_once import again, at_once
from amanat.exchange import findings, keeping
from amanat.exchange.actions import importing
from amanat.exchange.models import ImportedRow
from amanat.exchange.tests.bringing import looked
from amanat.exchange.work import Work
from amanat.people.clock import stopped
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import IDENTITY

pytestmark = pytest.mark.django_db(transaction=True)

HEADERS = ["prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_MailingCity", "Shoe size"]
ROW = ["Aylar", "Çaryýewa", "2012-04-05", "Mary", "36"]


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


def put(case, held, actor):
    mine = again(case)
    return lambda: importing.put_in(mine, held=held, place=0, actor=actor)


def failed(given):
    return [error for error in given if isinstance(error, Exception)]


def test_a_row_that_is_put_into_two_files_at_once_stands_in_one(cast, case, register):
    jemal, other = cast.actor("jemal"), register(identity=IDENTITY | {"birth_date": "2012-04-06"})
    held = looked(jemal, [ROW], HEADERS)
    given = at_once([put(case, held, jemal), put(other, held, jemal), put(case, held, jemal)])
    assert [type(error) for error in failed(given)] == [PersonFacingError, PersonFacingError]
    assert ImportedRow.objects.count() == 1
    assert Sheet.objects.values("child").distinct().count() == 1
    assert findings.counts(held)["into"] == 1


def test_a_row_that_stands_in_two_imports_is_put_in_once(cast, case):
    jemal = cast.actor("jemal")
    imports = [looked(jemal, [ROW], HEADERS) for _number in range(3)]
    given = at_once([put(case, held, jemal) for held in imports])
    assert [type(error) for error in failed(given)] == [PersonFacingError, PersonFacingError]
    assert ImportedRow.objects.count() == 1
    assert set(Sheet.objects.values_list("version", flat=True)) == {1}


def test_putting_in_and_taking_at_once_make_one_of_both(cast, case):
    jemal = cast.actor("jemal")
    held = looked(jemal, [ROW], HEADERS)

    def take():
        importing.take(held, which="all", actor=jemal)
        Work(lambda: cast.now).all_of(held)

    at_once([put(case, held, jemal), take])
    found = findings.counts(keeping.find(jemal, held.pk))
    assert (found["into"] + found["taken"], found["known"], ImportedRow.objects.count()) == (1, 0, 1)
    assert Case.objects.count() == 1 + found["taken"]


def test_a_row_and_a_closing_at_once_leave_nothing_in_a_closed_case(cast, case):
    jemal, mine = cast.actor("jemal"), again(case)
    held = looked(jemal, [ROW], HEADERS)
    given = at_once([put(case, held, jemal), lambda: changing.close(mine, why="other", reason="x", actor=jemal)])
    assert all(isinstance(error, PersonFacingError) for error in failed(given))
    assert again(case).is_closed
    assert Sheet.objects.exists() == bool(findings.counts(held)["into"]) == (not failed(given))


def test_a_row_and_a_colleague_who_writes_the_same_sheet_at_once_lose_nothing(cast, case):
    jemal, merdan = cast.actor("jemal"), cast.actor("merdan")
    handing.bring_in(case, to=merdan.membership, relation=Relation.SOCIAL_WORKER, reason="x", actor=jemal)
    held, mine = looked(jemal, [ROW], HEADERS), again(case)
    given = at_once(
        [
            put(case, held, jemal),
            lambda: write_facts(mine, section="person", record=1, values={"prs_MailingStreet": "Park"}, actor=merdan),
        ]
    )
    assert failed(given) == []
    sheet = Sheet.objects.select_related("subject").get(section="person", part="contacts")
    assert open_sealed(sheet, "values") == {"prs_MailingStreet": "Park", "prs_MailingCity": "Mary"}
