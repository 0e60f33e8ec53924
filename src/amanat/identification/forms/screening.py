"""A screening: one page for all indicators of a list. What nobody touches is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes, codes_or
from amanat.identification.actions.age import MOST_YEARS
from amanat.identification.actions.screening import NO_ACT
from amanat.identification.actions.with_age import AgeSaid
from amanat.identification.lists import AskedGroup
from amanat.identification.rule import Answer
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Seen, Tick

STATES = ((Answer.PRESENT, _("There")), (Answer.ABSENT, _("Not there")), (Answer.UNKNOWN, _("Not known")))
LONGEST_NOTE = 300

Said = dict[str, dict[str, str]]


class Signs(forms.Widget):
    """All indicators of a list, a group at a time: is it there, and on demand who says so and in which words."""

    template_name = "identification/signs.html"
    use_fieldset = True
    groups: Sequence[AskedGroup] = ()
    sources: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Said:
        said = {}
        for code in [sign.code for group in self.groups for sign in group.signs]:
            key = f"{name}-{code}"
            said[code] = {
                "is": data.get(key, ""),
                "who": data.get(f"{key}-who", ""),
                "note": data.get(f"{key}-note", ""),
            }
        return {code: one for code, one in said.items() if one["is"] or one["note"]}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Said | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
        said = value or {}
        context = super().get_context(name, None, attrs)
        return context | {
            "groups": [self._group(name, group, said) for group in self.groups],
            "states": STATES,
            "sources": self.sources,
            "longest": LONGEST_NOTE,
        }

    def _group(self, name: str, group: AskedGroup, said: Said) -> dict[str, Any]:
        signs = [
            {"asked": sign, "name": f"{name}-{sign.code}", "said": said.get(sign.code, {"is": Answer.UNKNOWN})}
            for sign in group.signs
        ]
        there = sum(sign["said"]["is"] == Answer.PRESENT for sign in signs)  # type: ignore[index]
        answered = any(sign["said"]["is"] in (Answer.PRESENT, Answer.ABSENT) for sign in signs)  # type: ignore[index]
        return {"asked": group, "signs": signs, "there": there, "open": answered or group is self.groups[0]}


class SignsField(forms.Field):
    """By code {is, who, note}."""

    widget = Signs

    def clean(self, value: Said) -> Said:
        known = {source for source, _label in self.widget.sources}
        for one in value.values():
            wrong = one["is"] not in set(Answer) | {""} or (one["who"] and one["who"] not in known)
            if wrong or len(one["note"]) > LONGEST_NOTE:
                raise forms.ValidationError(_("This was not sent by this page. Look at it again."))
            if one["note"] and one["is"] not in (Answer.PRESENT, Answer.ABSENT):
                raise forms.ValidationError(_("A note stands where nobody said whether the indicator is there."))
        return value


class ScreeningForm(Form):
    """Ticking what is there is enough: everything else stays unknown."""

    says_what_is_needed = True

    acts = forms.MultipleChoiceField(
        label=_("What was done with the child"),
        help_text=_("Without one of these there is no trafficking by law. Tick what is known."),
        required=False,
        widget=Checkboxes(),
    )
    who = forms.ChoiceField(
        label=_("Who said or saw it"),
        help_text=_("For all that you mark, where you do not say otherwise beside it."),
        required=False,
    )
    signs = SignsField(label=_("Indicators"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=LongText(rows=3))
    happened_at = forms.DateTimeField(label=_("When the screening was"), widget=DateTimeInput())

    def __init__(self, request: Request, groups: Sequence[AskedGroup], initial: Mapping[str, Any]) -> None:
        acts = [*codes("trafficking_act"), (NO_ACT, str(_("None of these")))]
        who = codes_or("screening_source", _("Choose"))
        super().__init__(request, initial, acts=acts, who=who, signs=groups)

    def _offer(self, name: str, offered: Any) -> None:
        field = self.fields[name]
        if isinstance(field, SignsField):
            field.widget.groups, field.widget.sources = offered, codes("screening_source")
        else:
            super()._offer(name, offered)


class WithAgeForm(ScreeningForm):
    """A first screening, often in a talk: what is said of the age stands on the same page."""

    field_order = ["acts", "who", "signs", "age_said", "age_doubt", "age_reasons", "note", "happened_at"]

    age_said = forms.IntegerField(
        label=_("Age in years, as it was said"), required=False, min_value=0, max_value=MOST_YEARS
    )
    age_doubt = forms.BooleanField(
        label=_("It is in doubt whether this person is under 18"),
        help_text=_("While it is in doubt, the person is treated as a child."),
        required=False,
        widget=Tick(),
    )
    age_reasons = forms.CharField(label=_("Why it is in doubt"), required=False, max_length=1_000)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("age_doubt") and not fields.get("age_reasons"):
            self.add_error("age_reasons", _("Write the reason. One sentence is enough."))
        said, doubt, reasons = (fields.pop(name, None) for name in ("age_said", "age_doubt", "age_reasons"))
        fields["age"] = AgeSaid(said, bool(doubt), reasons or "") if said is not None or doubt else None
        return fields


class CorrectionForm(ScreeningForm):
    """A screening that is mended: with the version that was before the person, and why."""

    seen = Seen()
    reason = forms.CharField(
        label=_("Why it is corrected"), help_text=_("What stood there before stays readable."), widget=LongText(rows=2)
    )
