"""Codes of the workspace's pack as choices of a form, with what each means, and whether anybody could check the list."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.web.forms import Explained, Radios

UNVERIFIED = _("Nobody has checked the source of this list yet. Your country's team should.")


def codes(name: str) -> list[tuple[str, str]]:
    """(code, label) of a list; a label carries the list's help, which radios show below it."""
    offered = packs.current().codes(name)
    return [(code, Explained(label, _help(offered[code]))) for code, label in offered.choices()]


def risk_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Risk"), widget=Radios(), error_messages={"required": _("Choose how great the danger is.")}
    )


def priority_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Priority"), widget=Radios(), error_messages={"required": _("Choose how urgent it is.")}
    )


def codes_or(name: str, nothing: str | Promise) -> list[tuple[str, str]]:
    """The list, after a choice of none of it."""
    return [("", str(nothing)), *codes(name)]


def caution(*names: str) -> str | Promise:
    """The sentence to print beside lists whose source nobody could check; "" where somebody could."""
    lists = [packs.current().codes(name) for name in names]
    unverified = any(not one.verified or not all(code.verified for code in one.codes) for one in lists)
    return UNVERIFIED if unverified else ""


def parts(offered: Iterable[Part]) -> list[tuple[str, str]]:
    """Parts of a file as choices."""
    return [(part.value, capfirst(str(PART_LABELS[part]))) for part in offered]


def _help(code: packs.Code) -> str:
    return code.help.text() if code.help else ""
