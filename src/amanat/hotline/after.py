"""What follows from a call: where its buttons lead once it is saved, and which calls are hard on who answered them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from amanat.access.files import File, open_file
from amanat.hotline import clocks
from amanat.hotline.models import Call, Note, NoteKind

# By what the button says: the page, and whether it is the call's or the matter's.
PAGES: Final[dict[str, tuple[str, bool]]] = {
    "call_back": ("hotline.call_back", False),
    "case": ("hotline.open_case", False),
    "debrief": ("hotline.debrief", False),
    "emergency": ("hotline.emergency", False),
    "hand_over": ("hotline.hand_over_matter", True),
    "move": ("hotline.move_call", False),
    "screening": ("identification.matter_screen", True),
}
# After which reasons a debrief is offered: ours.
HARD: Final = frozenset({"abuse_violence", "exploitation_online"})
OF_TRAFFICKING: Final = "trafficking_"


def page_of(do: str, call: Call) -> str:
    """The address that a button leads to; "" where it leads nowhere else."""
    if do not in PAGES:
        return ""
    name, of_matter = PAGES[do]
    return reverse(name, args=[call.matter if of_matter else call])


def is_hard(told: Mapping[str, Any], priority: str) -> bool:
    """Whether a call is one after which somebody should ask the operator how they are."""
    reasons = told.get("reasons") or []
    return priority == clocks.URGENT or any(one in HARD or one.startswith(OF_TRAFFICKING) for one in reasons)


@dataclass(frozen=True, slots=True)
class Debrief:
    """The actor's own note; `file` is that of the matter in which it was written."""

    file: File
    at: datetime
    text: str
    wishes_to_talk: bool
    talked_at: datetime | None


def debriefs_of(file: File, call: Call) -> list[Debrief]:
    """What the actor wrote after this call; nobody reads another's."""
    rows = Note.objects.filter(call=call, kind=NoteKind.DEBRIEF, author=file.actor.membership).order_by("written_at")
    found = []
    for note in rows.select_related("matter__subject", "matter__agency"):
        own = file if note.matter_id == file.row.pk else open_file(file.actor, note.matter)  # the call was moved since
        note.subject = own.row.subject
        if own.opens(note, "words"):
            words = own.open(note, "words") or ""
            found.append(Debrief(own, note.written_at, words, note.wishes_to_talk, note.talked_at))
    return found
