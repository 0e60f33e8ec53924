"""Taking a batch in: the rows that were chosen become children's files, in one transaction with the cursor of their import."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amanat.access.actor import Actor
from amanat.cases.actions.putting_in import put_in as write
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.laid import Laid
from amanat.cases.models import Case
from amanat.exchange.lines import AGAIN, EMPTY, FRESH, KNOWN, Became, Line, child_of, denied_in
from amanat.exchange.looking import brought_before, made_before
from amanat.exchange.models import Batch, ImportedRow
from amanat.people.models import Agency
from amanat.vault.ids import side_by_side
from amanat.web.errors import PersonFacingError, Refused

# Why a row was set aside. What is kept is the English text; the page says it in the language of its reader.
BY_AGENCY = gettext_noop("This row was brought before by your agency. Ask your supervisor.")
BY_YOU = gettext_noop("You brought this row before.")
BREAKS_HERE = gettext_noop("This row can't be kept as it stands. Register the child by hand.")

log = logging.getLogger(__name__)

# What a single row can break on. Anything else stops the import.
BREAKS = (PersonFacingError, ValueError, TypeError, LookupError, DataError, IntegrityError)


def chosen(content: Sequence[Line], batch: Batch, wanted: Mapping[str, Any], outcome: Mapping[str, Any]) -> list[int]:
    """The places, within the batch, of the rows that are to be taken now."""
    ticked = set(wanted["ticked"])
    return [
        at
        for at, line in enumerate(content)
        if str(at) not in outcome and _is_wanted(line, wanted["which"], batch.first + at in ticked)
    ]


def _is_wanted(line: Line, which: str, is_ticked: bool) -> bool:
    if line["kind"] in (AGAIN, EMPTY):
        return False
    if which == "ticked":
        return is_ticked
    return which == "all" or (line["kind"] == FRESH and (which == "fresh" or not line["wrong"]))


@side_by_side()
def take(
    batch: Batch, content: Sequence[Line], outcome: dict[str, Became], wanted: Mapping[str, Any], actor: Actor
) -> None:
    """Register the rows of a batch that are wanted. Call it inside the transaction that moves the cursor.

    A row that breaks is set aside with its sentence; the others go on. A row that stands in a file meanwhile makes no second.
    """
    _alone_in_the_agency(actor)
    places = chosen(content, batch, wanted, outcome)
    meanwhile = _made_meanwhile([content[at] for at in places], places, actor)
    outcome.update(meanwhile)
    fresh = [at for at in places if str(at) not in meanwhile]
    outcome.update(_registered([content[at] for at in fresh], fresh, actor))
    _settle(batch, content, outcome)


def put_in(
    batch: Batch,
    content: Sequence[Line],
    outcome: dict[str, Became],
    at: int,
    case: Case,
    *,
    headers: Mapping[str, str],
    actor: Actor,
) -> Laid:
    """Put one row of a batch into a file that is there. Call it inside the transaction that holds the import.

    Raises:
        PersonFacingError: something became of the row already, here or elsewhere; or it can't be written into this file.
    """
    _alone_in_the_agency(actor)
    line = content[at]
    if str(at) in outcome or line["kind"] not in (FRESH, KNOWN):
        raise PersonFacingError(_("This row was decided already."), _("Look at what became of the rows."))
    if meanwhile := _made_meanwhile([line], [at], actor).get(str(at)):
        told = _("This row stands in the file of %(code)s already.")
        raise PersonFacingError(told % meanwhile if "code" in meanwhile else _(meanwhile["aside"]))
    laid = write(case, line["values"], line["also"], headers, actor)
    _remember([case], [line], actor)
    outcome[str(at)] = {"case": case.pk.hex, "code": case.child.code_name, "into": True}
    _settle(batch, content, outcome)
    return laid


def _alone_in_the_agency(actor: Actor) -> None:
    """Two imports of one agency wait for each other."""
    Agency.objects.select_for_update(no_key=True).get(pk=actor.membership.agency_id)


def _settle(batch: Batch, content: Sequence[Line], outcome: dict[str, Became]) -> None:
    """Keep what became of the rows, and count anew."""
    batch.into = sum("into" in became for became in outcome.values())
    batch.taken = sum("case" in became for became in outcome.values()) - batch.into
    batch.aside = sum("aside" in became for became in outcome.values())
    left = [line for at, line in enumerate(content) if str(at) not in outcome]
    batch.fresh = sum(line["kind"] == FRESH for line in left)
    batch.right = sum(line["kind"] == FRESH and not line["wrong"] for line in left)
    batch.known = sum(line["kind"] == KNOWN for line in left)
    batch.denied = denied_in(left)
    batch.outcome = outcome
    batch.save(update_fields=["fresh", "right", "known", "denied", "taken", "into", "aside", "outcome"])


def _made_meanwhile(lines: Sequence[Line], places: Sequence[int], actor: Actor) -> dict[str, Became]:
    """Rows that stand in a file since the dry run, by the same worker or a colleague."""
    made, brought = made_before(lines, actor), brought_before(lines, actor)
    became: dict[str, Became] = {}
    for line, at in zip(lines, places, strict=True):
        row = bytes.fromhex(line["row"])
        if file := made.get(row):
            became[str(at)] = {"case": file.row.pk.hex, "code": str(file.row), "into": True}
        elif row in brought:
            became[str(at)] = {"aside": BY_YOU if brought[row] else BY_AGENCY}
    return became


def _registered(lines: Sequence[Line], places: Sequence[int], actor: Actor) -> dict[str, Became]:
    """All at once; where that breaks, one by one, so that one bad row keeps no other out."""
    if not lines:
        return {}
    try:
        return _made(lines, places, _register([child_of(line["values"], line["also"]) for line in lines], lines, actor))
    except Refused:
        raise
    except BREAKS:
        return {str(at): _alone(line, at, actor) for line, at in zip(lines, places, strict=True)}


def _alone(line: Line, at: int, actor: Actor) -> Became:
    try:
        return _made([line], [at], _register([child_of(line["values"], line["also"])], [line], actor))[str(at)]
    except Refused:
        raise
    except PersonFacingError as error:
        return {"aside": str(error)}
    except BREAKS as error:
        log.error("a row was set aside: %s", type(error).__name__)  # the message could repeat what stood in the row
        return {"aside": BREAKS_HERE}


@transaction.atomic
def _register(children: Sequence[NewChild], lines: Sequence[Line], actor: Actor) -> list[Case]:
    cases = register(children, actor=actor)
    _remember(cases, lines, actor)
    return cases


def _remember(cases: Sequence[Case], lines: Sequence[Line], actor: Actor) -> None:
    ImportedRow.objects.bulk_create(
        ImportedRow(
            subject=case.subject,
            by=actor.membership,
            row=bytes.fromhex(line["row"]),
            who=bytes.fromhex(line["who"]),
        )
        for case, line in zip(cases, lines, strict=True)
    )


def _made(lines: Sequence[Line], places: Sequence[int], cases: Sequence[Case]) -> dict[str, Became]:
    return {
        str(at): {"case": case.pk.hex, "code": case.child.code_name}
        for at, _line, case in zip(places, lines, cases, strict=True)
    }
