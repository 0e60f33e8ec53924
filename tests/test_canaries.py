"""What a worker types is found nowhere but in their own pages: not in files, logs, titles, addresses, error pages.

A real `amanat serve` is walked over HTTP, and every canary is looked for in every encoding. No mail is ever sent (the backend is
Django's dummy: people/tests/test_no_mail), and nothing runs in the background yet that would have a payload.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.canaries import NEEDLES, TYPED, encoded, found_in, pdf, photo, text_file
from tests.served import Visitor, demo, environment, first_choice, multipart, own_database, read_elsewhere, token_of
from tools.bench.client import Unexpected
from tools.bench.serving import Served, served

pytestmark = pytest.mark.both_databases

PATIENCE = 30  # seconds until a slow machine may be called broken
TOO_LARGE = 21 * 1024 * 1024
SPOOLED = 3 * 1024 * 1024  # more than what Django would keep in memory


@dataclass
class Walked:
    """What is left after the walk, and what was seen while an upload was under way."""

    environment: dict[str, str]
    workspace: Path
    temporary: Path
    log: Path
    visitor: Visitor
    during: dict[str, list[str]] = field(default_factory=dict)
    handles: dict[str, list[str]] = field(default_factory=dict)

    @property
    def media(self) -> list[Path]:
        return [path for path in (self.workspace / "media").rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """A demo workspace in which Jemal typed every canary; still served, since a closed database leaves no log behind."""
    folder = tmp_path_factory.mktemp("canaries")
    workspace, temporary = folder / "workspace", folder / "temporary"
    with own_database() as database:
        made = environment(workspace, temporary, **database)
        demo(made)
        with served(made, folder / "log") as server:
            walk = Walked(made, workspace, temporary, folder / "log", Visitor(server.port))
            type_everything(walk, server)
            yield walk


def type_everything(walk: Walked, server: Served) -> None:
    visitor = walk.visitor
    fail_to_sign_in(visitor)
    visitor.come_in_as("Jemal")
    case = register(visitor)
    write(visitor, case)
    write_facts(visitor, case)
    attach(visitor, case)
    look_while_a_file_arrives(walk, server, case)
    look_for_a_child(visitor)
    ask(visitor)
    be_turned_away(visitor, case)
    break_it(walk, case)
    for page in ("", "/overview", "/timeline", "/documents", "/looks", "/circle"):
        visitor.ask("GET", f"{case}{page}")
    for page in ("/", "/cases"):
        visitor.get(page)


def fail_to_sign_in(visitor: Visitor) -> None:
    page = visitor.get("/account/sign-in")
    with pytest.raises(Unexpected, match="POST /account/sign-in: 200"):
        visitor.post("/account/sign-in", page, username=TYPED["sign-in name"], password=TYPED["password"])


def register(visitor: Visitor) -> str:
    """The address of the new file; the first try has a wrong year in it."""
    typed = {
        "given_name": TYPED["given name"],
        "family_name": TYPED["family name"],
        "other_given": TYPED["given name in Cyrillic"],
        "other_family": TYPED["family name in Cyrillic"],
        "called": TYPED["called"],
        "phones": TYPED["phone"],
        "document_kind": "passport",
        "document_number": TYPED["document number"],
        "address": TYPED["address"],
        "guardian": TYPED["guardian"],
        "safe_contact": TYPED["safe contact"],
    }
    form = {f"child0-{name}": text for name, text in typed.items()}
    page = visitor.get("/cases/register")
    with pytest.raises(Unexpected, match="POST /cases/register: 200"):
        visitor.post("/cases/register", page, **form, **{"child0-birth_year": TYPED["wrong year"]})
    visitor.post("/cases/register", page, **form)
    return visitor.location


def write(visitor: Visitor, case: str) -> None:
    """A note, a flag, a correction, a draft, and a form with something missing."""
    page = visitor.get(f"{case}/note")
    draft = f"text={quote(TYPED['draft'])}"
    token = token_of(page)
    visitor.ask("POST", "/draft", {"csrfmiddlewaretoken": token, "page": f"{case}/flag", "body": draft})
    visitor.post(f"{case}/note", page, part="narrative", text=TYPED["note"])
    page = visitor.get(f"{case}/flag")
    assert TYPED["draft"] in page, "the draft was not kept, so this would prove less"
    visitor.post(f"{case}/flag", page, owner=first_choice(page, "owner"), text=TYPED["flag"])
    page = visitor.get(f"{case}/correct/contacts")
    assert TYPED["address"] in page
    corrected = {"address": TYPED["corrected"], "called": TYPED["called"]}
    assert visitor.ask("POST", f"{case}/correct/contacts", {**corrected, "csrfmiddlewaretoken": token})[0] == 200
    visitor.post(f"{case}/correct/contacts", page, **corrected, reason=TYPED["reason"])


def write_facts(visitor: Visitor, case: str) -> None:
    """Into fields of every part that has words; a form with something wrong, a draft, and a record that is taken out again."""
    facts = f"{case}/facts"
    page = visitor.get(f"{facts}/person/1")
    known = {"prs_Salutation": TYPED["salutation"], "prs_MailingCity": TYPED["town"]}
    wrong = {**known, "prs_NumberOfChildren": TYPED["wrong age"], "seen": "0", "csrfmiddlewaretoken": token_of(page)}
    assert visitor.ask("POST", f"{facts}/person/1", wrong)[0] == 200
    visitor.post(f"{facts}/person/1", page, **known)
    visitor.post(
        f"{facts}/support_plan/new", visitor.get(f"{facts}/support_plan/new"), spl_Objectives=TYPED["objective"]
    )
    place = {"hte_City": TYPED["place"], "hte_Description": TYPED["place, told"]}
    visitor.post(f"{facts}/historic_event/new", visitor.get(f"{facts}/historic_event/new"), **place)
    assert TYPED["place, told"] in visitor.get(f"{facts}/historic_event")
    taken_out = f"{facts}/historic_event/1/take-out"
    visitor.post(taken_out, visitor.get(taken_out), reason=TYPED["why taken out"])
    visitor.get(f"{facts}/historic_event")
    visitor.get(f"{case}?section=facts")


def attach(visitor: Visitor, case: str) -> None:
    address = f"{case}/attach"
    assert visitor.attach(address, TYPED["file name"], text_file(), part="narrative") == 302
    assert visitor.attach(address, "a.pdf", pdf(200_000), part="narrative", title=TYPED["title"]) == 302
    assert visitor.attach(address, "a.jpg", photo(), part="narrative") == 302
    assert visitor.attach(address, "large.pdf", pdf(TOO_LARGE, "oversize"), part="narrative") == 200
    assert visitor.attach(address, TYPED["file name"], b"#!/bin/sh\n" + text_file(), part="narrative") == 200


def look_while_a_file_arrives(walk: Walked, server: Served, case: str) -> None:
    """Half of a file is sent; everything is read while the server waits for the rest; then the line is cut."""
    visitor, before = walk.visitor, len(walk.media)
    page = visitor.get(f"{case}/attach")
    body, kind = multipart(page, "cut.pdf", pdf(2 * SPOOLED, "cut"), part="narrative")
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = f"POST {case}/attach HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
        wait_until(lambda: any(path.stat().st_size > SPOOLED - 200_000 for path in walk.media))
        walk.during = found_below(walk.workspace, walk.temporary)
        walk.handles = found_open(server)
    wait_until(lambda: len(walk.media) == before)


def look_for_a_child(visitor: Visitor) -> None:
    """As one types, and by the button, which leads to an address where it is found again."""
    sent = {"text": TYPED["looked for"], "csrfmiddlewaretoken": token_of(visitor.get("/find-a-child"))}
    assert visitor.ask("POST", "/find-a-child", sent)[0] == 302
    visitor.get(visitor.location)
    found = visitor.ask("POST", "/find-a-child", sent | {"text": TYPED["given name in Cyrillic"]})
    assert found[0] == 302
    assert TYPED["given name"] in visitor.get(visitor.location)


def ask(visitor: Visitor) -> None:
    """Whether a child is known elsewhere; and an emergency for a code name that nobody has."""
    page = visitor.get("/known")
    asked = {"given_name": TYPED["asked name"], "family_name": TYPED["asked family"], "reason": TYPED["why asked"]}
    token = token_of(page)
    assert visitor.ask("POST", "/known", {**asked, "csrfmiddlewaretoken": token})[0] == 200
    emergency = {"code_name": TYPED["code name"], "reason": TYPED["emergency"], "csrfmiddlewaretoken": token}
    assert visitor.ask("POST", "/emergency", emergency)[0] == 200


def be_turned_away(visitor: Visitor, case: str) -> None:
    """404, 403, 400 and 413, each with a canary in what was sent."""
    forged = {"text": TYPED["forged"], "csrfmiddlewaretoken": "forged"}
    named = quote(TYPED["address bar"])
    token = token_of(visitor.get(f"{case}/note"))
    assert visitor.ask("GET", f"/{named}")[0] == 404
    assert visitor.ask("GET", f"/cases/{named}?name={named}")[0] == 404
    assert visitor.ask("POST", f"{case}/note", forged)[0] == 403
    assert visitor.send("POST", f"{case}/attach", TYPED["forged"].encode(), "multipart/form-data; boundary=")[0] == 400
    too_much = {"text": TYPED["forged"] * 100_000, "csrfmiddlewaretoken": token}
    assert visitor.ask("POST", f"{case}/note", too_much)[0] == 413


def break_it(walk: Walked, case: str) -> None:
    """500: where sealed files should go stands something else."""
    media, aside = walk.workspace / "media", walk.workspace / "aside"
    page = walk.visitor.get(f"{case}/attach")
    body, kind = multipart(page, f"{TYPED['broken']}.pdf", pdf(10_000, "broken"), title=TYPED["broken"])
    media.rename(aside)
    media.touch()
    try:
        assert walk.visitor.send("POST", f"{case}/attach", body, kind)[0] == 500
    finally:
        media.unlink()
        aside.rename(media)


def wait_until(holds: Callable[[], bool]) -> None:
    by = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < by


def found_below(*folders: Path) -> dict[str, list[str]]:
    """Canaries in the files, and in the names of the files, below some folders."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found = {str(path): [*found_in(read_elsewhere(path)), *found_in(str(path))] for path in files}
    return {path: canaries for path, canaries in found.items() if canaries}


