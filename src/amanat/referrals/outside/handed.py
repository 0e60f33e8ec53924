"""What was handed out for a referral, as its sender reads it: each letter and packet, with what became of its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language_info

from amanat.referrals.models import Referral
from amanat.referrals.models_outside import Outgoing
from amanat.referrals.showing import part_labels

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN: Final = 10


@dataclass(frozen=True)
class Handed:
    outgoing: Outgoing
    now: datetime

    @property
    def language(self) -> str:
        return str(get_language_info(self.outgoing.language)["name_local"]).capitalize()

    @property
    def parts(self) -> list[StrOrPromise]:
        return part_labels(self.outgoing.parts)

    @property
    def is_over(self) -> bool:
        """Whether its code says nothing any more."""
        return self.outgoing.good_until < self.now


def of(referral: Referral, now: datetime) -> list[Handed]:
    """The newest first."""
    rows = referral.outgoing.select_related("made_by__user").order_by("-made_at")[:SHOWN]
    return [Handed(row, now) for row in rows]
