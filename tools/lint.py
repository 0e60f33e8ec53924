"""`./run lint [check …]`: every check that needs no test. All run, side by side, also after a failure; the last line sums up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What takes longest begins first. That pytest finds the tests also leaves them compiled for the processes that run them next.
CHECKS: dict[str, list[str]] = {
    "types": ["-m", "mypy"],
    "tests": ["-m", "pytest", "--collect-only", "-qq"],
    "style": ["-m", "ruff", "check", "--quiet"],
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "floors": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"],
    "locks": ["-m", "tools.locks"],
    "translations": ["-m", "tools.translations"],
    "deployment": ["-m", "tools.deployment"],
}


def main(chosen: list[str]) -> int:
    """Run the checks named, or all; return the exit code."""
    names, failed = chosen or list(CHECKS), []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, (code, output, seconds) in zip(names, pool.map(run, names), strict=True):
            print(f"{'ok' if code == 0 else 'FAILED':7}{name} ({seconds:.1f} s)", flush=True)
            if code:
                failed.append(name)
                print(output)
    print(f"{len(failed)} checks failed: {', '.join(failed)}" if failed else "lint: all is well")
    return 1 if failed else 0


def run(name: str) -> tuple[int, str, float]:
    """Exit code, output and seconds of a check."""
    started, command = time.monotonic(), [sys.executable, *CHECKS[name]]
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
