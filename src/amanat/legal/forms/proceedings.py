"""Forms about proceedings, hearings and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.pages import Request
from amanat.access.policy import Relation
from amanat.cases import persons
from amanat.cases.circle import in_circle
from amanat.cases.forms.choices import codes
from amanat.legal.models import ChildRole, HearingState, ProceedingKind, ProceedingState
from amanat.legal.ruled import EVENTS
from amanat.legal.showing import MEASURES
from amanat.legal.who import knows_people
from amanat.people.models import Membership
from amanat.web.forms import Checkboxes, DateInput, DateTimeInput, Form, LongText, Radios, Seen, Tick

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class ProceedingForm(Form):
    kind = forms.ChoiceField(label=_("Kind of proceedings"), choices=ProceedingKind, widget=Radios())
    role = forms.ChoiceField(
        label=_("What the child is in them"),
        help_text=_("A child who is accused of what it was made to do is a victim: ask for non-punishment."),
        choices=ChildRole,
        widget=Radios(),
    )
    body = forms.CharField(label=_("Court or body"), max_length=200)
    numbers = forms.CharField(
        label=_("Case numbers"),
        help_text=_("As the body writes them; several with commas."),
        required=False,
        max_length=200,
    )
    about = forms.CharField(label=_("What it is about"), required=False, widget=LongText(rows=3))
    accused = forms.CharField(
        label=_("Who is accused"), help_text=_("As the file calls them."), required=False, max_length=200
    )
    guardian = forms.ChoiceField(
        label=_("Guardian in these proceedings"),
        help_text=_("A suspect is not offered."),
        required=False,
        error_messages={"invalid_choice": _("This person is recorded as a suspect, or not on the list any more.")},
    )
    guardian_name = forms.CharField(
        label=_("Guardian in these proceedings"),
        help_text=_("Name, and what they are to the child. The people around the child are closed to you."),
        required=False,
        max_length=200,
    )
    lawyer = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Lawyer of the network"), required=False, empty_label=_("None")
    )
    lawyer_words = forms.CharField(
        label=_("Another lawyer"), help_text=_("Name, and how to reach them."), required=False, max_length=200
    )
    words = forms.CharField(label=_("Notes"), required=False, widget=LongText(rows=3))

    def __init__(self, request: Request, file: File, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, initial, lawyer=in_circle(file, Relation.LAWYER))
        around = [(one.ref, one.called) for one in persons.around(file) if not one.is_suspect]
        self._offer("guardian", [("", _("Not known yet")), *around])
        del self.fields["guardian_name" if knows_people(file) else "guardian"]


class ChangeProceedingForm(ProceedingForm):
    field_order = ["state", "kind"]

    state = forms.ChoiceField(
        label=_("Where they stand"), choices=ProceedingState, widget=Radios(attrs={"class": "short"})
    )
    seen = Seen()


class HearingForm(Form):
    at = forms.DateTimeField(label=_("Day and time"), widget=DateTimeInput())
    already_held = forms.BooleanField(
        label=_("It lies in the past: write it down all the same"), required=False, widget=Tick()
    )
    body = forms.CharField(label=_("Court or body"), max_length=200)
    room = forms.CharField(label=_("Address and room"), required=False, max_length=200)
    what_for = forms.CharField(label=_("What it is for"), required=False, widget=LongText(rows=2))
    measures_asked = forms.MultipleChoiceField(
        label=_("Measures for the child that are asked for"), required=False, widget=Checkboxes()
    )
    goes_along = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Who goes along"), required=False, empty_label=_("Not settled yet")
    )
    along_words = forms.CharField(
        label=_("Somebody else who goes along"), help_text=_("Whom the child trusts."), required=False, max_length=200
    )

    def __init__(self, request: Request, file: File, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, initial, goes_along=in_circle(file), measures_asked=codes(MEASURES))


class MoveHearingForm(HearingForm):
    field_order = ["at", "why_moved"]

    why_moved = forms.CharField(label=_("Why it was moved"), required=False, max_length=300)


class RecordHearingForm(Form):
    state = forms.ChoiceField(
        label=_("Was it held?"),
        choices=[
            (HearingState.HELD.value, _("It was held")),
            (HearingState.CANCELLED.value, _("It did not take place")),
        ],
        widget=Radios(),
    )
    outcome = forms.CharField(label=_("What it brought"), widget=LongText(rows=4))
    measures_granted = forms.MultipleChoiceField(
        label=_("Measures that were granted"), required=False, widget=Checkboxes()
    )
    child_heard = forms.ChoiceField(
        label=_("Was the child heard?"), choices=YES_NO, required=False, widget=Radios(attrs={"class": "short"})
    )
    why_again = forms.CharField(
        label=_("Why the child has to tell it again"),
        help_text=_("Needed where the child was heard, and was interviewed or heard before."),
        required=False,
        widget=LongText(rows=2),
    )
    how_child = forms.CharField(
        label=_("How the child was, and what it needs now"), required=False, widget=LongText(rows=3)
    )

    needed_at_times = ("why_again",)

    def __init__(self, request: Request, initial: Mapping[str, Any] | None = None, *, told_before: int) -> None:
        super().__init__(request, initial, measures_granted=codes(MEASURES))
        if not told_before:
            del self.fields["why_again"]


class RulingForm(Form):
    event = forms.ChoiceField(label=_("What happened"))
    on = forms.DateField(label=_("On which day"), widget=DateInput())
    number = forms.CharField(label=_("Number of the document"), required=False, max_length=100)
    appeal_by = forms.DateField(
        label=_("Last day to appeal"),
        help_text=_("As it stands in the decision. It counts before what is reckoned here."),
        required=False,
        widget=DateInput(),
    )
    until = forms.DateField(
        label=_("Valid until"),
        help_text=_("Of a permit, a document, an order, a period; or by when an answer is promised."),
        required=False,
        widget=DateInput(),
    )
    amount = forms.CharField(
        label=_("Amount and currency"), help_text=_("Of a compensation."), required=False, max_length=100
    )
    words = forms.CharField(label=_("In words"), required=False, widget=LongText(rows=4))

    def __init__(self, request: Request, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, initial)
        offered: Sequence[tuple[str, str]] = codes(EVENTS)
        self._offer("event", [("", _("Choose")), *offered])


class TakeBackForm(Form):
    reason = forms.CharField(label=_("Reason"), widget=LongText(rows=3))
