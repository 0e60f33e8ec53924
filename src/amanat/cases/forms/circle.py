"""Who takes a place in a circle of care, who leaves one, and who takes over a caseload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat.cases.circle import joins_as
from amanat.cases.forms.workers import WorkerChoice
from amanat.people.models import Membership, Role
from amanat.web.forms import Form, LongText, Seen


class ManagerForm(Form):
    """A new case manager: assigned (the former one stays in the circle) or handed over to (they leave it)."""

    to = WorkerChoice(label=_("New case manager"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody who knows of the file reads this. Leave out names and details."),
        widget=LongText(rows=3),
    )
    seen = Seen()


class BringInForm(Form):
    """Somebody of one agency joins; what they are to the child follows from their role."""

    to = WorkerChoice(label=_("Who joins"))
    reason = forms.CharField(
        label=_("What they are needed for"),
        help_text=_("Everybody who knows of the file reads this. Leave out names and details."),
        widget=LongText(rows=3),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("to"):
            fields["relation"] = joins_as(Role(fields["to"].role))
        return fields


class TakeOutForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody who knows of the file reads this. Leave out names and details."),
        widget=LongText(rows=3),
    )


class CaseloadForm(Form):
    """A whole caseload goes from one worker to another of the same agency."""

    leaver = WorkerChoice(label=_("Who leaves"))
    to = WorkerChoice(label=_("Who takes over"))
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stands in the timeline of each file."), widget=LongText(rows=3)
    )

    def __init__(self, request: HttpRequest, loads: dict[Membership, int], **choices: Any) -> None:
        super().__init__(request, **choices)
        leaver = self.fields["leaver"]
        assert isinstance(leaver, forms.ModelChoiceField)
        leaver.queryset = Membership.objects.filter(pk__in=[held.pk for held in loads]).select_related("user")
        leaver.choices = [("", _("Choose")), *((held.pk, load(held, count)) for held, count in loads.items())]


def load(membership: Membership, children: int) -> str:
    """A worker with the number of children whose circles they stand in."""
    told = ngettext("%(name)s, %(role)s: %(count)s child", "%(name)s, %(role)s: %(count)s children", children)
    return told % {"name": membership.user.display_name, "role": membership.get_role_display(), "count": children}
