"""Evidence: taken in with its hash, handed on from one to the next. Nothing of the chain is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Attachment, Case, EventKind
from amanat.cases.stating import check_moment, said
from amanat.legal import chain
from amanat.legal.models import Evidence, Handing
from amanat.legal.pieces import links_of
from amanat.web.errors import PersonFacingError


def part_for(file: File) -> Part:
    """Where a new piece stands: in the legal file for whoever sees it, else with the narrative.

    Raises:
        Closed: neither is open to the actor.
    """
    for part in (Part.LEGAL_FILE, Part.NARRATIVE):
        if file.sees(part):
            return part
    raise Closed(Part.LEGAL_FILE)


@verb(Verb.EVIDENCE_TAKE_IN)
def take_in(
    case: Case,
    *,
    what: str,
    received_from: str,
    at: datetime,
    place: str = "",
    condition: str = "",
    how_found: str = "",
    seal: str = "",
    case_number: str = "",
    document: Attachment | None = None,
    actor: Actor,
) -> Evidence:
    """Take in a thing or a document; the actor has it from now on. `document`: one that is attached to this case; `case_number`: as the
    body writes it that the piece is for.

    Raises:
        PersonFacingError: it lies in the future or before the birth; the document is not open to the actor.
    """
    lock(case)
    file = open_file(actor, case)
    part = part_for(file)
    check_moment(file, at)
    told = said(what=what, how_found=how_found, seal=seal, case_number=case_number)
    told["sha256"] = _hash_of(file, document) if document else chain.digest_of(told)
    piece = Evidence.objects.create(
        subject=case.subject,
        case=case,
        part=part,
        number=Evidence.objects.filter(case=case).count() + 1,
        document=document,
        author=actor.membership,
        at=actor.now,
        content=told,
    )
    link = {"from": received_from, "to": _named(actor), "at": at.isoformat(), "place": place, "condition": condition}
    _add_link(piece, [], told["sha256"], link, actor)
    mark(case, EventKind.EVIDENCE, actor, part=part)
    return piece


@verb(Verb.EVIDENCE_HAND_ON)
def hand_on(
    piece: Evidence, *, to: str, at: datetime, why: str, place: str = "", condition: str = "", actor: Actor
) -> Handing:
    """The one who has it hands it to another. `to`: name and office, as they stand on the receipt.

    Raises:
        PersonFacingError: it lies in the future or before the last time it was handed on; it would go to who has it.
        Closed: the piece is not open to the actor.
    """
    case = piece.case
    lock(case)
    file = open_file(actor, case)
    if not file.sees(Part(piece.part)):
        raise Closed(Part(piece.part))
    check_moment(file, at)
    piece.subject = case.subject
    links = [one.told for one in links_of(file, piece)]
    last = links[-1]
    if at < datetime.fromisoformat(last["at"]):
        raise PersonFacingError(
            _("It was handed on later than this already."), _("Look whether day and time are right."), "at"
        )
    if to.strip().casefold() == str(last["to"]).casefold():
        raise PersonFacingError(_("They have it already."), field="to")
    link = {"from": last["to"], "to": to, "at": at.isoformat(), "place": place, "condition": condition, "why": why}
    handing = _add_link(piece, links, (file.open(piece, "content") or {})["sha256"], link, actor)
    mark(case, EventKind.EVIDENCE, actor, part=Part(piece.part))
    return handing


def _add_link(piece: Evidence, links: list[dict[str, Any]], sha256: str, told: dict[str, Any], actor: Actor) -> Handing:
    before = str(links[-1]["digest"]) if links else sha256
    return Handing.objects.create(
        subject=piece.subject,
        case=piece.case,
        evidence=piece,
        part=piece.part,
        number=len(links) + 1,
        author=actor.membership,
        at=actor.now,
        content=said(**told) | {"digest": chain.link(before, told)},
    )


def _named(actor: Actor) -> str:
    return f"{actor.user.display_name}, {actor.membership.agency}"


def _hash_of(file: File, document: Attachment) -> str:
    document.subject = file.row.subject
    if document.case_id != file.row.pk or not file.opens(document, "about"):
        raise PersonFacingError(_("This document is not open to you."), _("Choose another one."), "document")
    return str((file.open(document, "about") or {})["sha256"])
