"""*Find*, as its page asks while somebody types: beginnings of names in another writing, among 5,000 files of one worker."""

from __future__ import annotations

import random
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from tools.bench.data.asking import translit
from tools.bench.data.generator import SEED, Registered, registry
from tools.bench.data.ranking import milliseconds
from tools.bench.data.seeding import LOOKED_THROUGH

if TYPE_CHECKING:
    from amanat.access.actor import Actor

SOUGHT = 60


def typed(told: Registered, draw: random.Random) -> list[str]:
    """What somebody types until the child stands there: the family's name letter by letter, then the given name."""
    entry = translit(told, draw)
    family, given = entry.family.lower(), entry.given.lower()
    return [*(family[:length] for length in range(3, len(family) + 1, 2)), f"{family} {given[:3]}", f"{given} {family}"]


def measured() -> dict[str, Any]:
    """Milliseconds of the first search (all identities are opened) and of the later ones; how many stood on the page in the end."""
    from amanat.cases.folded import shelf

    draw, actor = random.Random(f"{SEED} typing"), worker(0)
    sought = draw.sample(list(islice(registry(LOOKED_THROUGH), LOOKED_THROUGH)), SOUGHT)
    first, later, among, there, seen = list[float](), list[float](), 0, 0, False
    for _again in range(3):
        shelf.forget()
        first.append(_timed(actor, "zzzz")[0])
    for told in sought:
        for text in typed(told, draw):
            seconds, lines, among = _timed(actor, text)
            later.append(seconds)
            seen = full_name(told) in lines
        there += seen
    return {"first": milliseconds(first), "later": milliseconds(later), "among": among, "there": there / SOUGHT}


def full_name(told: Registered) -> str:
    return " ".join(filter(None, (told.entry.given, told.entry.patronymic, told.entry.family)))


def _timed(actor: Actor, text: str) -> tuple[float, list[str], int]:
    """Seconds, the names on the page, and how many files were looked through."""
    from amanat.cases.find import Asked, find

    start = time.perf_counter()
    found = find(actor, Asked(text=text))
    seconds = time.perf_counter() - start
    return seconds, [one.line.name.text for one in found.lines if one.line.name], found.among


def worker(number: int) -> Actor:
    """One of the benchmark's workers, freshly signed in; the first holds the 5,000 files."""
    from datetime import UTC, datetime

    from amanat.access.actor import Actor
    from amanat.people.models import Membership
    from tools.bench.people import worker_name

    member = Membership.objects.select_related("user", "agency", "site").get(user__username=worker_name(number))
    now = datetime.now(UTC)
    return Actor(member, now, (member.pk,), proved_at=now, second_factor=True)
