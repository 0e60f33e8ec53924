"""The way to a family: the child is asked first, then somebody is looked for, then the family is assessed. Steps are only added.

Source of the order and of the three results: UNICEF Guidelines on the Protection of Child Victims of Trafficking (2006), family tracing
and risk assessment; not checked by anybody here (domain.md §4.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around
from amanat.cases.stating import check_day, file_to_write, said
from amanat.social.family import NOT_TRACED, SAFE, WITH_MEASURES, Told, asked_of, suspects_in
from amanat.social.models import FamilyKind, FamilyStep
from amanat.web.errors import PersonFacingError

YES, NO = "yes", "no"
JUDGED: Final = ("willing", "able", "involved")


class IsASuspect(PersonFacingError):
    """Somebody to whom a step would lead is recorded as a suspect."""

    def __init__(self, names: Sequence[str], field: str) -> None:
        super().__init__(
            _("Recorded as a suspect: %(names)s.") % {"names": ", ".join(names)},
            _(
                "For the child nobody gets in touch with a suspect or pays one. If it is somebody else, write the name so that it differs."
            ),
            field=field,
        )


@verb(Verb.FAMILY_ASSESS)
def ask_child(
    case: Case,
    *,
    on: date,
    answer: str,
    person: str = "",
    name: str = "",
    relation: str = "",
    words: str = "",
    actor: Actor,
) -> FamilyStep:
    """Record that the child was asked whether this person or family may be looked for, and what it said. Nothing begins without.

    `person`: somebody around the child by id; else `name` and `relation` (a code of that list) say who. `answer` is a code of
    `tracing_answer`.

    Raises:
        PersonFacingError: the day can't be; nobody is named.
        IsASuspect: it is a suspect, or somebody of a suspect's name.
        Closed: safety is not open to the actor.
    """
    file = file_to_write(case, actor, Part.SAFETY)
    check_day(file, on)
    known = around(file)
    if person and person not in {one.ref for one in known}:
        raise PersonFacingError(_("This person is not on the list any more."), field="person")
    if not person and not name.strip():
        raise PersonFacingError(_("Choose somebody of the list, or write who it is."), field="name")
    content = {"on": on.isoformat(), "answer": answer, "person": person, "words": words}
    content |= {} if person else {"name": name.strip(), "relation": relation}
    if suspects := suspects_in(content, known):
        raise IsASuspect(suspects, "person" if person else "name")
    step = _add(case, FamilyKind.ASKED, content, actor)
    if words:
        mark(case, EventKind.NOTE, actor, part=Part.SAFETY, text=words)
    return step


@verb(Verb.FAMILY_ASSESS)
def record_try(
    case: Case,
    *,
    asked: FamilyStep,
    on: date,
    means: str,
    what: str,
    contact: str,
    despite: str = "",
    actor: Actor,
) -> FamilyStep:
    """Record what was tried to find or reach them. `means` and `contact` are codes of `tracing_means` and `tracing_contact`.

    Raises:
        PersonFacingError: it lies before the child was asked; the child did not want it and no ground is written.
        IsASuspect: they became one meanwhile.
        Closed: safety is not open to the actor.
    """
    file = file_to_write(case, actor, Part.SAFETY)
    told = _check_asked(file, asked, on, despite)
    if told.suspects:
        raise IsASuspect(told.suspects, "contact")
    content = {"on": on.isoformat(), "means": means, "what": what, "contact": contact, "despite": despite}
    step = _add(case, FamilyKind.TRIED, content, actor, about=told.row)
    mark(case, EventKind.NOTE, actor, part=Part.SAFETY, text=what)
    return step


@verb(Verb.FAMILY_ASSESS)
def assess_family(
    case: Case,
    *,
    asked: FamilyStep,
    on: date,
    result: str,
    words: str,
    willing: str = "",
    able: str = "",
    involved: str = "",
    household: Sequence[str] = (),
    nearby: str = "",
    measures: str = "",
    despite: str = "",
    actor: Actor,
) -> FamilyStep:
    """Record a social inquiry and its result (a code of `family_result`). `words` is the inquiry; `household`: who lives there.

    Raises:
        PersonFacingError: it lies before the child was asked; the child did not want it and no ground is written; the answers and the
            result say two things; measures are named in the result and not written.
        IsASuspect: a suspect is in that family, which then is not safe.
        Closed: safety is not open to the actor.
    """
    file = file_to_write(case, actor, Part.SAFETY)
    told = _check_asked(file, asked, on, despite)
    judged = {"willing": willing, "able": able, "involved": involved}
    _check_result(result, judged, measures)
    content: dict[str, Any] = {"on": on.isoformat(), "result": result, "words": words, "nearby": nearby}
    content |= judged | {"household": list(household), "measures": measures, "despite": despite}
    suspects = [*told.suspects, *suspects_in(content, around(file))]
    if suspects and result in (SAFE, WITH_MEASURES):
        raise IsASuspect(suspects, "result")
    step = _add(case, FamilyKind.ASSESSED, content, actor, about=told.row)
    mark(case, EventKind.FAMILY_ASSESSED, actor, part=Part.SAFETY, text=words)
    return step


def _check_result(result: str, judged: dict[str, str], measures: str) -> None:
    """What the result says has to follow from the answers: safe is a family that wants and is able, and had no part in it.

    Raises:
        PersonFacingError: it does not.
    """
    if result == NOT_TRACED:
        return
    for name in JUDGED:
        if not judged[name]:
            raise PersonFacingError(_("Answer this, or choose that nobody was found."), field=name)
    fits = judged == {"willing": YES, "able": YES, "involved": NO}
    if result == SAFE and not fits:
        raise PersonFacingError(
            _("Safe is a family that wants the child, is able to care for it, and had no part in what happened."),
            _("Look at the three answers above, or choose another result."),
            field="result",
        )
    if result == WITH_MEASURES and not measures.strip():
        raise PersonFacingError(_("Write the measures that make it safe."), field="measures")


def _check_asked(file: File, asked: FamilyStep, on: date, despite: str) -> Told:
    """The question to the child, which came first.

    Raises:
        PersonFacingError: the day can't be or lies before it; the child said no and no ground is written.
    """
    told = asked_of(file, asked.pk)
    if told is None:
        raise ValueError(f"{asked!r} is no question of this file")
    check_day(file, on)
    if on < told.on:
        raise PersonFacingError(_("This is before the child was asked."), _("The child is asked first."), field="on")
    if told.child_declined and not despite.strip():
        raise PersonFacingError(
            _("The child did not want this."),
            _("Ask again when something has changed. If it has to be all the same, write on what ground."),
            field="despite",
        )
    return told


def _add(
    case: Case, kind: FamilyKind, content: dict[str, Any], actor: Actor, *, about: FamilyStep | None = None
) -> FamilyStep:
    return FamilyStep.objects.create(
        subject=case.subject,
        case=case,
        kind=kind,
        about=about,
        author=actor.membership,
        at=actor.now,
        content=said(**content),
    )
