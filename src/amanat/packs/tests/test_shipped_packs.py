"""What Amanat ships: `core` and the demo country are whole in four languages, and the demo's people and children fit."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from amanat import packs
from amanat.packs.tests import SHIPPED

LANGUAGES = {"tk", "ru", "en", "ro"}

CORE = packs.load(SHIPPED / "core")
LISTS = CORE.part(packs.codes.CODES)

HTCDS = {
    "sex": {
        "Feminine",
        "Masculine",
        "TransgenderFeminine",
        "TransgenderMasculine",
        "NonConforming",
        "NonSpecifiedUnknown",
    },
    "agency_kind": {
        "NGO",
        "LawEnforcement",
        "HealthServiceOrganisation",
        "CentralGovernmentOrganisation",
        "LocalGovernmentOrganisation",
        "ImmigrationService",
        "LegalService",
        "CorporateBusiness",
        "SchoolOrCollege",
    },
}


def test_the_lists_that_casework_needs_are_there() -> None:
    assert {name for name in LISTS if not name.startswith("htcds_")} >= {
        "agency_kind", "birth_date_certainty", "closing_reason", "consent_given_by", "consent_purpose", "document_kind",
        "emergency_judgement", "form_group", "language", "override_ground", "priority", "region", "relation", "reopening_reason",
        "risk", "sex", "stage",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_code_has_a_label_of_its_own_in_four_languages(name: str) -> None:
    code_list = LISTS[name]
    assert set(code_list.title.texts) == LANGUAGES
    assert code_list.source
    for language in LANGUAGES:
        labels = [code.label.text(language) for code in code_list.codes]
        assert len(set(labels)) == len(labels)
        assert all(set(code.label.texts) == LANGUAGES for code in code_list.codes)


def test_romanian_is_written_with_comma_below_and_turkmen_in_its_own_alphabet() -> None:
    turkmen = set("abçdeäfghijžklmnňoöprsştuüwyýz")
    lists = [code_list for name, code_list in LISTS.items() if name != "htcds_websites"]  # names of firms
    texts = [text for code_list in lists for text in [code_list.title, *(code.label for code in code_list.codes)]]
    for section in CORE.sections():
        texts += [section.title, section.help, *(field.label for field in section.fields)]
        texts += [field.help for field in section.fields]
    for text in texts:
        assert not set(text.text("ro")) & set("şţŞŢ")
        letters = {sign for sign in text.text("tk").lower() if sign.isalpha()}
        assert letters <= turkmen, text.text("tk")


@pytest.mark.parametrize("name", sorted(HTCDS))
def test_lists_that_htcds_has_use_its_values(name: str) -> None:
    assert {code.code for code in LISTS[name].codes} == {code.htcds for code in LISTS[name].codes} == HTCDS[name]


def test_every_stage_and_reason_for_closing_has_an_htcds_status() -> None:
    codes = [*LISTS["stage"].codes, *LISTS["closing_reason"].codes]
    assert {code.htcds for code in codes} == {"Active", "FollowUp", "Closed", "ClosedReferred"}


def test_each_priority_says_what_it_demands_and_that_nobody_verified_it() -> None:
    times = {code.code: code.within for code in LISTS["priority"].codes}
    assert times == {"P1": timedelta(minutes=15), "P2": timedelta(hours=4), "P3": timedelta(hours=72), "P4": None}
    assert all(code.help and not code.verified for code in LISTS["priority"].codes)


def test_every_period_of_keeping_names_its_source() -> None:
    assert CORE.retention
    for period in CORE.retention.values():
        assert period.source
        assert set(period.label.texts) == set(period.starts.texts) == LANGUAGES


def test_a_period_ends_on_a_day_that_exists() -> None:
    assert CORE.retention["closed_case"].last_day(date(2024, 2, 29)) == date(2034, 2, 28)
    assert CORE.retention["draft"].last_day(date(2026, 1, 31)) == date(2026, 3, 2)


@pytest.mark.usefixtures("demo_loader")
@pytest.mark.parametrize("name", ["core", "demo"])
def test_the_shipped_packs_have_no_faults(name: str) -> None:
    assert packs.check(SHIPPED / name) == []


# --- the demo country: the room that loads it is higher up, so here its files are only read ---------------------------


def demo(file: str) -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "demo" / "demo" / file).read_text(encoding="utf-8"))


WORKERS = {worker["username"]: worker for worker in demo("people.toml")["worker"]}
CHILDREN = demo("children.toml")["child"]


def test_every_role_has_somebody_and_each_agency_of_the_story_a_supervisor() -> None:
    roles = [role for worker in WORKERS.values() for role in [worker["role"], *worker.get("also", [])]]
    assert set(roles) == {
        "social_worker", "hotline_operator", "psychologist", "lawyer", "health_worker", "centre_worker", "supervisor",
        "coordinator", "dpo", "administrator", "trainer", "outreach_officer", "statistician",
    }  # fmt: skip
    assert roles.count("dpo") == 2
    supervised = {worker["agency"] for worker in WORKERS.values() if worker["role"] == "supervisor"}
    assert supervised == {"saya", "daray", "hotline"}


def test_workers_belong_to_sites_that_exist_and_kinds_are_codes() -> None:
    agencies = {agency["code"]: agency for agency in demo("people.toml")["agency"]}
    assert all(agency["kind"] in LISTS["agency_kind"] for agency in agencies.values())
    for worker in WORKERS.values():
        assert worker["site"] in {site["code"] for site in agencies[worker["agency"]]["site"]}
        assert {worker["language"], *worker["speaks"]} <= LANGUAGES
    sites = [site for agency in agencies.values() for site in agency["site"]]
    assert {len(site) for site in sites} == {3}


@pytest.mark.usefixtures("demo_loader")
@pytest.mark.parametrize("child", CHILDREN, ids=lambda child: child["code"])
def test_a_demo_child_fits_the_code_lists_and_the_cast(child: dict[str, Any]) -> None:
    pack = packs.load(SHIPPED / "demo")
    lists = {"region": "region", "sex": "sex", "stage": "stage", "risk": "risk", "priority": "priority"}
    lists |= {"birth_date_certainty": "birth_date_certainty", "closing_reason": "closing_reason"}
    lists |= {"document_kind": "document_kind", "language": "language"}
    for key, name in lists.items():
        assert child.get(key) is None or child[key] in pack.codes(name)
    assert {child["manager"], *child.get("circle", ())} <= set(WORKERS)
    assert set(child["names"]) == {"latin", "cyrillic"}
    assert child["note"]
    for note in child["note"]:
        assert note["by"] in {child["manager"], *child.get("circle", ())}
        assert note["language"] in LANGUAGES
        assert 0 <= note["days_ago"] <= child["opened_days_ago"]
    assert child.get("closed_days_ago", 0) <= child["opened_days_ago"]


def test_siblings_in_the_demo_name_each_other() -> None:
    siblings = {child["code"]: child.get("siblings", []) for child in CHILDREN}
    assert siblings["aylar"] == ["begenc"]
    assert all(one in siblings[other] for one, others in siblings.items() for other in others)


def test_notes_are_in_four_languages() -> None:
    assert {note["language"] for child in CHILDREN for note in child["note"]} == LANGUAGES


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/**/*.toml")), ids=lambda path: "/".join(path.parts[-2:]))
def test_no_source_says_that_it_was_remembered(path: Path) -> None:
    """That nobody checked it is said once, by `verified = false`: pages have one mark for it."""
    sources = [line for line in path.read_text().splitlines() if line.startswith("source")]
    words = ("from memory", "ýatdan", "по памяти", "din memorie")
    assert [line for line in sources for word in words if word in line.lower()] == []
