"""`./run lint [check …]`: every check that needs no test. All run, also after a failure; the last line sums up."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHECKS: dict[str, list[str]] = {
    "style": ["-m", "ruff", "check", "--quiet"],
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "types": ["-m", "mypy"],
    "floors": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"],
    "locks": ["-m", "tools.locks"],
    "translations": ["-m", "tools.translations"],
    "deployment": ["-m", "tools.deployment"],
}


def main(chosen: list[str]) -> int:
    """Run the checks named, or all; return the exit code."""
    failed = []
    for name in chosen or CHECKS:
        started = time.monotonic()
        code, output = run(CHECKS[name])
        print(f"{'ok' if code == 0 else 'FAILED':7}{name} ({time.monotonic() - started:.1f} s)", flush=True)
        if code:
            failed.append(name)
            print(output)
    print(f"{len(failed)} checks failed: {', '.join(failed)}" if failed else "lint: all is well")
    return 1 if failed else 0


def run(arguments: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
