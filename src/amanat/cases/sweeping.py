"""The sweep: what children are found by is posted anew, under fresh index keys or in the words of a new fold.

In batches, each a transaction of its own; killed, it goes on where it stood. Until the end both generations are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import transaction

from amanat.cases import keyed
from amanat.cases.models import Child
from amanat.vault import generations
from amanat.vault.models import Generation
from amanat.vault.rounds import Rounds

EVERY: Final = 5.0  # seconds between two looks whether there is one to do
AT_ONCE = 200  # so that whoever wants to write meanwhile waits for a moment only


def nothing(_count: int) -> None:
    """Nobody wants to hear how far it is."""


def sweep(*, new_keys: bool = False, tell: Callable[[int], None] = nothing) -> int:
    """Do what there is to do, or go on with it; gives how many children were posted anew. `tell` hears that number after each batch.

    A sweep that was begun is finished first, whatever `new_keys` says; it is asked for again afterwards.
    """
    generation = generations.begin(new_keys=new_keys)
    if generation is None:
        return 0
    posted = 0
    while (some := step(generation)) is not None:
        posted += some
        tell(posted)
    return posted


def step(generation: Generation) -> int | None:
    """A batch, and how many children it posted: none where it took out what was posted before. None: all is done."""
    if some := post_some(generation) or post_stragglers(generation):
        return some
    return 0 if generations.drop_some(generation) or not generations.finish(generation) else None


def post_some(generation: Generation) -> int:
    """The next children in the order of their references; 0 when it has passed all of them."""
    with transaction.atomic():
        held = Generation.objects.select_for_update(no_key=True).get(number=generation.number)
        children = Child.objects.order_by("pk")
        if held.swept_to:
            children = children.filter(pk__gt=held.swept_to)
        some = list(children.values_list("pk", "subject_id")[:AT_ONCE])
        if some:
            keyed.post([subject for _pk, subject in some])
            Generation.objects.filter(number=held.number).update(swept_to=some[-1][0])
        return len(some)


def post_stragglers(generation: Generation) -> int:
    """Those who were being registered when the sweep began."""
    with transaction.atomic():
        late = generations.stragglers(generation, AT_ONCE)
        keyed.post(late)
        return len(late)


class Sweeper(Rounds):
    """Begins or goes on with a sweep, where there is one to do: in a thread of the task process."""

    name = "index-sweep"
    waits = "the sweep over the index waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        if generations.is_whole():
            return False
        generation = generations.begin(new_keys=False)
        return generation is not None and step(generation) is not None
