"""Questions to all consents: what was agreed to, what was withdrawn, what was shared without."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, others_of
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.access.models import Consent
from amanat.cases.reach import part_names
from amanat.cases.shown import label
from amanat.people.models import Agency

SHOWN = ("given", "withdrawn", "without")


@dataclass(frozen=True)
class Line:
    """A consent, a withdrawal or an override, with the file if it may be named."""

    row: Consent
    file: File | None
    others: Sequence[Agency] = ()  # that it names besides its recipient

    @property
    def with_whom(self) -> str:
        outside = [_("an organisation outside the network")] if self.row.is_for(None) else []
        return ", ".join(str(one) for one in (self.row.recipient, *self.others, *outside) if one)

    @property
    def title(self) -> str:
        if self.row.purpose == CARRY_ON:
            return _("Automatic, until the safety decision")
        if self.row.override_ground:
            return label("override_ground", self.row.override_ground)
        return label("consent_purpose", self.row.purpose)

    @property
    def parts(self) -> str:
        return ", ".join(map(str, part_names(self.row.parts)))


def consents(actor: Actor, which: str) -> QuerySet[Consent]:
    """Those of a kind of `SHOWN`, but on files that the actor is kept out of."""
    kinds = {
        "given": Consent.objects.filter(override_ground="", withdrawn_at=None),
        "withdrawn": Consent.objects.exclude(withdrawn_at=None),
        "without": Consent.objects.exclude(override_ground="").filter(withdrawn_at=None),
    }
    return not_kept_out(actor, kinds[which]).select_related("recipient", "recorded_by__user", "recorded_by__agency")


def lines(actor: Actor, rows: Collection[Consent]) -> list[Line]:
    files = files_about(actor, [row.subject_id for row in rows])
    others = others_of(rows)
    return [Line(row, files.get(row.subject_id), others[row.pk]) for row in rows]
