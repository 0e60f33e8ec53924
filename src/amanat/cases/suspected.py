"""What has to be decided anew once somebody around a child is a suspect. Rooms that this one knows nothing of add theirs in `ready()`.

It is asked of the file as each who has to act sees it, never of that of whoever reports the suspicion: what they see or do not see
decides nothing, and they hear nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.models import Consent
from amanat.access.policy import Part, Relation
from amanat.cases.circle import Circle
from amanat.cases.models import Case, PersonAround
from amanat.people.models import Membership

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Asked within the verb that records the suspicion; a sentence that names nobody, None where there is nothing to decide.
Ask = Callable[[File, PersonAround], "StrOrPromise | None"]
# The same where it is no matter of who looks: asked once, however many have to act.
AskOnce = Callable[[Case, PersonAround], "StrOrPromise | None"]

SUSPECT = _(
    "Somebody around the child is recorded as a suspect now. Look who, and whether what is planned still holds."
)
CONSENTED = _("A consent in force was given by somebody who may no longer consent. Decide whether it stands.")
# Who hears of every suspect, also where nothing rests on them.
HEAR: Final = frozenset({Relation.CASE_MANAGER, Relation.LAWYER, Relation.CENTRE_WORKER})


@dataclass(frozen=True, slots=True)
class Deciding:
    """What may rest on a person. `part`: where it stands, and under which the sentence is sealed; `acts`: who has to act on it."""

    part: Part
    ask: Ask
    acts: frozenset[Relation]


@dataclass(frozen=True, slots=True)
class DecidingOnce:
    """The same, of what is asked of the child."""

    part: Part
    ask: AskOnce
    acts: frozenset[Relation]


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A sentence for one who has to act."""

    who: Membership
    part: Part
    sentence: StrOrPromise


def register(part: Part, ask: Ask, *acts: Relation) -> None:
    """Called in `ready()`. `acts`: who has to act on it, besides the case manager."""
    deciding = Deciding(part, ask, frozenset({*acts, Relation.CASE_MANAGER}))
    if deciding not in _registered:
        _registered.append(deciding)


def register_once(part: Part, ask: AskOnce, *acts: Relation) -> None:
    deciding = DecidingOnce(part, ask, frozenset({*acts, Relation.CASE_MANAGER}))
    if deciding not in _of_child:
        _of_child.append(deciding)


def to_decide(case: Case, person: PersonAround, actor: Actor) -> Iterator[ToDecide]:
    """What each of the circle of care has to look at; who reports a suspect is not told that there is one. `actor`: they."""
    of_child = [(one, sentence) for one in _of_child if (sentence := one.ask(case, person)) is not None]
    places = {(grant.membership_id, grant.relation): grant for grant in Circle(case, actor).grants()}
    for grant in places.values():  # once where several consents give the same place
        relation, who = Relation(grant.relation), grant.membership
        file = open_file(Actor.of(who, actor.now), case)
        found = list(_sentences(file, person, relation))
        found += [(one.part, told) for one, told in of_child if relation in one.acts and file.sees(one.part)]
        if not found and relation in HEAR and who.user_id != actor.user.pk and file.sees(Part.SAFETY):
            found = [(Part.SAFETY, SUSPECT)]
        for part, sentence in found:
            yield ToDecide(who, part, sentence)


def _sentences(file: File, person: PersonAround, relation: Relation) -> Iterator[tuple[Part, StrOrPromise]]:
    for one in _registered:
        sentence = one.ask(file, person) if relation in one.acts and file.sees(one.part) else None
        if sentence is not None:
            yield one.part, sentence


def _consented(file: File, person: PersonAround) -> StrOrPromise | None:
    """Whether a consent in force was given by this person."""
    for consent in Consent.objects.filter(subject=person.subject_id, withdrawn_at=None):
        consent.subject = person.subject
        if consent.holds(file.actor.now) and (file.open(consent, "details") or {}).get("person") == person.pk.hex:
            return CONSENTED
    return None


_registered: list[Deciding] = [Deciding(Part.CONSENT, _consented, frozenset({Relation.CASE_MANAGER}))]
_of_child: list[DecidingOnce] = []
