"""A request whose line breaks is not taken for whole: nothing of it is kept, by an open workspace or a locked one."""

from __future__ import annotations

import io
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from amanat.access.models import Draft
from amanat.cases.models import Case, Event, EventKind
from amanat.config.tree import child, listening
from amanat.vault import gate, intake
from amanat.vault.keys import KeyFile, Workspace
from amanat.vault.sealing import open_sealed
from tests.served import ROOT

NOTE = {"part": "narrative", "happened_at": "2026-11-24T13:30", "text": "She said that the uncle did not come."}


# --- through a server that listens --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("cut") / "w"
    made = Workspace.create(folder, kind="demo", provider=KeyFile.create(folder / "key"))
    gate.change(folder, limits={"letter": (1000, 60)})
    return made


@pytest.fixture(scope="module")
def listens(office: Workspace) -> Iterator[int]:
    """The port of the process that answers while a workspace is locked; one thread, so that requests come one after another."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environment = os.environ | {
            "AMANAT_WORKSPACE": str(office.path),
            "PYTHONPATH": str(ROOT / "src"),
            child.PARENT: str(os.getpid()),
            child.LISTENER: str(listener.fileno()),
        }
        command = [sys.executable, "-m", "amanat.config.tree.locked", "--threads", "1"]
        with subprocess.Popen(command, env=environment, pass_fds=[listener.fileno()]) as process:
            yield listener.getsockname()[1]
            process.terminate()


def send(port: int, body: bytes, announced: int, then: Callable[[socket.socket], None]) -> bytes:
    """Send a packet, do something to the line, and read what comes back."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        head = f"POST /intake/letter HTTP/1.1\r\nHost: localhost\r\nContent-Length: {announced}\r\n\r\n"
        line.sendall(head.encode() + body)
        then(line)
        return b"" if line.fileno() < 0 else line.recv(4096)


def break_off(line: socket.socket) -> None:
    """As a line does that is lost: the other end hears of it by a reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def say_no_more(line: socket.socket) -> None:
    line.shutdown(socket.SHUT_WR)


def nothing(_line: socket.socket) -> None:
    pass


def kept(office: Workspace) -> list[bytes]:
    keys = office.unwrap(office.provider())
    return [intake.open_packet(keys, packet.read_bytes()).body for packet in intake.waiting(intake.folder(office.path))]


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("how", [break_off, say_no_more])
@pytest.mark.parametrize("came", [0, 1, 50_000, 99_999])
def test_a_packet_that_is_cut_off_is_not_kept_and_not_acknowledged(
    listens: int, office: Workspace, came: int, how: Callable[[socket.socket], None]
) -> None:
    before, letter = kept(office), os.urandom(100_000)
    answer = send(listens, letter[:came], len(letter), how)
    assert not answer.startswith(b"HTTP/1.1 202")
    assert send(listens, letter, len(letter), nothing).startswith(b"HTTP/1.1 202")
    assert sorted(kept(office)) == sorted([*before, letter]), "the one that came whole"


# --- as a page takes it -------------------------------------------------------------------------------------------------


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


def post(client: Client, path: str, fields: dict[str, Any], *, cut: int, urlencoded: bool = True) -> int:
    """Send a form whose last bytes do not come; the status. The token against forgery is in a header, as the script sends it."""
    factory = RequestFactory()
    factory.cookies = client.cookies
    client.get("/")
    token = client.cookies["csrf"].value
    body = {"data": "&".join(f"{name}={value}" for name, value in fields.items())} if urlencoded else {"data": fields}
    kind = {"content_type": "application/x-www-form-urlencoded"} if urlencoded else {}
    environ = factory.post(path, **body, **kind, headers={"X-CSRFToken": token}).environ  # type: ignore[arg-type]
    sent = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(sent[: len(sent) - cut])
    handler = ClientHandler(enforce_csrf_checks=True)
    status: int = listening.whole(lambda environ, _start: handler(environ))(environ, None).status_code
    return status


def test_a_note_of_which_the_end_is_missing_is_not_written(jemal: Client, case: Case) -> None:
    page = f"/cases/{case.pk.hex}/note"
    assert post(jemal, page, NOTE, cut=10) == 400
    assert not Event.objects.filter(kind=EventKind.NOTE).exists()
    assert post(jemal, page, NOTE, cut=0) == 302
    assert Event.objects.filter(kind=EventKind.NOTE).exists()


def test_a_draft_that_comes_half_takes_no_whole_ones_place(jemal: Client, case: Case) -> None:
    draft = {"page": f"/cases/{case.pk.hex}/note", "body": "text=She+said+that+the+uncle+did+not+come."}
    assert post(jemal, "/draft", draft, cut=0, urlencoded=False) == 200
    before = open_sealed(Draft.objects.get(), "body")
    for cut in (50, 80, 400):
        assert post(jemal, "/draft", draft, cut=cut, urlencoded=False) == 400
    assert open_sealed(Draft.objects.get(), "body") == before


def test_of_a_document_that_comes_half_nothing_is_left(jemal: Client, case: Case) -> None:
    document = SimpleUploadedFile("letter.pdf", b"%PDF-1.4 " + bytes(300_000), "application/pdf")
    fields = {"part": "narrative", "title": "A letter", "upload": document}
    before = set(Path(settings.AMANAT_MEDIA).rglob("*"))
    for cut in (200, 100_000, 250_000):
        document.seek(0)
        assert post(jemal, f"/cases/{case.pk.hex}/attach", fields, cut=cut, urlencoded=False) == 400
        left = set(Path(settings.AMANAT_MEDIA).rglob("*")) - before
        assert not [path for path in left if path.is_file()]


def test_a_body_is_read_in_whatever_pieces_a_view_likes() -> None:
    read: list[Any] = []

    def application(environ: dict[str, Any], _start: object) -> None:
        body = environ["wsgi.input"]
        read.extend([body.readline(), body.read(3), body.read()])

    environ = {"CONTENT_LENGTH": "12", "wsgi.input": io.BytesIO(b"one\ntwothreefour")}
    listening.whole(application)(environ, None)
    assert read == [b"one\n", b"two", b"three"]
