"""Amanat's own files as somebody has them: a clone that follows another one, and `./run` typed in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from amanat.config.versions import Clone
from tests.served import ROOT
from tests.test_run import loaded

NEEDED = ("CHANGELOG.md", "locale", "packs", "requirements", "run", "src")
NEXT_VERSION = "- **Brand new.**"
NEXT = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "{last}")]
    operations = []
"""


def source_of_today(place: Path) -> Clone:
    """What stands here, also what is not committed yet, as a version of its own elsewhere."""
    source = Clone(place)
    listed = Clone(ROOT).git("ls-files", "--cached", "--others", "--exclude-standard", "--", *NEEDED)
    for name in filter(lambda name: (ROOT / name).is_file(), listed.splitlines()):
        (source.root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source.root / name)
    (source.root / ".gitignore").write_text("/.venv/\n/build/\n/workspaces/\n*.mo\n__pycache__/\n")
    source.git("init", "--quiet")
    _commit(source, "one")
    return source


def a_newer_version(source: Clone) -> None:
    """With one migration more, and a line in the list of changes."""
    migrations = source.root / "src" / "amanat" / "desk" / "migrations"
    last = max(migrations.glob("0*.py")).stem
    (migrations / "9000_next.py").write_text(NEXT.format(last=last))
    with (source.root / "CHANGELOG.md").open("a") as changes:
        changes.write(f"{NEXT_VERSION}\n")
    _commit(source, "two")


def cloned(source: Clone, place: Path) -> Clone:
    """A clone of it that has the packages of this run."""
    here = Clone(place)
    subprocess.run(["git", "clone", "--quiet", source.root, here.root], check=True)
    venv.create(here.packages, with_pip=False)
    folder = next(here.packages.glob("lib/*/site-packages"))
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (folder / "ours.pth").write_text("\n".join(ours))
    script = loaded(here.root / "run")
    script.put_stamp(here.packages / "installed-base", script.fingerprint([here.root / "requirements" / "base.lock"]))
    return here


def run(here: Clone, *words: str, said: str) -> subprocess.CompletedProcess[str]:
    """`./run …` in that clone, with what is typed then."""
    left_out = {"AMANAT_WORKSPACE", "AMANAT_STATIC", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
    left_out |= {"AMANAT_DATABASE", "AMANAT_DATABASE_OWNER"}
    return subprocess.run(
        [sys.executable, here.root / "run", *words],
        env={name: value for name, value in os.environ.items() if name not in left_out},
        input=f"{said}\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _commit(source: Clone, message: str) -> None:
    source.git("add", "--all")
    source.git("-c", "user.name=Test", "-c", "user.email=test@amanat.example", "commit", "--quiet", "-m", message)
