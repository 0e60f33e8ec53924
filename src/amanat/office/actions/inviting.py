"""How a worker comes in: a one-time code, handed over in person. No password is ever made for anybody."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.office.actions.proposing import give
from amanat.office.actions.reach import check_somebody_else
from amanat.people import invitations
from amanat.people.models import Agency, Role, Site, User
from amanat.web.errors import PersonFacingError


class Invited(NamedTuple):
    """A worker, and the code that is shown once and handed over in person."""

    user: User
    code: str


@verb(Verb.PEOPLE_INVITE, about=lambda invited: invited.user)
def invite(
    *,
    username: str,
    display_name: str,
    language: str,
    role: Role,
    agency: Agency,
    site: Site | None,
    reason: str,
    actor: Actor,
) -> Invited:
    """A new worker with a one-time code. A role that reaches children waits for the second person.

    Raises:
        PersonFacingError: the sign-in name is taken, or the site belongs to another agency.
    """
    check_is_free(username)
    user = User.objects.create_user(username, None, display_name=display_name, language=language)
    give(user, role, agency, site, reason, actor)
    return Invited(user, invitations.invite(user, actor.now))


def check_is_free(username: str) -> None:
    """Raises:
    PersonFacingError: the sign-in name is taken.
    """
    # Not `iexact`: SQLite folds only the letters of English, and two names that look alike must not both sign in.
    taken = {name.casefold() for name in User.objects.values_list("username", flat=True)}
    if username.casefold() in taken:
        raise PersonFacingError(_("This sign-in name is taken."), _("Add an initial or a number."), field="username")


@verb(Verb.PEOPLE_INVITE, about=str)
def invite_again(user: User, *, actor: Actor) -> Invited:
    """A new code for a worker who never used the first one; that one stops working.

    Raises:
        PersonFacingError: they began already. Whoever lost the way in after that needs two people (`propose_reset`).
    """
    check_somebody_else(user, actor)
    if has_begun(user):
        raise PersonFacingError(_("This worker has begun. Ask for a new way in instead."))
    return Invited(user, invitations.invite(user, actor.now))


def has_begun(user: User) -> bool:
    """Whether the worker ever set a password."""
    return user.has_usable_password() or user.invitations.exclude(used_at=None).exists()
