"""Registering one child or brothers and sisters together, and opening a case."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat.cases.actions.registering import NewChild
from amanat.cases.forms.about import Contacts, Identity
from amanat.cases.forms.choices import codes, codes_or
from amanat.cases.identity import contacts_from, identity_from
from amanat.web.forms import Form, LongText, Radios, Seen, Tick

MOST_AT_ONCE = 12
# Empty for a brother or sister means: as for the first child.
SHARED = ("family_name", "other_family", "safe_contact", "phones", "address", "guardian")


class ChildForm(Identity, Contacts):
    """One child on the page of registration."""

    risk = forms.ChoiceField(label=_("Risk"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)

    def __init__(self, request: HttpRequest, number: int) -> None:
        super().__init__(request, prefix=f"child{number}")
        self.number = number
        self._offer("risk", codes_or("risk", _("Not assessed yet")))
        self._offer("priority", codes_or("priority", _("Not decided yet")))
        if number:
            for name in SHARED:
                self.fields[name].help_text = _("Leave this empty if it is as for the first child.")

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        named = ("given_name", "family_name", "other_given", "other_family", "called")
        own = named if not self.number else ("given_name", "other_given", "called")
        if not any(fields.get(name) for name in own):
            self.add_error("given_name", _("Write a name, or the name that the child goes by."))
        return fields


class RegisterForm(Form):
    """The children of one page, each a part. Buttons add and take out a part; nothing that was typed is lost."""

    children = forms.IntegerField(widget=forms.HiddenInput, initial=1, min_value=1, max_value=MOST_AT_ONCE)
    all_the_same = forms.BooleanField(
        label=_("I have looked: register as a new child all the same"), required=False, widget=Tick()
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.numbers = self._numbers()
        self.parts = [(self._title(place), ChildForm(request, number)) for place, number in enumerate(self.numbers)]
