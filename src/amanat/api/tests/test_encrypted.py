"""What is filled in on a phone is encrypted there to the workspace's key. What does not open is kept, and told of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from lxml import etree

from amanat.api import actions, form_keys, phone_forms
from amanat.api import health as ours
from amanat.api import waiting as waiting_room
from amanat.api.models import Fault, FormKey, Waiting
from amanat.api.tests.calling import Phone, arrive, filled
from amanat.api.tests.sender import Sender, Sent
from amanat.audit.recording import office_subject
from amanat.cases.models import Attachment, Case
from amanat.cases.tests.docs import picture
from amanat.desk import rekeying
from amanat.desk.tests import rotated
from amanat.forms.models import Answers, FormVersion, Record
from amanat.office import health
from amanat.vault import gate, intake, rotating
from amanat.vault import keys as vault_keys
from amanat.vault.keys import MASTER, Keyring, Locked, keyring
from amanat.vault.models import RetiredKey, Rotation
from amanat.vault.sealing import open_sealed
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
NAME = f"uuid:{1:036}"


@pytest.fixture
def sender(phone: Phone, version: FormVersion) -> Sender:
    return sender_of(phone.get("/phone/forms/arrival").content)


def sender_of(form: bytes) -> Sender:
    """An app that has nothing but the form that it fetched."""
    root = etree.fromstring(form)
    (asked,) = root.iter("{*}submission")
    (data,) = (one for one in root.iter("{*}data") if one.get("id"))
    return Sender(asked.get("base64RsaPublicKey"), data.get("id"), data.get("version"))


def send(phone: Phone, sent: Sent, *without: str) -> int:
    files = {name: content for name, content in sent.files.items() if name not in without}
    return phone.send(sent.manifest, files).status_code


def told() -> str:
    return "".join(open_sealed(row, "instance") or "" for row in Answers.objects.all())


def test_what_was_encrypted_becomes_the_same_record_with_its_picture(
    phone: Phone, office: Path, case: Case, version: FormVersion, sender: Sender
) -> None:
    sent = sender.sent(NAME, filled(version, case.pk.hex, paper="a.jpg"), {"a.jpg": picture()})
    assert (send(phone, sent), send(phone, sent)) == (201, 201)
    arrive(office)
    record = Record.objects.get()
    assert (record.subject, record.needs_review, record.instance_id) == (case.subject, False, NAME)
    assert "<age>12</age>" in told()
    assert f"<paper>{Attachment.objects.get().pk.hex}.jpg</paper>" in told()
    assert not Waiting.objects.exists()


def test_what_was_filled_in_with_a_form_from_before_is_taken_as_it_is(
    phone: Phone, office: Path, case: Case, version: FormVersion
) -> None:
    older = filled(version, case.pk.hex).replace(phone_forms.version_of(version), f"1 {version.digest[:12]}")
    assert phone.send(older).status_code == 201
    arrive(office)
    assert Record.objects.get().form_version == version


@pytest.mark.sqlcipher_only
def test_no_form_goes_out_with_another_key(version: FormVersion, sender: Sender) -> None:
    """Whatever its author wrote into the column `public_key`."""
    own = bytes(version.xform).replace(b"</model>", b'<submission base64RsaPublicKey="theirs"/></model>')
    FormVersion.objects.filter(pk=version.pk).update(xform=own)
    phone_forms._made.cache_clear()
    assert b"theirs" not in phone_forms.xform(version, "en")
    assert sender.version.endswith(form_keys.lock().mark)


def damaged(sent: Sent) -> Sent:
    return replace(sent, files=sent.files | {"submission.xml.enc": sent.files["submission.xml.enc"][:-1]})


def foreign(sent: Sent) -> Sent:
    """The key encrypted for somebody else: to us it is noise."""
    return replace(sent, manifest=etree.tostring(_with(sent, "base64EncryptedKey", "A" * 342 + "==")).decode())


def cut(sent: Sent) -> Sent:
    return replace(sent, manifest=etree.tostring(_with(sent, "base64EncryptedKey", "AAAA")).decode())


def unreadable(sent: Sent) -> Sent:
    return replace(sent, manifest=etree.tostring(_with(sent, "base64EncryptedKey", "ключ")).decode())


def _with(sent: Sent, name: str, text: str) -> etree._Element:
    root = etree.fromstring(sent.manifest)
    root.find(f"{{*}}{name}").text = text
    return root


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("change", "fault"),
    [(damaged, Fault.DAMAGED), (foreign, Fault.FOREIGN), (cut, Fault.DAMAGED), (unreadable, Fault.DAMAGED)],
)
def test_what_does_not_open_is_kept_and_told_to_its_worker_and_to_who_looks_after_the_machine(
    phone: Phone,
    office: Path,
    case: Case,
    version: FormVersion,
    sender: Sender,
    browse: Browse,
    change: Callable[[Sent], Sent],
    fault: Fault,
) -> None:
    sent = sender.sent(NAME, filled(version, case.pk.hex))
    assert send(phone, change(sent)) == 201
    arrive(office)
    waiting = Waiting.objects.get()
    assert (waiting.fault, Record.objects.count()) == (fault, 0)
    jemal, sentence = browse("jemal"), str(fault.label)
    pages = [jemal.get("/phones"), browse("viktor").get("/phones")]
    assert all(sentence in page.content.decode() for page in pages)
    assert f"/phones/waiting/{waiting.pk}/" not in pages[1].content.decode()
    assert "arrival" not in pages[1].content.decode()
    assert sentence not in browse("merdan").get("/phones").content.decode()
    assert sentence in jemal.post(f"/phones/waiting/{waiting.pk}/open").content.decode()
    assert sentence in jemal.post(f"/phones/waiting/{waiting.pk}/file", {"case": case.pk.hex}).content.decode()
    figures = health._figures([health._probes["phones"]], NOW)
    (check,) = ours.checks(health.Seen(NOW, figures=figures))
    assert check.value == 1
    unsearched = waiting_room.unread(case.agency_id)
    assert unsearched is not None
    assert (unsearched.count, unsearched.until.date()) == (1, waiting_room.last_day(waiting))
    assert send(phone, sent) == 201, "what comes whole later takes its place"
    arrive(office)
    assert (Record.objects.count(), Waiting.objects.count()) == (1, 0)


@pytest.mark.sqlcipher_only
def test_a_changed_answer_is_noticed_by_the_signature(
    phone: Phone, office: Path, case: Case, version: FormVersion, sender: Sender
) -> None:
    assert send(phone, sender.sent(NAME, filled(version, case.pk.hex), signs=False)) == 201
    arrive(office)
    assert Waiting.objects.get().fault == Fault.ALTERED


@pytest.mark.sqlcipher_only
def test_a_form_under_the_name_of_another_one_is_not_taken_for_it(
    phone: Phone, office: Path, case: Case, version: FormVersion, sender: Sender
) -> None:
    assert send(phone, sender.sent("uuid:other", filled(version, case.pk.hex))) == 201
    arrive(office)
    assert Waiting.objects.get().fault == Fault.ALTERED


def test_files_that_come_later_are_put_together_with_what_waits_for_them(
    phone: Phone, office: Path, case: Case, version: FormVersion, sender: Sender, cast: Cast
) -> None:
    sent = sender.sent(NAME, filled(version, case.pk.hex, paper="b.jpg"), {"a.jpg": b"x", "b.jpg": picture()})
    assert send(phone, sent, "b.jpg.enc") == 201
    arrive(office)
    waiting = Waiting.objects.get()
    assert (waiting.fault, waiting.about, Record.objects.count()) == (Fault.MISSING, case.pk, 0)
    with pytest.raises(actions.filing.StillShut), transaction.atomic():
        actions.open_packet(waiting, actor=cast.actor("jemal"))
    assert send(phone, sent, "a.jpg.enc", "submission.xml.enc") == 201
    arrive(office)
    assert (Record.objects.count(), Attachment.objects.count()) == (1, 1)
    assert not Waiting.objects.filter(fault=Fault.MISSING).exists()
    assert send(phone, sent, "a.jpg.enc") == 201, "a part once more, in another bundle"
    arrive(office)
    assert not Waiting.objects.filter(fault=Fault.MISSING).exists()


@pytest.mark.sqlcipher_only
def test_what_did_not_open_is_opened_when_the_key_is_there_again(
    phone: Phone,
    office: Path,
    case: Case,
    version: FormVersion,
    sender: Sender,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As after a restore from a backup, or with a later version of the program."""
    with monkeypatch.context() as patch:
        patch.setattr(form_keys, "private", lambda: other)
        other = form_keys.rsa.generate_private_key(65537, 2048)
        send(phone, sender.sent(NAME, filled(version, case.pk.hex)))
        arrive(office)
    waiting = Waiting.objects.get()
    assert waiting.fault == Fault.FOREIGN
    assert browse("jemal").post(f"/phones/waiting/{waiting.pk}/open").status_code == 302
    assert (Record.objects.count(), Waiting.objects.count()) == (1, 0)


