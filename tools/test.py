"""`./run test [--all] [pytest arguments]`: the suite on SQLCipher, then on PostgreSQL. pytest's own line closes each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser import chromium
from tests.odk import building
from tests.postgres import NoPostgres, throw_away_cluster

NO_TESTS = 5  # pytest's exit code when nothing was selected


def main(arguments: list[str]) -> int:
    """Run both, also when the first fails; return the first exit code of pytest that is not zero."""
    if "--all" in arguments:
        arguments.remove("--all")
        os.environ["AMANAT_TEST_ALL"] = "1"
    for name in ("AMANAT_DATABASE", "AMANAT_DATABASE_OWNER", "AMANAT_WORKSPACE"):
        os.environ.pop(name, None)
    if lacking := [*missing_tools(), *missing_client(arguments)]:
        print(*lacking, sep="\n", file=sys.stderr)
        if os.environ.get("CI"):
            return 1
    codes = [on_sqlcipher(arguments), on_postgres(arguments)]
    return next((code for code in codes if code), 0)


def missing_tools() -> list[str]:
    """A sentence for each tool that some tests need and this machine lacks."""
    sentences = {
        "chromium": (
            "Tests in a browser are skipped: Chromium is not installed (Debian: apt-get install chromium-headless-shell)."
        ),
        "msgfmt": "Tests of the translations may fail: gettext is not installed (Debian: apt-get install gettext).",
    }
    found = {"chromium": chromium(), "msgfmt": shutil.which("msgfmt")}
    return [sentence for name, sentence in sentences.items() if not found[name]]


def missing_client(arguments: list[str]) -> list[str]:
    """Fetch ODK's own engine of forms, where its tests may run; a sentence where that can't be done."""
    wanted = not arguments or any("odk" in argument for argument in arguments)
    return [sentence for sentence in [building.why_not() if wanted else ""] if sentence]


def on_sqlcipher(arguments: list[str]) -> int:
    return unless_nothing_fits(pytest(arguments, {}), arguments)


def on_postgres(arguments: list[str]) -> int:
    try:
        with throw_away_cluster() as cluster:
            urls = {"AMANAT_DATABASE": cluster.application, "AMANAT_DATABASE_OWNER": cluster.owner}
            code = pytest(arguments, urls | ({} if os.environ.get("AMANAT_TEST_ALL") else {"AMANAT_WALK": "sample"}))
    except NoPostgres as error:
        print(f"The suite was not run on PostgreSQL: {error}.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    return unless_nothing_fits(code, arguments)


def unless_nothing_fits(code: int, arguments: list[str]) -> int:
    """Tests that a person names may all be about the other database; the whole suite may not."""
    return 0 if code == NO_TESTS and arguments else code


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """The whole suite takes a process a core and one more, since many wait for processes of their own; named tests take one."""
    spread = [] if arguments else [f"--numprocesses={(os.cpu_count() or 1) + 1}", "--dist=worksteal"]
    command = [sys.executable, "-m", "pytest", *spread, *arguments]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
