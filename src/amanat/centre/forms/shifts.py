"""A shift, how many have to be on, and that the notes were read."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.workers import WorkerChoice
from amanat.centre.hand_over import Handed
from amanat.centre.shift_terms import MOST
from amanat.web.forms import Checkboxes, DateTimeInput, Form


class ShiftForm(Form):
    worker = WorkerChoice(label=_("Who is on"))
    begins_at = forms.DateTimeField(label=_("From"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("Until"), widget=DateTimeInput())


class LeastForm(Form):
    by_day = forms.IntegerField(label=_("By day at least"), min_value=0, max_value=MOST)
    by_night = forms.IntegerField(label=_("At night at least"), min_value=0, max_value=MOST)


class ReadForm(Form):
    """A tick for each note that has to be read."""

    read = forms.MultipleChoiceField(label=_("Hand-over notes"), required=False, widget=Checkboxes())

    def __init__(self, request: Request, handed: Sequence[Handed]) -> None:
        super().__init__(request)
        self._offer("read", [(note.pk.hex, note.pk.hex) for one in handed for note in one.unread])
