"""`./run update` as somebody types it: in a clone that follows another one, with a real workspace, from one version to the next."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from amanat.config.tree.supervisor import only_one
from amanat.config.versions import Clone
from tests.clones import NEXT_VERSION, a_newer_version, cloned, source_of_today
from tests.clones import run as type_it
from tests.released import WORDS

pytestmark = pytest.mark.sqlcipher_only  # how tables are tried is tests/test_upgrade.py's, on both
MAKE = f"""
import django
from amanat.config import workspaces
from amanat.vault import recovery
from amanat.vault.keys import Passphrase
made = workspaces.make_real(workspaces.folder(), "{WORDS}", "localhost")
held = made.unlock(Passphrase("{WORDS}", made.header.provider))
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
made.trust(recovery.create(["Ogul", "Serdar", "Maria"]), held, "2026-11-26T00:00:00+00:00")
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return source_of_today(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def here(source: Clone, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone of it with packages and a workspace; meanwhile there is a newer version."""
    here = cloned(source, tmp_path_factory.mktemp("here") / "amanat")
    environment = {"AMANAT_WORKSPACE": str(here.root / "workspaces" / "real"), "PYTHONPATH": str(here.root / "src")}
    settings = {"DJANGO_SETTINGS_MODULE": "amanat.config.settings"}
    subprocess.run([sys.executable, "-c", MAKE], env=os.environ | environment | settings, check=True)
    a_newer_version(source)
    return here


def run(here: Clone, *words: str) -> subprocess.CompletedProcess[str]:
    return type_it(here, *words, said=WORDS)


@pytest.fixture(scope="module")
def updated(here: Clone) -> Clone:
    """At the newest version, brought there by the first test, or here where another process has that one."""
    if here.git("rev-list", "--count", "HEAD") == "1":
        assert run(here, "update").returncode == 0
    return here


def test_one_word_brings_amanat_and_the_workspace_to_the_newest_version(source: Clone, here: Clone) -> None:
    workspace = here.root / "workspaces" / "real"
    done = run(here, "update")
    assert done.returncode == 0, done.stdout
    assert f"newer is {source.told('HEAD')}" in done.stdout
    assert NEXT_VERSION in done.stdout
    assert "Done. This serves it" in done.stdout
    assert here.head() == source.head()
    assert not (here.root / "build" / "next").exists()
    assert not (here.root / "build" / "moving").exists()
    assert here.packages.is_dir()
    # By the version in use before, where no place was arranged.
    backup = next((here.root / "workspaces").glob("real-before-*"))
    assert list(backup.glob("*.keys.age"))
    assert (workspace / "amanat.db.before").exists()

    again = run(here, "update", str(workspace))
    assert again.returncode == 0, again.stdout
    assert "and nothing newer" in again.stdout
    assert "the workspace is up to date" in again.stdout

    assert run(here, "update", "--forget").returncode == 0
    assert not (workspace / "amanat.db.before").exists()


def test_whoever_serves_may_ask_whether_there_is_anything_newer(updated: Clone) -> None:
    here = updated
    serving = only_one(here.root / "workspaces" / "real")
    done = run(here, "update")
    os.close(serving)
    assert done.returncode == 0
    assert "nothing newer" in done.stdout
    assert "The workspace is being served; whether" in done.stdout


def test_what_cannot_be_is_said_before_anything_is_asked(here: Clone) -> None:
    assert "There is no version nowhere in this clone" in run(here, "update", "--to", "nowhere").stdout
    assert "--to lacks its value" in run(here, "update", "--to").stdout
    assert "holds no workspace" in run(here, "update", "elsewhere").stdout


def test_any_word_first_finishes_what_an_update_left_half_moved(updated: Clone) -> None:
    here = updated
    (here.root / "build" / "moving").write_text(f"{here.git('rev-parse', 'HEAD~1')}\n{here.head()}\n/nowhere")
    (here.root / "CHANGELOG.md").unlink()
    assert "./run update" in run(here, "help").stdout
    assert (here.root / "CHANGELOG.md").exists()
    assert not (here.root / "build" / "moving").exists()
