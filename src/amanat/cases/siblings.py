"""Brothers and sisters of a child, as far as one actor may know of them and write into their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import queries
from amanat.cases.models import Case
from amanat.cases.shown import case_of, name_of


@dataclass(frozen=True)
class Sibling:
    """The open case of a brother or sister."""

    file: File
    label: str

    @property
    def case(self) -> Case:
        return case_of(self.file)

    @property
    def ref(self) -> str:
        return self.case.pk.hex


def siblings_for(file: File, parts: Sequence[Part]) -> list[Sibling]:
    """Open cases of brothers and sisters in which the actor writes at least one of the parts, one a child."""
    if case_of(file).child.family_id is None:
        return []
    found: dict[object, File] = {}
    for other in queries.related(file):
        is_sibling = other.row.subject_id != file.row.subject_id and not case_of(other).is_closed
        if is_sibling and any(other.writes(part) for part in parts):
            found[other.row.subject_id] = other
    return [Sibling(other, _label(other)) for other in found.values()]


def _label(file: File) -> str:
    name, code_name = name_of(file), case_of(file).child.code_name
    return f"{name.text} ({code_name})" if name else code_name
