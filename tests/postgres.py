"""A throw-away PostgreSQL server for tests and benchmarks: a temporary folder, one Unix socket, the product's two roles.

Only the programs of the machine's PostgreSQL package are used; a server that it may run is not touched.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER, APPLICATION, DATABASE = "amanat_owner", "amanat", "amanat"
LOCAL = "-c listen_addresses=''"
# Nothing that a test writes has to outlive a power cut, and a sweep of the server's own, which only a superuser may end, would
# keep a test from dropping its database.
HASTY = f"{LOCAL} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
# The two roles, as docs/architecture.md gives them to a national office. The owner makes tables, the application reads and
# writes their rows; after each migration audit.guards narrows that. Said in template1, it holds in test databases too.
ROLES = [
    f"CREATE ROLE {OWNER} LOGIN CREATEDB",
    f"CREATE ROLE {APPLICATION} LOGIN",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION}",
]


class NoPostgres(Exception):
    """The machine has no PostgreSQL server programs."""


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    socket: Path

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address under which `role` reaches `database`, as AMANAT_DATABASE takes it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket))}"

    @property
    def application(self) -> str:
        return self.url(APPLICATION)

    @property
    def owner(self) -> str:
        return self.url(OWNER)

    def empty(self) -> None:
        """Make the product's database anew."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())


def programs() -> Path:
    """The folder that holds initdb and pg_ctl, the newest where there are several.

    Raises:
        NoPostgres: there is none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgres("PostgreSQL's programs are not installed (Debian: apt-get install postgresql)")


def servant() -> str | None:
    """Who runs the server: PostgreSQL refuses root, so another user when we are root; ourselves otherwise."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def throw_away_cluster() -> Iterator[Cluster]:
    """A fresh server with both roles and an empty database; it ends, and its folder goes, with the block.

    Raises:
        NoPostgres: the machine has no PostgreSQL server programs.
    """
    folder = Path(tempfile.mkdtemp(prefix="amanat-pg-", dir="/tmp"))  # a socket's path may have 107 bytes only
    try:
        with _running(folder, HASTY) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder)


@contextmanager
def kept_cluster(name: str) -> Iterator[Cluster]:
    """As `throw_away_cluster`, but durable as in real life, and its folder stays for the next time.

    Raises:
        NoPostgres: the machine has no PostgreSQL server programs.
    """
    folder = Path("/var/tmp") / name
    folder.mkdir(mode=0o700, exist_ok=True)
    with _running(folder, LOCAL) as cluster:
        yield cluster


@contextmanager
def _running(folder: Path, options: str) -> Iterator[Cluster]:
    bin_, user = programs(), servant()
    data, log = folder / "data", folder / "setup.log"
    if user:
        shutil.chown(folder, user)

    def postgres(program: str, *arguments: str) -> None:
        with log.open("ab") as output:
            command = [str(bin_ / program), "-D", str(data), *arguments]
            done = subprocess.run(command, user=user, cwd=folder, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")

    fresh = not data.exists()
    if fresh:
        postgres("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    try:
        postgres("pg_ctl", "start", "--wait", f"--log={folder / 'server.log'}", f"--options={options} -k {folder}")
        cluster = Cluster(folder)
        if fresh:
            _provision(cluster)
        yield cluster
    finally:
        if (data / "postmaster.pid").exists():
            postgres("pg_ctl", "stop", "--wait", "--mode=fast")


def _provision(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("postgres", "template1"), autocommit=True) as connection:
        for statement in ROLES:
            connection.execute(statement.encode())
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())
