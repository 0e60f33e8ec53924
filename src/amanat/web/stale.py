"""Two people wrote in the same part: what differs, and what the second one chose. Nothing of it is kept on the server.

A form that met a newer version is sent again with, for each differing field, `theirs-<field>` (what is saved now)
and `keep-<field>` ("theirs" or "mine"); the field itself still holds what the second person wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

THEIRS = "theirs-"
KEEP = "keep-"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in two versions.

    Args:
        name: the form field.
        label: what the person knows it by.
        theirs: the saved version, as text to read.
        yours: the version that was just sent, as text to read.
        raw: the saved version, as the field's widget would send it.
        keep: which one was already chosen: "theirs", "mine", or "" for neither.
    """

    name: str
    label: str
    theirs: str
    yours: str
    raw: list[str]
    keep: str


def chosen(sent: QueryDict) -> QueryDict:
    """What was sent, with their version put into each field where the person chose to keep theirs.

    While a choice is missing nothing is put anywhere: the page will show both versions once more.
    """
    data = sent.copy()
    if undecided(sent):
        return data
    for name, choice in kept(sent).items():
        if choice == "theirs":
            data.setlist(name, sent.getlist(THEIRS + name))
    return data


def undecided(sent: Mapping[str, str]) -> list[str]:
    """Names of the fields that were shown in two versions and sent back without a choice."""
    return [name for _, name in _names(sent, THEIRS) if kept(sent).get(name) not in {"theirs", "mine"}]


def kept(sent: Mapping[str, str]) -> dict[str, str]:
    """The choices that were made, by field."""
    return {name: sent[key] for key, name in _names(sent, KEEP)}


def theirs_sent(sent: QueryDict) -> dict[str, str | list[str]]:
    """Their versions as the page carried them along, by field."""
    return {name: sent.getlist(key) for key, name in _names(sent, THEIRS)}


def differences(
    form: forms.Form, theirs: Mapping[str, str | list[str]], choices: Mapping[str, str] | None = None
) -> list[Difference]:
    """The fields of a bound form whose value is another than the one that is saved now, with the choices made so far."""
    found = []
    choices = choices or {}
    for bound in form.visible_fields():
        if bound.name not in theirs:
            continue
        saved = _values(theirs[bound.name])
        yours = _values(bound.data)
        if saved != yours:
            found.append(
                Difference(
                    name=bound.name,
                    label=str(bound.label),
                    theirs=readable(bound, saved),
                    yours=readable(bound, yours),
                    raw=saved,
                    keep=choices.get(bound.name, ""),
                )
            )
    return found


def readable(bound: forms.BoundField, values: list[str]) -> str:
    """Field values as text: choices by their labels, everything else as written."""
    labels = {str(key): str(label) for key, label in _flat_choices(bound.field)}
    return ", ".join(labels.get(value, value) for value in values if value)


def _names(sent: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(key, key.removeprefix(prefix)) for key in sent if key.startswith(prefix)]


def _values(value: object) -> list[str]:
    several = value if isinstance(value, list | tuple) else [value]
    return [str(one).replace("\r\n", "\n") for one in several if one not in (None, "")]


def _flat_choices(field: forms.Field) -> list[tuple[object, object]]:
    flat: list[tuple[object, object]] = []
    for key, label in getattr(field, "choices", []):
        flat += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat
