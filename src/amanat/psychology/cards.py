"""The card of a child's safety plan that the child can carry: few words of its own, no name, no agency, nothing that tells what it is.

Nobody who is recorded as a suspect stands on it, whatever the plan says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from amanat.access.files import File
from amanat.access.policy import Part, Relation, Verb
from amanat.cases import papers, persons, suspected
from amanat.cases.models import PersonAround
from amanat.cases.persons import Around
from amanat.cases.shown import Text, case_of, spoken
from amanat.forms import records
from amanat.forms.model import Answered
from amanat.forms.models import Record
from amanat.forms.records import Reading, above

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FORM: Final = "safety_plan"
CARD: Final = "safety_card"
APART: Final = "."  # between names of lines in an address
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
    told = _said(reading, persons.around(file)) if reading else Said()
    chosen = [name for name in asked.getlist("with") if name in LINES] if "in" in asked else usual()
    wanted = asked.get("in", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else papers.of_child(file)
    return {
        "reading": reading,
        "card": _card(told, chosen, language),
        "suspects": told.suspects,
        "language": language,
        "tongues": settings.LANGUAGES,
        "offered": [Offered(name, LINES[name][1], name in chosen) for name in LINES if told.lines.get(name)],
        "key": APART.join(chosen),
        "may_fill": file.may(Verb.FORM_RECORD) and file.writes(Part.SAFETY) and not case_of(file).is_closed,
        "form": FORM,
    }


def on_paper(file: File, key: str) -> Mapping[str, Any] | None:
    """For the small sheet, in the active language. `key`: what stands on it, names of `LINES`; what usually does, where it is empty."""
    reading = newest(file)
    chosen = [name for name in key.split(APART) if name in LINES] or usual()
    card = _card(_said(reading, persons.around(file)), chosen, papers.of_reader(file)) if reading else []
    return {"card": card} if card else None


def plan_to_decide(file: File, person: PersonAround) -> StrOrPromise | None:
    """Of a person who is a suspect now: the child's safety plan sends it to them (`cases.suspected`)."""
    known = [one for one in persons.around(file) if one.row.pk == person.pk]
    reading = newest(file) if known else None
    if reading is None or not _said(reading, known).suspects:
        return None
    return _(
        "The safety plan names somebody who may no longer be trusted. Make it anew with the child, and take the old card back."
    )


def newest(file: File) -> Reading | None:
    """The last safety plan of the child of which the actor sees something. Three queries."""
    rows = Record.objects.filter(subject=file.row.subject_id, form_version__form__name=FORM)
    record = rows.select_related("form_version__form", "recorded_by__user").order_by("-number").first()
    if record is None:
        return None
    record.subject = file.row.subject
    reading = records.read(file, record)
    return reading if reading.seen else None


def usual() -> list[str]:
    return [name for name, (_heading, _label, usual) in LINES.items() if usual]


@dataclass(frozen=True)
class Said:
    """What a plan says under each name of `LINES`. `suspects`: who of the people in it may be one, and so is left out."""

    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    suspects: list[str] = field(default_factory=list)


def _said(reading: Reading, known: Sequence[Around]) -> Said:
    """Of parts that the actor sees."""
    found = Said()
    people: dict[str, dict[str, Answered]] = defaultdict(dict)
    for answer in reading.answers:
        name = answer.question.name
        if name in (PERSON, DOES, REACH):
            people[above(answer.path)][name] = answer
        elif name in LINES and answer.label:
            found.lines[name].append(answer.label)
    for person in people.values():
        name, does, reach = (person[key].label if key in person else "" for key in (PERSON, DOES, REACH))
        if name and persons.suspect_like(name, known):
            found.suspects.append(name)
            continue
        if name:
            found.lines[PEOPLE].append(": ".join(filter(None, (name, does))))
        if reach:
            found.lines[REACH].append(": ".join(filter(None, (name, reach))))
    return found


def _card(told: Said, chosen: Collection[str], language: str) -> list[CardLine]:
    with override(language):
        return [
            CardLine(str(heading), [spoken(text) for text in told.lines[name]])
            for name, (heading, _label, _usual) in LINES.items()
            if name in chosen and told.lines.get(name)
        ]


def register() -> None:
    """Called once, when the room is loaded."""
    papers.register(
        papers.Paper(
            CARD,
            _("Card to carry"),
            Part.SAFETY,
            "psychology/paper_card.html",
            on_paper,
            speaks=papers.of_child,
            in_bundles=False,
            bears=papers.Bears.NUMBERS,
            by_consent=True,
            kept=True,
        )
    )
    suspected.register(Part.SAFETY, plan_to_decide, Relation.PSYCHOLOGIST, Relation.SOCIAL_WORKER)
