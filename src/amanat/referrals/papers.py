"""A conference on paper: its agenda, or its minutes with who came and lines to sign on; of the file, or for somebody who is asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.cases.shown import case_of
from amanat.referrals import conferences, conferring_pages, inviting
from amanat.referrals.models_conferences import Conference, ConferenceState

MINUTES = "conference"


def register() -> None:
    papers.register(
        papers.Paper(
            MINUTES,
            gettext_lazy("Conference: agenda or minutes"),
            Part.EXISTENCE,
            "referrals/paper_conference.html",
            told,
            kept=True,
        )
    )


def told(file: File, key: str) -> Mapping[str, Any] | None:
    """`key`: the reference of a conference, and after a dot that of whoever is asked and gets what is theirs to read. What stands in the
    child's identity is left out: the paper bears the code name."""
    ref, _dot, asked = key.partition(".")
    row = _found(file, ref)
    if row is None or row.state == ConferenceState.CANCELLED:
        return None
    nameless = file.only(frozenset(file.visible_parts()) - {Part.IDENTITY})
    if not asked:
        signers = _signers(row) if row.state == ConferenceState.HELD else []
        return conferences.about(file, row, nameless) | {"signers": signers}
    invited = next((one for one in row.asked if one.pk.hex == asked), None)
    if invited is None or not file.may(Verb.CONFERENCE_CALL):
        return None
    parts = inviting.parts_for(invited, case_of(file), file.actor)
    shown = conferences.about(file, row, nameless.only(parts))
    return shown | {"guest": invited, "parts": conferring_pages.labels(parts), "invited": []}


def _found(file: File, ref: str) -> Conference | None:
    """The one of this reference; without one the newest that was held."""
    if not ref:
        held = Conference.objects.filter(case=file.row.pk, state=ConferenceState.HELD).order_by("-held_at", "-id")
        newest = held.values_list("pk", flat=True).first()
        return conferences.one(file, newest) if newest else None
    try:
        return conferences.one(file, uuid.UUID(ref))
    except ValueError:
        return None


def _signers(row: Conference) -> list[dict[str, Any]]:
    """Who wrote the minutes, and whoever leads."""
    by = row.recorded_by.user.display_name if row.recorded_by else ""
    return [{"who": _("Who wrote the minutes"), "said": by}, {"who": _("Who led the conference")}]
