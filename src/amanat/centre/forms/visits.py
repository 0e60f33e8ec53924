"""A visit: whether it may be, and how it was."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.cases.persons import Around
from amanat.centre.models import VisitState
from amanat.centre.visits import WISHES
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Radios, Tick

DECISIONS = [(VisitState.APPROVED.value, _("Allow the visit")), (VisitState.REFUSED.value, _("Refuse"))]


class DecideForm(Form):
    """Suspects are offered too, for a refusal: who asked to come is worth knowing."""

    who = forms.MultipleChoiceField(label=_("Who wants to come"), widget=Checkboxes())
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    wish = forms.ChoiceField(
        label=_("What the child wishes"), help_text=_("Ask the child alone, before you decide."), widget=Radios()
    )
    wish_words = forms.CharField(label=_("In the child's words"), required=False, max_length=300)
    verdict = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=Radios(attrs={"class": "short"}))
    supervised = forms.BooleanField(label=_("Somebody stays with them"), required=False, widget=Tick())
    supervisor = forms.CharField(label=_("Who stays with them"), required=False, max_length=120)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed to refuse, and where the child does not want it."),
        required=False,
        widget=LongText(rows=2),
    )
    needed_at_times = ("supervisor", "reason")

    def __init__(self, request: Request, persons: Sequence[Around]) -> None:
        super().__init__(request, {"supervised": True})
        suspect = _("%(name)s (suspect: can only be refused)")
        self._offer(
            "who", [(one.ref, suspect % {"name": one.called} if one.is_suspect else one.called) for one in persons]
        )
        self._offer("wish", codes(WISHES))


class VisitForm(Form):
    took_place = forms.TypedChoiceField(
        label=_("Did it take place?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=Radios(attrs={"class": "short"}),
    )
    came = forms.MultipleChoiceField(label=_("Who came"), required=False, widget=Checkboxes())
    checked = forms.BooleanField(label=_("Their papers were looked at"), required=False, widget=Tick())
    words = forms.CharField(
        label=_("How it went"), help_text=_("Also who else came along, and what was brought."), widget=LongText(rows=3)
    )
    child_after = forms.CharField(
        label=_("How the child was afterwards, and what the child says"), required=False, widget=LongText(rows=2)
    )
    needed_at_times = ("came",)

    def __init__(self, request: Request, persons: Sequence[Around]) -> None:
        super().__init__(request)
        self._offer("came", [(one.ref, one.called) for one in persons])
