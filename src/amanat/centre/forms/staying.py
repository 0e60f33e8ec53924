"""A place for a child, the admission, and what happens while it stays."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import caution, codes
from amanat.centre import belongings, terms
from amanat.centre.actions.placing import Arrival
from amanat.centre.models import Bed, Exit, Urgency
from amanat.centre.models.stays import UNPLANNED
from amanat.centre.places import NamedHouse
from amanat.centre.proposals import Proposal
from amanat.web.forms import Checkboxes, DateInput, DateTimeInput, Explained, Form, LongText, Radios, Seen

OFFERED = 25  # beds that can be chosen on a page, the best first


class BedField(forms.ChoiceField):
    """A bed of the agency. One that was taken meanwhile is still understood, so that the verb can say by whom it is better replaced."""

    def valid_value(self, value: object) -> bool:
        return True

    def clean(self, value: Any) -> Bed:
        ref = super().clean(value)
        try:
            bed = Bed.objects.select_related("room__house").filter(pk=uuid.UUID(str(ref))).first()
        except ValueError:
            bed = None
        if bed is None:
            raise forms.ValidationError(_("Choose one of the list."))
        return bed


def bed_choices(offered: Sequence[Proposal]) -> list[tuple[str, str]]:
    """The beds that can be had, each with why it fits or not."""
    possible = [one for one in offered if not one.fit.is_barred][:OFFERED]
    return [(one.spot.ref, Explained(f"{one.spot} – {one.badge[0]}", " ".join(one.reasons))) for one in possible]


def lines(text: str) -> list[str]:
    """What stands on each line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class _BedForm(Form):
    bed = BedField(
        label=_("Which bed"),
        help_text=_("The best fit stands first. What speaks against a bed stands below it."),
        widget=Radios(),
        error_messages={"required": _("Choose a bed.")},
    )
    why = forms.CharField(
        label=_("Why this bed"),
        help_text=_("Needed where something speaks against it."),
        required=False,
        max_length=1_000,
        widget=LongText(rows=2),
    )
    needed_at_times = ("why",)

    def offer(self, offered: Sequence[Proposal]) -> None:
        """The beds as they are now."""
        self._offer("bed", bed_choices(offered))


class WishForm(forms.Form):
    """On which day and with what needs a bed is looked for, as the form of an admission was sent."""

    on = forms.DateField(label=_("From which day"), required=False, widget=DateInput())
    needs = forms.MultipleChoiceField(label=_("What the bed has to offer"), required=False, widget=Checkboxes())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["needs"].choices = codes(terms.NEEDS)  # type: ignore[attr-defined]


class AdmitForm(_BedForm):
    field_order = ["bed", "why", "on", "arrived_at", "until", "urgent", "needs", "brought_by", "words", "things"]

    on = forms.DateField(
        label=_("From which day"), help_text=_("A later day keeps the bed until then."), widget=DateInput()
    )
    arrived_at = forms.DateTimeField(
        label=_("When the child came"), help_text=_("Empty: now."), required=False, widget=DateTimeInput()
    )
    until = forms.DateField(
        label=_("Last day, at first"),
        help_text=_("Empty: as the rules of this country say, or without an end where they say nothing."),
        required=False,
        widget=DateInput(),
    )
    urgent = forms.MultipleChoiceField(label=_("What is needed at once"), required=False, widget=Checkboxes())
    needs = forms.MultipleChoiceField(label=_("What the bed has to offer"), required=False, widget=Checkboxes())
    brought_by = forms.CharField(label=_("Who brought the child"), required=False, max_length=200)
    words = forms.CharField(
        label=_("What those on shift have to know"), required=False, max_length=4_000, widget=LongText(rows=3)
    )
    things = forms.CharField(
        label=_("What the child brought along"),
        help_text=_("One thing a line. The list can be printed and signed."),
        required=False,
        max_length=4_000,
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request, initial: Mapping[str, Any], offered: Sequence[Proposal]) -> None:
        super().__init__(
            request,
            initial,
            bed=bed_choices(offered),
            urgent=codes(terms.URGENT_NEEDS),
            needs=codes(terms.NEEDS),
        )
        self.fields["urgent"].help_text = str(caution(terms.URGENT_NEEDS, terms.NEEDS))

    def arrival(self) -> Arrival:
        told = self.cleaned_data
        return Arrival(told["urgent"], told["needs"], told["brought_by"], told["words"], lines(told["things"]))


class WaitForm(Form):
    seen = Seen()
    urgency = forms.TypedChoiceField(
        label=_("How soon a place is needed"), choices=Urgency.choices, coerce=int, widget=Radios()
    )
    house = forms.ChoiceField(label=_("In which house"), required=False)
    comes_on = forms.DateField(label=_("From which day"), required=False, widget=DateInput())
    needs = forms.MultipleChoiceField(label=_("What the bed has to offer"), required=False, widget=Checkboxes())
    words = forms.CharField(label=_("Why, and what to know"), required=False, max_length=2_000, widget=LongText(rows=3))

    def __init__(self, request: Request, initial: Mapping[str, Any], houses: Sequence[NamedHouse]) -> None:
        self.houses = {one.ref: one.row for one in houses}
        offered = [("", str(_("Any house"))), *((one.ref, one.name) for one in houses)]
        super().__init__(request, initial, house=offered, needs=codes(terms.NEEDS))

    def clean_house(self) -> Any:
        return self.houses.get(self.cleaned_data["house"])


