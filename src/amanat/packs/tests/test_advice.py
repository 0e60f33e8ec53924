"""Advice cards: read, laid over those of the base, compared, and told with their place where something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amanat import packs
from amanat.packs import Fault, differences
from amanat.packs.advice import LONGEST, SITUATIONS
from amanat.packs.tests import SHIPPED

pytestmark = [pytest.mark.sqlcipher_only]  # no database is asked
LANGUAGES = {"tk", "ru", "en", "ro"}
CARDS = """
title = {en = "Sea", tk = "Deňiz", ru = "Море", ro = "Mare"}
source = "Invented"
verified = false

[[card]]
code = "boat"
title = {en = "By boat", tk = "Gämide", ru = "На лодке", ro = "Cu barca"}
situations = ["work"]
countries = ["TR"]
read = {en = "Wait.", tk = "Garaşyň.", ru = "Подождите.", ro = "Așteptați."}
send = {en = "Wait.", tk = "Garaşyň.", ru = "Подождите.", ro = "Așteptați."}
"""
FILE = "advice/sea.toml"
CORE = packs.load(SHIPPED / "core")
Faults = Callable[..., list[Fault]]


def test_a_card_is_read_with_what_it_is_for(faults_of: Faults, island: Path) -> None:
    assert faults_of(FILE, CARDS) == []
    (card,) = [one for one in packs.load(island).advice if one.code == "boat"]
    assert (card.read.text("ru"), card.verified, card.source.text()) == ("Подождите.", False, "Invented")
    assert card.fits(["work", "study"], "TR")
    assert card.fits([], "TR")
    assert not card.fits(["study"], "TR")
    assert not card.fits(["work"], "RU")
    assert not card.fits(["work"], "")


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (('situations = ["work"]', 'situations = ["sleep"]'), "card (boat).situations", "sleep is unknown here"),
        (('situations = ["work"]\n', ""), "card 1 (boat).situations", "This key is missing"),
        (('countries = ["TR"]', 'countries = ["Turkey"]'), "card 1 (boat).countries", "Turkey is unknown here"),
        (('countries = ["TR"]', 'countries = ["tr"]'), "card 1 (boat).countries", "tr is unknown here"),
        (('read = {en = "Wait."', 'read = {en = "Call 12 46-35-00."'), "card 1 (boat).read", "a long number"),
        (('read = {en = "Wait."', f'read = {{en = "{"a" * (LONGEST + 1)}"'), "card 1 (boat).read", "more than 900"),
        ((', ro = "Așteptați."}\nsend', "}\nsend"), "card 1 (boat).read", "The text in ro is missing"),
        (('code = "boat"', 'code = "work_offer"'), "card (work_offer)", "Another file has a card of this code"),
        (('code = "boat"', 'code = "a boat"'), "card 1.code", "only plain letters"),
        (("send =", "say ="), "card 1 (boat).say", "This key is unknown"),
    ],
)
def test_each_fault_is_told_with_its_place(faults_of: Faults, change: tuple[str, str], where: str, what: str) -> None:
    assert change[0] in CARDS
    told = [fault for fault in faults_of(FILE, CARDS.replace(*change)) if what in fault.what]
    assert [(fault.file, fault.where) for fault in told] == [(f"island/{FILE}", where)]


def test_a_country_changes_one_in_place_and_loses_none(faults_of: Faults, island: Path) -> None:
    assert faults_of("advice/before.toml", CARDS.replace('"boat"', '"work_offer"')) == []
    country = packs.load(island)
    assert [card.code for card in country.advice] == [card.code for card in CORE.advice]
    found = differences.differences(CORE, country)
    assert ("advice/before", "work_offer", "renamed") in [(one.where, one.name, one.change) for one in found]


@pytest.mark.parametrize("card", CORE.advice, ids=lambda card: card.code)
def test_what_is_shipped_is_whole_in_four_languages_and_says_that_it_is_not_verified(card: packs.advice.Card) -> None:
    for label in (card.title, card.read, card.send):
        assert set(label.texts) == LANGUAGES
        assert len(set(label.texts.values())) == len(LANGUAGES)
    assert not set(card.read.text("ro") + card.send.text("ro")) & set("şţŞŢ")
    assert not card.verified


def test_there_is_a_card_for_every_situation() -> None:
    situations = {code.code for code in CORE.codes(SITUATIONS).codes}
    assert {one for card in CORE.advice for one in card.situations} == situations
