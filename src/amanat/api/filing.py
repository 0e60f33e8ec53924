"""What a phone sent becomes a record on a child's file, by the verb that pages call. What can't be filed waits for its worker.

Runs in the transaction in which the intake notes the packet as taken, so nothing here may be refused: it is asked before.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from pathlib import PurePath
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part, Verb
from amanat.api import packets, phone_forms
from amanat.api.models import Device, Waiting
from amanat.api.packets import Packet
from amanat.cases import documents
from amanat.cases.actions.recording import record_form
from amanat.cases.actions.writing import TAKE_DOCUMENTS, attach
from amanat.cases.models import Case
from amanat.forms import kept
from amanat.forms.compiling import CompiledForm
from amanat.forms.documents import Element, local, written
from amanat.forms.models import FormVersion, Record
from amanat.people.clock import clock
from amanat.vault import intake
from amanat.vault.files import write_sealed
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.sealing import open_sealed
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

PAGE: Final = "openrosa.submission"


class CantBeFiled(PersonFacingError):
    """Not on this file, or not by this worker."""


def take(arrived: intake.Packet) -> None:
    """Raises:
    LookupError: no phone of ours sent it; it is set aside.
    """
    sent = Packet.unpacked(arrived.body)
    device = _device(sent.device)
    Device.objects.filter(pk=device.pk).update(used_on=arrived.arrived_at.date())
    actor = Actor.of(device.membership, clock(), page=PAGE)
    with timezone.override(device.membership.zone):
        case = _case_of(sent, actor)
        left = _filed(case, sent, actor) if case else sent
    if left is not None:
        _wait(left, device, arrived)


def _device(name: str) -> Device:
    found = Device.objects.select_related("membership__user", "membership__agency", "membership__site")
    device = found.filter(name=name).first()
    if device is None:
        raise LookupError("no such phone")
    return device


def _filed(case: Case, sent: Packet, actor: Actor) -> Packet | None:
    """What is left of it, and has to wait."""
    try:
        with transaction.atomic():
            left = file_on(case, sent, actor)
    except PersonFacingError:
        return sent
    return Packet(sent.device, sent.instance, left) if left else None


def _case_of(sent: Packet, actor: Actor) -> Case | None:
    """The child that was chosen on the phone; for a form that came again, the one on whose file it stands."""
    root = packets.root_of(sent.instance)
    chosen = next((one.text or "" for one in root if local(one) == phone_forms.CASE_REF), "").strip()
    rows = Case.objects.select_related("subject", "child", "agency")
    if not (actor.membership.is_current(actor.now) and actor.user.is_active):
        return None
    try:
        return rows.filter(pk=uuid.UUID(chosen)).first()
    except ValueError:
        before = Record.objects.filter(instance_id=packets.instance_id_of(root), recorded_by=actor.membership).first()
        return rows.filter(subject=before.subject_id).order_by("opened_in").last() if before else None


def file_on(case: Case, sent: Packet, actor: Actor) -> dict[str, bytes]:
    """Record it; the files that could not be kept as documents.

    Raises:
        PersonFacingError: it can't be recorded there.
    """
    root = packets.root_of(sent.instance)
    version = phone_forms.found(packets.form_of(root), root.get("version", ""))
    if version is None:
        raise CantBeFiled(_("The version of the form that was filled in is not kept here."))
    file = open_file(actor, case)
    if not file.may(Verb.FORM_RECORD):
        raise CantBeFiled(_("You can't fill in forms on this file."), _("Choose a file of your caseload."))
    instance_id = packets.instance_id_of(root)
    form = kept.form_of(version)
    left = _attached(file, case, form, root, sent.media)
    record_form(
        case,
        version=version,
        instance=_as_ours(root, version, form),
        instance_id=instance_id,
        language="",
        actor=actor,
        from_phone=True,
    )
    return left


def _as_ours(root: Element, version: FormVersion, form: CompiledForm) -> bytes:
    """Without what was put into the form for phones."""
    root.attrib.pop("version", None)
    if version.version:
        root.set("version", version.version)
    for one in [one for one in root if local(one) == phone_forms.CASE_REF]:
        if f"/{local(root)}/{phone_forms.CASE_REF}" not in form.questions:
            root.remove(one)
    return bytes(written(root))


def _attached(file: File, case: Case, form: CompiledForm, root: Element, media: dict[str, bytes]) -> dict[str, bytes]:
    """Keep the files as documents of the part of their question, which then names them; the rest is given back."""
    left = dict(media)
    for element in root.iter():
        name = element.text or ""
        question = form.questions.get(_path(element))
        if name not in left or question is None or len(element):
            continue
        if (document := _document(file, case, Part(question.part), name, left[name])) is not None:
            element.text = f"{document.hex}{PurePath(name).suffix}"
            del left[name]
    return left


def _document(file: File, case: Case, part: Part, name: str, content: bytes) -> uuid.UUID | None:
    if not (part in TAKE_DOCUMENTS and file.writes(part) and file.may(Verb.CASE_ATTACH)):
        return None
    upload = SealedUpload(
        write_sealed(content),
        name=name,
        content_type="",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        too_large=False,
    )
    try:
        return attach(case, part=part, upload=upload, actor=file.actor).pk
    except documents.NotTaken:
        return None


def _path(element: Element) -> str:
    names = [local(one) for one in (element, *element.iterancestors())]
    return "/" + "/".join(reversed(names))


def _wait(sent: Packet, device: Device, arrived: intake.Packet) -> None:
    packed = sent.packed()
    digest = hashlib.sha256(packed).hexdigest()
    if Waiting.objects.filter(digest=digest).exists():
        return
    Waiting.objects.create(
        subject=Subject.objects.begin(SubjectKind.DRAFT),
        membership=device.membership,
        digest=digest,
        form=packets.form_of(packets.root_of(sent.instance)),
        arrived_at=arrived.arrived_at,
        packet=base64.b64encode(packed).decode(),
    )


def waiting_of(actor: Actor) -> QuerySet[Waiting]:
    """What came from the actor's own phones; nobody else learns that it is there."""
    return Waiting.objects.filter(membership=actor.membership).select_related("subject")


def packet_of(waiting: Waiting) -> Packet:
    """What waits, for the verb of its worker."""
    return Packet.unpacked(base64.b64decode(open_sealed(waiting, "packet") or ""))
