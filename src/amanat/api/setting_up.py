"""The picture that sets up ODK Collect on a phone: its settings as JSON, packed by zlib, in base64, as a QR code.

https://docs.getodk.org/collect-import-export/ names the settings. What it does not name, the app leaves as it is by default.
"""

from __future__ import annotations

import base64
import json
import zlib

import qrcode
from qrcode.image.svg import SvgPathImage


def settings(server: str, name: str, password: str) -> str:
    """What the app reads. It keeps its forms as the server has them, sends what is finished, and then deletes it."""
    general = {
        "protocol": "odk_default",
        "server_url": server,
        "username": name,
        "password": password,
        "form_update_mode": "match_exactly",
        "autosend": "wifi_and_cellular",
        "delete_send": True,
        "analytics": False,
    }
    told = json.dumps({"general": general, "admin": {}, "project": {"name": "Amanat"}}, separators=(",", ":"))
    return base64.b64encode(zlib.compress(told.encode(), 9)).decode()


def picture(server: str, name: str, password: str) -> str:
    """An SVG in base64, for the address of an image."""
    image = qrcode.make(settings(server, name, password), image_factory=SvgPathImage)
    return base64.b64encode(image.to_string()).decode()
