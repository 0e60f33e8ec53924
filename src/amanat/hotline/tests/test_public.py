"""“We call you back”: what the public page takes, what it shows of it (nothing), and what becomes of it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from html import unescape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from amanat.access.files import open_file
from amanat.hotline import arriving, public
from amanat.hotline.models import Call, CallerMark, Matter, Tally
from amanat.people import visiting
from amanat.people.clock import stopped
from amanat.people.models import Look, Membership
from amanat.vault import gate, intake
from amanat.vault.intake import Packet
from amanat.vault.keys import keyring
from amanat.web import puzzle
from tests.cast import NOW, Cast

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SITE = pytest.mark.urls("amanat.config.tree.site_urls")
WAY, WHEN = "+993 65 123456", "when the canary sings"
SAID = {"way": WAY, "when": WHEN, "language": "tk", "message": "on"}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of its own for the gate and the intake; nobody has tried before."""
    cache.clear()
    monkeypatch.setattr(settings, "WORKSPACE", tmp_path)
    held = {"intake_public": keyring().intake_public(), "duty_number": "", "limits": {}, "tokens": {}}
    gate.path(tmp_path).write_text(json.dumps(held))
    monkeypatch.setattr(puzzle, "BITS", 6)
    with stopped(NOW):
        yield tmp_path


