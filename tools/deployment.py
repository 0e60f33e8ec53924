"""Lint: for a real workspace with TLS, Django's deployment checks find nothing; and each model has its migration."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django
from django.core.management import call_command


def main() -> None:
    """Raise SystemExit with Django's words where something is found."""
    with tempfile.TemporaryDirectory(prefix="amanat-lint-") as folder:
        open_real_workspace(Path(folder))
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check_changes=True, dry_run=True)


def open_real_workspace(folder: Path) -> None:
    """A workspace as an office has it: real, and served with TLS; its key file lies beside it."""
    os.environ["AMANAT_WORKSPACE"] = str(folder)
    from amanat.vault.keys import KeyFile, Workspace

    key = KeyFile.create(folder / "key")
    workspace = Workspace.create(folder, kind="real", provider=key, host="amanat.example")
    workspace.change(lambda header: vars(header).update(tls=True))
    django.setup()
    workspace.unlock(key)


if __name__ == "__main__":
    main()
