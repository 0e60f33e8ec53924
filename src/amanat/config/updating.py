"""Bringing a workspace, and Amanat's own files, to a newer version. This is that version's code, beside the files in use.

A backup by the former version, then the tables aside (`trials`), checks, the files (`versions`), and last the tables in use.
Whatever fails on the way leaves all of it as it was. Keys and a certificate that are missing come last; the next update makes up for them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import checking, tls, trials, unlocking
from amanat.config.hosts import is_loopback
from amanat.config.tree import locking
from amanat.config.tree.supervisor import Busy, only_one
from amanat.config.versions import Clone, last_lines
from amanat.office.backups.models import KEYS_DAYS, Destination
from amanat.vault.keys import Keyring, Workspace, hold
from amanat.vault.providers import Provider
from amanat.web.errors import PersonFacingError

Say = Callable[[str], None]


class NotUpdated(PersonFacingError):
    """Why it was not begun."""


class Unfinished(PersonFacingError):
    """The tables are those of the new version, and something after that failed."""

    def __init__(self) -> None:
        super().__init__(
            _("The workspace was brought up to date, but the last step failed."), _("This finishes it: ./run update")
        )


@dataclass(frozen=True)
class Accepted:
    """What somebody says yes to beforehand."""

    no_backup: bool = False
    faults: bool = False


@dataclass(frozen=True)
class Opened:
    """A workspace, what opened it (`words` are "" where a key file did), and its keys."""

    workspace: Workspace
    provider: Provider
    words: str
    held: Keyring

    def lacks(self) -> dict[str, bytes]:
        """Keys that a workspace of this version has, and this one does not."""
        return {name: key for name, key in Keyring.fresh().keys.items() if name not in self.held.keys}

    def needs_certificate(self) -> bool:
        header = self.workspace.header
        return not (header.tls or header.proxied or is_loopback(header.host))


def update(folder: Path, clone: Clone, accepted: Accepted, now: datetime, say: Say) -> None:
    """All of it; `clone` holds the files in use, which may be ours already.

    Raises:
        Unfinished: all but the last step is done.
        PersonFacingError, WasLocked, WrongKey: nothing was changed; why.
    """
    own = Clone(settings.ROOT)
    moves = clone.root.resolve() != own.root and clone.head() != own.head()
    if not _is_ours_alone(folder, moves=moves):
        say(_("The workspace is being served; whether its tables are up to date can be asked when it is not."))
        return
    opened = _open(folder)
    plan = _plan()
    if not (plan or moves or opened.lacks() or opened.needs_certificate()):
        say(_("This is the newest version, and the workspace is up to date."))
        return
    _back_up(opened, clone if moves else None, accepted, say)
    with ExitStack() as until_all_is_kept, _trial(folder, plan) as trial:
        _bring_up(plan, accepted, now, say, own.told("HEAD") if moves else "")
        if moves:
            say(_("Taking the new version into use …"))
            until_all_is_kept.enter_context(clone.moved(own.head(), trial))
    done = _("Done. This serves it:  ./run serve %(folder)s") % {"folder": folder}
    try:
        _complete(opened, now, say)
        if moves:
            clone.settle()
    except Exception as error:
        raise Unfinished from error
    say(done)


def _is_ours_alone(folder: Path, *, moves: bool) -> bool:
    """Nobody serves it, or begins to, while this process lives.

    Raises:
        NotUpdated: somebody does, and there is a newer version.
    """
    try:
        only_one(folder)
    except Busy:
        if not moves:
            return False
        raise NotUpdated(
            _("This workspace is being served."),
            _(
                "Stop that first (sudo systemctl stop amanat, or packaging/start --stop, or Ctrl-C), then type it again. "
                "What was got ready so far stays."
            ),
        ) from None
    return True


def _open(folder: Path) -> Opened:
    workspace = Workspace.at(folder)
    has_file = unlocking.has_keyfile(workspace)
    if has_file and locking.marked_at(folder):
        raise locking.WasLocked
    words = "" if has_file else unlocking.ask_words()
    provider = workspace.provider(words=words, keyfile=unlocking.keyfile())
    return Opened(workspace, provider, words, hold(workspace.unwrap(provider)))


def _plan() -> list[Migration]:
    """The migrations to come.

    Raises:
        NotUpdated: the tables are of a newer version than this, or can't be changed as one.
    """
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("amanat.")}
    applied = {key for key in executor.loader.applied_migrations if key[0] in ours}
    if applied - executor.loader.disk_migrations.keys():
        raise NotUpdated(_("The tables of this workspace were made by a newer version than this one."))
    plan = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if plan and connection.vendor == "postgresql":
        _check_can_be_undone(plan)
    return plan


def _check_can_be_undone(plan: list[Migration]) -> None:
    if not os.environ.get("AMANAT_DATABASE_OWNER"):
        raise NotUpdated(
            _("The owner of the tables has to change them."),
            _("Say its address in AMANAT_DATABASE_OWNER, then type it again."),
        )
    for migration in plan:
        if not migration.atomic:
            raise NotUpdated(
                _("%(migration)s can't be taken back if it fails, so that this command does not do it.")
                % {"migration": migration},
                _("Its release notes say how it is done by hand."),
            )


def _trial(folder: Path, plan: list[Migration]) -> AbstractContextManager[Path]:
    """Where no table changes, one transaction is enough on both databases."""
    return (trials.in_a_copy if plan and connection.vendor == "sqlite" else trials.in_one_transaction)(folder)


def _bring_up(plan: list[Migration], accepted: Accepted, now: datetime, say: Say, to: str) -> None:
    if plan:
        say(_("Bringing the tables up to date, aside from those in use …"))
        before = checking.counts()
        call_command("migrate", verbosity=0, interactive=False)
        say(_("Checking them …"))
        checking.check_rows(before)
    told = {"to": to, "tables": [str(migration) for migration in plan]}
    details = {key: value for key, value in told.items() if value}
    recording.record(at=now, verb="workspace.update", outcome=Outcome.DONE, details=details)
    if plan:
        checking.check_file()
        checking.check_log(now, despite_faults=accepted.faults)


def _complete(opened: Opened, now: datetime, say: Say) -> None:
    """What workspaces of this version have and this one lacks: keys, a certificate. Shares take three people."""
    workspace, held = opened.workspace, Keyring(opened.held.keys | opened.lacks())
    if held.keys != opened.held.keys:
        workspace.wrap(opened.provider, hold(held))
    if opened.needs_certificate():
        tls.make(workspace, held, now)
        say(_("Each device has to trust this workspace's certificate once. This prints how:  ./run amanat sheet"))
    if workspace.kind == "real" and not workspace.header.recovery:
        say(_("No shares were made for this workspace.") + " " + _("This makes them: ./run amanat recovery renew"))


# --- the backup -------------------------------------------------------------------------------------------------------


def _back_up(opened: Opened, former: Clone | None, accepted: Accepted, say: Say) -> None:
    """By the former version, whose tables they are.

    Raises:
        NotUpdated: it can't be made, and nobody said that none is needed.
    """
    if opened.workspace.kind == "demo" or accepted.no_backup:
        return
    without = _("If you can do without one:  ./run update --without-backup")
    if not opened.workspace.header.recovery:
        raise NotUpdated(_("No backup can be made: nobody keeps shares of this workspace."), without)
    if former is None:
        raise NotUpdated(_("No backup can be made: the version that made these tables is not here any more."), without)
    say(_("Making a backup with the version in use …"))
    told = _said_by(former, opened, "backup", *_own_place(opened.workspace, former, say))
    say(last_lines(told))


def _own_place(workspace: Workspace, former: Clone, say: Say) -> list[str]:
    """Where no place is arranged, a folder beside the workspace."""
    if Destination._meta.db_table in connection.introspection.table_names() and Destination.objects.regular().exists():
        return []
    place = workspace.path.with_name(f"{workspace.path.name}-before-{former.head()[:8]}")
    place.mkdir(mode=0o700, exist_ok=True)
    say(
        _(
            "No place for backups is arranged: it goes to %(folder)s. Delete that folder within %(days)s days: it holds keys."
        )
        % {"folder": place, "days": KEYS_DAYS}
    )
    return [str(place)]


def _said_by(former: Clone, opened: Opened, *command: str) -> str:
    """What a command of the former version says; the words go to it through a pipe.

    Raises:
        NotUpdated: it failed.
    """
    environment = os.environ | {
        "AMANAT_WORKSPACE": str(opened.workspace.path),
        "PYTHONPATH": os.pathsep.join([str(former.root / "src"), str(former.root)]),
    }
    done = subprocess.run(
        [former.packages / "bin" / "python", "-m", "amanat", *command],
        env=environment,
        input=f"{opened.words}\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotUpdated(_("The backup failed. It said:") + "\n" + last_lines(done.stdout))
    return done.stdout
