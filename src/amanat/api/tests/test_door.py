"""The door: what signs nobody in or is no submission is answered with a sentence, before it is taken apart or kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from amanat.api import door, packets
from amanat.api.tests.calling import BOUNDARY, Phone, body
from amanat.vault import intake

pytestmark = pytest.mark.django_db


def test_wrong_passwords_of_one_address_are_slowed_down(office: Path) -> None:
    wrong = {"authorization": "Basic eDp5"}
    one = Client(REMOTE_ADDR="192.0.2.9")
    found = [one.get("/phone/formList", headers=wrong).status_code for _try in range(door.WRONG[0] + 1)]
    assert (found[0], found[-1]) == (401, 429)


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("told", ["Basic \xe9", "Basic =", "Basic /w==", "Basic", "Bearer x"])
def test_what_signs_nobody_in_is_answered_as_a_wrong_password(office: Path, told: str) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7", headers={"authorization": told})
    asked = [client.get("/phone/formList"), client.post("/phone/submission")]
    assert [answer.status_code for answer in asked] == [401, 401]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]><data id="arrival"><meta><instanceID>&a;</instanceID></meta></data>'


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (body({packets.FORM: BOMB.encode()}), f"multipart/form-data; boundary={BOUNDARY}"),
        (body({packets.FORM: b"<data/>"}), f"multipart/form-data; boundary={BOUNDARY}"),
        (body({packets.FORM: b"<data/>"}), "multipart/form-data; boundary=other"),
        (body({packets.FORM: b"<data/>"}), "text/xml"),
        (
            body({packets.FORM: b"<data>" + b"<a/>" * packets.MOST_TAGS + b"</data>"}),
            f"multipart/form-data; boundary={BOUNDARY}",
        ),
        (b"\r\n--a" * 100_000, "multipart/form-data; boundary=a"),
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


@pytest.mark.sqlcipher_only
def test_a_length_that_is_no_number_is_told(phone: Phone) -> None:
    answer = phone.client.post(
        "/phone/submission", data=b"x", content_type="text/xml", headers=phone.basic, CONTENT_LENGTH="\xb2"
    )
    assert answer.status_code == 411


def test_more_than_twenty_megabytes_are_not_taken_apart(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets, "read", None)
    answer = phone.client.post(
        "/phone/submission", data=b"x" * (20 * 1024 * 1024 + 1), content_type="multipart/form-data", headers=phone.basic
    )
    assert answer.status_code == 413


def test_a_packet_is_packed_as_it_was_whatever_the_order_of_its_files() -> None:
    one = packets.Packet("a1", b"<data/>", {"b.jpg": b"two\r\n", "a.jpg": b"\r\n--one"})
    assert packets.Packet.unpacked(one.packed()) == one
    assert packets.Packet("a1", b"<data/>", dict(reversed(one.media.items()))).packed() == one.packed()
