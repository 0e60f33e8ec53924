"""The forms around a draft and an agreed plan: comments, answers, agreements, approval, reports, reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.plans.models import Party
from amanat.plans.voices import ANSWERS, DECISIONS, PROGRESS, TRIGGERS
from amanat.web.forms import DateInput, Form, LongText, Radios, Seen, Tick


class CommentForm(Form):
    words = forms.CharField(label=_("What you say of it"), max_length=4000, widget=LongText(rows=4))
    is_proposal = forms.BooleanField(
        label=_("This is a proposal: the text should be changed so"), required=False, widget=Tick()
    )


class AnswerForm(Form):
    taken = forms.TypedChoiceField(
        label=_("What comes of it"),
        choices=[("yes", _("Taken up")), ("no", _("Not taken up"))],
        coerce=lambda value: value == "yes",
        widget=Radios(),
    )
    words = forms.CharField(
        label=_("Answer"),
        help_text=_("Where it is not taken up, say why."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )


class _OnADay(Form):
    on = forms.DateField(label=_("On"), widget=DateInput())

    def __init__(self, request: Request, **initial: Any) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now)} | initial)


class _OfAText(Form):
    """About a text of the plan, which the page showed. `seen`: its edition when the page was opened first, `shown`: the digest of the
    text that the page shows now. Whoever met another text says that they read what has changed (`heard`), and says it anew each time."""

    seen = Seen()
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    heard = forms.BooleanField(
        label=_("What has changed was read to them, too"),
        error_messages={"required": _("The text was changed. Tick this once what has changed was read.")},
        widget=Tick(),
    )

    def __init__(self, request: Request, *, edition: int, digest: str, **initial: Any) -> None:
        super().__init__(request, initial | {"seen": edition, "shown": digest})
        self.since = int(self["seen"].value() or 0)
        self.initial["shown"] = digest
        if self.since == edition:
            del self.fields["heard"]
        if self.sent is not None and self.sent.get("shown") != digest:
            self.sent["shown"] = digest
            self.sent.pop("heard", None)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        return {name: value for name, value in told.items() if name not in ("seen", "heard")}


class AgreeForm(_OfAText):
    field_order = ["party", "answer", "name", "on", "words", "heard"]

    on = forms.DateField(label=_("On"), widget=DateInput())
    party = forms.ChoiceField(label=_("Who was asked"), widget=Radios())
    answer = forms.ChoiceField(label=_("What they said"), widget=Radios())
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Of the guardian, or of who spoke for the team."),
        required=False,
        max_length=200,
    )
    words = forms.CharField(
        label=_("In their own words"),
        help_text=_("Needed where they do not agree, or could not be asked: then the reason."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, *, edition: int, digest: str, parties: Sequence[Party]) -> None:
        begins = {"on": timezone.localdate(request.actor.now), "party": parties[0] if parties else Party.CHILD}
        super().__init__(request, edition=edition, digest=digest, **begins)
        self._offer("party", [(one.value, one.label) for one in Party])
        self._offer("answer", codes(ANSWERS))


class AllowForm(_OfAText):
    ground = forms.CharField(
        label=_("Why it can’t wait"),
        help_text=_("Everybody who reads the plan reads this, with the reason why they could not be asked."),
        max_length=1000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request, *, edition: int, digest: str) -> None:
        super().__init__(request, edition=edition, digest=digest)
        if "heard" in self.fields:
            self.fields["heard"].label = _("I have read what has changed")


class ApproveForm(Form):
    """`seen`: the number of the version in force. Who met another one reads that first: the page is opened anew."""

    seen = Seen()
    words = forms.CharField(label=_("Words"), required=False, max_length=1000, widget=LongText(rows=2))


class ReportForm(_OnADay):
    field_order = ["state", "on", "words"]

    state = forms.ChoiceField(label=_("How it goes"), widget=Radios())
    words = forms.CharField(
        label=_("In words"),
        help_text=_("What the indicator says now; what stands in the way."),
        required=False,
        max_length=2000,
        widget=LongText(rows=3),
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("state", codes(PROGRESS))


class ReviewForm(_OnADay):
    field_order = ["trigger", "on", "good", "hard", "child", "decision"]

    trigger = forms.ChoiceField(label=_("Why it is reviewed"), widget=Radios())
    good = forms.CharField(label=_("What goes well"), max_length=4000, widget=LongText(rows=3))
    hard = forms.CharField(label=_("What does not go on"), required=False, max_length=4000, widget=LongText(rows=3))
    child = forms.CharField(
        label=_("What the child says"),
        help_text=_("In the child's own words; or why the child was not asked."),
        max_length=4000,
        widget=LongText(rows=3),
    )
    decision = forms.ChoiceField(label=_("What was decided"), widget=Radios())

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._offer("trigger", codes(TRIGGERS))
        self._offer("decision", codes(DECISIONS))
