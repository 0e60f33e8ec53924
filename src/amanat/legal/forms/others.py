"""Forms about detention, rights, evidence and legal holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.pages import Request
from amanat.cases import persons
from amanat.cases.models import Attachment
from amanat.legal.models import Custody, RightState
from amanat.web.forms import DateInput, DateTimeInput, Form, LongText, Radios


class DetentionForm(Form):
    who = forms.CharField(label=_("Who"), help_text=_("The accused, as the file calls them."), max_length=200)
    person = forms.ChoiceField(label=_("Is it somebody around the child?"), required=False)
    custody = forms.ChoiceField(label=_("What has changed"), choices=Custody, widget=Radios())
    since = forms.DateTimeField(label=_("Since when"), widget=DateTimeInput())
    words = forms.CharField(
        label=_("What is known"),
        help_text=_("Conditions, where they may be, who told it."),
        required=False,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, file: File) -> None:
        super().__init__(request)
        around = [one for one in persons.around(file) if one.name.text]
        self._offer("person", [("", _("No, or not known")), *((one.ref, one.called) for one in around)])
        if not around:
            del self.fields["person"]


class RightForm(Form):
    state = forms.ChoiceField(label=_("How it stands"), choices=RightState, widget=Radios())
    on = forms.DateField(label=_("On which day"), widget=DateInput())
    whom = forms.CharField(label=_("By whom, or of whom it was asked"), required=False, max_length=200)
    words = forms.CharField(
        label=_("In words"),
        help_text=_("Needed where it was refused: with which reason."),
        required=False,
        widget=LongText(rows=3),
    )
    needed_at_times = ("words",)

    def __init__(self, request: Request) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})


class DocumentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Documents of a case by their names, which are opened for the one who chooses."""

    named: dict[Any, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        return self.named.get(obj.pk, str(obj))


NAMELESS = _("It stands on the receipt, which others read: no child’s name belongs here. Write “the child” instead.")


class EvidenceForm(Form):
    what = forms.CharField(
        label=_("What it is"),
        help_text=_("So that it is known again: kind, marks, number, size."),
        widget=LongText(rows=3),
    )
    document = DocumentChoice(
        Attachment.objects.none(),
        label=_("An attached document"),
        help_text=_("Then its hash is that of the file as it was attached; else that of what you write above."),
        required=False,
        empty_label=_("None: it is a thing"),
    )
    how_found = forms.CharField(
        label=_("Where and how it was found"), help_text=NAMELESS, required=False, widget=LongText(rows=2)
    )
    received_from = forms.CharField(label=_("From whom you have it"), help_text=NAMELESS, max_length=200)
    at = forms.DateTimeField(label=_("When you got it"), widget=DateTimeInput())
    place = forms.CharField(label=_("Where"), required=False, max_length=200)
    condition = forms.CharField(label=_("Condition and packing"), required=False, max_length=300)
    seal = forms.CharField(label=_("Number of the seal"), required=False, max_length=100)
    case_number = forms.CharField(
        label=_("Case number"),
        help_text=_(
            "As the body writes it that the piece is for. Empty: that of the proceedings, where there are only one."
        ),
        required=False,
        max_length=100,
    )

    def __init__(self, request: Request, file: File) -> None:
        super().__init__(request, document=self._documents(file))

    def _documents(self, file: File) -> Any:
        rows = Attachment.objects.filter(case=file.row.pk, part__in=file.visible_parts()).order_by("-added_at", "-id")
        field = self.base_fields["document"]
        assert isinstance(field, DocumentChoice)
        named = {}
        for row in rows[:100]:
            row.subject = file.row.subject
            if file.opens(row, "about"):
                named[row.pk] = str((file.open(row, "about") or {}).get("name", ""))
        self._named = named
        return Attachment.objects.filter(pk__in=named).order_by("-added_at", "-id")

    def _offer(self, name: str, offered: Any) -> None:
        super()._offer(name, offered)
        self.fields["document"].named = self._named  # type: ignore[attr-defined]


class HandOnForm(Form):
    to = forms.CharField(label=_("To whom"), help_text=_("Name and office, as they sign."), max_length=200)
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    place = forms.CharField(label=_("Where"), required=False, max_length=200)
    why = forms.CharField(label=_("What for"), max_length=300)
    condition = forms.CharField(label=_("Condition, packing, seal"), required=False, max_length=300)


class HoldReasonForm(Form):
    reason = forms.CharField(
        label=_("Why the file must not be erased"),
        help_text=_("Which court or inquiry needs it. The data protection officer reads it; name nobody."),
        widget=LongText(rows=4),
    )


class DeclineForm(Form):
    reason = forms.CharField(label=_("Why no hold is placed"), widget=LongText(rows=3))
