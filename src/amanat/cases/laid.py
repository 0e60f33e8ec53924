"""A row of an import laid beside a child's file: what each of its values would do there, in words, and what would be written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.cases.shown import Text, case_of
from amanat.web.errors import PersonFacingError

# What becomes of a value: it fills an empty field; the file says so already; the file says something else or shows that it
# can't be, so it is kept beside; no field takes it, so it is kept as text; or its part of the file is not open to the actor.
FILLS, SAME, BESIDE, ALSO, CLOSED = "fills", "same", "beside", "also", "closed"
Place = tuple[str, int, str]  # of a sheet: section, record, part


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a row and what becomes of it, in words. `name`: of its field, or the header of what no field takes.

    `kept`: under which header, of what is kept as text. `section`, `record`: where its field stands. `why`: why it can't be,
    in the words of `packs.bounds`.
    """

    name: str
    title: str
    part: Part
    becomes: str
    said: Text
    held: Text = field(default_factory=lambda: Text(""))
    kept: str = ""
    section: str = ""
    record: int = 1
    why: str = ""


@dataclass
class Laid:
    """A row beside a file. The rest is what would be written: into identity, contacts and sheets, and *also in the source*."""

    file: File
    said: list[Said] = field(default_factory=list)
    identity: dict[str, Any] = field(default_factory=dict)
    contacts: dict[str, Any] = field(default_factory=dict)
    sheets: dict[Place, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def that(self, *becomes: str) -> list[Said]:
        return [one for one in self.said if one.becomes in becomes]

    @property
    def fills(self) -> list[Said]:
        return self.that(FILLS)

    @property
    def beside(self) -> list[Said]:
        return self.that(BESIDE)

    @property
    def also(self) -> list[Said]:
        return self.that(ALSO)

    @property
    def same(self) -> list[Said]:
        return self.that(SAME)

    @property
    def changes(self) -> list[Said]:
        """What the file does not say yet, in the order in which a page tells it."""
        return [*self.fills, *self.beside, *self.also]

    @property
    def parts(self) -> list[Part]:
        """Where something would be written."""
        return list(dict.fromkeys(one.part for one in self.changes))

    @property
    def missing(self) -> list[Part]:
        """Parts that the row is about and the actor may not write."""
        closed = [one.part for one in self.that(CLOSED)]
        return list(dict.fromkeys([*closed, *(part for part in self.parts if not self.file.writes(part))]))

    @property
    def hindrance(self) -> PersonFacingError | None:
        """Why the row can't be put in, if it can't."""
        if case_of(self.file).is_closed:
            return PersonFacingError(_("This case is closed."), _("Reopen it first."))
        if not self.missing:
            return None
        parts = ", ".join(str(PART_LABELS[part]) for part in self.missing)
        return PersonFacingError(
            _("The row says something about a part of this file that you may not write: %(parts)s.") % {"parts": parts},
            _("The row stays as it is. Ask the case manager to write what it says."),
        )