def test_locked_it_is_taken_without_any_question_to_the_database_and_nobody_can_open_it(
    phone: Phone,
    office: Path,
    case: Case,
    version: FormVersion,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    sent = sender.sent(NAME, filled(version, case.pk.hex))
    gate.change(office, limits={"phone": (20, 60)}, guarded=("phone",))
    with monkeypatch.context() as patch, override_settings(ROOT_URLCONF="amanat.config.tree.locked_urls"):
        patch.setattr(vault_keys, "_held", None)
        with django_assert_num_queries(0):
            assert phone.client.head("/phone/submission", headers=phone.basic).status_code == 204
            assert (send(phone, sent), send(phone, sent)) == (201, 201)
            assert phone.client.post("/intake/phone", b"x", content_type="text/xml").status_code == 401
        with pytest.raises(Locked):
            form_keys.private()
        with pytest.raises(Locked):
            arrive(office)
        assert len(intake.waiting(intake.folder(office))) == 2
    arrive(office)
    assert Record.objects.count() == 1


def test_the_key_is_made_once_and_goes_with_the_keys_of_the_office() -> None:
    first = form_keys.lock()
    assert (form_keys.lock(), FormKey.objects.count()) == (first, 1)
    held = FormKey.objects.select_related("subject").get()
    assert held.subject == office_subject()
    assert repr(held.private) == "<sealed>"
    assert form_keys.private().key_size == 2048


def test_it_opens_under_new_keys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new master key, then new data keys: what was there before is given up, and the phones' key is the same."""
    first = form_keys.lock()
    monkeypatch.setattr(vault_keys, "_held", keyring().with_next(MASTER))
    rotation = Rotation.objects.create(kind=MASTER, generation=2, begun_at=NOW)
    while rotating.wrap_some(rotation) or rotating.wrap_late():
        pass
    monkeypatch.setattr(
        vault_keys, "_held", Keyring({name: key for name, key in keyring().keys.items() if name != "master.1"})
    )
    assert form_keys.lock() == first
    rekeying.begin_all(NOW)
    rotated.finish()
    assert RetiredKey.objects.all().delete()[0]
    assert form_keys.lock() == first
