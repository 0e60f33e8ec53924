"""`init`: a real workspace with its first people, no password anywhere, and nothing half done that can't be finished."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from amanat.config.workspaces import WeakPassphrase, check_words, propose_words

WORDS = "tokan mirub selod karif nodal vezum"
HOST, OWN, AGAIN = "", WORDS, WORDS
PEOPLE = ["Northern Network", "", "viktor", "Viktor", "kerim", "Kerim", "maral", "Maral", "aman", "Aman"]
CODE = re.compile(r"^  (\w+) +((?:\d{5}-){7}\d{5})$", re.MULTILINE)
pytestmark = pytest.mark.sqlcipher_only  # it makes a database file of its own


def amanat(folder: Path, *command: str, said: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AMANAT_WORKSPACE": str(folder), "PYTHONPATH": "src"}
    lines = "".join(f"{line}\n" for line in said or [])
    return subprocess.run(
        [sys.executable, "-m", "amanat", *command],
        env=environment,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A real workspace and what `init` said."""
    folder = tmp_path_factory.mktemp("real") / "workspace"
    done = amanat(folder, "init", said=[HOST, OWN, AGAIN, *PEOPLE])
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_each_of_the_first_four_gets_a_code_of_their_own_and_no_password(made: tuple[Path, str]) -> None:
    codes = dict(CODE.findall(made[1]))
    assert list(codes) == ["Viktor", "Kerim", "Maral", "Aman"]
    assert len(set(codes.values())) == 4


def test_nobody_can_sign_in_by_a_password_before_they_have_set_one(made: tuple[Path, str]) -> None:
    script = (
        "from amanat.people.models import User; print(sum(user.has_usable_password() for user in User.objects.all()))"
    )
    assert amanat(made[0], "shell", "-c", script, said=[WORDS]).stdout.split()[-1] == "0"


def test_it_says_that_there_is_no_recovery_yet(made: tuple[Path, str]) -> None:
    assert "There is no recovery yet" in made[1]


def test_it_is_never_made_twice(made: tuple[Path, str]) -> None:
    again = amanat(made[0], "init", said=[WORDS, *PEOPLE])
    assert again.returncode != 0
    assert "is a workspace already" in again.stderr


def test_other_words_do_not_open_it_and_give_a_sentence(made: tuple[Path, str]) -> None:
    done = amanat(made[0], "audit", "head", said=["some other words that are long enough"])
    assert done.returncode == 1
    assert "does not open the workspace" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_that_stopped_half_way_is_finished_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    stopped = amanat(folder, "init", said=[HOST, OWN, AGAIN, *PEOPLE[:3]])
    assert "nothing was finished" in stopped.stderr
    finished = amanat(folder, "init", said=[WORDS, *PEOPLE])
    assert finished.returncode == 0, finished.stderr
    assert len(CODE.findall(finished.stdout)) == 4


def test_the_proposed_words_are_six_and_strong_and_never_the_same() -> None:
    proposed = propose_words()
    check_words(proposed)
    assert len(proposed.split()) == 6
    assert proposed != propose_words()


@pytest.mark.parametrize("weak", ["", "password", "aaaa " * 8, "one two three four", "short a b c d e"])
def test_weak_words_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        check_words(weak)


def test_the_demo_country_is_never_loaded_into_a_real_workspace(made: tuple[Path, str]) -> None:
    done = amanat(made[0], "demo", said=[WORDS])
    assert done.returncode != 0
    assert "is a real workspace" in done.stderr
