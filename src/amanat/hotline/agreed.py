"""What was agreed about calling somebody back: the number, when and how it is safe, and what may be said to others who pick up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.files import File
from amanat.cases.shown import Text, spoken
from amanat.hotline import content, marks
from amanat.hotline.models import Call, Matter
from amanat.names.phones import Phone, read_phone

LOOKED_AT: Final = 6  # calls of a matter, the newest first: what was agreed longer ago is no agreement any more; ours
MESSAGE, NOTHING = "message", "nothing"  # what to do where somebody else picks up; where nobody asked: nothing
_IN_CONTENT: Final = ("language", "may_call_back", "call_back_when", "call_back_how", "code_word", "call_back_others")
FIELDS: Final = (*_IN_CONTENT, "number")


@dataclass(frozen=True, slots=True)
class Agreed:
    """By the names of the fields of a call; "" where nothing was said of it. Words stand as they were given."""

    number: str = ""
    language: str = ""
    may_call_back: str = ""
    call_back_when: str = ""
    call_back_how: str = ""
    code_word: str = ""
    call_back_others: str = ""
    caller_name: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Agreed:
        """What the fields of a call say."""
        return cls(**{name: str(fields.get(name) or "") for name in cls.__slots__})

    @property
    def phone(self) -> Phone | None:
        return read_phone(self.number, marks.own_country())

    @property
    def number_shown(self) -> str:
        return self.phone.shown if self.phone else self.number

    @property
    def has_way(self) -> bool:
        return bool(self.number or self.call_back_how)

    @property
    def is_unsafe(self) -> bool:
        return self.may_call_back == "no"

    @property
    def others_may_hear(self) -> bool:
        return self.call_back_others == MESSAGE

    @property
    def when(self) -> Text | None:
        return spoken(self.call_back_when) if self.call_back_when else None

    @property
    def how(self) -> Text | None:
        return spoken(self.call_back_how) if self.call_back_how else None

    @property
    def rows(self) -> list[tuple[str, Text]]:
        """All but the number and what is said to others, with their labels; when it is safe stands there always."""
        language = packs.current().languages.name(self.language) if self.language else ""
        said = [
            (_("How"), self.call_back_how),
            (_("Code word"), self.code_word),
            (_("Who calls"), self.caller_name),
            (_("Language"), language),
        ]
        when = (_("When it is safe"), self.when or Text(_("not written down")))
        return [when, *((label, spoken(words)) for label, words in said if words)]


def newest_calls(matters: Iterable[Matter], *, also: Q | None = None) -> QuerySet[Call]:
    """The newest calls of each matter, the newest first; and others `also`."""
    newest = Window(RowNumber(), partition_by=[F("matter")], order_by=[F("rang_at").desc(), F("id").desc()])
    asked, kept = Q(matter__in=[matter.pk for matter in matters]), Q(place__lte=LOOKED_AT)
    if also is not None:
        asked, kept = asked | also, kept | also
    return Call.objects.filter(asked).annotate(place=newest).filter(kept).order_by("place")


def said_in(file: File, calls: Iterable[Call]) -> dict[str, str]:
    """The last that these calls (the newest first) say of each field, as far as the actor sees it.

    A call that the hotline made began with all that was agreed before; what stands in it no more was taken back.
    """
    said: dict[str, str] = {}
    for call in calls:
        call.subject = file.row.subject
        said = {name: value for name, value in _told(file, call).items() if value} | said
        if call.outgoing:
            break
    return said


def _told(file: File, call: Call) -> dict[str, str]:
    told = content.opened(file, call) if file.opens(call, "content") else {}
    number = file.open(call, "number") if file.opens(call, "number") else ""
    return {name: content.held(told, name) for name in _IN_CONTENT} | {"number": number or ""}


def of_matter(file: File, matter: Matter) -> Agreed:
    """What the calls of a matter say by now, with who called."""
    said = said_in(file, newest_calls([matter]))
    name = content.caller_name(file, matter) if file.opens(matter, "caller") else ""
    return Agreed.of(said | {"caller_name": name})


def carried(file: File, matter: Matter) -> dict[str, Any]:
    """With what a call back begins: the sealed columns of a call."""
    said = said_in(file, newest_calls([matter]))
    number = said.pop("number", None)
    told: dict[str, Any] = {}
    for name, value in said.items():
        *group, last = content.PLACES[name]
        (told.setdefault(group[0], {}) if group else told)[last] = value
    return {"number": number, "content": told or None}
