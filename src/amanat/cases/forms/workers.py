"""Choosing a worker, and finding one by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.forms import ModelChoiceField
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat import names
from amanat.people.clock import clock
from amanat.people.models import Membership, User
from amanat.web.forms import Radios

if TYPE_CHECKING:
    MembershipField = ModelChoiceField[Membership]
    UserField = ModelChoiceField[User]
else:
    MembershipField = UserField = ModelChoiceField


class WorkerChoice(MembershipField):
    """One of the memberships that the view offers: name, role, and whether they are away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), empty_label=gettext_lazy("Choose"), **options)

    def label_from_instance(self, obj: Membership) -> str:
        told = {"name": obj.user.display_name, "role": obj.get_role_display()}
        if obj.away_through and obj.is_away(clock()):
            last = date_format(localtime(obj.away_through), "SHORT_DATE_FORMAT")
            return _("%(name)s, %(role)s (away until %(day)s)") % {**told, "day": last}
        return _("%(name)s, %(role)s") % told


class PersonChoice(UserField):
    """One of several workers of the same name, told apart by where they work and how they sign in."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Who of these"),
            queryset=User.objects.none(),
            widget=Radios(),
            required=False,
            empty_label=None,
        )

    def label_from_instance(self, obj: User) -> str:
        return place_of_work(obj)


def place_of_work(user: User) -> str:
    """A worker with where they work, to be told apart from others of the same name."""
    work = ", ".join(f"{held.get_role_display()}, {held.agency.name}" for held in user.memberships.all())
    return f"{user.display_name} ({work})" if work else f"{user.display_name} ({user.username})"


def called(name: str, users: Iterable[User]) -> list[User]:
    """Those of the workers whose name has all these words (or begins with them), in whatever script they are written."""
    wanted = names.tokens(name)
    if not wanted:
        return []
    return [user for user in users if all(_has(names.tokens(user.display_name), word) for word in wanted)]


def _has(held: Iterable[str], word: str) -> bool:
    return any(token.startswith(word) for token in held)
