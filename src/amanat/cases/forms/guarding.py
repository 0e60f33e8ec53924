"""Conflicts of interest, revealing a part, emergencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.cases.forms.choices import codes, parts
from amanat.cases.forms.knowing import Exact
from amanat.cases.forms.workers import PersonChoice, WorkerChoice, called
from amanat.people.models import User
from amanat.web.forms import Form, LongText, Radios

WHOLE = "whole"
Workers = Callable[[], list[User]]


class ConflictForm(Form):
    """Who is kept out of what. The person is found by name; several of that name are offered to choose from."""

    name = forms.CharField(label=_("Name of the worker"), help_text=_("In any script."), max_length=120)
    user = PersonChoice()
    part = forms.ChoiceField(label=_("Kept out of"))
    to = WorkerChoice(
        label=_("New case manager"),
        help_text=_("Only if this person is the case manager: who takes the case over."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For example: cousin of the suspect. Only the data protection officer can read it."),
        widget=LongText(rows=3),
    )

    def __init__(self, request: HttpRequest, workers: Workers, **choices: Any) -> None:
        super().__init__(request, **choices)
        whole: list[Any] = [(WHOLE, _("The whole file"))]
        self._offer("part", whole + parts(part for part in Part if part is not Part.EXISTENCE))
        self.found = called(self.sent.get("name", ""), workers()) if self.sent else []
        if len(self.found) > 1:
            self._offer(
                "user",
                User.objects.filter(pk__in=[user.pk for user in self.found]).prefetch_related("memberships__agency"),
            )
        else:
            del self.fields["user"]

    def clean_part(self) -> str:
        return "" if self.cleaned_data["part"] == WHOLE else str(self.cleaned_data["part"])

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if len(self.found) == 1:
            fields["user"] = self.found[0]
        elif not self.found and fields.get("name"):
            self.add_error("name", _("Nobody of this name works in the network. Check the spelling."))
        elif self.found and not fields.get("user"):
            self.add_error("user", _("Several people have this name. Choose one."))
        fields.pop("name", None)
        return fields


class LiftForm(Form):
    reason = forms.CharField(label=_("Why the conflict is over"), widget=LongText(rows=3))


class RevealForm(Form):
    reason = forms.CharField(
        label=_("What you need it for"),
        help_text=_("It stands in the log. The data protection officer reads it."),
        widget=LongText(rows=3),
    )


class EmergencyForm(Exact):
    """By code name, or by what singles the child out."""

    field_order = ["code_name", "given_name", "family_name", "birth_date", "phones", "document_number", "reason"]

    code_name = forms.CharField(
        label=_("Code name of the child"),
        max_length=60,
        error_messages={
            "required": _("Write the code name; or a name with the birth date, a phone or a document number.")
        },
    )
    reason = forms.CharField(
        label=_("What is happening"),
        help_text=_("Two or three sentences. The circle of care and the supervisor read them."),
        widget=LongText(rows=3),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.by_identity = any(self.data.get(name) for name in Exact.base_fields)
        self.fields["code_name"].required = not self.by_identity

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        features = self.features()
        return {"code_name": typed.get("code_name", ""), "features": features, "reason": typed.get("reason", "")}


class SecondForm(Form):
    reason = forms.CharField(
        label=_("Why you agree"), help_text=_("For example: called back, the danger is real."), widget=LongText(rows=3)
    )


class JudgementForm(Form):
    judgement = forms.ChoiceField(label=_("Was it right to open the file?"), widget=Radios())
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody who knows of the file reads this. Leave out names and details."),
        widget=LongText(rows=3),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._offer("judgement", codes("emergency_judgement"))
