"""Papers about a child: each room registers those that it can make. Handing one out is a verb (`actions.papers`), one at a time or
many in a bundle.

A paper is whole in the language of whoever gets it: what stands on it is put together while that language is active. It bears the
child's code name or the child's name, never both: a sheet that is lost must not be the key from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, override

from amanat.access import paper
from amanat.access.actor import Actor
from amanat.access.files import Closed, File
from amanat.access.policy import Part, Verb
from amanat.cases.consent_words import language_of
from amanat.cases.models import Case
from amanat.cases.shown import case_of, opened
from amanat.web.errors import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Told = Callable[[File, str], Mapping[str, Any] | None]


def of_reader(_file: File) -> str:
    """The language of whoever makes it: for the team's own papers."""
    return (get_language() or "en").split("-")[0]


def of_child(file: File) -> str:
    """The first of the child's own in which there are words, as far as they are open; else that of whoever makes it."""
    return language_of("", opened(file, Part.IDENTITY).get("languages", ()) if file.sees(Part.IDENTITY) else ())


class Bears(Enum):
    """By what a paper tells whose it is."""

    CODE_NAME = "code_name"
    NAME = "name"
    NUMBERS = "numbers"  # neither: of the entry, the piece, the court; or nothing at all


@dataclass(frozen=True)
class Paper:
    """A paper that a room can make of a file.

    Args:
        name: unique; it stands in the address.
        label: what it is, capital letter first.
        part: that has to be open to whoever hands it out.
        template: extends `web/paper.html`.
        told: what stands on it, by the key of the row it is about ("": the newest, or the only one); None where there is none. It
            opens through the file, and is asked in the language of the paper.
        speaks: the language that is proposed.
        also: a verb that one has to be allowed as well.
        in_bundles: whether the newest one of many files can be gathered.
        bears: by what it tells whose it is; its template has `case` only where that is the code name.
        by_consent: whether also somebody may hand it out whom only a consent lets in.
        kept: whether it is signed or stays with whoever gets it; else it is for the team's own use, and destroyed afterwards.
    """

    name: str
    label: StrOrPromise
    part: Part
    template: str
    told: Told
    speaks: Callable[[File], str] = of_reader
    also: Verb | None = None
    in_bundles: bool = True
    by_consent: bool = False
    bears: Bears = Bears.CODE_NAME
    kept: bool = False

    def __str__(self) -> str:
        return str(self.label)

    @property
    def as_file(self) -> str:
        """What it is, as a file may be named."""
        return str(self.label).replace(":", ",").replace("/", "-")


_papers: dict[str, Paper] = {}


def register(one: Paper) -> None:
    """Called from the `ready()` of the room that makes it.

    Raises:
        ValueError: another paper has this name.
    """
    if _papers.get(one.name, one) != one:
        raise ValueError(f"Two papers are named {one.name!r}.")
    _papers[one.name] = one


def named(name: str) -> Paper | None:
    return _papers.get(name)


def known() -> list[Paper]:
    """In the order of their labels in the active language."""
    return sorted(_papers.values(), key=str)


def languages() -> list[tuple[str, str]]:
    """Those in which papers are made, each by its own name."""
    return [(code, str(get_language_info(code)["name_local"]).capitalize()) for code, _name in settings.LANGUAGES]


def check(file: File, one: Paper) -> None:
    """Raises:
    Closed: its part is not open to the actor.
    Refused: a verb that it takes is not theirs.
    """
    if not file.sees(one.part):
        raise Closed(one.part)
    if not (one.by_consent or file.is_worked_on):
        raise Refused()
    if one.also is not None:
        file.check(one.also)


def may_hand_out(file: File, one: Paper) -> bool:
    allowed = file.may(Verb.PAPER_HAND_OUT) and (one.also is None or file.may(one.also))
    return file.exists and file.sees(one.part) and allowed and (one.by_consent or file.is_worked_on)


def there_is(file: File, one: Paper, key: str) -> bool:
    return one.told(file, key) is not None


def made(file: File, one: Paper, key: str, language: str) -> str | None:
    """HTML for paper; None where there is nothing to be put on it.

    Raises:
        Closed, Refused: as `check`.
    """
    check(file, one)
    with override(language):
        told = one.told(file, key)
    if told is None:
        return None
    shared = {"kept": one.kept} | ({"case": file.row} if one.bears is Bears.CODE_NAME else {})
    return paper.sheet(file.actor, one.template, lambda: shared | dict(told), language)


def file_name(file: File, one: Paper, language: str) -> str:
    """In the language of the paper; a name that stands on it stands in no list of files."""
    with override(language):
        label = one.as_file
    return f"{label} {case_of(file).child.code_name if one.bears is Bears.CODE_NAME else paper.number(file.actor)}"


def address(file: File, name: str, key: str = "") -> str:
    """Of the page where it is handed out."""
    where = reverse("cases.hand_out_paper", args=[file.row.pk, name])
    return f"{where}?key={key}" if key else where


@dataclass(frozen=True)
class Group:
    """Children of whom papers are gathered together; who of them the actor may know of is asked later."""

    name: str
    label: str
    rows: QuerySet[Case]


Groups = Callable[[Actor], Iterable[Group]]
_groups: list[Groups] = []


def register_groups(ask: Groups) -> None:
    """Called from the `ready()` of the room that knows them."""
    if ask not in _groups:
        _groups.append(ask)


def groups(actor: Actor) -> list[Group]:
    return [group for ask in _groups for group in ask(actor)]
