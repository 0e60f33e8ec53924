"""Reading the binds of an XForm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from amanat.forms.documents import JAVAROSA, Element, attribute
from amanat.forms.formulas import Formulas
from amanat.forms.structure import Bind
from amanat.forms.texts import ITEXT, NOTHING, Text, Translations, plain

_FORMULAS: Final = {
    "relevant": "relevant",
    "calculate": "calculation",
    "required": "required",
    "readonly": "read_only",
    "constraint": "constraint",
}
"""The attribute of a bind, and the column of the sheet."""


def read_binds(elements: Sequence[Element], formulas: Formulas, translations: Translations) -> dict[str, Bind]:
    """The binds by generic path. Those of attributes belong to entities, which Amanat does not make; they are left out."""
    found: dict[str, Bind] = {}
    for element in elements:
        path = attribute(element, "nodeset").strip()
        if path and "@" not in path:
            found[path] = _bind(element, path, formulas, translations)
    return found


def _bind(element: Element, path: str, formulas: Formulas, translations: Translations) -> Bind:
    made = {name: formulas.formula(attribute(element, name), path, column) for name, column in _FORMULAS.items()}
    return Bind(
        path=path,
        type=(attribute(element, "type") or "string").rsplit(":", 1)[-1],
        relevant=made["relevant"],
        calculate=made["calculate"],
        required=made["required"],
        read_only=made["readonly"],
        constraint=made["constraint"],
        required_message=_message(element, "requiredMsg", translations),
        constraint_message=_message(element, "constraintMsg", translations),
        preload=f"{attribute(element, 'preload', JAVAROSA)} {attribute(element, 'preloadParams', JAVAROSA)}".strip(),
    )


def _message(element: Element, name: str, translations: Translations) -> Text:
    written = attribute(element, name, JAVAROSA).strip()
    if found := ITEXT.fullmatch(written):
        return translations.text(found[1])
    return plain(written) if written else NOTHING
