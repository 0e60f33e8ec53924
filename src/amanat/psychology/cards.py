"""The card of a child's safety plan that the child can carry: few words of its own, no name, no agency, nothing that tells what it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.shown import Text, case_of, spoken
from amanat.forms import records
from amanat.forms.model import Answered
from amanat.forms.models import Record
from amanat.forms.records import Reading, above

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FORM: Final = "safety_plan"
PERSON, DOES, REACH, PEOPLE = "person_name", "person_does", "person_reach", "people"
# What can stand on a card, by the names of the form's questions: what it is called on the card, what the worker reads of it, and
# whether it stands there unless somebody says otherwise. What harms when a stranger finds it has to be chosen.
LINES: dict[str, tuple[StrOrPromise, StrOrPromise, bool]] = {
    "signs": (_("I notice it by"), _("Early signs"), True),
    "calms": (_("What helps me"), _("What helps to calm down"), True),
    "first_steps": (_("What I do first"), _("First steps"), True),
    PEOPLE: (_("Whom I turn to"), _("People to turn to, without phone"), True),
    REACH: (_("How I reach them"), _("How to reach these people"), False),
    "safe_place": (_("Where I go"), _("Where the child goes"), False),
    "code_word": (_("My word"), _("The word that means: help me"), False),
    "bag": (_("What lies ready"), _("What lies ready"), False),
}


@dataclass(frozen=True)
class CardLine:
    heading: str
    texts: list[Text]


@dataclass(frozen=True)
class Offered:
    """Something that could stand on the card."""

    name: str
    label: StrOrPromise
    chosen: bool


def context(file: File, asked: QueryDict) -> dict[str, Any]:
    """What stands on the card now, and what else could."""
    reading = newest(file)
    said = _said(reading) if reading else {}
    chosen = [name for name in asked.getlist("with") if name in LINES] if "in" in asked else _usual()
    language = _language(asked.get("in", ""), reading)
    return {
        "reading": reading,
        "card": _card(said, chosen, language),
        "language": language,
        "tongues": settings.LANGUAGES,
        "offered": [Offered(name, LINES[name][1], name in chosen) for name in LINES if said.get(name)],
        "may_fill": file.may(Verb.FORM_RECORD) and file.writes(Part.SAFETY) and not case_of(file).is_closed,
        "form": FORM,
    }


def newest(file: File) -> Reading | None:
    """The last safety plan of the child of which the actor sees something. Three queries."""
    rows = Record.objects.filter(subject=file.row.subject_id, form_version__form__name=FORM)
    record = rows.select_related("form_version__form", "recorded_by__user").order_by("-number").first()
    if record is None:
        return None
    record.subject = file.row.subject
    reading = records.read(file, record)
    return reading if reading.seen else None


def _usual() -> list[str]:
    return [name for name, (_heading, _label, usual) in LINES.items() if usual]


def _said(reading: Reading) -> dict[str, list[str]]:
    """What the plan says under each name of `LINES`, of parts that the actor sees."""
    found: dict[str, list[str]] = defaultdict(list)
    people: dict[str, dict[str, Answered]] = defaultdict(dict)
    for answer in reading.answers:
        name = answer.question.name
        if name in (PERSON, DOES, REACH):
            people[above(answer.path)][name] = answer
        elif name in LINES and answer.label:
            found[name].append(answer.label)
    for person in people.values():
        name, does, reach = (person[key].label if key in person else "" for key in (PERSON, DOES, REACH))
        if name:
            found[PEOPLE].append(": ".join(filter(None, (name, does))))
        if reach:
            found[REACH].append(": ".join(filter(None, (name, reach))))
    return found


def _language(wanted: str, reading: Reading | None) -> str:
    """Of the headings: what was asked for, else that in which the plan was written, else that of the page."""
    known = {code for code, _name in settings.LANGUAGES}
    page_language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    written = reading.record.language if reading else ""
    return next((code for code in (wanted, written, page_language) if code in known), settings.LANGUAGE_CODE)


def _card(said: dict[str, list[str]], chosen: list[str], language: str) -> list[CardLine]:
    with override(language):
        return [
            CardLine(str(heading), [spoken(text) for text in said[name]])
            for name, (heading, _label, _usual) in LINES.items()
            if name in chosen and said.get(name)
        ]
