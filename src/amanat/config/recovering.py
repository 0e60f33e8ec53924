"""What the shares are for: trying that they still open the workspace, and opening it when its words are lost. Each stands in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.vault import recovery
from amanat.vault.header import Header
from amanat.vault.keys import Keyring, Passphrase, Workspace, hold
from amanat.vault.recovery import New
from amanat.web.errors import PersonFacingError


class NotRecoverable(PersonFacingError):
    """No shares were made, or what they open is not what the workspace is opened with."""


def boxes_of(workspace: Workspace) -> dict[str, Any]:
    """What two shares open.

    Raises:
        NotRecoverable: there are no shares.
    """
    if not workspace.header.recovery:
        raise NotRecoverable(
            _("No shares were made for this workspace."), _("This makes them: ./run amanat recovery renew")
        )
    boxes: dict[str, Any] = workspace.header.recovery["boxes"]
    return boxes


def tested(workspace: Workspace, identity: str, shares: list[int], held: Keyring, now: datetime) -> None:
    """Two shares opened the box; what is in it has to be the keys of today.

    Raises:
        NotRecoverable: it is other keys.
    """
    workspace = Workspace.at(workspace.path)  # typing took its time: somebody may have changed the header meanwhile
    assert workspace.header.recovery
    if recovery.open_keys(identity, workspace.header.recoverable) != held.keys:
        raise NotRecoverable(
            _("The shares open older keys than those in use."), _("This makes new shares: ./run amanat recovery renew")
        )
    recording.record(at=now, verb="recovery.test", outcome=Outcome.DONE, details={"shares": shares})

    def note(header: Header) -> None:
        assert header.recovery
        header.recovery["tested_at"] = now.isoformat()

    workspace.change(note)


def renewed(workspace: Workspace, new: New, held: Keyring, now: datetime) -> None:
    """Three other shares, of which two were typed back, take the place of those before."""
    holders = [share.holder for share in new.shares]
    recording.record(at=now, verb="recovery.renew", outcome=Outcome.DONE, details={"holders": holders})
    Workspace.at(workspace.path).trust(new, held, now.isoformat())


def keys_behind(workspace: Workspace, identity: str) -> Keyring:
    """The keys of a workspace, out of the box that two shares opened.

    Raises:
        WrongShares: the box is damaged, or was sealed for others.
        WrongKey: the header was changed.
    """
    held = Keyring(recovery.open_keys(identity, workspace.header.recoverable))
    workspace.check(held)
    return held


def reopened(workspace: Workspace, words: str, shares: list[int], held: Keyring, now: datetime) -> None:
    """New words open the workspace, the former ones no longer. A note in the header stays until the log tells of it."""

    def note(header: Header) -> None:
        assert header.recovery
        header.recovery.setdefault("opened", []).append({"at": now.isoformat(), "shares": shares})

    workspace.wrap(Passphrase(words), held, note)
    hold(held)


def tell_the_log(workspace: Workspace) -> int:
    """Record what was done with shares while nobody could write to the log; how much that was."""
    workspace = Workspace.at(workspace.path)
    notes = (workspace.header.recovery or {}).get("opened", [])
    with transaction.atomic():
        for note in notes:
            at, details = datetime.fromisoformat(note["at"]), {"shares": note["shares"]}
            recording.record(at=at, verb="recovery.open", outcome=Outcome.DONE, details=details)

    def drop(header: Header) -> None:
        assert header.recovery
        if left := [note for note in header.recovery.pop("opened", []) if note not in notes]:
            header.recovery["opened"] = left

    if notes:
        workspace.change(drop)
    return len(notes)
