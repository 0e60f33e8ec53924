"""The house in which the policy walk happens: one child's file that holds something in every part, and workers of every role.

Built once; each standing is set up inside a savepoint and taken back, and so is what each request of it wrote.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import models, transaction
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.models import Conflict, Consent, EmergencyAccess, FileRow, Grant, Reveal, WithdrawalNotice
from amanat.access.policy import Part, Relation
from amanat.api.models import Device, Waiting
from amanat.api.packets import Packet
from amanat.audit.recording import office_subject
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.facts import write_facts
from amanat.cases.actions.recording import record_form
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.consent_sentences import Covers
from amanat.cases.consent_words import read_out
from amanat.cases.htcds import NewSheet
from amanat.cases.models import (
    ALSO_IN_THE_SOURCE,
    Alert,
    AlertKind,
    Attachment,
    Case,
    Event,
    EventKind,
    PersonAround,
    Task,
    TaskKind,
)
from amanat.centre.tests.walked_days import walked_days
from amanat.centre.tests.walked_places import walked_places
from amanat.desk.models import Breach, Erasure, Ground, Hold, Request, RequestKind
from amanat.directory.tests.made import walked
from amanat.exchange.models import Bundle, Import
from amanat.exchange.tests.bringing import looked
from amanat.exchange.tests.walked import walked as gathered
from amanat.forms.models import Form, FormVersion, Record
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import CallState, Line, MatterLink, Note, NoteKind
from amanat.identification.actions.age import record_age
from amanat.identification.actions.screening import part_on, record_screening
from amanat.identification.age import Kind
from amanat.identification.models import Screening, Statement, StatementKind
from amanat.legal.tests.walked import walked as in_proceedings
from amanat.monitoring.tests.walked import walked as on_the_way_home
from amanat.office.backups.models import Destination, DestinationKind
from amanat.office.models import PackVersion, Proposal, ProposalKind, Upload
from amanat.people import doors
from amanat.people.models import Agency, DutyPlace, Membership, Role, Site, User
from amanat.plans.tests.walked import walked as planned
from amanat.psychology.tests.walked import walked as talked_with
from amanat.referrals.actions.conferring import Added, Called, call
from amanat.referrals.agenda import TEAM_PARTS
from amanat.referrals.models import Referral
from amanat.referrals.tests.walked import walked as referred
from amanat.social.tests.walked import walked as given_help
from amanat.vault.models import Subject, SubjectKind
from tests.cast import NOW, Cast, settle
from tests.walk import OTHER, OWNER, PARTS, Agreed, Held, Standing

A_FOLDER = str(Path(os.environ["AMANAT_WORKSPACE"]).parent)  # one that is there, and not in the workspace
KEEPER = "jemal"  # who registered the child and manages the case
CODE_NAME = "Zqcodename Harbour"
SOME_CSV = b"prs_FirstName,prs_SecondName,prs_Birthdate\nWalked,Imported,2011-03-04\nWalked,Wrongly,31.31.2011\n"
SOME_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ANOTHER_MATTER = "H-000777"
A_FORM = "walked"
A_FILLED_FORM = "kept"  # of one question, in the part facts
SOME_XFORM = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Walked</h:title><model><instance><data id="walked" version="1"><age/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/age" type="int"/></model></h:head>
<h:body><input ref="/data/age"><label>Age</label></input></h:body></h:html>"""


def marker(part: str) -> str:
    """A word that stands in the file in this part and nowhere else in the house."""
    return f"zq{part.replace('_', '')}zq"


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is gone afterwards. An audit entry that wants a transaction of its own gets it, as in Django's TestCase."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


class Body(NamedTuple):
    """What somebody whom a page lets in could send, and whether the log says that something was done by it."""

    fields: dict[str, Any]
    does: bool


