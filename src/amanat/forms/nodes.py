"""The tree of an instance: nodes by name, and what has been answered in them."""

from __future__ import annotations

from collections.abc import Iterator


class Node:
    """One node. Nodes of one name stand together in `kids`: only repeats, and items of a list, are several.

    `path` is generic, without numbers. `relevant`: as its own expression says; that of its parents is theirs.
    """

    __slots__ = ("kids", "name", "parent", "path", "relevant", "text")

    def __init__(self, name: str, path: str, parent: Node | None = None, text: str = "") -> None:
        self.name = name
        self.path = path
        self.parent = parent
        self.text = text
        self.relevant = True
        self.kids: dict[str, list[Node]] = {}

    def append(self, kid: Node) -> Node:
        """Add a node below this one, after others of its name."""
        kid.parent = self
        self.kids.setdefault(kid.name, []).append(kid)
        return kid

    def copy(self, parent: Node | None = None) -> Node:
        """A tree like this one."""
        new = Node(self.name, self.path, parent, self.text)
        new.kids = {name: [kid.copy(new) for kid in kids] for name, kids in self.kids.items()}
        return new

    def below(self) -> Iterator[Node]:
        """All nodes below, each before its own."""
        for kids in self.kids.values():
            for kid in kids:
                yield kid
                yield from kid.below()

    @property
    def siblings(self) -> list[Node]:
        """The nodes of its name beside it, with itself."""
        return self.parent.kids[self.name] if self.parent else [self]

    @property
    def number(self) -> int:
        """Its place among the nodes of its name, from 1."""
        return next(at for at, node in enumerate(self.siblings, 1) if node is self)

    @property
    def counts(self) -> bool:
        """Whether it and all above it are relevant."""
        node: Node | None = self
        while node:
            if not node.relevant:
                return False
            node = node.parent
        return True

    def up(self) -> list[Node]:
        """From the root to this node."""
        found: list[Node] = []
        node: Node | None = self
        while node:
            found.append(node)
            node = node.parent
        return found[::-1]
