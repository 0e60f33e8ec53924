"""What somebody looks for. It travels as codes in the address of the results: nothing of it is a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.directory.judging import Wanted
from amanat.directory.nearness import point_of, towns
from amanat.directory.whom import OLDEST
from amanat.web.formats import written
from amanat.web.forms import DateTimeInput, Form, Radios, Tick

CODES = {"need": "service_need", "sex": "sex", "language": "language", "region": "region"}
PAPERS = {"yes": True, "no": False}


def offered(name: str) -> list[tuple[str, Any]]:
    return [("", _("Any")), *packs.current().codes(CODES[name]).choices()]


class FindForm(Form):
    """Every field may stay empty."""

    says_what_is_needed = True
    need = forms.ChoiceField(label=_("What the child needs"), required=False)
    age = forms.IntegerField(label=_("Age in years"), min_value=0, max_value=OLDEST, required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    language = forms.ChoiceField(label=_("Language that the child speaks"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    near = forms.ChoiceField(
        label=_("Near which town"), help_text=_("Towns of which the directory knows where they lie."), required=False
    )
    open_now = forms.BooleanField(label=_("Open now"), required=False, widget=Tick())
    open_at = forms.DateTimeField(label=_("Or open at this time"), required=False, widget=DateTimeInput())
    free = forms.BooleanField(label=_("With a free place"), required=False, widget=Tick())
    papers = forms.ChoiceField(
        label=_("Does the child have identity papers?"),
        choices=[("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=Radios(),
    )

    def __init__(self, request: HttpRequest, initial: Mapping[str, Any]) -> None:
        lists: dict[str, Any] = {name: offered(name) for name in CODES}
        near = [("", _("Any")), *((town, town) for town in towns())]
        super().__init__(request, initial, near=near, **lists)

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address of the results."""
        told = self.cleaned_data
        found = {name: told[name] for name in (*CODES, "near", "papers")}
        found["age"] = "" if told["age"] is None else str(told["age"])
        found["open"] = "now" if told["open_now"] else _written(told["open_at"])
        found["free"] = "yes" if told["free"] else ""
        return {name: value for name, value in found.items() if value}


def _written(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if moment else ""


def initial_of(query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The fields of the form as an address says them; what is no code of the pack, or no number, is left out."""
    known = packs.current()
    found: dict[str, Any] = {
        name: query[name] for name, codes in CODES.items() if query.get(name, "") in known.codes(codes)
    }
    age = query.get("age", "")
    return found | {
        "age": int(age) if age.isascii() and age.isdecimal() and int(age) <= OLDEST else None,
        "near": query.get("near", "")[:200],
        "open_now": query.get("open") == "now",
        "open_at": _read(query.get("open", "")),
        "free": query.get("free") == "yes",
        "papers": query.get("papers", "") if query.get("papers") in PAPERS else "",
    }


def _read(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def wanted_of(told: Mapping[str, Any], now: datetime) -> Wanted:
    """The question that the fields ask. Where no town is said, the distance counts from the middle of the region."""
    language = told.get("language", "")
    return Wanted(
        need=told.get("need", ""),
        age=told["age"],
        sex=told.get("sex", ""),
        languages=(language,) if language else (),
        region=told.get("region", ""),
        near=point_of(town=told["near"], region=told.get("region", "")),
        open_at=now if told["open_now"] else told["open_at"],
        free_places=told["free"],
        has_documents=PAPERS.get(told["papers"]),
    )


def asked_in_words(told: Mapping[str, Any]) -> list[str]:
    """What is looked for, each answer in a few words."""
    known = packs.current()
    words = [known.codes(codes)[told[name]].label.text() for name, codes in CODES.items() if told.get(name)]
    if told["age"] is not None:
        words.append(ngettext("%(age)d year old", "%(age)d years old", told["age"]) % {"age": told["age"]})
    if told["near"]:
        words.append(gettext("near %(town)s") % {"town": told["near"]})
    if told["open_now"]:
        words.append(gettext("open now"))
    elif told["open_at"]:
        at = written(timezone.localtime(told["open_at"]), "SHORT_DATETIME_FORMAT")
        words.append(gettext("open on %(when)s") % {"when": at})
    words += [gettext("with a free place")] if told["free"] else []
    return words + (
        [gettext("has papers") if told["papers"] == "yes" else gettext("has no papers")] if told["papers"] else []
    )
