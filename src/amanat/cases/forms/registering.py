"""Registering one child or brothers and sisters together, and opening a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.cases.actions.registering import NewChild
from amanat.cases.forms.about import Contacts, Identity
from amanat.cases.forms.choices import codes, codes_or, priority_field, risk_field
from amanat.cases.identity import contacts_from, identity_from
from amanat.web.forms import Form, LongText, Seen, Tick

MOST_AT_ONCE = 12
# Empty for a brother or sister means: as for the first child.
SHARED = ("family_name", "other_family", "safe_contact", "phones", "home_phone", "address", "guardian")


class ChildForm(Contacts, Identity):
    """One child on the page of registration."""

    says_what_is_needed = True
    risk = forms.ChoiceField(label=_("Risk"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)

    def __init__(self, request: HttpRequest, number: int, *, only_rearranged: bool) -> None:
        self.only_rearranged = only_rearranged
        super().__init__(request, prefix=f"child{number}")
        self.number = number
        self._offer("risk", codes_or("risk", _("Not assessed yet")))
        self._offer("priority", codes_or("priority", _("Not decided yet")))
        if number:
            for name in SHARED:
                self.fields[name].help_text = _("Leave this empty if it is as for the first child.")

    def full_clean(self) -> None:
        if self.only_rearranged:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def writes(self, *names: str) -> bool:
        """Whether something stands in any of these fields, or is wrong there: what is folded away must then be open."""
        return any(self[name].value() or (self.is_bound and self[name].errors) for name in names)

    @property
    def writes_other_script(self) -> bool:
        return self.writes("other_given", "other_patronymic", "other_family")

    @property
    def writes_document(self) -> bool:
        return self.writes("document_kind", "document_number")

    @property
    def writes_own_contacts(self) -> bool:
        return self.writes("safe_contact", "phones", "home_phone", "address", "guardian")

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        own = ("given_name", "other_given", "called", *(() if self.number else ("family_name", "other_family")))
        if not any(fields.get(name) for name in own):
            self.add_error("given_name", _("Write a name, or the name that the child goes by."))
        return fields


class RegisterForm(Form):
    """The children of one page, each a part. Buttons add and take out a part; nothing that was typed is lost."""

    all_the_same = forms.BooleanField(
        label=_("I have looked. Register as a new child all the same"), required=False, widget=Tick()
    )

    def __init__(self, request: HttpRequest) -> None:
        self.only_rearranged = bool({"add", "take_out"} & set(request.POST))
        super().__init__(request)
        self.numbers = self._numbers()
        self.children = [ChildForm(request, number, only_rearranged=self.only_rearranged) for number in self.numbers]
        self.subforms = [(self._title(place), child) for place, child in enumerate(self.children, 1)]
        self.draft_saved_at = next((child.draft_saved_at for child in self.children if child.draft_saved_at), None)

    def _numbers(self) -> list[int]:
        """Which parts there are, by number: the first child is 0. What was pressed is already done."""
        draft = getattr(self.request, "draft", None)
        held = self.sent if self.sent is not None else draft[0] if draft else {}
        numbers = sorted({int(text) for text in held.get("children", "").split() if text.isdecimal()} | {0})[
            :MOST_AT_ONCE
        ]
        if self.sent is not None and "add" in self.sent and len(numbers) < MOST_AT_ONCE:
            numbers.append(numbers[-1] + 1)
        gone = self.sent.get("take_out", "") if self.sent is not None else ""
        return [number for number in numbers if not number or str(number) != gone]

    def _title(self, place: int) -> str:
        return gettext("Child %(number)s") % {"number": place}

    @property
    def sent_whole(self) -> bool:
        """Sent to be registered, not only to add or take out a child."""
        return self.sent is not None and not self.only_rearranged

    @property
    def children_text(self) -> str:
        return " ".join(map(str, self.numbers))

    @property
    def is_full(self) -> bool:
        return len(self.numbers) == MOST_AT_ONCE

    def full_clean(self) -> None:
        if self.only_rearranged:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def new_children(self) -> list[NewChild]:
        """What to register, of a valid form; brothers and sisters share a family, and what they left empty."""
        first = self.children[0].cleaned_data
        family = "family" if len(self.children) > 1 else None
        return [_new(child.cleaned_data, first, family) for child in self.children]


def _new(own: dict[str, Any], first: dict[str, Any], family: str | None) -> NewChild:
    fields = own | {name: own[name] or first[name] for name in SHARED}
    if not fields["other_given"]:
        fields["other_family"] = own["other_family"]  # a family name alone is not this child's name in that script
    return NewChild(identity_from(fields), contacts_from(fields), fields["risk"], fields["priority"], family)


class OpenCaseForm(Form):
    """Opening a case: how urgent it is, and why it is opened."""

    risk = risk_field()
    priority = priority_field()
    reason = forms.CharField(
        label=_("Reason"), help_text=_("What happened, in a sentence or two."), widget=LongText(rows=3)
    )
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, risk=codes("risk"), priority=codes("priority"), **kwargs)
