"""`pack check | list | install | diff`: what country packs say, on the command line."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat import packs
from amanat.packs import differences, installing, manifest
from amanat.packs.differences import Change, Difference


class Command(BaseCommand):
    help = "Check, list, install and compare country packs."
    requires_system_checks = []  # a faulty pack must not keep its own checker from running

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help=_("Tell every fault of a pack, with file, place and how to mend it."))
        check.add_argument("folder", type=Path)
        actions.add_parser("list", help=_("List the packs that are here, and which the workspace uses."))
        install = actions.add_parser(
            "install", help=_("Check a pack and let the workspace use it from its next start.")
        )
        install.add_argument("folder", type=Path)
        diff = actions.add_parser("diff", help=_("Tell what one pack adds, drops, renames and changes of another."))
        diff.add_argument("before", type=Path)
        diff.add_argument("after", type=Path)
        diff.add_argument(
            "--count", action="store_true", help=_("Count the stored answers that are touched; it opens the workspace.")
        )

    def handle(self, *, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(**options)

    def _check(self, *, folder: Path, **options: Any) -> None:
        """Check one folder; what the workspace uses (`AMANAT_PACKS`) may be extended from anywhere."""
        self._refuse(packs.check(folder, known=packs.workspace_folders()))
        self.stdout.write(_("The pack %(name)s has no faults.") % {"name": folder.resolve().name})

    def _refuse(self, faults: list[packs.Fault]) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            count = len(faults)
            raise CommandError(ngettext("%(count)d fault.", "%(count)d faults.", count) % {"count": count})

    def _list(self, **options: Any) -> None:
        used = packs.workspace_folders()
        for folder in _folders():
            found = manifest.read_manifest(folder, [])
            if found is None:
                continue
            told = f"{found.name} {found.version}: {found.title.text()}"
            if found.extends:
                told += ", " + _("extends %(name)s") % {"name": found.extends}
            if folder in used:
                told += ", " + _("in use")
            if count := len(packs.check(folder, known=used)):
                told += ", " + ngettext("%(count)d fault", "%(count)d faults", count) % {"count": count}
            self.stdout.write(told)

    def _install(self, *, folder: Path, **options: Any) -> None:
        try:
            installed = installing.install(folder)
        except packs.FaultyPack as error:
            self._refuse(list(error.faults))
        else:
            names = ", ".join(installed.names)
            self.stdout.write(_("The workspace uses these packs from its next start: %(names)s.") % {"names": names})

    def _diff(self, *, before: Path, after: Path, count: bool, **options: Any) -> None:
        try:
            one, other = (packs.load(folder, known=packs.workspace_folders()) for folder in (before, after))
        except packs.FaultyPack as error:
            self._refuse(list(error.faults))
            return
        found = differences.differences(one, other)
        touched = differences.touched(found) if count else [None] * len(found)
        for each, answers in zip(found, touched, strict=True):
            self.stdout.write(_line(each, answers))
        if not found:
            self.stdout.write(_("Both say the same."))


def _folders() -> Iterator[Path]:
    """The packs that come with Amanat, and those that were installed here."""
    for root in (settings.SHIPPED_PACKS, settings.OWN_PACKS):
        yield from (place for place in sorted(root.glob("[!.]*")) if (place / manifest.FILE).is_file())


def _line(each: Difference, touched: int | None) -> str:
    named = {"where": each.where, "name": each.name, "before": each.before, "after": each.after}
    told = {
        Change.ADDED: _("%(where)s: added %(name)s “%(after)s”"),
        Change.DROPPED: _("%(where)s: dropped %(name)s “%(before)s”"),
        Change.RENAMED: _("%(where)s: renamed %(name)s “%(before)s” → “%(after)s”"),
        Change.CHANGED: _("%(where)s: changed %(name)s “%(after)s”"),
    }[each.change] % named
    if touched is not None:
        told += ", " + ngettext("%(count)d stored answer", "%(count)d stored answers", touched) % {"count": touched}
    return told.replace("  ", " ").replace(" “”", "")
