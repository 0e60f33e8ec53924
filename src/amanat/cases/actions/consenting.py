"""Consent to share outside the owning agency: recorded, overridden on a ground, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Unpack

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON, OPENS_NO_FILE, others_of
from amanat.access.files import File, open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import OF_MATTERS, PARTS, Level, Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases import withdrawals
from amanat.cases.actions.confirming import tell
from amanat.cases.actions.marking import hold, lock, mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.consent_ages import Band, bands_of, check_sides
from amanat.cases.consent_keeping import ShownBy, kept_with, new_number, taken_number
from amanat.cases.consent_sentences import Covers
from amanat.cases.documents import whole_or_nothing
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.cases.persons import CHILD, MAY_CONSENT, around, none_left_to_consent
from amanat.cases.shown import opened
from amanat.people.models import Agency, Membership
from amanat.web.errors import PersonFacingError

# Running shelter and medical help does not end with a withdrawal: it goes on until the case manager decides, one day at most.
# The design asks for a decision "within hours"; no source names the number, so pages mark these two as unverified.
RUNNING = (Relation.CENTRE_WORKER, Relation.HEALTH_WORKER)
VITAL_INTEREST = "vital_interest"
DECIDE_WITHIN = timedelta(hours=4)
CARRY_ON_FOR = timedelta(days=1)
# What a partner never gets by a consent: they know of the file and of the consent anyway, and the log is not for sharing.
NOT_TO_SHARE = frozenset({Part.EXISTENCE, Part.CONSENT, Part.AUDIT, Part.SERVICE_NOTES}) | OF_MATTERS
MAY_NOT_CONSENT = gettext_lazy(
    "This person can't consent: they are recorded as a suspect, or not as a parent or guardian."
)
MAY_NOT_BE_TOLD = gettext_lazy(
    "This person can't be told: they are recorded as a suspect, or not on the list any more."
)


class NobodyToConsent(PersonFacingError):
    """Every parent and guardian who is written down is a suspect."""

    def __init__(self) -> None:
        super().__init__(
            _("The only parent or guardian who is written down is recorded as a suspect and can't consent."),
            _("Ask for a guardian without a conflict, and write them down among the people around the child."),
            field="person",
        )


@verb(Verb.CONSENT_RECORD, around=whole_or_nothing)
def record_consent(
    case: Case,
    *,
    purpose: str,
    recipient: Agency | None,
    also: Sequence[Agency] = (),
    outside: str = "",
    parts: Sequence[Part],
    given_by: str,
    person: str = "",
    informed: Sequence[str] = (),
    words: str,
    given_on: date,
    until: date | None = None,
    actor: Actor,
    **shown: Unpack[ShownBy],
) -> Consent:
    """Record a consent. `given_by` is a code (child, guardian, both), `words` what was said; both are sealed.

    `also`: further agencies, `outside`: the name of an organisation that is none here. Who has to agree goes by the child's age on
    that day (`consent_ages`). `shown`: what shows it, and what was read out before.

    `person`: who of the people around the child gave it, by their id; needed for a guardian's consent as soon as a parent or
    guardian, or a suspect, is written down. `informed`: those who were told, by id, and `CHILD`.
    A consent to photographs or statistics opens no file: parts are kept only where it does.

    Raises:
        PersonFacingError: dated in the future, ends before it begins or before today, or shares nothing or with nobody; given by
            somebody who may not consent, or not by everybody who has to; told to a suspect; no such document or number.
    """
    _check_days(given_on, until, timezone.localdate(actor.now))
    lock(case)  # nobody becomes a suspect meanwhile
    file = open_file(actor, case)
    who = _who(file, given_by, person, informed)
    check_sides(bands_for(file, given_on), given_by)
    if purpose in OPENS_NO_FILE:
        parts = ()
    else:
        _check_sharing(case, recipient, parts, also, outside)
    others = [agency for agency in also if agency != recipient]
    consent = Consent(purpose=purpose, recipient=recipient, parts=[str(part) for part in parts], until=until)
    consent.subject, consent.recorded_by, consent.given_on = case.subject, actor.membership, given_on
    consent.number = taken_number(shown.get("sheet", ""))
    consent.also = [*(agency.pk.hex for agency in others), *([Consent.OUTSIDE] if outside else [])]
    told: dict[str, Any] = {"given_by": given_by} | ({"outside": outside} if outside else {})
    covers = Covers.of(consent, told, others)
    consent.details = told | {"words": words} | who | kept_with(case, covers, shown, given_on, actor)
    consent.save(force_insert=True)
    mark(case, EventKind.CONSENT_RECORDED, actor, part=Part.CONSENT, text=words, covers=covers.noted())
    return consent


def bands_for(file: File, day: date) -> list[Band]:
    """In which the child may be on a day, as far as the actor sees the identity; who does not, asks as if it were not known."""
    return bands_of(opened(file, Part.IDENTITY) if file.sees(Part.IDENTITY) else {}, day)


def _who(file: File, given_by: str, person: str, informed: Sequence[str]) -> dict[str, Any]:
    """Who of the people around the child gave a consent and who was informed, as it is kept."""
    persons = {one.ref: one for one in around(file)}
    if given_by == CHILD:
        person = ""
    elif not person and none_left_to_consent(persons.values()):
        raise NobodyToConsent()
    elif not person and any(one.relation in MAY_CONSENT or one.is_suspect for one in persons.values()):
        raise PersonFacingError(_("Choose which parent or guardian gave it."), field="person")
    if person and not (person in persons and persons[person].may_consent):
        raise PersonFacingError(MAY_NOT_CONSENT, field="person")
    if any(one != CHILD and (one not in persons or persons[one].is_suspect) for one in informed):
        raise PersonFacingError(MAY_NOT_BE_TOLD, field="informed")
    return ({"person": person} if person else {}) | ({"informed": list(informed)} if informed else {})


def _check_days(given_on: date, until: date | None, today: date) -> None:
    if given_on > today:
        raise PersonFacingError(_("A consent can't be dated in the future."), field="given_on")
    if until is not None and until < given_on:
        raise PersonFacingError(_("This is before the day on which it was given."), field="until")
    if until is not None and until < today:
        raise PersonFacingError(_("This consent would have ended already."), field="until")


def _check_sharing(
    case: Case, recipient: Agency | None, parts: Sequence[Part], also: Sequence[Agency] = (), outside: str = ""
) -> None:
    if recipient is None and not (also or outside):
        raise PersonFacingError(_("Choose the agency with which this may be shared."), field="recipient")
    if case.agency in (recipient, *also):
        raise PersonFacingError(_("This agency has the file already."), field="recipient")
    if not parts:
        raise PersonFacingError(_("Choose at least one part that this agency may see."), field="parts")
    if NOT_TO_SHARE.intersection(parts):
        raise PersonFacingError(_("This part can't be shared."), field="parts")


@verb(Verb.CONSENT_OVERRIDE)
def override_consent(
    case: Case, *, recipient: Agency, parts: Sequence[Part], ground: str, reason: str, actor: Actor
) -> Consent:
    """Share without consent, on a ground of the pack's list `override_ground`; flagged on the file and for the DPO.

    Raises:
        PersonFacingError: no part is chosen, or the agency has the file already.
    """
    _check_sharing(case, recipient, parts)
    sharing = Consent(purpose="assistance_by_partner", recipient=recipient, parts=[str(part) for part in parts])
    return _override(case, sharing, ground, reason, actor)


def _override(case: Case, consent: Consent, ground: str, reason: str, actor: Actor) -> Consent:
    """Save what shares without consent. `consent` says for what, with whom, which parts and until when."""
    consent.subject, consent.recorded_by = case.subject, actor.membership
    consent.given_on = timezone.localdate(actor.now)
    consent.override_ground, consent.details, consent.number = ground, {"words": reason}, new_number()
    consent.save(force_insert=True)
    covers = Covers.of(consent, {}, _others(consent)).noted()
    text = "" if consent.purpose == CARRY_ON else reason  # nobody wrote why: `covers` says that it is automatic
    mark(case, EventKind.CONSENT_OVERRIDDEN, actor, part=Part.CONSENT, text=text, covers=covers)
    return consent


def _others(consent: Consent) -> list[Agency]:
    return others_of([consent])[consent.pk]


@verb(Verb.CONSENT_WITHDRAW)
def withdraw_consent(case: Case, *, consent: Consent, reason: str, actor: Actor) -> Consent:
    """End a consent. Whoever stands in the circle by it leaves at once; running shelter and medical help awaits a safety decision.
    The recipient is told, and confirms that nothing is used any more (`confirming`).

    What carries such help on after a withdrawal ends at once for everybody: that is the decision.

    Raises:
        PersonFacingError: it was withdrawn before.
    """
    hold(case)
    leaving, running = ends_with(consent, actor)
    if not Consent.objects.filter(pk=consent.pk, subject=case.subject_id, withdrawn_at=None).update(
        withdrawn_at=actor.now
    ):
        raise PersonFacingError(_("This consent was withdrawn before."))
    consent.refresh_from_db()
    tell(consent, actor)
    circle = Circle(case, actor)
    for grant in leaving:
        circle.end(grant)
    details = open_file(actor, case).open(consent, "details") or {}
    covers = Covers.of(consent, details, _others(consent)).noted()
    mark(case, EventKind.CONSENT_WITHDRAWN, actor, part=Part.CONSENT, text=reason, covers=covers)
    _ask_to_tell(case, consent, details.get("outside", ""), actor)
    bridge = carry_on(case, consent, running, actor) if running else None
    withdrawals.ended(case, consent, bridge, actor)
    return consent


def ends_with(consent: Consent, actor: Actor) -> tuple[list[Grant], list[Grant]]:
    """Who leaves the circle when a consent is withdrawn, and whose help runs on. Help runs on once, and not after it stopped."""
    resting = list(resting_on(consent, actor))
    if not consent.holds(actor.now) or consent.purpose == CARRY_ON:
        return resting, []
    services = withdrawals.running(resting)
    running = [grant for grant in resting if grant.relation in RUNNING or grant in services]
    return [grant for grant in resting if grant not in running], running


def resting_on(consent: Consent, actor: Actor) -> QuerySet[Grant]:
    """The places that stand by a consent and have not ended, whether or not the consent is still in force."""
    lasting = Grant.objects.filter(Q(until=None) | Q(until__gt=actor.now), consent=consent)
    return lasting.select_related("membership__user", "membership__agency").order_by("membership__user__display_name")


def carry_on(case: Case, consent: Consent, running: list[Grant], actor: Actor) -> Consent:
    """Keep running help going for a day on the ground of vital interest, and ask the case manager to decide.

    It reaches no further than these places do, and nobody can be brought in by it.
    """
    until = actor.now + CARRY_ON_FOR
    reason = why_it_runs_on(consent)
    # The bridge names a day, the places end on the hour.
    last_day = timezone.localdate(until)
    first, *others = dict.fromkeys(grant.membership.agency for grant in running)
    sharing = Consent(purpose=CARRY_ON, recipient=first, parts=_reached(consent, running), until=last_day)
    sharing.also = [agency.pk.hex for agency in others]
    bridge = _override(case, sharing, VITAL_INTEREST, reason, actor)
    carried = Grant.objects.filter(pk__in=[grant.pk for grant in running])
    carried.update(consent=bridge)
    carried.filter(Q(until=None) | Q(until__gt=until)).update(until=until)  # a place by a shift ends with the shift
    add_task(case, TaskKind.SAFETY_DECISION, reason, actor.now + DECIDE_WITHIN, _decides(case, actor), actor)
    return bridge


def why_it_runs_on(consent: Consent) -> str:
    """A key of `withdrawals.WHY`. Also of one that nobody withdrew: its last day is over."""
    return withdrawals.OVER if consent.withdrawn_at is None else withdrawals.WITHDRAWN


def _decides(case: Case, actor: Actor) -> Membership:
    manager = Circle(case, actor).manager
    return manager.membership if manager else actor.membership


def _ask_to_tell(case: Case, consent: Consent, outside: str, actor: Actor) -> None:
    """No notice reaches an organisation outside the network: the case manager tells it, within the hours of a safety decision."""
    if Consent.OUTSIDE in consent.also and consent.parts:
        told = {"name": outside, "number": consent.number}
        text = _("Tell %(name)s that the consent %(number)s is withdrawn and nothing of it may be used any more.")
        due = actor.now + DECIDE_WITHIN
        add_task(case, TaskKind.FLAG, text % told, due, _decides(case, actor), actor, part=Part.CONSENT)


def _reached(consent: Consent, places: list[Grant]) -> list[str]:
    """Those parts of a consent that the places reach."""
    relations = {Relation(grant.relation) for grant in places}
    return [
        part for part in consent.parts if any(PARTS[Part(part)][relation] is not Level.NONE for relation in relations)
    ]


def overrides_in_force(case: Case, actor: Actor) -> list[Consent]:
    """What is shared of this file without consent now: pages of the file and of the data protection officer flag it."""
    rows = Consent.objects.filter(subject=case.subject_id, withdrawn_at=None).exclude(override_ground="")
    return [row for row in rows.select_related("recipient") if row.holds(actor.now)]
