"""`amanat sheet`: the page that hangs beside the desk. The address, how a device comes to trust it, what to do when it is locked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from amanat.config import tls
from amanat.vault.keys import Workspace

HTTPS, SERVED_AT = 443, 8000  # ports: the usual one, and that of `serve` unless it is told another


class Command(BaseCommand):
    help = "Writes a page to print: the address, how a device trusts it, what to do when the workspace is locked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], help="of the page")
        parser.add_argument("--port", type=int, help="the one in the address; 443 behind a proxy, else that of `serve`")
        parser.add_argument("--output", type=Path, help="the file; else sheet-LANGUAGE.html in the workspace")

    def handle(self, *, language: str | None, port: int | None, output: Path | None, **_options: Any) -> None:
        workspace = Workspace.at(settings.WORKSPACE)
        language = language or workspace.header.language
        path = output or workspace.path / f"sheet-{language}.html"
        with translation.override(language):
            text = render_to_string("config/sheet.html", _told(workspace, port))
            try:
                path.write_text(text, encoding="utf-8")
            except OSError as error:
                raise CommandError(
                    _("%(file)s can't be written: %(error)s") % {"file": path, "error": error}
                ) from error
            self.stdout.write(_("Open %(file)s in a browser and print it.") % {"file": path})


def _told(workspace: Workspace, port: int | None) -> dict[str, Any]:
    authority = tls.authority(workspace)
    return {
        "address": address(workspace, port),
        "fingerprint": tls.fingerprint(authority) if authority else "",
        "until": authority.not_valid_after_utc if authority else None,
        "certificate": tls.CA_FILE,
        "duty_number": settings.AMANAT_DUTY_NUMBER,
    }


def address(workspace: Workspace, port: int | None) -> str:
    """What people type in a browser."""
    header = workspace.header
    shown = port or (HTTPS if header.proxied else SERVED_AT)
    host = f"[{header.host}]" if ":" in header.host else header.host
    scheme = "https" if header.tls else "http"
    return f"{scheme}://{host}" + ("" if shown == HTTPS and header.tls else f":{shown}")
