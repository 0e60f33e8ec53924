"""Correcting what is known of a child, a part at a time: the fields of `about`, a reason, and the version that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.cases.forms.about import Contacts, Identity, Safety
from amanat.cases.identity import contacts_from, identity_from, safety_from
from amanat.web.forms import Form, LongText, Seen


class Correction(Form):
    """What every correction asks besides the fields of its part."""

    reason = forms.CharField(
        label=_("Why it is corrected"),
        help_text=_("It stands in the timeline and in the log."),
        widget=LongText(rows=2),
    )
    seen = Seen()


class IdentityForm(Correction, Identity):
    """Who the child is."""


class ContactsForm(Correction, Contacts):
    """How the child is reached."""


class SafetyForm(Correction, Safety):
    """What threatens the child."""


FORMS: dict[Part, type[Correction]] = {
    Part.IDENTITY: IdentityForm,
    Part.CONTACTS: ContactsForm,
    Part.SAFETY: SafetyForm,
}


def value_of(part: Part, fields: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The value to seal of a correction's fields; what the form does not show stays as it was before."""
    if part is Part.IDENTITY:
        return identity_from(fields, before)
    kept: Callable[[Mapping[str, Any]], dict[str, Any]] = contacts_from if part is Part.CONTACTS else safety_from
    return {**before, **kept(fields)}
