"""People around a child: written down, and recorded as a suspect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat.cases.forms.choices import codes
from amanat.cases.forms.workers import WorkerChoice, place_of_work
from amanat.cases.persons import NO_RELATION, RELATIONS
from amanat.people.models import Membership, User
from amanat.web.forms import Form, LongText, Radios, Seen, Tick

NONE_OF_THEM = "none"


class PersonForm(Form):
    name = forms.CharField(label=_("Name"), help_text=_("As the child says it, or as papers do."), max_length=120)
    relation = forms.ChoiceField(label=_("What they are to the child"))
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    words = forms.CharField(
        label=_("What else is to be known"),
        help_text=_("For example: lives with the child; may only be called in the evening."),
        required=False,
        widget=LongText(rows=2),
    )

    def __init__(self, request: HttpRequest, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request, initial)
        held = self.initial.get("relation")
        offered = [(code, told) for code, told in codes(RELATIONS) if code != NO_RELATION or held == NO_RELATION]
        self._offer("relation", [("", _("Choose")), *offered])
        self.fields["phone"].widget.attrs["inputmode"] = "tel"


class NewPersonForm(PersonForm):
    """`suspects`: whether somebody on the list is one, of whom this may be a second line."""

    is_another = forms.BooleanField(
        label=_("This is somebody else than the suspect of a like name"), required=False, widget=Tick()
    )

    def __init__(self, request: HttpRequest, *, suspects: bool) -> None:
        super().__init__(request)
        if not suspects:
            del self.fields["is_another"]


class ChangeForm(PersonForm):
    seen = Seen()


class TakeOutPersonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stands in the timeline and in the log."), widget=LongText(rows=2)
    )


class SuspectForm(Form):
    """Why; and whether the person is a worker of the network: those of a like name are offered."""

    field_order = ["worker", "to", "reason"]

    worker = forms.ChoiceField(
        label=_("Is this person one of these workers?"),
        help_text=_("They have a like name. Whoever it is finds nothing of this file from now on."),
        widget=Radios(),
    )
    to = WorkerChoice(
        label=_("New case manager"),
        help_text=_("Only if this person is the case manager: who takes the case over."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why this person is a suspect"),
        help_text=_("What was seen or said, by whom, when. Whoever sees the safety of the child reads it."),
        widget=LongText(rows=4),
    )

    def __init__(
        self, request: HttpRequest, workers: Sequence[User], managers: QuerySet[Membership], *, asks_who: bool
    ) -> None:
        super().__init__(request, to=managers)
        self.workers = {worker.pk.hex: worker for worker in workers}
        told = [(ref, place_of_work(worker)) for ref, worker in self.workers.items()]
        self._offer("worker", [(NONE_OF_THEM, _("None of them, or nobody knows")), *told])
        if not workers:
            del self.fields["worker"]
        if not asks_who:
            del self.fields["to"]

    def clean_worker(self) -> User | None:
        return self.workers.get(self.cleaned_data["worker"])


class ClearForm(Form):
    reason = forms.CharField(
        label=_("Why the suspicion is over"),
        help_text=_("Who decided it, on what. Whoever sees the safety of the child reads it."),
        widget=LongText(rows=3),
    )
