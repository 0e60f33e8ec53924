"""Amanat's own files as a clone: what is newer, what gets ready beside, and that a change of files is whole or did not happen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amanat.config.versions import LOCK, Clone, NoUpdate

pytestmark = pytest.mark.sqlcipher_only  # there is no database in it
NOBODY = ("-c", "user.name=Test", "-c", "user.email=test@amanat.example")


def commit(clone: Clone, **files: str) -> str:
    for name, text in files.items():
        path = clone.root / (LOCK if name == "lock" else name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    clone.git("add", "--all")
    clone.git(*NOBODY, "commit", "--quiet", "-m", "a version")
    return clone.head()


@pytest.fixture
def source(tmp_path: Path) -> Clone:
    source = Clone(tmp_path / "source")
    source.root.mkdir()
    source.git("init", "--quiet")
    commit(source, **{"CHANGELOG.md": "old\n", "words": "one", "lock": "packages", ".gitignore": "/.venv\n/build/\n"})
    return source


@pytest.fixture
def here(source: Clone, tmp_path: Path) -> Clone:
    here = Clone(tmp_path / "here")
    subprocess.run(["git", "clone", "--quiet", source.root, here.root], check=True)
    here.packages.mkdir()
    (here.packages / "former").touch()
    return here


def words(clone: Clone) -> str:
    return (clone.root / "words").read_text()


def test_a_newer_version_is_shown_with_what_is_new_and_got_ready_beside(source: Clone, here: Clone) -> None:
    commit(source, **{"CHANGELOG.md": "old\nnew lines\n", "words": "two"})
    said: list[str] = []
    beside = here.get_ready("", said.append)
    assert "new lines" in said[0].splitlines()
    assert beside
    assert (beside / "words").read_text() == "two"
    assert words(here) == "one"
    # As much again is taken up, and a still newer one takes its place.
    newest = commit(source, words="three")
    assert here.get_ready("", said.append) == beside
    assert Clone(beside).head() == newest


def test_the_newest_one_is_the_newest(here: Clone) -> None:
    said: list[str] = []
    assert here.get_ready("", said.append) is None
    assert "nothing newer" in said[0]


def test_own_changes_are_never_lost(source: Clone, here: Clone) -> None:
    commit(source, words="two", mine="theirs")
    (here.root / "mine").write_text("mine")
    with pytest.raises(NoUpdate, match="mine"):
        here.newer()
    (here.root / "mine").unlink()
    (here.root / "words").write_text("own")
    with pytest.raises(NoUpdate, match="were changed here"):
        here.newer()


def test_what_does_not_follow_on_this_version_is_none(source: Clone, here: Clone) -> None:
    first, second = here.head(), commit(source, words="two")
    here.git("fetch", "--quiet")
    commit(here, words="own way")
    with pytest.raises(NoUpdate, match="does not follow"):
        here.newer()
    with pytest.raises(NoUpdate, match="does not follow"):
        here.newer(second)
    with pytest.raises(NoUpdate, match="does not follow"):
        here.newer(first)


def test_who_follows_no_branch_names_a_version(source: Clone, here: Clone) -> None:
    second = commit(source, words="two")
    here.git("fetch", "--quiet")
    here.git("checkout", "--quiet", "--detach")
    with pytest.raises(NoUpdate, match="--to COMMIT"):
        here.newer()
    assert here.newer(second) == second
    with pytest.raises(NoUpdate, match="no version nowhere"):
        here.newer("nowhere")


def test_an_address_that_is_not_reached_is_said(source: Clone, here: Clone) -> None:
    source.root.rename(source.root.with_name("gone"))
    with pytest.raises(NoUpdate, match="fetch"):
        here.newer()


def test_packages_are_shared_where_the_same_ones_are_needed(source: Clone, here: Clone) -> None:
    commit(source, words="two")
    beside = Clone(here.beside(here.newer()))
    assert beside.packages.is_symlink()
    commit(source, lock="other packages")
    here.beside(here.newer())
    assert not beside.packages.exists()
    assert (here.packages / "former").exists()


def test_files_and_packages_change_over_together(source: Clone, here: Clone, tmp_path: Path) -> None:
    second = got_ready(source, here)
    with here.moved(second, tmp_path / "trial"):
        pass
    here.settle()
    assert words(here) == "two"
    assert {path.name for path in here.packages.iterdir()} == {"fresh"}
    assert not here.next.exists()
    assert {path.name for path in (here.root / "build").iterdir()} == set()
    assert here.git("worktree", "list").count("\n") == 0


def test_where_the_rest_fails_the_files_go_back(source: Clone, here: Clone, tmp_path: Path) -> None:
    second = got_ready(source, here)

    def fail() -> None:
        with here.moved(second, tmp_path / "trial"):
            assert words(here) == "two"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert words(here) == "one"
    assert (here.packages / "former").exists()
    assert not (here.root / "build" / "moving").exists()


@pytest.mark.parametrize(("trial_is_there", "then"), [(True, "one"), (False, "two")])
def test_who_was_cut_off_goes_back_or_forward(
    source: Clone, here: Clone, tmp_path: Path, trial_is_there: bool, then: str
) -> None:
    second, trial = got_ready(source, here), tmp_path / "trial"
    (here.root / "build" / "moving").write_text(f"{here.head()}\n{second}\n{trial}")
    (here.root / "words").write_text("half")
    (here.root / ".git" / "index.lock").touch()
    if trial_is_there:
        trial.touch()
    here.settle()
    assert words(here) == then
    assert not here.git("status", "--porcelain")
    assert (here.packages / "fresh").exists() is not trial_is_there


def test_who_was_cut_off_between_the_two_packages_gets_the_new_ones(source: Clone, here: Clone) -> None:
    second = got_ready(source, here)
    (here.root / "build" / "moving").write_text(f"{here.head()}\n{second}\n/nowhere")
    here.packages.rename(here.root / "build" / "former")
    here.settle()
    assert (here.packages / "fresh").exists()
    assert not (here.root / "build" / "former").exists()


def test_two_do_not_change_files_at_once(source: Clone, here: Clone, tmp_path: Path) -> None:
    second = got_ready(source, here)
    with here.moved(second, tmp_path / "trial"), pytest.raises(NoUpdate, match="in a moment"):
        here.settle()


def got_ready(source: Clone, here: Clone) -> str:
    """A newer version beside this one, with packages of its own."""
    second = commit(source, words="two", lock="other packages")
    here.git("fetch", "--quiet")
    beside = Clone(here.beside(second))
    beside.packages.mkdir()
    (beside.packages / "fresh").touch()
    return second
