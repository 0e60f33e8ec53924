"""Gives a seeded workspace new shares, so that it can be backed up and restored, and prints the words of two as JSON.

Run as `python -m tools.bench.keys.sharing` in the workspace's environment.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

HOLDERS = ["First", "Second", "Third"]

if __name__ == "__main__":
    from tools.bench.data.seeding import prepare

    prepare()
    from amanat.vault import recovery
    from amanat.vault.keys import Workspace, keyring

    new = recovery.create(HOLDERS)
    Workspace.at(Path(os.environ["AMANAT_WORKSPACE"])).trust(new, keyring(), datetime.now(UTC).isoformat())
    print(json.dumps([share.words for share in new.shares[:2]]))
