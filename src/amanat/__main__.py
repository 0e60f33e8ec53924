"""`python -m amanat COMMAND`: the management commands, with the workspace made (demo, init) and unlocked where they need it."""

from __future__ import annotations

import os
import sys

from django.conf import settings
from django.core.management import ManagementUtility

from amanat.config import setting_up, unlocking, workspaces
from amanat.vault.keys import NotAWorkspace, WrongKey

# These look only at the source.
WITHOUT_KEYS = {"check", "collectstatic", "diffsettings", "help", "makemessages", "pack", "version"}


def main() -> None:
    """Run the command that `sys.argv` names."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    # Both come before the settings, which read the header that they write.
    if command == "demo":
        workspaces.ensure_demo(workspaces.folder(), os.environ.get("AMANAT_DATABASE"))
    elif command == "init":
        setting_up.make_workspace(workspaces.folder())
    if command in {"migrate", "demo", "init"} and (owner := os.environ.get("AMANAT_DATABASE_OWNER")):
        connect_as(owner)
    if command not in WITHOUT_KEYS and not command.startswith("-"):
        unlock()
    ManagementUtility(["amanat", *sys.argv[1:]]).execute()


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
    except (NotAWorkspace, WrongKey) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
