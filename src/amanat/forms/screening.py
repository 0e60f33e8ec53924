"""Which screens a form has now, and what stands on each: a screen a group, only what is relevant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from amanat.forms.limits import LIMITS
from amanat.forms.model import Heading, Item, RepeatEnd, Screen, Shown
from amanat.forms.nodes import Node
from amanat.forms.state import State
from amanat.forms.structure import Control, Group, Part, Repeat
from amanat.forms.texts import Text

LOOSE: Final = 15
"""How many questions outside every group are asked on one screen."""

Show = Callable[[Control, Node], Shown]


class Screens:
    """Makes the screens of a filling; `shown` makes one question of a control and its node."""

    def __init__(self, state: State, shown: Show) -> None:
        self._state, self._shown = state, shown

    def all(self) -> list[Screen]:
        """The screens in order, without those on which nothing stands."""
        return [screen for screen in self._of(self._state.form.parts_of_body, self._state.root, "") if screen.items]

    def _of(self, parts: Sequence[Part], node: Node, title: str) -> Iterator[Screen]:
        loose: list[Control] = []
        for part in parts:
            if isinstance(part, Control):
                loose.append(part)
                continue
            yield from self._loose(loose, node, title)
            loose = []
            if isinstance(part, Repeat):
                yield Screen(part.path, self._said(part.label, node) or title, tuple(self._items([part], node, 1)))
            else:
                yield from self._group(part, node, title)
        yield from self._loose(loose, node, title)

    def _loose(self, loose: list[Control], node: Node, title: str) -> Iterator[Screen]:
        for begin in range(0, len(loose), LOOSE):
            few = loose[begin : begin + LOOSE]
            yield Screen(few[0].path, title, tuple(self._items(few, node, 1)))

    def _group(self, group: Group, node: Node, title: str) -> Iterator[Screen]:
        inner = self._inner(group, node)
        if inner is None:
            return
        title = self._said(group.label, inner) or title
        whole = group.appearance & {"field-list", "table-list"} or any(
            isinstance(part, Control) for part in group.parts
        )
        if whole:
            first = next((part.path for part in group.parts if part.path), "")
            yield Screen(group.path or first, title, tuple(self._items(group.parts, inner, 1)))
        else:
            yield from self._of(group.parts, inner, title)

    def _inner(self, group: Group, node: Node) -> Node | None:
        """The node of a group, where it is relevant; that above for a group that only the page has."""
        if not group.path:
            return node
        found = next(iter(self._state.nearest(node, group.path)), None)
        return found if found and found.counts else None

    def _items(self, parts: Sequence[Part], node: Node, level: int) -> Iterator[Item]:
        for part in parts:
            if isinstance(part, Control):
                found = next(iter(self._state.nearest(node, part.path)), None)
                if found and found.counts:
                    yield self._shown(part, found)
            elif isinstance(part, Repeat):
                yield from self._repeated(part, node, level)
            elif (inner := self._inner(part, node)) is not None:
                items = tuple(self._items(part.parts, inner, level + 1))
                if items:
                    yield Heading(
                        self._state.numbered(inner), self._said(part.label, inner), level, appearance=part.appearance
                    )
                    yield from items

    def _repeated(self, repeat: Repeat, node: Node, level: int) -> Iterator[Item]:
        above = next(iter(self._state.nearest(node, repeat.path.rsplit("/", 1)[0])), None)
        if above is None or not above.counts or not self._state.is_wanted(repeat.path, above):
            return
        same = above.kids.get(repeat.path.rsplit("/", 1)[-1], [])
        free = not (repeat.count or repeat.fixed)
        for number, one in enumerate(same, 1):
            if one.relevant:
                label = self._said(repeat.label, one)
                path, parts = self._state.numbered(one), self._state.form.parts_in(repeat.path)
                yield Heading(path, label, level, number, free, repeat.appearance, parts)
                yield from self._items(repeat.parts, one, level + 1)
        path = f"{self._state.numbered(above)}/{repeat.path.rsplit('/', 1)[-1]}"
        yield RepeatEnd(path, self._said(repeat.label, above), len(same), free and len(same) < LIMITS.repeats)

    def _said(self, text: Text, node: Node) -> str:
        return self._state.spoken(text, node)
