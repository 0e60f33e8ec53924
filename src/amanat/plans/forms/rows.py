"""The forms of a draft: a need, an objective, an activity, what is said of the whole; a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases import papers
from amanat.cases.forms.choices import codes, codes_or
from amanat.cases.shown import label
from amanat.plans import terms
from amanat.plans.evidence import OBSERVED
from amanat.plans.models import RowKind
from amanat.plans.terms import Template
from amanat.plans.texts import LABELS
from amanat.web.forms import DateInput, Explained, Form, LongText, Radios, Seen, Tick

_FOR_CHILD = _("The child reads this. Say what will be good then; no word that frightens or shames.")
_IN = _("The child’s language: %(language)s.")
_CHILD_SAYS = _("It stands on the child's own sheet.")
_NOT_CHOSEN = _("Not chosen")
_LANGUAGE = ("child_language", "language", _NOT_CHOSEN)


def _words(name: str, rows: int = 3, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name], help_text=help_text, required=required, max_length=4000, widget=LongText(rows=rows)
    )


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS["child_language"], required=False)


def _line(name: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=LABELS[name], help_text=help_text, required=False, max_length=300)


def _day(name: str) -> forms.DateField:
    return forms.DateField(label=LABELS[name], required=False, widget=DateInput())


class _RowForm(Form):
    """Fields of a row by the names of `texts.FIELDS`; `seen` is the version of the row. `spoken`: the languages of the child, as far
    as the actor knows them."""

    says_what_is_needed = True
    offers: Sequence[tuple[str, str]] = ()  # fields that hold a code, with the list
    optional: Sequence[tuple[str, str, Any]] = ()  # the same, where none may be chosen

    def __init__(
        self, request: Request, initial: Mapping[str, Any], *, is_new: bool, spoken: Sequence[str] = ()
    ) -> None:
        own = "" if initial.get("for_child") else next(iter(spoken), "")
        super().__init__(request, {"child_language": own} | dict(initial))
        for name, codes_of in self.offers:
            self._offer(name, codes(codes_of))
        for name, codes_of, nothing in self.optional:
            self._offer(name, codes_or(codes_of, nothing))
        if is_new:
            del self.fields["seen"]
        if spoken and (field := self.fields.get("for_child")):
            named = ", ".join(label("language", one) for one in spoken)
            field.help_text = f"{field.help_text} {_IN % {'language': named}}"


class WholeForm(_RowForm):
    optional = (_LANGUAGE,)

    seen = Seen()
    goal = _words(
        "goal",
        4,
        _("Ask the child and write it down as it was said, in whatever language. It stands on the child's own sheet."),
    )
    for_child = _words("for_child", 3, _("Stands at the head of the child's own plan."))
    child_language = _language()
    contingency = _words("contingency", 3, _("What could go wrong, and what is done then."))
    aftercare = _words("aftercare", 3)


class NeedForm(_RowForm):
    offers = (("domain", "plan_domain"), ("level", "need_level"))

    seen = Seen()
    domain = forms.ChoiceField(label=LABELS["domain"])
    level = forms.ChoiceField(label=LABELS["level"], widget=Radios())
    words = _words("words", 3, _("What the child needs and does not have."), required=True)
    evidence = forms.ChoiceField(
        label=LABELS["evidence"],
        help_text=_(
            "Whoever reads the plan learns that there is a form and of which day; what it is called only who sees it."
        ),
        required=False,
    )
    evidence_words = _words("evidence_words", 2, _("What was seen, said or measured, and when."))
    no_objective = _words(
        "no_objective", 2, _("Only where this need gets no objective in this plan: a high need has one or the other.")
    )

    def __init__(
        self, request: Request, initial: Mapping[str, Any], assessments: Sequence[tuple[str, str]], *, is_new: bool
    ) -> None:
        super().__init__(request, initial, is_new=is_new)
        nothing = [("", _NOT_CHOSEN)]
        self._offer("evidence", [*nothing, *assessments, (OBSERVED, _("Seen or heard, no form"))])


class ObjectiveForm(_RowForm):
    optional = (("owner", "plan_owner", _("Choose")), ("phrase", "plan_phrase", _("None of these")), _LANGUAGE)

    seen = Seen()
    words = _words("words", 3, _("What is to be reached: one thing that can be checked."), required=True)
    own_words = _words("own_words", 2, _CHILD_SAYS)
    indicator = _words("indicator", 2, _("For example: nine of ten days at school."), required=True)
    proof = _line("proof", _("A document, a record, an observation."))
    owner = forms.ChoiceField(label=LABELS["owner"])
    person = _line("person")
    agency = _line("agency")
    cost = _line("cost", _("An amount with its currency, or what it takes."))
    start = _day("start")
    end = forms.DateField(label=LABELS["end"], widget=DateInput())
    phrase = forms.ChoiceField(
        label=LABELS["phrase"], help_text=_("It is there in every language of the pack."), required=False
    )
    for_child = _words("for_child", 2, _FOR_CHILD)
    child_language = _language()


class ActivityForm(_RowForm):
    optional = (("owner", "plan_owner", _("Choose")), ("phrase", "plan_phrase", _("None of these")), _LANGUAGE)

    seen = Seen()
    words = _words("words", 3, _("What is done for it."), required=True)
    owner = forms.ChoiceField(label=LABELS["owner"])
    person = _line("person")
    agency = _line("agency")
    cost = _line("cost", _("An amount with its currency, or what it takes."))
    start = _day("start")
    end = _day("end")
    phrase = forms.ChoiceField(
        label=LABELS["phrase"], help_text=_("It is there in every language of the pack."), required=False
    )
    for_child = _words("for_child", 2, _FOR_CHILD)
    child_language = _language()


FORMS: Mapping[str, type[_RowForm]] = {
    RowKind.WHOLE: WholeForm,
    RowKind.OBJECTIVE: ObjectiveForm,
    RowKind.ACTIVITY: ActivityForm,
}


class BeginForm(Form):
    why = forms.CharField(
        label=_("Why the plan is changed"),
        help_text=_("One sentence. What was agreed stands until the new version is agreed too."),
        max_length=1000,
        widget=LongText(rows=2),
    )

    again = forms.BooleanField(label=_("Begin with the draft that was put aside"), required=False, widget=Tick())

    def __init__(self, request: Request, *, is_first: bool, aside: bool) -> None:
        super().__init__(request, {"again": aside})
        if is_first:
            del self.fields["why"]
        if not aside:
            del self.fields["again"]


class DropForm(Form):
    """`seen`: the edition of the draft that the page showed."""

    seen = Seen()
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What was written stays readable among the versions, and the next draft can begin with it."),
        max_length=500,
        widget=LongText(rows=2),
    )


class TemplateForm(Form):
    template = forms.ChoiceField(label=_("Template"), widget=Radios())
    language = forms.ChoiceField(
        label=_("Language of its words"),
        help_text=_("That in which the plan is written. The authority gets the words as they stand."),
        widget=Radios(),
    )

    def __init__(self, request: Request, templates: Sequence[Template]) -> None:
        super().__init__(request, {"language": terms.authority_language()}, language=papers.languages())
        told = [(one.name, Explained(one.label.text(), _first(one))) for one in templates]
        self._offer("template", told)


def _first(template: Template) -> str:
    return template.objectives[0].words.text() if template.objectives else ""


class TakeOutForm(Form):
    seen = Seen()
    reason = forms.CharField(label=_("Why"), max_length=500, widget=LongText(rows=2))
