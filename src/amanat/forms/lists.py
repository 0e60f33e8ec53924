"""The lists of a form: choices inside it (`<instance>`), and CSV files beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from amanat.forms.documents import Element, attribute, kids, local
from amanat.forms.limits import LIMITS
from amanat.forms.nodes import Node


class FaultyList(Exception):
    """A list that can't be read; the message says why."""


def read_list(instance: Element, media: Mapping[str, bytes]) -> Node:
    """The list of one secondary instance: a node above its root, `root/item/column`.

    Raises:
        FaultyList: its file is not there, or is none that can be read.
    """
    above = Node("", "")
    source = attribute(instance, "src")
    if source.startswith("jr://instance/"):
        return above  # the last saved one: nothing is known of it here
    if source:
        above.append(_from_file(source.rsplit("/", 1)[-1], media))
    for element in kids(instance):
        above.append(_from_element(element))
    return above


def _from_element(element: Element) -> Node:
    node = Node(local(element), "", text=(element.text or "").strip())
    for kid in kids(element):
        node.append(_from_element(kid))
    return node


def _from_file(name: str, media: Mapping[str, bytes]) -> Node:
    if not name.endswith(".csv"):
        raise FaultyList(_("Lists come from .csv files; “%(name)s” can't be read.") % {"name": name})
    if name not in media:
        raise FaultyList(_("The file “%(name)s” is missing.") % {"name": name})
    return node_of_csv(media[name])


def node_of_csv(content: bytes) -> Node:
    """A CSV file as `root/item/column`.

    Raises:
        FaultyList: it is no UTF-8, or has more rows or columns than a list may.
    """
    root = Node("root", "")
    for row in _rows(content):
        item = root.append(Node("item", ""))
        for column, cell in row.items():
            item.append(Node(column, "", text=cell))
    return root


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FaultyList(_("It is not written in UTF-8.")) from None
    delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if len(header) > LIMITS.columns:
            raise FaultyList(_("It has more than %(most)s columns.") % {"most": LIMITS.columns})
        for number, row in enumerate(reader):
            if number >= LIMITS.choices:
                raise FaultyList(_("It has more than %(most)s rows.") % {"most": LIMITS.choices})
            if any(row):
                yield dict(zip(header, [*row, *[""] * len(header)], strict=False))
    except csv.Error as error:
        raise FaultyList(_("It is no CSV that can be read: %(why)s.") % {"why": error}) from None
