"""Whether a workspace is whole after its tables were brought up to date: rows, file, keys, log."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import Final

from cryptography.exceptions import InvalidTag
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError

# What Django writes for itself at each `migrate`.
DJANGOS: Final = {"auth_permission", "django_content_type", "django_migrations"}
WHOLE: Final = {"cipher_integrity_check": [], "integrity_check": [("ok",)]}

Counts = dict[str, int]


class NotWhole(PersonFacingError):
    """A check failed."""


class LogDoesNotHold(NotWhole):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(
            "\n".join([_("The log does not hold:"), *faults[:10]]),
            _(
                "If ./run amanat audit verify says the same before the update, tell the data protection officer; "
                "then --despite-faults updates all the same."
            ),
        )


def counts() -> Counts:
    """How many rows stand in each table."""
    with connection.cursor() as cursor:
        found = {}
        for table in set(connection.introspection.table_names(cursor)) - DJANGOS:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (names of tables)
            found[table] = cursor.fetchone()[0]
    return found


def check_rows(before: Counts) -> None:
    """Raises:
    NotWhole: a table that was there before has more or fewer rows, or rows that point to nothing.
    """
    now = counts()
    for table in sorted(before.keys() & now.keys()):
        if before[table] != now[table]:
            raise NotWhole(
                _("The table %(table)s had %(before)s rows, and has %(now)s.")
                % {"table": table, "before": before[table], "now": now[table]}
            )
    connection.check_constraints()


def check_file() -> None:
    """Raises:
    NotWhole: a page of the database is damaged, or the master key does not open a key of a child.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for check, right in WHOLE.items():
                if cursor.execute(f"PRAGMA {check}").fetchall() != right:
                    raise NotWhole(_("The database is damaged (%(check)s).") % {"check": check})
    if not all(_opens(subject) for subject in Subject.objects.exclude(wrapped_key=b"").order_by("pk")[:1]):
        raise NotWhole(_("The master key does not open the data keys."))
    call_command("check", stdout=StringIO())


def _opens(subject: Subject) -> bool:
    try:
        return subject.cipher is not None
    except InvalidTag:
        return False


def check_log(now: datetime, *, despite_faults: bool) -> None:
    """Seal what waits, then verify.

    Raises:
        LogDoesNotHold: with the first faults, unless they are known.
    """
    seal_pending(now)
    faults = [str(fault) for fault in verify(now=now).faults]
    if faults and not despite_faults:
        raise LogDoesNotHold(faults)
