"""What the next shift must read: the hand-over notes of each child who stays in a house, and which of them a worker has not read yet."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.policy import Part
from amanat.cases.shown import Line, name_of
from amanat.centre.log import Written, written
from amanat.centre.models import LogEntry, LogKind, NoteRead, Shift, Stay
from amanat.centre.residents import residents_of

FRESH: Final = timedelta(hours=24)
"""Every note of so long is read; of older ones the newest (ours)."""
LOOKED_BACK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Handed:
    """A child of the house with the notes that the next shift reads, the newest first."""

    stay: Stay
    line: Line
    notes: list[Written]
    unread: list[LogEntry]

    @property
    def file(self) -> File:
        return self.line.file

    def is_unread(self, note: Written) -> bool:
        return note.row in self.unread

    @property
    def shown(self) -> list[tuple[Written, bool]]:
        return [(note, self.is_unread(note)) for note in self.notes]

    @property
    def has_no_fresh(self) -> bool:
        """Whether nobody wrote a note for this shift: then one has to ask."""
        return not any(note.row.written_at >= self.file.actor.now - FRESH for note in self.notes)


def to_take_over(shift: Shift, actor: Actor) -> list[Handed]:
    """The children of the shift's house that the actor may know of: four queries, however many children and notes."""
    stays = list(residents_of(shift.house))
    files = open_files(actor, [stay.case for stay in stays])
    open_ones = [(stay, file) for stay, file in zip(stays, files, strict=True) if file.sees(Part.CENTRE)]
    notes = _notes([stay for stay, _file in open_ones], actor)
    read = _read([note for some in notes.values() for note in some], actor)
    return [_handed(stay, file, notes.get(stay.case_id, []), read) for stay, file in open_ones]


def _handed(stay: Stay, file: File, notes: Sequence[LogEntry], read: set[uuid.UUID]) -> Handed:
    unread = [note for note in notes if note.pk not in read and note.author_id != file.actor.membership.pk]
    return Handed(stay, Line(file, name_of(file)), written(file, notes), unread)


def _notes(stays: Sequence[Stay], actor: Actor) -> Mapping[uuid.UUID, list[LogEntry]]:
    """By case: what was written within a day, else the newest of a week."""
    rows = LogEntry.objects.filter(
        case__in=[stay.case_id for stay in stays],
        kind=LogKind.HAND_OVER,
        written_at__gte=actor.now - LOOKED_BACK,
        written_at__lte=actor.now,
    )
    found: dict[uuid.UUID, list[LogEntry]] = defaultdict(list)
    for row in rows.select_related("author__user").order_by("-written_at", "-id"):
        held = found[row.case_id]
        if not held or row.written_at >= actor.now - FRESH:
            held.append(row)
    return found


def _read(notes: Iterable[LogEntry], actor: Actor) -> set[uuid.UUID]:
    rows = NoteRead.objects.filter(worker=actor.membership, note__in=[note.pk for note in notes])
    return set(rows.values_list("note", flat=True))
