"""What a worker writes down of a child: identity, contacts, safety. Registering and correcting ask with the same fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.cases.forms.choices import codes, codes_or
from amanat.packs import bounds
from amanat.web.forms import Checkboxes, DateInput, Form, LongText

# Above this age a birth date is more often a slip than a child's who came of age in assistance.
SURPRISING_AGE = 25


class Identity(Form):
    """Names, birth, sex, languages, one document."""

    given_name = forms.CharField(label=_("Given name"), required=False, max_length=100)
    patronymic = forms.CharField(label=_("Patronymic"), required=False, max_length=100)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=100)
    other_given = forms.CharField(label=_("Given name in another script"), required=False, max_length=100)
    other_patronymic = forms.CharField(label=_("Patronymic in another script"), required=False, max_length=100)
    other_family = forms.CharField(label=_("Family name in another script"), required=False, max_length=100)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=DateInput())
    birth_year = forms.IntegerField(label=_("If the day is not known: born about"), required=False)
    certainty = forms.ChoiceField(label=_("How sure is the birth date?"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages that the child speaks"), required=False, widget=Checkboxes(attrs={"class": "short"})
    )
    document_kind = forms.ChoiceField(label=_("Kind of document"), required=False)
    document_number = forms.CharField(label=_("Number of the document"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("certainty", codes_or("birth_date_certainty", _("Not stated")))
        self._offer("sex", codes_or("sex", _("Not stated")))
        self._offer("languages", [*codes("language"), *self._other_languages()])
        self._offer("document_kind", codes_or("document_kind", _("None")))
        told = gettext("If the child is about 7 years old, write the year %(year)s.") % {"year": self.today.year - 7}
        self.fields["birth_year"].help_text = told
        for name in ("other_given", "other_patronymic", "other_family"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def _other_languages(self) -> list[tuple[str, str]]:
        """Languages that the pack does not list and an import brought: they must not get lost in a correction."""
        held, languages = self.initial.get("languages") or [], packs.current().languages
        return [(code, languages.name(code)) for code in held if code and code not in languages.listed]

    @property
    def today(self) -> date:
        return timezone.localdate(self.request.actor.now)  # type: ignore[attr-defined]

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        field = packs.current().field("prs_Birthdate")
        if born and (slip := bounds.slip_in(field, born.isoformat(), self.today)):
            raise forms.ValidationError(slip.sentences)
        return born

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not self.today.year - 120 <= year <= self.today.year:
            raise forms.ValidationError(_("Write the year with four digits, for example 2012."))
        return year

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        born, year = fields.get("birth_date"), fields.get("birth_year")
        if born and year and born.year != year:
            self.add_error("birth_year", _("This year is not that of the birth date. Write one of the two."))
        if fields.get("document_kind") and not fields.get("document_number"):
            self.add_error("document_number", _("Write the number, or choose no kind of document."))
        if fields.get("document_number") and not fields.get("document_kind"):
            self.add_error("document_kind", _("Choose what kind of document has this number."))
        return fields

    def is_surprising(self) -> bool:
        """Whether the person would be older than 25: worth a second look, never a reason to refuse."""
        born: date | None = self.cleaned_data["birth_date"]
        year: int | None = self.cleaned_data["birth_year"]
        if born:
            had_birthday = (self.today.month, self.today.day) >= (born.month, born.day)
            return self.today.year - born.year - (not had_birthday) > SURPRISING_AGE
        return year is not None and self.today.year - year > SURPRISING_AGE


class Contacts(Form):
    """How the child is reached, and how not."""

    called = forms.CharField(label=_("Name that the child goes by"), required=False, max_length=100)
    safe_contact = forms.CharField(
        label=_("When and how it is safe to make contact"),
        help_text=_("For example: only after school, only by message, never ask the uncle."),
        required=False,
        widget=LongText(rows=2),
    )
    phones = forms.CharField(label=_("Phones"), help_text=_("One a line."), required=False, widget=LongText(rows=2))
    home_phone = forms.CharField(
        label=_("Phone at home"), help_text=_("The family may answer it."), required=False, max_length=60
    )
    address = forms.CharField(label=_("Address or place to stay"), required=False, widget=LongText(rows=2))
    guardian = forms.CharField(
        label=_("Guardian"),
        help_text=_("Name, what they are to the child, phone."),
        required=False,
        widget=LongText(rows=2),
    )


class Safety(Form):
    """What threatens the child and what was agreed against it."""

    plan = forms.CharField(label=_("Safety plan"), required=False, widget=LongText(rows=4))
    threats = forms.CharField(
        label=_("Threats"),
        help_text=_("Who or what is dangerous, where and when."),
        required=False,
        widget=LongText(rows=4),
    )
    alerts = forms.CharField(
        label=_("Alerts"),
        help_text=_("What everybody who meets the child must know first."),
        required=False,
        widget=LongText(rows=2),
    )