class WordsForm(Form):
    words = forms.CharField(label=_("Why"), max_length=2_000, widget=LongText(rows=3))


class MoveForm(_BedForm):
    field_order = ["bed", "why", "seen"]
    seen = Seen()

    def __init__(self, request: Request, version: int, offered: Sequence[Proposal]) -> None:
        super().__init__(request, {"seen": version}, bed=bed_choices(offered))


class ExtendForm(Form):
    seen = Seen()
    last_day = forms.DateField(label=_("New last day"), widget=DateInput())
    ground = forms.ChoiceField(label=_("Ground"), widget=Radios())
    words = forms.CharField(label=_("In words"), max_length=2_000, widget=LongText(rows=3))

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version}, ground=codes(terms.GROUNDS))
        self.fields["ground"].help_text = str(caution(terms.GROUNDS))


class GoOutForm(Form):
    seen = Seen()
    where = forms.CharField(label=_("Where to"), max_length=300)
    who = forms.CharField(label=_("With whom"), help_text=_("Empty: alone."), required=False, max_length=200)
    back_by = forms.DateTimeField(label=_("Back by"), widget=DateTimeInput())
    words = forms.CharField(label=_("What to know"), required=False, max_length=1_000, widget=LongText(rows=2))

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version, "back_by": request.actor.now + timedelta(hours=2)})


class BackForm(Form):
    seen = Seen()
    words = forms.CharField(label=_("What to know"), required=False, max_length=1_000, widget=LongText(rows=2))

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version})


class _StepsForm(Form):
    done = forms.MultipleChoiceField(label=_("What was done"), required=False, widget=Checkboxes())

    def __init__(self, request: Request, initial: Mapping[str, Any]) -> None:
        super().__init__(request, initial, done=codes(terms.MISSING_STEPS))
        self.fields["done"].help_text = str(caution(terms.MISSING_STEPS))


class MissingForm(_StepsForm):
    field_order = ["since", "where", "words", "done"]
    since = forms.DateTimeField(label=_("Seen last"), widget=DateTimeInput())
    where = forms.CharField(label=_("Where"), required=False, max_length=300)
    words = forms.CharField(
        label=_("What is known"),
        help_text=_("Clothes, money, telephone, with whom the child spoke last. Whoever takes the alert reads it."),
        max_length=4_000,
        widget=LongText(rows=4),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"since": request.actor.now})


class StepsForm(_StepsForm):
    field_order = ["done", "words"]
    words = forms.CharField(label=_("What is new"), required=False, max_length=2_000, widget=LongText(rows=3))


class FoundForm(Form):
    at = forms.DateTimeField(label=_("Found when"), widget=DateTimeInput())
    words = forms.CharField(
        label=_("How the child is"),
        help_text=_("Ask what the child needs before you ask what happened."),
        max_length=4_000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"at": request.actor.now})


class EndForm(Form):
    seen = Seen()
    ended_as = forms.ChoiceField(label=_("How the stay ends"), widget=Radios())
    at = forms.DateTimeField(label=_("When the child left"), widget=DateTimeInput())
    to = forms.CharField(label=_("To whom, where to"), required=False, max_length=300)
    words = forms.CharField(
        label=_("What whoever goes on has to know"), required=False, max_length=4_000, widget=LongText(rows=3)
    )
    returned = forms.TypedMultipleChoiceField(
        label=_("What the child took along"), coerce=int, required=False, widget=Checkboxes(attrs={"class": "short"})
    )
    kept = forms.CharField(
        label=_("What becomes of the rest"),
        help_text=_("Needed where something stays behind."),
        required=False,
        max_length=1_000,
        widget=LongText(rows=2),
    )
    follow_up_on = forms.DateField(
        label=_("First follow-up on"),
        help_text=_("The day that was agreed with the child."),
        required=False,
        widget=DateInput(),
    )
    needed_at_times = ("kept",)

    def __init__(self, request: Request, version: int, things: Sequence[Mapping[str, Any]]) -> None:
        exits = [(one.value, Explained(str(one.label), str(_kind(one)))) for one in Exit]
        left = [(str(one["number"]), str(one["what"])) for one in belongings.still_here(things)]
        every = [number for number, _what in left]
        super().__init__(
            request,
            {"seen": version, "at": request.actor.now, "returned": every},
            ended_as=exits,
            returned=left,
        )
        if not left:
            del self.fields["returned"], self.fields["kept"]


def _kind(one: Exit) -> Any:
    return _("Not planned.") if one in UNPLANNED else _("Planned.")


class BelongingsForm(Form):
    seen = Seen()
    things = forms.CharField(
        label=_("What the child brought along"),
        help_text=_("One thing a line."),
        required=False,
        max_length=4_000,
        widget=LongText(rows=8),
    )
    words = forms.CharField(label=_("What to know of it"), required=False, max_length=1_000, widget=LongText(rows=2))

    def __init__(self, request: Request, version: int, things: Sequence[str], words: str) -> None:
        super().__init__(request, {"seen": version, "things": "\n".join(things), "words": words})

    def clean_things(self) -> list[str]:
        return lines(self.cleaned_data["things"])


class ApartForm(Form):
    other_child = forms.CharField(
        label=_("Code name of the other child"),
        help_text=_("It stays in one of your houses, or waits for a place there."),
        max_length=60,
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("It stands in this file alone. In the other one nothing is told."),
        max_length=2_000,
        widget=LongText(rows=3),
    )
