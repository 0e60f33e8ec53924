"""The certificate, as the register of keys tells of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.config import tls
from amanat.desk.keys import Key
from amanat.vault.keys import Workspace

CHANGED_BY = {tls.Kind.OWN: "./run amanat tls renew", tls.Kind.GIVEN: "./run amanat tls use CERTIFICATE KEY"}


def certificate(now: datetime) -> Key:
    """What is wrong with it, else until when it is good, else who has it."""
    workspace = Workspace.at(Path(settings.WORKSPACE))
    which, ends = tls.kind(workspace), tls.ends(workspace)
    until = _("Until: %(day)s") % {"day": ends.date()} if ends else tls.KINDS[which]
    return Key(
        _("Certificate"),
        _("By it browsers know that they talk to this workspace, and nobody on the way reads along."),
        CHANGED_BY.get(which, ""),
        told=tls.warning(workspace, now) or until,
    )
