"""*Is this child known?* Whole inside the asker's own circle; elsewhere only whom to ask, a limited number of times a day.

The keyed index gives candidates among all files, `keyed` compares them, and here stands who may hear of which. Nothing is
merged: a person looks and decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import log10
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat import names
from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.leafing import open_parts
from amanat.access.models import ANSWERS_A_DAY, DAY_OF_ANSWERS, Conflict, ExistenceAnswer, FileRow
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import keyed
from amanat.cases.identity import OLDER_FOLDS, Feature, exact_features, person_of, questions_of
from amanat.cases.keyed import Alike
from amanat.cases.models import Case
from amanat.people.models import Agency, User
from amanat.vault import generations, index
from amanat.web.errors import PersonFacingError

SHOWN = 20
# So many candidates are compared among up to a hundred thousand files, six times as many among a million, where the truth stands
# further back: of 140 questions in another writing, with slips and no date (*heavy* in `tools/bench/data`), it stood among the first
# 300 in 128, among the first 600 in 133.
COMPARED, AMONG = 100, 100_000
# In one's own circle it is always as many, whatever there is elsewhere; of each of many children at once it is fewer: what is
# alike enough to be told stands in front.
COMPARED_OF_MANY = 40
RISES_UP_TO = 1_000  # files of one's own; among more, the threshold is the same
# In bits, as `names.likeness` weighs: one equal name that many have; one that is rarer, among few files.
A_NAME, A_RARER_NAME, FEW = 5.0, 6.5, 100
# What tells by itself, however many files there are.
TELLING = frozenset({"document", "phone"})
NOBODY = uuid.UUID(int=0)  # so that a question that meets nobody costs the same queries

Asked = tuple[Mapping[str, Any], Mapping[str, Any]]  # identity and contacts


@dataclass(frozen=True)
class Own:
    """A file that the actor may identify, which may be about the child."""

    file: File
    alike: Alike


@dataclass(frozen=True)
class Elsewhere:
    """A file may exist at an agency: ask its duty contact. No code name, no score, not even how many files."""

    agency: Agency


@dataclass(frozen=True)
class Answer:
    """What the asker hears is `elsewhere`, and `own`: what `in_own_circle` says of the same child.

    Iterating gives a file of each child whom the question met, also of those about whom it is silent, so that every one of
    them has it in their log. That is for the log alone.
    """

    elsewhere: list[Elsewhere]
    own: list[Own]
    met: Sequence[Case] = field(repr=False)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.met)


def in_own_circle(identity: Mapping[str, Any], contacts: Mapping[str, Any], actor: Actor) -> list[Own]:
    """Files that the actor may know of and identify, which may be about this child, the likest first; 20 at most."""
    return in_own_circle_of([(identity, contacts)], actor, COMPARED)[0]


def in_own_circle_of(asked: Sequence[Asked], actor: Actor, compared: int = COMPARED_OF_MANY) -> list[list[Own]]:
    """`in_own_circle` of each of many children; the number of queries hardly grows with them.

    Candidates are sought among the actor's own files alone: those of others, and those that show the actor no identity, neither
    take their places nor make a name common, so that nobody can tell from the answer what there is elsewhere.
    """
    people = [person_of(*child) for child in asked]
    own, held = _identified(actor)
    among = _candidates(people, compared, among=own)
    alike = keyed.compare([keyed.Question(*question) for question in zip(people, among, strict=True)])
    least = [_least(person, held) for person in people]
    told = [[one for one in some if _is_told(one, enough)][:SHOWN] for some, enough in zip(alike, least, strict=True)]
    files = _files(actor, {one.subject for some in told for one in some})
    return [[Own(files[one.subject], one) for one in some if one.subject in files] for some in told]


def _candidates(people: Sequence[names.Person], limit: int, among: QuerySet[Any] | None = None) -> list[list[int]]:
    """For each person the numbers in the index of whom to compare with, those first who share what is rare."""
    asked = [questions_of(person) for person in people]
    now, older = [now for now, _older in asked], [older for _now, older in asked]
    seek = index.candidates_of_many if among is None else partial(index.candidates_among, among)
    return [[number for number, _weight in some] for some in seek(now, limit, older=older)]


def _identified(actor: Actor) -> tuple[QuerySet[Any], int]:
    """The subjects of files in which the actor sees who the child is, as a query of their references; and how many these are."""
    cases = Case.objects.order_by()
    showing, hiding = set[str](), set[str]()
    for leaf in open_parts(actor, cases, [Part.IDENTITY]):
        (showing if leaf.sees else hiding).add(leaf.subject)
    hidden = [uuid.UUID(subject) for subject in hiding - showing]
    return visible_to(actor, cases).exclude(subject__in=hidden).values("subject"), len(showing)


def _least(person: names.Person, held: int) -> float:
    """The least likeness that is told in one's own circle.

    One equal name is enough for who asks by nothing else, and where so few are held that it is hardly chance: some children
    have no more than the name that they go by.
    """
    if not (person.birth_date or person.birth_year or any(name.given and name.family for name in person.names)):
        return A_NAME
    return A_RARER_NAME if held <= FEW else names.threshold(min(held, RISES_UP_TO))


def _is_told(alike: Alike, least: float) -> bool:
    """In one's own circle the whole name is enough, whatever the birth: the actor sees these files, and dates are often wrong."""
    return _tells(alike, least) or "name" in alike.agrees


