"""Phones: what they fetch names no child but by code name, what they send becomes one record, and who is shut out is out at once."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from lxml import etree

from amanat.access.files import open_file
from amanat.access.policy import Part, Verb
from amanat.api import actions, door, packets, phone_forms, setting_up
from amanat.api.models import Device, Waiting
from amanat.api.tests.calling import BOUNDARY, Phone, arrive, body, filled
from amanat.audit.models import Entry
from amanat.cases.models import Attachment, Case
from amanat.cases.tests.arriving import ARRIVAL, publish
from amanat.cases.tests.docs import picture
from amanat.forms import kept
from amanat.forms.faulty import FaultyForm
from amanat.forms.models import Answers, FormVersion, Record
from amanat.forms.packed import Written
from amanat.office.actions import leaving
from amanat.people import factors
from amanat.vault import gate, intake
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
LIST = "{http://openrosa.org/xforms/xformsList}"


def test_a_form_goes_to_the_phone_and_comes_back_as_one_record(
    phone: Phone, office: Path, case: Case, version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "of_the_pack", dict)  # its forms would all be turned first
    listed = phone.get("/phone/formList")
    assert (listed.status_code, listed["X-OpenRosa-Version"]) == (200, "1.0")
    rows = {row.findtext(f"{LIST}formID"): row for row in etree.fromstring(listed.content)}
    row = rows["arrival"]
    form = phone.get(row.findtext(f"{LIST}downloadUrl"))
    assert row.findtext(f"{LIST}hash") == f"md5:{phone_forms.md5(form.content)}"
    assert b'ref="/data/case_ref"' in form.content
    found = etree.fromstring(phone.get(row.findtext(f"{LIST}manifestUrl")).content)
    media = phone.get(found.findtext(".//{*}downloadUrl")).content
    assert found.findtext(".//{*}hash") == f"md5:{phone_forms.md5(media)}"
    assert media.decode().splitlines() == ["name,label", f"{case.pk.hex},{case}"]

    assert phone.client.head("/phone/submission", headers=phone.basic).status_code == 204
    for _again in range(10):
        assert phone.send(filled(version, case.pk.hex)).status_code == 201
    assert not Record.objects.exists()
    arrive(office)
    record = Record.objects.get()
    assert (record.subject, record.needs_review, record.recorded_by) == (case.subject, False, phone.device.membership)
    told = "".join(open_sealed(row, "instance") or "" for row in Answers.objects.all())
    assert "<age>12</age>" in told
    assert "case_ref" not in told
    assert not Waiting.objects.exists()
    assert not intake.waiting(intake.folder(office))
    assert Device.objects.get().used_on is not None


def test_what_does_not_hold_is_kept_and_marked(phone: Phone, office: Path, case: Case, version: FormVersion) -> None:
    assert phone.send(filled(version, case.pk.hex, age="41")).status_code == 201
    arrive(office)
    assert Record.objects.get().needs_review


def test_a_picture_becomes_a_document_that_the_answer_names(
    phone: Phone, office: Path, case: Case, version: FormVersion
) -> None:
    assert phone.send(filled(version, case.pk.hex, paper="a.jpg"), {"a.jpg": picture()}).status_code == 201
    arrive(office)
    document = Attachment.objects.get()
    told = "".join(open_sealed(row, "instance") or "" for row in Answers.objects.all())
    assert f"<paper>{document.pk.hex}.jpg</paper>" in told
    assert not Waiting.objects.exists()


@pytest.mark.sqlcipher_only
def test_a_picture_of_a_part_that_its_worker_does_not_write_is_kept_with_the_answer(
    phone: Phone, office: Path, case: Case, cast: Cast
) -> None:
    paper = "|  | image | paper | Picture of the paper | Снимок бумаги | | | | | | | {} | | |"
    version = publish(ARRIVAL.replace(paper.format("facts"), paper.format("health_alerts")))
    assert not open_file(cast.actor("jemal"), case).writes(Part.HEALTH_ALERTS)
    phone.send(filled(version, case.pk.hex, paper="a.jpg"), {"a.jpg": picture()})
    arrive(office)
    assert (Attachment.objects.get().part, Record.objects.get().needs_review) == ("health_alerts", True)
    assert not Waiting.objects.exists()


@pytest.mark.sqlcipher_only
def test_a_file_belongs_to_its_question_though_a_text_says_the_same(
    phone: Phone, office: Path, case: Case, version: FormVersion
) -> None:
    named = filled(version, case.pk.hex, paper="a.jpg").replace(
        "<alone>yes</alone>", "<alone>no</alone><with_whom>a.jpg</with_whom>"
    )
    phone.send(named, {"a.jpg": picture()})
    arrive(office)
    told = "".join(open_sealed(row, "instance") or "" for row in Answers.objects.all())
    assert Attachment.objects.get().part == "facts"
    assert "<with_whom>a.jpg</with_whom>" in told
    assert "<paper>a.jpg</paper>" not in told


@pytest.mark.sqlcipher_only
def test_a_file_whose_name_has_other_letters_is_known_by_it(
    phone: Phone, office: Path, case: Case, version: FormVersion
) -> None:
    parts = body({packets.FORM: filled(version, case.pk.hex, paper="фото.jpg").encode(), "its-name": picture()})
    coded = "filename*=UTF-8''" + quote("фото.jpg")
    phone.client.post(
        "/phone/submission",
        data=parts.replace(b'filename="its-name"', coded.encode()),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers=phone.basic,
    )
    arrive(office)
    assert (Attachment.objects.count(), Waiting.objects.count()) == (1, 0)


@pytest.mark.parametrize("ref", ["", "0" * 32])
def test_without_a_child_it_waits_for_its_worker_who_files_it(
    phone: Phone, office: Path, case: Case, version: FormVersion, browse: Browse, ref: str
) -> None:
    phone.send(filled(version, ref))
    arrive(office)
    waiting = Waiting.objects.get()
    assert not Record.objects.exists()
    assert str(waiting.pk) not in browse("merdan").get("/phones").content.decode()
    jemal = browse("jemal")
    assert f"/phones/waiting/{waiting.pk}/file" in jemal.get("/phones").content.decode()
    assert '<option value="" selected' in jemal.get(f"/phones/waiting/{waiting.pk}/file").content.decode()
    assert jemal.post(f"/phones/waiting/{waiting.pk}/file", {"case": ""}).status_code == 200, "nobody's by one press"
    assert jemal.post(f"/phones/waiting/{waiting.pk}/file", {"case": case.pk.hex}).status_code == 302
    assert Record.objects.get().subject == case.subject
    assert not Waiting.objects.exists()


def test_what_waits_is_thrown_away_by_its_worker_alone(
    phone: Phone, office: Path, version: FormVersion, cast: Cast
) -> None:
    phone.send(filled(version))
    arrive(office)
    waiting = Waiting.objects.select_related("subject").get()
    with pytest.raises(Refused), transaction.atomic():
        actions.discard_packet.__wrapped__(waiting, actor=cast.actor("merdan"))  # type: ignore[attr-defined]
    actions.discard_packet(waiting, actor=cast.actor("jemal"))
    assert not Waiting.objects.exists()


def test_a_file_of_somebody_else_is_not_written(
    phone: Phone, office: Path, version: FormVersion, cast: Cast, register: Callable[..., Case]
) -> None:
    theirs = register(by="merdan")
    assert theirs.pk.hex not in phone_forms.case_list(cast.actor("jemal")).decode()
    phone.send(filled(version, theirs.pk.hex))
    arrive(office)
    assert (Record.objects.count(), Waiting.objects.count()) == (0, 1)


def test_a_phone_that_is_shut_out_is_out_at_once_whatever_it_asks(
    phone: Phone, office: Path, version: FormVersion, browse: Browse
) -> None:
    assert browse("jemal").post(f"/phones/{phone.device.pk}/revoke").status_code == 302
    answers = [phone.get("/phone/formList"), phone.get("/phone/forms/arrival"), phone.send(filled(version))]
    unknown = Client().get("/phone/formList", headers={"authorization": "Basic eDp5"})
    assert {answer.status_code for answer in (*answers, unknown)} == {401}
    assert answers[0].content == unknown.content
    assert "Basic" in unknown["WWW-Authenticate"]
    assert not intake.waiting(intake.folder(office))
    assert Entry.objects.filter(verb=Verb.DEVICE_REVOKE).exists()


@pytest.mark.parametrize("way", ["suspend", "end"])
def test_the_phone_of_who_is_suspended_or_left_neither_fetches_nor_sends_from_that_moment(
    phone: Phone, office: Path, version: FormVersion, cast: Cast, way: str
) -> None:
    """By the gate alone, so while the workspace is locked, too."""
    if way == "suspend":
        leaving.suspend(cast["jemal"].user, reason="Asked to stay away.", actor=cast.actor("aman"))
    else:
        leaving.end_membership(cast["jemal"], reason="Another job.", actor=cast.actor("aman"))
    assert gate.read(office).tokens[door.TOKENS] == ()
    answers = [phone.get("/phone/formList"), phone.get("/phone/forms/arrival"), phone.send(filled(version))]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("way", ["suspend", "reset"])
def test_a_phone_from_before_a_suspension_or_a_new_way_in_stays_out_for_good(
    phone: Phone, office: Path, version: FormVersion, cast: Cast, django_capture_on_commit_callbacks: Any, way: str
) -> None:
    user = cast["jemal"].user
    with django_capture_on_commit_callbacks(execute=True):
        if way == "suspend":
            leaving.suspend(user, reason="Asked to stay away.", actor=cast.actor("aman"))
            leaving.readmit(user, reason="It was cleared up.", actor=cast.actor("aman"))
        else:
            factors.clear(user, cast.now)
    assert gate.read(office).tokens[door.TOKENS] == ()
    assert phone.send(filled(version)).status_code == 401
    assert phone.get("/phone/formList").status_code == 401


@pytest.mark.sqlcipher_only
def test_what_an_app_is_set_up_by_is_its_own_settings(browse: Browse, office: Path) -> None:
    page = browse("jemal").post("/phones/add", {"label": "Work phone"}).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    told = json.loads(zlib.decompress(base64.b64decode(setting_up.settings("https://host/phone", "a1", "b2"))))
    assert {"server_url": "https://host/phone", "username": "a1", "password": "b2"}.items() <= told["general"].items()


@pytest.mark.sqlcipher_only
def test_the_list_turns_no_form_anew_nor_tries_one_that_cannot_be_turned(
    phone: Phone, version: FormVersion, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    def faulty(written: Written) -> kept.Turned:
        tried.append(written.file_name)
        raise FaultyForm([])

    tried: list[str] = []
    monkeypatch.setattr(kept, "turned", faulty)
    monkeypatch.setattr(phone_forms, "_cant_be_turned", set())
    assert [one.form.name for one in phone_forms.versions()] == ["arrival"]
    assert tried
    tried.clear()
    phone.get("/phone/formList")
    with django_assert_max_num_queries(12):
        assert phone.get("/phone/formList").status_code == 200
    assert not tried


@pytest.mark.sqlcipher_only
def test_pictures_that_a_form_shows_go_to_the_phone(phone: Phone, version: FormVersion) -> None:
    version.files.create(name="face.png", content=b"\x89PNG")
    found = etree.fromstring(phone.get("/phone/forms/arrival/manifest").content)
    addresses = {one.findtext("{*}filename"): one.findtext("{*}downloadUrl") for one in found}
    assert set(addresses) == {"cases.csv", "face.png"}
    answer = phone.get(addresses["face.png"])
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG", "image/png")


def test_a_phone_is_known_again_after_a_restore(phone: Phone, office: Path, version: FormVersion) -> None:
    gate.change(office, tokens={})
    assert phone.send(filled(version)).status_code == 401
    actions.tell_the_gate()
    assert phone.send(filled(version)).status_code == 201


def test_a_worker_has_few_phones_and_shuts_out_no_colleagues(phone: Phone, cast: Cast) -> None:
    jemal = cast.actor("jemal", proved_at=NOW)
    for number in range(actions.MOST - 1):
        actions.add_device(label=f"Phone {number}", actor=jemal)
    with pytest.raises(PersonFacingError, match="phones already"):
        actions.add_device(label="One more", actor=jemal)
    assert not actions.may_revoke(phone.device, cast.actor("merdan"))
    assert actions.may_revoke(phone.device, cast.actor("viktor"))


def test_the_password_is_shown_once_and_kept_nowhere(office: Path, cast: Cast, browse: Browse) -> None:
    page = browse("jemal").post("/phones/add", {"label": "Work phone"})
    assert page.status_code == 200
    password = page.content.decode().split("<code>")[3]
    held = Device.objects.get()
    assert door.digest_of(held.name, password.split("<")[0]) == held.digest
    assert "/phone" in page.content.decode()
