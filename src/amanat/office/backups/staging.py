"""Where a restored workspace is put together: a folder in the empty one, whose content moves out when it is whole, the header last.

Whoever is killed leaves that folder; whoever begins next clears it. Until the header stands in its place there is no workspace.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from amanat.vault import durable
from amanat.vault.header import Header
from amanat.web.errors import PersonFacingError

NAME = "amanat-restoring"
STAMP = "stamp"  # says which unfinished restore a database on a server belongs to
MOVING = "moving"  # the names of what moves out, from before the first of them does
FETCHED = "fetched"  # files of a backup that lay in a storage
KEPT = {STAMP, MOVING}  # when an unfinished restore is cleared


class NotEmpty(PersonFacingError):
    """There is something already where the workspace should come to be."""


def of(target: Path) -> Path:
    return target / NAME


@contextmanager
def claimed(target: Path) -> Iterator[Path]:
    """An empty folder to put the workspace together in, ours alone. What an unfinished restore left is cleared, but for its stamp.

    Raises:
        NotEmpty: the target holds a workspace, or other files; or somebody else is restoring there now.
    """
    folder = of(target)
    _check_is_free(target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        _hold(lock, target)
        _check_is_free(target)
        _clear(target)
        (folder / MOVING).touch()
        try:
            yield folder
        except BaseException:
            _give_up(target)
            raise
    finally:
        os.close(lock)


def _hold(lock: int, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotEmpty(
            _("Somebody is restoring into %(folder)s already.") % {"folder": target}, _("Wait until that has ended.")
        ) from None


def settle(target: Path) -> None:
    """Move all to its place, for its owner alone. From the moment in which the header stands there, there is a workspace."""
    folder, header = of(target), Header.path(of(target))
    moving = [path for path in folder.iterdir() if path != header and path.name not in {*KEPT, FETCHED}]
    (folder / MOVING).write_text("\n".join(path.name for path in moving))
    durable.settle(folder / MOVING)
    for within, _folders, _files in os.walk(folder):
        durable.settle(Path(within))
    if os.geteuid() in (0, target.stat().st_uid):  # else it is somebody else's, who let us write there
        target.chmod(0o700)
    for path in moving:
        path.rename(target / path.name)
    durable.settle(target)
    _bring_header(target)


def _bring_header(target: Path) -> None:
    Header.path(of(target)).rename(Header.path(target))
    durable.settle(target)


def finish(target: Path) -> None:
    """Nothing points to the unfinished any more."""
    shutil.rmtree(of(target))


def _check_is_free(target: Path) -> None:
    """Nothing is there but what an unfinished restore of ours left."""
    if Header.path(target).exists():
        raise NotEmpty(
            _("%(folder)s holds a workspace already.") % {"folder": target},
            _("Name an empty folder, or one that is not there yet."),
        )
    folder = of(target)
    strange = {path.name for path in target.iterdir()} - {NAME} - _moved(target) if target.is_dir() else set()
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MOVING).exists():
        strange.add(NAME)
    if strange:
        raise NotEmpty(
            _("%(folder)s is not empty.") % {"folder": target}, _("Name an empty folder, or one that is not there yet.")
        )


def _moved(target: Path) -> set[str]:
    """The names of what may have moved out before its header did."""
    told = of(target) / MOVING
    return set(told.read_text().splitlines()) if told.exists() else set()


def _clear(target: Path) -> None:
    """Take away what was put together so far."""
    folder = of(target)
    moved = [target / name for name in _moved(target)]
    for path in [*moved, *(path for path in folder.iterdir() if path.name not in KEPT)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (folder / MOVING).unlink(missing_ok=True)


def _give_up(target: Path) -> None:
    """Leave the place as empty as it was, unless all is there already."""
    if Header.path(target).exists():
        return
    _clear(target)
    if not any(of(target).iterdir()):
        of(target).rmdir()
    else:  # a database on a server is not empty yet: whoever begins again here may empty it
        (of(target) / MOVING).touch()
