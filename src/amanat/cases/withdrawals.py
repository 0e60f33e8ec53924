"""What else ends with a consent. Rooms that this one knows nothing of add theirs in `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.models import Consent, Grant
from amanat.cases.models import Case

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Ending:
    """`runs_on` says of places that rest on a consent whose help is not to end at once; `end` is called within the verb, once the
    consent is withdrawn. `bridge` is what carries running help on, where there is any. `runs_on_outside`: whether help of a case goes
    on for which nobody has a place.
    """

    runs_on: Callable[[list[Grant]], set[Grant]]
    end: Callable[[Case, Consent, Consent | None, Actor], None]
    runs_on_outside: Callable[[Case], bool]


_endings: list[Ending] = []
# Why running help goes on without a consent, as a task and what carries it on keep it: each reader has it in their own language.
WITHDRAWN, OVER = "withdrawn", "over"
WHY: Final[dict[str, StrOrPromise]] = {
    WITHDRAWN: gettext_lazy("Consent withdrawn; shelter or medical help goes on until the safety decision."),
    OVER: gettext_lazy(
        "The last day of the consent is over; shelter or medical help goes on until the safety decision."
    ),
}


def register(ending: Ending) -> None:
    if ending not in _endings:
        _endings.append(ending)


def running(places: list[Grant]) -> set[Grant]:
    return {grant for ending in _endings for grant in ending.runs_on(places)}


def runs_on_outside(case: Case) -> bool:
    """Whether help of this child goes on without a consent, until the safety decision, at an organisation without Amanat."""
    return any(ending.runs_on_outside(case) for ending in _endings)


def ended(case: Case, consent: Consent, bridge: Consent | None, actor: Actor) -> None:
    for ending in _endings:
        ending.end(case, consent, bridge, actor)