def found_open(server: Served) -> dict[str, list[str]]:
    """Canaries in what the server has open, also where it was unlinked at once and no folder lists it."""
    handles = [handle for pid in server.pids() for handle in Path(f"/proc/{pid}/fd").iterdir() if handle.is_file()]
    each_once = {str(handle.readlink()): handle for handle in handles}
    found = {path: found_in(read_elsewhere(handle)) for path, handle in each_once.items()}
    return {path: canaries for path, canaries in found.items() if canaries}


# --- the finder finds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["given name", "given name in Cyrillic", "phone", "note"])
def test_the_finder_finds_every_encoding_in_a_file_written_on_purpose(what: str, tmp_path: Path) -> None:
    for number, (how, form) in enumerate(encoded(TYPED[what])):
        path = tmp_path / str(number)
        path.write_bytes(os.urandom(5000) + form + os.urandom(5000))
        assert found_in(read_elsewhere(path)), how


@pytest.mark.parametrize("before", range(6))
def test_the_finder_finds_what_stands_anywhere_in_base64(before: int) -> None:
    assert found_in(base64.b64encode(b"#" * before + TYPED["note"].encode() + b"###"))


def test_the_finder_finds_each_of_them_in_each_encoding() -> None:
    around = os.urandom(100)
    assert [what for form, what in NEEDLES.items() if what not in found_in(around + form + around)] == []


