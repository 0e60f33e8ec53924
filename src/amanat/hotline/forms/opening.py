"""A case out of a call: what has to be known, which is little; in an emergency three fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from amanat.cases.forms.choices import codes, codes_or, priority_field, risk_field
from amanat.hotline import clocks
from amanat.web.forms import Form, LongText, Seen

CRITICAL = "critical"
OLDEST = 120  # years
SELF = "self"  # of the list caller_type
CALLED_HELP = _("Leave this empty if nobody knows it: then the child goes by its code name. Do not make one up.")


def _name(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=100, **more)


def _what_happened() -> forms.CharField:
    return forms.CharField(
        label=_("What happened"),
        help_text=_("In a sentence or two, for who takes the case."),
        max_length=5_000,
        widget=LongText(rows=3),
        error_messages={"required": _("Write what happened. One sentence is enough.")},
    )


def _opened_before() -> Seen:
    """How many cases had come out of the matter as the page was shown."""
    field = Seen()
    field.required = False  # the alarm is raised also where a page does not say it
    return field


def _where() -> forms.CharField:
    return forms.CharField(
        label=_("Where the child is, and how to reach it safely"),
        required=False,
        max_length=2_000,
        widget=LongText(rows=2),
    )


class EmergencyForm(Form):
    """A child in danger now."""

    seen = _opened_before()
    what_happened = _what_happened()
    where = _where()
    called = _name(_("Name that the child goes by"), help_text=CALLED_HELP)

    def opening(self, about: dict[str, Any]) -> dict[str, Any]:
        """What the verb takes; `about`: what the call says of the child."""
        fields = self.cleaned_data
        return {
            "identity": identity(fields, about),
            "contacts": {"called": fields["called"]} if fields["called"] else {},
            "risk": CRITICAL,
            "priority": clocks.URGENT,
            "what_happened": fields["what_happened"],
            "where": fields["where"],
        }


class OpenCaseForm(Form):
    """A child who needs a case manager."""

    seen = _opened_before()
    called = _name(_("Name that the child goes by"), help_text=CALLED_HELP)
    given_name = _name(_("Given name"))
    family_name = _name(_("Family name"))
    birth_year = forms.IntegerField(label=_("If the day is not known: born about"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    risk = risk_field()
    priority = priority_field()
    what_happened = _what_happened()
    where = _where()

    def __init__(self, request: HttpRequest, initial: dict[str, Any]) -> None:
        super().__init__(
            request,
            initial=initial,
            risk=codes("risk"),
            priority=codes("priority"),
            sex=codes_or("sex", _("Not said")),
        )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        this_year = localdate(self.request.actor.now).year  # type: ignore[attr-defined]
        if year is not None and not this_year - OLDEST <= year <= this_year:
            raise forms.ValidationError(_("Write the year with four digits, for example 2012."))
        return year

    def opening(self, about: dict[str, Any]) -> dict[str, Any]:
        """What the verb takes; `about`: what the call says of the child."""
        fields = self.cleaned_data
        return {
            "identity": identity(fields, about),
            "contacts": {"called": fields["called"]} if fields["called"] else {},
            **{name: fields[name] for name in ("risk", "priority", "what_happened", "where")},
        }


def identity(fields: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """The sealed identity, of what is known; a name that nobody said is not there.

    `about`: the fields of the call. Its language is the child's where the child calls itself.
    """
    given, family = fields.get("given_name", ""), fields.get("family_name", "")
    name = {key: value for key, value in (("given", given), ("family", family)) if value}
    calls_itself = about["caller_type"] == SELF
    return {
        "names": [name] if name else [],
        "birth_date": "",
        "birth_year": str(fields.get("birth_year") or ""),
        "certainty": "",
        "sex": fields.get("sex", about["sex"]),
        "languages": [about["language"]] if calls_itself and about["language"] else [],
        "documents": [],
    }
