"""Where a case stands: risk, stage, closing, reopening; the code name and the protection of the child."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.cases.actions.changing import OPEN_STAGES
from amanat.cases.forms.choices import codes, priority_field, risk_field
from amanat.web.forms import Form, LongText, Radios, Seen


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), help_text=_("It stands in the timeline and in the log."), widget=LongText(rows=3)
    )


class RiskForm(Form):
    risk = risk_field()
    priority = priority_field()
    reason = _reason()
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, risk=codes("risk"), priority=codes("priority"), **kwargs)


class StageForm(Form):
    stage = forms.ChoiceField(label=_("Stage"), widget=Radios())
    reason = _reason()
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        stages = [(code, label) for code, label in codes("stage") if code in OPEN_STAGES]
        super().__init__(*args, stage=stages, **kwargs)


class CloseForm(Form):
    why = forms.ChoiceField(label=_("Why the case is closed"), widget=Radios())
    reason = forms.CharField(
        label=_("In your words"),
        help_text=_("What was reached, what was agreed, whom the child can call."),
        widget=LongText(rows=4),
    )
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, why=codes("closing_reason"), **kwargs)


class ReopenForm(Form):
    why = forms.ChoiceField(label=_("Why the case is opened again"), widget=Radios())
    reason = forms.CharField(label=_("In your words"), widget=LongText(rows=3))
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, why=codes("reopening_reason"), **kwargs)


class RenameForm(Form):
    reason = _reason()
    seen = Seen()


class ProtectForm(Form):
    protected = forms.TypedChoiceField(
        label=_("When another agency asks whether this child is known"),
        choices=[
            ("no", _("They are told to ask your agency's duty contact")),
            ("yes", _("They are told nothing of this child")),
        ],
        coerce=lambda answer: answer == "yes",
        widget=Radios(),
    )
    reason = _reason()
