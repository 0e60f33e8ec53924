"""Calling a conference, calling it off, and recording what was said and decided there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.labels import PART_LABELS
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.actions.consenting import NOT_TO_SHARE
from amanat.cases.forms.choices import codes_or
from amanat.cases.forms.choices import parts as part_choices
from amanat.people.models import Agency, Membership
from amanat.referrals import agenda, terms
from amanat.referrals.actions.conferring import HELD_BEFORE, Added, Called
from amanat.referrals.actions.minuting import Minute, ToAsk, ToDo
from amanat.referrals.agenda import Found
from amanat.referrals.agenda_words import Said, said
from amanat.referrals.zones import by_clock
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Seen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POINTS = ("point_1", "point_2", "point_3")
TASK, REFERRAL = "task", "referral"
BECOMES = [("", _("Only the decision")), (TASK, _("A task")), (REFERRAL, _("A referral, as a draft"))]


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.display_name}, {obj.get_role_display()}, {obj.agency}"


def _point(*, first: bool = False) -> tuple[forms.CharField, forms.TypedChoiceField]:
    """A point that the caller adds, with its part of the file."""
    text = forms.CharField(
        label=_("Another point of the agenda") if first else _("One more point"),
        help_text=_("What is late and what is new stands there by itself.") if first else "",
        required=False,
        max_length=2_000,
        widget=LongText(rows=2),
    )
    part = forms.TypedChoiceField(
        label=_("Its part of the file"),
        help_text=_("It decides who reads it.") if first else "",
        coerce=Part,
        required=False,
    )
    return text, part


def _parts_or_none(offered: Iterable[Part]) -> list[tuple[str, str]]:
    """None at first: what is written must not stand by mistake in a part that everybody reads."""
    return [("", str(_("Choose"))), *part_choices(offered)]


def _with_its_part(form: Form, text: str, part: str) -> None:
    if (form.cleaned_data.get(text) or "").strip() and not form.cleaned_data.get(part) and part not in form.errors:
        form.add_error(part, _("Choose the part of the file that it belongs to."))


class CallForm(Form):
    """When, where, who, and points of one's own."""

    seen = Seen()
    held_at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    place = forms.CharField(
        label=_("Where"),
        help_text=_("A room, an address or a link. Whoever is asked to come reads it."),
        max_length=500,
        error_messages={"required": _("Write where you meet.")},
    )
    people = _People(
        label=_("Who should come"),
        help_text=_("Each of them reads on the agenda what they see of the file, and no more."),
        queryset=None,
        widget=Checkboxes(),
        error_messages={"required": _("Choose who should come.")},
    )
    agencies: forms.ModelMultipleChoiceField[Agency] = forms.ModelMultipleChoiceField(
        label=_("Agencies that are invited"),
        help_text=_("They learn the code name, when and where. What you speak of with them a consent has to name."),
        queryset=None,
        required=False,
        widget=Checkboxes(attrs={"class": "short"}),
    )
    parts = forms.MultipleChoiceField(
        label=_("What is spoken of with these agencies"), required=False, widget=Checkboxes()
    )
    point_1, point_1_part = _point(first=True)
    point_2, point_2_part = _point()
    point_3, point_3_part = _point()
    needed_at_times = ("parts",)

    def __init__(
        self,
        request: Request,
        initial: Mapping[str, Any],
        people: QuerySet[Membership],
        agencies: QuerySet[Agency],
        sees: Iterable[Part],
    ) -> None:
        told = part_choices(part for part in agenda.TEAM_PARTS if part not in NOT_TO_SHARE)
        own = _parts_or_none(sees)
        by_part: dict[str, Any] = {"parts": told} | {f"{name}_part": own for name in POINTS}
        super().__init__(request, initial, people=people, agencies=agencies, **by_part)
        held = _("One that was held already can be recorded: give its time, up to %(days)s days back.")
        self.fields["held_at"].help_text = f"{by_clock()} {held % {'days': HELD_BEFORE.days}}"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for name in POINTS:
            _with_its_part(self, name, f"{name}_part")
        return told

    def called(self) -> Called:
        told = self.cleaned_data
        points = [Added(told[f"{name}_part"], told[name]) for name in POINTS if told[name].strip()]
        named = {name: told[name] for name in ("held_at", "place", "people", "agencies", "parts")}
        return Called(**named, points=points)

    def clean_parts(self) -> list[Part]:
        return [Part(part) for part in self.cleaned_data["parts"]]


class CancelForm(Form):
    seen = Seen()
    reason = forms.CharField(
        label=_("Why"), help_text=_("Everybody who was asked reads it."), max_length=2_000, widget=LongText(rows=3)
    )

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"seen": version})


@dataclass(frozen=True)
class Offered:
    """Whom a decision can be given to, by reference, and what can be asked; the same at each point."""

    owners: Mapping[str, Membership]
    agencies: Mapping[str, Agency]
    needs: Sequence[tuple[str, str]]
    urgencies: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, owners: Iterable[Membership], agencies: Iterable[Agency]) -> Offered:
        return cls(
            {one.pk.hex: one for one in owners},
            {one.pk.hex: one for one in agencies},
            codes_or("service_need", _("Choose")),
            [("", str(_("Choose"))), *terms.choices()],
        )

    def choices(self) -> dict[str, Sequence[tuple[str, str]]]:
        """By field of a form."""
        first = ("", str(_("Choose")))
        owners = [(ref, f"{one.user.display_name} ({one.get_role_display()})") for ref, one in self.owners.items()]
        agencies = [(ref, str(one)) for ref, one in self.agencies.items()]
        return {
            "owner": [first, *owners],
            "agency": [first, *agencies],
            "need": self.needs,
            "urgency": self.urgencies,
        }


