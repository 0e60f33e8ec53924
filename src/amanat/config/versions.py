"""Amanat's own files, a clone of git: which version is newer, getting it ready beside the one in use, and changing over.

Only the standard library is presumed: `./run` uses this before anything is installed. It speaks English, as `./run` does.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path("requirements", "base.lock")
LAST_LINES = 15  # of what a program said when it failed


class NoUpdate(Exception):
    """Why there is no changing over; a sentence."""


class Clone:
    """The files in `root`. While they change over, `build/moving` tells from where to where, so that whoever comes next can finish it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.next = root / "build" / "next"
        self.packages = root / ".venv"
        self._moving = root / "build" / "moving"

    def git(self, *words: str) -> str:
        """Raises:
        NoUpdate: with what git said.
        """
        try:
            done = subprocess.run(["git", "-C", str(self.root), *words], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise NoUpdate("Git is not installed. On Debian and Ubuntu: sudo apt-get install git") from None
        if done.returncode:
            raise NoUpdate(f"`git {' '.join(words)}` failed:\n{last_lines(done.stderr)}")
        return done.stdout.strip()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def told(self, commit: str) -> str:
        """A version as people call it: `1a2b3c4 of 2026-11-26`."""
        return self.git("show", "--no-patch", "--format=%h of %cs", commit)

    def news(self, commit: str) -> list[str]:
        """The lines of CHANGELOG.md that are new in it; where there are none, what its commits say of themselves."""
        lines = self.git("diff", "--unified=0", "HEAD", commit, "--", "CHANGELOG.md").splitlines()
        added = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
        return added or self.git("log", "--format=- %s", f"HEAD..{commit}").splitlines()

    # --- finding it, and getting it ready -----------------------------------------------------------------------------

    def get_ready(self, to: str, say: Callable[[str], None]) -> Path | None:
        """The folder of the newer version beside this one; None where this is the newest.

        Raises:
            NoUpdate: see `newer`; or git failed.
        """
        commit = self.newer(to)
        if commit == self.head():
            say(f"Here is {self.told('HEAD')}, and nothing newer.")
            return None
        say("\n".join([f"Here is {self.told('HEAD')}; newer is {self.told(commit)}.", *self.news(commit), ""]))
        say("Getting it ready beside the one in use …")
        return self.beside(commit)

    def newer(self, to: str = "") -> str:
        """The newest version of the branch that this clone follows, or the one that `to` names; HEAD where that is it.

        Raises:
            NoUpdate: files were changed here, no branch is followed, or what was named is no newer one.
        """
        if not to:
            self._fetch()
        commit = self._commit(to or "@{upstream}")
        common = self.git("merge-base", "HEAD", commit)
        if common == commit and (not to or commit == self.head()):
            return self.head()
        if self.git("status", "--porcelain", "--untracked-files=no"):
            raise NoUpdate("Files of Amanat were changed here; an update would lose that. `git status` shows them.")
        if common != self.head():
            raise NoUpdate(f"{to or 'The version elsewhere'} does not follow on the version here, {self.told('HEAD')}.")
        self.git("read-tree", "--dry-run", "-m", "-u", "HEAD", commit)  # would a file of somebody's own be overwritten?
        return commit

    def _fetch(self) -> None:
        try:
            self.git("rev-parse", "@{upstream}")
        except NoUpdate:
            raise NoUpdate(
                "This clone follows no branch elsewhere, so that it can't know of a newer version. "
                "Name one that is here: ./run update --to COMMIT"
            ) from None
        self.git("fetch", "--quiet")

    def _commit(self, name: str) -> str:
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except NoUpdate:
            raise NoUpdate(f"There is no version {name} in this clone.") from None

    def beside(self, commit: str) -> Path:
        """The folder with the files of another version. Where it needs the same packages, it has those of the version in use."""
        if (self.next / ".git").exists():
            Clone(self.next).git("checkout", "--quiet", "--force", "--detach", commit)
        else:
            shutil.rmtree(self.next, ignore_errors=True)
            self.git("worktree", "prune")
            self.git("worktree", "add", "--quiet", "--force", "--detach", str(self.next), commit)
        packages = Clone(self.next).packages
        if packages.is_symlink():
            packages.unlink()
        if not packages.exists() and (self.next / LOCK).read_bytes() == (self.root / LOCK).read_bytes():
            packages.symlink_to(self.packages)
        return self.next

    # --- changing over ------------------------------------------------------------------------------------------------

    @contextmanager
    def moved(self, commit: str, trial: Path) -> Iterator[None]:
        """The files are those of `commit` from here on; if the block fails, they are as they were.

        Who is cut off inside is taken up by `settle`: back where the file `trial` is still there, else forward.
        """
        before = self.head()
        self._moving.parent.mkdir(exist_ok=True)
        with self._moving.open("a") as told:
            _claim(told.fileno())
            told.truncate(0)
            told.write("\n".join([before, commit, str(trial)]))
            told.flush()
            os.fsync(told.fileno())
            try:
                self._stand_at(commit)
                yield
            except BaseException:
                self._stand_at(before)
                self._moving.unlink()
                raise

    def settle(self) -> None:
        """Finish changing over, also for somebody who was cut off; nothing is imported on the way, since the packages move too."""
        with self._moving.open() as told:
            _claim(told.fileno())
            moving = told.read().split("\n")
            if len(moving) == 3:  # else nothing had moved yet
                self._settle(*moving)
            self._moving.unlink()

    def _settle(self, before: str, commit: str, trial: str) -> None:
        Path(self.root, self.git("rev-parse", "--git-path", "index.lock")).unlink(missing_ok=True)
        if Path(trial).exists():
            self._stand_at(before)
        else:
            self._stand_at(commit)
            self._take_packages()
        os.sync()

    def _stand_at(self, commit: str) -> None:
        self.git("reset", "--quiet", "--hard", commit)

    def _take_packages(self) -> None:
        """Those of the version that was got ready beside; then its folder goes."""
        fresh, former = Clone(self.next).packages, self.root / "build" / "former"
        if fresh.is_dir() and not fresh.is_symlink():
            if self.packages.exists():
                shutil.rmtree(former, ignore_errors=True)
                self.packages.rename(former)
            fresh.rename(self.packages)
        shutil.rmtree(former, ignore_errors=True)
        shutil.rmtree(self.next, ignore_errors=True)
        self.git("worktree", "prune")


def _claim(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NoUpdate("Amanat is just changing over to a newer version. Try again in a moment.") from None


def last_lines(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-LAST_LINES:])
