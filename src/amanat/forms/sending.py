"""A filling as an XForm instance, as a phone would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amanat.forms.documents import Element, added, made, written
from amanat.forms.nodes import Node

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm


def sent(form: CompiledForm, root: Node, *, whole: bool) -> bytes:
    """The instance without what is not relevant, or `whole`."""
    spaces = form.template.spaces
    own: dict[str | None, str] = {f"n{number}": uri for number, uri in enumerate(sorted(set(spaces.values())))}
    attributes = {key: value for key, value in form.template.attributes.items() if "template" not in key}
    document = made(_named(root, spaces), attributes, own)
    _fill(document, root, spaces, whole=whole)
    return written(document)


def _fill(element: Element, node: Node, spaces: dict[str, str], *, whole: bool) -> None:
    for same in node.kids.values():
        for kid in same:
            if whole or kid.relevant:
                below = added(element, _named(kid, spaces), "" if kid.kids else kid.text)
                _fill(below, kid, spaces, whole=whole)


def _named(node: Node, spaces: dict[str, str]) -> str:
    space = spaces.get(node.path, "")
    return f"{{{space}}}{node.name}" if space else node.name
