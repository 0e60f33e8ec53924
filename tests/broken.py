"""A command of ours in a process in which something breaks: `python -m tests.broken BREAK WHAT COMMAND …`.

`dies MODULE:NAME:N`: killed by the kernel when a function is called for the N-th time; `stops`: it stands still there until it is
let go on. `clock MOMENT`: it is that moment.
`dies-often DISK SHARE SHARE`: backups to a disk, each killed at another point, and what lies there after each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management import ManagementUtility, call_command

import amanat.__main__ as ours

BACKUPS = "amanat.office.backups"
# Where a backup may be killed: while it writes its files, while it carries them, before it notes what came of it.
POINTS = [
    f"{BACKUPS}.taking:_write:1",
    f"{BACKUPS}.envelope:_Out.write:2",
    f"{BACKUPS}.envelope:_Out.write:3",
    f"{BACKUPS}.taking:_keys:1",
    f"{BACKUPS}.carrying:carry:1",
    "os:fsync:2",  # both files are written here
    "shutil:copyfileobj:1",
    "os:fsync:4",  # the list stands there
    "os:fsync:5",
    f"{BACKUPS}.places:settle:2",  # the data stand there
    "os:fsync:7",
    f"{BACKUPS}.carrying:_drop_old:2",
    f"{BACKUPS}.taking:_end:1",
]


UNTIL_THE_END = ExitStack()


def at(point: str, do: Callable[[], Any]) -> None:
    """Do something when the function is called for the n-th time, before it runs."""
    module, name, nth = point.split(":")
    owner: Any = import_module(module)
    *within, last = name.split(".")
    for part in within:
        owner = getattr(owner, part)
    run, left = getattr(owner, last), int(nth)

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            do()
        return run(*given, **named)

    setattr(owner, last, counted)


def die_at(point: str, by: signal.Signals = signal.SIGKILL) -> None:
    """Be killed there, as by a power cut."""
    at(point, lambda: os.kill(os.getpid(), by))


def stop_at(point: str) -> None:
    die_at(point, signal.SIGSTOP)


def turn_the_clock(to: str) -> None:
    from amanat.people.clock import stopped

    UNTIL_THE_END.enter_context(stopped(datetime.fromisoformat(to)))


def die_often(disk: str, first: str, second: str) -> None:
    """Prints for each point whether the process died there, and what the disk holds then."""
    from django.db import connections

    told = []
    for point in [*POINTS, ""]:
        connections.close_all()
        child = os.fork()
        if not child:
            if point:
                die_at(point)
            call_command("backup", disk)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        told.append({"point": point, "died": os.WIFSIGNALED(status), **_found(Path(disk), first, second)})
    print(json.dumps(told))


def _found(disk: Path, first: str, second: str) -> dict[str, Any]:
    """What cannot be opened to its end, how many rows the newest pair has, and which one that is."""
    from amanat.office.backups import envelope, fetching, pairs, restoring
    from amanat.vault import recovery

    chosen = fetching.in_folder(disk)
    identity = recovery.open_with(chosen.of_keys.boxes, first, second)
    opened_by = pairs.Identities(identity, identity)
    damaged = []
    for path in disk.glob("amanat-*.age"):
        try:
            with envelope.opened(path, identity) as records:
                list(records)
        except envelope.Damaged:
            damaged.append(path.name)
    erased = pairs.read_list(chosen, None, pairs.unlock(chosen, opened_by).keys)
    pairs.check_list(chosen, erased)
    found = restoring.look_through(chosen, restoring.Ways(opened_by, erased))
    return {"damaged": damaged, "newest": chosen.data.name, "documents": found.files}


BREAKS: dict[str, Callable[[str], None]] = {"dies": die_at, "stops": stop_at, "clock": turn_the_clock}


def main(how: str, what: str, *command: str) -> None:
    if how == "dies-often":
        ours.unlock()
        import django

        django.setup()
        return die_often(what, *command)

    class Broken(ManagementUtility):
        def execute(self) -> None:
            import django

            django.setup()
            BREAKS[how](what)
            super().execute()

    ours.ManagementUtility = Broken  # type: ignore[misc]
    sys.argv = ["amanat", *command]
    return ours.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
