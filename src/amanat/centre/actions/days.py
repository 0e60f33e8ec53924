"""A day of a house, and how it stands by the standards. Nothing here is about one child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.recording import office_subject
from amanat.centre import places, standards, tallies
from amanat.centre.days import LISTS, OF_HOUSE
from amanat.centre.incidents import GRAVE
from amanat.centre.models import DayEntry, DayKind, House, StandardAssessment
from amanat.web.errors import PersonFacingError, Refused

COUNTED = {DayKind.MEAL: tallies.MEAL, DayKind.ACTIVITY: tallies.ACTIVITY}


@verb(Verb.DAY_RECORD)
def record_day(
    house: House,
    *,
    kind: str,
    day: date,
    what: str = "",
    how_many: int | None = None,
    severity: str = "",
    words: str = "",
    actor: Actor,
) -> DayEntry:
    """Write down a meal, an activity, a note or an incident of a day. `what` is a code of the pack's list `meal`, `activity` or
    `incident_kind`; `severity`, of an incident, one of `incident_severity`.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: the day has not come; nothing is said of what it was; an incident is about a child, or so grave that it is
            recorded on a file, from where it reaches whoever has to act.
    """
    _check(house, day, actor)
    told = DayKind(kind)
    if told in LISTS and not what:
        raise PersonFacingError(_("Choose what it was."), field="what")
    if told not in COUNTED and not words:
        raise PersonFacingError(_("Write a sentence."), field="words")
    if told == DayKind.INCIDENT:
        _check_incident(what, severity)
    content = {"what": what, "how_many": how_many, "severity": severity, "words": words}
    entry = DayEntry.objects.create(
        subject=office_subject(),
        house=house,
        day=day,
        kind=told,
        author=actor.membership,
        written_at=actor.now,
        content={key: held for key, held in content.items() if held not in ("", None)},
    )
    if told in COUNTED:
        tallies.count(house, day, COUNTED[told], what)
    if told == DayKind.INCIDENT:
        tallies.count(house, day, tallies.INCIDENT, what)
        tallies.count(house, day, tallies.GRAVE, severity)
    return entry


def _check_incident(what: str, severity: str) -> None:
    if what not in OF_HOUSE:
        raise PersonFacingError(
            _("An incident of this kind is about a child."), _("Record it on the file of the child."), "what"
        )
    if not severity:
        raise PersonFacingError(_("Choose how grave it was."), field="severity")
    if severity in GRAVE:
        raise PersonFacingError(
            _("So grave an incident is recorded on the file of a child who sleeps here."),
            _("From there the supervisor hears of it, and of the gravest the duty list at once. Tell them now."),
            "severity",
        )


@verb(Verb.STANDARD_ASSESS)
def assess(
    house: House, *, day: date, answers: Mapping[str, Mapping[str, str]], words: str = "", actor: Actor
) -> StandardAssessment:
    """Judge a house by the standards. `answers`: by group {is: yes, partly or no, evidence}.

    Raises:
        Refused: the house is another agency's.
        PersonFacingError: the day has not come; a group has no answer; a yes names no evidence.
    """
    _check(house, day, actor)
    groups = {group.name for group in standards.standards().groups}
    if any(answers.get(name, {}).get("is") not in standards.ANSWERS for name in groups):
        raise PersonFacingError(
            _("Answer each group."), _("If you do not know, it is a no: that is what you have to find out.")
        )
    for name in groups:
        if answers[name]["is"] == "yes" and not answers[name].get("evidence"):
            raise PersonFacingError(
                _("A yes needs its evidence."), _("Write where one can see it."), f"{name}_evidence"
            )
    content = {"answers": {name: dict(answers[name]) for name in sorted(groups)}, "words": words}
    return StandardAssessment.objects.create(
        subject=office_subject(), house=house, day=day, author=actor.membership, written_at=actor.now, content=content
    )


def _check(house: House, day: date, actor: Actor) -> None:
    if house.agency_id != actor.membership.agency_id:
        raise Refused()
    if day > places.today_in(house, actor.now):
        raise PersonFacingError(_("This day has not come yet."), field="day")
