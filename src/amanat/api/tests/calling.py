"""A phone of the tests, and what it sends."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from django.test import Client

from amanat.api import actions, packets, phone_forms
from amanat.forms.models import FormVersion
from amanat.vault import intake
from amanat.vault.arrivals import Opener
from tests.cast import NOW

BOUNDARY = "AaB03x"


class Phone:
    """A phone of Jemal's, as a program that speaks the protocol."""

    def __init__(self, added: actions.Added) -> None:
        self.device, self.client = added.device, Client()
        told = base64.b64encode(f"{added.device.name}:{added.password}".encode()).decode()
        self.basic = {"authorization": f"Basic {told}"}

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.basic)

    def send(self, instance: str, media: dict[str, bytes] | None = None) -> Any:
        files = {packets.FORM: instance.encode()} | (media or {})
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


def filled(version: FormVersion, ref: str = "", *, number: int = 1, age: str = "12", paper: str = "") -> str:
    chosen = f"<case_ref>{ref}</case_ref>"
    return (
        f'<data id="arrival" version="{phone_forms.version_of(version)}">{chosen}<arrival><age>{age}</age>'
        f"<alone>yes</alone></arrival><health><paper>{paper}</paper></health>"
        f"<meta><instanceID>uuid:{number:036}</instanceID></meta></data>"
    )


def arrive(office: Path) -> None:
    Opener(clock=lambda: NOW, place=intake.folder(office)).turn()
