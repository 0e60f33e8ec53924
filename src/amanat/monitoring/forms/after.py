"""Follow-ups, outcomes, signs of re-trafficking, closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.pages import Request
from amanat.cases.circle import in_circle
from amanat.cases.forms.choices import codes
from amanat.cases.forms.workers import WorkerChoice
from amanat.monitoring import pack
from amanat.monitoring.closings import AGREED, REASONS
from amanat.monitoring.followups import RESULTS, WAYS
from amanat.monitoring.forms.solving import offered
from amanat.monitoring.models import View
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios

LEVEL = "level_"
LEVELS, SIGNS = "outcome_level", "retrafficking_sign"


class WhoChoice(WorkerChoice):
    """Whose a follow-up is; nobody chosen: whoever manages the case."""

    def __init__(self) -> None:
        super().__init__(label=_("Who"), required=False)
        self.empty_label = _("Whoever manages the case")


class ArrangeForm(Form):
    begins = forms.DateField(
        label=_("Counted from"),
        help_text=_("The day on which the child left the centre, or came to its new home."),
        widget=DateInput(),
    )

    anew = forms.BooleanField(
        label=_("Begin a new round. What is left of the last one ends"),
        help_text=_("Where the child came to another home. After a stay in a centre that happens by itself."),
        required=False,
    )

    def __init__(self, request: Request, begins: date | None, *, are_there: bool) -> None:
        super().__init__(request, {"begins": begins or timezone.localdate(request.actor.now)})
        if not are_there:
            del self.fields["anew"]


class MoveFollowUpForm(Form):
    due_on = forms.DateField(label=_("Day"), widget=DateInput())
    who = WhoChoice()

    def __init__(self, request: Request, file: File, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, initial, who=in_circle(file))


class ByNeedForm(MoveFollowUpForm):
    why = forms.CharField(label=_("What for"), widget=LongText(rows=2))
    field_order = ["due_on", "why", "who"]


class FollowUpForm(Form):
    on = forms.DateField(label=_("Day"), widget=DateInput())
    way = forms.ChoiceField(label=_("How"), widget=Radios())
    result = forms.ChoiceField(label=_("What was found"), widget=Radios())
    words = forms.CharField(
        label=_("In words"), help_text=_("What you saw and heard; what was tried in vain."), widget=LongText(rows=4)
    )
    child_says = forms.CharField(label=_("What the child says"), required=False, widget=LongText(rows=3))
    next = forms.DateField(
        label=_("When it is tried again"),
        help_text=_(
            "Only where the child was not reached. Empty: nobody tries again, and how the child is stays unknown."
        ),
        required=False,
        widget=DateInput(),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)}, way=codes(WAYS), result=codes(RESULTS))


class OutcomesForm(Form):
    view = forms.ChoiceField(label=_("Whose view it is"), choices=View, widget=Radios())
    on = forms.DateField(label=_("Day"), widget=DateInput())
    words = forms.CharField(
        label=_("In words"), help_text=_("Of the child: in its own words."), required=False, widget=LongText(rows=4)
    )

    def __init__(self, request: Request, view: str) -> None:
        levels = [("", _("Not looked at")), *codes(LEVELS)]
        asked: dict[str, forms.Field] = {
            LEVEL + name: forms.ChoiceField(label=item.label.text(), required=False, choices=levels)
            for name, item in pack.listed("outcome").items()
        }
        declared = dict(type(self).declared_fields)
        words = declared.pop("words")
        self.base_fields = declared | asked | {"words": words}  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, {"on": timezone.localdate(request.actor.now), "view": view})

    says_what_is_needed = True

    def clean(self) -> dict[str, Any]:
        """The levels together, as the verb takes them."""
        sent = super().clean() or {}
        levels = {name.removeprefix(LEVEL): sent.pop(name) for name in list(sent) if name.startswith(LEVEL)}
        return sent | {"levels": levels}


class SignsForm(Form):
    signs = forms.MultipleChoiceField(label=_("What was seen or heard"), required=False, widget=Checkboxes())
    words = forms.CharField(
        label=_("In words"),
        help_text=_("Who says so, since when, where the child is now."),
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request, signs=codes(SIGNS))


class AskClosingForm(Form):
    why = forms.ChoiceField(label=_("Why the case is to be closed"), widget=Radios())
    met = forms.MultipleChoiceField(label=_("What is met"), required=False, widget=Checkboxes())
    not_met = forms.CharField(
        label=_("Why it is closed although something is not met"), required=False, widget=LongText(rows=3)
    )
    child = forms.ChoiceField(label=_("The child"), widget=Radios(attrs={"class": "short"}))
    guardian = forms.ChoiceField(label=_("The guardian"), widget=Radios(attrs={"class": "short"}))
    words = forms.CharField(label=_("What the child and the guardian say"), required=False, widget=LongText(rows=3))
    needed_at_times = ("not_met", "words")

    def __init__(self, request: Request) -> None:
        agreed = codes(AGREED)
        super().__init__(request, why=codes(REASONS), met=offered("closing"), child=agreed, guardian=agreed)


class AnswerForm(Form):
    approved = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Approve: the case may be closed")), ("no", _("Send back: something is missing"))],
        coerce=lambda answer: answer == "yes",
        widget=Radios(),
    )
    words = forms.CharField(label=_("In words"), required=False, widget=LongText(rows=3))
    needed_at_times = ("words",)
