"""Shared by the verbs of this folder: the plan under the lock of its case, and what can't be in a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part
from amanat.cases.actions.marking import lock
from amanat.cases.models import Case
from amanat.cases.stating import demand
from amanat.plans import terms, texts
from amanat.plans.models import Plan, PlanRow
from amanat.plans.reading import Standing, may_write
from amanat.web.errors import PersonFacingError


def held(case: Case, actor: Actor) -> Standing:
    """The plan under the lock of the case: nobody agrees to it while somebody writes.

    Raises:
        PersonFacingError: the case is closed.
        Closed: the plan is not open to the actor.
    """
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    file = open_file(actor, case)
    demand(file, Part.PLAN)
    return Standing(file)


def demand_draft(standing: Standing) -> Plan:
    """Raises:
    PersonFacingError: no version is being drafted.
    """
    if standing.draft is None:
        raise PersonFacingError(
            _("No version of the plan is being drafted."),
            _("Ask the case manager to begin one; what was agreed stands."),
        )
    return standing.draft


def demand_own(standing: Standing, row: PlanRow | None) -> None:
    """Raises:
    Closed: the actor does not write the plan at all.
    PersonFacingError: the row is another's part.
    """
    if not standing.file.writes(Part.PLAN):
        raise Closed(Part.PLAN)
    if not may_write(standing.file, row):
        raise PersonFacingError(_("This row is another profession's part."), _("Write a proposal beside it instead."))


def kept(kind: str, given: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of a row's fields: texts, days as ISO dates; what is empty is left out.

    Raises:
        ValueError: the kind has no such field, or a code is none of its list.
        PersonFacingError: it would end before it begins, or say to a child what frightens.
    """
    if strange := sorted(given.keys() - set(texts.FIELDS[kind])):
        raise ValueError(f"no fields of {kind}: {strange}")
    told = {
        name: value.isoformat() if isinstance(value, date) else str(value or "").strip()
        for name, value in given.items()
    }
    told = {name: value.replace("\r\n", "\n") for name, value in told.items() if value}
    if "for_child" not in told:
        told.pop("child_language", None)
    for name, codes in texts.CODES.items():
        if name in told:
            packs.current().codes(codes)[told[name]]
    if told.get("start", "") > told.get("end", "9999"):
        raise PersonFacingError(_("This is before the day on which it begins."), field="end")
    if word := terms.kind().frightens(told.get("for_child", "")):
        raise PersonFacingError(
            _("This can frighten or shame a child: %(word)s…") % {"word": word},
            _("Say in simple words what will be good then, and nothing of what was."),
            "for_child",
        )
    return told
