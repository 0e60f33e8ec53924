"""The papers say only what is there: tests that they name exist, words of `./run` exist, every locked package is accounted for."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.locks import canonical
from tools.turkmen import texts

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "src" / "amanat"
DOCS = ROOT / "docs"
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
THREATS = DOCS / "threat-model.md"
# What a command makes, and may not be there yet.
MADE = {"docs/benchmarks.md"}
NAMED_TEST = re.compile(r"([\w/]+\.py)::(test_\w+)")


def named(paper: Path) -> str:
    return paper.relative_to(ROOT).as_posix()


def functions_of(file: Path) -> set[str]:
    if not file.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def place_of(path: str) -> Path:
    return (ROOT if path.startswith("tests/") else HOUSE) / path


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_test_that_a_paper_names_exists(paper: Path) -> None:
    missing = [
        f"{path}::{test}"
        for path, test in NAMED_TEST.findall(paper.read_text())
        if test not in functions_of(place_of(path))
    ]
    assert missing == []


def threats() -> list[str]:
    """The lines that say what an adversary gets, and what stops them."""
    adversaries = (
        THREATS.read_text().split("## The seized laptop")[1].split("## What a seizure of each machine gives")[0]
    )
    return [line for line in adversaries.splitlines() if line.startswith("- ")]


def test_every_line_of_the_threat_model_names_its_test_or_says_that_nothing_defends() -> None:
    assert len(threats()) > 50
    assert [line for line in threats() if not NAMED_TEST.search(line) and "**not defended**" not in line] == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_file_that_a_paper_names_exists(paper: Path) -> None:
    told = re.findall(
        r"`((?:docs|tests|tools|packs|requirements|src|\.ci)/[\w./-]+)`|\]\(([\w./-]+)\)", paper.read_text()
    )
    assert [path for pair in told for path in pair if path and path not in MADE and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_every_word_of_run_that_a_paper_names_exists(paper: Path) -> None:
    script = (ROOT / "run").read_text()
    said = set(re.findall(r"\./run ([a-z]+)", paper.read_text()))
    assert [word for word in sorted(said) if f"./run {word}" not in script] == []


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / f"{name}.lock").read_text(), re.MULTILINE))


def listed(section: str) -> set[str]:
    """The packages in the tables of a section of the page of dependencies."""
    told = (DOCS / "dependencies.md").read_text().split(f"## {section}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| ([a-z][\w.-]*) \|", told, re.MULTILINE)) - {"package"}


def test_every_locked_package_has_its_line_and_its_licence() -> None:
    assert listed("What it runs on") == locked("base")
    assert listed("What its tests, lint and bench need besides") == (locked("dev") | locked("uv")) - locked("base")
    assert listed("What `./run bench data` is compared with") == locked("peers")


# Imports every module of the product, with what is installed for development out of reach.
START = """
import pkgutil, sys
sys.path.insert(0, {source!r})
sys.modules.update(dict.fromkeys({blocked!r}))
import django
django.setup()
import amanat
apart = {{"tests", "migrations", "__main__", "serving"}}
for module in pkgutil.walk_packages(amanat.__path__, "amanat."):
    if not apart & set(module.name.split(".")):
        __import__(module.name)
"""


def test_the_product_starts_with_nothing_but_the_packages_it_runs_on() -> None:
    development = locked("dev") - locked("base")
    blocked = sorted(
        name
        for name, packages in packages_distributions().items()
        if {canonical(each) for each in packages} <= development
    )
    assert {"pytest", "django_stubs_ext"} <= set(blocked)
    done = subprocess.run(
        [sys.executable, "-c", START.format(source=str(HOUSE.parent), blocked=blocked)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_turkmen_texts_that_a_reader_is_asked_about_are_those_that_are_shown() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]*\|$", (DOCS / "translations.md").read_text(), re.MULTILINE)[1:]
    shown = list(texts())
    held = {(text.english, text.turkmen) for text in shown}
    files = {text.where.split(":")[0] for text in shown}
    assert {"pages", "packs/core/procedures.toml", "packs/core/forms/first_contact.md"} <= files
    assert [text for text in shown if text.where.startswith("packs/core/forms/") and not text.turkmen] == []
    assert len(rows) > 20
    assert [row for row in rows if row not in held and set(row[0]) != {"-"}] == []
