"""An incident, and what is added to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.cases.forms.workers import WorkerChoice
from amanat.cases.shown import Line
from amanat.centre.incidents import ADDED, CLOSED, CORRECTED, KINDS, SEVERITIES, TOLD
from amanat.people.models import Membership
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Radios

ADDS = [
    (ADDED, _("Something is added")),
    (CORRECTED, _("Something was wrong, and is put right")),
    (CLOSED, _("It is closed: nothing is left to be done")),
]
OWN = _("What is of this child alone")


class IncidentForm(Form):
    kind = forms.ChoiceField(label=_("Kind of incident"), widget=Radios())
    severity = forms.ChoiceField(label=_("How grave"), widget=Radios())
    happened_at = forms.DateTimeField(label=_("When it happened"), widget=DateTimeInput())
    words = forms.CharField(
        label=_("What was seen and heard, in order"),
        help_text=_("It stands on the file of each child whom you choose below. Children by code name only."),
        widget=LongText(rows=6),
    )
    own = forms.CharField(
        label=OWN,
        help_text=_("Injuries, words, how the child is. Only this child's file has it."),
        required=False,
        widget=LongText(rows=3),
    )
    others = forms.MultipleChoiceField(label=_("Other children whom it is about"), required=False, widget=Checkboxes())
    done = forms.CharField(label=_("What was done at once"), widget=LongText(rows=3))
    told = forms.MultipleChoiceField(label=_("Who was told"), required=False, widget=Checkboxes())
    accused = WorkerChoice(
        label=_("The worker whom an allegation is about"),
        help_text=_("From this moment they find none of these files. They are not told."),
        required=False,
    )
    to = WorkerChoice(
        label=_("New case manager"),
        help_text=_("Only if this worker is the case manager: who takes the case over."),
        required=False,
    )
    outside = forms.CharField(
        label=_("To which body outside it is reported, and when"),
        help_text=_("Needed for an allegation against staff: those whom it is about do not decide on it."),
        required=False,
        max_length=300,
    )
    next = forms.CharField(
        label=_("What is done so that it does not happen again"), required=False, widget=LongText(rows=2)
    )
    needed_at_times = ("outside", "to", "accused")

    def __init__(self, request: Request, others: Sequence[File], **workers: Any) -> None:
        super().__init__(request, {"happened_at": timezone.localtime(request.actor.now)}, **workers)
        self._offer("kind", codes(KINDS))
        self._offer("severity", codes(SEVERITIES))
        self._offer("told", codes(TOLD))
        self._cases = {file.row.pk.hex: file.row for file in others}
        if others:
            self._offer("others", [(file.row.pk.hex, Line(file, None).code_name) for file in others])
        else:
            del self.fields["others"]

    def clean(self) -> dict[str, Any]:
        """The other children as the verb takes them, and the worker as a person."""
        sent = super().clean() or self.cleaned_data
        chosen = [self._cases[ref] for ref in sent.pop("others", [])]
        accused: Membership | None = sent.get("accused")
        return sent | {"siblings": chosen, "accused": accused.user if accused else None}


class AddForm(Form):
    adds = forms.ChoiceField(label=_("What you write"), choices=ADDS, widget=Radios())
    words = forms.CharField(
        label=_("In words"),
        help_text=_(
            "It stands on the file of each child whom it is about and on whose file you may write. Children by code name only."
        ),
        widget=LongText(rows=4),
    )
    own = forms.CharField(label=OWN, required=False, widget=LongText(rows=2))
    severity = forms.ChoiceField(label=_("How grave, if that has changed"), required=False)
    told = forms.MultipleChoiceField(label=_("Who was told"), required=False, widget=Checkboxes())
    outside = forms.CharField(label=_("To which body outside it is reported, and when"), required=False, max_length=300)
    next = forms.CharField(
        label=_("What is done so that it does not happen again"), required=False, widget=LongText(rows=2)
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("severity", codes_or(SEVERITIES, _("As before")))
        self._offer("told", codes(TOLD))
