"""Bringing a pack into a workspace: checked, written into the workspace's own folder of packs, and named in its header.

This room knows nothing of headers and logs: who writes there is told by `register` and `register_noting`.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.packs import bundles, manifest
from amanat.packs.bundles import Bundle
from amanat.packs.faults import Fault, FaultyPack
from amanat.packs.manifest import Manifest
from amanat.packs.pack import Pack, checked, load

BASE: Final = "core"

Use = Callable[[tuple[str, ...]], None]
Noting = Callable[[Pack, Bundle | None], AbstractContextManager[None]]
"""Around the bringing in: the pack, and its files where it is none of those that come with Amanat."""

_uses: list[Use] = []
_notings: list[Noting] = []


@dataclass(frozen=True, slots=True)
class Installed:
    """The pack, and the names that the workspace uses now, from the base up. `copied`: it is none of those that come with Amanat."""

    pack: Pack
    names: tuple[str, ...]
    copied: bool


def register(use: Use) -> None:
    """`use(names)` makes these the packs of the workspace, from the base up; read at the next start."""
    _uses.append(use)


def register_noting(noting: Noting) -> None:
    """`noting(pack, bundle)` is entered around what is installed on the machine itself; what it notes is kept if that is done."""
    _notings.append(noting)


def install(folder: Path) -> Installed:
    """Make a pack that of the workspace, on the machine itself. One that comes with Amanat is used where it lies, so that
    updates reach it; another is copied, in place of an older one of its name. What it extends has to be there already.

    Raises:
        FaultyPack: with every fault; nothing is changed.
    """
    folder = folder.resolve()
    bundle = None if folder.parent == settings.SHIPPED_PACKS else bundles.of_folder(folder)
    with trial(bundle) if bundle else _lying(folder.name) as pack, ExitStack() as noted:
        for noting in _notings:
            noted.enter_context(noting(pack, bundle))
        return put(bundle) if bundle else use_shipped(folder.name)


def put(bundle: Bundle) -> Installed:
    """Let the workspace use a pack from its next start, in place of an older one of its name.

    Raises:
        FaultyPack: with every fault; nothing is changed.
    """
    with _draft(bundle) as copy:
        pack = load(copy, known(bundle.name))
        place = settings.OWN_PACKS / bundle.name
        if place.exists():
            place.rename(copy.with_name(f".{place.name}"))  # goes with the draft's folder
        copy.rename(place)
    return _use(replace(pack, folders=(*pack.folders[:-1], place)), copied=True)


def use_shipped(name: str) -> Installed:
    """The same with a pack that comes with Amanat.

    Raises:
        FaultyPack: as above.
    """
    return _use(shipped(name), copied=False)


def shipped(name: str) -> Pack:
    """A pack that comes with Amanat.

    Raises:
        FaultyPack: as above.
    """
    return load(settings.SHIPPED_PACKS / name, known())


def shipped_manifests() -> list[Manifest]:
    """What the packs that come with Amanat say of themselves, in the order of their names."""
    found = (manifest.read_manifest(folder, []) for folder in _folders(settings.SHIPPED_PACKS))
    return [one for one in found if one]


def examined(bundle: Bundle) -> Manifest:
    """What a pack says of itself, once `pack check` has nothing to tell of it and its name is free.

    Raises:
        FaultyPack: with every fault.
    """
    if fault := _taken(bundle):
        raise FaultyPack([fault])
    with _draft(bundle) as copy:
        pack, faults = checked(copy, known(bundle.name))
    if faults or pack is None:
        raise FaultyPack(faults)
    if fault := _without_base(pack):
        raise FaultyPack([fault])
    return pack.manifest


@contextmanager
def trial(bundle: Bundle) -> Iterator[Pack]:
    """The pack as it would be, in a folder that is gone afterwards.

    Raises:
        FaultyPack: with every fault.
    """
    if fault := _taken(bundle):
        raise FaultyPack([fault])
    with _draft(bundle) as copy:
        pack = load(copy, known(bundle.name))
        if fault := _without_base(pack):
            raise FaultyPack([fault])
        yield pack


@contextmanager
def _lying(name: str) -> Iterator[Pack]:
    yield shipped(name)


def _taken(bundle: Bundle) -> Fault | None:
    if not (settings.SHIPPED_PACKS / bundle.name).exists():
        return None
    told = _("Amanat brings a pack of this name itself, and updates change it.")
    mend = _('Give yours another name, and write extends = "%(name)s".') % {"name": bundle.name}
    return Fault(bundle.name, "", told, mend)


def _without_base(pack: Pack) -> Fault | None:
    """The rooms ask for lists and periods of `core`; a pack that does not stand on it would leave them without."""
    if pack.folders[0] == settings.SHIPPED_PACKS / BASE:
        return None
    place = f"{pack.manifest.name}/{manifest.FILE}"
    told = _("This pack does not stand on %(base)s, and a workspace can't do without it.") % {"base": BASE}
    return Fault(place, "extends", told, _('Write extends = "%(name)s".') % {"name": BASE})


@contextmanager
def _draft(bundle: Bundle) -> Iterator[Path]:
    """It lies where the packs of the workspace do, so that it can be moved into its place at once."""
    draft: Path = settings.OWN_PACKS / f".{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700, parents=True)
    try:
        yield bundle.put(draft)
    finally:
        shutil.rmtree(draft)


def _use(pack: Pack, *, copied: bool) -> Installed:
    names = tuple(layer.name for layer in pack.folders)
    for use in _uses:
        use(names)
    return Installed(pack, names, copied)


def known(but: str = "") -> Sequence[Path]:
    """What a pack may extend: those that were installed, and those that come with Amanat."""
    folders = (place for root in (settings.OWN_PACKS, settings.SHIPPED_PACKS) for place in _folders(root))
    return [folder for folder in folders if folder.name != but]


def _folders(root: Path) -> Iterator[Path]:
    yield from (place for place in sorted(root.glob("[!.]*")) if place.is_dir())
