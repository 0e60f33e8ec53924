"""What stands in a child's sealed identity and contacts, and the features by which the keyed index finds a child again.

identity: `names` (list of {given, family, patronymic}, one a script), `birth_date` (ISO or ""), `birth_year` ("" or, where the
day is not known, about which year), `certainty`, `sex`, `languages`, `documents` (list of {kind, number}).
contacts: `called` (the name the child goes by), `phones`, `address`, `guardian`, `safe_contact`.
safety: `plan`, `threats`, `alerts`; free words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amanat import names

Feature = tuple[str, str]
# Families of features that single a child out. In this order: a phone is often that of a whole family.
EXACT = ("document", "person", "phone")


def full_names(identity: Mapping[str, Any]) -> list[str]:
    """The names in each script, given name first."""
    order = ("given", "patronymic", "family")
    return [" ".join(filter(None, (name.get(key) for key in order))) for name in identity.get("names", [])]


def called(identity: Mapping[str, Any] | None, contacts: Mapping[str, Any] | None = None) -> str:
    """The name by which to speak of the child: the first full name, else the one that the child goes by."""
    return next(iter(full_names(identity or {})), "") or (contacts or {}).get("called", "")


def features_of(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> list[Feature]:
    """(family, feature) pairs to post for a child. A patronymic is left out: one office writes it, the next does not."""
    found: list[Feature] = []
    for name in identity.get("names", []):
        folded = " ".join(names.tokens(f"{name.get('given', '')} {name.get('family', '')}"))
        if folded:
            found.append(("name", folded))
            if identity.get("birth_date"):
                found.append(("person", f"{folded}|{identity['birth_date']}"))
    if contacts.get("called"):
        found.append(("name", " ".join(names.tokens(contacts["called"]))))
    found += [("phone", digits) for phone in contacts.get("phones", []) if (digits := names.phone_digits(phone))]
    documents = [names.document_key(document.get("number", "")) for document in identity.get("documents", [])]
    return found + [("document", key) for key in documents if key]


def telling(features: list[Feature]) -> list[Feature]:
    """The features that are enough to say that two entries may be one child: a name alone is, only where no birth date is known."""
    dated = any(family == "person" for family, _feature in features)
    return [(family, feature) for family, feature in features if family != "name" or not dated]


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
        "languages": list(fields["languages"]),
        "documents": [*document, *before.get("documents", [])[1:]],
    }


def _name(fields: Mapping[str, Any], given: str, patronymic: str, family: str) -> dict[str, str]:
    name = {"given": fields[given], "patronymic": fields[patronymic], "family": fields[family]}
    return {key: text for key, text in name.items() if text}


def contacts_from(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed contacts of what the form's fields hold; phones stand one a line."""
    phones = [line.strip() for line in fields["phones"].splitlines() if line.strip()]
    return {key: fields[key] for key in ("called", "address", "guardian", "safe_contact")} | {"phones": phones}


def safety_from(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed safety of what the form's fields hold."""
    return {key: fields[key] for key in ("plan", "threats", "alerts")}
