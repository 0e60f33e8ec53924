"""The record of an interview. What the child said, and what it may mean, are two fields."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.forms.choices import codes
from amanat.cases.persons import Around
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText, Radios


class YesNo(models.TextChoices):
    NO = "no", _("No")
    YES = "yes", _("Yes")


class YesNoUnknown(models.TextChoices):
    NO = "no", _("No")
    YES = "yes", _("Yes")
    UNKNOWN = "unknown", _("Not known")


class Agreed(models.TextChoices):
    CHILD_AND_GUARDIAN = "both", _("The child and the guardian agreed")
    CHILD = "child", _("The child agreed; the guardian was not asked or is not there")
    GUARDIAN = "guardian", _("The guardian agreed; the child is too young to be asked")
    DECLINED = "declined", _("The child did not want it, and was not pressed")


class InterviewForm(Form):
    field_order = ["why_again", "at"]

    why_again = forms.CharField(
        label=_("Why the child has to tell it again"),
        help_text=_("Look first whether what you need stands in an earlier interview."),
        widget=LongText(rows=3),
    )
    at = forms.DateTimeField(label=_("When it began"), widget=DateTimeInput())
    place = forms.CharField(label=_("Place"), max_length=200)
    language = forms.ChoiceField(label=_("Language of the interview"))
    interpreter = forms.CharField(
        label=_("Interpreter"), help_text=_("Name or number. Empty: there was none."), required=False, max_length=200
    )
    interpreter_related = forms.ChoiceField(
        label=_("Is the interpreter from the child's family or community?"),
        choices=[("", _("There was none")), *YesNoUnknown.choices],
        required=False,
        widget=Radios(attrs={"class": "short"}),
    )
    present = forms.MultipleChoiceField(
        label=_("Who of the people around the child was present"),
        help_text=_("A suspect is not offered: they must not be there."),
        required=False,
        widget=Checkboxes(),
        error_messages={
            "invalid_choice": _("Somebody whom you chose is recorded as a suspect, or not on the list any more.")
        },
    )
    others = forms.CharField(
        label=_("Who else was present"),
        help_text=_("Names and what they are."),
        required=False,
        widget=LongText(rows=2),
    )
    suspect_near = forms.ChoiceField(
        label=_("Was a suspect there, or within hearing?"), choices=YesNo, widget=Radios(attrs={"class": "short"})
    )
    told_limits = forms.ChoiceField(
        label=_("Was the child told beforehand what can't be kept secret?"),
        choices=YesNo,
        widget=Radios(attrs={"class": "short"}),
    )
    agreed = forms.ChoiceField(label=_("Who agreed to the interview"), choices=Agreed, widget=Radios())
    agreed_words = forms.CharField(label=_("In which words"), required=False, max_length=300)
    breaks = forms.CharField(
        label=_("Breaks"), help_text=_("When, how long, who asked for them."), required=False, max_length=300
    )
    stopped = forms.ChoiceField(
        label=_("Did the child ask to stop?"), choices=YesNo, widget=Radios(attrs={"class": "short"})
    )
    stopped_words = forms.CharField(label=_("What was done then"), required=False, max_length=300)
    verbatim = forms.CharField(
        label=_("What was said, word for word"),
        help_text=_("Questions and answers in the language in which they were said. Nothing that you conclude."),
        widget=LongText(rows=10),
    )
    interpretation = forms.CharField(
        label=_("What you saw and what it may mean"),
        help_text=_("Apart from the words of the child: how they were, what you conclude, what is to be checked."),
        required=False,
        widget=LongText(rows=5),
    )

    def __init__(self, request: Request, persons: Sequence[Around], before: int) -> None:
        super().__init__(request)
        self._offer("language", [("", _("Choose")), *codes("language")])
        self._offer("present", [(one.ref, one.called) for one in persons if not one.is_suspect])
        if not before:
            del self.fields["why_again"]
        if not persons:
            del self.fields["present"]
