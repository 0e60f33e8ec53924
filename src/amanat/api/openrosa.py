"""The documents of OpenRosa 1.0 and the headers that go with each answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.utils.http import http_date
from lxml import etree
from lxml.builder import ElementMaker

from amanat.people.clock import clock

LIST: Final = "http://openrosa.org/xforms/xformsList"
MANIFEST: Final = "http://openrosa.org/xforms/xformsManifest"
RESPONSE: Final = "http://openrosa.org/http/response"
ACCEPTED: Final = 20 * 1024 * 1024  # bytes a submission


@dataclass(frozen=True)
class Listed:
    """A form as the list has it."""

    form_id: str
    title: str
    version: str
    md5: str
    address: str
    manifest: str


def answer(content: bytes = b"", *, status: int = 200, kind: str = "text/xml; charset=utf-8") -> HttpResponse:
    response = HttpResponse(content, status=status, content_type=kind)
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(ACCEPTED)
    response["Date"] = http_date(clock().timestamp())
    response["Cache-Control"] = "no-store"
    return response


def said(sentence: str, *, status: int) -> HttpResponse:
    """An answer that the app shows to its holder."""
    make = ElementMaker(namespace=RESPONSE, nsmap={None: RESPONSE})
    nature = "submit_success" if status < 300 else "submit_error"
    return answer(_written(make.OpenRosaResponse(make.message(sentence, nature=nature))), status=status)


def form_list(forms: Iterable[Listed]) -> HttpResponse:
    make = ElementMaker(namespace=LIST, nsmap={None: LIST})
    rows = [
        make.xform(
            make.formID(one.form_id),
            make.name(one.title),
            make.version(one.version),
            make.hash(f"md5:{one.md5}"),
            make.downloadUrl(one.address),
            make.manifestUrl(one.manifest),
        )
        for one in forms
    ]
    return answer(_written(make.xforms(*rows)))


def manifest(files: Iterable[tuple[str, str, str]]) -> HttpResponse:
    """`files`: name, md5 and address of each."""
    make = ElementMaker(namespace=MANIFEST, nsmap={None: MANIFEST})
    rows = [
        make.mediaFile(make.filename(name), make.hash(f"md5:{md5}"), make.downloadUrl(address))
        for name, md5, address in files
    ]
    return answer(_written(make.manifest(*rows)))


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
