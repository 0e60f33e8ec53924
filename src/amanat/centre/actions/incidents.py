"""Incidents: the first account, and what is added, corrected or closed later. Nothing that was written is changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file, open_files
from amanat.access.models import Conflict
from amanat.access.policy import Part, Verb
from amanat.access.verbs import log_line, verb
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.guarding import keep_out
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.shown import case_of
from amanat.centre import incidents, places, tallies
from amanat.centre.actions.holding import house_near
from amanat.centre.models import House, IncidentAccount, IncidentPart
from amanat.people.models import Membership, User
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError


class WhatWasDone(TypedDict, total=False):
    """`told`: codes of `incident_told`; `outside`: to which body outside it was reported, and when; `next`: what is done so that it
    does not happen again."""

    done: str
    told: Sequence[str]
    outside: str
    next: str


@verb(Verb.INCIDENT_RECORD)
def record_incident(
    case: Case,
    *,
    kind: str,
    severity: str,
    happened_at: datetime,
    words: str,
    own: str = "",
    siblings: Sequence[Case] = (),
    accused: User | None = None,
    to: Membership | None = None,
    actor: Actor,
    **what: Unpack[WhatWasDone],
) -> IncidentAccount:
    """Record an incident: what happened stands once, `own` is what is of this child. `siblings`: other children whom it is about.

    An allegation against staff stands apart from the log of the centre; `accused` is kept out of each of these files from this
    moment (is it the case manager, `to` takes over), and the duty list is told. So it is of the gravest ones and of self-harm.

    Raises:
        ManagerNeeded: the accused is the case manager, and nobody is named.
        PersonFacingError: it lies in the future; an allegation against staff does not say where it is reported; somebody is accused and
            it is of another kind; the accused is the actor.
    """
    lock(case, *siblings)
    if happened_at > actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="happened_at")
    if kind == incidents.STAFF and not what.get("outside"):
        raise PersonFacingError(
            _("An allegation against staff has to be reported outside."), _("Write to which body, and when."), "outside"
        )
    if accused is not None and kind != incidents.STAFF:
        raise PersonFacingError(
            _("You named a worker whom an allegation is about, but the kind is another one."),
            _("Choose the allegation against staff, or take the worker out."),
            "kind",
        )
    part = incidents.APART if kind == incidents.STAFF else Part.CENTRE
    house = house_near(case, actor)
    told = {"adds": incidents.FIRST, "kind": kind, "severity": severity, "words": words, **what}
    account = _account(part, told, actor, happened_at=happened_at, house=house)
    for each in (case, *siblings):
        _link(each, account, own if each is case else "")
        if accused is not None:
            _keep_out(each, accused, words, to, actor)
        mark(each, EventKind.INCIDENT, actor, part=part, at=happened_at, incident=kind, severity=severity)
        _alert(each, kind, severity, words, actor)
    _count(house, happened_at, kind, severity)
    return account


@verb(Verb.INCIDENT_ADD)
def add_to_incident(
    case: Case,
    *,
    series: uuid.UUID,
    adds: str,
    words: str,
    severity: str = "",
    own: str = "",
    actor: Actor,
    **what: Unpack[WhatWasDone],
) -> IncidentAccount:
    """Add to an incident, correct what was written, or close it: `adds` says which. What is common stands on the file of each child
    whom it is about and on whose file the actor may write; `own` on this child's alone. Where it turns out to be one of the gravest,
    the duty list is told of this child.

    Raises:
        PersonFacingError: the incident is not open to the actor, or was closed; as in `house_near`.
    """
    others = list(incidents.others_in(series, case).select_related("subject", "child", "agency").order_by("id"))
    lock(case, *others)
    _hold(series)
    house_near(case, actor)
    file = open_file(actor, case)
    found = incidents.incident_of(file, series)
    if found is None:
        raise PersonFacingError(_("This incident is not open to you."))
    if found.is_closed:
        raise PersonFacingError(_("This incident was closed."), _("Record what is new as another incident."))
    first = found.first.part.shared
    told = {"adds": adds, "severity": severity, "words": words, **what}
    number = IncidentAccount.objects.filter(series=series).aggregate(last=Max("number"))["last"] + 1
    account = _account(
        Part(first.part), told, actor, happened_at=first.happened_at, house=first.house, series=series, number=number
    )
    open_to = [case_of(file) for file in open_files(actor, others) if file.may(Verb.INCIDENT_ADD)]
    for each in (case, *open_to):
        alone = own if each is case else ""
        _link(each, account, alone)
        mark(each, EventKind.INCIDENT, actor, part=Part(first.part), severity=severity, text=alone)
    recording.record_many(log_line(actor, Verb.INCIDENT_ADD, Outcome.DONE, each.subject) for each in open_to)
    if severity == incidents.GRAVEST and not found.is_gravest:
        _alert(case, found.kind_code, severity, words, actor)
    return account


def _hold(series: uuid.UUID) -> None:
    """Lock an incident for this transaction: two who add from the files of two children come one after the other."""
    rows = IncidentAccount.objects.select_for_update(no_key=True).filter(series=series, number=1)
    rows.values_list("pk").first()


def _account(
    part: Part,
    told: Mapping[str, object],
    actor: Actor,
    *,
    happened_at: datetime,
    house: House | None,
    series: uuid.UUID | None = None,
    number: int = 1,
) -> IncidentAccount:
    """Each account has a subject of its own, of nobody."""
    return IncidentAccount.objects.create(
        subject=Subject.objects.begin(SubjectKind.SHARED),
        series=series or uuid.uuid4(),
        number=number,
        house=house,
        part=part,
        author=actor.membership,
        happened_at=happened_at,
        written_at=actor.now,
        severity=str(told.get("severity") or ""),
        closes=told["adds"] == incidents.CLOSED,
        content={key: held for key, held in told.items() if held},
    )


def _link(case: Case, account: IncidentAccount, own: str) -> None:
    part = IncidentPart(
        subject=case.subject, case=case, shared=account, part=account.part, written_at=account.written_at
    )
    part.words = own or None
    part.save(force_insert=True)


def _keep_out(case: Case, accused: User, reason: str, to: Membership | None, actor: Actor) -> None:
    if not Conflict.objects.filter(subject=case.subject_id, user=accused, part="", lifted_at=None).exists():
        keep_out(case, accused, reason=reason, to=to, actor=actor)


def _alert(case: Case, kind: str, severity: str, words: str, actor: Actor) -> None:
    """The words of an alert are read by whoever sees the safety, workers of the centre too: of an allegation they say nothing."""
    if case.is_closed:
        return
    if kind == incidents.SELF_HARM:
        begin_alert(case, kind=AlertKind.SELF_HARM, words=words, actor=actor)
    elif kind in (incidents.STAFF, incidents.TRAFFICKER) or severity == incidents.GRAVEST:
        begin_alert(case, kind=AlertKind.P1, words="" if kind == incidents.STAFF else words, actor=actor)


def _count(house: House | None, happened_at: datetime, kind: str, severity: str) -> None:
    """An allegation against staff is counted apart: not everybody in the house reads that there was one."""
    day = places.day_in(house, happened_at)
    if kind == incidents.STAFF:
        tallies.count(house, day, tallies.AGAINST_STAFF)
        return
    tallies.count(house, day, tallies.INCIDENT, kind)
    tallies.count(house, day, tallies.GRAVE, severity)
