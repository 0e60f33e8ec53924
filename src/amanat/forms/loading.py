"""Reading an XForm instance into the tree of a form: a draft, a record, a phone's packet, also one of another version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amanat.forms.documents import Element, UnsafeDocument, kids, local, parsed
from amanat.forms.limits import LIMITS
from amanat.forms.model import LeftOver
from amanat.forms.nodes import Node

if TYPE_CHECKING:
    from amanat.forms.compiling import CompiledForm

_MOST_NODES: Final = 5 * LIMITS.nodes


class FaultyInstance(Exception):
    """Answers that can't be read; the message says why."""


def load(form: CompiledForm, instance: bytes) -> tuple[Node, list[LeftOver]]:
    """The answers of an instance on the form's tree, and those that have no place in it.

    Raises:
        FaultyInstance: it is no XML that may be read.
    """
    try:
        element = parsed(instance)
    except UnsafeDocument as error:
        raise FaultyInstance(str(error)) from None
    loader = _Loader(form)
    root = form.template.root.copy()
    loader.fill(root, element)
    return root, loader.left_over


class _Loader:
    def __init__(self, form: CompiledForm) -> None:
        self._form = form
        self._size = 0
        self.left_over: list[LeftOver] = []

    def fill(self, node: Node, element: Element) -> None:
        seen: dict[str, int] = {}
        for part in kids(element):
            name = local(part)
            seen[name] = seen.get(name, 0) + 1
            kid = self._place(node, name, seen[name])
            if kid is None:
                self._leave(part, f"{node.path}/{name}")
            elif kid.kids:
                self.fill(kid, part)
            else:
                self._answer(kid, part)
        for name, same in node.kids.items():
            if (same and same[0].path in self._form.repeats) or name in seen:
                del same[max(seen.get(name, 0), 0 if f"{node.path}/{name}" in self._form.repeats else 1) :]

    def _place(self, node: Node, name: str, number: int) -> Node | None:
        """The node of the tree for one of an instance; a repeat gets one more where it needs one."""
        same = node.kids.get(name, [])
        if number <= len(same):
            return same[number - 1]
        path = f"{node.path}/{name}"
        if path not in self._form.repeats or number > LIMITS.repeats or self._size > _MOST_NODES:
            return None
        new = self._form.template.new(path)
        self._size += 1 + sum(1 for _node in new.below())
        return node.append(new)

    def _answer(self, node: Node, element: Element) -> None:
        if kids(element):
            self._leave(element, node.path)
        else:
            node.text = element.text or ""

    def _leave(self, element: Element, path: str) -> None:
        """Keep all answers in an element that has no place."""
        below = kids(element)
        if not below and (element.text or "").strip():
            self.left_over.append(LeftOver(path, element.text))
        for kid in below:
            self._leave(kid, f"{path}/{local(kid)}")
