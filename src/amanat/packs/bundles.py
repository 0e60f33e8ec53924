"""A whole pack in memory, as it comes from a folder or a .zip: what is too large, leads out of it or can't be unpacked is refused."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NoReturn

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.faults import Fault, FaultyPack

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 50 * 1024 * 1024
"""Of a whole pack; both numbers are ours, as those below."""
MOST_ZIPPED: Final = 10 * 1024 * 1024
_MOST_LISTED: Final = 1024 * 1024
"""Bytes of the list of contents of a .zip; it is read whole."""
_DEEPEST: Final = 8

_MANIFEST: Final = "pack.toml"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
OLD: Final = (1980, 1, 1, 0, 0, 0)
"""When a file in a .zip was changed, for all of them: the same content is the same .zip."""


@dataclass(frozen=True)
class Bundle:
    """The name of a pack, and its files by their place in it (`codes/risk.toml`)."""

    name: str
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The same for the same files, whichever way they came."""
        digest = hashlib.sha256()
        for place, content in sorted(self.files.items()):
            digest.update(f"{place}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def zipped(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for place, content in sorted(self.files.items()):
                info = zipfile.ZipInfo(f"{self.name}/{place}", OLD)
                archive.writestr(info, content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def put(self, folder: Path) -> Path:
        """Write it into a folder, as a folder of its name."""
        top = folder / self.name
        top.mkdir(mode=0o700, parents=True)
        for place, content in self.files.items():
            path = top / place
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(content)
        return top


def of_folder(folder: Path) -> Bundle:
    """Take a folder in, but for what is hidden, such as the store of git.

    Raises:
        FaultyPack: it is no folder, too large, or something in it leads elsewhere.
    """
    if not folder.is_dir():
        _refuse(folder.name, _("There is no such folder."), _("Name the folder of a pack."))
    files: dict[str, bytes] = {}
    size = 0
    for path in _files(folder):
        place = path.relative_to(folder).as_posix()
        if path.is_symlink():
            _refuse(f"{folder.name}/{place}", *_a_link())
        size += path.stat().st_size
        if len(files) == MOST_FILES or size > MOST_BYTES:
            _refuse(folder.name, *_too_large())
        files[place] = path.read_bytes()
    return Bundle(folder.name, files)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("[!.]*")):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def of_zip(file_name: str, content: bytes) -> Bundle:
    """Take in a .zip: the folder of a pack, or what stands in it.

    Raises:
        FaultyPack: it can't be unpacked, is too large, or something in it leads elsewhere.
    """
    return _named(file_name, files_of_zip(file_name, content))


def files_of_zip(file_name: str, content: bytes) -> dict[str, bytes]:
    """The files of a .zip by their place in it, whatever they are; what is hidden is left out.

    Raises:
        FaultyPack: as above.
    """
    try:
        _check_list(file_name, content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unzipped(file_name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        _refuse(file_name, _("This is no .zip, or it is damaged."), _("Pack the folder anew, and upload that."))


def _check_list(file_name: str, content: bytes) -> None:
    """The list of contents is read whole before anything in it can be counted, so its length is looked at first."""
    end = content.rfind(b"PK\5\6")
    if end < 0 or len(content) < end + 22:
        raise zipfile.BadZipFile
    is_long = content[max(end - 20, 0) : end].startswith(b"PK\6\7")
    if is_long or int.from_bytes(content[end + 12 : end + 16], "little") > _MOST_LISTED:
        _refuse(file_name, *_too_large())


def _unzipped(file_name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for info in archive.infolist():
        if info.is_dir() or _is_passed_over(info.filename):
            continue
        _check_entry(info)
        with archive.open(info) as entry:
            content = entry.read(left + 1)  # what the list says of its length may be a lie
        left -= len(content)
        if len(files) == MOST_FILES or left < 0:
            _refuse(file_name, *_too_large())
        if info.filename in files:
            _refuse(info.filename, _("This file stands here twice."), _("Take one of them out."))
        files[info.filename] = content
    return files


def _is_passed_over(place: str) -> bool:
    """What is hidden, and what a Mac adds."""
    parts = place.split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part != ".." for part in parts)


def _check_entry(info: zipfile.ZipInfo) -> None:
    place = PurePosixPath(info.filename)
    parts = info.filename.split("/")
    if place.is_absolute() or {"..", ""} & set(parts) or re.search(r"[\\:\x00-\x1f]", info.filename):
        _refuse(info.filename, *_a_link())
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        _refuse(info.filename, *_a_link())
    if len(parts) > _DEEPEST or max(len(part.encode()) for part in parts) > 200:
        _refuse(info.filename, _("This place is too deep or too long."), _("Write it flatter, or shorter."))
    if info.flag_bits & 0x1:
        _refuse(info.filename, _("This file is locked by a password."), _("Pack the folder without a password."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(info.filename, _("This way of packing is not known here."), _("Pack the folder as a usual .zip."))


def _named(file_name: str, files: Mapping[str, bytes]) -> Bundle:
    """A .zip of one folder is called like that; else `pack.toml` says how, or the .zip."""
    tops = {place.split("/")[0] for place in files if "/" in place}
    if _MANIFEST not in files and len(tops) == 1 and all("/" in place for place in files):
        (name,) = tops
        files = {place.removeprefix(f"{name}/"): content for place, content in files.items()}
    else:
        name = _told_name(files.get(_MANIFEST, b"")) or PurePosixPath(file_name).stem
    if not _NAME.fullmatch(name):
        _refuse(
            name,
            _("A name has only small plain letters, digits and underscores."),
            _("Give the folder and the pack a name like island."),
        )
    for place in files:
        if {str(above) for above in PurePosixPath(place).parents} & files.keys():
            _refuse(place, _("This is a file and a folder at once."), _("Take one of them out."))
    return Bundle(name, files)


def _told_name(manifest: bytes) -> str:
    """Nothing where it can't be read: why is told once the pack is read."""
    if len(manifest) > toml.MOST_BYTES or toml.too_deep(manifest.decode(errors="replace")):
        return ""
    try:
        return str(tomllib.loads(manifest.decode()).get("name", ""))
    except (ValueError, RecursionError):
        return ""


def _a_link() -> tuple[str, str]:
    return _("A pack may not point out of its folder."), _("Put the file itself here.")


def _too_large() -> tuple[str, str]:
    most = {"files": MOST_FILES, "size": MOST_BYTES // 1024 // 1024}
    return _("A pack has %(files)d files and %(size)d MB at most.") % most, _("Take out what is no data of a pack.")


def _refuse(place: str, what: str, mend: str) -> NoReturn:
    raise FaultyPack([Fault(place, "", what, mend)])
