"""Verbs of telephone systems: one may announce calls, or may no longer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.hotline.models import Line
from amanat.people.models import Agency
from amanat.people.senders import digest_of
from amanat.web.errors import PersonFacingError

BYTES = 16  # of a token


@dataclass(frozen=True)
class Added:
    """A telephone system, and the token that is shown once."""

    line: Line
    token: str

    def __str__(self) -> str:
        return f"{self.line}, {self.line.agency}"


def named(line: Line) -> str:
    return f"{line}, {line.agency}"


@verb(Verb.LINE_ADD, about=str)
def add_line(*, name: str, agency: Agency, actor: Actor) -> Added:
    """Let a telephone system announce calls to the hotline of an agency."""
    token = secrets.token_urlsafe(BYTES)
    line = Line.objects.create(
        agency=agency, name=name, digest=digest_of(token), made_by=actor.membership, made_at=actor.now
    )
    return Added(line, token)


@verb(Verb.LINE_REVOKE, about=named)
def revoke_line(line: Line, *, actor: Actor) -> Line:
    """Shut a telephone system out, at once. What it announced stays.

    Raises:
        PersonFacingError: it is shut out already.
    """
    if not Line.objects.filter(pk=line.pk, revoked_at=None).update(revoked_at=actor.now):
        raise PersonFacingError(_("This is done already."))
    line.revoked_at = actor.now
    return line
