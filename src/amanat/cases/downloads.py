"""Handing out a document: opened in memory, chunk by chunk, under its own name; never run or shown by the browser."""

from __future__ import annotations

import mimetypes
import uuid
from pathlib import PurePath
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amanat.cases.models import Attachment
from amanat.vault.files import DamagedFile, read_sealed
from amanat.web.errors import PersonFacingError


class Damaged(PersonFacingError):
    """The sealed file is gone, cut short or changed; nothing of it is handed out."""

    def __init__(self) -> None:
        super().__init__(
            _("This document is damaged and can't be opened."),
            _("Ask your administrator to bring it back from a backup, or ask for the document once more."),
        )


def download(attachment: Attachment, about: dict[str, Any], *, original: bool) -> StreamingHttpResponse:
    """The file as a download.

    Args:
        about: the opened `attachment.about`.
        original: as it was sent, with its metadata; otherwise the working copy where there is one.

    Raises:
        Damaged: a chunk does not hold. Each is checked before the first leaves, so that no half file does.
    """
    file_id, key = attachment.original, about["key"]
    if attachment.working_copy and not original:
        file_id, key = attachment.working_copy, about["copy_key"]
    size = _checked(file_id, bytes.fromhex(key))
    answer = StreamingHttpResponse(read_sealed(file_id, bytes.fromhex(key)), content_type=about["type"])
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = (
        content_disposition_header(True, file_name(about["name"], about["type"])) or "attachment"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _checked(file_id: uuid.UUID, key: bytes) -> int:
    """The size of the clear file in bytes, after every chunk was opened once."""
    try:
        return sum(len(chunk) for chunk in read_sealed(file_id, key))
    except (DamagedFile, OSError) as error:
        raise Damaged() from error


def file_name(name: str, kind: str) -> str:
    """The name to save under; one without an ending gets that of its kind."""
    ending = mimetypes.guess_extension(kind) or ""
    return name if PurePath(name).suffix else name + ending
