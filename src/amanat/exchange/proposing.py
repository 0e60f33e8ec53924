"""What the columns of a file probably are: as this agency had them the last time, else as the standard names them."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amanat.access.actor import Actor
from amanat.exchange import keeping
from amanat.exchange.digests import Digests
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import Import


@dataclass(frozen=True)
class Proposal:
    """Which column is which field. `remembered_at`: when the agency last said so; None for one of ours."""

    mapping: Mapping
    remembered_at: datetime | None = None


def proposal_for(held: Import, survey: AnyMapping[str, Any], actor: Actor) -> Proposal:
    """What was said of this file before; else of the last one of its shape; else what we propose."""
    if said := keeping.opened(held, "mapping", actor):
        return Proposal(Mapping.from_data(said))
    ours = Mapping.from_data(survey["mapping"])
    if not ours.fingerprint:
        return Proposal(ours)
    remembered = keeping.remembered(actor, Digests(actor.membership.agency).of("shape", ours.fingerprint))
    if remembered is None:
        return Proposal(ours)
    return Proposal(ours.remembering(remembered[0]), remembered[1])


def brought_before(held: Import, actor: Actor) -> Import | None:
    """An earlier import by this worker of the very same file."""
    same = keeping.imports_of(actor).filter(digest=bytes(held.digest), received_at__lte=held.received_at)
    return same.exclude(pk=held.pk).order_by("-received_at").first()
