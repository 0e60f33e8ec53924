"""What has to be decided anew once somebody around a child is a suspect. Rooms that this one knows nothing of add theirs in `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amanat.access.files import File
from amanat.cases.models import PersonAround

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Asked within the verb that records the suspicion; a sentence that names nobody, None where there is nothing to decide.
ToDecide = Callable[[File, PersonAround], "StrOrPromise | None"]

_registered: list[ToDecide] = []


def register(to_decide: ToDecide) -> None:
    if to_decide not in _registered:
        _registered.append(to_decide)


def asked(file: File, person: PersonAround) -> list[StrOrPromise]:
    return [sentence for to_decide in _registered if (sentence := to_decide(file, person)) is not None]
