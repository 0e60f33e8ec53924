"""A package of the directory: brought, taken in, thrown away; and the directory taken out. A pack's own seeds come the same way."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from functools import wraps
from pathlib import PurePath
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.directory import bringing, refreshing
from amanat.directory.bringing import Brought
from amanat.directory.models import Package
from amanat.directory.packages.taking import take as write
from amanat.packs.bundles import MOST_ZIPPED
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

LONGEST_NAME: Final = 200


def _read_before(act: Callable[..., Any]) -> Callable[..., Any]:
    """It is read, checked and compared before the verb's transaction, in which nobody else can write."""

    @wraps(act)
    def run(*, file: SealedUpload, publisher: str, actor: Actor) -> uuid.UUID:
        try:
            told = None
            if actor.may(Verb.DIRECTORY_IMPORT):  # else the verb refuses
                brought = _sent(file, publisher)
                told = brought, bringing.told(brought, brought.read())
            done: uuid.UUID = act(file=file, publisher=publisher, told=told, actor=actor)
            return done
        finally:
            file.close()

    return run


def _sent(file: SealedUpload, publisher: str) -> Brought:
    """Raises:
    PersonFacingError: the file is empty or too large.
    """
    name = PurePath(file.name or "").name[:LONGEST_NAME]
    if file.too_large or (file.size or 0) > MOST_ZIPPED:
        sentence = _("The file %(name)s is larger than %(most)d MB.") % {"name": name, "most": MOST_ZIPPED // 1024**2}
        raise PersonFacingError(sentence, _("Split it, and send one after the other."), field="file")
    if not file.size:
        raise PersonFacingError(_("The file %(name)s is empty.") % {"name": name}, field="file")
    return Brought(name, publisher.strip(), file.read())


@verb(Verb.DIRECTORY_IMPORT, about=lambda ref: f"package {ref}: it was brought", around=_read_before)
def bring(
    *, file: SealedUpload, publisher: str, told: tuple[Brought, dict[str, Any]] | None = None, actor: Actor
) -> uuid.UUID:
    """Keep a package that was sent, sealed, with what is wrong in it and what it would change. The actor's former one gives way.

    Args:
        publisher: whose it is. Ids that are no UUIDs are theirs: under the same name the same rows are found again.
        told: what stands in it; it is found out here and never given.

    Raises:
        PersonFacingError: the file is empty or too large; nothing of it stays.
    """
    assert told is not None
    return _keep(*told, actor)


@verb(Verb.DIRECTORY_IMPORT, about=lambda ref: f"package {ref}: the directory of the country pack")
def bring_seeds(*, actor: Actor) -> uuid.UUID:
    """The directory of the country pack, to be looked at and taken in like any other package.

    Raises:
        PersonFacingError: the pack has none.
    """
    pack = packs.current()
    tables = pack.services.tables
    if not any(tables.values()):
        raise PersonFacingError(_("The country pack has no directory."))
    brought = Brought(f"{pack.manifest.name}.zip", pack.manifest.name, bringing.packed(tables))
    return _keep(brought, bringing.told(brought, brought.read()), actor)


def _keep(brought: Brought, told: dict[str, Any], actor: Actor) -> uuid.UUID:
    if before := bringing.waiting_of(actor):
        bringing.drop(before)
    package = Package.objects.create(
        subject=Subject.objects.begin(SubjectKind.IMPORT),
        by=actor.membership,
        brought_at=actor.now,
        content=base64.b64encode(brought.content).decode(),
        about=told,
    )
    return package.pk


@verb(Verb.DIRECTORY_IMPORT, about=lambda package: f"package {package.pk}: it was taken in")
def take(package: Package, *, actor: Actor) -> int:
    """Take all of it in, or nothing. Returns how many rows are new or changed. Nothing is taken away by it.

    Raises:
        PersonFacingError: it was taken meanwhile; or it has faults, or has some since the directory changed.
    """
    held = _lock(package, actor)
    brought = bringing.brought_in(held, actor)
    content = brought.read()
    if content.faults:
        raise PersonFacingError(_("This package can't be taken in: it has faults."), str(min(content.faults)))
    plan = bringing.planned(content, brought.publisher)
    try:
        write(plan)
    except IntegrityError:
        sentence = _("Somebody changed the directory meanwhile.")
        raise PersonFacingError(sentence, _("Nothing was taken in. Try it once more.")) from None
    bringing.drop(held)
    refreshing.after_this(actor.now)
    return len(plan.changes)


@verb(Verb.DIRECTORY_IMPORT, about=lambda package: f"package {package.pk}: it was thrown away")
def discard(package: Package, *, actor: Actor) -> None:
    """Throw away what was brought.

    Raises:
        PersonFacingError: it was taken in meanwhile.
    """
    bringing.drop(_lock(package, actor))


def _lock(package: Package, actor: Actor) -> Package:
    Package.objects.select_for_update(no_key=True).filter(by=actor.membership, pk=package.pk).first()
    held = bringing.waiting_of(actor)
    if held is None or held.pk != package.pk:
        raise PersonFacingError(_("This package does not wait any more."), _("It was taken in, or thrown away."))
    return held


@verb(Verb.DIRECTORY_EXPORT, about=lambda packed_as: f"as {packed_as}")
def export(packed_as: str, *, withheld: bool = False, actor: Actor) -> None:
    """Let the directory leave; `packages.writing.WAYS` makes it. `withheld`: also what is for workers only. Where a confidential
    place is never leaves."""
