"""The assessment behind a need: a form that was recorded. The plan keeps its number and its day, never its title: an instrument's name
tells much, and is said only to who sees the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.record_pages import title_of
from amanat.forms.records import records_of
from amanat.plans.texts import Text
from amanat.web.formats import written

OBSERVED: Final = "observed"
_RECORD: Final = "record:"


@dataclass(frozen=True)
class Known:
    """A record that the actor sees something of."""

    title: str
    url: str


Behind = Mapping[str, Known]


def all_of(file: File) -> Behind:
    """By what a need keeps of it: every record that the actor sees something of, the newest first. One query."""
    found = {}
    for record, _more in records_of(file):
        told = {"form": title_of(record), "number": record.number}
        url = reverse("cases.record", args=[file.row.pk, record.number])
        value = f"{_RECORD}{record.number} {timezone.localdate(record.recorded_at).isoformat()}"
        found[value] = Known(_("%(form)s, record %(number)s") % told, url)
    return found


def behind(file: File, text: Text) -> Behind:
    """The same; no query where no need of the text has one."""
    return all_of(file) if any(row.get("evidence").startswith(_RECORD) for row in text.values()) else {}


def choices(file: File, stands: str = "") -> list[tuple[str, str]]:
    """What can stand behind a need, and what does, whoever sees it."""
    found = {value: known.title for value, known in all_of(file).items()}
    if stands.startswith(_RECORD):
        found.setdefault(stands, said(stands))
    return list(found.items())


def said(value: str) -> str:
    """To who does not see the record: that there is one, and of which day."""
    if not value.startswith(_RECORD):
        return _("Seen or heard, no form") if value == OBSERVED else value
    number, _space, day = value.removeprefix(_RECORD).partition(" ")
    try:
        told = {"number": number, "day": written(date.fromisoformat(day), "SHORT_DATE_FORMAT")}
    except ValueError:
        return _("A form that was recorded, number %(number)s") % {"number": number}
    return _("A form that was recorded on %(day)s, number %(number)s") % told