def _files(actor: Actor, subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, File]:
    """By subject: the newest of its cases in which the actor sees who the child is."""
    rows = Case.objects.filter(subject__in=[NOBODY, *subjects]).select_related("subject", "child", "agency")
    files = open_files(actor, rows.order_by("opened_in", "id"))
    return {file.row.subject_id: file for file in files if file.exists and file.sees(Part.IDENTITY)}


def _tells(alike: Alike, least: float) -> bool:
    return alike.score >= least or not TELLING.isdisjoint(alike.agrees)


def compared() -> int:
    """How many candidates among all to compare with one child."""
    return round(COMPARED * (1 + 5 * max(0.0, log10(max(1, index.subjects()) / AMONG))))


def alike_anywhere(person: names.Person) -> list[Alike]:
    """Children among all who are alike, the likest first: what the question costs. Who may hear of whom is not decided here."""
    return keyed.compare([keyed.Question(person, _candidates([person], compared())[0])])[0]


def _anywhere(identity: Mapping[str, Any], contacts: Mapping[str, Any]) -> list[uuid.UUID]:
    """The subjects among all who may be this child."""
    least = names.threshold(index.subjects())
    return [one.subject for one in alike_anywhere(person_of(identity, contacts)) if _tells(one, least)]


@verb(Verb.EXISTENCE_ASK)
def ask_elsewhere(identity: Mapping[str, Any], contacts: Mapping[str, Any], *, reason: str, actor: Actor) -> Answer:
    """Which agencies to ask about a child. Counts against the day's limit whatever the answer.

    Silent about protected children, about files from which a conflict keeps the asker out, and about those that
    `in_own_circle` shows whole. An asker's questions are answered one after the other: two at once can't both be the last.

    Raises:
        PersonFacingError: the limit of the day is reached, or there is nothing to ask by.
    """
    if not questions_of(person_of(identity, contacts))[0]:
        raise PersonFacingError(
            _("Write a name and a birth date, a phone or a document number first."), field="given_name"
        )
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    if answers_left(actor) == 0:
        told = ngettext("You have asked %(count)s time today.", "You have asked %(count)s times today.", ANSWERS_A_DAY)
        raise PersonFacingError(told % {"count": ANSWERS_A_DAY}, _("Ask your supervisor, or go on tomorrow."))
    ExistenceAnswer.objects.create(membership=actor.membership, at=actor.now)
    own = in_own_circle(identity, contacts, actor)
    shown = [one.alike.subject for one in own]
    found = Case.objects.filter(subject__in=[NOBODY, *_anywhere(identity, contacts)])
    kept_out = Conflict.objects.filter(user=actor.user, lifted_at=None)
    elsewhere = found.filter(child__protected=False).exclude(subject__in=[NOBODY, *shown])
    elsewhere = elsewhere.exclude(subject__in=kept_out.values("subject"))
    agencies = Agency.objects.filter(pk__in=elsewhere.order_by().values("agency")).order_by("name")
    met = {case.subject_id: case for case in found.select_related("subject")}
    return Answer([Elsewhere(agency) for agency in agencies], own, list(met.values()))


def answers_left(actor: Actor) -> int:
    """How many more questions this worker has in the running 24 hours, in whichever of their memberships."""
    asked = ExistenceAnswer.objects.filter(membership__user=actor.user, at__gt=actor.now - DAY_OF_ANSWERS)
    return max(0, ANSWERS_A_DAY - asked.count())


def is_incomplete() -> bool:
    """Whether some files can't be found at the moment: they are posted in the words of a fold that nobody knows any more."""
    understood = {names.FOLD_VERSION, *OLDER_FOLDS}
    return any(generation.fold not in understood for generation in generations.live())


def cases_with(exact: Sequence[Feature]) -> QuerySet[Case]:
    """The cases of children who have, or once had, any of these exact features."""
    return Case.objects.filter(subject__in=index.subjects_with(exact))


Named = Callable[[str], QuerySet[Any]]
_named: list[Named] = []


def register_named(rows: Named) -> None:
    """`rows(code_name)` gives the file that a room above keeps under exactly this code name, whoever asks."""
    if rows not in _named:
        _named.append(rows)


def _of_code_name(name: str) -> QuerySet[Case]:
    return Case.objects.filter(child__code_name__iexact=name).select_related("subject", "child", "agency")


@verb(Verb.FILE_FIND_EXACT)
def find_exact(
    identity: Mapping[str, Any], contacts: Mapping[str, Any], *, code_name: str = "", reason: str, actor: Actor
) -> list[FileRow]:
    """For the data protection officer: files by their exact code name, or those of a child by exact identity; shown by code name.

    Raises:
        PersonFacingError: a name alone, which is no exact identity.
    """
    if code_name:
        return [row for rows in (_of_code_name, *_named) for row in visible_to(actor, rows(code_name))[:SHOWN]]
    exact = exact_features(identity, contacts)
    if not exact:
        raise PersonFacingError(
            _("Write a name with the birth date, a phone or a document number."), field="given_name"
        )
    found = visible_to(actor, cases_with(exact)).select_related("subject", "child", "agency")
    return list(found.order_by("child__code_name", "-opened_in", "id")[:SHOWN])
