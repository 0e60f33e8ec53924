"""Reading XML of others: no entities, no DTD, nothing fetched, bounded in size and depth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree

from amanat.forms.limits import LIMITS

Element = Any
"""An element of lxml, which has no types."""

DEEPEST: Final = 100
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XFORMS: Final = "http://www.w3.org/2002/xforms"
JAVAROSA: Final = "http://openrosa.org/javarosa"
OPENROSA: Final = "http://openrosa.org/xforms"
ODK: Final = "http://www.opendatakit.org/xforms"


class UnsafeDocument(Exception):
    """XML that is not read; the message says why."""


def parsed(content: bytes, most: int = LIMITS.xform) -> Element:
    """Parse a document and give its root.

    Raises:
        UnsafeDocument: it is no XML, is too large or too deep, or brings a DTD.
    """
    if len(content) > most:
        raise UnsafeDocument(_("It is larger than %(most)s MB.") % {"most": most >> 20})
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsafeDocument(_("It is no XML that can be read: %(why)s.") % {"why": str(error).rstrip(".")}) from None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeDocument(_("It has a DTD, which is not allowed."))
    if _is_deeper(root, DEEPEST):
        raise UnsafeDocument(_("Its elements are nested deeper than %(most)s times.") % {"most": DEEPEST})
    return root


def _is_deeper(root: Element, most: int) -> bool:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            return True
    return False


def local(element: Element) -> str:
    """Its name without the namespace."""
    return str(etree.QName(element).localname)


def namespace(element: Element) -> str:
    """Its namespace."""
    return str(etree.QName(element).namespace or "")


def kids(element: Element, *names: str) -> list[Element]:
    """Elements directly below, of these names or of any."""
    return [kid for kid in element if isinstance(kid.tag, str) and (not names or local(kid) in names)]


def texts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    """Path by local names → text, of each element that has none below; the second of a name is `name[2]`, the first has no number."""
    below = kids(element)
    if not below:
        yield path, (element.text or "").strip()
    count: Counter[str] = Counter()
    for one in below:
        name = local(one)
        count[name] += 1
        yield from texts(one, f"{path}/{name}" + (f"[{count[name]}]" if count[name] > 1 else ""))


def kid(element: Element, name: str) -> Element | None:
    """The first element of a name directly below."""
    return next(iter(kids(element, name)), None)


def attribute(element: Element, name: str, *namespaces: str) -> str:
    """An attribute by its local name, in any of these namespaces or in none; empty where it is not there."""
    for space in ("", *namespaces):
        found = element.get(f"{{{space}}}{name}" if space else name)
        if found is not None:
            return str(found)
    return ""


def is_well_named(name: str) -> bool:
    """Whether a word can be the name of an element."""
    try:
        etree.QName(name)
    except ValueError:
        return False
    return ":" not in name and "{" not in name


def written(element: Element) -> bytes:
    """A document as bytes."""
    return bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=True))


def made(name: str, attributes: dict[str, str], namespaces: dict[str | None, str] | None = None) -> Element:
    """A new root element."""
    element = etree.Element(name, nsmap=namespaces or {})
    for key, value in attributes.items():
        element.set(key, value)
    return element


def added(parent: Element, name: str, text: str = "") -> Element:
    """A new element below another; letters that XML can't hold are left out."""
    element = etree.SubElement(parent, name)
    if text:
        element.text = _NO_XML.sub("", text)
    return element
