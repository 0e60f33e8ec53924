"""Country packs as administrators see them: which there are, which one is in use, and what another one would change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.office.packs import PackVersion
from amanat.packs import FaultyPack, Label, Pack, differences, installing
from amanat.packs.differences import Change, Difference

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DEMO = "demo"  # people and children to try with; a real workspace has its own
SHOWN = 100  # differences of a kind on a page; ours, as the next
OPEN = 25  # are shown at once
CHANGE_LABELS: dict[Change, StrOrPromise] = {
    Change.DROPPED: _("is there no more"),
    Change.RENAMED: _("is called otherwise"),
    Change.CHANGED: _("says something else"),
    Change.ADDED: _("is new"),
}


@dataclass(frozen=True)
class Choice:
    """A pack that the workspace uses or could use: one that was brought in, or one that comes with Amanat."""

    key: str
    name: str
    version: str
    title: Label
    is_used: bool
    row: PackVersion | None = None

    @property
    def faults(self) -> int:
        return len(self.row.faults) if self.row else 0

    @property
    def is_shipped(self) -> bool:
        return self.row is None or self.row.is_shipped

    @property
    def was_used(self) -> bool:
        return self.row is not None and self.row.turn is not None

    @property
    def may_go(self) -> bool:
        """What was used once is what one can go back to."""
        return not (self.is_shipped or self.was_used)

    @contextmanager
    def pack(self) -> Iterator[Pack]:
        """The pack as it would be used.

        Raises:
            FaultyPack: it can't be, by now.
        """
        if self.row is None or self.row.is_shipped:
            yield installing.shipped(self.name)
            return
        with installing.trial(self.row.bundle) as pack:
            yield pack


def turn() -> int:
    """The number of the last taking into use; who chose by a page that showed an older one is told."""
    last = _last_used()
    return (last.turn or 0) if last else 0


def _last_used() -> PackVersion | None:
    return PackVersion.objects.exclude(turn=None).defer("archive").order_by("-turn").first()


def brought_in() -> list[Choice]:
    """Everything that was brought in, the newest first."""
    used = _used_row()
    rows = PackVersion.objects.exclude(digest="", faults=[]).select_related("by__user").defer("archive")
    return [_of_row(row, used) for row in rows]


def shipped() -> list[Choice]:
    """What comes with Amanat and a workspace of this kind may use."""
    used = _used_row()
    name = (used.name if used.is_shipped else "") if used else packs.workspace_folders()[-1].name
    return [
        Choice(one.name, one.name, one.version, one.title, one.name == name)
        for one in installing.shipped_manifests()
        if one.name != DEMO or settings.AMANAT_KIND == DEMO
    ]


def _used_row() -> PackVersion | None:
    """The row of what is in use; None where that is still what the workspace was made with."""
    return _last_used()


def _of_row(row: PackVersion, used: PackVersion | None) -> Choice:
    return Choice(row.pk.hex, row.name, row.version, row.label, used is not None and used.pk == row.pk, row)


def choice_of(key: str) -> Choice:
    """By the name of one that comes with Amanat, or the reference of one that was brought in.

    Raises:
        Http404: there is none, or it was thrown away.
    """
    found = next((one for one in shipped() if one.key == key), None)
    if found:
        return found
    try:
        row = PackVersion.objects.select_related("by__user").get(pk=uuid.UUID(key))
    except (ValueError, PackVersion.DoesNotExist):
        raise Http404(key) from None
    return _of_row(row, _used_row())


@dataclass(frozen=True)
class Changed:
    """One thing that would be otherwise, and how many stored answers that touches (None: nobody counts it)."""

    difference: Difference
    touched: int | None

    @property
    def label(self) -> str:
        return self.difference.after or self.difference.before or self.difference.name or self.difference.part


@dataclass(frozen=True)
class Kind:
    """All that changes in one way: the first `rows` of `count`."""

    change: Change
    rows: list[Changed]
    count: int

    @property
    def label(self) -> StrOrPromise:
        return CHANGE_LABELS[self.change]

    @property
    def is_counted(self) -> bool:
        """Only what is dropped takes the labels of answers away."""
        return self.change is Change.DROPPED

    @property
    def is_open(self) -> bool:
        """What should be read before it is done, where it is not endless."""
        return self.change is not Change.ADDED and self.count <= OPEN


def compared(pack: Pack) -> list[Kind] | None:
    """What a pack changes against the one that this process uses, what it drops at the head; None where that has faults."""
    try:
        before = packs.current()
    except FaultyPack:
        return None
    found = differences.differences(before, pack)
    by_change = {change: [one for one in found if one.change == change] for change in CHANGE_LABELS}
    return [_kind(change, of) for change, of in by_change.items() if of]


def _kind(change: Change, of: list[Difference]) -> Kind:
    shown = of[:SHOWN]
    return Kind(change, list(map(Changed, shown, differences.touched(shown))), len(of))
