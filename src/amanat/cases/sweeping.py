"""The sweep: what children are found by is posted anew, under fresh index keys or in the words of a new fold.

In batches, each a transaction of its own; killed, it goes on where it stood. Until the end both generations are asked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error, connection, transaction

from amanat.cases import keyed
from amanat.cases.models import Child
from amanat.vault import generations
from amanat.vault.keys import Locked
from amanat.vault.models import Generation

PAUSE = 30.0  # seconds until what the database refused is tried again
AT_ONCE = 200  # so that whoever wants to write meanwhile waits for a moment only

log = logging.getLogger(__name__)


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
    while True:
        while some := post_some(generation) or post_stragglers(generation):
            posted += some
            tell(posted)
        while generations.drop_some(generation):
            tell(posted)
        if generations.finish(generation):
            return posted


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


def in_background() -> None:
    """Begin or go on with a sweep in a thread of the process that serves, where there is one to do."""
    threading.Thread(target=_run, name="index-sweep", daemon=True).start()


def _run(pause: Callable[[float], object] = time.sleep) -> None:
    """Sweep to the end: what the database refuses for the moment is tried again after a pause, from where it stood.

    Raises:
        Locked: the process holds no keys.
    """
    while not _came_to_its_end():
        pause(PAUSE)


def _came_to_its_end() -> bool:
    try:
        if not generations.is_whole():
            sweep()
        return True
    except Error:
        log.exception("the sweep over the index was held up; it goes on in %s seconds where it stood", PAUSE)
        return False
    except Locked:
        log.exception("the sweep over the index stopped; it goes on at the next start, or with: amanat index sweep")
        raise
    finally:
        connection.close()
