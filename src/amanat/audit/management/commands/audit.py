"""`amanat audit verify [--against HEAD]` and `amanat audit head`, for whoever keeps an eye on the log."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.audit.chain import Head
from amanat.audit.queries import head
from amanat.audit.verify import verify


class Command(BaseCommand):
    help = "Shows the head of the audit log, or checks that nobody changed the log."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="verify|head")
        check = words.add_parser("verify", help="check every entry and seal; exit code 1 where something is wrong")
        check.add_argument("--against", metavar="HEAD", help="a head that was written down earlier, NUMBER:DIGEST")
        words.add_parser("head", help="show the newest seal, to be written down or kept elsewhere")

    def handle(self, *, word: str, against: str | None = None, **_options: Any) -> None:
        if word == "head":
            self.stdout.write(head() or _("Nothing is sealed yet."))
        else:
            self.verify(against)

    def verify(self, against: str | None) -> None:
        try:
            known = Head.parse(against) if against else None
        except ValueError as error:
            raise CommandError(_("This is not a head: %(error)s.") % {"error": error}) from None
        report = verify(now=timezone.now(), against=known)
        for fault in report.faults:
            self.stderr.write(str(fault))
        if not report.holds:
            faults = len(report.faults) + report.unnamed
            sentence = ngettext("The log does not hold: %(n)s fault.", "The log does not hold: %(n)s faults.", faults)
            raise CommandError(sentence % {"n": faults})
        counted = {"entries": report.entries, "seals": report.seals, "head": report.head or "-"}
        self.stdout.write(_("The log holds. Entries: %(entries)s. Seals: %(seals)s. Head: %(head)s") % counted)
