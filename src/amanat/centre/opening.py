"""What is sealed of a house (its name, its days) and of no child: open to whoever works in its agency and may see its board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.vault.models import SealedModel, SubjectKind
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

if TYPE_CHECKING:
    from amanat.centre.models import House


def open_house(actor: Actor, house: House, row: SealedModel, name: str) -> Any:
    """The clear value of a sealed field of a house, or of a row that belongs to it.

    Raises:
        Refused: the house is another agency's, or the actor's role sees no boards.
        ValueError: the row is about a child.
    """
    if row.subject.kind != SubjectKind.OFFICE:
        raise ValueError(f"{row!r} is not about a house")
    if house.agency_id != actor.membership.agency_id or not actor.may(Verb.LOOK_CENTRE):
        raise Refused()
    return open_sealed(row, name)