@dataclass
class World:
    """The rows of the house. `rows` holds, by loader name, what a page's reference leads to; `members` by role and agency."""

    case: Case
    members: dict[tuple[str, str], Membership]
    keeper: Membership
    colleague: User
    stranger: User
    site: Site
    partner: Membership  # a lawyer of the other agency who stands in the circle by `consent`
    consent: Consent
    emergency: EmergencyAccess  # of a worker of the other agency, over and not yet judged
    waiting: EmergencyAccess  # another, which waits for the second person
    proposal: Proposal
    alert: Alert  # about the child, of which the social worker of the owning agency was told, who is on duty there
    bundle: Bundle  # of papers, that the same worker asked for
    brought: Import  # a file that the social worker of the owning agency brought, looked through and not yet taken
    rows: dict[str, models.Model] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    browsers: dict[tuple[str, str, bool], Client] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)

    def membership(self, standing: Standing) -> Membership:
        return self.members[standing.role, standing.agency]

    def actor(self, standing: Standing) -> Actor:
        """Who stands there, with the colleagues whose deputy they are."""
        proved = NOW if standing.fresh else NOW - timedelta(hours=1)
        return Actor.of(self.membership(standing), NOW, proved_at=proved, second_factor=True)

    def browser(self, standing: Standing) -> Client:
        """Who stands there, signed in by two factors, with or without fresh proof."""
        return self.browsers[standing.role, standing.agency, standing.fresh]

    @contextmanager
    def stand(self, standing: Standing) -> Iterator[None]:
        """Inside the block the database says what the standing says."""
        with taken_back():
            _Arrangement(self, standing).write()
            yield


def build() -> World:
    """Make the house. Call it inside a transaction that is taken back."""
    cast = settle()
    agencies = {OWNER: cast[KEEPER].agency, OTHER: cast["dowlet"].agency}
    members = {(str(role), name): _member(role, name, agency) for role in Role for name, agency in agencies.items()}
    case = _file(cast.actor(KEEPER))
    _place_for_backups()
    some_forms(cast["viktor"])
    _phone(members["social_worker", OWNER])
    walked(cast.actor(KEEPER))
    world = World(
        case,
        members,
        cast[KEEPER],
        cast["merdan"].user,
        cast["andrei"].user,
        **_around(case, cast, members["social_worker", OWNER]),
    )
    _fill(world)
    for role, agency in members:
        for fresh in (True, False):
            world.browsers[role, agency, fresh] = _browser(members[role, agency].user, fresh)
    return world


def _around(case: Case, cast: Cast, worker: Membership) -> dict[str, Any]:
    """What pages name besides the file: a place in the circle by consent, emergency accesses, a proposal."""
    keeper, partner, guest = cast[KEEPER], cast["selbi"], cast["dowlet"]
    about = {"subject": case.subject}
    consent = Consent.objects.create(
        **about,
        recorded_by=keeper,
        purpose="assistance_by_partner",
        recipient=partner.agency,
        parts=[],
        given_on=_hours(-200).date(),
        details={"given_by": "both", "read": read_out(Covers("medical"), "en").kept("walked", _hours(-200).date())},
    )
    WithdrawalNotice.objects.create(consent=consent, agency=keeper.agency, told_at=_hours(-10))
    Grant.objects.create(**about, membership=partner, relation=Relation.LAWYER, since=_hours(-20), consent=consent)
    return {
        "site": Site.objects.filter(agency=keeper.agency)[0],
        "partner": partner,
        "consent": consent,
        "emergency": EmergencyAccess.objects.create(
            **about,
            membership=guest,
            asked_at=_hours(-50),
            opened_at=_hours(-50),
            until=_hours(-46),
            details={"reason": "walked"},
        ),
        "waiting": EmergencyAccess.objects.create(
            **about, membership=guest, asked_at=_hours(-1), details={"reason": "walked"}
        ),
        "proposal": Proposal.objects.create(
            subject=office_subject(),
            kind=ProposalKind.RESET,
            user=worker.user,
            proposed_by=cast["viktor"],
            proposed_at=_hours(-3),
            reason="walked",
        ),
        "alert": _alert(case, keeper, worker),
        "brought": looked(Actor.of(worker, NOW, proved_at=NOW, second_factor=True), SOME_CSV),
        "bundle": gathered(case, worker),
    }


