"""The way to a family: the question to the child, what was tried, the assessment; and where somebody stands around the child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.cases.persons import NO_RELATION, RELATIONS, Around
from amanat.social.family import ANSWERS, CONTACT, MEANS, QUESTIONS, RESULTS, YES_NO, Told
from amanat.social.network import RINGS
from amanat.web.forms import DateInput, Form, LongText, Radios

DESPITE = _("On what ground it is done all the same")


class AskForm(Form):
    needed_at_times = ("person", "name", "relation")

    on = forms.DateField(label=_("The child was asked on"), widget=DateInput())
    person = forms.ChoiceField(
        label=_("Who is to be looked for"), help_text=_("A suspect is not offered."), required=False
    )
    name = forms.CharField(
        label=_("Or who it is, if not on the list"),
        help_text=_("A person, or a family."),
        required=False,
        max_length=120,
    )
    relation = forms.ChoiceField(label=_("What they are to the child"), required=False)
    answer = forms.ChoiceField(label=_("What the child said"), widget=Radios())
    words = forms.CharField(label=_("In the child's own words"), required=False, widget=LongText(rows=3))

    def __init__(self, request: Request, around: Sequence[Around]) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        offered = [(one.ref, one.called) for one in around if not one.is_suspect]
        self._offer("person", [("", _("Somebody else")), *offered])
        self._offer("relation", [one for one in codes_or(RELATIONS, _("Choose")) if one[0] != NO_RELATION])
        self._offer("answer", codes(ANSWERS))


class _Answering(Form):
    """A step that answers the question to the child. `despite` is asked only where the child said no."""

    def __init__(self, request: Request, asked: Told) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        if not asked.child_declined:
            del self.fields["despite"]


class TryForm(_Answering):
    needed_at_times = ("despite",)

    on = forms.DateField(label=_("On"), widget=DateInput())
    means = forms.ChoiceField(label=_("How"), widget=Radios())
    what = forms.CharField(
        label=_("What was done"), help_text=_("Nothing that tells where the child is."), widget=LongText(rows=3)
    )
    contact = forms.ChoiceField(label=_("Were they reached?"), widget=Radios())
    despite = forms.CharField(label=DESPITE, required=False, widget=LongText(rows=2))

    def __init__(self, request: Request, asked: Told) -> None:
        super().__init__(request, asked)
        self._offer("means", codes(MEANS))
        self._offer("contact", codes(CONTACT))


class AssessForm(_Answering):
    needed_at_times = ("despite", "willing", "able", "involved", "measures")

    on = forms.DateField(label=_("Assessed on"), widget=DateInput())
    willing = forms.ChoiceField(label=QUESTIONS["willing"], required=False, widget=Radios(attrs={"class": "short"}))
    able = forms.ChoiceField(label=QUESTIONS["able"], required=False, widget=Radios(attrs={"class": "short"}))
    involved = forms.ChoiceField(label=QUESTIONS["involved"], required=False, widget=Radios(attrs={"class": "short"}))
    household = forms.CharField(
        label=_("Who lives there"),
        help_text=_("One name a line. Each is compared with the suspects of this file."),
        required=False,
        widget=LongText(rows=4),
    )
    nearby = forms.CharField(
        label=_("Help nearby"), help_text=_("School, clinic, social worker."), required=False, max_length=300
    )
    words = forms.CharField(
        label=_("Social inquiry"),
        help_text=_("Who was spoken to, what was seen, what the child says of it, what could endanger it again."),
        widget=LongText(rows=8),
    )
    result = forms.ChoiceField(label=_("Result"), widget=Radios())
    measures = forms.CharField(
        label=_("Measures"), help_text=_("If it is safe only with them."), required=False, widget=LongText(rows=3)
    )
    despite = forms.CharField(label=DESPITE, required=False, widget=LongText(rows=2))

    def __init__(self, request: Request, asked: Told) -> None:
        super().__init__(request, asked)
        for name in ("willing", "able", "involved"):
            self._offer(name, codes(YES_NO))
        self._offer("result", codes(RESULTS))

    def clean(self) -> dict[str, Any]:
        """The household as a list."""
        sent = super().clean() or self.cleaned_data
        lines = [line.strip() for line in str(sent.get("household") or "").splitlines()]
        return sent | {"household": [line for line in lines if line]}


class PlaceForm(Form):
    ring = forms.ChoiceField(label=_("Where they stand to the child"), widget=Radios())
    safe = forms.ChoiceField(
        label=_("Is the child safe with them?"), required=False, widget=Radios(attrs={"class": "short"})
    )
    words = forms.CharField(label=_("In words"), required=False, widget=LongText(rows=2))

    def __init__(self, request: Request, *, is_suspect: bool) -> None:
        super().__init__(request)
        self._offer("ring", codes(RINGS))
        if is_suspect:
            del self.fields["safe"]
        else:
            self._offer("safe", codes(YES_NO))
