"""The sections that the case room itself adds to a file: what is known of the child, notes by theme, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat import packs
from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part, Verb
from amanat.cases import record_pages
from amanat.cases.identity import full_names
from amanat.cases.models import Attachment, FormerValue
from amanat.cases.sections import Section, add
from amanat.cases.shown import Text, age, case_of, child_of, label, opened, spoken
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EARLIER_SHOWN = 10
DOCUMENTS_SHOWN = 100
CONTACTS: dict[str, StrOrPromise] = {
    "called": _("Goes by"),
    "phones": _("Phones"),
    "home_phone": _("Phone at home"),
    "address": _("Address"),
    "guardian": _("Guardian"),
    "safe_contact": _("Safe way to make contact"),
}
SAFETY: dict[str, StrOrPromise] = {
    "plan": _("Safety plan"),
    "threats": _("Threats"),
    "alerts": _("Alerts"),
    "text": _("Safety"),
}


@dataclass(frozen=True)
class Fact:
    """One line of a facts list: a label and one or more texts."""

    label: StrOrPromise
    texts: list[Text]


@dataclass(frozen=True)
class Earlier:
    """What stood in a part before a correction, and who replaced it when."""

    at: datetime
    by: str
    facts: list[Fact]


def identity_facts(identity: dict[str, Any], today: date) -> list[Fact]:
    """The identity as a list to read; what is unknown is left out."""
    facts = [Fact(_("Name"), [spoken(name) for name in full_names(identity)])]
    if identity.get("birth_date"):
        facts.append(Fact(_("Birth date"), [Text(_birth(identity["birth_date"], today))]))
    elif identity.get("birth_year"):
        facts.append(Fact(_("Born about"), [Text(identity["birth_year"])]))
    for key, name, codes in (
        ("certainty", _("How certain"), "birth_date_certainty"),
        ("sex", _("Sex"), "sex"),
        ("languages", _("Languages"), "language"),
    ):
        held = identity.get(key) or []
        named = packs.current().languages.name if key == "languages" else partial(label, codes)
        facts.append(Fact(name, [Text(named(code)) for code in ([held] if isinstance(held, str) else held)]))
    for document in identity.get("documents", []):
        facts.append(Fact(label("document_kind", document.get("kind", "")), [spoken(document.get("number", ""))]))
    return [fact for fact in facts if any(text.text for text in fact.texts)]


def _birth(birth_date: str, today: date) -> str:
    years = age(birth_date, today) or 0
    born = written(date.fromisoformat(birth_date), "DATE_FORMAT")
    return ngettext("%(born)s (%(years)s year old)", "%(born)s (%(years)s years old)", years) % {
        "born": born,
        "years": years,
    }


def worded_facts(held: dict[str, Any], labels: dict[str, StrOrPromise]) -> list[Fact]:
    """Contacts or safety as a list to read, in the order of the labels."""
    known = [(name, held[key]) for key, name in labels.items() if held.get(key)]
    return [
        Fact(name, [spoken(text) for text in ([value] if isinstance(value, str) else value)]) for name, value in known
    ]


def facts_of(part: Part, held: dict[str, Any], today: date) -> list[Fact]:
    if part is Part.IDENTITY:
        return identity_facts(held, today)
    return worded_facts(held, CONTACTS if part is Part.CONTACTS else SAFETY)


def known(part: Part) -> Any:
    """The context of a section that shows a correctable part: what stands there, and what stood there before."""

    def context(file: File) -> dict[str, Any]:
        if not file.sees(part):
            return {}
        today = timezone.localdate(file.actor.now)
        return {
            "facts": facts_of(part, opened(file, part), today),
            "earlier": _earlier(file, part, today),
            "part": part,
            "may_correct": file.writes(part) and file.may(Verb.CASE_CORRECT),
        }

    return context


def _earlier(file: File, part: Part, today: date) -> list[Earlier]:
    child = child_of(file)
    rows = (
        child.former_values.filter(part=part, sheet=None)
        .select_related("replaced_by__user")
        .order_by("-version")[:EARLIER_SHOWN]
    )
    return [_former(file, part, row, today) for row in rows]


def _former(file: File, part: Part, row: FormerValue, today: date) -> Earlier:
    row.subject = file.row.subject
    held = file.open(row, "value") or {}
    return Earlier(row.replaced_at, row.replaced_by.user.display_name, facts_of(part, held, today))


@dataclass(frozen=True)
class Document:
    """A document in the list of a file, as it may be shown: its name and kind were opened."""

    attachment: Attachment
    name: Text
    size: int
    part: StrOrPromise
    has_original: bool  # beside the working copy


def documents(file: File) -> dict[str, Any]:
    """The newest documents of the parts that the actor sees; of others not even that they are there."""
    case = case_of(file)
    rows = (
        case.attachments.filter(part__in=file.visible_parts())
        .select_related("added_by__user")
        .order_by("-added_at", "-id")
    )
    shown = []
    for row in rows[:DOCUMENTS_SHOWN]:
        row.subject = case.subject
        if file.opens(row, "about"):
            shown.append(_document(file, row))
    return {"documents": shown, "may_attach": file.may(Verb.CASE_ATTACH)}


def _document(file: File, row: Attachment) -> Document:
    about = file.open(row, "about")
    part = PART_LABELS[Part(row.part)]
    return Document(row, spoken(about["name"]), about["size"], part, row.working_copy is not None)


def register() -> None:
    """Called once, when the room is loaded."""
    known_at, notes_at = "cases/sections/known.html", "cases/sections/notes.html"
    for section in (
        Section(
            "identity", _("Identity"), Part.IDENTITY, "person", 10, known_at, known(Part.IDENTITY), with_notes=True
        ),
        Section("contacts", _("Contacts"), Part.CONTACTS, "phone", 20, known_at, known(Part.CONTACTS), with_notes=True),
        Section("safety", _("Safety"), Part.SAFETY, "shield", 30, known_at, known(Part.SAFETY), with_notes=True),
        Section(
            "health", _("Health"), Part.HEALTH_ALERTS, "plus", 60, notes_at, also=(Part.HEALTH_FILE,), with_notes=True
        ),
        Section("forms", _("Forms"), Part.EXISTENCE, "note", 45, "cases/sections/forms.html", record_pages.section),
        Section(
            "documents", _("Documents"), Part.EXISTENCE, "paperclip", 100, "cases/sections/documents.html", documents
        ),
    ):
        add(section)
