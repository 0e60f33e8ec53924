"""A package between its upload and its taking in: read, checked and compared. It is an affair of whoever brought it alone."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.directory.models import Organization, Package, Service
from amanat.directory.packages import checking, reading
from amanat.directory.packages.cells import NEEDS, csv_of
from amanat.directory.packages.content import Content, Tables
from amanat.directory.packages.naming import row_id
from amanat.directory.packages.planning import Plan, Planning
from amanat.packs import Fault
from amanat.packs.bundles import OLD
from amanat.packs.faults import MOST
from amanat.vault.models import Subject
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

SHOWN: Final = 100  # changes on the page; ours, as the next
MOST_ROWS: Final = 50_000  # of a package
KEPT: Final = timedelta(days=30)
_LONGEST: Final = 200  # letters of a cell on the page


@dataclass(frozen=True)
class Brought:
    """A package as it was sent. `publisher`: whose it is, and whose its ids are."""

    name: str
    publisher: str
    content: bytes

    def read(self) -> Content:
        """With all that is wrong in it, and in what it names."""
        found = reading.read(self.name, self.content)
        if sum(map(len, found.tables.values())) > MOST_ROWS:
            told = _("These are too many rows."), _("Write %(most)d at most.") % {"most": MOST_ROWS}
            found.tell(self.name, "", *told)
            return found
        _check_codes(found)
        checking.check(found, self.publisher)
        return found


def planned(content: Content, publisher: str) -> Plan:
    return Planning(content, publisher).made()


def _check_codes(content: Content) -> None:
    """Codes that nobody here knows could neither be shown nor found."""
    pack = packs.current()
    for table, column, listed in (
        ("services", NEEDS, "service_need"),
        ("locations", "amanat::region", "region"),
    ):
        known = {code.code for code in pack.codes(listed).codes}
        for entry in content.tables.get(table, {}).values():
            for code in sorted(set(entry[column].split()) - known):
                what = _("%(word)s is no value of this column.") % {"word": code}
                content.tell_of(
                    table, entry, column, what, _("Write one of: %(names)s.") % {"names": ", ".join(sorted(known))}
                )


def told(brought: Brought, content: Content) -> dict[str, Any]:
    """What the page shows of it, as it is kept."""
    about = {
        "name": brought.name,
        "publisher": brought.publisher,
        "faults": [fault.texts for fault in sorted(content.faults)[:MOST]],
        "left_out": [fault.texts for fault in sorted(content.left_out)[:MOST]],
    }
    return about if content.faults else about | _told_plan(planned(content, brought.publisher), content, brought)


def _told_plan(plan: Plan, content: Content, brought: Brought) -> dict[str, Any]:
    by_weight = sorted(plan.changes, key=lambda change: (change.is_new, not change.is_named))
    return {
        "counts": plan.counts(),
        "changes": [
            {
                "table": change.table,
                "name": change.name[:_LONGEST],
                "new": change.is_new,
                "columns": [[column, *(text[:_LONGEST] for text in texts)] for column, *texts in change.columns],
            }
            for change in by_weight[:SHOWN]
        ],
        "changed": len(plan.changes),
        "same": plan.same,
        "own": sorted(plan.own)[:SHOWN],
        "sealed": len(plan.hiding.sealed),
        "missing": _missing(content, brought.publisher),
    }


def _missing(content: Content, publisher: str) -> list[str]:
    """What came from the same publisher before, and stands in the package no more. Nothing of it is taken away."""
    found: list[str] = []
    for table, model in (("organizations", Organization), ("services", Service)):
        told = {row_id(publisher, table, entry.id) for entry in content.tables.get(table, {}).values()}
        rows = model._default_manager.filter(source=publisher).order_by("name", "id").only("name", "texts")
        found += [row.label.text() for row in rows[:MOST_ROWS] if row.pk not in told]
    return found[:SHOWN]


def waiting_of(actor: Actor) -> Package | None:
    """What the actor brought in this membership and did not take yet."""
    return Package.objects.filter(by=actor.membership).select_related("subject").first()


def about(package: Package, actor: Actor) -> dict[str, Any]:
    """What `told` said when it came.

    Raises:
        Refused: another worker brought it.
    """
    held: dict[str, Any] = _opened(package, "about", actor)
    return held | {name: [Fault(*texts) for texts in held[name]] for name in ("faults", "left_out")}


def brought_in(package: Package, actor: Actor) -> Brought:
    """The package as it came.

    Raises:
        Refused: another worker brought it.
    """
    held = _opened(package, "about", actor)
    return Brought(held["name"], held["publisher"], base64.b64decode(_opened(package, "content", actor)))


def _opened(package: Package, name: str, actor: Actor) -> Any:
    if package.by_id != actor.membership.pk:
        raise Refused()
    return open_sealed(package, name)


def drop(package: Package) -> None:
    """With the key under which it was sealed. Called by verbs, and by the sweep."""
    package.delete()
    Subject.objects.filter(pk=package.subject_id).delete()


def sweep(now: datetime) -> None:
    """Drop packages that nobody took in 30 days."""
    for package in Package.objects.filter(brought_at__lte=now - KEPT):
        with transaction.atomic():
            drop(package)


def packed(tables: Tables) -> bytes:
    """Rows as the tables of a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in tables.items():
            columns = list(dict.fromkeys(name for entry in rows.values() for name in ("id", *entry.values)))
            text = csv_of(columns, (entry.values for entry in rows.values()))
            archive.writestr(zipfile.ZipInfo(f"{table}.csv", OLD), text)
    return out.getvalue()
