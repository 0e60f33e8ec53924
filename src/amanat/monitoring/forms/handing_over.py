"""The record of handing a child over, and that it is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.persons import Around
from amanat.monitoring.hand_overs import LABELS
from amanat.web.forms import DateInput, DateTimeInput, Form, LongText, Tick

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _short(name: str, told: StrOrPromise = "", *, needed: bool = True) -> forms.CharField:
    return forms.CharField(label=LABELS[name], help_text=told, required=needed, max_length=200)


def _long(name: str, told: StrOrPromise = "") -> forms.CharField:
    return forms.CharField(label=LABELS[name], help_text=told, required=False, widget=LongText(rows=2))


class HandOverForm(Form):
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    place = _short(
        "place", _("An office or a house that may be named. No address of a home: it stands with the contacts.")
    )
    by = _short("by")
    by_capacity = _short("by_capacity")
    carer = forms.ChoiceField(
        label=_("To whom"),
        help_text=_("Somebody of the people around the child. A suspect is not offered."),
        required=False,
        error_messages={"invalid_choice": _("This person is recorded as a suspect, or not on the list any more.")},
    )
    to = _short("to", _("The name as it stands in their papers."))
    to_capacity = _short("to_capacity")
    identity = _short("identity", _("Which paper was shown. No number is needed."), needed=False)
    escort = _short("escort", needed=False)
    documents = _long("documents")
    medicine = _long("medicine")
    belongings = _long("belongings")
    advice = _long("advice", _("Nothing of what happened to the child."))
    words = _long("words")
    witness = _short("witness", needed=False)
    witness_capacity = _short("witness_capacity", needed=False)

    def __init__(self, request: Request, persons: Sequence[Around], initial: Mapping[str, Any]) -> None:
        super().__init__(request, initial)
        known = [(one.ref, one.called) for one in persons if not one.is_suspect]
        self._offer("carer", [("", _("Nobody by name")), *known])


class SignedForm(Form):
    on = forms.DateField(label=_("Signed on"), widget=DateInput())
    both = forms.BooleanField(
        label=_("Who hands over and who receives the child have signed the paper"), required=False, widget=Tick()
    )
    words = forms.CharField(label=_("What was said or noted at the hand-over"), required=False, widget=LongText(rows=3))
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, request: Request, number: str) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now), "seen": number})
