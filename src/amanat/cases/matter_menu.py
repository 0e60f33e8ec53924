"""What the page of a hotline's matter offers and shows besides its own: rooms that the hotline knows nothing of add it in `ready()`.

A matter is an `access.models.FileRow` that the loader `matter` loads; pages of it stand under `matters/<ref:matter>/…`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amanat.access.files import File
from amanat.access.models import FileRow
from amanat.access.policy import Part, Verb

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def always(_matter: FileRow) -> bool:
    return True


def is_open(matter: FileRow) -> bool:
    return not matter.is_closed


def is_closed(matter: FileRow) -> bool:
    return matter.is_closed


@dataclass(frozen=True, slots=True)
class Action:
    """A link to a page of a matter that does `needs` (a verb), or shows it (a part), while the matter is in the right state."""

    needs: Verb | Part
    url_name: str
    label: StrOrPromise
    icon: str
    fits: Callable[[FileRow], bool] = is_open

    def is_there(self, file: File) -> bool:
        return file.allows(self.needs) and self.fits(file.row)


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of the matter's page, for whoever sees `part`; drawn with `file`, `matter`, and as `panel` what `context` gives.

    Args:
        context: asked with the actor's file; it opens through `file.open`. None: there is nothing to show.
        urgent: stands at the head of the page, before the calls.
    """

    name: str
    part: Part
    template: str
    context: Callable[[File], dict[str, Any] | None]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with what stands in it."""

    panel: Panel
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """What stands at the head of other pages of a matter while the actor is in talk about it; `template` is drawn with it as `talk`."""

    template: str
    context: dict[str, Any]


_actions: list[Action] = []
_talks: list[Callable[[File], Talk | None]] = []
_panels: dict[str, Panel] = {}


def add(action: Action) -> None:
    if action not in _actions:
        _actions.append(action)


def add_panel(panel: Panel) -> None:
    """Raises:
    ValueError: another panel has this name.
    """
    if _panels.get(panel.name, panel) != panel:
        raise ValueError(f"Two panels are named {panel.name!r}.")
    _panels[panel.name] = panel


def actions(file: File) -> list[Action]:
    return [action for action in _actions if action.is_there(file)]


def panels(file: File) -> list[Shown]:
    """Those with something in them that the actor sees."""
    asked = [(panel, panel.context(file)) for panel in _panels.values() if file.sees(panel.part)]
    return [Shown(panel, context) for panel, context in asked if context is not None]


def add_talk(ask: Callable[[File], Talk | None]) -> None:
    """`ask` says of a matter's file whether the actor is in talk about it."""
    if ask not in _talks:
        _talks.append(ask)


def talk_on(file: File) -> Talk | None:
    return next((talk for ask in _talks if (talk := ask(file)) is not None), None)
