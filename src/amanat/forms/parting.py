"""An XForm instance taken apart by whose eyes each answer is for, and put together again. Nothing is evaluated here.

Each piece keeps the groups and repeats of the whole, so that an answer of the second of a repeat stays one of the second.
What the form does not know goes with the answer before it.
"""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Iterator

from lxml import etree

from amanat.forms.compiling import CompiledForm
from amanat.forms.documents import Element, local, parsed, texts
from amanat.forms.model import UNSEEN

META = "meta"


def parse(instance: bytes) -> Element:
    """Raises:
    UnsafeDocument: it is no XML, or asks for what is never read.
    """
    return parsed(instance)


def split(form: CompiledForm, instance: bytes) -> dict[str, str]:
    """The instance by part: of each part the same tree with the answers of no other. Parts without an answer are left out."""
    root = parse(instance)
    owners = dict(_owners(form, root))
    parts = {part for element, part in owners.items() if (element.text or "").strip()}
    return {part: _only(root, owners, part) for part in sorted(parts)}


def bare(instance: bytes) -> str:
    """The tree of an instance without any answer: what stands of a part whose answers were all taken out."""
    root = parse(instance)
    return _only(root, dict.fromkeys((element for element, _path in _leaves(root)), ""), "-")


def _owners(form: CompiledForm, root: Element) -> Iterator[tuple[Element, str]]:
    part = next((question.part for question in form.questions.values() if question.kind not in UNSEEN), "")
    part = part or next(iter(sorted(form.parts)))
    for element, path in _leaves(root):
        question = form.questions.get(path)
        part = question.part if question else part
        yield element, part


def _leaves(root: Element) -> Iterator[tuple[Element, str]]:
    """The elements without any below, but for those about the instance itself, each with its path without numbers."""

    def within(element: Element, path: str) -> Iterator[tuple[Element, str]]:
        for child in element:
            if not isinstance(child.tag, str) or (element is root and local(child) == META):
                continue
            below = f"{path}/{local(child)}"
            yield from within(child, below) if len(child) else [(child, below)]

    yield from within(root, f"/{local(root)}")


def _only(root: Element, owners: dict[Element, str], part: str) -> str:
    piece = copy.deepcopy(root)
    others = [
        twin for element, twin in zip(root.iter(), piece.iter(), strict=True) if owners.get(element, part) != part
    ]
    for twin in others:
        above = twin.getparent()
        assert above is not None
        above.remove(twin)
    return str(etree.tostring(piece, encoding="unicode"))


def join(pieces: list[str]) -> bytes:
    """The whole again, of pieces that may be of different versions of a record."""
    root = parse(pieces[0].encode())
    for piece in pieces[1:]:
        _lay(parse(piece.encode()), root)
    return bytes(etree.tostring(root))


def _lay(piece: Element, onto: Element) -> None:
    for child, twin in _paired(piece, onto):
        if twin is None:
            onto.append(copy.deepcopy(child))
        elif len(child):
            _lay(child, twin)
        elif not len(twin) and not (twin.text or "").strip():
            twin.text = child.text


def _paired(piece: Element, onto: Element) -> list[tuple[Element, Element | None]]:
    """Each child of the piece with the one of the same name and place, None where there is none."""
    count: Counter[str] = Counter()
    same: dict[str, list[Element]] = defaultdict(list)
    for each in onto:
        same[str(each.tag)].append(each)
    pairs: list[tuple[Element, Element | None]] = []
    for child in piece:
        tag = str(child.tag)
        at = count[tag]
        count[tag] += 1
        pairs.append((child, same[tag][at] if at < len(same[tag]) else None))
    return pairs


def said(piece: str) -> dict[str, str]:
    """What is answered in a piece: path (`documents.texts`) → text. Two pieces that say the same are equal here."""
    root = parse(piece.encode())
    top = f"/{local(root)}"
    return {path: text for path, text in texts(root, top) if text and not path.startswith(f"{top}/{META}/")}
