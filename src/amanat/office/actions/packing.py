"""Country packs: brought in, thrown away, taken into use. What was used once stays, so that one can go back to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.office import pack_shelf
from amanat.office.pack_shelf import Choice
from amanat.office.packs import PackVersion, as_kept
from amanat.packs import Fault, FaultyPack, Label, Pack, installing
from amanat.packs.bundles import MOST_ZIPPED, Bundle, of_zip
from amanat.packs.installing import Installed
from amanat.packs.manifest import Manifest
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault import control
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError, Stale


@dataclass(frozen=True)
class Read:
    """A .zip that was sent: as the pack that it is, or with what is wrong in it."""

    name: str
    content: bytes
    bundle: Bundle | None = None
    manifest: Manifest | None = None
    faults: Sequence[Fault] = ()


def _read_before(act: Callable[..., Any]) -> Callable[..., Any]:
    """It is unpacked and checked before the verb's transaction, in which nobody else can write."""

    @wraps(act)
    def run(*, file: SealedUpload, actor: Actor) -> PackVersion:
        try:
            read = _read(file) if actor.may(Verb.PACK_UPLOAD) else None  # else the verb refuses
            done: PackVersion = act(file=file, read=read, actor=actor)
            return done
        finally:
            file.close()

    return run


def _read(file: SealedUpload) -> Read:
    """Raises:
    PersonFacingError: the file is empty or too large.
    """
    name = file.name or ""
    if file.too_large or (file.size or 0) > MOST_ZIPPED:
        sentence = _("The file %(name)s is larger than %(most)d MB.") % {"name": name, "most": MOST_ZIPPED // 1024**2}
        raise PersonFacingError(sentence, _("Take out what is no data of a pack."), field="file")
    if not file.size:
        raise PersonFacingError(_("The file %(name)s is empty.") % {"name": name}, field="file")
    called, content = PurePath(name).stem[:200], file.read()
    try:
        bundle = of_zip(name, content)
        called = bundle.name
        return Read(called, content, bundle, installing.examined(bundle))
    except FaultyPack as faulty:
        return Read(called, content, faults=faulty.faults)


def _upload_told(done: PackVersion) -> str:
    return f"{done.name}: {len(done.faults)} to mend" if done.faults else str(done)


@verb(Verb.PACK_UPLOAD, about=_upload_told, around=_read_before)
def upload(*, file: SealedUpload, read: Read | None = None, actor: Actor) -> PackVersion:
    """A pack waits to be used; one with faults is kept beside, until it is mended.

    Args:
        read: what stands in it; it is found out here and never given.

    Raises:
        PersonFacingError: the file is empty or too large; nothing of it stays.
    """
    assert read is not None
    PackVersion.objects.filter(name=read.name).exclude(faults=[]).delete()
    try:
        if read.bundle is None or read.manifest is None:
            raise FaultyPack(read.faults)
        return _kept(read.bundle, read.manifest, actor.membership, actor.now)
    except FaultyPack as faulty:
        held = {"archive": read.content, "faults": as_kept(faulty.faults)}
        return PackVersion.objects.create(name=read.name, by=actor.membership, at=actor.now, **held)


def _kept(bundle: Bundle, manifest: Manifest, by: Membership | None, now: datetime) -> PackVersion:
    """The row of a pack; another one of the same number that nobody used gives way.

    Raises:
        FaultyPack: one of the same number was used, and it is another.
    """
    same = PackVersion.objects.filter(name=bundle.name, version=manifest.version, faults=[])
    for other in same.exclude(digest=bundle.digest).defer("archive"):
        if other.turn is not None:
            sentence = _("Another pack with the version %(version)s was in use already.")
            mend = _("Write a higher version into pack.toml.")
            raise FaultyPack(
                [Fault(f"{bundle.name}/pack.toml", "version", sentence % {"version": manifest.version}, mend)]
            )
        other.delete()
    row, _new = PackVersion.objects.get_or_create(
        name=bundle.name,
        version=manifest.version,
        digest=bundle.digest,
        defaults={"archive": bundle.zipped(), "title": dict(manifest.title.texts), "by": by, "at": now},
    )
    return row


@verb(Verb.PACK_UPLOAD, about=str)
def discard(row: PackVersion, *, actor: Actor) -> None:
    """Throw away a pack that was brought in and never used.

    Raises:
        PersonFacingError: it was used, so one can go back to it.
    """
    held = PackVersion.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if held is None:
        return  # by a colleague, meanwhile
    if held.turn is not None:
        raise PersonFacingError(_("This pack was in use, so it stays."), _("It is enough that another one is used."))
    held.delete()


@verb(Verb.PACK_INSTALL, about=lambda choice: f"{choice.name} {choice.version}")
def use(choice: Choice, *, seen: int, actor: Actor) -> Installed:
    """Let the workspace use a pack: another one, a newer version, or a former one, to go back.

    Args:
        seen: the number of the last change of packs that the page showed.

    Raises:
        Stale: another administrator changed it meanwhile.
        PersonFacingError: it has faults, or was thrown away meanwhile.
    """
    if choice.faults:
        raise PersonFacingError(_("This pack has faults."), _("Mend them and upload it again."))
    row = choice.row or _row_of_shipped(choice.name, choice.version, choice.title, actor.now)
    try:
        _take_turn(row, actor.now, seen)
        done = installing.use_shipped(row.name) if row.is_shipped else installing.put(row.bundle)
    except FaultyPack as faulty:
        raise PersonFacingError(_("This pack can't be used any more."), str(faulty.faults[0])) from faulty
    transaction.on_commit(_begin_anew)
    return done


def _row_of_shipped(name: str, version: str, title: Label, now: datetime) -> PackVersion:
    told = {"title": dict(title.texts), "at": now}
    row, _new = PackVersion.objects.get_or_create(name=name, version=version, digest="", faults=[], defaults=told)
    return row


def _take_turn(row: PackVersion, now: datetime, seen: int | None = None) -> None:
    list(PackVersion.objects.select_for_update(no_key=True).values_list("pk"))
    last = pack_shelf.turn()
    if seen is not None and seen != last:
        raise Stale({}, last)
    if not PackVersion.objects.filter(pk=row.pk).update(turn=last + 1, used_at=now):
        raise PersonFacingError(_("A colleague threw this pack away meanwhile."), _("Upload it again to use it."))


@contextmanager
def noting(pack: Pack, bundle: Bundle | None) -> Iterator[None]:
    """Around what somebody on the machine itself installs: it is kept and stands in the log like what comes by the page.

    Raises:
        FaultyPack: one of the same number was used, and it is another.
    """
    now = clock()
    with transaction.atomic():
        of = pack.manifest
        row = _kept(bundle, of, None, now) if bundle else _row_of_shipped(of.name, of.version, of.title, now)
        _take_turn(row, now)
        recording.record(at=now, verb=Verb.PACK_INSTALL, outcome=Outcome.DONE, details={"about": str(row)})
        yield
    _begin_anew()


def _begin_anew() -> None:
    """Those who serve read the header when they begin; where nobody serves, the next start is soon enough."""
    with suppress(control.NoAnswer):
        control.ask(Path(settings.WORKSPACE), {"ask": "renew"})
