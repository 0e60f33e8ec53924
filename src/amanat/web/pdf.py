"""PDF of a page for paper, made by a process of its own (`press`), one at a time: it takes a core for a second or two."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from amanat.web import press
from amanat.web.downloads import download
from amanat.web.errors import PersonFacingError

LONGEST: Final = 1 << 20  # bytes of a page: some 300 sheets, 20 seconds
WITHIN: Final = 60.0  # seconds
WAIT: Final = 10.0  # seconds for another one; meanwhile a thread that answers requests stands still
PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
_one = threading.Lock()


def made(page: str) -> bytes:
    """The PDF of a whole HTML document, whose style is `paper.css`.

    Raises:
        PersonFacingError: it is too long, another one is being made, or this machine can't make any.
    """
    if len(content := page.encode()) > LONGEST:
        raise PersonFacingError(_("This is too long for a PDF."), _("Print the page from the browser."))
    if not _one.acquire(timeout=WAIT):
        raise PersonFacingError(_("Another PDF is being made."), _("Try again in a minute."))
    try:
        return _pressed(content)
    finally:
        _one.release()


def _pressed(content: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(press.__file__))]
    around = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=WITHIN, env=around)
    except subprocess.TimeoutExpired:
        raise PersonFacingError(_("This is too long for a PDF."), _("Print the page from the browser.")) from None
    if done.returncode == press.LACKING:
        told = _(
            "Ask whoever looks after the machine for these Debian packages: %(packages)s. Until then print from the browser."
        )
        raise PersonFacingError(_("This machine can't make a PDF yet."), told % {"packages": PACKAGES})
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise RuntimeError(f"the press ended with {done.returncode}")
    return done.stdout


def answer(page: str, name: str) -> HttpResponse:
    return download(made(page), f"{name}.pdf", "application/pdf")
