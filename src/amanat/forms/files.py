"""Pictures, sound and films that lie beside a form and that it shows: read, checked, and those that it lacks told.

Of a picture its beginning is looked at, so that nothing is sent as one that is none. An SVG may hold programs and is refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from amanat.forms.limits import LIMITS, MIB
from amanat.forms.sheets import BROKEN
from amanat.packs.faults import Fault

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

PICTURES: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
KINDS: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4",
}  # fmt: skip


class FaultyFile(Exception):
    """A file that is not taken; the message says why, `mend` what to do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


def ending(name: str) -> str:
    return "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""


def kind_of(name: str) -> str:
    """As what it is sent; empty for what is never sent."""
    return KINDS.get(ending(name), "")


def check(name: str, content: bytes) -> None:
    """Raises:
    FaultyFile: it is too large, of a kind that is not taken, or no picture though its name says so.
    """
    if not kind_of(name) or "/" in name or "\\" in name or len(name) > 200:
        told = _("The file %(name)s is of a kind that a form can't show.") % {"name": name}
        raise FaultyFile(told, _("Save it as PNG, JPEG or WebP, sound as MP3, a film as MP4."))
    most = LIMITS.picture if ending(name) in PICTURES else LIMITS.file
    if len(content) > most:
        told = _("The file %(name)s is larger than %(most)d MB.") % {"name": name, "most": most // MIB}
        raise FaultyFile(told, _("Make it smaller: phones load it too."))
    if ending(name) in PICTURES and not _is_picture(content, PICTURES[ending(name)]):
        told = _("The file %(name)s is no picture that can be read.") % {"name": name}
        raise FaultyFile(told, _("Open it in a program for pictures and save it again as PNG or JPEG."))


def _is_picture(content: bytes, kind: str) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            width, height = picture.size
            picture.verify()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return width * height <= LIMITS.pixels


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files in a zip, by their names without folders.

    Raises:
        FaultyFile: it is no zip, or holds too many files or too much.
    """
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [one for one in packed.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
            if len(entries) > LIMITS.files:
                raise FaultyFile(
                    _("There are more than %(most)s files in it.") % {"most": LIMITS.files}, _("Take some out.")
                )
            for entry in entries:
                left = LIMITS.beside - sum(map(len, found.values()))
                with packed.open(entry) as file:
                    found[entry.filename.rsplit("/", 1)[-1]] = file.read(left + 1)
                bound(found)
    except BROKEN:
        raise FaultyFile(_("It is no .zip that can be read."), _("Pack the files again.")) from None
    return found


def told_apart(sent: Iterable[tuple[str, bytes]]) -> tuple[dict[str, str], dict[str, bytes]]:
    """What was sent with a form: its lists, and what it shows. A zip stands for the files in it.

    Raises:
        FaultyFile: one of them is not taken.
    """
    lists: dict[str, str] = {}
    shown: dict[str, bytes] = {}
    for name, content in sent:
        for one, its in (unpacked(content) if ending(name) == ".zip" else {name: content}).items():
            if ending(one) == ".csv":
                lists[one] = _text(one, its)
            else:
                check(one, its)
                shown[one] = its
    bound(shown)
    return lists, shown


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = _("The list %(name)s is no text in UTF-8.") % {"name": name}
        raise FaultyFile(told, _("Save it as CSV UTF-8.")) from None


def bound(files: Mapping[str, bytes]) -> None:
    """Raises:
    FaultyFile: they are too much together.
    """
    if sum(map(len, files.values())) > LIMITS.beside:
        told = _("The files of a form are %(most)d MB at most together.") % {"most": LIMITS.beside // MIB}
        raise FaultyFile(told, _("Make the pictures smaller, or leave some out."))


def missing(form: CompiledForm, files: Mapping[str, bytes], name: str) -> Iterator[Fault]:
    """What the form names and nobody gave. `name`: of the workbook."""
    for one in sorted(form.files - files.keys()):
        what = _("The file “%(name)s” is missing.") % {"name": one}
        yield Fault(name, "media", what, _("Upload the file with the form, or mend it."))
