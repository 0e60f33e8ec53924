"""Documents on the page: what is taken and what is not, the working copy, and that nothing clear and no orphan stays behind."""

from __future__ import annotations

import hashlib
import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from amanat.access.policy import Relation
from amanat.cases import documents
from amanat.cases.actions import writing
from amanat.cases.actions.handing import bring_in
from amanat.cases.models import Attachment, Case
from amanat.vault.files import read_sealed
from amanat.vault.sealing import open_sealed

CANARY = b"canary-5f1d9c-Aylar"


def page_of(case: Case) -> str:
    return f"/cases/{case.pk.hex}/attach"


def sealed_files() -> set[Path]:
    return {path for path in Path(settings.AMANAT_MEDIA).rglob("*") if path.is_file()}


def send(client: Client, case: Case, content: bytes, name: str = "letter.txt", **typed: str) -> Any:
    fields = {"part": "narrative", "title": "A letter from the aunt"} | typed
    return client.post(page_of(case), fields | {"upload": SimpleUploadedFile(name, content)})


def archive(**inside: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, content in inside.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


def picture_with_place(form: str = "JPEG") -> bytes:
    """Taken in Ashgabat with a telephone, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canary Phones", "Canary 7", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 57.0, 36.0), 3: "E", 4: (58.0, 23.0, 9.0)})
    held = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 120, 40)).save(held, form, exif=exif)
    return held.getvalue()


def clear(attachment: Attachment, *, copy: bool = False) -> bytes:
    about = open_sealed(attachment, "about")
    file_id = attachment.working_copy if copy else attachment.original
    assert file_id
    return b"".join(read_sealed(file_id, bytes.fromhex(about["copy_key" if copy else "key"])))


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


@pytest.fixture
def nothing_before() -> set[Path]:
    return sealed_files()


def test_a_document_is_kept_whole_with_the_digest_of_its_original(jemal: Client, case: Case) -> None:
    content = b"%PDF-1.7\n" + CANARY * 20_000
    assert send(jemal, case, content, "letter.pdf")["Location"] == case.get_absolute_url()
    attachment = Attachment.objects.get()
    about = open_sealed(attachment, "about")
    assert (about["name"], about["type"], about["size"]) == ("A letter from the aunt", "application/pdf", len(content))
    assert about["sha256"] == hashlib.sha256(content).hexdigest()
    assert clear(attachment) == content


def test_without_a_title_the_name_of_the_file_stands_there(jemal: Client, case: Case) -> None:
    send(jemal, case, b"salam", title="")
    assert open_sealed(Attachment.objects.get(), "about")["name"] == "letter.txt"


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_the_working_copy_tells_no_place_and_the_original_is_untouched(jemal: Client, case: Case, form: str) -> None:
    content = picture_with_place(form)
    assert send(jemal, case, content, "photo.jpg").status_code == 302
    attachment = Attachment.objects.get()
    assert hashlib.sha256(clear(attachment)).hexdigest() == hashlib.sha256(content).hexdigest()
    copy = clear(attachment, copy=True)
    assert b"Canary" not in copy
    with Image.open(io.BytesIO(copy)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.getexif().get_ifd(0x8825) == {}
        assert picture.size == (20, 40)  # upright, as the original asked to be shown


def test_the_clear_bytes_are_on_no_disk(
    jemal: Client, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    send(jemal, case, (CANARY + b"\n") * 400_000)
    assert Attachment.objects.exists()
    assert list(tmp_path.iterdir()) == []
    kept = [path for path in Path(settings.WORKSPACE).rglob("*") if path.is_file()]
    assert [path for path in kept if CANARY in path.read_bytes()] == []


def unreadable_picture() -> bytes:
    return picture_with_place()[:200]


def huge_picture() -> bytes:
    """A PNG of 30,000 × 30,000 points in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


REFUSED = {
    "too large": (b"%PDF-1.7\n" + b"x" * (20 * 1024 * 1024), "large.pdf", "larger than 20 MB"),
    "empty": (b"", "empty.pdf", "This file is empty."),
    "a Windows program": (b"MZ\x90\0" + b"\0" * 400, "photo.jpg", "not taken"),
    "a Linux program": (b"\x7fELF\x02\x01\x01" + b"\0" * 400, "list.txt", "not taken"),
    "a shell script": (b"#!/bin/sh\nls\n", "list.txt", "not taken"),
    "a batch file": (b"@echo off\r\n", "list.bat", "not taken"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "a.svg", "not taken"),
    "an SVG that says it is text": (b"\xef\xbb\xbf <svg/>", "a.txt", "not taken"),
    "a web page": (b"<!doctype html><p>hello", "a.txt", "not taken"),
    "an archive": (archive(a_dot_txt=b"hello"), "a.docx", "not taken"),
    "a document with macros": (
        archive(word__document_dot_xml=b"<w/>", word__vbaProject_dot_bin=b"", **{"[Content_Types]_dot_xml": b""}),
        "a.docx",
        "not taken",
    ),
    "a broken picture": (unreadable_picture(), "a.jpg", "This picture can't be read."),
    "a picture too large to open": (huge_picture(), "a.png", "picture"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_said_and_leaves_nothing_behind(
    jemal: Client, case: Case, nothing_before: set[Path], what: str
) -> None:
    content, name, sentence = REFUSED[what]
    answer = send(jemal, case, content, name, part="safety")
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert sentence in page
    assert 'href="#id_upload"' in page
    assert 'value="A letter from the aunt"' in page
    assert '<option value="safety" selected' in page
    assert "Choose the file once more" in page
    assert not Attachment.objects.exists()
    assert sealed_files() == nothing_before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive(word__document_dot_xml=b"<w/>", **{"[Content_Types]_dot_xml": b""}), "wordprocessingml.document"),
        (archive(xl__workbook_dot_xml=b"<w/>", **{"[Content_Types]_dot_xml": b""}), "spreadsheetml.sheet"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "opendocument.text"),
        ("Salam, gyzym. Здравствуй.".encode(), "text/plain"),
    ],
)
def test_what_an_office_writes_is_taken_by_its_content(jemal: Client, case: Case, content: bytes, kind: str) -> None:
    assert send(jemal, case, content, "whatever").status_code == 302
    assert kind in open_sealed(Attachment.objects.get(), "about")["type"]