def visit(address: str = "/call-back", **more: Any) -> str:
    return Client().get(address, **more).content.decode()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"|value="([^"]*)"[^>]* name="{name}"', page)
    assert found
    return unescape(found[1] or found[2] or "")


def solved(paper: str) -> str:
    return next(str(n) for n in count() if sha256(f"{paper}.{n}".encode()).digest()[0] >> (8 - puzzle.BITS) == 0)


def send(
    paper: str = "", answer: str | None = None, address: str = "/call-back", sender: str = "192.0.2.7", **said: str
) -> Any:
    """With the work done, unless it is said otherwise."""
    paper = paper or field(visit(address), "paper")
    told = SAID | {"paper": paper, "answer": solved(paper) if answer is None else answer} | said
    return Client(enforce_csrf_checks=True).post(address, told, REMOTE_ADDR=sender)


def kept(office: Path) -> list[Packet]:
    there = [intake.open_packet(keyring(), file.read_bytes()) for file in intake.waiting(intake.folder(office))]
    assert {packet.kind for packet in there} <= {public.KIND}
    return there


@SITE
@pytest.mark.sqlcipher_only
def test_what_is_sent_is_sealed_on_the_disk_and_shown_to_nobody(office: Path) -> None:
    answer = send()
    assert (answer.status_code, answer["Location"]) == (303, "/call-back/sent?lang=en")
    page = visit(answer["Location"])
    assert "We have it" in page
    for told in (WAY, WHEN, "canary"):
        assert told not in page + str(answer.headers)
    assert [json.loads(packet.body) for packet in kept(office)] == [
        {"way": WAY, "when": WHEN, "language": "tk", "message": True, "hotline": ""}
    ]
    on_the_disk = b"".join(file.read_bytes() for file in office.rglob("*") if file.is_file())
    assert on_the_disk
    assert b"canary" not in on_the_disk
    assert WAY[-6:].encode() not in on_the_disk


@SITE
@pytest.mark.sqlcipher_only
def test_neither_the_page_nor_an_answer_sets_a_cookie(office: Path) -> None:
    client = Client()
    paper = field(client.get("/call-back").content.decode(), "paper")
    client.post("/call-back", SAID | {"paper": paper, "answer": solved(paper)})
    client.get("/call-back/sent")
    assert not client.cookies


@SITE
@pytest.mark.sqlcipher_only
def test_without_the_work_one_waits_and_loses_nothing_of_what_was_typed(office: Path) -> None:
    paper = field(visit(), "paper")
    answer = send(paper, "")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Wait 20 seconds" in page
    assert (field(page, "way"), field(page, "when"), field(page, "paper")) == (WAY, WHEN, paper)
    assert kept(office) == []
    with stopped(NOW + puzzle.SLOWLY):
        assert send(paper, "").status_code == 303
    assert len(kept(office)) == 1


@SITE
@pytest.mark.sqlcipher_only
def test_a_wrong_number_is_no_work_and_a_paper_of_somebody_else_is_none(office: Path) -> None:
    paper = field(visit(), "paper")
    wrong = next(str(n) for n in count() if not puzzle.is_solved(paper, str(n)))
    assert "Wait 20 seconds" in send(paper, wrong).content.decode()
    for forged in ("", paper[:-1] + ("0" if paper[-1] != "0" else "1"), "1-2-3", f"9{paper}", "a-b"):
        page = Client().post("/call-back", SAID | {"paper": forged, "answer": "0"}).content.decode()
        assert "stood open for too long" in page
        assert puzzle.age(field(page, "paper"), NOW) == timedelta()
    with stopped(NOW + puzzle.GOOD_FOR + timedelta(seconds=1)):
        assert "stood open for too long" in send(paper).content.decode()
    assert kept(office) == []


@SITE
@pytest.mark.sqlcipher_only
def test_a_paper_is_good_once_and_whoever_sends_it_again_reads_the_same(office: Path) -> None:
    paper = field(visit(), "paper")
    first, again = send(paper), send(paper)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert len(kept(office)) == 1


@SITE
@pytest.mark.sqlcipher_only
def test_a_program_that_fills_in_everything_reads_the_same_and_is_not_kept(office: Path) -> None:
    assert send(website="https://example.org").status_code == 303
    assert kept(office) == []


@SITE
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("said", [{"way": ""}, {"way": "x" * 101}, {"when": "x" * 201}, {"language": "xx"}])
def test_what_can_not_be_taken_is_told_with_the_field_and_stays(office: Path, said: dict[str, str]) -> None:
    page = send(**said).content.decode()
    assert "Please look at this again" in page
    assert all(value in page for value in said.values() if value != "xx")
    assert kept(office) == []


@SITE
@pytest.mark.sqlcipher_only
def test_a_flood_is_held_up_each_by_its_own_measure(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "WITH_WORK", (2, 600))
    monkeypatch.setattr(public, "OF_ALL", (4, 3600))
    answers = [send() for _time in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Too many ask at once" in answers[-1].content.decode()
    assert field(answers[-1].content.decode(), "way") == WAY
    assert send(sender="192.0.2.8").status_code == 303, "another sender is not kept waiting"
    assert [send(sender=f"192.0.2.{n}").status_code for n in (9, 10)] == [303, 429], "the intake keeps room for others"


@SITE
@pytest.mark.sqlcipher_only
def test_a_full_disk_is_no_acknowledgement_and_the_paper_stays_good(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = field(visit(), "paper")
    with monkeypatch.context() as now:
        now.setattr(intake, "ROOM", 0)
        answer = send(paper)
    assert answer.status_code == 503
    assert "We could not keep it" in answer.content.decode()
    assert send(paper).status_code == 303
    assert len(kept(office)) == 1


@SITE
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"])
def test_the_page_names_nobody_and_nothing_of_what_we_are(office: Path, language: str) -> None:
    page = visit("/call-back", headers={"accept-language": language})
    title = re.search("<title>(.*?)</title>", page)
    assert title
    assert not re.search("traffick|amanat|торговл|söwda|trafic", title[1], re.IGNORECASE)
    assert page.count("<h1>") == 1
    assert "data-leave" in page


@SITE
@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlcipher_only
def test_a_browser_does_the_work_by_itself_and_leaves_quickly_without_a_trace(
    office: Path, live_server: Any, new_context: Callable[..., BrowserContext]
) -> None:
    """SHA-256 of the script is that of the server; who presses Send at once waits for it."""
    page = new_context(viewport={"width": 320, "height": 800}).new_page()
    page.goto(f"{live_server.url}/call-back")
    page.fill("[name=way]", WAY)
    page.locator("main form button").click()
    page.wait_for_url("**/call-back/sent*")
    assert json.loads(kept(office)[0].body)["way"] == WAY
    for _time in range(3):
        page.keyboard.press("Shift")
    page.get_by_role("heading", name="Weights and measures").wait_for()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def packet(at: Any = NOW, **said: Any) -> Packet:
    told = {"way": WAY, "when": WHEN, "language": "tk", "message": True, "hotline": ""} | said
    return Packet(public.KIND, "1", at, json.dumps(told).encode())


@pytest.mark.django_db
def test_it_becomes_a_matter_in_which_somebody_is_to_be_called_back(cast: Cast) -> None:
    with stopped(NOW + timedelta(hours=1)):
        arriving.take(packet())
    call = Call.objects.select_related("subject", "matter__subject", "matter__agency").get()
    matter, file = call.matter, open_file(cast.actor("nurana"), call.matter)
    assert (call.state, call.outcome, call.channel, call.operator) == ("ended", "call_back", "web", None)
    assert matter.call_back_at == NOW + timedelta(hours=4), "from when it was sent, not from when it was opened"
    assert file.open(call, "number") == "+99365123456"
    told = file.open(call, "content")
    said = {"may": "yes", "when": WHEN, "how": "", "code_word": "", "others": "message"}
    assert told == {"language": "tk", "call_back": said}, "codes and their own words, no sentence of ours"
    assert CallerMark.objects.get().matter == matter
    assert Look.objects.get().user == cast["nurana"].user
    assert set(Tally.objects.values_list("measure", flat=True)) == {"asked", "call_back"}


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_another_way_than_a_number_stands_with_how_they_are_reached(cast: Cast) -> None:
    arriving.take(packet(way="signal: aygul", message=False))
    call = Call.objects.select_related("subject", "matter__subject", "matter__agency").get()
    file = open_file(cast.actor("nurana"), call.matter)
    assert not file.open(call, "number")
    told = file.open(call, "content")["call_back"]
    assert (told["how"], told["others"]) == ("signal: aygul", "nothing")
    assert not CallerMark.objects.exists()


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_the_hotline_that_was_asked_is_the_one_that_calls(cast: Cast) -> None:
    harbour, north = cast["dowlet"].agency, cast["nurana"].agency
    Membership.objects.create(
        user=cast["dowlet"].user, agency=harbour, role="hotline_operator", since=cast["dowlet"].since
    )
    Membership.objects.create(user=cast["jemal"].user, agency=north, role="hotline_operator", since=cast["jemal"].since)
    for hotline in (harbour.pk.hex, "", cast["irina"].agency.pk.hex):
        arriving.take(packet(hotline=hotline))
    assert list(Matter.objects.order_by("pk").values_list("agency__name", flat=True)).count(north.name) == 2
    assert Matter.objects.filter(agency=harbour).count() == 1


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_without_a_hotline_or_with_foreign_words_a_packet_is_refused_whole(cast: Cast) -> None:
    for body in (b"[]", b"{}", b"\xff", packet(way="").body, packet(when=1).body):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
            arriving.take(Packet(public.KIND, "1", NOW, body))
    Membership.objects.filter(role="hotline_operator").update(until=NOW)
    with stopped(NOW), pytest.raises(arriving.NoHotline):
        arriving.take(packet())
    assert not Matter.objects.exists()


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_at_the_door_of_packets_the_kind_is_shut(office: Path) -> None:
    kind = intake.kinds[public.KIND]
    assert kind.needs_token
    gate.change(office, limits={public.KIND: kind.limit}, guarded=(public.KIND,))
    answer = Client().post(f"/intake/{public.KIND}", packet().body, content_type="application/json")
    assert answer.status_code == 401
    assert kept(office) == []


def test_the_public_page_asks_for_no_table() -> None:
    """What `config.tree.locked` may load as well: none of it has models."""
    assert resolve("/call-back", "amanat.config.tree.site_urls").func is public.call_back
    told = {name for module in (public, visiting, puzzle) for name in imported(Path(module.__file__ or ""))}
    allowed = {
        "amanat.people.clock",
        "amanat.people.senders",
        "amanat.people.visiting",
        "amanat.vault.gate",
        "amanat.vault.intake",
    }
    assert {name for name in told if name.startswith("amanat.") and not name.startswith("amanat.web")} == allowed


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            rooms = node.module in ("amanat.hotline", "amanat.vault", "amanat.people")
            yield from (f"{node.module}.{one.name}" for one in node.names) if rooms else [str(node.module)]


@SITE
@pytest.mark.sqlcipher_only
def test_who_goes_back_and_corrects_the_number_is_not_told_that_we_have_it_before_we_do(office: Path) -> None:
    paper = field(visit(), "paper")
    assert [send(paper).status_code, send(paper).status_code] == [303, 303]  # the same one, twice
    page = send(paper, way="+993 65 654321").content.decode()
    assert "press Send once more" in page
    assert field(page, "way") == "+993 65 654321"
    assert len(kept(office)) == 1
    again = field(page, "paper")
    assert again != paper
    assert send(again, way="+993 65 654321").status_code == 303
    assert {json.loads(packet.body)["way"] for packet in kept(office)} == {WAY, "+993 65 654321"}
