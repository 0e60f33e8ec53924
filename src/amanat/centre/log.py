"""What was written of a child in the centre, as one actor may read it. Verbs: `actions.log`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.cases.models import Case
from amanat.cases.shown import Text, label, spoken
from amanat.centre.models import House, LogEntry, LogKind, Stay
from amanat.centre.models.stays import IN_HOUSE
from amanat.web.paging import Page, keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ORDER: Final = ("-written_at", "-id")
CODES: Final[dict[str, StrOrPromise]] = {
    "sleep": _("Sleep"),
    "food": _("Food"),
    "mood": _("Mood, as it was seen"),
    "school": _("School or lessons"),
}
WORDS: Final[dict[str, StrOrPromise]] = {"medicine": _("Medicine"), "visitors": _("Visitors and calls")}
WATCH: Final = "log_watch"
SELF_HARM: Final = "self_harm"


@dataclass(frozen=True)
class Written:
    """An entry with what it says."""

    row: LogEntry
    held: dict[str, Any]

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def is_note(self) -> bool:
        return self.row.kind == LogKind.HAND_OVER

    @cached_property
    def lines(self) -> list[tuple[StrOrPromise, Text]]:
        """What was chosen and written, each under its heading."""
        codes = [
            (title, Text(label(f"log_{key}", self.held[key]))) for key, title in CODES.items() if self.held.get(key)
        ]
        words = [(title, spoken(self.held[key])) for key, title in WORDS.items() if self.held.get(key)]
        return [*codes, *words]

    @cached_property
    def watch(self) -> list[str]:
        return [label(WATCH, code) for code in self.held.get("watch", [])]

    @cached_property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))


def written(file: File, rows: Iterable[LogEntry]) -> list[Written]:
    return [_written(file, row) for row in rows]


def _written(file: File, row: LogEntry) -> Written:
    row.subject = file.row.subject
    return Written(row, file.open(row, "content") or {})


def page_of(file: File, cursor: str) -> tuple[Page[LogEntry], list[Written]]:
    rows = LogEntry.objects.filter(subject=file.row.subject_id).select_related("author__user", "corrects")
    page = keyset_page(rows, order=ORDER, cursor=cursor, counted=False)
    return page, written(file, page.rows)


def entry_of(file: File, ref: uuid.UUID) -> Written | None:
    row = LogEntry.objects.filter(subject=file.row.subject_id, pk=ref).select_related("author__user").first()
    return _written(file, row) if row else None


def last_note(file: File) -> Written | None:
    rows = LogEntry.objects.filter(subject=file.row.subject_id, kind=LogKind.HAND_OVER).select_related("author__user")
    row = rows.order_by(*ORDER).first()
    return _written(file, row) if row else None


def house_of(case: Case) -> House | None:
    """In which house the child has a bed now."""
    stay = Stay.objects.filter(case=case, state__in=IN_HOUSE).select_related("house__site").first()
    return stay.house if stay else None
