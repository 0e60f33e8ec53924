"""Records of forms: why one is corrected or stands, and what for one leaves the house."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.people.models import Agency
from amanat.web.forms import Form, LongText, Radios, Seen

LONGEST = 500


class WhyCorrectedForm(Form):
    reason = forms.CharField(
        label=_("Why you correct it"),
        help_text=_("One sentence. Whoever reads an answer that you change reads it too; it stands in the log."),
        max_length=LONGEST,
        widget=LongText(rows=2),
    )


class LookThroughForm(Form):
    reason = forms.CharField(
        label=_("Why it stands as it came"),
        help_text=_("One sentence. It stands beside the record and in the log."),
        max_length=LONGEST,
        widget=LongText(rows=2),
    )
    seen = Seen()


class RecipientField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An agency; the worker's own (`own`) stands there as what it is for them."""

    own: uuid.UUID | None = None

    def label_from_instance(self, obj: Agency) -> str:
        return str(_("It stays in our agency")) if obj.pk == self.own else str(obj)


class BringOutForm(Form):
    """As what filled forms are taken out, to whom, and what for."""

    made_as = forms.ChoiceField(label=_("Kind of file"), widget=Radios())
    to = RecipientField(
        label=_("Where the file goes"),
        help_text=_("Another agency gets only what a consent in force names for it."),
        queryset=Agency.objects.none(),
        empty_label=_("Choose"),
    )
    reason = forms.CharField(
        label=_("What it is for"),
        help_text=_("Who gets it and why. It stands in the log of each child."),
        max_length=LONGEST,
        widget=LongText(rows=2),
    )

    def __init__(self, request: Request, kinds: Sequence[tuple[str, str]]) -> None:
        own = request.actor.membership.agency_id
        agencies = Agency.objects.order_by(Case(When(pk=own, then=0), default=1), "name")
        super().__init__(request, {"made_as": kinds[0][0]}, to=agencies, made_as=kinds)
        self.fields["to"].own = own  # type: ignore[attr-defined]


class TablesForm(BringOutForm):
    form = forms.ChoiceField(label=_("Which form"), widget=Radios())
    field_order = ["form", "made_as", "to", "reason"]

    def __init__(self, request: Request, kinds: Sequence[tuple[str, str]], forms_: Sequence[tuple[str, str]]) -> None:
        super().__init__(request, kinds)
        self._offer("form", forms_)
