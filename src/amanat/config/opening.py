"""What opens a real workspace from now on: a key file, for a machine that starts with nobody there, or other words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import unlocking
from amanat.vault.keys import KeyFile, Passphrase, Workspace
from amanat.vault.providers import Provider
from amanat.web.errors import PersonFacingError


class NoPlace(PersonFacingError):
    """A key file can't or must not lie there."""


class OnlyADemo(PersonFacingError):
    """A demo is opened by the key file in its own folder, and protects nothing."""

    def __init__(self) -> None:
        super().__init__(_("This is a demo: its key file lies beside it."), _("A real workspace: ./run init FOLDER"))


def by_file(workspace: Workspace, path: Path, opener: Mapping[str, Any], now: datetime) -> None:
    """Make a key file that opens the workspace from now on; nothing else does but two shares.

    Raises:
        NoPlace: there is a file, no folder, or it is in the workspace.
        WrongKey: the opener does not open it now.
    """
    _check_is_free(workspace, path)
    _change(workspace, lambda: KeyFile.create(path), opener, now, verb="keys.file")


def by_words(workspace: Workspace, words: str, opener: Mapping[str, Any], now: datetime) -> None:
    """Let these words open the workspace from now on, and nothing else but two shares.

    Raises:
        WrongKey: the opener does not open it now.
    """
    _change(workspace, lambda: Passphrase(words), opener, now, verb="keys.words")


def check_is_real(workspace: Workspace) -> None:
    """Raises:
    OnlyADemo: it is none that anybody works in.
    """
    if workspace.kind != "real":
        raise OnlyADemo


def _change(
    workspace: Workspace, make: Callable[[], Provider], opener: Mapping[str, Any], now: datetime, *, verb: str
) -> None:
    """A crash may leave a key file that opens nothing, and a line in the log of what then was not done; never the other way round."""
    workspace = Workspace.at(workspace.path)
    held = workspace.unwrap(unlocking.provider_of(workspace, opener))
    to = make()
    recording.record(at=now, verb=verb, outcome=Outcome.DONE)
    workspace.wrap(to, held)


def _check_is_free(workspace: Workspace, path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise NoPlace(
            _("%(file)s is there already.") % {"file": path},
            _("A key file is never made over another file. Name one that is not there yet."),
        )
    if not path.parent.is_dir():
        raise NoPlace(_("There is no folder %(folder)s.") % {"folder": path.parent}, _("Make it first."))
    if path.parent.resolve().is_relative_to(workspace.path.resolve()):
        raise NoPlace(
            _("%(file)s would lie in the workspace: whoever copies the folder would have its key.") % {"file": path},
            _("Name a place outside, best on another disk, such as a USB stick."),
        )