def _alert(case: Case, keeper: Membership, worker: Membership) -> Alert:
    """Of which the worker was told, who is the one on the duty list."""
    DutyPlace.objects.create(agency=worker.agency, membership=worker, order=1)
    return begin_alert(
        case, kind=AlertKind.SELF_HARM, words=marker("safety"), actor=Actor.of(keeper, NOW, second_factor=True)
    )


def _place_for_backups() -> None:
    Destination.objects.create(
        subject=office_subject(), name="shelf", kind=DestinationKind.FOLDER, place=A_FOLDER, added_at=NOW
    )


def _phone(worker: Membership) -> None:
    """A phone of the social worker's, and a filled form that came from it without a child."""
    Device.objects.create(membership=worker, name="walked", label="Walked", digest="0" * 64, added_at=NOW)
    instance = '<data id="kept" version="1 keptkeptkept"><age>13</age><meta><instanceID>uuid:carried</instanceID></meta></data>'
    Waiting.objects.create(
        subject=Subject.objects.begin(SubjectKind.DRAFT),
        membership=worker,
        digest="0" * 64,
        form=A_FILLED_FORM,
        arrived_at=NOW,
        packet=base64.b64encode(Packet("walked", instance.encode()).packed()).decode(),
    )


def some_forms(administrator: Membership) -> None:
    """One with a version that nobody filled in, and a workbook with a fault."""
    form = Form.objects.create(name=A_FORM)
    FormVersion.objects.create(
        form=form, version="1", digest="walked", source_name="walked.md", source=b"", xform=SOME_XFORM, made_at=NOW
    )
    kept = Form.objects.create(name=A_FILLED_FORM)
    kept.published = FormVersion.objects.create(
        form=kept,
        version="1",
        digest="keptkeptkept",
        source_name="kept.md",
        source=b"",
        xform=SOME_XFORM,
        parts=["facts"],
        made_at=NOW,
    )
    kept.save()
    PackVersion.objects.create(
        name="walked", archive=b"walked", faults=[["walked.zip", "", "", ""]], by=administrator, at=NOW
    )
    Upload.objects.create(
        form="other", source_name="other.md", source=b"", faults=[["other.md", "", "", ""]], by=administrator, at=NOW
    )


def _member(role: Role, name: str, agency: Agency) -> Membership:
    user = User.objects.create_user(f"{role}.{name}", None, display_name=f"{role} of {name}")
    return Membership.objects.create(user=user, agency=agency, role=role, since=NOW - timedelta(days=400))


def _browser(user: User, fresh: bool) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session[doors.SECOND_FACTOR] = True
    session[doors.PROVED_AT] = (NOW if fresh else NOW - timedelta(hours=1)).isoformat()
    session.save()
    return client


def _file(keeper: Actor) -> Case:
    identity = {"names": [{"given": marker("identity"), "family": marker("identity")}], "birth_date": "2012-04-05"}
    contacts = {"called": marker("contacts"), "phones": ["+993 12 463500"], "address": marker("contacts")}
    case, _sibling = register(
        [NewChild(identity, contacts, "high", "p1", "one", _sheets()), NewChild(identity, family="one")], actor=keeper
    )
    child = case.child
    child.code_name, child.safety = CODE_NAME, {"plan": marker("safety"), "threats": "", "alerts": ""}
    child.save()
    for section, part, name in FILLED:  # now something stood there before
        write_facts(case, section=section, record=1, values={name: f"{marker(part)} again"}, actor=keeper)
    return Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)


