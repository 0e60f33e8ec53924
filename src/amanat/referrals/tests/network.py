"""What tests of referrals have in common: a consent, a need asked of somebody, a third agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.models import Case, Task, TaskKind
from amanat.directory.models import Organization
from amanat.people.models import Agency, Membership, Role, User
from amanat.referrals.actions import sending
from amanat.referrals.actions.preparing import Ask, prepare
from amanat.referrals.agreeing import WHOLE
from amanat.referrals.models import Kind, Referral, Response
from amanat.referrals.unmet import now_unmet
from tests.cast import Cast

SUMMARY = {
    "need": "A place to sleep tonight.",
    "age_band": "14-15",
    "sex": "Feminine",
    "languages": ["tk"],
    "limits": "",
    "words": "",
}
TO_DO = (TaskKind.NOBODY_TOOK, TaskKind.REFERRAL_STUCK, TaskKind.REFERRAL_CONSENT)
NAMED = (Part.HEALTH_ALERTS, Part.FACTS)


def agree(case: Case, to: Agency | None, cast: Cast, parts: Sequence[Part] = NAMED, **more: Any) -> Consent:
    """A consent of the child to a referral, as it stands in the table."""
    fields: dict[str, Any] = {"purpose": "referral", "details": {"words": "Yes."}} | more
    return Consent.objects.create(
        subject=case.subject,
        recipient=to,
        parts=list(parts),
        recorded_by=cast["jemal"],
        given_on=cast.now.date(),
        **fields,
    )


def agree_to_all(case: Case, to: Agency, cast: Cast, **more: Any) -> Consent:
    """To the whole case being passed on."""
    return agree(case, to, cast, parts=[part for part in Part if part in WHOLE], **more)


def ask(to: Agency | Organization, need: str = "shelter", urgency: str = "today", **more: Any) -> Ask:
    return Ask(to=to, need=need, urgency=urgency, summary=SUMMARY | more.pop("summary", {}), **{"parts": NAMED} | more)


def ask_for_all(to: Agency) -> Ask:
    return ask(to, need="", kind=Kind.TRANSFER)


def sent(
    case: Case,
    cast: Cast,
    *asked: Ask,
    response: Response | None = None,
    now: datetime | None = None,
    by: str = "jemal",
) -> list[Referral]:
    """Prepared and sent by the case manager."""
    manager, before = cast.actor(by, now), list(case.referrals.values_list("pk", flat=True))
    response = prepare(case, asked=asked, response=response, actor=manager)
    response.case = case
    sending.send(response, actor=manager)
    return [fresh(one) for one in case.referrals.exclude(pk__in=before).filter(state="sent").order_by("need")]


def one_sent(case: Case, cast: Cast, *, need: str = "shelter", urgency: str = "today", agreed: bool = True) -> Referral:
    """Shelter asked of the harbour, with the child's consent."""
    if agreed:
        agree(case, cast["dowlet"].agency, cast)
    return sent(case, cast, ask(cast["dowlet"].agency, need, urgency))[0]


def fresh(referral: Referral) -> Referral:
    rows = Referral.objects.select_related(
        "subject", "agency", "organisation", "case__agency", "case__subject", "case__child"
    )
    return rows.get(pk=referral.pk)


def third(
    cast: Cast, name: str = "ayna", agency: str = "Children's House", role: Role = Role.SOCIAL_WORKER
) -> Membership:
    """Somebody at a third agency."""
    house, _new = Agency.objects.get_or_create(name=agency, defaults={"kind": "NGO"})
    user = User.objects.create_user(name, "x", display_name=name.capitalize())
    cast[name] = Membership.objects.create(user=user, agency=house, role=role, since=cast["jemal"].since)
    return cast[name]


def left_to_do(case: Case) -> list[Task]:
    rows = Task.objects.filter(subject=case.subject_id, kind__in=TO_DO)
    return list(rows.filter(done_at=None).order_by("due"))


def untaken(case: Case) -> list[str]:
    return sorted(now_unmet().filter(case__subject=case.subject_id).values_list("need", flat=True))
