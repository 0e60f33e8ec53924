"""Forms of contacts in a crisis and of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.psychology.forms.sessions import LONGEST
from amanat.psychology.grouping import Child
from amanat.web.forms import DateTimeInput, Form, LongText, Radios


class CrisisForm(Form):
    at = forms.DateTimeField(label=_("When it was"), widget=DateTimeInput())
    way = forms.ChoiceField(label=_("How there was contact"), widget=Radios())
    danger = forms.ChoiceField(
        label=_("Danger of self-harm"),
        help_text=_("Any sign of it tells somebody on duty at once."),
        widget=Radios(),
    )
    what = forms.CharField(label=_("What you saw and heard"), max_length=5_000, widget=LongText(rows=5))
    done = forms.CharField(label=_("What was done"), max_length=5_000, widget=LongText(rows=4))
    with_child = forms.CharField(label=_("Who stays with the child"), required=False, max_length=200)
    after = forms.CharField(label=_("What is next"), required=False, max_length=1_000, widget=LongText(rows=2))

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"at": request.actor.now})
        self._offer("way", codes("crisis_how"))
        self._offer("danger", codes("crisis_danger"))


class PartForm(Form):
    """A child's part in a group; `must`: it took part, since the page is on its file."""

    attendance = forms.ChoiceField(label=_("How the child came"), required=False)
    words = forms.CharField(
        label=_("How it was for this child"),
        help_text=_("The team of this child reads it. Name no other child."),
        required=False,
        max_length=2_000,
        widget=LongText(rows=3),
    )
    notes = forms.CharField(
        label=_("Your own notes"),
        help_text=_("Process notes: sealed, and nobody but you reads them."),
        required=False,
        max_length=10_000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, child: Child, *, must: bool) -> None:
        super().__init__(request, prefix=f"child-{child.ref}")
        self.child, self.title = child, child.title
        self.fields["attendance"].required = must
        self._offer("attendance", codes_or("session_attendance", _("Choose") if must else _("Did not take part")))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not told.get("attendance") and (told.get("words") or told.get("notes")):
            self.add_error("attendance", _("Say how the child came."))
        return told


class GroupForm(Form):
    """What is of the group, and of each child apart from it (`subforms`)."""

    at = forms.DateTimeField(label=_("When it began"), widget=DateTimeInput())
    minutes = forms.IntegerField(label=_("How many minutes"), required=False, min_value=1, max_value=LONGEST)
    theme = forms.CharField(label=_("Theme"), max_length=300)
    approach = forms.ChoiceField(label=_("Approach"), required=False)
    course = forms.CharField(
        label=_("How it went"),
        help_text=_("This stands on the file of every child who took part. Name nobody."),
        required=False,
        max_length=5_000,
        widget=LongText(rows=5),
    )

    def __init__(self, request: Request, this: Child, others: Sequence[Child]) -> None:
        super().__init__(request, {"at": request.actor.now})
        self._offer("approach", codes_or("session_approach", _("Choose")))
        self.parts = [PartForm(request, one, must=one is this) for one in (this, *others)]
        self.subforms = [(part.title, part) for part in self.parts]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        kept: Mapping[str, Any] = {name: told.pop(name, "") for name in ("theme", "approach", "course", "minutes")}
        came = [part for part in self.parts if part.is_valid() and part.cleaned_data["attendance"]]
        return {
            "at": told.get("at"),
            "content": kept,
            "parts": {part.child.ref: dict(part.cleaned_data) for part in came},
            "siblings": [part.child.case for part in came if part is not self.parts[0]],
        }
