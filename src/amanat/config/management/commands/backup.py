"""`amanat backup [DESTINATION]`: make a backup now, in every place that is kept in the settings, or in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from amanat.office.backups import carrying, taking
from amanat.office.backups.models import KEYS_DAYS, Backup, Destination
from amanat.office.backups.places import NotReached
from amanat.people.clock import clock
from amanat.vault.keys import Locked
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Makes a backup: two sealed files, data and keys, that two shares open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "destination", nargs="?", help="the name of a place of the settings, or a folder; without it, every place"
        )

    def handle(self, *, destination: str | None, **_options: Any) -> None:
        try:
            only = [carrying.place_named(destination, clock())] if destination else None
            if only is None and not Destination.objects.regular().exists():
                raise CommandError(
                    _(
                        "There is no place for backups yet. Name a folder: ./run backup FOLDER, or add a place on the page Backups."
                    )
                )
            backup = taking.take_at_once(clock(), only)
        except NotReached as error:
            raise CommandError(f"{destination}: {error}") from None
        except PersonFacingError as error:
            raise CommandError(f"{error} {error.hint}") from None
        except Locked as error:
            raise CommandError(str(error)) from None
        self._tell(backup, only)

    def _tell(self, backup: Backup, only: Sequence[Destination] | None) -> None:
        status = taking.status(clock())
        named = {place.pk for place in only or ()}
        for place in status.destinations:
            if place.trouble and (place.pk in named if only else place.is_regular):
                self.stderr.write(f"{place}: {place.told_trouble}")
        for place in status.late:
            self.stderr.write(
                _("%(place)s was not reached for more than %(days)s days: older keys may still lie there.")
                % {"place": place, "days": KEYS_DAYS}
            )
        if status.told_ahead:
            self.stderr.write(status.told_ahead)
        if backup.trouble:
            raise CommandError(str(backup.told_trouble))
        self.stdout.write(
            _("Made: %(name)s, %(size)s kB, in: %(places)s.")
            % {"name": backup.name, "size": -(-backup.size // 1000), "places": ", ".join(backup.reached)}
        )
        if only and not only[0].is_regular:
            self.stdout.write(
                _(
                    "It holds keys: bring it back within %(days)s days, or destroy it. "
                    "The page Backups remembers it until it is removed there."
                )
                % {"days": KEYS_DAYS}
            )
