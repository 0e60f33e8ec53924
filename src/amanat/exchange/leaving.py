"""What an export would hold, said before anything leaves: how many children, which parts stay, who can't go there at all, and why.

Nothing sealed is opened for it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.cases.going_out import NoConsent, going_to, in_one_sentence, newest
from amanat.cases.models import Case
from amanat.cases.shown import case_of
from amanat.people.models import Agency


@dataclass(frozen=True)
class Leaving:
    """What would leave. `files`: each child's as far as it goes. `staying`: code names of children for whom there is no consent.

    Counts are of children, by part.
    """

    to: Agency
    files: Sequence[File]
    staying: Sequence[str]
    without_consent: Counter[Part]
    without_right: Counter[Part]
    outside: bool

    @property
    def cases(self) -> list[Case]:
        return [case_of(file) for file in self.files]

    @property
    def told_staying(self) -> str:
        """The code names of those who stay, as far as one reads them."""
        return in_one_sentence(self.staying)

    @property
    def whole(self) -> str:
        """The parts that leave of each child."""
        return ", ".join(str(PART_LABELS[part]) for part in _parts() if not self._missing[part])

    @property
    def missing(self) -> list[tuple[str, int, int]]:
        """Parts that do not leave of each child: their name, of how many for lack of consent, of how many they are closed."""
        return [
            (str(PART_LABELS[part]), self.without_consent[part], self.without_right[part])
            for part in _parts()
            if self._missing[part]
        ]

    @cached_property
    def _missing(self) -> Counter[Part]:
        return self.without_consent + self.without_right

    @property
    def digest(self) -> str:
        """The same as long as the same would leave of each child: what was looked at is what leaves."""
        parts = [(file.row.pk.hex, sorted(file.visible_parts())) for file in self.files]
        return hashlib.sha256(json.dumps([self.to.pk.hex, parts, self.staying]).encode()).hexdigest()


def what_would_leave(cases: Sequence[Case], to: Agency, actor: Actor) -> Leaving:
    """Look what of these children would leave for an agency.

    Raises:
        NoConsent: nothing of any of them may go there.
        PersonFacingError: there are more than 5,000.
    """
    going, parts = going_to(to, open_files(actor, newest(cases))), _parts()
    staying = [str(file.row) for file, leaves in going if leaves is None]
    if len(staying) == len(going):
        raise NoConsent(to, staying)
    both = [(file, leaves) for file, leaves in going if leaves]
    return Leaving(
        to=to,
        files=[leaves for _file, leaves in both],
        staying=staying,
        without_consent=Counter(
            part for file, leaves in both for part in parts if file.sees(part) and not leaves.sees(part)
        ),
        without_right=Counter(part for file, _leaves in both for part in parts if not file.sees(part)),
        outside=any(file.row.agency_id != to.pk for file, _leaves in both),
    )


def _parts() -> list[Part]:
    """The parts in which the pack has fields."""
    kept = {field.part for section in packs.current().sections() for field in section.fields}
    return [part for part in Part if part in kept]
