"""Phones: what they fetch names no child but by code name, what they send becomes one record, and who is shut out is out at once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from lxml import etree

from amanat.access.policy import Verb
from amanat.api import actions, door, packets, phone_forms
from amanat.api.models import Device, Waiting
from amanat.audit.models import Entry
from amanat.cases.models import Attachment, Case
from amanat.cases.tests.arriving import publish
from amanat.cases.tests.docs import picture
from amanat.forms.models import Answers, FormVersion, Record
from amanat.vault import gate, intake
from amanat.vault.arrivals import Opener
from amanat.vault.keys import keyring
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
LIST = "{http://openrosa.org/xforms/xformsList}"
BOUNDARY = "AaB03x"


class Phone:
    """A phone of Jemal's, as a program that speaks the protocol."""

    def __init__(self, added: actions.Added) -> None:
        self.device, self.client = added.device, Client()
        told = base64.b64encode(f"{added.device.name}:{added.password}".encode()).decode()
        self.basic = {"authorization": f"Basic {told}"}

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.basic)

    def send(self, instance: str, **media: bytes) -> Any:
        files = {packets.FORM: instance.encode()} | {name.replace("_", "."): held for name, held in media.items()}
        return self.client.post(
            "/phone/submission",
            data=body(files),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            headers=self.basic,
        )


def body(files: dict[str, bytes]) -> bytes:
    head = '--{0}\r\nContent-Disposition: form-data; name="{1}"; filename="{1}"\r\nContent-Type: text/xml\r\n\r\n'
    parts = [head.format(BOUNDARY, name).encode() + held + b"\r\n" for name, held in files.items()]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the gate and the intake."""
    monkeypatch.setattr(settings, "WORKSPACE", tmp_path)
    held = {"intake_public": keyring().intake_public(), "duty_number": "", "limits": {}, "tokens": {}}
    gate.path(tmp_path).write_text(json.dumps(held))
    return tmp_path


@pytest.fixture
def phone(office: Path, cast: Cast) -> Phone:
    added = actions.add_device(label="Work phone", actor=cast.actor("jemal", proved_at=NOW))
    actions.tell_the_gate()  # as when it is committed
    return Phone(added)


@pytest.fixture
def version(cast: Cast) -> FormVersion:
    return publish()


def filled(version: FormVersion, ref: str = "", *, number: int = 1, age: str = "12", paper: str = "") -> str:
    chosen = f"<case_ref>{ref}</case_ref>"
    return (
        f'<data id="arrival" version="{phone_forms.version_of(version)}">{chosen}<arrival><age>{age}</age>'
        f"<alone>yes</alone></arrival><health><paper>{paper}</paper></health>"
        f"<meta><instanceID>uuid:{number:036}</instanceID></meta></data>"
    )


def arrive(office: Path) -> None:
    Opener(clock=lambda: NOW, place=intake.folder(office)).turn()


def test_a_form_goes_to_the_phone_and_comes_back_as_one_record(
    phone: Phone, office: Path, case: Case, version: FormVersion
) -> None:
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
    assert phone.send(filled(version, case.pk.hex, paper="a.jpg"), a_jpg=picture()).status_code == 201
    arrive(office)
    document = Attachment.objects.get()
    told = "".join(open_sealed(row, "instance") or "" for row in Answers.objects.all())
    assert f"<paper>{document.pk.hex}.jpg</paper>" in told
    assert not Waiting.objects.exists()


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


def test_a_phone_is_known_again_after_a_restore(phone: Phone, office: Path, version: FormVersion) -> None:
    gate.change(office, tokens={})
    assert phone.send(filled(version)).status_code == 401
    actions.tell_the_gate()
    assert phone.send(filled(version)).status_code == 201


def test_wrong_passwords_of_one_address_are_slowed_down(office: Path) -> None:
    wrong = {"authorization": "Basic eDp5"}
    found = [Client().get("/phone/formList", headers=wrong).status_code for _try in range(door.WRONG[0] + 1)]
    assert (found[0], found[-1]) == (401, 429)


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


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]><data id="arrival"><meta><instanceID>&a;</instanceID></meta></data>'


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (body({packets.FORM: BOMB.encode()}), f"multipart/form-data; boundary={BOUNDARY}"),
        (body({packets.FORM: b"<data/>"}), f"multipart/form-data; boundary={BOUNDARY}"),
        (body({packets.FORM: b"<data/>"}), "multipart/form-data; boundary=other"),
        (body({packets.FORM: b"<data/>"}), "text/xml"),
        (body({f"{number}.jpg": b"" for number in range(60)}), f"multipart/form-data; boundary={BOUNDARY}"),
        (body({"a.jpg": b"x"}), f"multipart/form-data; boundary={BOUNDARY}"),
        (b"", f"multipart/form-data; boundary={BOUNDARY}"),
    ],
)
def test_what_is_no_submission_is_answered_with_a_sentence(phone: Phone, office: Path, sent: bytes, kind: str) -> None:
    answer = phone.client.post("/phone/submission", data=sent, content_type=kind, headers=phone.basic)
    assert answer.status_code == (400 if sent else 411)
    assert etree.fromstring(answer.content).findtext("{*}message")
    assert not intake.waiting(intake.folder(office))


def test_more_than_twenty_megabytes_are_not_read_into_memory(phone: Phone) -> None:
    answer = phone.client.post(
        "/phone/submission", data=b"x" * (20 * 1024 * 1024 + 1), content_type="multipart/form-data", headers=phone.basic
    )
    assert answer.status_code == 413


def test_a_packet_is_packed_as_it_was_whatever_the_order_of_its_files() -> None:
    one = packets.Packet("a1", b"<data/>", {"b.jpg": b"two\r\n", "a.jpg": b"\r\n--one"})
    assert packets.Packet.unpacked(one.packed()) == one
    assert packets.Packet("a1", b"<data/>", dict(reversed(one.media.items()))).packed() == one.packed()