# Of each part that has fields of words, one.
FILLED = (
    ("person", Part.IDENTITY, "prs_Salutation"),
    ("person", Part.CONTACTS, "prs_MailingCity"),
    ("historic_event", Part.FACTS, "hte_City"),
    ("historic_event", Part.NARRATIVE, "hte_Description"),
    ("support_plan", Part.PLAN, "spl_Objectives"),
)


def _sheets() -> list[NewSheet]:
    filled = [NewSheet(section, 1, part, {name: marker(part)}) for section, part, name in FILLED]
    source = NewSheet(ALSO_IN_THE_SOURCE, 1, Part.NARRATIVE, {marker("narrative"): marker("narrative")})
    return [*filled, source, NewSheet("consent", 1, Part.CONSENT, {"con_Consent": True})]


def _fill(world: World) -> None:
    """Something in every part of the file, and one row for each loader."""
    case, keeper = world.case, world.keeper
    common = {"case": case, "subject": case.subject}
    for part in PARTS:
        world.events[part] = Event.objects.create(
            **common,
            kind=EventKind.NOTE,
            part=part,
            author=keeper,
            happened_at=NOW,
            written_at=NOW,
            note={"text": marker(part)},
        )
    task = Task.objects.create(
        **common,
        kind=TaskKind.FLAG,
        part=Part.EXISTENCE,
        owner=keeper,
        made_by=keeper,
        due=NOW + timedelta(days=2),
        text=marker("existence"),
    )
    _record(case, Actor.of(keeper, NOW, proved_at=NOW, second_factor=True))
    _conference(case, keeper)
    _at_the_desk(world)
    _around_the_child(world)
    walked_days(case, keeper, world.members["centre_worker", OWNER], marker)
    walked_places(case, keeper, marker)
    _stated(world)
    screened(world.case, world.keeper)
    given_help(case, keeper, {part: marker(part) for part in (Part.SAFETY, Part.PLAN, Part.NARRATIVE, Part.CONTACTS)})
    world.rows = {"case": case, "task": task, "attachment": _attachment(world), **_of_the_hotline(world)}
    on_the_way_home(world.case, world.keeper, marker("plan"), marker("safety"))
    talked_with(world.case, world.keeper, marker("psychology_summary"), marker("psychology_notes"), marker("safety"))
    planned(world.case, world.keeper, marker("plan"))
    other = world.members["social_worker", OTHER].agency
    world.rows |= in_proceedings(case, keeper, marker)
    world.rows["referral"] = referred(case, keeper, other, marker("referral_summary"), marker("service_notes"))


def _conference(case: Case, keeper: Membership) -> None:
    """One that lies ahead, with a point of its own in each part that is spoken of."""
    actor = Actor.of(keeper, NOW, proved_at=NOW, second_factor=True)
    points = [Added(part, marker(part)) for part in TEAM_PARTS if open_file(actor, case).sees(part)]
    called = Called(NOW + timedelta(days=1), marker("existence"), [keeper], points=points)
    call(case, called=called, actor=actor)


def _around_the_child(world: World) -> None:
    """The mother, and a suspect."""
    common = {"subject": world.case.subject, "child": world.case.child, "written_by": world.keeper, "written_at": NOW}
    about = {"name": marker("contacts"), "relation": "mother", "phone": marker("contacts"), "words": marker("contacts")}
    PersonAround.objects.create(**common, about=about)
    suspicion = {"words": marker("safety"), "since": NOW.isoformat(), "by": "", "name": "", "relation": "relative"}
    PersonAround.objects.create(**common, about=about | {"relation": "relative"}, suspicion=suspicion)


def person_for(world: World, *, suspect: bool) -> PersonAround:
    return world.case.child.persons.get(suspicion__isnull=not suspect)


