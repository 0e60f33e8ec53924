"""*Is this child known?* Whole inside the asker's own circle; elsewhere only whom to ask, a limited number of times a day.

This round finds equal folded names with equal birth dates, phones and document numbers; ranking comes with *The data people have*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.models import ExistenceAnswer
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.identity import Feature, features_of, telling
from amanat.cases.models import Case
from amanat.people.models import Agency
from amanat.vault.index import digests
from amanat.web.errors import PersonFacingError

ANSWERS_A_DAY = 20


@dataclass(frozen=True)
class Elsewhere:
    """A file may exist at an agency: ask its duty contact. No code name, no score, not even how many files."""

    agency: Agency


def cases_with(features: list[Feature]) -> Any:
    """The cases of children for whom any of the features is posted."""
    return Case.objects.filter(subject__postings__digest__in=digests(features)).distinct()


def in_own_circle(identity: Mapping[str, Any], contacts: Mapping[str, Any], actor: Actor) -> list[File]:
    """Files that the actor may know of and identify, which may be about this child; 20 at most."""
    found = visible_to(actor, cases_with(telling(features_of(identity, contacts))))
    files = open_files(actor, found.select_related("subject", "child", "agency")[:20])
    return [file for file in files if file.sees(Part.IDENTITY)]


@verb(Verb.EXISTENCE_ASK)
def ask_elsewhere(identity: Mapping[str, Any], contacts: Mapping[str, Any], *, reason: str, actor: Actor) -> list[Elsewhere]:
    """Which agencies to ask about a child. Counts against the day's limit whatever the answer.

    Raises:
        PersonFacingError: the limit of the day is reached, or there is nothing to ask by.
    """
    features = telling(features_of(identity, contacts))
    if not features:
        raise PersonFacingError(_("Write a name and a birth date, a phone or a document number first."), field="given_name")
    since = actor.now - timedelta(days=1)
    if ExistenceAnswer.objects.filter(membership=actor.membership, at__gt=since).count() >= ANSWERS_A_DAY:
        told = ngettext("You have asked %(count)s time today.", "You have asked %(count)s times today.", ANSWERS_A_DAY)
        raise PersonFacingError(told % {"count": ANSWERS_A_DAY}, _("Ask your supervisor, or go on tomorrow."))
    ExistenceAnswer.objects.create(membership=actor.membership, at=actor.now)
    own = visible_to(actor, cases_with(features)).values("pk")
    elsewhere = cases_with(features).filter(child__protected=False).exclude(pk__in=own)
    agencies = Agency.objects.filter(pk__in=elsewhere.values("agency")).order_by("name")
    return [Elsewhere(agency) for agency in agencies]


@verb(Verb.FILE_FIND_EXACT)
def find_exact(identity: Mapping[str, Any], contacts: Mapping[str, Any], *, reason: str, actor: Actor) -> list[Case]:
    """For the data protection officer: the files of a child by exact identity, to be shown by code name."""
    found = visible_to(actor, cases_with(telling(features_of(identity, contacts))))
    return list(found.select_related("subject", "child", "agency"))
