"""`python -m tests.cut_short CLONE`: reads the name of a mishap a line, tries the update under it, and says how that ended.

Each in a process forked from this one, which has loaded the product and holds no key and no connection. Where a mishap cuts the
process off, that is as sudden as a kill: nothing is cleared up.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NoReturn

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

from amanat.__main__ import connect_as

CUT = 9  # exit code
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
if owner := os.environ.get("AMANAT_DATABASE_OWNER"):
    connect_as(owner)
django.setup()

from amanat.config import checking, tls, trials, unlocking, updating  # noqa: E402  (models need the settings)
from amanat.config.tree.supervisor import only_one  # noqa: E402
from amanat.config.versions import Clone  # noqa: E402
from amanat.vault.keys import Workspace  # noqa: E402
from amanat.vault.sqlcipher.driver import Database  # noqa: E402
from amanat.vault.sqlcipher.opening import unlock  # noqa: E402
from tests.released import WORDS  # noqa: E402


def cut(*_arguments: Any, **_options: Any) -> NoReturn:
    os._exit(CUT)


def cut_at(owner: Any, name: str) -> Callable[[], None]:
    return lambda: setattr(owner, name, cut)


def also(operation: Operation) -> None:
    """The last of the migrations to come does this, too."""
    loader = MigrationLoader(None)
    last = type(loader.get_migration(*loader.graph.leaf_nodes("vault")[0]))
    last.operations = [*last.operations, operation]


def fails(_apps: Any, _editor: Any) -> NoReturn:
    raise RuntimeError("this migration fails")


def cut_in_a_migration(*_arguments: Any) -> NoReturn:
    cut()


def files_half_moved(clone: Clone, _commit: str) -> NoReturn:
    """As git leaves them when it is killed."""
    (clone.root / "README.md").unlink()
    (clone.root / "run").write_text("half")
    (clone.root / ".git" / "index.lock").touch()
    cut()


def trigger_lost(check: Callable[..., None]) -> Callable[..., None]:
    def after(before: Any) -> None:
        check(before)
        with connection.cursor() as cursor:
            on = " ON audit_entry" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER audit_entry_refuses_update{on}")

    return after


def disk_is_full(*_arguments: Any) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def somebody_has_it_open() -> None:
    workspace = Workspace.at(FOLDER)
    key = workspace.unwrap(workspace.provider(words=WORDS))["database"]
    held.append(Database.connect(FOLDER / "amanat.db"))
    unlock(held[-1], lambda: key)
    held[-1].execute("PRAGMA journal_mode = WAL")


def newer_version_was_here() -> None:
    workspace = Workspace.at(FOLDER)
    workspace.unlock(workspace.provider(words=WORDS))
    MigrationRecorder(connection).record_applied("cases", "9999_later")


FOLDER = Path(settings.WORKSPACE)
held: list[Any] = []  # until the process ends
MISHAPS: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    # It can't be done.
    "a migration fails": lambda: also(migrations.RunPython(fails)),
    "a migration loses rows": lambda: also(migrations.RunSQL("DELETE FROM vault_posting")),
    "a trigger is lost": lambda: setattr(checking, "check_rows", trigger_lost(checking.check_rows)),
    "a trigger is lost, and they know": lambda: setattr(checking, "check_rows", trigger_lost(checking.check_rows)),
    "the certificate can't be written": lambda: setattr(tls, "make", disk_is_full),
    "it is served": lambda: held.append(only_one(FOLDER)),
    "other words": lambda: setattr(unlocking, "ask_words", lambda: "some other words that are long enough"),
    "the disk is nearly full": lambda: setattr(trials, "SPARE", 2**70),
    "somebody has it open": somebody_has_it_open,
    "a newer version was here": newer_version_was_here,
    "no owner": lambda: os.environ.pop("AMANAT_DATABASE_OWNER"),
    "a migration is not atomic": lambda: setattr(migrations.Migration, "atomic", False),
    # It is cut off.
    "cut while it copies": cut_at(trials, "_copy"),
    "cut in a migration": lambda: also(migrations.RunPython(cut_in_a_migration)),
    "cut while it checks": cut_at(checking, "check_log"),
    "cut before files move": cut_at(Clone, "_stand_at"),
    "cut while files move": lambda: setattr(Clone, "_stand_at", files_half_moved),
    "cut before the tables take their place": cut_at(trials, "_take_place"),
    "cut before the commit": cut_at(connection, "_commit"),
    "cut before the header is complete": cut_at(updating, "_complete"),
    "cut while packages move": cut_at(Clone, "_take_packages"),
}


def try_it(mishap: str, clone: str) -> dict[str, Any]:
    """In a child of its own."""
    with tempfile.NamedTemporaryFile("r") as said:
        child = os.fork()
        if not child:
            try:
                unlocking.ask_words = lambda: WORDS
                MISHAPS[mishap]()
                Path(said.name).write_text(update(clone, they_know=mishap.endswith("they know")))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        _pid, status = os.waitpid(child, 0)
        return {"cut": os.waitstatus_to_exitcode(status) == CUT, "said": said.read()}


def update(clone: str, *, they_know: bool) -> str:
    with redirect_stdout(io.StringIO()) as said:
        try:
            call_command("update", clone=Path(clone), without_backup=True, despite_faults=they_know)
        except CommandError as error:
            print(error)
    return said.getvalue()


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(try_it(line.strip(), sys.argv[1])), flush=True)
