"""`amanat restore DATA KEYS --shares`: make a workspace again in an empty folder out of a backup, opened by two of the three shares."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils import translation
from django.utils.translation import gettext as _

from amanat.audit.chain import Head
from amanat.config import setting_up, terminal, tls
from amanat.config.hosts import is_loopback
from amanat.config.setting_up import LANGUAGES
from amanat.config.sources import Source
from amanat.config.two_people import choose_list, open_both
from amanat.office.backups import emptiness, pairs, restoring, staging
from amanat.office.backups.pairs import Chosen, Unlocked
from amanat.office.backups.places import NotReached
from amanat.office.backups.restoring import Found, Told, Ways
from amanat.people.clock import clock
from amanat.vault.erasures import ErasureList
from amanat.vault.header import Header
from amanat.vault.keys import Keyring, Passphrase, Workspace, hold
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Makes a workspace in the empty folder AMANAT_WORKSPACE out of a backup."
    requires_system_checks = ()  # they make the folder of the cache, in a place that has to be empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("data", type=Path, nargs="?", help="amanat-….data.age")
        parser.add_argument("keys", type=Path, nargs="?", help="amanat-….keys.age, of the same backup or a later one")
        parser.add_argument("--from", type=Path, dest="folder", help="instead: the newest backup of this folder")
        parser.add_argument(
            "--from-s3", dest="bucket", metavar="BUCKET/PREFIX", help="instead: the newest of a storage"
        )
        parser.add_argument("--endpoint", help="address of the storage, https://…")
        parser.add_argument("--region", default="", help="region of the storage, where it knows any")
        parser.add_argument("--backup", default="", help="not the newest but this one, amanat-20261124T090000Z")
        parser.add_argument("--shares", action="store_true", required=True, help="two of the three shares are typed")
        parser.add_argument("--erasures", type=Path, help="the newest erasure list; else the one beside the data")
        parser.add_argument(
            "--accept-old-list", action="store_true", help="without a newer list, if two people accept it"
        )
        parser.add_argument("--head", help="the newest head of the log that was written down, NUMBER:DIGEST")
        parser.add_argument(
            "--leave-out-damaged", action="store_true", help="restore without documents that are missing"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--language", choices=list(LANGUAGES), help="else that of the shares")

    def handle(self, *, language: str | None, dry_run: bool, **options: Any) -> None:
        terminal.speak(language or "en")
        with translation.override(language or "en"):
            try:
                source, known = Source.of(options, language), self._head(options["head"])
                if dry_run:
                    self._rehearse(source, options)
                else:
                    self._restore(source, known, options)
            except NotReached as error:
                raise CommandError(_("Nothing was restored: %(reason)s") % {"reason": error}) from error
            except PersonFacingError as error:
                raise CommandError(f"{error} {error.hint}".strip()) from error
            except (OSError, Error) as error:
                reason = getattr(error, "strerror", None) or error
                raise CommandError(_("Nothing was restored: %(reason)s.") % {"reason": reason}) from error

    def _head(self, typed: str | None) -> Head | None:
        try:
            return Head.parse(typed) if typed else None
        except ValueError as error:
            raise CommandError(_("This is not a head: %(error)s.") % {"error": error}) from None

    def _rehearse(self, source: Source, options: dict[str, Any]) -> None:
        with TemporaryDirectory(prefix="amanat-restore-") as scratch:
            chosen = source.choose(Path(scratch) / staging.FETCHED)
            opened = open_both(chosen)
            unlocked = pairs.unlock(chosen, opened.by)
            erased, _details = choose_list(
                chosen, unlocked, [], options["erasures"], accept_old=options["accept_old_list"]
            )
            self._say(restoring.look_through(chosen, Ways(opened.by, erased, options["leave_out_damaged"])), chosen)
        self.stdout.write(_("Everything could be read. Nothing was written."))
        self.stdout.write(_("Note it in the workspace that it is of: Backups, *A restore was tried*."))

    def _restore(self, source: Source, known: Head | None, options: dict[str, Any]) -> None:
        target = Path(settings.WORKSPACE).parent
        with ExitStack() as stack:
            folder = stack.enter_context(staging.claimed(target))
            chosen = source.choose(folder / staging.FETCHED)
            opened = open_both(chosen)
            unlocked = pairs.unlock(chosen, opened.by)
            erased, details = choose_list(
                chosen, unlocked, opened.numbers, options["erasures"], accept_old=options["accept_old_list"]
            )
            workspace = self._header(folder, unlocked)
            stack.enter_context(emptiness.empty_database(folder))
            ways = Ways(opened.by, erased, options["leave_out_damaged"])
            found = restoring.load(chosen, ways, folder)
            was, host = unlocked.header["host"], workspace.header.host
            told = self._told(chosen, found, erased, known) | opened.details | details
            changed = {"host": {"was": was, "now": host}} if was != host else {}
            voided = restoring.tell(chosen, ways, Told(clock(), told | changed, bool(changed), chosen.newest))
            connection.close()
            staging.settle(target)
            emptiness.let_go()
            connection.close()
            staging.finish(target)
        self._say(found, chosen)
        self._say_what_next(target, was, host, voided)

    def _header(self, folder: Path, unlocked: Unlocked) -> Workspace:
        """The header of the restored workspace, with words of its own; its keys are held from here on.

        Its database is written anew, under another key: whoever knew the former one opens nothing here.
        """
        known = {field.name for field in fields(Header)}
        carried = {name: value for name, value in unlocked.header.items() if name in known}
        was = str(carried["host"])
        terminal.say(_("The workspace was called %(host)s.") % {"host": was})
        host = setting_up.choose_host(was)
        if host != was:
            terminal.say(
                _(
                    "Passkeys are bound to the former name: they are void from now on. Codes from an app and recovery codes carry on."
                )
            )
        words = setting_up.choose_words(str(carried.get("language", "en")))
        provider = Passphrase(words)
        database = os.environ.get("AMANAT_DATABASE")
        header = Header(
            **carried
            | {"host": host, "packs": tuple(carried["packs"]), "provider": provider.parameters, "database": database}
        )
        workspace = Workspace(folder, header)
        held = Keyring(unlocked.keys.keys | {"database": secrets.token_bytes(32)})
        workspace.write_first(provider, held)
        hold(held)
        if not is_loopback(host):
            tls.make(workspace, held, clock())
        return workspace

    def _told(self, chosen: Chosen, found: Found, erased: ErasureList | None, known: Head | None) -> dict[str, Any]:
        told = {
            "from": str(chosen.of_data.head or ""),
            "lost": pairs.lost_head(chosen, erased, known),
            "taken_at": chosen.of_data.taken_at.isoformat(),
            "left_out": found.left_out,
            "without_key": found.unreadable,
        }
        return {key: value for key, value in told.items() if value}

    def _say(self, found: Found, chosen: Chosen) -> None:
        self.stdout.write(
            _("Backup of %(day)s: %(rows)s rows, %(files)s documents, %(packets)s packets that wait.")
            % {
                "day": f"{chosen.of_data.taken_at:%Y-%m-%d %H:%M} UTC",
                "rows": sum(found.rows.values()),
                "files": found.files,
                "packets": found.packets,
            }
        )
        if chosen.of_data.taken_at > clock():
            self.stdout.write(
                _("By the clock of this machine that is still to come: set it right before anybody works here.")
            )
        if found.left_out:
            self.stdout.write(_("Left out, missing or damaged: %(names)s") % {"names": ", ".join(found.left_out)})

    def _say_what_next(self, target: Path, was: str, host: str, voided: list[str]) -> None:
        if was != host:
            self.stdout.write(
                _("The workspace is called %(host)s now; passkeys have to be made anew.") % {"host": host}
            )
        if voided:
            self.stdout.write(
                _("These have no other second factor, and need a new way in (People, lost second factor): %(names)s")
                % {"names": ", ".join(voided)}
            )
        self.stdout.write(_("Restored. This serves it:  ./run serve %(folder)s") % {"folder": target})
