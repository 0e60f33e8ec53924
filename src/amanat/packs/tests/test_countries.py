"""Countries and languages: named in the language of the page, found however a file spells them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pycountry
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from amanat import packs
from amanat.packs.spelling import plain
from amanat.packs.tests import SHIPPED, standards

CORE = packs.load(SHIPPED / "core")
COUNTRIES, LANGUAGES = CORE.countries, CORE.languages

FaultsOf = Callable[..., list[packs.Fault]]


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"])
def test_every_country_has_a_name_of_its_own_by_which_it_is_found(language: str) -> None:
    choices = COUNTRIES.choices(language)
    assert {code for code, _name in choices} == {entry.alpha_2 for entry in pycountry.countries}
    assert len({name for _code, name in choices}) == len(choices)
    assert all(COUNTRIES.find(name) == code for code, name in choices)


def test_names_follow_the_language_of_the_page_and_stand_in_its_alphabet() -> None:
    with translation.override("tk"):
        names = [name for _code, name in COUNTRIES.choices()]
    assert names.index("Çad") < names.index("Daniýa") < names.index("Eýran")
    assert names.index("Şri-Lanka") < names.index("Taýland")
    assert names.index("Ukraina") < names.index("Wýetnam") < names.index("Ýaponiýa")
    with translation.override("ru"):
        assert COUNTRIES.name("MD") == "Молдова"
    assert COUNTRIES.name("MD", "en") == "Moldova"
    assert COUNTRIES.name("TM", "de") == "Turkmenistan"
    assert COUNTRIES.name("??", "en") == "??"


def test_turkmen_tells_lithuania_and_latvia_apart() -> None:
    assert COUNTRIES.name("LT", "tk") == "Litwa"
    assert COUNTRIES.name("LV", "tk") == "Latwiýa"
    assert COUNTRIES.find("Litwiýa") == "", "the catalogue of pycountry gives this name to both"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TM", "TM"), ("tkm", "TM"), (" Туркменистан\u00a0", "TM"), ("TÜRKMENISTAN", "TM"), ("Republic of Moldova", "MD"),
        ("Молдавия", "MD"), ("Turkey", "TR"), ("Türkiye", "TR"), ("Турция", "TR"), ("Turcia", "TR"), ("Россия", "RU"),
        ("Russian Federation", "RU"), ("Iran (Islamic Republic of)", "IR"), ("Eýran", "IR"), ("США", "US"),
        ("Cote d Ivoire", "CI"), ("Fransuz Polineziýasy", "PF"), ("ОАЭ", "AE"), ("", ""), ("Atlantis", ""), ("ZZ", ""),
    ],
)  # fmt: skip
def test_a_country_is_found_by_code_and_by_name_in_any_language(text: str, code: str) -> None:
    assert COUNTRIES.find(text) == code


@pytest.mark.parametrize("file", [standards.SINGLE, standards.MULTI], ids=["single", "multi"])
def test_countries_are_written_as_the_official_workbooks_spell_them(file: Path) -> None:
    _title, _empty, headers, *rows = standards.sheet(file, "validation")
    code, name = headers.index("Country Code"), headers.index("Country")
    assert {row[code]: row[name] for row in rows} == {
        found: COUNTRIES.official(found) for found, _ in COUNTRIES.choices()
    }
    assert all(COUNTRIES.find(row[name]) == row[code] for row in rows)


@given(st.sampled_from([*pycountry.countries]), st.sampled_from(["tk", "ru", "en", "ro"]))
def test_capitals_and_spaces_do_not_count(entry: Any, language: str) -> None:
    name = COUNTRIES.name(entry.alpha_2, language)
    assert COUNTRIES.find(f" {name.upper().replace(' ', '  ')} ") == entry.alpha_2
    assert plain(name) == plain(name.upper())


def test_a_country_pack_names_countries_its_own_way(faults_of: FaultsOf, island: Path) -> None:
    own = 'source = "Invented"\n[en]\nTM = "The mainland"\n[also]\nTM = ["Over there"]\n'
    assert faults_of("countries.toml", own) == []
    countries = packs.load(island).countries
    assert countries.name("TM", "en") == "The mainland"
    assert countries.name("RU", "en") == "Russia"
    assert countries.find("over there") == countries.find("Turkmenistan") == "TM"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ('source = "x"\n[en]\nXX = "Nowhere"\n', "en.XX", "no country XX"),
        ('source = "x"\n[en]\nTM = 3\n', "en.TM", "wrong type"),
        ('source = "x"\n[also]\nTM = ["", "a"]\n', "also.TM", "wrong type"),
        ('source = "x"\n[de]\nTM = "Turkmenistan"\n', "de", "unknown"),
        ('[en]\nTM = "Turkmenistan"\n', "source", "missing"),
    ],
)
def test_a_fault_in_the_names_of_countries_is_told(faults_of: FaultsOf, text: str, where: str, says: str) -> None:
    faults = faults_of("countries.toml", text)
    assert any(fault.where == where and says in fault.what and fault.mend for fault in faults), faults


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tk", "tk"), ("TUK", "tk"), ("Turkmen", "tk"), ("Türkmençe", "tk"), ("Русский", "ru"), ("rum", "ro"),
        ("Moldovan", "ro"), ("Farsi", "fa"), ("per", "fa"), ("Tajik", "tgk"), ("tg", "tgk"), ("sgn", "sgn"), ("", ""),
        ("Klatchian", ""),
    ],
)  # fmt: skip
def test_a_language_is_found_by_code_and_by_name(text: str, code: str) -> None:
    assert LANGUAGES.find(text) == code


def test_a_language_that_the_pack_does_not_list_keeps_its_code_and_english_name() -> None:
    assert LANGUAGES.name("tgk", "tk") == "Tajik (tgk)"
    assert LANGUAGES.name("tk", "ro") == "Turkmenă"
    assert LANGUAGES.name("??") == "??"
    assert "tgk" in LANGUAGES
    assert "tk" in LANGUAGES
    assert "??" not in LANGUAGES


def test_languages_are_written_with_the_code_that_htcds_asks_for() -> None:
    assert [LANGUAGES.official(code) for code in ("tk", "ro", "tgk")] == ["tuk", "ron", "tgk"]
    assert LANGUAGES.choices("en") == CORE.codes("language").choices("en")