def test_the_finder_finds_names_as_they_are_folded_for_the_index() -> None:
    assert found_in("guljemalkanar") == found_in(b"guljemalkanar") != []
    assert found_in("99365771839")


def test_the_canaries_arrived(walked: Walked) -> None:
    """Otherwise that they are nowhere else would prove nothing. Passwords and what was refused never come back."""
    shown = {what for answer in walked.visitor.answers for what in TYPED if TYPED[what] in answer.body}
    never_shown = {
        "text",
        "PDF",
        "metadata",
        "oversize",
        "cut",
        "password",
        "address bar",
        "forged",
        "broken",
        "reason",
    }
    assert set(TYPED) - shown - {"emergency"} <= never_shown


# --- and finds nothing ------------------------------------------------------------------------------------------------


def test_the_workspace_and_the_temporary_folder_hold_nothing_in_clear(walked: Walked) -> None:
    assert len(walked.media) == 4  # three documents, and the photo's working copy
    assert found_below(walked.workspace, walked.temporary) == {}


@pytest.mark.sqlcipher_only
def test_the_database_its_log_and_its_index_of_the_log_were_among_them(walked: Walked) -> None:
    beside = {path.name: path.stat().st_size for path in walked.workspace.iterdir()}
    assert all(beside[name] for name in ("amanat.db", "amanat.db-wal", "amanat.db-shm"))


