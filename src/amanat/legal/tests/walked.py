"""Legal help of the policy walk's child: proceedings with a hearing and a decision, detention, a right, evidence, a hold asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.legal import chain
from amanat.legal.models import (
    ChildRole,
    Custody,
    Detention,
    Evidence,
    Feed,
    Handing,
    Hearing,
    HoldAsked,
    LegalDue,
    Proceeding,
    ProceedingKind,
    RightRecord,
    RightState,
    Ruling,
)
from amanat.people.models import Membership
from tests.cast import NOW

RIGHT = "lawyer"


def walked(case: Case, keeper: Membership, marker: Callable[[str], str]) -> dict[str, Any]:
    """The rows by loader name. `marker(part)`: a word that stands in this part alone."""
    file, status, past = marker(Part.LEGAL_FILE), marker(Part.LEGAL_STATUS), NOW - timedelta(days=3)
    about: dict[str, Any] = {"subject": case.subject, "case": case, "author": keeper}
    proceeding = Proceeding.objects.create(
        **about,
        opened_at=past,
        status={"kind": ProceedingKind.CRIMINAL, "role": ChildRole.VICTIM},
        content={"body": file, "numbers": file},
    )
    hearing = Hearing.objects.create(
        **about,
        proceeding=proceeding,
        at=NOW - timedelta(hours=1),
        goes_along=keeper,
        written_at=past,
        content={"body": file, "outcome": file},
    )
    on = past.date()
    Ruling.objects.create(**about, proceeding=proceeding, on=on, at=past, content={"event": "judgment", "words": file})
    LegalDue.objects.create(proceeding=proceeding, due=NOW + timedelta(days=1))
    Detention.objects.create(
        **about, at=past, content={"custody": Custody.RELEASED, "who": status, "since": past.isoformat()}
    )
    held = {"right": RIGHT, "state": RightState.ASKED, "on": on.isoformat(), "whom": status}
    RightRecord.objects.create(**about, at=past, content=held, words=file)
    evidence = Evidence.objects.create(
        **about, part=Part.LEGAL_FILE, number=1, at=past, content={"what": file, "sha256": "0" * 64}
    )
    link = {"from": file, "to": file, "at": past.isoformat()}
    Handing.objects.create(
        **about,
        evidence=evidence,
        part=Part.LEGAL_FILE,
        number=1,
        at=past,
        content=link | {"digest": chain.link("0" * 64, link)},
    )
    asked = HoldAsked.objects.create(**about, at=past, words={"reason": marker(Part.AUDIT)})
    return {"proceeding": proceeding, "hearing": hearing, "evidence": evidence, "hold_asked": asked}


def answered() -> None:
    """Nothing is asked for any more, so that it can be asked for again."""
    HoldAsked.objects.update(answered_at=NOW)


def feeds() -> None:
    """Everybody has a feed open."""
    for number, member in enumerate(Membership.objects.all()):
        Feed.objects.create(membership=member, digest=f"{number:064}", language="en", made_at=NOW)
