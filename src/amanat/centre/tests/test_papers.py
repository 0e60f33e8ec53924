"""Papers of a house: the list of belongings, whole in one language; whose papers are gathered by house; the month on one sheet."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation

from amanat.access import paper
from amanat.access.files import open_file
from amanat.cases import papers
from amanat.centre import month
from amanat.centre.actions.placing import Arrival
from amanat.centre.days import named
from amanat.centre.models import House
from amanat.centre.papers import BELONGINGS
from amanat.centre.tests.housed import a_house, a_room, beds_of, stay_of
from amanat.web import pdf
from amanat.web.tests.test_pdf import unpacked

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay(cast, case):
    return stay_of(case, beds_of(a_room(cast, a_house(cast)))[0], cast, arrival=Arrival(things=["Köwüş", "Top"]))


@pytest.mark.parametrize("language", ["en", "tk", "ro"])
def test_the_list_is_whole_in_the_language_of_the_paper_whoever_makes_it(cast, case, stay, language):
    with translation.override("ru"):
        made = papers.made(open_file(cast.actor("jemal"), case), papers.named(BELONGINGS), "", language)
    assert f'<html lang="{language}">' in made
    assert not [letter for letter in made if "а" <= letter.casefold() <= "я"]
    with translation.override(language):
        told = (
            "List of belongings",
            "The child, who has the things back",
            "For the house, which takes them",
            "Confidential",
        )
        assert [one for one in map(translation.gettext, (*told,)) if one not in made] == []
    for thing in ("Köwüş", "Top", stay.number, case.child.code_name):
        assert thing in made


def test_there_is_no_list_of_a_child_without_things(cast, case):
    assert papers.made(open_file(cast.actor("jemal"), case), papers.named(BELONGINGS), "", "tk") is None


def test_who_stays_in_a_house_is_gathered_at_once_by_whoever_sees_its_board(cast, case, stay, register):
    register()  # who sleeps elsewhere
    (group,) = papers.groups(cast.actor("bahar"))
    assert list(group.rows) == [case]
    assert papers.groups(cast.actor("dowlet")) == []


def test_the_list_proposes_the_language_of_the_child_for_whoever_may_know_it(cast, case, stay):
    one = papers.named(BELONGINGS)
    with translation.override("ro"):
        assert one.speaks(open_file(cast.actor("jemal"), case)) == "tk"


def test_the_month_stands_on_one_sheet(cast, stay):
    actor, house = cast.actor("aman"), House.objects.get()
    found = month.month(actor, house, date(2026, 11, 1))
    made = pdf.made(paper.sheet(actor, "centre/paper_month.html", lambda: named(actor, house) | {"month": found}, "ru"))
    assert len(re.findall(r"/Type\s*/Page\b", unpacked(made))) == 1
