"""`amanat erase sweep`: clean the database of what erasures left in its pages. On the embedded database it happens by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from amanat.desk.erasures import to_sweep
from amanat.vault import erasing
from amanat.vault.models import Subject


class Command(BaseCommand):
    help = "Cleans the database of the bytes that erasures left behind."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="sweep")
        sweep = words.add_parser(
            "sweep", help="now; with PostgreSQL the keys and the index are locked meanwhile, as their owner"
        )
        sweep.add_argument(
            "--all", action="store_true", help="with PostgreSQL, after new data keys: all that former ones sealed, too"
        )

    def handle(self, **options: Any) -> None:
        if not (to_sweep() or options["all"]):
            self.stdout.write(_("Nothing is left to be cleaned."))
            return
        if connection.vendor == "postgresql":
            if not _owns_the_tables():
                raise CommandError(
                    _("Only the owner of the tables can do this. Set AMANAT_DATABASE_OWNER and run it again.")
                )
            erasing.sweep_postgresql(everything=options["all"])
        erasing.tidy()
        if to_sweep():
            raise CommandError(_("Somebody is reading from the database. Run it again in a minute."))
        self.stdout.write(_("The database is clean of what was erased."))


def _owns_the_tables() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables WHERE schemaname = current_schema() AND tablename = %s",
            [Subject._meta.db_table],
        )
        return bool(cursor.fetchone() == (True,))
