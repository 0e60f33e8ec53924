"""Asking another agency to take the whole case: prepared and sent at once, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.cases.models import Case
from amanat.people.models import Agency
from amanat.referrals.actions.preparing import Ask, prepare
from amanat.referrals.actions.sending import send
from amanat.referrals.askable import agencies
from amanat.referrals.models import Kind, Referral
from amanat.referrals.preparing import known_of


def begins_with(file: File) -> tuple[dict[str, Any], QuerySet[Agency]]:
    """What the form says at first, and which agencies can be asked."""
    known = known_of(file)
    return {name: known.get(name) for name in ("age_band", "sex", "languages")}, agencies(file, whole=True)


def ask(case: Case, *, to: Agency, urgency: str, summary: Mapping[str, Any], actor: Actor) -> Referral:
    """Raises:
    PersonFacingError: it can't be asked of them; nothing is kept then.
    """
    asked = Ask(to=to, need="", urgency=urgency, summary=summary, kind=Kind.TRANSFER)
    with transaction.atomic():
        response = send(prepare(case, asked=[asked], actor=actor), actor=actor)
    return response.referrals.get()
