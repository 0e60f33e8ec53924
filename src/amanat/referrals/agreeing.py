"""By which consent something may be shared with whom a referral is sent to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from amanat import names, packs
from amanat.access.consents import CARRY_ON, ConsentMissing, Gate, narrowest
from amanat.access.files import File
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.actions.consenting import NOT_TO_SHARE
from amanat.referrals.models import RUNNING, Kind, Referral, Step
from amanat.referrals.states import Move, Noted

PURPOSE = "referral"
# Ours, no standard: how long before the last day of a consent is over both sides hear of it.
BEFORE_IT_ENDS: Final = timedelta(days=1)
# What passes with a whole case.
WHOLE: Final = frozenset(Part) - NOT_TO_SHARE - {Part.REFERRAL_SUMMARY}


def consent_for(referral: Referral, now: datetime, file: File | None = None, gate: Gate | None = None) -> Consent:
    """The consent, or the override, that names all parts that the receiver is to see. For an organisation without Amanat the
    sender's `file` says whether it is the one that the consent names. `gate`: of the same case, where it was asked already.

    Raises:
        ConsentMissing: there is none.
    """
    parts, gate = parts_asked(referral), gate or Gate(referral.case, now)
    if referral.agency is not None:
        return gate.require(referral.agency, parts, PURPOSE)
    enough = [one for one in gate.enough(None, parts, PURPOSE) if _names(one, referral, file)]
    if enough:
        return narrowest(enough)
    raise ConsentMissing(None, purpose=PURPOSE, parts=parts, file_row=referral.case, outside=referral.organisation)


def parts_asked(referral: Referral) -> frozenset[Part]:
    """What the consent has to name: who takes the whole case sees all of it, whatever was ticked."""
    return WHOLE if referral.kind == Kind.TRANSFER else frozenset(map(Part, referral.parts))


def consent_to_receive(referral: Referral, now: datetime) -> Consent:
    """The same for whoever was asked: they can't record one, and what leads to the sender's file is not for them.

    Raises:
        ConsentMissing: there is none.
    """
    try:
        return consent_for(referral, now)
    except ConsentMissing as missing:
        missing.file_row, missing.hint = None, _("Ask whoever sent it: only they can record a consent.")
        raise


def _names(consent: Consent, referral: Referral, file: File | None) -> bool:
    """Whether the organisation is the one that was told to the child, in whatever language and however it is written."""
    assert file
    assert referral.organisation
    told = (file.open(consent, "details") or {}).get("outside", "")
    called = [referral.organisation.alternate_name, *referral.organisation.label.texts.values()]
    return bool(told.strip()) and names.fold(told) in {names.fold(name) for name in called if name.strip()}


def carries_on(referral: Referral) -> bool:
    """Whether it runs on after a withdrawal, until the safety decision."""
    return referral.consent is not None and referral.consent.purpose == CARRY_ON


def went_on() -> QuerySet[Referral]:
    """Those that ran on when their consent ended."""
    stayed = Step.objects.filter(referral=OuterRef("pk"), verb=Move.END_CONSENT, to_state__in=RUNNING)
    return Referral.objects.filter(Exists(stayed))


def zone_of(referral: Referral) -> tzinfo:
    """Where its days end: where the receiver is, else what the country pack says."""
    return referral.receiver.zone if referral.receiver is not None else packs.current().manifest.time_zone


def over_at(referral: Referral) -> datetime | None:
    """The midnight after the last day of the consent by which help runs, where it has one."""
    consent = referral.consent if referral.state in RUNNING else None
    if consent is None or consent.until is None or consent.withdrawn_at is not None or consent.purpose == CARRY_ON:
        return None
    return midnight_after(consent.until, zone_of(referral))


def midnight_after(last_day: date, zone: tzinfo) -> datetime:
    """When a consent with a last day is over where this clock goes."""
    return datetime.combine(last_day + timedelta(days=1), time(), zone)


def is_over(referral: Referral, now: datetime) -> bool:
    """Whether the last day of its consent is over, and nothing was done about it yet."""
    over = over_at(referral)
    return over is not None and over <= now and not referral.steps.filter(verb=Move.END_CONSENT, at__gte=over).exists()


def ends_soon(referral: Referral, now: datetime) -> bool:
    """And nobody was told yet."""
    over = over_at(referral)
    if over is None or not over - BEFORE_IT_ENDS <= now < over:
        return False
    return not referral.steps.filter(verb=Noted.CONSENT_ENDS, at__gte=over - BEFORE_IT_ENDS).exists()


def rings(referral: Referral, now: datetime) -> datetime | None:
    """When the clock acts next because of the consent: a day before it ends, and once it has."""
    over = over_at(referral)
    if over is None or (over <= now and not is_over(referral, now)):
        return None
    before = over - BEFORE_IT_ENDS
    return before if before > now else over
