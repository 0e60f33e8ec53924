"""By what a child is asked for, without there being a file yet: names, birth date, phones, a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.cases.identity import Feature, exact_features
from amanat.web.forms import DateInput, Form, LongText


class Exact(Form):
    """What singles a child out. Names are found in any script."""

    given_name = forms.CharField(label=_("Given name"), required=False, max_length=100)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=100)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=DateInput())
    phones = forms.CharField(label=_("Phones"), help_text=_("One a line."), required=False, widget=LongText(rows=2))
    document_number = forms.CharField(label=_("Number of a document"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"given_name", "patronymic", "family_name", "called", "phones", "document_number"} & set(
            self.fields
        ):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def identity(self) -> dict[str, Any]:
        """As `cases.identity` describes it."""
        typed = self.cleaned_data
        name = {"given": typed.get("given_name", ""), "family": typed.get("family_name", "")}
        born, number = typed.get("birth_date"), typed.get("document_number")
        return {
            "names": [name] if any(name.values()) else [],
            "birth_date": born.isoformat() if born else "",
            "documents": [{"number": number}] if number else [],
        }

    @property
    def contacts(self) -> dict[str, Any]:
        return {"phones": self.cleaned_data.get("phones", "").split("\n")}

    def features(self) -> list[Feature]:
        return exact_features(self.identity, self.contacts)


class AskForm(Exact):
    """A question whose reason stands in the log; the verb gets identity and contacts, the fields stay as they were typed."""

    reason = forms.CharField(
        label=_("Why you ask"), help_text=_("One sentence. It stands in the log."), widget=LongText(rows=2)
    )

    def clean(self) -> dict[str, Any]:
        reason = (super().clean() or self.cleaned_data).get("reason", "")
        self.asked: dict[str, Any] = {"identity": self.identity, "contacts": self.contacts}
        return self.asked | {"reason": reason}


class ExactForm(AskForm):
    """For the data protection officer, who may have been told a code name alone, also of a matter of a hotline."""

    code_name = forms.CharField(
        label=_("Code name"),
        help_text=_("Of a child or of a matter of a hotline. With it, nothing else is needed."),
        required=False,
        max_length=60,
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        self.asked["code_name"] = self.cleaned_data.get("code_name", "")
        return asked | self.asked


class KnownForm(AskForm):
    """Whether a child is known: also about somebody of whom only an age, or the name that they go by, is known."""

    patronymic = forms.CharField(label=_("Patronymic"), required=False, max_length=100)
    called = forms.CharField(label=_("Name that the child goes by"), required=False, max_length=100)
    birth_year = forms.IntegerField(
        label=_("If the day is not known: born about"), required=False, min_value=1900, max_value=2100
    )

    @property
    def identity(self) -> dict[str, Any]:
        identity, typed = super().identity, self.cleaned_data
        for name in identity["names"]:
            name["patronymic"] = typed.get("patronymic", "")
        return identity | {"birth_year": str(typed.get("birth_year") or "")}

    @property
    def contacts(self) -> dict[str, Any]:
        return super().contacts | {"called": self.cleaned_data.get("called", "")}


def fields_of(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> dict[str, str]:
    """What a file says of a child, as the fields of `KnownForm`."""
    name: dict[str, str] = next(iter(identity.get("names", [])), {})
    document: dict[str, str] = next(iter(identity.get("documents", [])), {})
    return {
        "given_name": name.get("given", ""),
        "patronymic": name.get("patronymic", ""),
        "family_name": name.get("family", ""),
        "called": contacts.get("called", ""),
        "birth_date": identity.get("birth_date", ""),
        "birth_year": identity.get("birth_year", ""),
        "document_number": document.get("number", ""),
        "phones": "\n".join(contacts.get("phones", [])),
    }