def _stated(world: World) -> None:
    """A status, an obstacle, an interview, and how vulnerable the child is."""
    word, day = marker("facts"), (NOW - timedelta(days=20)).date().isoformat()
    common = {"subject": world.case.subject, "case": world.case, "author": world.keeper, "at": NOW - timedelta(days=9)}
    told = {
        StatementKind.STATUS: {
            "status": "PossibleVictimOfTrafficking",
            "decided_by": "NGO",
            "agency": word,
            "grounds": word,
        },
        StatementKind.VULNERABILITY: {"level": "high", "words": word, "factors": {"community": {"words": word}}},
        StatementKind.OBSTACLE: {"obstacle": "fear", "words": word},
        StatementKind.INTERVIEW: {"at": common["at"].isoformat(), "place": word, "agreed": "child", "stopped": "no"}
        | {"told_limits": "yes", "number": 1},
    }
    for kind, content in told.items():
        words = {"verbatim": marker("narrative")} if kind is StatementKind.INTERVIEW else {}
        row = Statement.objects.create(**common, **words, kind=kind, content=content | {"on": day})
        if kind is StatementKind.OBSTACLE:
            tried = {"what": word, "by": word, "on": day, "result": "helped"}
            Statement.objects.create(**common, kind=StatementKind.RESPONSE, about=row, content=tried)


def screened(row: FileRow, worker: Membership) -> Screening:
    """A screening, and an age in doubt; both by whoever may write them on this file."""
    actor = Actor.of(worker, NOW, proved_at=NOW, second_factor=True)
    word = marker(str(part_on(row)))
    record_age(row, kind=Kind.CLAIMED, doubt=True, reasons=word, least=16, who=word, actor=actor)
    signs = {"long_hours": {"is": "present", "who": "child", "note": word}}
    return record_screening(row, indicators="ilo_child_labour", signs=signs, acts=["recruited"], note=word, actor=actor)


def statement_for(world: World, page: str) -> Statement:
    """The one that a page of identification is about."""
    kinds = {"identification.try_response": StatementKind.OBSTACLE, "identification.interview": StatementKind.INTERVIEW}
    return world.case.statements.get(kind=kinds.get(page, StatementKind.STATUS))


def _record(case: Case, keeper: Actor) -> None:
    """A form that was filled in, with one answer; somebody has to look it through."""
    instance = '<data id="kept" version="1"><age>13</age><meta><instanceID>uuid:walked</instanceID></meta></data>'
    version = FormVersion.objects.get(form__name=A_FILLED_FORM)
    record_form(case, version=version, instance=instance.encode(), instance_id="uuid:walked", language="", actor=keeper)
    Record.objects.update(needs_review=True)


def _at_the_desk(world: World) -> None:
    """An erasure that waits for the second person, a legal hold, a request of the child, a breach."""
    officer = world.members["dpo", OTHER]
    about = {"subject": world.case.subject, "words": {"reason": "walked"}}
    Erasure.objects.create(**about, ground=Ground.MISTAKE, asked_by=officer, asked_at=_hours(-5))
    Hold.objects.create(**about, placed_by=officer, placed_at=_hours(-6))
    Request.objects.create(
        **about, kind=RequestKind.ACCESS, received_on=NOW, due_on=_hours(500), recorded_by=officer, recorded_at=NOW
    )
    Breach.objects.create(
        subject=office_subject(), number=1, known_at=NOW, due=_hours(72), recorded_by=officer, recorded_at=NOW, words={}
    )


