"""What rooms bring to the agenda of a conference, beside what conferences find themselves. Each adds its own in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.cases.shown import Text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to speak of. `ref` tells it from others of its kind, without a hyphen; `content` is kept, sealed, once it is held."""

    ref: str
    part: Part
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """Points of one kind, under a title of their own.

    Args:
        name: unique; `content["kind"]` of its points is set to it.
        title: above its points.
        there: rows of a case, each with a moment `at`, without which there is nothing to bring: they cost no query of their own.
        find: the points of a file, in order; `also` holds references that somebody already wrote about and that stay. It opens
            through `file.open`, and only what the actor sees.
        say: the title and a detail of a point, in the active language, from its content alone.
    """

    name: str
    title: StrOrPromise
    there: Callable[[Case], QuerySet[Any]]
    find: Callable[[File, Collection[str]], Iterable[Point]]
    say: Callable[[Mapping[str, Any]], tuple[Text, str]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kinds() -> Iterable[Kind]:
    return _kinds.values()


def kind(name: str) -> Kind | None:
    return _kinds.get(name)
