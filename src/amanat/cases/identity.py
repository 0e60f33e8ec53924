"""What stands in a child's sealed identity and contacts, and the features by which the keyed index finds a child again.

identity: `names` (list of {given, family, patronymic}, one a script), `birth_date` (ISO or ""), `birth_year` ("" or, where the
day is not known, about which year), `certainty`, `sex`, `languages`, `documents` (list of {kind, number}).
contacts: `called` (the name the child goes by), `phones`, `home_phone`, `address`, `guardian`, `safe_contact`.
safety: `plan`, `threats`, `alerts`; free words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from amanat import names

Feature = tuple[str, str]
# Families of features that single a child out. In this order: a phone is often that of a whole family.
EXACT = ("document", "person", "phone")
UNKNOWN_SEX = "NonSpecifiedUnknown"  # says nothing for or against anybody
# `query_keys` of each earlier version of the fold that a workspace may still be posted by, so that a sweep loses nothing.
OLDER_FOLDS: dict[int, Callable[[names.Person], list[Feature]]] = {}


def full_names(identity: Mapping[str, Any]) -> list[str]:
    """The names in each script, given name first."""
    order = ("given", "patronymic", "family")
    return [" ".join(filter(None, (name.get(key) for key in order))) for name in identity.get("names", [])]


def called(identity: Mapping[str, Any] | None, contacts: Mapping[str, Any] | None = None) -> str:
    """The name by which to speak of the child: the first full name, else the one that the child goes by."""
    return next(iter(full_names(identity or {})), "") or (contacts or {}).get("called", "")


def person_of(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> names.Person:
    """The child as `names` compares people."""
    year = str(identity.get("birth_year", ""))
    phones = [*contacts.get("phones", []), contacts.get("home_phone", "")]
    return names.Person(
        names=tuple(
            names.Name(name.get("given", ""), name.get("family", ""), name.get("patronymic", ""))
            for name in identity.get("names", [])
        ),
        birth_date=identity.get("birth_date", ""),
        birth_year=int(year) if year.isdecimal() else None,
        place=identity.get("place", ""),
        sex="" if identity.get("sex") == UNKNOWN_SEX else identity.get("sex", ""),
        phones=tuple(phone for phone in phones if phone),
        documents=tuple(document.get("number", "") for document in identity.get("documents", [])),
        called=contacts.get("called", ""),
    )


def features_of(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> list[Feature]:
    """(family, feature) pairs to post for a child: all by which somebody may ask, exactly or not.

    The name that a child goes by is posted by itself as well: it may be all that the next agency has heard.
    """
    person = person_of(identity, contacts)
    goes_by = names.Person((), called=person.called)
    return list(dict.fromkeys([*names.keys(person), *names.keys(goes_by), *exact_features(identity, contacts)]))


def questions_of(person: names.Person) -> tuple[list[Feature], dict[int, list[Feature]]]:
    """The features by which to ask for somebody: in the words of now, and in those of older folds that this version still knows."""
    return _asked(names.query_keys, person), {fold: _asked(words, person) for fold, words in OLDER_FOLDS.items()}


def _asked(words: Callable[[names.Person], list[Feature]], person: names.Person) -> list[Feature]:
    goes_by = names.Person((), called=person.called)
    return list(dict.fromkeys([*words(person), *words(goes_by)]))


def exact_features(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> list[Feature]:
    """Features of which one singles a child out. A patronymic is left out: one office writes it, the next does not."""
    person = person_of(identity, contacts)
    whole = [" ".join(names.tokens(f"{name.given} {name.family}")) for name in person.names]
    found = [("person", f"={name}|{person.birth_date}") for name in whole if name and person.birth_date]
    found += [("phone", digits) for phone in person.phones if (digits := names.phone_digits(phone))]
    return found + [("document", key) for number in person.documents if (key := names.document_key(number))]


def as_fields(part: str, value: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """A sealed value as the form fields of its page, so that two versions can stand side by side."""
    if part != "identity":
        return {key: "\n".join(held) if isinstance(held, list) else held for key, held in value.items()}
    own, other = [*value.get("names", []), {}, {}][:2]
    document: dict[str, str] = next(iter(value.get("documents", [])), {})
    return {
        "given_name": own.get("given", ""),
        "patronymic": own.get("patronymic", ""),
        "family_name": own.get("family", ""),
        "other_given": other.get("given", ""),
        "other_patronymic": other.get("patronymic", ""),
        "other_family": other.get("family", ""),
        "birth_date": value.get("birth_date", ""),
        "birth_year": value.get("birth_year", ""),
        "certainty": value.get("certainty", ""),
        "sex": value.get("sex", ""),
        "languages": value.get("languages", []),
        "document_kind": document.get("kind", ""),
        "document_number": document.get("number", ""),
    }


def identity_from(fields: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The sealed identity of what the form's fields hold; empty names and documents are left out.

    The form shows two names and one document; whatever else stood in `before` (an import brought it) stays.
    """
    before = before or {}
    names = [
        _name(fields, "given_name", "patronymic", "family_name"),
        _name(fields, "other_given", "other_patronymic", "other_family"),
    ]
    number = fields["document_number"]
    document: list[dict[str, str]] = [{"kind": fields["document_kind"], "number": number}] if number else []
    return {
        **before,
        "names": [name for name in [*names, *before.get("names", [])[2:]] if name],
        "birth_date": fields["birth_date"].isoformat() if fields["birth_date"] else "",
        "birth_year": "" if fields["birth_date"] else str(fields["birth_year"] or ""),
        "certainty": fields["certainty"],
        "sex": fields["sex"],
        "languages": _in_their_order(fields["languages"], before.get("languages", [])),
        "documents": [*document, *before.get("documents", [])[1:]],
    }


def _name(fields: Mapping[str, Any], given: str, patronymic: str, family: str) -> dict[str, str]:
    name = {"given": fields[given], "patronymic": fields[patronymic], "family": fields[family]}
    return {key: text for key, text in name.items() if text}


def _in_their_order(languages: Iterable[str], before: Iterable[str]) -> list[str]:
    """The languages chosen, those that stood there first in their order: the first is the child's own."""
    chosen = list(languages)
    kept = [language for language in before if language in chosen]
    return [*kept, *(language for language in chosen if language not in kept)]


def contacts_from(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed contacts of what the form's fields hold; phones stand one a line."""
    phones = [line.strip() for line in fields["phones"].splitlines() if line.strip()]
    worded = ("called", "home_phone", "address", "guardian", "safe_contact")
    return {key: fields[key] for key in worded} | {"phones": phones}


def safety_from(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed safety of what the form's fields hold."""
    return {key: fields[key] for key in ("plan", "threats", "alerts")}
