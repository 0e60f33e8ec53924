"""*Is this child known?* Whole inside the asker's own circle; elsewhere only whom to ask, a limited number of times a day.

This round finds equal folded names with equal birth dates, phones and document numbers; ranking comes with *The data people have*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.models import Conflict, ExistenceAnswer
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.identity import EXACT, Feature, features_of, telling
from amanat.cases.models import Case
from amanat.people.models import Agency, User
from amanat.vault.index import digests
from amanat.web.errors import PersonFacingError

ANSWERS_A_DAY = 20
DAY = timedelta(days=1)
SHOWN = 20


@dataclass(frozen=True)
class Elsewhere:
    """A file may exist at an agency: ask its duty contact. No code name, no score, not even how many files."""

    agency: Agency


@dataclass(frozen=True)
class Answer:
    """What the asker hears is `elsewhere`.

    Iterating gives a file of each child whom the question met, also of those about whom it is silent, so that every one of
    them has it in their log. That is for the log alone.
    """

    elsewhere: list[Elsewhere]
    met: Sequence[Case] = field(repr=False)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.met)


def cases_with(features: Sequence[Feature]) -> QuerySet[Case]:
    """The cases of children for whom any of the features is posted."""
    return Case.objects.filter(subject__postings__digest__in=digests(features)).distinct()


def in_own_circle(identity: Mapping[str, Any], contacts: Mapping[str, Any], actor: Actor) -> list[File]:
    """Files that the actor may know of and identify, which may be about this child; 20 at most."""
    found = visible_to(actor, cases_with(telling(features_of(identity, contacts))))
    files = open_files(actor, found.select_related("subject", "child", "agency")[:SHOWN])
    return [file for file in files if file.sees(Part.IDENTITY)]


@verb(Verb.EXISTENCE_ASK)
def ask_elsewhere(identity: Mapping[str, Any], contacts: Mapping[str, Any], *, reason: str, actor: Actor) -> Answer:
    """Which agencies to ask about a child. Counts against the day's limit whatever the answer.

    Silent about protected children, about files from which a conflict keeps the asker out, and about those that
    `in_own_circle` shows whole. An asker's questions are answered one after the other: two at once can't both be the last.

    Raises:
        PersonFacingError: the limit of the day is reached, or there is nothing to ask by.
    """
    features = telling(features_of(identity, contacts))
    if not features:
        raise PersonFacingError(
            _("Write a name and a birth date, a phone or a document number first."), field="given_name"
        )
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    if answers_left(actor) == 0:
        told = ngettext("You have asked %(count)s time today.", "You have asked %(count)s times today.", ANSWERS_A_DAY)
        raise PersonFacingError(told % {"count": ANSWERS_A_DAY}, _("Ask your supervisor, or go on tomorrow."))
    ExistenceAnswer.objects.create(membership=actor.membership, at=actor.now)
    shown = [file.row.pk for file in in_own_circle(identity, contacts, actor)]
    kept_out = Conflict.objects.filter(user=actor.user, lifted_at=None)
    elsewhere = cases_with(features).filter(child__protected=False).exclude(pk__in=shown)
    elsewhere = elsewhere.exclude(subject__in=kept_out.values("subject"))
    agencies = Agency.objects.filter(pk__in=elsewhere.order_by().values("agency")).order_by("name")
    met = {case.subject_id: case for case in cases_with(features).select_related("subject")}
    return Answer([Elsewhere(agency) for agency in agencies], list(met.values()))


def answers_left(actor: Actor) -> int:
    """How many more questions this worker has in the running 24 hours, in whichever of their memberships."""
    asked = ExistenceAnswer.objects.filter(membership__user=actor.user, at__gt=actor.now - DAY)
    return max(0, ANSWERS_A_DAY - asked.count())


@verb(Verb.FILE_FIND_EXACT)
def find_exact(identity: Mapping[str, Any], contacts: Mapping[str, Any], *, reason: str, actor: Actor) -> list[Case]:
    """For the data protection officer: the files of a child by exact identity, to be shown by code name.

    Raises:
        PersonFacingError: a name alone, which is no exact identity.
    """
    exact = [feature for feature in features_of(identity, contacts) if feature[0] in EXACT]
    if not exact:
        raise PersonFacingError(
            _("Write a name with the birth date, a phone or a document number."), field="given_name"
        )
    found = visible_to(actor, cases_with(exact)).select_related("subject", "child", "agency")
    return list(found.order_by("child__code_name", "-opened_in", "id")[:SHOWN])
