"""PDF: the letters of our languages, nothing fetched, and never in the process that serves."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from typing import Any

import pytest

from amanat.web import pdf, press
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.sqlcipher_only
LETTERS = "ýňžşÝŇŽŞțșăâîЖщыё☐○"
PAGE = (
    f'<html lang="tk"><head><title>Sapar</title></head><body><h1>{LETTERS}</h1>'
    '<img src="file:///etc/hostname" alt="nothing"></body></html>'
)


def unpacked(content: bytes) -> str:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content.decode("latin-1") + "".join(_inflated(piece) for piece in found)


def _inflated(piece: bytes) -> str:
    try:
        return zlib.decompress(piece).decode("latin-1")
    except zlib.error:
        return ""


def test_a_pdf_has_the_letters_of_our_languages_and_the_server_never_loads_what_makes_it() -> None:
    told = unpacked(pdf.made(PAGE))
    assert "DejaVu" in told
    assert "Sapar" in told
    mapped = {chr(int(code, 16)) for code in re.findall(r"<([0-9a-fA-F]{4})>", told)}
    assert set(LETTERS) - mapped == set()
    assert "weasyprint" not in sys.modules


def test_what_a_machine_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(code: int) -> Any:
        return lambda *_given, **_more: subprocess.CompletedProcess([], code, b"", b"")

    monkeypatch.setattr(subprocess, "run", ended(press.LACKING))
    with pytest.raises(PersonFacingError) as told:
        pdf.made(PAGE)
    assert "libpango-1.0-0" in str(told.value.hint)
    monkeypatch.setattr(subprocess, "run", ended(1))
    with pytest.raises(RuntimeError, match="the press ended with 1"):
        pdf.made(PAGE)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(PersonFacingError, match="too long"):
        pdf.made("x" * (pdf.LONGEST + 1))
