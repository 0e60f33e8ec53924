"""`pack check FOLDER`: tell every fault of a country pack on the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat import packs


class Command(BaseCommand):
    help = "Check the folders of country packs."
    requires_system_checks = []  # a faulty pack must not keep its own checker from running

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help=_("Tell every fault of a pack, with file, place and how to mend it."))
        check.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        """Check one folder; what the workspace uses (`AMANAT_PACKS`) may be extended from anywhere."""
        faults = packs.check(folder, known=packs.workspace_folders())
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            count = len(faults)
            raise CommandError(ngettext("%(count)d fault.", "%(count)d faults.", count) % {"count": count})
        self.stdout.write(_("The pack %(name)s has no faults.") % {"name": folder.resolve().name})
