"""What a line of the timeline that came from a call tells of it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.cases.shown import label

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By key of `told` and `back` of its note: what it is called, and the pack's list of codes (*country* and *answer* are none).
_OF_CALLS: dict[str, tuple[StrOrPromise, str]] = {
    "number": (_("Number of the caller"), ""),
    "caller_name": (_("Who calls, as they say"), ""),
    "may_call_back": (_("Is it safe to call back?"), "answer"),
    "call_back_when": (_("When it is safe"), ""),
    "call_back_how": (_("How: which number, what to say, whom to ask for"), ""),
    "code_word": (_("Code word"), ""),
    "call_back_others": (_("If somebody else picks up"), "answer"),
    "caller_type": (_("Who they are"), "caller_type"),
    "language": (_("Language"), "language"),
    "region": (_("Region"), "region"),
    "reasons": (_("What it is about"), "call_reason"),
    "age": (_("Age, about"), "age_band"),
    "sex": (_("Sex"), "sex"),
    "destination": (_("Destination"), "country"),
    "purpose": (_("Purpose of the journey"), "travel_purpose"),
    "minor": (_("Somebody under 18 travels"), "answer"),
    "recruiter": (_("Who offers it: name of a person or agency"), ""),
    "recruiter_phone": (_("Their number or page"), ""),
    "contract": (_("Contract"), "contract"),
    "documents": (_("Documents"), "travel_documents"),
    "red_flags": (_("Red flags"), "red_flag"),
}
_ANSWERS: dict[Any, StrOrPromise] = {
    True: _("Yes"),
    "yes": _("Yes"),
    "no": _("No"),
    "not_asked": _("Not asked"),
    "say_nothing": _("Not asked: say nothing"),
    "nothing": _("Say nothing, hang up"),
    "message": _("The hotline may speak with them, or leave a message"),
}


def told(said: Mapping[str, Any]) -> list[tuple[StrOrPromise, str]]:
    return [(name, _of_code(codes, said[key])) for key, (name, codes) in _OF_CALLS.items() if said.get(key)]


def _of_code(codes: str, held: Any) -> str:
    if isinstance(held, list):
        return ", ".join(label(codes, one) for one in held)
    if codes == "country":
        countries = packs.current().countries
        return countries.name(held) if held in countries else str(held)
    if codes == "answer":
        return str(_ANSWERS.get(held, held))
    return label(codes, held) if codes else str(held)
