"""Forms: uploaded, thrown away, published, taken back. Nothing that was ever filled in is deleted: records stand under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.forms import files, kept, packed
from amanat.forms.faulty import FaultyForm
from amanat.forms.kept import Turned
from amanat.forms.limits import LIMITS, MIB
from amanat.forms.models import Answers, Form, FormVersion, Record
from amanat.forms.packed import Written
from amanat.forms.workbooks import read_workbook
from amanat.office.packs import as_kept
from amanat.office.uploads import Upload
from amanat.packs.faults import Fault
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError, Stale


@dataclass(frozen=True)
class Read:
    """A workbook that was sent: as the form that it is, or with what is wrong in it. `form` as `Upload` has it."""

    form: str
    name: str
    content: bytes
    written: Written | None = None
    made: Turned | None = None
    faults: Sequence[Fault] = ()


def _read_before(act: Callable[..., Any]) -> Callable[..., Any]:
    """The workbook is read and turned into an XForm before the verb's transaction, in which nobody else can write."""

    @wraps(act)
    def run(*, file: SealedUpload, lists: Sequence[SealedUpload] = (), actor: Actor) -> FormVersion | Upload:
        try:
            read = _read(file, lists) if actor.may(Verb.FORM_UPLOAD) else None  # else the verb refuses
            done: FormVersion | Upload = act(file=file, lists=lists, read=read, actor=actor)
            return done
        finally:
            for sent in (file, *lists):
                sent.close()

    return run


def _read(file: SealedUpload, lists: Sequence[SealedUpload]) -> Read:
    """Raises:
    PersonFacingError: a file is empty or too large; a list is no text, a picture none.
    """
    name, content = _bytes(file, "file")
    media, shown = _beside(lists)
    form = PurePath(name).stem
    try:
        workbook = read_workbook(name, content)
        form = workbook.form_id or form
        written = Written(name, content, workbook, media, shown)
        return Read(form, name, content, written, kept.turned(written))
    except FaultyForm as faulty:
        return Read(form, name, content, faults=faulty.faults)


def _bytes(sent: SealedUpload, field: str, most: int = LIMITS.file) -> tuple[str, bytes]:
    name = sent.name or ""
    if sent.too_large or (sent.size or 0) > most:
        told = _("The file %(name)s is larger than %(most)d MB.") % {"name": name, "most": most // MIB}
        workbook = _("A form and its lists are text; take pictures out of them.")
        mend = workbook if field == "file" else _("Make the pictures smaller, or leave some out.")
        raise PersonFacingError(told, mend, field=field)
    if not sent.size:
        raise PersonFacingError(_("The file %(name)s is empty.") % {"name": name}, field=field)
    return name, sent.read()


def _beside(sent: Sequence[SealedUpload]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Its lists, and what it shows."""
    try:
        return files.told_apart(_bytes(one, "lists", LIMITS.beside) for one in sent)
    except files.FaultyFile as error:
        raise PersonFacingError(str(error), error.mend, field="lists") from None


def _told(done: FormVersion | Upload) -> str:
    if isinstance(done, Upload):
        return f"{done.source_name}: {len(done.faults)} to mend"
    return _named(done)


def _named(version: FormVersion) -> str:
    return f"{version.form.name} {version.version} ({version.source_name})"


@verb(Verb.FORM_UPLOAD, about=_told, around=_read_before)
def upload(
    *, file: SealedUpload, lists: Sequence[SealedUpload] = (), read: Read | None = None, actor: Actor
) -> FormVersion | Upload:
    """A workbook becomes a version of its form, which nobody is offered yet; one with faults is kept beside, until it is mended.

    Args:
        lists: CSV files that the form reads, pictures, sound and films that it shows; or a .zip of them.
        read: what stands in it; it is found out here and never given.

    Raises:
        PersonFacingError: a file is empty, too large, or no text; nothing of it stays.
    """
    assert read is not None
    Upload.objects.filter(form__in={read.form, PurePath(read.name).stem}).delete()
    if read.written is None or read.made is None:
        return _put_aside(read, read.faults, actor)
    follows = {"follows_pack": read.form in packed.of_the_pack()}
    form, _new = Form.objects.get_or_create(name=read.form, defaults=follows)
    for other in form.versions.filter(version=read.written.workbook.version).exclude(digest=read.written.digest):
        if form.published_id == other.pk or was_filled_in(other):
            return _put_aside(read, [_same_number(read.written)], actor)
        other.delete()  # a draft of the same number
    return kept.keep(form, read.written, read.made, actor.membership, actor.now)


def _put_aside(read: Read, faults: Sequence[Fault], actor: Actor) -> Upload:
    return Upload.objects.create(
        form=read.form,
        source_name=read.name,
        source=read.content,
        faults=as_kept(faults),
        by=actor.membership,
        at=actor.now,
    )


def _same_number(written: Written) -> Fault:
    told = _(
        "There is a version %(version)s of this form already, which is offered or was filled in, and it is another."
    )
    told %= {"version": written.workbook.version or "“”"}
    return Fault(written.file_name, "settings: version", told, _("Write a higher version, and upload it again."))


def was_filled_in(version: FormVersion) -> bool:
    """Whether a record stands under it, or did before a correction."""
    return Record.objects.filter(form_version=version).exists() or Answers.objects.filter(form_version=version).exists()


@verb(Verb.FORM_UPLOAD, about=str)
def discard_upload(held: Upload, *, actor: Actor) -> None:
    """Throw away a workbook that has faults."""
    held.delete()


@verb(Verb.FORM_UPLOAD, about=_named)
def discard_version(version: FormVersion, *, actor: Actor) -> None:
    """Throw away a version that nobody ever filled in, and its form where that was all of it.

    Raises:
        PersonFacingError: it is offered now, or records stand under it.
    """
    form = Form.objects.select_for_update(no_key=True).get(pk=version.form_id)
    if form.published_id == version.pk:
        raise PersonFacingError(
            _("This version is offered now."), _("Publish another one first, or take the form back.")
        )
    if was_filled_in(version):
        raise PersonFacingError(
            _("This version was filled in, so it stays: its records stand under it."),
            _("It is enough that it is not offered."),
        )
    version.delete()
    if not form.versions.exists() and form.name not in packed.of_the_pack():
        form.delete()


@verb(Verb.FORM_PUBLISH, about=_named)
def publish(version: FormVersion, *, seen: int, actor: Actor) -> Form:
    """Offer a version from now on, in place of the one before; an older one as well, to go back. What the pack says now is
    followed again when the pack changes.

    Raises:
        Stale: another administrator published or took back meanwhile.
    """
    written = packed.of_the_pack().get(version.form.name)
    form = _hold(version.form, seen)
    form.published, form.follows_pack = version, written is not None and written.digest == version.digest
    form.save()
    return form


@verb(Verb.FORM_PUBLISH, about=lambda form: f"{form.name}: taken back")
def take_back(form: Form, *, seen: int, actor: Actor) -> Form:
    """Nobody is offered the form any more; its records stay, and can be read and corrected.

    Raises:
        Stale: another administrator published or took back meanwhile.
    """
    form = _hold(form, seen)
    form.published, form.follows_pack = None, False
    form.save()
    return form


def _hold(form: Form, seen: int) -> Form:
    """The row as it is now, locked, and its number raised."""
    held = Form.objects.select_for_update(no_key=True).get(pk=form.pk)
    if held.version != seen:
        raise Stale({}, held.version)
    held.version += 1
    return held
