"""Bringing a pack into a workspace: checked, copied into the workspace's own folder of packs, and named in its header.

This room knows nothing of headers: who writes there is told by `register`.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.packs.faults import Fault, FaultyPack
from amanat.packs.pack import Pack, load

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 50 * 1024 * 1024
"""Of a whole pack; both numbers are ours."""

Use = Callable[[tuple[str, ...]], None]
_uses: list[Use] = []


@dataclass(frozen=True, slots=True)
class Installed:
    """The pack, and the names that the workspace uses now, from the base up. `copied`: it is none of those that come with Amanat."""

    pack: Pack
    names: tuple[str, ...]
    copied: bool


def register(use: Use) -> None:
    """`use(names)` makes these the packs of the workspace, from the base up; read at the next start."""
    _uses.append(use)


def install(folder: Path) -> Installed:
    """Make a pack that of the workspace. One that comes with Amanat is used where it lies, so that updates reach it; another
    is copied, in place of an older one of its name. What it extends has to be there already.

    Raises:
        FaultyPack: with every fault; nothing is changed.
    """
    folder = folder.resolve()
    if folder.parent == settings.SHIPPED_PACKS:
        return _use(load(folder, _known()), copied=False)
    _refuse(folder)
    draft = settings.OWN_PACKS / f".{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700, parents=True)
    try:
        copy = draft / folder.name
        _copy(folder, copy)
        load(copy, _known(folder.name))
        _put(copy, settings.OWN_PACKS / folder.name)
    finally:
        shutil.rmtree(draft)
    return _use(load(settings.OWN_PACKS / folder.name, _known(folder.name)), copied=True)


def _use(pack: Pack, *, copied: bool) -> Installed:
    names = tuple(layer.name for layer in pack.folders)
    for use in _uses:
        use(names)
    return Installed(pack, names, copied)


def _known(but: str = "") -> Sequence[Path]:
    """What a pack may extend: those that were installed, and those that come with Amanat."""
    folders = (place for root in (settings.OWN_PACKS, settings.SHIPPED_PACKS) for place in _folders(root))
    return [folder for folder in folders if folder.name != but]


def _folders(root: Path) -> Iterator[Path]:
    yield from (place for place in sorted(root.glob("[!.]*")) if place.is_dir())


def _refuse(folder: Path) -> None:
    """Tell at once what no check of the copy would: a name that is taken, too much in it, what leads out of it."""
    if not folder.is_dir():
        _fault(folder, _("There is no such folder."), _("Name the folder of a pack."))
    if (settings.SHIPPED_PACKS / folder.name).exists():
        told = _("Amanat brings a pack of this name itself, and updates change it.")
        _fault(folder, told, _('Give yours another name, and write extends = "%(name)s".') % {"name": folder.name})
    files = list(_files(folder))
    for link in filter(Path.is_symlink, files):
        _fault(folder, _("A pack may not point out of its folder."), _("Put the file itself here."), link)
    if len(files) > MOST_FILES or sum(path.stat().st_size for path in files) > MOST_BYTES:
        most = {"files": MOST_FILES, "size": MOST_BYTES // 1024 // 1024}
        told = _("A pack has %(files)d files and %(size)d MB at most.") % most
        _fault(folder, told, _("Take out what is no data of a pack."))


def _files(folder: Path) -> Iterator[Path]:
    """All of it but what is hidden, such as the store of git."""
    for path in sorted(folder.glob("[!.]*")):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _copy(folder: Path, copy: Path) -> None:
    shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".*"))
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _put(copy: Path, place: Path) -> None:
    if place.exists():
        place.rename(copy.with_name(f".{place.name}"))  # goes with the draft's folder
    copy.rename(place)


def _fault(folder: Path, what: str, mend: str, file: Path | None = None) -> NoReturn:
    shown = (file or folder).relative_to(folder.parent)
    raise FaultyPack([Fault(shown.as_posix(), "", what, mend)])
