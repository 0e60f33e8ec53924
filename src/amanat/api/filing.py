"""What a phone sent becomes a record on a child's file, by the verb that pages call. What can't be filed waits for its worker.

Runs in the transaction in which the intake notes the packet as taken, so nothing here may be refused: it is asked before.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.standing import asked_once
from amanat.api import envelopes, form_keys, packets, phone_forms, waiting
from amanat.api.envelopes import Shut
from amanat.api.models import Device, Fault, Waiting
from amanat.api.packets import Packet
from amanat.cases import documents
from amanat.cases.actions.recording import correct_record, record_form
from amanat.cases.actions.writing import TAKE_DOCUMENTS, attach
from amanat.cases.models import Case
from amanat.forms import kept, parting, records
from amanat.forms.compiling import CompiledForm
from amanat.forms.documents import Element, local, written
from amanat.forms.model import MEDIA
from amanat.forms.models import FormVersion, Record
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault import intake
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

PAGE: Final = "openrosa.submission"
_NUMBER: Final = re.compile(r"\[\d+\]")


class CantBeFiled(PersonFacingError):
    """Not on this file, or not by this worker."""


class CameOtherwise(CantBeFiled):
    """Under the name of a record, but it is not what became it."""


class StillShut(PersonFacingError):
    """It was encrypted, and does not open; the sentence says why."""


def take(arrived: intake.Packet) -> None:
    """Raises:
    LookupError: no phone of ours sent it; it is set aside.
    """
    sent = Packet.unpacked(arrived.body)
    device = _device(sent.device)
    if device.used_on != (day := arrived.arrived_at.date()):
        Device.objects.filter(pk=device.pk).update(used_on=day)
    before, at = waiting.shut_before(sent, device.membership), arrived.arrived_at
    if before:
        sent, at = waiting.together(before, sent), before.arrived_at
        waiting.drop(before)
    _settle(sent, device.membership, at)


def try_again(row: Waiting) -> None:
    """Open what did not open before, and file it or let it wait for its worker.

    Raises:
        StillShut: it does not open now either.
    """
    sent = waiting.packet_of(row)
    try:
        opened(sent)
    except Shut as error:
        raise StillShut(str(error.fault.label)) from None
    waiting.drop(row)
    _settle(sent, row.membership, row.arrived_at)


def _settle(sent: Packet, membership: Membership, at: datetime) -> None:
    """File it; what can't be filed waits."""
    try:
        clear = opened(sent)
    except Shut as error:
        if error.fault != Fault.MISSING or not _is_known(sent, membership):
            about = _case_named(error.instance, membership) if error.instance else None
            waiting.keep(sent, membership, at, about=about, fault=error.fault)
        return
    actor = Actor.of(membership, clock(), page=PAGE)
    case = _case_named(clear.instance, membership)
    works = membership.is_current(actor.now) and membership.user.is_active
    with timezone.override(membership.zone):
        left = _filed(case, clear, actor) if case and works else clear
    if left is not None:
        waiting.keep(left, membership, at, about=case)


def opened(sent: Packet) -> Packet:
    """What a phone sent, in clear; also what it did not encrypt, for it may have an older form.

    Raises:
        Shut: it does not open.
    """
    return envelopes.opened(sent, form_keys.private()) if envelopes.is_one(packets.root_of(sent.instance)) else sent


def _is_known(sent: Packet, membership: Membership) -> bool:
    """Whether it was opened before, with all its files: only then an encrypted one is filed, or waits without a fault."""
    name = packets.instance_id_of(packets.root_of(sent.instance))
    waits = Waiting.objects.filter(instance_id=name, membership=membership, fault="")
    return Record.objects.filter(instance_id=name, recorded_by=membership).exists() or waits.exists()


def _device(name: str) -> Device:
    found = Device.objects.select_related("membership__user", "membership__agency", "membership__site")
    device = found.filter(name=name).first()
    if device is None:
        raise LookupError("no such phone")
    return device


def _filed(case: Case, sent: Packet, actor: Actor) -> Packet | None:
    """What is left of it, and has to wait."""
    try:
        with transaction.atomic(), asked_once():
            left = file_on(case, sent, actor)
    except PersonFacingError:
        return sent
    return replace(sent, media=left) if left else None


def _case_named(instance: bytes, membership: Membership) -> Case | None:
    """The child that was chosen on the phone; for a form that came again, the one on whose file it stands."""
    root = packets.root_of(instance)
    chosen = next((one.text or "" for one in root if local(one) == phone_forms.CASE_REF), "").strip()
    rows = Case.objects.select_related("subject", "child", "agency")
    try:
        return rows.filter(pk=uuid.UUID(chosen)).first()
    except ValueError:
        before = Record.objects.filter(instance_id=packets.instance_id_of(root), recorded_by=membership).first()
        return rows.filter(subject=before.subject_id).order_by("opened_in").last() if before else None


