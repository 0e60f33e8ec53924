"""The forms as administrators see them: which there are, where they come from, what is offered, and how many records they have.

Nobody's answers are opened for any of it: what a change touches is counted by the versions that were filled in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.forms import differing, filled, kept, packed
from amanat.forms.differing import Difference, How, Version
from amanat.forms.models import Form, FormVersion, Record
from amanat.forms.packed import Written
from amanat.forms.workbooks import read_workbook
from amanat.office.uploads import Upload
from amanat.packs import FaultyPack, Label
from amanat.packs.faults import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


HOW_LABELS: dict[How, StrOrPromise] = {
    How.ADDED: _("is new"),
    How.DROPPED: _("is not asked any more"),
    How.RENAMED: _("has another name, so answers do not go along"),
    How.RETYPED: _("takes another kind of answer"),
    How.MOVED_PART: _("belongs to another part: others see the answers"),
    How.CHOICE_DROPPED: _("can't be chosen any more"),
}


@dataclass(frozen=True)
class InUse:
    """The workspace's pack: what it is called, which version, what it extends; or what is wrong with it."""

    title: str
    version: str
    extends: str
    is_own: bool
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Shelved:
    """A form. `offered`: its version that is offered, None where nobody can fill it in. `of_pack`: what is offered comes with the
    pack. `newer`: versions that were uploaded after it."""

    name: str
    title: str
    version: str
    offered: bool
    of_pack: bool
    newer: int
    source: Label
    verified: bool
    records: int


def pack_in_use() -> InUse:
    """Of a pack with faults nothing but those is known."""
    try:
        pack = packs.current()
    except FaultyPack as faulty:
        return InUse(packs.workspace_folders()[-1].name, "", "", False, faulty.faults)
    manifest, own = pack.manifest, Path(settings.OWN_PACKS)
    return InUse(str(manifest.title), manifest.version, manifest.extends, pack.folders[-1].parent == own)


def forms() -> list[Shelved]:
    """All forms by title: those of the pack, and those that were ever uploaded. Three queries."""
    written, rows = packed.of_the_pack(), {form.name: form for form in kept.light_forms()}
    records = dict(Record.objects.values_list("form_version__form__name").annotate(Count("pk")))
    versions = _versions_of(rows.values())
    found = [
        _shelved(name, written.get(name), rows.get(name), versions.get(name, []), records.get(name, 0))
        for name in written.keys() | rows.keys()
    ]
    return sorted(found, key=lambda one: (one.title.casefold(), one.name))


def _versions_of(rows: Iterable[Form]) -> dict[str, list[FormVersion]]:
    """The versions of each form, the newest first, but for what is large in them."""
    by_form: dict[uuid.UUID, list[FormVersion]] = {}
    for version in light_versions():
        by_form.setdefault(version.form_id, []).append(version)
    return {form.name: by_form.get(form.pk, []) for form in rows}


def light_versions() -> QuerySet[FormVersion]:
    return FormVersion.objects.defer(*kept.HEAVY).select_related("made_by__user").order_by("-made_at", "-pk")


def _shelved(
    name: str, written: Written | None, form: Form | None, versions: Sequence[FormVersion], records: int
) -> Shelved:
    offered = form.published if form and not form.follows_pack else None
    of_pack = written is not None and (form is None or form.follows_pack)
    shown = None if of_pack else offered or next(iter(versions), None)
    title, number, facts = _told(shown, written)
    return Shelved(
        name=name,
        title=str(title) or name,
        version=number,
        offered=of_pack or offered is not None,
        of_pack=of_pack,
        newer=_newer(form, versions),
        source=kept.source_of(facts),
        verified=kept.is_verified(facts),
        records=records,
    )


def _told(version: FormVersion | None, written: Written | None) -> tuple[Label, str, Mapping[str, str]]:
    """Title, number and facts of a version, else of what the pack has; a form of an older pack has neither."""
    if version is not None:
        return version.label, version.version, version.facts
    if written is None:
        return Label({}), "", {}
    return written.workbook.title, written.workbook.version, kept.facts_of(written)


