"""The keyed index: who has a feature of a person (a name, a phone, a document number) in common with a question.

Equal features have equal digests, and nobody without the index keys can make or read one. A *family* of features has a key
of its own, so that a phone never meets a document number. What a feature is made of is the callers' affair (`names`, `cases`).
"""

from __future__ import annotations

import heapq
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet

from amanat import names
from amanat.vault import postings
from amanat.vault.generations import DIGEST, Feature, digests, live, newest
from amanat.vault.models import DataKey, Generation, Indexed, Subject
from amanat.vault.sealing import seal, unseal

CANDIDATES = 300
ASKED_AT_ONCE = 100
CARD = "vault.indexed.card"  # what cards are bound to, beside the subject

Weighed = list[tuple[int, float]]  # numbers in the index, the heaviest first
Posted = tuple[Indexed, list[bytes]]
Key = TypeVar("Key", bytes, int)  # of a feature: its digest, or the first entry of that


def post(told: Iterable[tuple[Subject, Iterable[Feature], object]]) -> None:
    """Let each subject be found by its (family, feature) pairs, and keep a card (any JSON value) of it, sealed, to compare it by.

    The number of queries is nearly the same for one and for hundreds. What was posted before stays: one goes on being found by a
    name that was corrected. Give all that a subject has, also what it had: a card is replaced, and where a sweep is on its
    way, only what is given comes along.
    """
    generation, wanted, cards = newest(), {}, {}
    for subject, features, card in told:
        wanted[subject.pk] = dict.fromkeys(digests(generation, features))
        cards[subject.pk] = seal(card, subject, CARD, subject.pk.bytes) if card else b""
    rows = Indexed.objects.select_for_update().filter(subject__in=list(wanted)).order_by("number")
    held = {row.subject_id: row for row in rows}
    fresh = [
        Indexed(subject_id=subject, generation=generation, digests=b"".join(found), card=cards[subject])
        for subject, found in wanted.items()
        if subject not in held
    ]
    added = [(row, list(wanted[row.subject_id])) for row in Indexed.objects.bulk_create(fresh)]
    changed = [_extended(row, wanted[subject], generation) for subject, row in held.items()]
    _save([(row, cards[row.subject_id]) for row, _new in changed])
    postings.put_in(entry for row, new in (*added, *changed) for entry in postings.entries(row.number, b"".join(new)))


def _extended(row: Indexed, wanted: Iterable[bytes], generation: Generation) -> Posted:
    """A subject that was posted before, with what comes to it now; of an older generation, with all of it."""
    if row.generation_id != generation.number:
        row.before, row.digests, row.generation = bytes(row.before) + bytes(row.digests), b"", generation
    has = set(_apart(bytes(row.digests)))
    new = [digest for digest in wanted if digest not in has]
    row.digests = bytes(row.digests) + b"".join(new)
    return row, new


