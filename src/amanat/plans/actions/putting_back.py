"""Rows put back to what stands in another text; and what is kept of a row before it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from amanat import packs
from amanat.access.actor import Actor
from amanat.plans.models import FormerRow, PlanRow, RowKind
from amanat.plans.reading import Standing, as_row
from amanat.plans.texts import Text

# Owners in the plan that are professions: the row is theirs to write.
_PROFESSIONS: Final = frozenset({"social_worker", "psychologist", "lawyer", "health_worker", "centre_worker"})


def put_back(standing: Standing, text: Text, actor: Actor) -> None:
    """Let the rows say what stands in a text, and no more: what is another is changed, what is not in it is taken out, what was
    taken out and is in it stands again. What is said of the whole is never taken out, but emptied. What stood there is kept."""
    for row in standing.rows:
        stands, told = as_row(standing.file, row).fields, text.get(row.pk.hex)
        fields = dict(told.fields) if told else {}
        stays = told is not None or row.kind == RowKind.WHOLE
        if (row.taken_out_at is None) == stays and (not stays or fields == dict(stands)):
            continue
        keep_former(row, stands, actor)
        row.taken_out_at = None if stays else actor.now
        if stays:
            row.content, row.role = fields, role_of(fields, row.author.role)
        row.save(update_fields=["version", "changed_by", "changed_at", "taken_out_at", "content", "role"])


def keep_former(row: PlanRow, stands: Mapping[str, str], actor: Actor) -> None:
    """Keep what stands in a row, and raise its version."""
    FormerRow.objects.create(
        subject=row.subject,
        row=row,
        version=row.version,
        replaced_by=actor.membership,
        replaced_at=actor.now,
        content=dict(stands),
    )
    row.version += 1
    row.changed_by, row.changed_at = actor.membership, actor.now


def role_of(content: Mapping[str, str], otherwise: str) -> str:
    """Whose part a row is: the profession that does it, else that of who began it."""
    owner = content.get("owner", "")
    return owner if owner in _PROFESSIONS and owner in packs.current().codes("plan_owner") else str(otherwise)
