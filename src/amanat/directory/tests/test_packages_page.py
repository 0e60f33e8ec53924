"""The pages of packages: sent, looked at, mended, taken in, thrown away; and the way out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.audit.models import Entry
from amanat.directory import models
from amanat.directory.tests.standard import SHELTER, zipped
from amanat.vault.sealing import open_sealed

pytestmark = [pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
BRING, WAITING = "/directory/packages/bring", "/directory/packages/waiting"


def send(client: Client, content: bytes, name: str = "services.zip", publisher: str = "Open Data") -> str:
    sent = {"file": SimpleUploadedFile(name, content), "publisher": publisher}
    answer = client.post(BRING, sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def left(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_package_is_sent_looked_at_taken_in_and_brought_out(browse: Browse) -> None:
    client = browse("irina")
    page = send(client, zipped(SHELTER))
    for told in ("services.zip", "Open Data", "Harbour House", "1 place is confidential", "Take it in"):
        assert told in page
    assert "CANARY" not in page
    assert "are new or changed." in client.post(WAITING, follow=True).content.decode()
    assert models.Service.objects.get().name == "Night beds"
    answer = client.post("/directory/packages", {"packed_as": "zip"})
    assert answer["Content-Disposition"] == 'attachment; filename="directory.zip"'
    with zipfile.ZipFile(io.BytesIO(left(answer))) as archive:
        assert "Night beds" in archive.read("services.csv").decode()
    answer = client.post("/directory/packages", {"packed_as": "json", "withheld": "on"})
    assert b"Harbour House" in left(answer)
    acts = [
        str((open_sealed(row, "details") or {}).get("about"))
        for row in Entry.objects.filter(verb__startswith="directory")
    ]
    assert any("it was taken in" in act for act in acts)
    assert {"as zip", "as json"} <= set(acts)


def test_faults_are_shown_with_their_place_and_the_mended_one_takes_its_place(browse: Browse) -> None:
    client = browse("irina")
    page = send(client, zipped({**SHELTER, "organizations": []}))
    for told in (
        "things to mend",
        "services.csv",
        "row 2, column organization_id",
        "organizations.csv has no row house.",
    ):
        assert told in page
    assert "Take it in" not in page
    client.post(WAITING)
    assert not models.Service.objects.exists()
    assert "Take it in" in send(client, zipped(SHELTER))
    assert models.Package.objects.count() == 1


def test_what_was_typed_stays_where_the_file_is_wrong(browse: Browse) -> None:
    page = send(browse("irina"), b"", publisher="Ministry of help")
    assert "The file services.zip is empty." in page
    assert 'value="Ministry of help"' in page
    assert "Choose the files once more" in page


def test_what_changed_meanwhile_is_told_on_the_page(browse: Browse) -> None:
    client = browse("irina")
    send(client, zipped({"organizations": SHELTER["organizations"]}))
    client.post(WAITING)
    assert "Take it in" in send(client, zipped({"services": SHELTER["services"]}))
    models.Organization.objects.all().delete()
    page = client.post(WAITING).content.decode()
    assert "it has faults" in page
    assert "organizations.csv has no row house." in page


def test_a_package_is_thrown_away_and_nothing_waits_any_more(browse: Browse) -> None:
    client = browse("viktor")
    send(client, zipped(SHELTER))
    assert "A package waits" in client.get("/directory/packages").content.decode()
    client.post(f"{WAITING}/discard")
    assert not models.Package.objects.exists()
    assert client.get(WAITING)["Location"] == "/directory/packages"
    assert client.get(f"{WAITING}/discard")["Location"] == "/directory/packages"


def test_the_country_packs_own_services_come_the_same_way(browse: Browse, settings: Any) -> None:
    assert "Services of the country pack" not in browse("irina").get("/directory/packages").content.decode()
    settings.AMANAT_PACKS = [settings.SHIPPED_PACKS / "core", settings.SHIPPED_PACKS / "turkmenistan"]
    client = browse("irina")
    assert "Services of the country pack" in client.get("/directory/packages").content.decode()
    page = client.post("/directory/packages/seeds", follow=True).content.decode()
    assert "Take it in" in page
    client.post(WAITING)
    before = models.Service.objects.count()
    assert before
    assert "All of it is here already." in client.post("/directory/packages/seeds", follow=True).content.decode()
    assert models.Service.objects.count() == before


def test_taking_in_asks_for_a_fresh_sign_in_and_others_are_refused(browse: Browse) -> None:
    assert "/account/confirm" in browse("irina", proved=False).get(BRING)["Location"]
    for name in ("jemal", "aman", "kerim"):
        assert browse(name).get("/directory/packages").status_code == 404
        assert browse(name).get(BRING).status_code == 404


def test_a_page_costs_the_same_however_much_it_would_change(browse: Browse) -> None:
    client, costs, page = browse("irina"), [], ""
    for count in (1, 200):
        rows = [{"id": f"{place}", "name": f"House {place}", "description": "-"} for place in range(count)]
        send(client, zipped({"organizations": rows}))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(WAITING).content.decode()
        costs.append(len([one for one in captured.captured_queries if one["sql"].startswith("SELECT")]))
        assert f"House {min(count, 3) - 1}" in page
    assert costs[0] == costs[1] <= 12
    assert "The first 100 of 200." in page