def _of_the_hotline(world: World) -> dict[str, models.Model]:
    """A matter of the owning agency's hotline with a call that its operator is in talk on, a debrief after it, an erasure that waits for
    the second person, and a legal hold."""
    operator = world.members["hotline_operator", OWNER]
    matter = begin_matter(operator.agency, NOW, holder=operator)
    call = begin_call(matter, "phone", NOW, state=CallState.TALKING, operator=operator, answered_at=NOW)
    other = begin_matter(operator.agency, NOW)
    other.code_name = ANOTHER_MATTER
    other.save(update_fields=["code_name"])
    MatterLink.objects.create(first=matter, second=other, linked_by=operator, linked_at=NOW)
    note = Note.objects.create(
        subject=matter.subject,
        matter=matter,
        call=call,
        kind=NoteKind.DEBRIEF,
        part=Part.DEBRIEF,
        author=operator,
        written_at=NOW,
        wishes_to_talk=True,
    )
    Line.objects.create(agency=operator.agency, name="walked", digest="0" * 64, made_by=operator, made_at=NOW)
    screened(matter, operator)
    officer = world.members["dpo", OTHER]
    about = {"subject": matter.subject, "words": {"reason": "walked"}}
    Erasure.objects.create(**about, ground=Ground.REQUEST, asked_by=officer, asked_at=_hours(-5))
    Hold.objects.create(**about, placed_by=officer, placed_at=_hours(-6))
    return {"matter": matter, "call": call, "note": note}


def _attachment(world: World) -> Attachment:
    from amanat.cases.documents import take
    from amanat.vault.files import write_sealed
    from amanat.vault.uploads import SealedUpload

    writer = write_sealed(SOME_PDF)
    upload = SealedUpload(
        writer, name="paper.pdf", content_type="application/pdf", size=len(SOME_PDF), sha256="0" * 64, too_large=False
    )
    about = take(upload, marker("narrative"))
    return Attachment.objects.create(
        case=world.case,
        subject=world.case.subject,
        part=Part.NARRATIVE,
        original=upload.file_id,
        added_by=world.keeper,
        added_at=NOW,
        about=about,
    )


class _Arrangement:
    """The rows that make one standing real."""

    def __init__(self, world: World, standing: Standing) -> None:
        self.world = world
        self.standing = standing
        self.subject = world.case.subject
        self.member = world.membership(standing)

    def write(self) -> None:
        for agreed in self.standing.consents:
            self._consent(agreed)
        for held in self.standing.grants:
            self._grant(held)
        for bar in self.standing.conflicts:
            Conflict.objects.create(
                subject=self.subject,
                user=self.member.user if bar.own else self.world.stranger,
                part=bar.part,
                recorded_by=self.world.keeper,
                recorded_at=NOW,
                lifted_at=NOW if bar.lifted else None,
            )
        for part, minutes in self.standing.reveals:
            until = NOW + timedelta(minutes=minutes)
            Reveal.objects.create(subject=self.subject, membership=self.member, part=part, until=until)

    def _consent(self, agreed: Agreed) -> Consent:
        return Consent.objects.create(
            subject=self.subject,
            purpose="assistance_by_partner",
            recipient=self.member.agency,
            parts=sorted(agreed.parts),
            recorded_by=self.world.keeper,
            given_on=(NOW - timedelta(days=9)).date(),
            until=None if agreed.until is None else (NOW + timedelta(days=agreed.until)).date(),
            withdrawn_at=NOW if agreed.withdrawn else None,
        )

    def _grant(self, held: Held) -> None:
        whose = self._absent(held.absent) if held.absent else self.member
        if held.relation == Relation.CASE_MANAGER:  # there is one at a time
            Grant.objects.filter(subject=self.subject, relation=held.relation).delete()
        if held.relation == Relation.RECEIVER:
            Referral.objects.filter(pk=self.world.rows["referral"].pk).update(receiver=whose)
        Grant.objects.create(
            subject=self.subject,
            membership=whose,
            relation=held.relation,
            since=_hours(held.since),
            until=None if held.until is None else _hours(held.until),
            consent=self._consent(held.rests_on) if held.rests_on else None,
        )

    def _absent(self, absent: str) -> Membership:
        days = (-2, 2) if absent == "away" else (-4, -2)
        return Membership.objects.create(
            user=self.world.colleague,
            agency=self.member.agency,
            role=self.member.role,
            since=NOW - timedelta(days=300),
            until=NOW + timedelta(days=300),
            deputy=self.member,
            away_from=NOW + timedelta(days=days[0]),
            away_until=NOW + timedelta(days=days[1]),
        )


def _hours(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)
