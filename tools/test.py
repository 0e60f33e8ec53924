"""`./run test [--all] [pytest arguments]`: the suite on both databases. pytest's own line closes each.

The whole suite runs on both side by side, so that no core waits where one of the two waits for processes, a browser or its last test;
what was said of PostgreSQL is shown when it is done on SQLCipher. Named tests run on one after the other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from tests.browser import chromium
from tests.odk import building
from tests.postgres import Cluster, NoPostgres, throw_away_cluster

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
    codes = one_after_the_other(arguments) if arguments else side_by_side()
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


def one_after_the_other(arguments: list[str]) -> list[int]:
    """Of each database the exit code; 0 where no named test is about it."""
    codes = [subprocess.run(pytest(arguments), check=False).returncode]
    try:
        with throw_away_cluster() as cluster:
            codes.append(subprocess.run(pytest(arguments), env=on_postgres(cluster), check=False).returncode)
    except NoPostgres as error:
        codes.append(without_postgres(error))
    return [0 if code == NO_TESTS else code for code in codes]


def side_by_side() -> list[int]:
    """Of processes, for SQLCipher as many as there are cores and one more, for PostgreSQL, which is half the work, as many as there
    are cores: many wait for processes of their own, and whichever is done last still has enough of them."""
    cores = os.cpu_count() or 1
    on_sqlcipher = pytest(spread(cores + 1))
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(throw_away_cluster())
        except NoPostgres as error:
            return [subprocess.run(on_sqlcipher, check=False).returncode, without_postgres(error)]
        said = stack.enter_context(tempfile.TemporaryFile())
        beside = subprocess.Popen(
            pytest(spread(cores)), env=on_postgres(cluster), stdout=said, stderr=subprocess.STDOUT
        )
        code = subprocess.run(on_sqlcipher, check=False).returncode
        codes = [code, beside.wait()]
        said.seek(0)
        print(said.read().decode(errors="replace"), flush=True)
        return codes


def spread(processes: int) -> list[str]:
    return [f"--numprocesses={processes}", "--dist=worksteal"] if processes > 1 else []


def on_postgres(cluster: Cluster) -> dict[str, str]:
    """The environment of a run on that server."""
    urls = {"AMANAT_DATABASE": cluster.application, "AMANAT_DATABASE_OWNER": cluster.owner}
    return os.environ | urls | ({} if os.environ.get("AMANAT_TEST_ALL") else {"AMANAT_WALK": "sample"})


def without_postgres(error: NoPostgres) -> int:
    print(f"The suite was not run on PostgreSQL: {error}.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


def pytest(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
