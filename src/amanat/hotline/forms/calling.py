"""The form of a call: all on one page, nothing in it needed, so that it can be saved at any moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.cases.forms.choices import codes, codes_or
from amanat.hotline import agreed, clocks
from amanat.hotline.content import TRAVEL
from amanat.web.forms import Checkboxes, DateTimeInput, Explained, Form, LongText, Radios, Seen, Tick

LONGEST = 200
NOT_SAID = _("Not said")
BY_CODES = {
    "channel": "channel",
    "language": "language",
    "caller_type": "caller_type",
    "region": "region",
    "age": "age_band",
    "sex": "sex",
    "purpose": "travel_purpose",
    "contract": "contract",
    "documents": "travel_documents",
}
SEVERAL = {"reasons": "call_reason", "red_flags": "red_flag"}
UNVERIFIED_LISTS = ("priority", "call_reason", "age_band", "red_flag", "caller_type")


def _text(label: Any, **more: Any) -> forms.CharField:
    attrs = {"autocomplete": "off", **more.pop("attrs", {})}
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=forms.TextInput(attrs=attrs), **more)


def _one(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def _several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=Checkboxes(attrs={"class": "short wide"}))


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=Tick())


class CallForm(Form):
    """What `content.fields_of` knows, by the same names."""

    says_what_is_needed = True
    summary = forms.CharField(label=_("Summary"), required=False, max_length=20_000, widget=LongText(rows=4))
    number = _text(
        _("Phone number"),
        help_text=_("In any form. It is kept as you write it."),
        attrs={"type": "tel", "inputmode": "tel"},
    )
    anonymous = _tick(_("The caller wants to stay anonymous"))
    caller_name = _text(_("Who calls, as they say"))
    caller_type = _one(_("Who they are"))
    language = _one(_("Language"))
    channel = forms.ChoiceField(label=_("Channel"))
    priority = forms.ChoiceField(label=_("Priority"), required=False, widget=Radios())
    reasons = _several(_("What it is about"))
    age = _one(_("Age, about"))
    sex = _one(_("Sex"))
    region = _one(_("Region"))
    may_call_back = forms.ChoiceField(
        label=_("Is it safe to call back?"),
        required=False,
        widget=Radios(attrs={"class": "short"}),
        choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))],
    )
    call_back_when = _text(_("When it is safe"))
    call_back_how = _text(_("How: which number, what to say, whom to ask for"))
    code_word = _text(_("Code word"), help_text=_("By which you know each other."))
    call_back_others = forms.ChoiceField(
        label=_("If somebody else picks up"),
        required=False,
        widget=Radios(attrs={"class": "short wide"}),
        choices=[
            ("", _("Not asked: say nothing")),
            (agreed.NOTHING, _("Say nothing, hang up")),
            (agreed.MESSAGE, _("The hotline may speak with them, or leave a message")),
        ],
    )
    destination = _one(_("Destination"))
    purpose = _one(_("Purpose of the journey"))
    minor = _tick(_("Somebody under 18 travels"))
    recruiter = _text(_("Who offers it: name of a person or agency"))
    recruiter_phone = _text(_("Their number or page"))
    contract = _one(_("Contract"))
    documents = _one(_("Documents"))
    red_flags = _several(_("Red flags"))
    seen = Seen()

    def __init__(self, request: HttpRequest, initial: dict[str, Any], since: datetime) -> None:
        super().__init__(request, initial=initial)
        for name, listed in BY_CODES.items():
            self._offer(name, codes(listed) if name == "channel" else codes_or(listed, NOT_SAID))
        for name, listed in SEVERAL.items():
            self._offer(name, codes(listed))
        self._offer("destination", [("", NOT_SAID), *packs.current().countries.choices()])
        self._offer("priority", [("", _("Not decided yet")), *_priorities(since)])

    @property
    def is_about_travel(self) -> bool:
        """Whether something stands there, so that it is not folded away."""
        return any(self[name].value() not in (None, "", [], False) for name in TRAVEL)


def _priorities(since: datetime) -> list[tuple[str, str]]:
    """Each with what it demands and by when, counted from when the call was answered."""
    return [(code, Explained(label, _demands(code, label.help, since))) for code, label in codes("priority")]  # type: ignore[attr-defined]


def _demands(code: str, told: str, since: datetime) -> str:
    demand = clocks.demand(code, since)
    if demand is None or demand.by is None:
        return told
    by = gettext("By %(moment)s.") % {"moment": date_format(localtime(demand.by), "SHORT_DATETIME_FORMAT")}
    return f"{told} {by}"


class CallBackForm(Form):
    """By when somebody is to be called back."""

    by = forms.DateTimeField(label=_("By when"), widget=DateTimeInput())


class DebriefForm(Form):
    """An operator's own words after a hard call."""

    words = forms.CharField(
        label=_("How was it for you?"),
        required=False,
        max_length=5_000,
        widget=LongText(rows=5),
        help_text=_("Only you can read this."),
    )
    wishes_to_talk = forms.BooleanField(
        label=_("I would like to talk with my supervisor"), required=False, widget=Tick()
    )
