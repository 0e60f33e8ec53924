"""A file on its way in: received, mapped, looked through, taken, stopped, discarded. Each verb only says what is to be done;
a thread of the task process (`work`) goes through the rows. Only `put_in`, which is about one row, does it at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.cases.laid import Laid
from amanat.cases.models import Case
from amanat.exchange import keeping, reading, taking
from amanat.exchange.digests import Digests
from amanat.exchange.errors import EmptyFile
from amanat.exchange.lines import Became, Line
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import WORKING, Batch, Import, Remembered, State
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

WHICH = ("right", "fresh", "all", "ticked")


def _surveyed_before(act: Callable[..., uuid.UUID]) -> Callable[..., uuid.UUID]:
    """The file is read before the verb's transaction, in which nobody else can write. It stays once that is through."""

    @wraps(act)
    def run(*, file: SealedUpload, letters: str = "", actor: Actor) -> uuid.UUID:
        try:
            survey = _survey(file, letters) if actor.may(Verb.EXCHANGE_IMPORT) else None  # else the verb refuses
            ref = act(file=file, letters=letters, survey=survey, actor=actor)
        except BaseException:
            file.close()
            raise
        file.keep()
        return ref

    return run


def _survey(file: SealedUpload, letters: str) -> dict[str, Any]:
    if file.too_large:
        raise PersonFacingError(_("This file is larger than 20 MB."), reading.TOO_LARGE_HINT, field="file")
    if not file.size:
        raise EmptyFile
    return reading.survey(file.file_id, file.key, letters)


@verb(Verb.EXCHANGE_IMPORT, about=lambda ref: f"import {ref}: its file was received", around=_surveyed_before)
def receive(*, file: SealedUpload, letters: str = "", survey: dict[str, Any] | None = None, actor: Actor) -> uuid.UUID:
    """Keep a file that was sent, sealed as it arrived, and read its columns. Returns the reference of the import.

    Args:
        letters: how those of a text file are written (`encodings.KNOWN`), where that is not to be found out from the file.
        survey: what it seems to be; it is found out here and never given.

    Raises:
        PersonFacingError: it is too large, empty, or can't be read; nothing of it stays.
    """
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


def _what_was_mapped(held: Import, mapping: Mapping) -> str:
    return f"import {held.pk}: {len(mapping.fields)} of {len(mapping.columns)} columns were given a field"


@verb(Verb.EXCHANGE_IMPORT, about=_what_was_mapped, asked=("mapping",))
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
    if not mapping.fingerprint:  # columns without names: no file has the shape of another
        return
    agency = actor.membership.agency
    fingerprint = Digests(agency).of("shape", mapping.fingerprint)
    row = Remembered.objects.filter(agency=agency, fingerprint=fingerprint).select_related("subject").first()
    row = row or Remembered(subject=office_subject(), agency=agency, fingerprint=fingerprint)
    row.used_at, row.mapping = actor.now, mapping.decisions()
    row.save()


@verb(Verb.EXCHANGE_IMPORT, about=lambda held: f"import {held.pk}: a dry run was begun")
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


def _what_is_taken(held: Import, which: str, ticked: Sequence[int] | None) -> str:
    chosen = f"{len(ticked or ())} ticked" if which == "ticked" else which
    return f"import {held.pk}: taking was begun of its {held.rows} rows ({chosen})"


@verb(Verb.EXCHANGE_IMPORT, about=_what_is_taken, asked=("which", "ticked"))
def take(held: Import, *, which: str, ticked: Sequence[int] = (), actor: Actor) -> None:
    """Begin to take rows in: each becomes a child's file, the author its case manager.

    Args:
        which: "right" (new, without wrong cells), "fresh" (new), "all" (also who may be known), "ticked" (those in `ticked`).
        ticked: places in the file, from 0.

    Raises:
        PersonFacingError: the dry run has not come to its end, or nothing was chosen.
    """
    held = _read_whole(_hold(held, actor))
    if which == "ticked" and not ticked:
        raise PersonFacingError(_("Tick at least one row."), field="ticked")
    held.state, held.cursor = State.TAKING, 0
    held.wanted = {"which": which, "ticked": sorted(ticked)}
    _save(held, "wanted")


def _which_row(_case: Case, held: Import | None, place: int | None) -> str:
    return f"import {held.pk}: its row at place {place}" if held else ""


@verb(Verb.CASE_PUT_IN, about=_which_row, asked=("held", "place"))
def put_in(case: Case, *, held: Import, place: int, actor: Actor) -> Laid:
    """Put a row into a file that is there: what is empty is filled, what the file says otherwise is kept beside.

    What the file said when somebody looked is no condition: nothing that stands there now is replaced. `place` counts from 0.

    Raises:
        Hidden: the import is another's, or has no such row.
        PersonFacingError: see `taking.put_in`; or the import is being worked on, or was not read to its end.
    """
    held = _read_whole(_hold(held, actor))
    batch = keeping.batch_at(held, place)
    content: list[Line] = keeping.opened(held, "content", actor, batch)
    outcome: dict[str, Became] = keeping.opened(held, "outcome", actor, batch) or {}
    laid = taking.put_in(
        batch, content, outcome, place - batch.first, case, headers=keeping.headers_of(held, actor), actor=actor
    )
    _save(held)
    return laid


@verb(Verb.EXCHANGE_IMPORT, about=lambda held: f"import {held.pk}: it was stopped at row {held.cursor} of {held.rows}")
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


@verb(Verb.EXCHANGE_IMPORT, about=lambda held: f"import {held.pk}: it was discarded")
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


def _read_whole(held: Import) -> Import:
    if not held.whole:
        raise PersonFacingError(_("The file has not been read to its end yet."), _("Wait until it has, then choose."))
    return held


def _save(held: Import, *also: str) -> None:
    held.version, held.tries = held.version + 1, 0
    held.save(update_fields=["state", "cursor", "whole", "version", "tries", *also])