def test_no_file_at_all_is_said(jemal: Client, case: Case) -> None:
    page = jemal.post(page_of(case), {"part": "narrative", "title": "A letter"}).content.decode()
    assert "Choose the document or picture to keep." in page
    assert 'value="A letter"' in page


def test_a_failure_after_the_file_was_taken_leaves_neither_original_nor_copy(
    jemal: Client, case: Case, nothing_before: set[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(writing, "mark", full_disk)
    with pytest.raises(OSError, match="no space"):
        send(jemal, case, picture_with_place(), "photo.jpg")
    assert not Attachment.objects.exists()
    assert sealed_files() == nothing_before


def test_a_refused_part_leaves_nothing_behind(
    browse: Callable[..., Client], case: Case, cast: Any, actor: Any, nothing_before: set[Path]
) -> None:
    bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))
    page = send(browse("ogulgerek"), case, b"salam", part="narrative").content.decode()
    assert "Select a valid choice." in page
    assert sealed_files() == nothing_before


def test_an_outsider_sends_a_file_to_nowhere(
    browse: Callable[..., Client], case: Case, nothing_before: set[Path]
) -> None:
    assert send(browse("dowlet"), case, b"salam").status_code == 404
    assert sealed_files() == nothing_before


def test_a_psychologist_files_documents_under_their_own_parts(
    browse: Callable[..., Client], case: Case, cast: Any, actor: Any
) -> None:
    bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))
    page = browse("ogulgerek").get(page_of(case)).content.decode()
    assert '<option value="psychology_notes" selected' in page
    assert 'value="identity"' not in page


def test_the_page_says_what_is_allowed_before_anything_is_sent(jemal: Client, case: Case) -> None:
    page = jemal.get(page_of(case)).content.decode()
    assert "20 MB at most" in page
    assert f'accept="{documents.ACCEPT}"' in page
    assert 'enctype="multipart/form-data"' in page


def test_the_page_asks_the_database_little(jemal: Client, case: Case, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        jemal.get(page_of(case))
