"""`amanat update`: bring the workspace, and the files in use, to the version of this code. `./run update` gets it ready and calls it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from amanat.config import terminal, trials, updating
from amanat.config.tree.locking import WasLocked
from amanat.config.updating import Accepted
from amanat.config.versions import Clone, NoUpdate, last_lines
from amanat.people.clock import clock
from amanat.vault.keys import WrongKey
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Brings the workspace to this version, or leaves it as it is and says why."
    requires_system_checks = ()  # they are made once the tables are those of this version

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clone", type=Path, default=settings.ROOT, help="the files in use; ./run says which")
        parser.add_argument("--without-backup", action="store_true", help="where none can be made, or there is one")
        parser.add_argument("--despite-faults", action="store_true", help="although the log does not hold")
        parser.add_argument("--forget", action="store_true", help="only delete the former tables, amanat.db.before")

    def handle(self, *, clone: Path, **options: Any) -> None:
        folder = Path(settings.WORKSPACE)
        if options["forget"]:
            trials.former_of(folder).unlink(missing_ok=True)
            return
        accepted = Accepted(no_backup=options["without_backup"], faults=options["despite_faults"])
        try:
            updating.update(folder, Clone(clone), accepted, clock(), terminal.say)
        except (Exception, KeyboardInterrupt) as error:
            raise CommandError("\n".join(_why(error))) from error


def _why(error: BaseException) -> list[str]:
    """What failed, in words where we have some, and what stands now."""
    if isinstance(error, updating.Unfinished):
        return [str(error), _said(error.__cause__ or error), str(error.hint)]
    as_before = _("Nothing was changed: the workspace and Amanat are as they were.")
    if isinstance(error, PersonFacingError):
        return [f"{error} {error.hint}", as_before]
    if isinstance(error, NoUpdate | WasLocked | WrongKey):
        return [str(error), as_before]
    return [_("The update failed:"), _said(error), as_before]


def _said(error: BaseException) -> str:
    return last_lines("".join(traceback.format_exception(error)))
