"""What can be wrong in a pack, told to the person who writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1_000
MOST: Final = 500
"""Letters of a text, and faults of a file or pack, that are kept; both are ours."""
TOLD: Final = 5_000
"""Faults of a pack that are told at all: nobody reads on, and a table without an end of them would fill the memory. Ours, too."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: `file` (below the pack's parent folder), `where` in it, `what` is wrong, how to `mend` it."""

    file: str
    where: str
    what: str
    mend: str

    @property
    def texts(self) -> list[str]:
        """The four texts as a database may keep them: what is wrong in a file may be any letters, and any number of them."""
        return [
            text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST]
            for text in (self.file, self.where, self.what, self.mend)
        ]

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        return f"{place}: {self.what} {self.mend}"


class FaultyPack(Exception):
    """A pack that cannot be used; `faults` holds every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
