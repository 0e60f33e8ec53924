"""Forms about a matter: taking on, handing over, a note, a reason, the other matter, a number to find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.cases.forms.workers import WorkerChoice
from amanat.hotline.matters import matters_of
from amanat.hotline.models import Call, Matter
from amanat.web.forms import Form, LongText, Radios, Seen, Tick


class TakeForm(Form):
    """That one takes it on; where a colleague left calls open, whether these too."""

    seen = Seen()
    calls = forms.BooleanField(
        label=_("Take over the calls as well"),
        help_text=_(
            "They wait on hold for you. Only if your colleague can't go on: they would be cut off in the middle."
        ),
        required=False,
        widget=Tick(),
    )

    def __init__(self, *args: Any, left_open: Sequence[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not left_open:
            del self.fields["calls"]


class HandOverForm(Form):
    """To whom, and what they should know."""

    seen = Seen()
    to = WorkerChoice(label=_("To whom"), required=False)
    text = forms.CharField(
        label=_("What they should know"),
        help_text=_("What was said, what was promised, what is to be done next."),
        error_messages={"required": _("Write what they should know. One sentence is enough.")},
        widget=LongText(rows=5),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].empty_label = _("All operators: whoever takes it on")  # type: ignore[attr-defined]


class NoteForm(Form):
    text = forms.CharField(
        label=_("Note"),
        error_messages={"required": _("Write what happened or what was said.")},
        widget=LongText(rows=6),
    )


class ReasonForm(Form):
    """Why a matter is closed, or opened again."""

    seen = Seen()
    reason = forms.CharField(label=_("Reason"), widget=LongText(rows=3))


class OtherMatterForm(Form):
    """Another matter: one of those that are likely, or any by its code name. Gives it as `siblings`."""

    other = forms.ChoiceField(label=_("Which matter"), required=False, widget=Radios())
    named = forms.CharField(
        label=_("Another one, by its code name"), help_text=_("Like H-012345."), required=False, max_length=60
    )

    def __init__(self, *args: Any, matters: Iterable[Matter], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self._by_ref = {matter.pk.hex: matter for matter in matters}
        if self._by_ref:
            self._offer("other", [(ref, matter.code_name) for ref, matter in self._by_ref.items()])
        else:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        found = self._named(fields.get("named", "")) or self._by_ref.get(fields.get("other", ""))
        if found is None and not self.errors:
            self.add_error(next(iter(self.fields)), _("Choose a matter, or write its code name."))
        return {"siblings": [found]} if found else {}

    def _named(self, name: str) -> Matter | None:
        if not name:
            return None
        found = matters_of(self._actor).filter(code_name__iexact=name).first()
        if found is None:
            self.add_error("named", _("You have no matter of this code name."))
        return found


class UnlinkForm(Form):
    """Nothing but the press: which link stands in the address."""


class NumberForm(Form):
    """A number to find. It travels in the body and stands in no address."""

    number = forms.CharField(
        label=_("Phone number"),
        help_text=_("In any writing, with the country in front."),
        error_messages={"required": _("Write the number.")},
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
