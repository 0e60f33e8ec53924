"""Lint: what is locked is pinned with a hash and names no index, and the lock holds what its `.in` file asks for."""

from __future__ import annotations

import re
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"


def faults(wanted: Path) -> list[str]:
    """Sentences about the lock of one `.in` file."""
    lock = wanted.with_suffix(".lock")
    text = lock.read_text()
    named = [line for line in text.splitlines() if re.search(r"://|--index|--extra-index|--find-links", line)]
    found = [f"{lock.name}: `{line}` names an index" for line in named]
    pinned = set()
    for entry in re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip()):
        name, exact, _rest = entry.partition("==")
        pinned.add(canonical(name))
        if not exact or "--hash=sha256:" not in entry:
            found.append(f"{lock.name}: `{entry.splitlines()[0]}` is not pinned with a hash")
    asked = {canonical(line) for line in wanted.read_text().splitlines() if re.match(r"[A-Za-z]", line)}
    return found + [f"{lock.name} lacks {name}: run `./run lock`" for name in sorted(asked - pinned)]


def canonical(requirement: str) -> str:
    """The bare name of a requirement, as indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[~<>=!; ]", requirement.strip(), maxsplit=1)[0]).lower()


if __name__ == "__main__":
    sentences = [sentence for wanted in sorted(REQUIREMENTS.glob("*.in")) for sentence in faults(wanted)]
    sys.exit("\n".join(sentences) or 0)
