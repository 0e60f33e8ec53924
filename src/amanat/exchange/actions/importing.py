"""A file on its way in: received, mapped, looked through, taken, stopped, discarded. Each verb only says what is to be done;
a thread of the web process (`work`) goes through the rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.exchange import keeping, reading
from amanat.exchange.digests import Digests
from amanat.exchange.errors import EmptyFile
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import WORKING, Batch, Import, Remembered, State
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

Given = ParamSpec("Given")
Result = TypeVar("Result")

WHICH = ("right", "fresh", "all", "ticked")


def _kept_if_taken(act: Callable[Given, Result]) -> Callable[Given, Result]:
    """The sealed file stays once the verb's transaction is through, else nothing of it."""

    @wraps(act)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        upload = kwargs["file"]
        assert isinstance(upload, SealedUpload)
        try:
            result = act(*args, **kwargs)
        except BaseException:
            upload.close()
            raise
        upload.keep()
        return result

    return run


@verb(Verb.EXCHANGE_IMPORT, about=lambda _ref: "a file was received", around=_kept_if_taken)
def receive(*, file: SealedUpload, letters: str = "", actor: Actor) -> uuid.UUID:
    """Keep a file that was sent, sealed as it arrived, and read its columns. Returns the reference of the import.

    `letters`: how those of a text file are written (`encodings.KNOWN`), where that is not to be found out from the file.

    Raises:
        PersonFacingError: it is too large, empty, or can't be read; nothing of it stays.
    """
    if file.too_large:
        raise PersonFacingError(_("This file is larger than 20 MB."), reading.TOO_LARGE_HINT, field="file")
    if not file.size:
        raise EmptyFile
    survey = reading.survey(file.file_id, file.key, letters)
    subject = Subject.objects.begin(SubjectKind.IMPORT)
    held = Import.objects.create(
        subject=subject,
        by=actor.membership,
        received_at=actor.now,
        file=file.file_id,
        digest=Digests(actor.membership.agency).of("file", file.sha256),
        about={
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "key": file.key.hex(),
            "letters": letters,
            "survey": survey,
        },
    )
    return held.pk


@verb(Verb.EXCHANGE_IMPORT, about=lambda _held: "its columns were mapped")
def map_columns(held: Import, *, mapping: Mapping, actor: Actor) -> None:
    """Say what each column becomes. It is remembered for the agency's next file of the same shape.

    Raises:
        PersonFacingError: the import is being worked on.
    """
    held = _hold(held, actor)
    Batch.objects.filter(held=held).delete()  # what was found rested on other columns
    held.mapping, held.state, held.cursor, held.whole = mapping.as_data(), State.MAPPED, 0, False
    _save(held, "mapping")
    _remember(mapping, actor)


def _remember(mapping: Mapping, actor: Actor) -> None:
    agency = actor.membership.agency
    fingerprint = Digests(agency).of("shape", mapping.fingerprint)
    row = Remembered.objects.filter(agency=agency, fingerprint=fingerprint).select_related("subject").first()
    row = row or Remembered(subject=office_subject(), agency=agency, fingerprint=fingerprint)
    row.used_at, row.mapping = actor.now, mapping.as_data()
    row.save()


@verb(Verb.EXCHANGE_IMPORT, about=lambda _held: "a dry run was begun")
def look_through(held: Import, *, actor: Actor) -> None:
    """Begin the dry run: what would be taken, what may be known, what is wrong. Nothing is taken yet.

    Raises:
        PersonFacingError: the columns are not mapped, or the import is being worked on.
    """
    held = _hold(held, actor)
    if held.state == State.RECEIVED:
        raise PersonFacingError(_("Say first what each column is."))
    Batch.objects.filter(held=held).delete()
    held.state, held.cursor, held.whole, held.wanted = State.LOOKING, 0, False, None
    _save(held, "wanted", "rows")


@verb(Verb.EXCHANGE_IMPORT, about=lambda _held: "taking its rows was begun")
def take(held: Import, *, which: str, ticked: Sequence[int] = (), actor: Actor) -> None:
    """Begin to take rows in: each becomes a child's file, the author its case manager.

    Args:
        which: "right" (new, without wrong cells), "fresh" (new), "all" (also who may be known), "ticked" (those in `ticked`).
        ticked: places in the file, from 0.

    Raises:
        PersonFacingError: the dry run has not come to its end, or nothing was chosen.
    """
    held = _hold(held, actor)
    if not held.whole:
        raise PersonFacingError(_("The file has not been read to its end yet."), _("Wait until it has, then choose."))
    if which == "ticked" and not ticked:
        raise PersonFacingError(_("Tick at least one row."), field="ticked")
    held.state, held.cursor = State.TAKING, 0
    held.wanted = {"which": which, "ticked": sorted(ticked)}
    _save(held, "wanted")


@verb(Verb.EXCHANGE_IMPORT, about=lambda _held: "it was stopped")
def stop(held: Import, *, actor: Actor) -> None:
    """Stop the work after the batch that is on its way; what was taken stays.

    Raises:
        PersonFacingError: nothing is being worked on.
    """
    held = _lock(held, actor)
    if held.state not in WORKING:
        raise PersonFacingError(_("The work has ended already."), _("Look at the result."))
    held.state = State.STOPPED
    _save(held)


@verb(Verb.EXCHANGE_IMPORT, about=lambda _held: "it was discarded")
def discard(held: Import, *, actor: Actor) -> None:
    """Take the file and all that was read of it away. Children's files that were made of it stay.

    Raises:
        PersonFacingError: the import is being worked on.
    """
    keeping.drop(_hold(held, actor))


def _lock(held: Import, actor: Actor) -> Import:
    """The row as it stands now, held until the transaction ends; 404 for who did not bring it."""
    keeping.imports_of(actor).select_related(None).select_for_update(no_key=True).filter(pk=held.pk).first()
    return keeping.find(actor, held.pk)


def _hold(held: Import, actor: Actor) -> Import:
    """`_lock`, for what can't be done while somebody works on it."""
    locked = _lock(held, actor)
    if locked.state in WORKING:
        raise PersonFacingError(_("This import is being worked on."), _("Wait for the end, or stop it first."))
    return locked


def _save(held: Import, *also: str) -> None:
    held.version += 1
    held.save(update_fields=["state", "cursor", "whole", "version", *also])
