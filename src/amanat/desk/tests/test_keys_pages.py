"""The register of keys: what it says, what it begins, and how far that is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amanat.cases.models import Case
from amanat.cases.sweeping import Sweeper
from amanat.desk import keys as register
from amanat.desk.actions import rotating
from amanat.desk.rekeying import Rekeyer
from amanat.desk.tests.rotated import finish
from amanat.office.tests.ways import counting, read, send
from amanat.vault import generations, recovery, resealing
from amanat.vault.keys import KeyFile, Passphrase, Workspace
from amanat.vault.models import Rotation, RotationKind
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
WHY = {"reason": "A laptop was lost."}


def test_each_kind_says_what_it_protects_and_how_it_is_changed(case: Case, browse: Browse) -> None:
    page = read(browse("kerim"), "/desk/keys")
    for word in ("Master key", "Data keys", "Audit key", "Intake key", "Index keys", "Certificate", "Shares"):
        assert word in page
    for kind in ("master", "audit", "intake"):
        assert f"./run amanat keys rotate {kind}" in page
    for key in register.keys(NOW):
        assert str(key.protects)
        assert bool(key.command) + bool(key.url_name) <= 1
    assert 'href="/desk/keys/data"' in page
    assert 'href="/desk/keys/index"' in page
    assert "data-print" in page
    assert "Being changed" not in page


def test_a_key_that_was_changed_tells_its_generation_and_since_when(case: Case, cast: Cast, browse: Browse) -> None:
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim", now=NOW - timedelta(days=3)))
    finish()
    told = {str(key.label): key for key in register.keys(NOW)}
    assert (told["Data keys"].generation, told["Data keys"].since) == (2, NOW - timedelta(days=3))
    assert (told["Master key"].generation, told["Master key"].since) == (1, None)
    page = read(browse("kerim"), "/desk/keys")
    assert "generation 2" in page
    assert page.count("since the workspace was made") == 4


def test_its_button_changes_all_data_keys_and_the_page_says_how_far_it_is(case: Case, browse: Browse) -> None:
    client = browse("kerim")
    page = send(client, "/desk/keys/data", **WHY)
    assert "Every file gets a new key now." in page
    assert "waits to begin" in page
    rekeyer = Rekeyer(lambda: NOW, settled=1000)
    rekeyer.turn()
    bar = read(client, "/desk/keys/running")
    assert '<progress id="data" max="2" value="1">' in bar
    assert 'hx-get="/desk/keys/running"' in bar
    while rekeyer.turn():
        pass
    assert "looked through once more" in read(client, "/desk/keys/running")
    finish()
    assert client.get("/desk/keys/running")["HX-Refresh"] == "true"
    assert "Being changed" not in read(client, "/desk/keys")


def test_its_button_changes_the_index_keys_once_at_a_time(case: Case, browse: Browse) -> None:
    client = browse("kerim")
    assert "The index is made anew now." in send(client, "/desk/keys/index", **WHY)
    assert '<progress id="index" max="100" value="0">' in read(client, "/desk/keys/running")
    again = client.post("/desk/keys/index", WHY).content.decode()
    assert "The index is being made anew already." in again
    assert WHY["reason"] in again
    sweeper = Sweeper()
    while sweeper.turn():
        pass
    assert generations.live()[-1].number == 2
    assert client.get("/desk/keys/running")["HX-Refresh"] == "true"


@pytest.mark.parametrize("address", ["/desk/keys/data", "/desk/keys/index"])
def test_a_reason_is_asked_for(browse: Browse, address: str) -> None:
    answer = browse("kerim").post(address, {"reason": ""})
    assert "<title>Error:" in answer.content.decode()
    assert not resealing.waiting()
    assert generations.is_whole()


def test_it_costs_few_queries_however_much_is_changed(case: Case, cast: Cast, browse: Browse) -> None:
    client = browse("kerim")
    for number in range(5):
        Rotation.objects.create(
            kind=RotationKind.MASTER, generation=number + 2, begun_at=NOW, ended_at=NOW if number < 4 else None
        )
        rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim", now=NOW + timedelta(minutes=number)))
        finish(NOW + timedelta(minutes=number))
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    rotating.rotate_index_keys(reason="x", actor=cast.actor("kerim"))
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    with counting() as queries:
        read(client, "/desk/keys")
    assert len(queries) <= 12


def test_the_file_has_a_page_for_its_own_key(case: Case, browse: Browse) -> None:
    client, address = browse("kerim"), f"/cases/{case.pk.hex}/key"
    assert address in read(client, case.get_absolute_url())
    page = send(client, address, **WHY)
    assert "The file gets a new key now." in page
    assert "waits to begin" in page
    assert "<textarea" not in page
    rekeyer = Rekeyer(lambda: NOW, settled=1000)
    while rekeyer.turn():
        pass
    assert "The file has its new key." in read(client, address)
    finish()
    page = read(client, address)
    assert "The last change" in page
    assert "<textarea" in page
    with counting() as queries:
        read(client, address)
    assert len(queries) <= 12


def test_it_tells_what_opens_the_workspace_and_who_keeps_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    key = KeyFile.create(tmp_path / "key")
    workspace = Workspace.create(tmp_path / "own", kind="real", provider=key)
    monkeypatch.setattr(settings, "WORKSPACE", workspace.path)
    told = {str(one.label): str(one.told) for one in register.keys(NOW)}
    assert "Key file" in told
    assert told["Shares"] == "No shares were made for this workspace."
    assert told["Certificate"].startswith("No TLS")
    held = workspace.unwrap(key)
    workspace.wrap(Passphrase("calm river seven stones under bridge"), held)
    workspace.trust(recovery.create(["Ogul", "Serdar", "Maria"]), held, NOW.isoformat())
    told = {str(one.label): str(one.told) for one in register.keys(NOW)}
    assert "Words" in told
    assert told["Shares"] == "Kept by: Ogul, Serdar, Maria"
