"""What everybody may read of the directory, as a file for the site: nothing confidential, nothing withheld, nothing paused."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.audit import recording
from amanat.directory import public, published, refreshing
from amanat.directory.actions import detailing, keeping, publishing
from amanat.directory.models import Phone, Service, ServiceAtLocation, Status
from amanat.directory.tests.made import HOURS, organization, service
from amanat.directory.tests.standard import SHELTER, zipped
from amanat.web.errors import Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]
Committed = Callable[[], AbstractContextManager[Any]]
HIDDEN = {
    "address_1": "Zqhidden lane 7",
    "city": "Zqhiddenton",
    "state_province": "",
    "postal_code": "",
    "country": "",
    "transportation": "Zqbus",
    "latitude": 38.7654321,
    "longitude": 58.7654321,
}


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Any) -> None:
    settings.WORKSPACE = tmp_path


def test_a_canary_in_what_is_not_public_is_not_in_the_file(actor: Act, cast: Cast) -> None:
    jemal = actor("jemal")
    open_one = service("Day centre", "social", of=organization("North", cast["jemal"].agency), hours=HOURS)
    open_one.texts = {"name": {"ru": "Дневной центр"}}
    open_one.save()
    at = detailing.add_place(open_one, name="Zqhouse", region="", is_confidential=True, actor=jemal, **HIDDEN)
    Phone.objects.create(service=open_one, number="+993 12 111111")
    service("Zqwithheld", "shelter", is_withheld=True)
    service("Zqpaused", "shelter", status=Status.CLOSED)
    service("Zqof a withheld house", "shelter", of=organization("Zqsecret", is_withheld=True))
    assert publishing.publish(actor=actor("irina")) == 1
    text = published.file().read_text()
    assert not [word for word in ("Zq", "38.765", "58.765", str(at.location_id)) if word in text]
    told = json.loads(text)
    assert told["made_at"] == "2026-11-24T09:00:00+00:00"
    [entry] = told["services"]
    assert (entry["service"]["name"], entry["needs"]) == ("Day centre", ["social"])
    assert entry["service"]["phones"][0]["number"] == "+993 12 111111"
    assert entry["service"]["schedules"][0]["byday"] == "MO,TU"
    assert entry["texts"] == {"name": {"ru": "Дневной центр"}}


def test_what_is_written_anew_takes_the_place_of_what_was(actor: Act) -> None:
    made = service("Day centre")
    public.write(NOW)
    made.is_withheld = True
    made.save()
    assert publishing.publish(actor=actor("viktor")) == 0
    assert json.loads(published.file().read_text())["services"] == []
    assert [one.name for one in published.file().parent.iterdir()] == ["directory.json"]
    with pytest.raises(Refused):
        publishing.publish(actor=actor("jemal"))


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Iterator[Committed]:
    """Around what is to be done to the end, as in a process of its own."""
    yield lambda: django_capture_on_commit_callbacks(execute=True)
    recording.forget_office()


def shown() -> str:
    return published.file().read_text()


@pytest.fixture
def at_a_place(actor: Act, cast: Cast) -> ServiceAtLocation:
    """An open service with an open place and a phone, published."""
    made = service("Zqday", of=organization("North", cast["jemal"].agency))
    Phone.objects.create(service=made, number="+993 12 222222")
    at = detailing.add_place(made, name="Zqhouse", region="", is_confidential=False, actor=actor("jemal"), **HIDDEN)
    public.write(NOW)
    assert "Zqhidden lane 7" in shown()
    return at


@pytest.mark.sqlcipher_only
def test_what_is_hidden_or_taken_out_leaves_the_site_at_once(
    at_a_place: ServiceAtLocation, actor: Act, committed: Committed
) -> None:
    jemal, made, place = actor("jemal"), at_a_place.service, at_a_place.location
    keep = {"service": made, "actor": jemal}
    acts: list[tuple[str, Callable[[], object]]] = [
        ("222222", lambda: detailing.take_out(made, row=Phone.objects.get(), actor=jemal)),
        (
            "Zqhidden lane 7",
            lambda: detailing.change_place(
                place, name="Zqhouse", region="", is_confidential=True, actor=jemal, **HIDDEN
            ),
        ),
        ("Zqday", lambda: keeping.set_status(status=Status.CLOSED, alert="", **keep)),
        ("Zqday", lambda: keeping.change_service(needs=[], is_withheld=True, **keep)),
    ]
    for word, act in acts:
        Service.objects.update(status=Status.ACTIVE, is_withheld=False)
        public.write(NOW)
        assert word in shown()
        with committed():
            act()
        assert word not in shown()


@pytest.mark.sqlcipher_only
def test_a_package_that_hides_a_place_takes_it_from_the_site(
    take: Callable[[bytes], int], committed: Committed
) -> None:
    place = SHELTER["locations"][0]
    take(zipped({**SHELTER, "locations": [{**place, "amanat::confidential": "no"}]}))
    public.write(NOW)
    assert "CANARY" in shown()
    with committed():
        take(zipped(SHELTER))
    assert "CANARY" not in shown()


@pytest.mark.sqlcipher_only
def test_where_the_file_can_not_be_written_the_site_shows_nothing_until_the_next_round(
    at_a_place: ServiceAtLocation, actor: Act, monkeypatch: Any, committed: Committed
) -> None:
    def full(_now: object) -> int:
        raise OSError("no space")

    with monkeypatch.context() as disk, committed():
        disk.setattr(public, "write", full)
        detailing.take_out(at_a_place.service, row=at_a_place, actor=actor("jemal"))
    assert shown() == ""
    refreshing.Refresher(lambda: NOW).turn()
    [offer] = published.part().offers
    assert (offer.name.text(), offer.places) == ("Zqday", [])


@pytest.mark.sqlcipher_only
def test_what_was_read_before_something_was_hidden_is_never_written_after_it(tmp_path: Any, monkeypatch: Any) -> None:
    """Who reads for the file holds it until it is written: whoever hides something meanwhile writes after that."""

    def read() -> list[Any]:
        with (tmp_path / "run" / f"{published.NAME}.lock").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return []

    monkeypatch.setattr(public, "entries", read)
    assert public.write(NOW) == 0


@pytest.mark.sqlcipher_only
def test_nothing_is_public_before_somebody_publishes(actor: Act, committed: Committed) -> None:
    made = service("Day centre")
    with committed():
        keeping.set_status(service=made, status=Status.CLOSED, alert="", actor=actor("irina"))
    assert not published.file().exists()


def test_the_page_says_how_much_is_public_and_writes_it(browse: Callable[[str], Client]) -> None:
    service("Day centre")
    coordinator = browse("irina")
    assert "never" in coordinator.get("/directory/public").content.decode()
    answer = coordinator.post("/directory/public", follow=True).content.decode()
    assert "1 service is public now." in answer
    assert "never" not in answer
    assert browse("jemal").get("/directory/public").status_code == 404