def _save(rows: list[tuple[Indexed, bytes]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE vault_indexed SET generation_id = %s, digests = %s, before = %s, card = %s WHERE number = %s",
                [(row.generation_id, bytes(row.digests), bytes(row.before), card, row.number) for row, card in rows],
            )


def cards(numbers: Collection[int]) -> dict[int, tuple[uuid.UUID, Any]]:
    """By number: the subject, and its card, None where it has none of today's fold. Who is erased is left out."""
    rows = Indexed.objects.filter(number__in=numbers, subject__erased_at=None)
    told = rows.values_list("number", "subject_id", "subject__wrapped_key", "generation__fold", "card")
    return {number: (subject, _opened(subject, key, fold, card)) for number, subject, key, fold, card in told}


def _opened(subject: uuid.UUID, key: bytes | memoryview, fold: int, card: bytes | memoryview) -> Any:
    if card and fold == names.FOLD_VERSION:
        return unseal(bytes(card), DataKey(subject, bytes(key)), CARD, subject.bytes)
    return None


def forget(subjects: Iterable[Subject]) -> None:
    """Take subjects out of the index, before they are erased or deleted."""
    rows = list(Indexed.objects.select_for_update().filter(subject__in=list(subjects)))
    postings.take_out(
        entry for row in rows for entry in postings.entries(row.number, bytes(row.digests) + bytes(row.before))
    )
    Indexed.objects.filter(number__in=[row.number for row in rows]).delete()


def subjects() -> int:
    """About how many can be found: the highest number given out. It costs one look, not a count of all."""
    return Indexed.objects.order_by("-number").values_list("number", flat=True).first() or 0


def candidates(
    features: Sequence[Feature], limit: int = CANDIDATES, *, older: Mapping[int, Sequence[Feature]] | None = None
) -> Weighed:
    """Numbers of subjects that have features in common with the question, with a weight: the rarer what they share, the greater.

    The weight is the sum of log(N / df + 1) over shared features, df being how many have one, N how many there are; features
    of more than `postings.STOP` subjects are left out. `limit` at most, for each generation that is live. `older` says the same
    question in the words of older versions of the fold, by version, for what a sweep has not come to yet.
    """
    return candidates_of_many([features], limit, older=[older or {}])[0]


def candidates_of_many(
    questions: Sequence[Sequence[Feature]],
    limit: int = CANDIDATES,
    *,
    older: Sequence[Mapping[int, Sequence[Feature]]] | None = None,
) -> list[Weighed]:
    """`candidates` of each question; a few queries for a hundred questions."""
    total, asked = subjects(), _all_asked(questions, older)
    answers: list[Weighed] = []
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        read = postings.numbers({postings.first(digest) for digest in _every(some)})
        telling = {low: having for low, having in read.items() if len(having) <= postings.STOP}
        for by_generation in some:
            lows = [list(map(postings.first, asked_in_one)) for asked_in_one in by_generation]
            answers.append(_best(lows, telling, total, limit))
    return answers


def candidates_among(
    subjects: QuerySet[Any],
    questions: Sequence[Sequence[Feature]],
    limit: int = CANDIDATES,
    *,
    older: Sequence[Mapping[int, Sequence[Feature]]] | None = None,
) -> list[Weighed]:
    """`candidates_of_many` where nobody exists but these subjects (a query of their references).

    Who else is in the index has no part in who is found, in the weights or in what is cut off, so that the answer tells nothing
    of them; and no feature is left out because many have it. All digests of these subjects are read, once for all questions:
    it is for the thousands that one worker holds, in a few queries however many questions.
    """
    asked = _all_asked(questions, older)
    having, total = _having(_every(asked), subjects)
    return [_best(by_generation, having, total, limit) for by_generation in asked]


def _having(wanted: set[bytes], subjects: QuerySet[Any]) -> tuple[dict[bytes, list[int]], int]:
    """By digest: the numbers of those among the subjects that have it; and how many subjects there are."""
    having: dict[bytes, list[int]] = defaultdict(list)
    rows = Indexed.objects.filter(subject__in=subjects).values_list("number", "digests", "before")
    told = sorted(rows)  # here: asked for in this order, the database might go through everybody
    for number, now, before in told:
        for digest in wanted.intersection(_apart(bytes(now) + bytes(before))):
            having[digest].append(number)
    return having, len(told)


def _all_asked(
    questions: Sequence[Sequence[Feature]], older: Sequence[Mapping[int, Sequence[Feature]]] | None
) -> list[list[list[bytes]]]:
    """For each question and each generation, the digests of its features in the words of that generation."""
    generations, older = live(), older or [{}] * len(questions)
    return [list(_asked(*question, generations)) for question in zip(questions, older, strict=True)]


def _asked(
    features: Sequence[Feature], older: Mapping[int, Sequence[Feature]], generations: Iterable[Generation]
) -> Iterator[list[bytes]]:
    for generation in generations:
        words = features if generation.fold == names.FOLD_VERSION else older.get(generation.fold, ())
        yield list(dict.fromkeys(digests(generation, words)))


def _every(asked: Iterable[list[list[bytes]]]) -> set[bytes]:
    return {digest for by_generation in asked for some in by_generation for digest in some}


def _best(by_generation: Iterable[Iterable[Key]], having: Mapping[Key, list[int]], total: int, limit: int) -> Weighed:
    """Of each generation the greatest, of a subject that two of them give the greater."""
    best: dict[int, float] = {}
    for asked in by_generation:
        weights = _weights(asked, having, total)
        for number in heapq.nlargest(limit, weights, key=weights.__getitem__):
            best[number] = max(weights[number], best.get(number, 0.0))
    return sorted(best.items(), key=lambda pair: -pair[1])


def _weights(asked: Iterable[Key], having: Mapping[Key, list[int]], total: int) -> dict[int, float]:
    weights: dict[int, float] = {}
    get = weights.get
    for key in asked:
        if numbers := having.get(key):
            weight = log(total / len(numbers) + 1)
            for number in numbers:
                weights[number] = get(number, 0.0) + weight
    return weights


def subjects_with(features: Iterable[Feature]) -> list[uuid.UUID]:
    """The subjects for whom any of the features is posted or was once, by their whole digests: no chance meeting."""
    features = list(features)
    wanted = {digest for generation in live() for digest in digests(generation, features)}
    numbers = {number for some in postings.numbers(set(map(postings.first, wanted))).values() for number in some}
    rows = Indexed.objects.filter(number__in=numbers)
    return [row.subject_id for row in rows if wanted & {*_apart(bytes(row.digests)), *_apart(bytes(row.before))}]


def _apart(held: bytes) -> Iterator[bytes]:
    """Digests that stand in a row, one by one."""
    return (held[start : start + DIGEST] for start in range(0, len(held), DIGEST))
