"""The product in processes of its own, as a person starts it: a demo workspace, `amanat serve`, and a visitor who keeps what came back.

Serving itself is `tools.bench.serving`'s.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tools.bench.client import TOKEN, Client

ROOT = Path(__file__).resolve().parents[1]
PERSON = re.compile(r'name="person" value="([^"]+)">.*?<strong>(.*?)</strong>', re.DOTALL)


def environment(workspace: Path, temporary: Path, **more: str) -> dict[str, str]:
    """Of a workspace whose processes have a temporary folder of their own; static files are those of this test run."""
    temporary.mkdir(exist_ok=True)
    own = {"AMANAT_WORKSPACE": str(workspace), "TMPDIR": str(temporary), "AMANAT_STATIC": str(settings.STATIC_ROOT)}
    return {**os.environ, **own, "PYTHONPATH": str(ROOT / "src"), **more}


def typed(environment: Mapping[str, str], *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """A management command in a process of its own, and what is typed at it."""
    return subprocess.run(
        [sys.executable, "-m", "amanat", *command],
        env=dict(environment),
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


def amanat(environment: Mapping[str, str], *command: str, said: str = "") -> str:
    """What a management command says.

    Raises:
        AssertionError: it failed; with all that it said.
    """
    done = typed(environment, *command, said=said)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def with_a_sender() -> dict[str, str]:
    """What to add to an environment, so that letters of the sender for tests are taken."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {"DJANGO_SETTINGS_MODULE": "tests.sender.settings", "PYTHONPATH": paths}


def demo(held: Mapping[str, str]) -> None:
    """The finished demo workspace that an environment names. On SQLCipher it is a copy of one that is made once a run: to invent the
    country takes longer than most tests. Its gate knows the sender for tests. On a server, whose address stands in the header, it is
    made."""
    if held.get("AMANAT_DATABASE"):
        amanat(held, "demo")
        return
    kept = Path(os.environ["AMANAT_TEST_RUN"]) / "demo"
    with kept.with_name("demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            making = kept.with_name("making")
            alone = {"AMANAT_DATABASE": "", "AMANAT_DATABASE_OWNER": ""}
            amanat(environment(making, kept.with_name("temporary"), **alone, **with_a_sender()), "demo")
            making.rename(kept)
    shutil.copytree(kept, held["AMANAT_WORKSPACE"], dirs_exist_ok=True)


@contextmanager
def own_database(held: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """On PostgreSQL an empty database for one served workspace, as the environment names it; nothing on SQLCipher."""
    names = [name for name in ("AMANAT_DATABASE", "AMANAT_DATABASE_OWNER") if held.get(name)]
    if not names:
        yield {}
        return
    database = sql.Identifier(name := f"served_{uuid.uuid4().hex}")
    with psycopg.connect(held["AMANAT_DATABASE_OWNER"], autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(database))
        try:
            yield {variable: urlsplit(held[variable])._replace(path=f"/{name}").geturl() for variable in names}
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of its own, of `size` bytes; mounting needs root. Where CI is set, that is a failure and no reason to skip."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        reason = f"a full disk needs a small tmpfs, and mounting one failed: {mounted.stderr.strip()}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@dataclass(frozen=True)
class Answer:
    """An answer, with what was asked for."""

    method: str
    address: str
    status: int
    location: str
    body: str

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.body, re.DOTALL)
        return found[1] if found else ""


class Visitor(Client):
    """A person at a browser who keeps every answer. Their pages are in English."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.cookies["language"] = "en"
        self.answers: list[Answer] = []

    def send(self, method: str, path: str, body: str | bytes | None, kind: str) -> tuple[int, str]:
        status, text = super().send(method, path, body, kind)
        self.answers.append(Answer(method, path, status, self.location, text))
        return status, text

    def come_in_as(self, name: str) -> None:
        """One click on an invented person, by the beginning of their name."""
        page = self.get("/demo/sign-in")
        person = next(pk for pk, shown in PERSON.findall(page) if shown.startswith(name))
        self.post("/demo/sign-in", page, person=person)

    def attach(self, path: str, name: str, content: bytes, **fields: str) -> int:
        """Send a document from the page at `path`; the status."""
        body, kind = multipart(self.get(path), name, content, **fields)
        return self.send("POST", path, body, kind)[0]


def token_of(page: str) -> str:
    """What a form of this page sends against forgery."""
    found = TOKEN.search(page)
    assert found
    return found[1]


def first_choice(page: str, name: str) -> str:
    """The first value that a list of choices on a page offers."""
    found = re.search(rf'<select name="{name}".*?<option value="([^"]+)"', page, re.DOTALL)
    assert found
    return found[1]


def multipart(page: str, name: str, content: bytes, **fields: str) -> tuple[bytes, str]:
    """Body and media type of a page's form with a file in its field `upload`."""
    boundary = f"----{uuid.uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'
        for field, text in {"csrfmiddlewaretoken": token_of(page), **fields}.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="upload"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def read_elsewhere(path: Path) -> bytes:
    """A file's bytes, read by another process: closing a database file in one that has it open would drop its locks."""
    return subprocess.run(["cat", path], capture_output=True, check=False).stdout
