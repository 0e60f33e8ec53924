"""The primary instance of a form: the tree with which a filling begins, and one tree a repeat for each that is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from amanat.forms.documents import JAVAROSA, XFORMS, Element, attribute, kids, local, namespace
from amanat.forms.nodes import Node


@dataclass(slots=True)
class Template:
    """`root`: with defaults. `repeats`: by generic path, what a new one is a copy of. `spaces`: namespaces by path, where a
    node has its own. `attributes` of the root, as they are sent back."""

    root: Node
    repeats: dict[str, Node] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def paths(self) -> Iterator[str]:
        """All generic paths, in the order of the form."""
        yield from dict.fromkeys(self._paths(self.root))

    def _paths(self, node: Node) -> Iterator[str]:
        yield node.path
        for name in node.kids:
            path = f"{node.path}/{name}"
            like = self.repeats.get(path)
            yield from self._paths(like if like is not None else node.kids[name][0])

    def without(self, paths: frozenset[str]) -> None:
        """Begin with none of these repeats, whose number a formula says."""
        for top in (self.root, *self.repeats.values()):
            for node in (top, *top.below()):
                node.kids |= {name: [] for name in node.kids if f"{node.path}/{name}" in paths}

    def new(self, path: str) -> Node:
        """One more of a repeat."""
        return self.repeats[path].copy()


def read_template(instance: Element, repeats: frozenset[str]) -> Template:
    """The primary instance of an XForm, with one of each repeat to begin with."""
    element = kids(instance)[0]
    name = local(element)
    template = Template(Node(name, f"/{name}"))
    template.attributes = {str(key): str(value) for key, value in element.attrib.items()}
    if namespace(element) not in ("", XFORMS):
        template.spaces[f"/{name}"] = namespace(element)
    _fill(template, template.root, element, repeats)
    return template


def _fill(template: Template, node: Node, element: Element, repeats: frozenset[str]) -> None:
    for part in kids(element):
        path = f"{node.path}/{local(part)}"
        if namespace(part) not in ("", XFORMS):
            template.spaces[path] = namespace(part)
        new = Node(local(part), path, node, "" if kids(part) else (part.text or "").strip())
        _fill(template, new, part, repeats)
        if path in repeats:
            is_template = part.get(f"{{{JAVAROSA}}}template") is not None or attribute(part, "template") != ""
            if is_template or path not in template.repeats:
                template.repeats[path] = new.copy()
            if is_template:
                node.kids.setdefault(new.name, [])
                continue
        node.append(new)
    for name, same in node.kids.items():
        if not same:
            node.append(template.new(f"{node.path}/{name}"))
