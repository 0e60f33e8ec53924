"""Where screenings and what is known of an age stand: on a child's file, or on a matter. Their pages differ in nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from amanat.access.files import Closed, File
from amanat.access.models import FileRow
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases import matter_menu
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.identification.actions.screening import part_on

NAMES = ("age", "correct_screening", "screen", "screen_by", "screening", "screenings", "write_age")


@dataclass(frozen=True)
class Place:
    """A file with the names of its pages of this room."""

    request: Request
    row: FileRow

    @property
    def file(self) -> File:
        return self.request.file

    @property
    def part(self) -> Part:
        return part_on(self.row)

    @property
    def urls(self) -> dict[str, str]:
        kind = "case" if isinstance(self.row, Case) else "matter"
        return {name: f"identification.{kind}_{name}" for name in NAMES}

    def check(self) -> None:
        """Raises:
        Closed: what is kept of a screening is not open to the actor.
        """
        if not self.file.sees(self.part):
            raise Closed(self.part)

    def address(self, name: str, *more: object) -> str:
        return reverse(self.urls[name], args=[self.row, *more])

    @property
    def whole(self) -> str:
        """The page of the file itself."""
        return self.row.get_absolute_url()

    def context(self, **more: Any) -> dict[str, Any]:
        shared = {"row": self.row, "urls": self.urls, "file": self.file} | more
        if isinstance(self.row, Case):
            return about(self.request, self.row) | shared | {"frame": "cases/change.html"}
        return shared | {
            "frame": "identification/of_matter.html",
            "matter": self.row,
            "nav": "hotline",
            "talk": matter_menu.talk_on(self.file),
        }
