"""What the file of a child gets of the calls that its case came from: added to its timeline, in codes and the words that were typed.

Within verbs that hold the call or its matter. Nobody reads the file for it; what stands there is only added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Part
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.hotline import content
from amanat.hotline.agreed import MESSAGE
from amanat.hotline.models import Call, Matter, MatterCase

WAY_BACK: Final = (
    "number",
    "caller_name",
    "may_call_back",
    "call_back_when",
    "call_back_how",
    "code_word",
    "call_back_others",
)
ABOUT: Final = ("caller_type", "language", "region", "reasons", "age", "sex", *content.TRAVEL)


def goes_to(matter: Matter) -> list[Case]:
    """The cases that get what is written down now: those that came out of the matter, are open, and stayed with the agency."""
    rows = MatterCase.objects.filter(matter=matter, case__closed_at=None, case__agency=matter.agency_id)
    return [row.case for row in rows.select_related("case__subject", "case__child").order_by("opened_at", "pk")]


def all_of(case: Case, call: Call, file: File, since: datetime | None) -> None:
    """The case that comes out of this call gets it, and the other calls of its matter; `since` as `from_elsewhere.carry` has it."""
    rows = Call.objects.filter(matter=call.matter).exclude(pk=call.pk)
    for one in (rows.filter(rang_at__gt=since) if since else rows).order_by("rang_at", "id"):
        one.subject, one.matter = file.row.subject, call.matter
        _add(case, one, content.fields_of(file, one), file.actor, at=one.answered_at or one.rang_at)
    _add(case, call, content.fields_of(file, call), file.actor, is_first=True)


def what_is_new(call: Call, before: Mapping[str, Any], now: Mapping[str, Any], actor: Actor) -> None:
    """What was added to a call or changed in it; the way to call back safely always as a whole."""
    fresh = {name: now[name] for name in ("summary", *ABOUT) if now[name] != before[name]}
    if any(now[name] != before[name] for name in WAY_BACK):
        fresh |= {name: now[name] for name in WAY_BACK}
    for case in goes_to(call.matter) if fresh else ():
        _add(case, call, fresh, actor)


def of_a_moved_call(call: Call, to: Matter, actor: Actor, but: Iterable[Case]) -> None:
    """A call came into a matter: its cases learn of it, but for those that had it before."""
    cases = [case for case in goes_to(to) if case not in set(but)]
    if cases:
        moved = Call.objects.select_related("subject", "matter__subject").get(pk=call.pk)
        fields = content.fields_of(open_file(actor, to), moved)
        for case in cases:
            _add(case, call, fields, actor, at=call.answered_at or call.rang_at)


def safe_contact(fields: Mapping[str, Any]) -> str:
    """For the contacts of the child, as it was said; only what somebody said is safe. The warning in the operator's language, as the
    rest is.
    """
    if fields["may_call_back"] != "yes":
        return ""
    said = ("number", "caller_name", "call_back_when", "call_back_how", "code_word")
    lines = [str(fields[name]) for name in said if fields[name]]
    if fields["call_back_others"] != MESSAGE:
        lines.append(_("If somebody else picks up: say nothing, hang up."))
    return "\n".join(lines)


def _add(
    case: Case,
    call: Call,
    fields: Mapping[str, Any],
    actor: Actor,
    *,
    at: datetime | None = None,
    is_first: bool = False,
) -> None:
    """A line with what was told, and one of the part *contacts* with how to call back."""
    matter = call.matter.code_name
    told = _said(fields, ABOUT)
    if is_first or told or fields.get("summary"):
        text = fields.get("summary", "")
        mark(case, EventKind.FROM_CALL, actor, at=at, text=text, told=told or None, matter=matter)
    back = _said(fields, WAY_BACK)
    if back:
        back = {"may_call_back": "not_asked", "call_back_others": "say_nothing"} | back
        mark(case, EventKind.FROM_CALL, actor, part=Part.CONTACTS, at=at, back=back, matter=matter)


def _said(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if fields.get(name)}