def file_on(case: Case, sent: Packet, actor: Actor, *, by_hand: bool = False) -> dict[str, bytes]:
    """Record it; the files that could not be kept as documents. `by_hand`: its worker wants it there; what is otherwise than the
    record that came under its name then becomes another one.

    Raises:
        CameOtherwise: a record has its name already, with other answers or on another file.
        PersonFacingError: it can't be recorded there.
    """
    root = packets.root_of(sent.instance)
    version = phone_forms.found(packets.form_of(root), root.get("version", ""))
    if version is None:
        raise CantBeFiled(_("The version of the form that was filled in is not kept here."))
    file = open_file(actor, case)
    if not file.may(Verb.FORM_RECORD):
        raise CantBeFiled(_("You can't fill in forms on this file."), _("Choose a file of your caseload."))
    form = kept.form_of(version)
    _make_ours(root, version, form)
    instance_id, before = _known_as(file, root, form, by_hand=by_hand)
    if before is not None:
        return _with_more_files(file, case, before, root, sent.media)
    left = _attached(file, case, form, root, sent.media)
    record_form(
        case,
        version=version,
        instance=bytes(written(root)),
        instance_id=instance_id,
        language="",
        actor=actor,
        from_phone=True,
    )
    return left


def _known_as(file: File, root: Element, form: CompiledForm, *, by_hand: bool) -> tuple[str, Record | None]:
    """Under which name it is recorded, and the record that it became already.

    An app that never heard that a form was taken lets its holder change it, and sends it again under the same name.

    Raises:
        CameOtherwise: unless `by_hand`.
    """
    name = packets.instance_id_of(root)
    before = Record.objects.filter(instance_id=name).first()
    if before is None or _is_the_same(file, before, root, form):
        return name, before
    if not by_hand:
        raise CameOtherwise(_("It was recorded before, with other answers or on another file."))
    other = f"uuid:{uuid.uuid5(uuid.NAMESPACE_OID, written(root).decode())}"
    return other, records.recorded(file, other)


def _is_the_same(file: File, before: Record, root: Element, form: CompiledForm) -> bool:
    """Whether a record of this file began with these answers."""
    if before.subject_id != file.row.subject_id:
        return False
    first = records.read(file, before, version=1)
    return _answered(first.whole, form) == _answered(bytes(written(root)), form)


def _answered(instance: bytes, form: CompiledForm) -> dict[str, str]:
    """Without what changes by itself: names of files, as they are kept, and times that the app takes."""
    changing = {path for path, question in form.questions.items() if question.kind in MEDIA}
    changing |= {path for path, bind in form.binds.items() if bind.preload}
    said = parting.said(instance.decode())
    return {path: text for path, text in said.items() if _NUMBER.sub("", path) not in changing}


def _with_more_files(
    file: File, case: Case, record: Record, root: Element, media: dict[str, bytes]
) -> dict[str, bytes]:
    """An app sends large files apart, each time with the form: the record gets those that it does not have yet."""
    if not media:
        return {}
    reading = records.read(file, record)
    whole = packets.root_of(reading.whole)
    lacking = {one.text for one in whole.iter()}
    left = _attached(file, case, kept.form_of(reading.form_version), whole, media)
    if len(left) < len(media):
        correct_record(
            case,
            number=record.number,
            version=record.form_version,
            instance=bytes(written(whole)),
            language=record.language,
            actor=file.actor,
            seen=record.version,
            reason=_("Its files came later from the phone."),
            from_phone=True,
        )
    there = {one.text for one in root.iter()} - lacking
    return {name: content for name, content in left.items() if name not in there}


def _make_ours(root: Element, version: FormVersion, form: CompiledForm) -> None:
    """Take out what was put into the form for phones."""
    root.attrib.pop("version", None)
    if version.version:
        root.set("version", version.version)
    for one in [one for one in root if local(one) == phone_forms.CASE_REF]:
        if f"/{local(root)}/{phone_forms.CASE_REF}" not in form.questions:
            root.remove(one)


def _attached(file: File, case: Case, form: CompiledForm, root: Element, media: dict[str, bytes]) -> dict[str, bytes]:
    """Keep the files as documents of the part of their question, which then names them; the rest is given back."""
    left = dict(media)
    for element in root.iter() if media else ():
        name = element.text or ""
        question = form.questions.get(_path(element))
        # A text may say the same as a file is called.
        if name not in left or question is None or question.kind not in MEDIA:
            continue
        if (document := _document(file, case, Part(question.part), name, left[name])) is not None:
            element.text = f"{document.hex}{PurePath(name).suffix}"
            del left[name]
    return left


def _document(file: File, case: Case, part: Part, name: str, content: bytes) -> uuid.UUID | None:
    if not (part in TAKE_DOCUMENTS and file.may(Verb.CASE_ATTACH)):
        return None
    upload = SealedUpload.of(content, name)
    try:
        return attach(case, part=part, upload=upload, actor=file.actor, from_phone=True).pk
    except documents.NotTaken:
        return None


def _path(element: Element) -> str:
    names = [local(one) for one in (element, *element.iterancestors())]
    return "/" + "/".join(reversed(names))
