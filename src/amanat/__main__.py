"""`python -m amanat COMMAND`: the management commands, with the workspace made (demo, init) and unlocked where they need it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from django.conf import settings
from django.core.management import BaseCommand, ManagementUtility, load_command_class
from django.utils import translation

from amanat.config import setting_up, terminal, unlocking, workspaces
from amanat.config.tree.locking import WasLocked
from amanat.vault.control import NoAnswer
from amanat.vault.hardening import harden
from amanat.vault.header import Header
from amanat.vault.keys import NotAWorkspace, WrongKey

# These look only at the source or at the header, or get the keys by themselves where they can.
WITHOUT_KEYS = {
    "check",
    "collectstatic",
    "diffsettings",
    "health",
    "help",
    "makemessages",
    "pack",
    "packet",
    "restore",
    "sheet",
    "update",
    "version",
}
# These are about the processes that serve, and need neither the rooms nor the database.
ABOUT_SERVING = {"lock", "serve", "status", "unlock"}


def main() -> None:
    """Run the command that `sys.argv` names."""
    harden()  # words, shares and keys are in memory long before any are held
    try:
        run()
    except (NoAnswer, NotAWorkspace) as error:
        translation.deactivate_all()  # there may be no rooms here whose catalogues could be read
        sys.exit(str(error))


def run() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    if command in ABOUT_SERVING:
        speak()
        load_command_class("amanat.config", command).run_from_argv(["amanat", *sys.argv[1:]])
        return
    # Both come before the settings, which read the header that they write.
    if command == "demo":
        workspaces.ensure_demo(workspaces.folder(), os.environ.get("AMANAT_DATABASE"))
    elif command == "init":
        setting_up.make_workspace(workspaces.folder(), sys.argv[2:])
    elif command == "restore":
        workspaces.go_where_it_is_put_together()
    if command in {"migrate", "demo", "erase", "init", "restore", "update"} and (
        owner := os.environ.get("AMANAT_DATABASE_OWNER")
    ):
        connect_as(owner)
    speak()
    if needs_keys(command, sys.argv[2:]):
        unlock()
    if (
        command != "check"
    ):  # they are made of what is in the repository: `./run lint` makes them, and no office waits for them
        BaseCommand.requires_system_checks = ()
    ManagementUtility(["amanat", *sys.argv[1:]]).execute()


def speak() -> None:
    """Commands talk in the language that was chosen at `init`. The header is clear, so also while the workspace is locked."""
    with suppress(NotAWorkspace, OSError):
        language = Header.read(workspaces.folder()).language
        terminal.speak(language)
        settings.LANGUAGE_CODE = language


def needs_keys(command: str, rest: list[str]) -> bool:
    """Not for help, nor where shares of the recovery key give the keys. A pack that is installed stands in the log, and whoever
    compares packs may ask for the answers that they touch."""
    opened_by_shares = command == "recovery" and rest[:1] == ["open"]
    needs_none = command in WITHOUT_KEYS and not (command == "pack" and {"install", "--count"} & set(rest))
    return not (needs_none or command.startswith("-") or opened_by_shares or {"-h", "--help"} & set(rest))


def connect_as(owner: str) -> None:
    """Migrate as the role that owns the tables; the application's own may not, on PostgreSQL."""
    from amanat.config.settings import database

    settings.DATABASES = {"default": database(owner)}


def unlock() -> None:
    """Open the workspace, or end with a sentence."""
    from amanat.vault.keys import is_unlocked

    if is_unlocked():
        return
    try:
        unlocking.unlock(settings.WORKSPACE)
    except (NotAWorkspace, WasLocked, WrongKey) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
