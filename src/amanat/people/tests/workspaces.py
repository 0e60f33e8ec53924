"""A workspace of another kind, in a process of its own: settings are read once in a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from amanat.vault.header import Kind
from amanat.vault.keys import KeyFile, Workspace

ROOT = Path(__file__).resolve().parents[4]


def said_in(folder: Path, script: str, *, kind: Kind, tls: bool = False, proxied: bool = False) -> list[str]:
    """What `script` prints, line by line, in an unlocked workspace of that kind on `host.example`."""
    key = KeyFile.create(folder / "key")
    workspace = Workspace.create(folder / "ws", kind=kind, provider=key, host="host.example")
    workspace.change(lambda header: vars(header).update(tls=tls, proxied=proxied))
    start = f"""
import django
from pathlib import Path
from django.conf import settings
settings.STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
django.setup()
from amanat.vault.header import Kind
from amanat.vault.keys import KeyFile, Workspace
workspace = Workspace.at(settings.WORKSPACE)
workspace.unlock(KeyFile(Path({str(folder / "key")!r})))
"""
    environment = os.environ | {
        "AMANAT_WORKSPACE": str(folder / "ws"),
        "AMANAT_DATABASE": "",
        "DJANGO_SETTINGS_MODULE": "amanat.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-c", start + script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