def _newer(form: Form | None, versions: Sequence[FormVersion]) -> int:
    """How many versions were uploaded by somebody after the one that is offered."""
    since = form.published.made_at if form and form.published else None
    return sum(version.made_by_id is not None and (since is None or version.made_at > since) for version in versions)


# --- one form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One version as a line: how many records were last written with it, whether it is the one that is offered, whether it may go."""

    version: FormVersion
    records: int
    is_offered: bool

    @property
    def is_verified(self) -> bool:
        return kept.is_verified(self.version.facts)

    @property
    def may_go(self) -> bool:
        """The verb asks once more, of records from before a correction too."""
        return not (self.records or self.is_offered)


@dataclass(frozen=True)
class Shelf:
    """A form with its versions, the newest first."""

    form: Form
    title: str
    is_offered: bool
    of_pack: bool
    versions: list[Kept]
    faults: Sequence[Fault] = ()


def shelf_of(name: str) -> Shelf:
    """What the pack says now stands among the versions, also where it was never offered.

    Raises:
        Http404: there is no form of this name.
    """
    faults: Sequence[Fault] = ()
    try:
        newest = kept.version_of_the_pack(name)
    except FaultyPack as faulty:
        newest, faults = None, faulty.faults
    form = Form.objects.filter(name=name).first()
    if form is None and faults:  # nothing of it could be kept yet
        return Shelf(Form(name=name), name, False, True, [], faults)
    if form is None:
        raise Http404(name)
    of_pack = form.follows_pack and newest is not None
    offered = newest.pk if newest and of_pack else None if form.follows_pack else form.published_id
    versions = light_versions().filter(form=form)
    counts = dict(Record.objects.filter(form_version__form=form).values_list("form_version").annotate(Count("pk")))
    rows = [Kept(version, counts.get(version.pk, 0), version.pk == offered) for version in versions]
    shown = next((row for row in rows if row.is_offered), rows[0] if rows else None)
    title = str(shown.version.label) if shown else ""
    return Shelf(form, title or name, offered is not None, of_pack, rows, faults)


def version_of(name: str, pk: uuid.UUID) -> FormVersion:
    """Raises:
    Http404: the form has no such version.
    """
    version = FormVersion.objects.select_related("form").filter(pk=pk, form__name=name).first()
    if version is None:
        raise Http404(name)
    return version


def told(version: FormVersion) -> dict[str, Any]:
    """A version and the title of its form, for a page about it; a form that has no title is called by its name."""
    return {"version": version, "title": str(version.label) or version.form.name}


@dataclass(frozen=True)
class Change:
    """What becomes of one question, and how many records have been written with it (not how many have an answer there)."""

    difference: Difference
    records: int

    @property
    def label(self) -> str:
        return str(self.difference.label) or self.difference.name

    @property
    def told(self) -> StrOrPromise:
        return HOW_LABELS[self.difference.how]

    @property
    def was(self) -> StrOrPromise:
        return self._in_words(self.difference.was)

    @property
    def now(self) -> StrOrPromise:
        return self._in_words(self.difference.now)

    def _in_words(self, name: str) -> StrOrPromise:
        return PART_LABELS[Part(name)] if self.difference.how is How.MOVED_PART else name


def changes(version: FormVersion) -> list[Change] | None:
    """What publishing a version changes against what is offered now; None where nothing is."""
    form = version.form
    offered = kept.version_of_the_pack(form.name) if form.follows_pack else None
    offered = offered or (form.published if not form.follows_pack else None)
    if offered is None:
        return None
    found = differing.differences(_read(offered), _read(version))
    counts = filled.versions(form.name)[form.name]
    return [Change(one, sum(count for asked, count in counts if asked & one.touches)) for one in found]


def _read(version: FormVersion) -> Version:
    return Version(read_workbook(version.source_name, bytes(version.source)), kept.form_of(version))


def upload_of(pk: uuid.UUID) -> Upload:
    """Raises:
    Http404: it was mended or thrown away.
    """
    held = Upload.objects.select_related("by__user").filter(pk=pk).first()
    if held is None:
        raise Http404(str(pk))
    return held


def uploads() -> list[Upload]:
    """Those with faults, but for the files themselves."""
    return list(Upload.objects.select_related("by__user").defer("source"))
