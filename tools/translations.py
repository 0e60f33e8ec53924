"""Lint: every message of the source stands in each language's catalogue, translated and not fuzzy.

The messages are gathered anew into a copy, so that one nobody has put into the catalogues yet is found too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("tk", "ru", "ro")  # English is the source


def main() -> str:
    """Return the complaints; empty where all is well."""
    if not shutil.which("msgattrib"):
        return "gettext is not installed (Debian: apt-get install gettext)"
    with tempfile.TemporaryDirectory(prefix="amanat-lint-") as folder:
        copy = Path(folder)
        for name in ("src", "locale", "packs"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.mo", "tests", "__pycache__"))
        gather(copy)
        return "\n".join(complaint for language in LANGUAGES for complaint in complaints(copy, language))


def gather(copy: Path) -> None:
    """Bring the copy's catalogues up to date with its source."""
    languages = [f"--locale={language}" for language in LANGUAGES]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "AMANAT_WORKSPACE": str(copy / "none")}
    options = ["--no-location", "--no-obsolete", "--no-wrap"]
    command = [sys.executable, "-m", "amanat", "makemessages", *languages, *options]
    subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)


def complaints(copy: Path, language: str) -> list[str]:
    found = []
    for catalogue in sorted(copy.glob(f"**/locale/{language}/LC_MESSAGES/*.po")):
        checked = ran("msgfmt", "--check-format", "--output-file=/dev/null", str(catalogue))
        missing = ran("msgattrib", "--untranslated", "--no-wrap", str(catalogue))
        fuzzy = ran("msgattrib", "--only-fuzzy", "--no-wrap", str(catalogue))
        name = catalogue.relative_to(copy)
        found += [f"{name}: {line}" for line in checked.splitlines()]
        found += [f"{name}: not translated: {message}" for message in messages(missing)]
        found += [f"{name}: fuzzy: {message}" for message in messages(fuzzy)]
    return found


def ran(*command: str) -> str:
    """What one of gettext's programs printed, or its complaint."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else done.stderr


def messages(catalogue: str) -> list[str]:
    """The first line of each message, without the header's empty one."""
    return [line[6:] for line in catalogue.splitlines() if line.startswith("msgid ") and line != 'msgid ""']


if __name__ == "__main__":
    sys.exit(main() or 0)
