"""What kinds of files are taken, judged by their content, and the working copy of a picture without its metadata."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from functools import wraps
from pathlib import PurePath
from typing import Any, ParamSpec, TypeVar

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

Given = ParamSpec("Given")
Result = TypeVar("Result")

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN_DOCUMENT = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet")
# Judged by content; a name or a type that the browser claims is worth nothing.
ALLOWED = frozenset(PICTURES) | {
    "application/pdf",
    _WORD,
    _SHEET,
    *_OPEN_DOCUMENT,
    "text/plain",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/mp4",
    "video/mp4",
}
# What a file picker should offer; the content decides.
ACCEPT = ".pdf,.docx,.xlsx,.odt,.ods,.txt,.csv,image/jpeg,image/png,image/webp,audio/*,video/mp4"
TEXT_ENDINGS = frozenset({"", ".txt", ".csv", ".md"})  # a text by another name may be a script
# A picture is opened in memory, uncompressed: 150 MB at this size.
MAX_PIXELS = 50_000_000


_REFERENCE = re.compile("[0-9a-f]{32}")


class NotTaken(PersonFacingError):
    """The file is not kept; nothing of it stays."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint, field="upload")


def whole_or_nothing(act: Callable[Given, Result]) -> Callable[Given, Result]:
    """Around a verb with an `upload`: its sealed files stay once the verb's transaction is through, else none of them.

    Where nothing came with it, there is nothing to do.
    """

    @wraps(act)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        upload = kwargs.get("upload")
        if upload is None:
            return act(*args, **kwargs)
        assert isinstance(upload, SealedUpload)
        try:
            result = act(*args, **kwargs)
        except BaseException:
            upload.close()
            raise
        upload.keep()
        return result

    return run


def take(upload: SealedUpload, title: str = "") -> dict[str, Any]:
    """Check an upload and make what is kept beside it; what to seal as `about` of the attachment.

    `key` opens the original; of a picture, `copy` and `copy_key` name and open the working copy without metadata.

    Raises:
        NotTaken: too large, empty, of a kind that is not allowed, or a picture that can't be read.
    """
    if upload.too_large:
        raise NotTaken(_("This file is larger than 20 MB."), _("Send a smaller one, or split it."))
    if not upload.size:
        raise NotTaken(_("This file is empty."), _("Choose it again, or another one."))
    content = upload.read()
    kind = kind_of(content, upload.name or "")
    if kind not in ALLOWED:
        raise NotTaken(
            _("Files of this kind are not taken."),
            _(
                "Allowed are PDF, Word, Excel and OpenDocument files, plain text, JPEG, PNG and WebP pictures, sound and MP4."
            ),
        )
    about = {
        "name": title or upload.name,
        "type": kind,
        "size": upload.size,
        "sha256": upload.sha256,
        "key": upload.key.hex(),
    }
    if kind in PICTURES:
        copy = upload.accompany(_without_metadata(content, PICTURES[kind]))
        about |= {"copy": copy.file_id.hex, "copy_key": copy.key.hex()}
    return about


def kind_of(content: bytes, name: str) -> str:
    """The media type by content, "" for none that we know. `name` only ever makes the answer stricter."""
    if content.startswith(b"PK"):
        return _office(content)
    try:
        kind = str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        kind = ""
    return kind if kind in ALLOWED and kind != "text/plain" else _text(content, name)


def _office(content: bytes) -> str:
    """Word, Excel and OpenDocument files are archives; those that carry macros are not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = set(archive.namelist())
            declared = archive.open("mimetype").read(100).decode("latin-1") if "mimetype" in inside else ""
    # What zipfile raises at a damaged, encrypted (RuntimeError) or oddly packed archive; of each, the kind is not known.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return ""
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in inside):
        return ""
    if "[Content_Types].xml" in inside:
        return _WORD if "word/document.xml" in inside else _SHEET if "xl/workbook.xml" in inside else ""
    return declared if declared in _OPEN_DOCUMENT else ""


def _text(content: bytes, name: str) -> str:
    """Plain text decodes as UTF-8, holds no control characters, and is neither markup nor a script."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    odd = any(ord(char) < 32 and char not in "\t\r\n" for char in text) or text.lstrip().startswith(("<", "#!"))
    return "" if odd or PurePath(name).suffix.lower() not in TEXT_ENDINGS else "text/plain"


def _without_metadata(content: bytes, form: str) -> bytes:
    """The picture drawn anew: no place, device, time or thumbnail of the original goes along."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotTaken(_("This picture has too many pixels."), _("Send a smaller one."))
            ImageOps.exif_transpose(picture, in_place=True)
            picture.info = {key: held for key, held in picture.info.items() if key == "transparency"}
            drawn = io.BytesIO()
            picture.save(drawn, form)
            return drawn.getvalue()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise NotTaken(_("This picture can't be read."), _("Open it, save it again, and send that.")) from error


def answer_of(attachment: uuid.UUID, name: str) -> str:
    """A document as the answer of a form: its reference, with the ending that it came with, as a phone names its files."""
    return attachment.hex + PurePath(name).suffix.lower()[:10]


def answered(answer: str) -> uuid.UUID | None:
    """The document that an answer of a form names; None for a file that was never kept here."""
    stem = PurePath(answer).stem
    return uuid.UUID(stem) if _REFERENCE.fullmatch(stem) else None
