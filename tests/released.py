"""A real workspace that the last release made, by that release's own code; and what one sees of it from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from amanat.config.versions import Clone, NoUpdate
from amanat.vault.keys import Workspace
from amanat.vault.sqlcipher.driver import Database
from amanat.vault.sqlcipher.opening import unlock
from tests.served import ROOT, environment, typed

RELEASES = ROOT / "RELEASES"
WORDS = "tokan mirub selod karif nodal vezum"
HOST = "amanat.example"
NAMES = ["Ýazgül Test", "Ion Test"]
# Run by the release: a workspace, a worker, two children with a note, a sealed log.
MAKE = f"""
import os
import django
from amanat.config import workspaces
from amanat.vault.keys import Passphrase
made = workspaces.make_real(workspaces.folder(), "{WORDS}", "{HOST}", os.environ.get("AMANAT_DATABASE"))
os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.config.settings"
from amanat.__main__ import connect_as
if owner := os.environ.get("AMANAT_DATABASE_OWNER"):
    connect_as(owner)
django.setup()
made.unlock(Passphrase("{WORDS}", made.header.provider))
from django.core.management import call_command
from django.utils import timezone
from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.audit.sealer import seal_pending
from amanat.cases.actions import registering, writing
from amanat.people.models import Agency, Membership, Site, User
call_command("migrate", verbosity=0, interactive=False)
now = timezone.now()
agency = Agency.objects.create(name="Northern Network", kind="NGO")
site = Site.objects.create(agency=agency, name="North", time_zone="Asia/Ashgabat")
user = User.objects.create_user("jemal", None, display_name="Jemal")
by = Membership.objects.create(user=user, agency=agency, site=site, role="social_worker", since=now)
actor = Actor.of(by, now, second_factor=True, proved_at=now)
names = [name.split() for name in {NAMES}]
children = [registering.NewChild({{"names": [{{"given": given, "family": family}}]}}) for given, family in names]
for case in registering.register(children, actor=actor):
    writing.note(case, part=Part.NARRATIVE, text="Came with the evening train.", actor=actor)
seal_pending(now)
"""
# Two processes of one run may each make one.
DATABASE = f"released{os.environ.get('PYTEST_XDIST_WORKER', '')}"


def last_release() -> str:
    """Its commit."""
    lines = [line.split() for line in RELEASES.read_text().splitlines() if line and not line.startswith("#")]
    return lines[-1][0]


def check_release_is_here() -> None:
    """Where CI is set, that is a failure and no reason to skip."""
    try:
        Clone(ROOT).git("cat-file", "-e", f"{last_release()}^{{commit}}")
    except NoUpdate as error:
        reason = f"The last release, {last_release()} in RELEASES, is not in this clone; fetch its history. {error}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@dataclass
class Released:
    """`folder` is a workspace of the release, and `environment` what its commands run in; `clone` holds the release's own files."""

    folder: Path
    environment: dict[str, str]
    clone: Clone

    def tables(self) -> int:
        """How many migrations its database has had."""
        question = "SELECT count(*) FROM django_migrations"
        if url := self.environment.get("AMANAT_DATABASE"):
            with psycopg.connect(url) as connection:
                return int(connection.execute(question).fetchone()[0])
        connection = Database.connect(self.folder / "amanat.db", isolation_level=None)
        try:
            unlock(connection, lambda: self._key)
            return int(connection.execute(question).fetchone()[0])
        finally:
            connection.close()

    @cached_property
    def _key(self) -> bytes:
        workspace = Workspace.at(self.folder)
        return workspace.unwrap(workspace.provider(words=WORDS))["database"]

    def run(self, *command: str, said: str = f"{WORDS}\n") -> subprocess.CompletedProcess[str]:
        """A command of the version of today."""
        return typed(self.environment, *command, said=said)

    def do(self, script: str) -> object:
        """What a script prints last, as JSON."""
        done = self.run("shell", "-c", script)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def released(place: Path) -> Iterator[Released]:
    """The release's files in a clone, and what they made; `fresh` gives it back as it was."""
    check_release_is_here()
    clone = Clone(place / "clone")
    subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", ROOT, clone.root], check=True)
    clone.git("checkout", "--quiet", last_release())
    with database_of_its_own() as urls:
        made = Released(place / "workspace", environment(place / "workspace", place / "tmp", **urls), clone)
        code = {"PYTHONPATH": str(clone.root / "src")}
        subprocess.run([sys.executable, "-c", MAKE], env=made.environment | code, check=True)
        shutil.copytree(made.folder, place / "kept")
        _copy_database(urls, "", "_kept")
        yield made


def fresh(made: Released) -> Released:
    """As the release left it."""
    shutil.rmtree(made.folder)
    shutil.copytree(made.folder.with_name("kept"), made.folder)
    _copy_database(made.environment, "_kept", "")
    shutil.rmtree(made.clone.root / "build", ignore_errors=True)
    made.clone.git("reset", "--quiet", "--hard", last_release())
    return made


@contextmanager
def database_of_its_own() -> Iterator[dict[str, str]]:
    """On PostgreSQL, an empty one and room for a copy; nothing on SQLCipher."""
    names = [name for name in ("AMANAT_DATABASE", "AMANAT_DATABASE_OWNER") if os.environ.get(name)]
    urls = {name: urlsplit(os.environ[name])._replace(path=f"/{DATABASE}").geturl() for name in names}
    if urls:
        _on_server(f"CREATE DATABASE {DATABASE}")
    try:
        yield urls
    finally:
        if urls:
            for name in (DATABASE, f"{DATABASE}_kept"):
                _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _copy_database(urls: dict[str, str], of: str, to: str) -> None:
    if urls.get("AMANAT_DATABASE"):
        _on_server(f"DROP DATABASE IF EXISTS {DATABASE}{to} WITH (FORCE)")
        _on_server(f"CREATE DATABASE {DATABASE}{to} TEMPLATE {DATABASE}{of}")


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["AMANAT_DATABASE_OWNER"], autocommit=True) as owner:
        owner.execute(sql.SQL(statement))