@pytest.mark.postgres_only
def test_a_dump_of_every_table_by_its_owner_holds_nothing_in_clear(walked: Walked) -> None:
    """Skipped on a machine that has a server of PostgreSQL but not its programs; in CI that is a failure."""
    program = shutil.which("pg_dump")
    if not program:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pg_dump is not installed")
    command = [program, "--dbname", walked.environment["AMANAT_DATABASE_OWNER"]]
    dump = subprocess.run(command, capture_output=True, check=True).stdout
    assert b"COPY public.cases_event" in dump
    assert found_in(dump) == []


@pytest.mark.postgres_only
def test_what_the_database_server_logs_holds_nothing_in_clear(walked: Walked) -> None:
    """Skipped where somebody runs the tests against a server of their own, whose log is elsewhere; in CI that is a failure."""
    socket_folder = unquote(walked.environment["AMANAT_DATABASE"].partition("host=")[2])
    log = Path(socket_folder) / "server.log"
    if not log.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("this server keeps its log elsewhere than ours does")
    assert found_in(read_elsewhere(log)) == []


def test_nothing_is_in_clear_while_a_file_arrives(walked: Walked) -> None:
    assert walked.during == {}


def test_no_open_file_holds_anything_in_clear_while_a_file_arrives(walked: Walked) -> None:
    assert walked.handles == {}


def test_the_log_says_nothing_of_what_was_typed(walked: Walked) -> None:
    assert "Traceback" in walked.log.read_text(), "nothing was provoked, so this would prove less"
    assert found_in(walked.log.read_bytes()) == []


def test_titles_and_addresses_say_nothing_of_what_was_typed(walked: Walked) -> None:
    answers = walked.visitor.answers
    typed_up_there = [answer for answer in answers if answer.status == 404]
    assert all(answer.title for answer in answers if answer.status == 200 and answer.body.startswith("<!doctype"))
    assert [found for answer in answers if (found := found_in(answer.title + answer.location))] == []
    assert [found for answer in answers if answer not in typed_up_there if (found := found_in(answer.address))] == []


def test_error_pages_say_nothing_of_what_was_sent(walked: Walked) -> None:
    errors = [answer for answer in walked.visitor.answers if answer.status in (400, 403, 404, 413)]
    assert {answer.status for answer in errors} == {400, 403, 404, 413}
    assert [found for answer in errors if (found := found_in(answer.body))] == []
