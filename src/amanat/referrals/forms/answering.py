"""What the agency that was asked answers, and what the receiver says of the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import caution, codes
from amanat.cases.forms.workers import WorkerChoice
from amanat.referrals.zones import by_clock
from amanat.web.forms import DateTimeInput, Form, LongText, Radios, Seen

FOR_THE_SENDER = _("Whoever sent it reads this.")


def _words(label: Any, *, required: bool = False, help_text: Any = FOR_THE_SENDER) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=5_000, widget=LongText(rows=3)
    )


class AcceptForm(Form):
    seen = Seen()
    to = WorkerChoice(
        label=_("Who receives the child"), help_text=_("They see what was agreed to, until the service ends.")
    )
    comes_at = forms.DateTimeField(
        label=_("When the child comes"),
        help_text=_("Empty: it is agreed later. The time to begin counts from then."),
        required=False,
        widget=DateTimeInput(),
    )
    words = _words(_("What the sender has to know"))

    def __init__(self, request: Request, version: int, colleagues: Any) -> None:
        me = request.actor.membership
        mine = me if colleagues.filter(pk=me.pk).exists() else None
        super().__init__(request, {"seen": version, "to": mine}, to=colleagues)
        self.fields["comes_at"].help_text = f"{self.fields['comes_at'].help_text} {by_clock()}"


class TakeCaseForm(Form):
    seen = Seen()
    to = WorkerChoice(
        label=_("Who becomes the case manager"), help_text=_("A social worker or hotline operator of your agency.")
    )
    words = _words(_("What the sender has to know"))

    def __init__(self, request: Request, version: int, colleagues: Any) -> None:
        super().__init__(request, {"seen": version}, to=colleagues)


class DeclineForm(Form):
    seen = Seen()
    reason = forms.ChoiceField(label=_("Why"), widget=Radios())
    words = _words(
        _("What would help the next one"),
        help_text=_("For example: from when a place is free, or who could help. Whoever sent it reads this."),
    )

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version}, reason=codes("decline_reason"))
        self.fields["reason"].error_messages["required"] = _("Choose why.")
        self.fields["reason"].help_text = str(caution("decline_reason"))


class StartForm(Form):
    seen = Seen()
    words = _words(_("What the sender has to know"))

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version})


class TakeOverForm(Form):
    seen = Seen()
    words = _words(
        _("Why you take over"), help_text=_("Your colleague, your supervisor and whoever sent the child can read it.")
    )

    def __init__(self, request: Request, version: int, *, needs_reason: bool) -> None:
        super().__init__(request, {"seen": version})
        self.fields["words"].required = needs_reason


class FinishForm(Form):
    seen = Seen()
    outcome = forms.ChoiceField(
        label=_("What became of it"), widget=Radios(), error_messages={"required": _("Choose what became of it.")}
    )
    words = _words(_("What the sender has to know"))

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version}, outcome=codes("referral_outcome"))
        self.fields["outcome"].help_text = str(caution("referral_outcome"))


class NoteForm(Form):
    words = _words(
        _("Note"),
        required=True,
        help_text=_("Only your agency reads it, as long as the service runs. Whoever sent the child never does."),
    )
