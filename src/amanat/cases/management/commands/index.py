"""`amanat index sweep [--new-keys]`: make the keyed index anew, while the workspace goes on serving."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.cases import sweeping
from amanat.cases.models import Child
from amanat.vault import generations


class Command(BaseCommand):
    help = "Makes the index anew by which children are found: under fresh keys, or after a new version."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="sweep")
        work = words.add_parser("sweep", help="do what there is to do; stopped or killed, it goes on where it stood")
        work.add_argument(
            "--new-keys", action="store_true", help="with fresh index keys, where the old ones may be known"
        )

    def handle(self, *, new_keys: bool = False, **_options: Any) -> None:
        if new_keys and not generations.is_whole():
            self.stderr.write(_("A sweep is not finished. It is finished first; ask for new keys again afterwards."))
        if generations.is_whole() and not new_keys:
            self.stdout.write(_("The index is whole: there is nothing to do."))
            return
        self.children = Child.objects.count()
        posted = sweeping.sweep(new_keys=new_keys, tell=self.tell)
        sentence = ngettext(
            "The index is whole. Posted anew: %(n)s child.", "The index is whole. Posted anew: %(n)s children.", posted
        )
        self.stdout.write(sentence % {"n": posted})

    def tell(self, posted: int) -> None:
        self.stdout.write(f"\r{posted}/{self.children}", ending="")
        self.stdout.flush()
