"""A picture with a place in its metadata, attached as the browser's upload would be."""

from __future__ import annotations

import io

from PIL import Image

from amanat.access.policy import Part
from amanat.cases.actions import writing
from amanat.cases.models import Attachment, Case
from amanat.vault.uploads import SealedUpload
from tests.cast import Cast

MAKER = "Somebody's telephone"


def picture() -> bytes:
    """A small JPEG whose metadata names a device."""
    drawn, metadata = io.BytesIO(), Image.Exif()
    metadata[0x010F] = MAKER
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG", exif=metadata)
    return drawn.getvalue()


def uploaded(content: bytes, name: str) -> SealedUpload:
    """What the upload handler hands to a view."""
    return SealedUpload.of(content, name)


def attach(
    case: Case, cast: Cast, name: str = "Свидетельство о рождении.jpg", part: Part = Part.FACTS, by: str = "jemal"
) -> Attachment:
    return writing.attach(case, part=part, upload=uploaded(picture(), name), actor=cast.actor(by))
