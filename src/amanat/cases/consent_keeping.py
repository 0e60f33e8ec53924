"""What is kept with a consent besides the words: the document that shows it, what was read out before, the number of its sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.models import Consent
from amanat.access.policy import SEEING, Level, Part
from amanat.cases.actions.writing import keep_document
from amanat.cases.consent_sentences import Covers
from amanat.cases.consent_words import languages, read_out
from amanat.cases.models import Attachment, Case
from amanat.cases.shown import case_of
from amanat.names import signs
from amanat.names.signs import SIGNS
from amanat.vault.uploads import SealedUpload
from amanat.web.errors import PersonFacingError

OFFERED: Final = 25
NO_DOCUMENT: Final = gettext_lazy("There is no such document on this file.")
_NUMBER: Final = re.compile(f"[{SIGNS}]{{4}}-[{SIGNS}]{{4}}")


class ShownBy(TypedDict, total=False):
    """What shows a consent: `document` of the file, or `upload`, a new one; other `evidence` in words; the number of the signed `sheet`.
    `read_in`: the language in which the simple words were read out before, `read_by`: by whom; they are kept as they stand now, which
    must be in the `read_version` that the page showed from which they were read.
    """

    document: str
    upload: SealedUpload | None
    evidence: str
    sheet: str
    read_in: str
    read_by: str
    read_version: str


def new_number() -> str:
    """Of a sheet: random, so that it says nothing about the child; no consent has it."""
    return signs.unused(lambda: f"{signs.drawn(4)}-{signs.drawn(4)}", _is_taken)


def _is_taken(number: str) -> bool:
    return Consent.objects.filter(number=number).exists()


def taken_number(written: str) -> str:
    """The number of a sheet as it was written down; a new one where there was no sheet.

    Raises:
        PersonFacingError: no sheet has such a number, or its consent is recorded already.
    """
    number = written.strip().upper()
    if not number:
        return new_number()
    if not _NUMBER.fullmatch(number):
        raise PersonFacingError(_("No sheet has such a number. It looks like K7MP-4T2X."), field="sheet")
    if _is_taken(number):
        raise PersonFacingError(
            _("A consent with this sheet is recorded already."), _("Look at the list of consents."), field="sheet"
        )
    return number


def number_of(written: str) -> str:
    """The number in an address, if it is one; else a new one."""
    return written if _NUMBER.fullmatch(written) else new_number()


def documents_of(file: File) -> list[Attachment]:
    """The newest documents of a file that are open to the actor."""
    seen = [part for part in Part if file.sees(part)]
    rows = list(Attachment.objects.filter(case=case_of(file), part__in=seen).order_by("-added_at", "id")[:OFFERED])
    for row in rows:
        row.subject = file.row.subject
    return [row for row in rows if file.opens(row, "about")]


def choices_of(file: File) -> list[tuple[str, str]]:
    """They, by reference and name."""
    return [(row.pk.hex, str(file.open(row, "about")["name"])) for row in documents_of(file)]


def kept_with(case: Case, covers: Covers, shown: ShownBy, on: date, actor: Actor) -> dict[str, Any]:
    """What is kept of all that shows a consent.

    Raises:
        PersonFacingError: there is no such document, no words in that language, or none or other ones were opened.
        documents.NotTaken: too large, empty, or not of an allowed kind.
    """
    read = _read_before(covers, shown, on, actor)
    documents = _shown_by(case, shown.get("document", ""), shown.get("upload"), actor)
    return {"evidence": shown.get("evidence", "")} | read | documents


def _shown_by(case: Case, document: str, upload: SealedUpload | None, actor: Actor) -> dict[str, Any]:
    """One of the file's, and one that comes with it, which is kept in the part *consent*."""
    file, found = open_file(actor, case), []
    if document:
        found = [one for one in documents_of(file) if one.pk.hex == document]
        if not found:
            raise PersonFacingError(NO_DOCUMENT, field="document")
    if upload is not None:
        found.append(keep_document(case, Part.CONSENT, upload, "", actor))
    kept = [{"ref": row.pk.hex, "part": row.part, "name": file.open(row, "about")["name"]} for row in found]
    return {"documents": kept} if kept else {}


def _read_before(covers: Covers, shown: ShownBy, on: date, actor: Actor) -> dict[str, Any]:
    """What was read out in a language, as it stands now, and who read it; nothing where nothing was read out from here."""
    language, version = shown.get("read_in", ""), shown.get("read_version", "")
    if not language:
        return {}
    if language not in dict(languages()):
        raise PersonFacingError(_("There are no simple words in this language."), field="read_in")
    read = read_out(covers, language)
    if not version:
        raise PersonFacingError(
            _("The simple words were not opened from here."),
            _(
                "Press “Look at it first”, read them together with the child, and go on from there. Else choose that they were not "
                "read from here."
            ),
            field="read_in",
        )
    if version != read.version:
        raise PersonFacingError(
            _("What was read to the child is not what would be recorded now."),
            _("Read the simple words for this once more, or choose that they were not read from here."),
            field="read_in",
        )
    return {"read": read.kept(shown.get("read_by", "").strip() or actor.user.display_name, on)}


def documents_in(file: File, details: Mapping[str, Any]) -> list[tuple[UUID, str]]:
    """References and names of the documents that show a consent, of those whose part the actor sees."""
    seeing = SEEING - {Level.OWN}
    held = [one for one in details.get("documents", ()) if file.level(Part(one["part"])) in seeing]
    return [(UUID(one["ref"]), one["name"]) for one in held]