class MinuteForm(Form):
    """What was said at one point, and what was decided."""

    says_what_is_needed = True
    words = forms.CharField(label=_("What was said"), required=False, max_length=20_000, widget=LongText(rows=2))
    decision = forms.CharField(label=_("What was decided"), required=False, max_length=2_000, widget=LongText(rows=2))
    becomes = forms.ChoiceField(label=_("What it becomes"), choices=BECOMES, required=False)
    owner = forms.ChoiceField(label=_("Whose task"), required=False)
    due = forms.DateTimeField(label=_("By when"), required=False, widget=DateTimeInput())
    need = forms.ChoiceField(label=_("What is needed"), required=False)
    urgency = forms.ChoiceField(label=_("How soon"), required=False)
    agency = forms.ChoiceField(label=_("Whom to ask"), required=False)

    def __init__(self, request: Request, found: Found, offered: Offered) -> None:
        self.found, self.offered, self.actor = found, offered, request.actor
        super().__init__(
            request,
            {"due": request.actor.now + timedelta(days=7)},
            prefix=f"{agenda.PREFIX}{found.key}",
            **offered.choices(),
        )

    text_first = False  # whether it begins with what it is about

    @property
    def said(self) -> Said:
        return said(self.found.content)

    @property
    def part_label(self) -> StrOrPromise:
        return PART_LABELS[self.found.part]

    @property
    def title(self) -> str:
        return self.said.title.text

    @property
    def decides(self) -> bool:
        """Whether something of a decision stands in it: then it is not folded away."""
        names = ("decision", "becomes", "owner", "need", "urgency", "agency")
        return any(self[name].value() for name in names) or bool(self.is_bound and self.errors)

    @property
    def is_open(self) -> bool:
        """Whether something was written at the point: then it is not folded away."""
        return self.decides or any(self[name].value() for name in ("words", "text") if name in self.fields)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        becomes = told.get("becomes")
        if becomes and not (told.get("decision") or "").strip():
            self.add_error("decision", _("Write what was decided."))
        if becomes == TASK:
            self._needs("owner", _("Choose whose task it is."))
            self._needs("due", _("Say by when."))
            if told.get("due") and told["due"] < self.actor.now:
                self.add_error("due", _("This time has passed. Choose a later one."))
        if becomes == REFERRAL:
            self._needs("need", _("Say what is needed."))
            self._needs("urgency", _("Choose how soon."))
            self._needs("agency", _("Choose whom to ask."))
        return told

    def _needs(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def minute(self, summary: Mapping[str, Any]) -> Minute:
        told, offered = self.cleaned_data, self.offered
        becomes: ToDo | ToAsk | None = None
        if told["becomes"] == TASK:
            becomes = ToDo(offered.owners[told["owner"]], told["due"])
        elif told["becomes"] == REFERRAL:
            becomes = ToAsk(told["need"], told["urgency"], offered.agencies[told["agency"]], summary)
        return Minute(self.found, told["words"].strip(), told["decision"].strip(), becomes)


class OtherForm(MinuteForm):
    """A point that nobody had foreseen."""

    text = forms.CharField(label=_("What it was about"), required=False, max_length=2_000, widget=LongText(rows=2))
    part = forms.TypedChoiceField(
        label=_("Its part of the file"), help_text=_("It decides who reads it."), coerce=Part, required=False
    )
    field_order = ("text", "part")
    text_first = True

    def __init__(self, request: Request, offered: Offered, sees: Iterable[Part]) -> None:
        super().__init__(request, Found("other-1", Part.EXISTENCE, {"kind": "own", "text": ""}), offered)
        self._offer("part", _parts_or_none(sees))

    @property
    def title(self) -> str:
        return str(_("What came up besides"))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if (told.get("words") or told.get("decision")) and not told.get("text"):
            self.add_error("text", _("Write what it was about."))
        _with_its_part(self, "text", "part")
        return told

    def minute(self, summary: Mapping[str, Any]) -> Minute:
        self.found = Found("other-1", self.cleaned_data["part"], {"kind": "own", "text": self.cleaned_data["text"]})
        return super().minute(summary)


class RecordForm(Form):
    """The minutes: who came, and a part of the form for each point."""

    seen = Seen()
    came = forms.MultipleChoiceField(
        label=_("Who came"),
        help_text=_("Nobody is ticked beforehand. The minutes say of each whether they came."),
        widget=Checkboxes(),
        error_messages={"required": _("Tick who came: one of them at least.")},
    )

    def __init__(
        self, request: Request, version: int, invited: Sequence[tuple[str, str]], points: Sequence[MinuteForm]
    ) -> None:
        super().__init__(request, {"seen": version}, came=invited)
        self.points = points
        self.subforms = [(point.title, point) for point in points]
        if not invited:
            del self.fields["came"]

    def minutes(self, summary: Mapping[str, Any]) -> list[Minute]:
        written = [one for one in self.points if not isinstance(one, OtherForm) or one.cleaned_data["text"].strip()]
        return [one.minute(summary) for one in written]
