"""Help that was given; money and goods, with their receipt."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.documents import ACCEPT
from amanat.cases.forms.choices import codes, codes_or
from amanat.cases.persons import Around
from amanat.social.budgets import Line
from amanat.social.currencies import shown
from amanat.social.forms.fields import AmountField
from amanat.social.helps import DOCUMENTS, KINDS, RESULTS
from amanat.social.models import SpentAs
from amanat.web.forms import Checkboxes, DateInput, Form, LongText, Radios


class HelpForm(Form):
    needed_at_times = ("document",)

    kind = forms.ChoiceField(label=_("What kind of help"), widget=Radios())
    document = forms.ChoiceField(
        label=_("Which document"),
        help_text=_(
            "If a document was obtained. Its number and the document itself go into the part of the file that they belong to."
        ),
        required=False,
    )
    on = forms.DateField(label=_("On"), widget=DateInput())
    what = forms.CharField(label=_("What was done"), widget=LongText(rows=3))
    where = forms.CharField(
        label=_("With whom or where"), help_text=_("School, office, clinic."), required=False, max_length=200
    )
    met = forms.MultipleChoiceField(
        label=_("Who of the people around the child was met"),
        help_text=_("Also a suspect, if one was there: the record then says so."),
        required=False,
        widget=Checkboxes(),
    )
    result = forms.ChoiceField(label=_("What came of it"), widget=Radios())
    then = forms.CharField(label=_("What comes next"), required=False, max_length=300)
    words = forms.CharField(
        label=_("What you saw on a home visit"),
        help_text=_("Only those who read the narrative read this."),
        required=False,
        widget=LongText(rows=6),
    )

    def __init__(self, request: Request, around: Sequence[Around]) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        self._offer("kind", codes(KINDS))
        self._offer("document", codes_or(DOCUMENTS, _("None")))
        self._offer("result", codes(RESULTS))
        if around:
            self._offer("met", [(one.ref, one.called) for one in around])
        else:
            del self.fields["met"]
        if not request.file.writes(Part.NARRATIVE):
            del self.fields["words"]


class SpendForm(Form):
    budget = forms.ChoiceField(label=_("Budget line"), help_text=_("The amount is in its currency."))
    form = forms.ChoiceField(
        label=_("Money or goods"),
        choices=SpentAs,
        initial=SpentAs.MONEY,
        widget=Radios(attrs={"class": "short"}),
    )
    amount = AmountField(label=_("Amount"), help_text=_("Of goods, what they were worth."))
    on = forms.DateField(label=_("On"), widget=DateInput())
    what = forms.CharField(
        label=_("What it was for"),
        help_text=_("Leave out the child's name: this line stands on the receipt."),
        max_length=200,
    )
    to = forms.CharField(
        label=_("Who was paid, or who received it"),
        help_text=_("If it was the child, write “the child”: this line stands on the receipt too."),
        required=False,
        max_length=200,
    )
    upload = forms.FileField(
        label=_("Proof of payment"),
        help_text=_("A picture or a PDF, 20 MB at most. It is sealed with the child's file."),
        required=False,
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, request: Request, lines: Sequence[Line]) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)})
        offered = [(line.row.pk.hex, _told(line)) for line in lines]
        self._offer("budget", offered if len(offered) == 1 else [("", _("Choose")), *offered])

    @property
    def must_choose_again(self) -> bool:
        """Whether a file was sent and not taken: a browser never sends it a second time by itself."""
        return bool(self.files) and bool(self.errors)


class ReceiptForm(Form):
    upload = forms.FileField(
        label=_("Proof of payment"),
        help_text=_("A picture or a PDF, 20 MB at most. It is sealed with the child's file."),
        error_messages={"required": _("Choose the document or picture to keep.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class TakeBackForm(Form):
    reason = forms.CharField(label=_("Reason"), widget=LongText(rows=3))


def _told(line: Line) -> str:
    return str(_("%(line)s (left: %(amount)s)") % {"line": line.called, "amount": shown(line.left)})
