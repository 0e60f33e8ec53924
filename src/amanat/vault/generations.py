"""Under which keys, and in the words of which fold, the index's features are posted now; and what a sweep moves from one to the next.

A sweep posts everything anew under the next generation (`index.post`, by whoever knows what is to be found), then takes out
what the one before had. While it runs both are asked, so that nothing is missed; killed, it goes on where it stood.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from collections.abc import Iterable

from django.db import connection, transaction

from amanat import names
from amanat.vault import postings
from amanat.vault.keys import MASTER, keyring
from amanat.vault.models import Generation, Indexed

Feature = tuple[str, str]

FAMILIES = ("person", "name", "phone", "document")
DIGEST = 8  # bytes that are kept; a posting has the first five of them
KEY = 32
BOUND = b"amanat.index.keys.1"
DROPPED_AT_ONCE = 500
# SQLite has one writer at a time and needs no lock.
_SELECT = "SELECT * FROM vault_generation ORDER BY number DESC LIMIT 1"
_NEWEST = {"sqlite": _SELECT, "postgresql": f"{_SELECT} FOR KEY SHARE"}


def live() -> list[Generation]:
    """Those that may hold postings, oldest first; none in a workspace without any child."""
    return list(Generation.objects.order_by("number"))


def newest() -> Generation:
    """The one to post under. Where the fold has changed since, or there is none, it begins here.

    It can't be finished off until the transaction ends.
    """
    last = next(iter(Generation.objects.raw(_NEWEST[connection.vendor])), None)
    return last if last and last.fold == names.FOLD_VERSION else _after(last, bytes(last.wrapped_keys) if last else b"")


def begin(*, new_keys: bool) -> Generation | None:
    """The generation that a sweep has to make whole: one that is not, else a new one with fresh keys if so asked, else none."""
    last = newest()
    if not last.whole:
        return last
    return _after(last, keyring().wrap(secrets.token_bytes(KEY * len(FAMILIES)), BOUND)) if new_keys else None


def _after(last: Generation | None, wrapped_keys: bytes) -> Generation:
    """The next one. The first of all is whole as it is: there was nothing to be found before it."""
    fresh = {"fold": names.FOLD_VERSION, "wrapped_keys": wrapped_keys, "whole": last is None}
    return Generation.objects.get_or_create(number=last.number + 1 if last else 1, defaults=fresh)[0]


def is_whole() -> bool:
    """Whether no sweep has anything to do."""
    held = live()
    return not held or (held[-1].whole and held[-1].fold == names.FOLD_VERSION)


def stragglers(generation: Generation, limit: int) -> list[uuid.UUID]:
    """Subjects that are still posted under an older generation: somebody was registering them when this one began."""
    late = Indexed.objects.filter(generation__number__lt=generation.number).order_by("number")
    return list(late.values_list("subject_id", flat=True)[:limit])


def drop_some(generation: Generation) -> bool:
    """Take out postings of the generations before this one, of some subjects. False: there are none left."""
    with transaction.atomic():
        held = Generation.objects.select_for_update(no_key=True).get(number=generation.number)
        rows = Indexed.objects.select_for_update().filter(number__gt=held.dropped_to).order_by("number")
        some = list(rows[:DROPPED_AT_ONCE])
        postings.take_out(entry for row in some for entry in postings.entries(row.number, bytes(row.before)))
        Indexed.objects.filter(number__in=[row.number for row in some if row.before]).update(before=b"")
        held.dropped_to = some[-1].number if some else 0
        held.save(update_fields=["dropped_to"])
        return bool(some) or Indexed.objects.exclude(before=b"").exists()


def finish(generation: Generation) -> bool:
    """Declare it whole and forget those before it, with their keys. False: a straggler came in meanwhile.

    Waits for whoever is posting under one of those before it.
    """
    with transaction.atomic():
        older = Generation.objects.filter(number__lt=generation.number).order_by("number")
        list(older.select_for_update())
        if stragglers(generation, 1):
            return False
        older.delete()
        Generation.objects.filter(number=generation.number).update(whole=True)
        return True


def digests(generation: Generation, features: Iterable[Feature]) -> list[bytes]:
    """8 bytes a feature: HMAC-SHA256 of the fold's version and the feature under its family's key, shortened.

    The version is in it so that no posting belongs to two generations, also where they share their keys.
    """
    keys, fold = keys_of(generation), b"%d|" % generation.fold
    return [hmac.digest(keys[family], fold + feature.encode(), "sha256")[:DIGEST] for family, feature in features]


def keys_of(generation: Generation) -> dict[str, bytes]:
    """The key of each family of features."""
    box = bytes(generation.wrapped_keys)
    if not box:
        return {family: keyring()[f"index.{family}.1"] for family in FAMILIES}
    keys = keyring().unwrap(box, BOUND)
    return {family: keys[KEY * place : KEY * (place + 1)] for place, family in enumerate(FAMILIES)}


def wrap_anew(generation: Generation) -> bool:
    """Wrap its keys under the newest master key; whether they were under a former one."""
    held, box = keyring(), bytes(generation.wrapped_keys)
    if not box or box[0] == held.newest(MASTER):
        return False
    anew = held.wrap(held.unwrap(box, BOUND), BOUND)
    Generation.objects.filter(number=generation.number, wrapped_keys=box).update(wrapped_keys=anew)
    return True
