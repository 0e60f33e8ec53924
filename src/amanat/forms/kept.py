"""Forms as they are offered: which there are, the version that is filled in now, and what was written turned into an XForm.

A form of a pack becomes a kept version at its first use. That is no verb: it follows from the pack, and says nothing of anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from amanat.access.policy import Part
from amanat.forms import files
from amanat.forms.compiling import CompiledForm, compiled
from amanat.forms.converting import convert
from amanat.forms.faulty import FaultyForm
from amanat.forms.models import Form, FormFile, FormVersion
from amanat.forms.packed import Written, of_the_pack
from amanat.forms.parts import PARTS_OF_FORMS
from amanat.packs.labels import FALLBACK, Label
from amanat.people.clock import clock
from amanat.people.models import Membership

HEAVY = ("source", "xform", "extras", "media")
FACTS = ("source", "licence", "verified", "about", "group")
_SOURCE_IN = "source:"  # before a language: what its source is called there


class NoForm(Exception):
    """No form of this name is offered."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A form that can be filled in. `verified` is false where nobody could check its source; `group` is a code of `form_group`."""

    name: str
    title: Label
    parts: frozenset[Part]
    source: Label
    verified: bool
    group: str = ""


def published(rows: Iterable[Form] | None = None) -> list[Offered]:
    """The forms that can be filled in about a child, by title: of the pack, unless an administrator took them back, and uploaded.

    `rows`: `light_forms()`, where somebody has them already.
    """
    packed = of_the_pack()
    offered = {
        name: _of_the_pack(name, written) for name, written in packed.items() if is_of_a_child(facts_of(written))
    }
    for form in light_forms() if rows is None else rows:
        if form.follows_pack and form.name in packed:
            continue
        offered.pop(form.name, None)
        if form.published is not None and not form.follows_pack and is_of_a_child(form.published.facts):
            offered[form.name] = _of_a_version(form.name, form.published)
    return sorted(offered.values(), key=lambda one: str(one.title).casefold())


def light_forms() -> QuerySet[Form]:
    """All forms that have a row, each with its published version but for what is large in it."""
    return Form.objects.select_related("published").defer(*(f"published__{name}" for name in HEAVY))


def _of_the_pack(name: str, written: Written) -> Offered:
    facts = facts_of(written)
    return Offered(
        name, written.workbook.title, as_parts(written.parts), source_of(facts), is_verified(facts), facts["group"]
    )


def _of_a_version(name: str, version: FormVersion) -> Offered:
    facts = version.facts
    return Offered(
        name,
        version.label if str(version.label) else Label({"en": name}),
        as_parts(version.parts),
        source_of(facts),
        is_verified(facts),
        facts.get("group", ""),
    )


def facts_of(written: Written) -> dict[str, str]:
    """What the settings say of where a form comes from."""
    book = written.workbook
    sources = {f"{_SOURCE_IN}{language}": text for language, text in book.sources.items()}
    return {name: book.settings.get(f"amanat::{name}", "").strip() for name in FACTS} | sources


def source_of(facts: Mapping[str, str]) -> Label:
    """Where a form comes from, in the languages in which it says so. What stands in one column is taken as English."""
    own = {FALLBACK: facts["source"]} if facts.get("source") else {}
    told = {name.removeprefix(_SOURCE_IN): text for name, text in facts.items() if name.startswith(_SOURCE_IN)}
    return Label(own | told)


def is_verified(facts: Mapping[str, str]) -> bool:
    return facts.get("verified", "").lower() in ("true", "yes", "1")


def is_of_a_child(facts: Mapping[str, str]) -> bool:
    """Else it is for those who are taught."""
    return facts.get("about", "") in ("", "child")


def as_parts(names: list[str]) -> frozenset[Part]:
    return frozenset(Part(name) for name in names if name in PARTS_OF_FORMS)


def current(name: str) -> FormVersion:
    """The version that is filled in now; one of the pack is kept first, if it was not yet.

    Raises:
        NoForm: there is none of this name, or it was taken back.
        FaultyForm: the pack's form can't be turned into an XForm (`amanat pack check` says so before).
    """
    form = Form.objects.select_related("published").filter(name=name).first()
    written = of_the_pack().get(name) if form is None or form.follows_pack else None
    if written is not None:
        if form is not None and form.published is not None and form.published.digest == written.digest:
            return form.published
        return _follow(name, written)
    if form is None or form.published is None or form.follows_pack:
        raise NoForm(name)
    return form.published


def _follow(name: str, written: Written) -> FormVersion:
    """Two at once keep one version: the second waits for the row of the form, or finds it."""
    made = turned(written)  # it takes its time, in which others can write
    with transaction.atomic():
        Form.objects.get_or_create(name=name, defaults={"follows_pack": True})
        form = Form.objects.select_for_update().get(name=name)
        form.published = keep(form, written, made, None, clock())
        form.save(update_fields=["published"])
        return form.published


def version_of_the_pack(name: str) -> FormVersion | None:
    """What the pack says now as a kept version, whether or not it is offered; None where the pack has no such form.

    Raises:
        FaultyForm: it can't be turned into an XForm.
    """
    written = of_the_pack().get(name)
    if written is None:
        return None
    if held := FormVersion.objects.filter(form__name=name, digest=written.digest).first():
        return held
    made = turned(written)
    with transaction.atomic():
        form, _new = Form.objects.get_or_create(name=name, defaults={"follows_pack": True})
        return keep(form, written, made, None, clock())


@dataclass(frozen=True, slots=True)
class Turned:
    """What a form that was written became for the engine."""

    xform: bytes
    extras: bytes


def turned(written: Written) -> Turned:
    """Turn what was written into an XForm, and see that it can work.

    Raises:
        FaultyForm: it can't be turned into one, or can't work.
    """
    xform, extras = convert(written.workbook), written.workbook.extras(PARTS_OF_FORMS)
    form, places = compiled(xform, extras, _encoded(written.media)), written.workbook.places()
    if faults := [*form.check(written.file_name, places), *files.missing(form, written.files, written.file_name)]:
        raise FaultyForm(faults)
    return Turned(xform, extras)


def keep(form: Form, written: Written, made: Turned, by: Membership | None, at: datetime) -> FormVersion:
    """Keep what was written as a version of a form; the one that is there if it is the same to the letter."""
    held = form.versions.filter(digest=written.digest).first()
    if held is not None:
        return held
    version = FormVersion.objects.create(
        form=form,
        version=written.workbook.version,
        digest=written.digest,
        source_name=written.file_name,
        source=written.content,
        xform=made.xform,
        extras=made.extras,
        media=dict(written.media),
        title=dict(written.workbook.title.texts),
        facts=facts_of(written),
        parts=written.parts,
        made_by=by,
        made_at=at,
    )
    FormFile.objects.bulk_create(
        FormFile(version=version, name=name, content=one) for name, one in written.files.items()
    )
    return version


def file_of(version: uuid.UUID, name: str) -> bytes | None:
    """A picture, sound or film that a version shows; None where it has none of this name."""
    found = FormFile.objects.filter(version=version, name=name).first()
    return bytes(found.content) if found else None


def form_of(version: FormVersion) -> CompiledForm:
    """The form ready to be filled in: compiled once a process."""
    return compiled(bytes(version.xform), bytes(version.extras), _encoded(version.media))


def _encoded(media: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in media.items()}
