"""The policy: two tables that a data protection officer can read, and nothing else that compares roles.

`PARTS` says who sees and writes which part of a file, `FILE_VERBS` who does what to a file, `DESK_VERBS` who does what
that is not about one file. Columns of the first two are relations to the file, of the third roles in an agency.
The rows are those of the design's §5; a test holds every cell.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from amanat.people.models import Role


class Part(StrEnum):
    """The parts of a child's file."""

    EXISTENCE = "existence"
    REFERRAL_SUMMARY = "referral_summary"
    IDENTITY = "identity"
    CONTACTS = "contacts"
    SAFETY = "safety"
    FACTS = "facts"
    NARRATIVE = "narrative"
    PSYCHOLOGY_NOTES = "psychology_notes"
    PSYCHOLOGY_SUMMARY = "psychology_summary"
    HEALTH_FILE = "health_file"
    HEALTH_ALERTS = "health_alerts"
    LEGAL_FILE = "legal_file"
    LEGAL_STATUS = "legal_status"
    CENTRE = "centre"
    PLAN = "plan"
    CONSENT = "consent"
    AUDIT = "audit"


class Relation(StrEnum):
    """What a worker is to one file. The first six make up the circle of care."""

    CASE_MANAGER = "case_manager"
    SOCIAL_WORKER = "social_worker"
    PSYCHOLOGIST = "psychologist"
    LAWYER = "lawyer"
    HEALTH_WORKER = "health_worker"
    CENTRE_WORKER = "centre_worker"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    RECEIVER = "receiver"
    DPO = "dpo"
    EMERGENCY = "emergency"


CIRCLE = (
    Relation.CASE_MANAGER,
    Relation.SOCIAL_WORKER,
    Relation.PSYCHOLOGIST,
    Relation.LAWYER,
    Relation.HEALTH_WORKER,
    Relation.CENTRE_WORKER,
)
# A membership of these roles is a relation to files by itself: to those its agency owns, or to all.
BY_OWNERSHIP = {Role.SUPERVISOR: Relation.SUPERVISOR}
BY_OFFICE = {Role.COORDINATOR: Relation.COORDINATOR, Role.DPO: Relation.DPO}
# Who may be brought into a circle as what. The case manager is a relation that a social worker or an operator holds.
MAY_JOIN_AS = {
    Relation.CASE_MANAGER: (Role.SOCIAL_WORKER, Role.HOTLINE_OPERATOR),
    Relation.SOCIAL_WORKER: (Role.SOCIAL_WORKER, Role.HOTLINE_OPERATOR),
    Relation.PSYCHOLOGIST: (Role.PSYCHOLOGIST,),
    Relation.LAWYER: (Role.LAWYER,),
    Relation.HEALTH_WORKER: (Role.HEALTH_WORKER,),
    Relation.CENTRE_WORKER: (Role.CENTRE_WORKER,),
}
# Roles that can stand in any relation to a file; each needs a second person before somebody holds it.
REACHES_CHILDREN = frozenset({*BY_OWNERSHIP, *BY_OFFICE, *(role for roles in MAY_JOIN_AS.values() for role in roles)})
# Held together with none of those: who looks after the machine reads no files.
KEPT_APART = frozenset({Role.ADMINISTRATOR})
# Who decides as the second person on a role that reaches children and on a lost second factor; on a DPO's, others do.
SECOND_PERSON, SECOND_PERSON_FOR_DPO = Role.DPO, Role.SUPERVISOR
# Who looks after the workers of every agency; everybody else's part in it ends at their own.
EVERY_AGENCY = frozenset({Role.ADMINISTRATOR, Role.DPO})


class Level(StrEnum):
    """What a cell of `PARTS` allows. The value is the mark in the table."""

    NONE = "."
    CODE_NAME = "c"  # that there is a file, by its code name
    WHETHER = "?"  # whether there is one
    PROGRESS = "p"  # how far it is, not what it says
    CONSENTED = "k"  # sees where a consent names the part
    REVEAL = "r"  # sees for a short time, after re-authentication and with a reason
    UNLESS_CONFLICT = "u"  # sees while no conflict was ever recorded on the file
    SEES = "s"
    APPROVES = "a"  # sees and approves
    OWN = "o"  # writes, and sees what they wrote themselves
    OWN_PART = "wp"  # sees all, writes the part of their profession
    WRITES = "w"


SEEING = frozenset({Level.SEES, Level.APPROVES, Level.OWN, Level.OWN_PART, Level.WRITES})
WRITING = frozenset({Level.OWN, Level.OWN_PART, Level.WRITES})
# Later ones win when somebody stands in several relations to a file.
_STRENGTH = {level: place for place, level in enumerate(Level)}

# fmt: off
_PARTS = """
part                case_manager social_worker psychologist lawyer health_worker centre_worker supervisor coordinator receiver dpo emergency
existence           w            s             s            s      s             s             s          c           s        c   s
referral_summary    w            w             s            s      s             s             s          s           s        .   .
identity            w            s             s            s      s             s             r          .           k        .   .
contacts            w            w             s            s      s             s             .          .           k        .   s
safety              w            w             w            s      s             w             s          .           k        .   s
facts               w            w             s            s      .             .             s          .           k        .   .
narrative           w            w             s            s      .             .             r          .           .        .   .
psychology_notes    .            .             o            .      .             .             .          .           .        .   .
psychology_summary  s            s             w            .      s             .             .          .           k        .   .
health_file         s            .             s            .      w             .             .          .           k        .   .
health_alerts       s            s             s            .      w             s             .          .           k        .   s
legal_file          s            .             .            w      .             .             .          .           k        .   .
legal_status        s            s             .            w      .             s             .          .           k        .   s
centre              s            s             s            .      s             w             s          .           .        .   .
plan                w            wp            wp           wp     wp            wp            a          p           k        .   .
consent             w            s             s            s      s             s             s          ?           s        s   .
audit               u            .             .            .      .             .             .          .           .        s   .
"""

_FILE_VERBS = """
verb                case_manager social_worker psychologist lawyer health_worker centre_worker supervisor coordinator receiver dpo emergency
case.assign         x            .             .            .      .             .             x          .           .        .   .
case.attach         x            x             x            x      x             x             .          .           .        .   .
case.bring_in       x            .             .            .      .             .             x          .           .        .   .
case.change_risk    x            .             .            .      .             .             .          .           .        .   .
case.close          x            .             .            .      .             .             x          .           .        .   .
case.correct        x            x             x            .      .             x             .          .           .        .   .
case.export         x!           .             .            .      .             .             .          .           .        .   .
case.finish_step    x            x             x            x      x             x             x          .           .        .   .
case.finish_task    x            x             x            x      x             x             x          .           .        .   .
case.flag           x            x             x            x      x             x             x          .           .        .   .
case.hand_over      x            .             .            .      .             .             x          .           .        .   .
case.move_stage     x            .             .            .      .             .             .          .           .        .   .
case.note           x            x             x            x      x             x             .          .           .        .   .
case.open           x            x             .            .      .             .             .          .           .        .   .
case.protect        x            .             .            .      .             .             x          .           .        x   .
case.put_in         x            x             .            .      .             .             .          .           .        .   .
case.rename         x            .             .            .      .             .             x          .           .        .   .
case.reopen         x            .             .            .      .             .             x          .           .        .   .
case.take_back_step x            x             x            x      x             x             x          .           .        .   .
case.take_out       x            .             .            .      .             .             x          .           .        .   .
case.waive_step     x            .             .            .      .             .             .          .           .        .   .
case.write_facts    x            x             x            x      x             x             .          .           .        .   .
conflict.lift       .            .             .            .      .             .             x!         .           .        x!  .
conflict.record     x            .             .            .      .             .             x          .           .        x   .
consent.override    x!           .             .            .      .             .             x!         .           .        .   .
consent.record      x            .             .            .      .             .             .          .           .        .   .
consent.withdraw    x            .             .            .      .             .             .          .           .        .   .
emergency.judge     .            .             .            .      .             .             x          .           .        x   .
erasure.ask         .            .             .            .      .             .             x!         .           .        x!  .
erasure.carry_out   .            .             .            .      .             .             x!         .           .        x!  .
erasure.decline     .            .             .            .      .             .             x          .           .        x   .
file.reveal         .            .             .            .      .             .             x!         .           .        .   .
form.correct        x            x             x            x      x             x             .          .           .        .   .
form.record         x            x             x            x      x             x             .          .           .        .   .
hold.lift           .            .             .            .      .             .             .          .           .        x!  .
hold.place          .            .             .            .      .             .             .          .           .        x   .
keys.child          .            .             .            .      .             .             .          .           .        x!  .
request.answer      .            .             .            .      .             .             .          .           .        x   .
request.record      x            .             .            .      .             .             x          .           .        x   .
"""

_DESK_VERBS = """
verb                  social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor coordinator dpo administrator trainer outreach_officer statistician
breach.follow_up      .             .                .            .      .             .             .          .           x   .             .       .                .
breach.record         .             .                .            .      .             .             .          .           x   .             .       .                .
backup.arrange        .             .                .            .      .             .             .          .           .   x!            .       .                .
backup.note_restore   .             .                .            .      .             .             .          .           x   x             .       .                .
backup.take           .             .                .            .      .             .             .          .           .   x             .       .                .
case.bulk_hand_over   .             .                .            .      .             .             x!         .           .   .             .       .                .
case.register         x             x                .            .      .             .             .          .           .   .             .       .                .
device.add            x!            x!               x!           x!     x!            x!            .          .           .   .             .       .                .
device.revoke         x             x                x            x      x             x             .          .           .   x             .       .                .
emergency.open        x             x                .            .      x             x             x          .           .   .             .       .                .
emergency.second      .             .                .            .      .             .             x          .           x   .             .       .                .
exchange.import       x             x                .            .      .             .             .          .           .   .             .       .                .
existence.ask         x             x                .            .      .             .             .          .           .   .             .       .                .
file.find_exact       .             .                .            .      .             .             .          .           x   .             .       .                .
form.publish          .             .                .            .      .             .             .          .           .   x!            .       .                .
form.upload           .             .                .            .      .             .             .          .           .   x             .       .                .
keys.data             .             .                .            .      .             .             .          .           x!  .             .       .                .
keys.index            .             .                .            .      .             .             .          .           x!  .             .       .                .
look.audit            .             .                .            .      .             .             .          .           x   .             .       .                .
look.backups          .             .                .            .      .             .             .          .           x   x             .       .                .
look.caseload         x             x                x            x      x             x             x          x           x   .             .       .                .
look.desk             .             .                .            .      .             .             .          .           x   .             .       .                .
look.erasures         .             .                .            .      .             .             x          .           x   .             .       .                .
look.find             x             x                x            x      x             x             x          x           x   .             .       .                .
look.forms            .             .                .            .      .             .             .          .           x   x             .       .                .
look.health           .             .                .            .      .             .             .          .           x   x             .       .                .
look.my_day           x             x                x            x      x             x             x          x           x   x             x       x                x
look.pack             x             x                x            x      x             x             x          x           x   x             x       x                x
look.people           .             .                .            .      .             .             x          .           x   x             .       .                .
look.policy           x             x                x            x      x             x             x          x           x   x             x       x                x
pack.install          .             .                .            .      .             .             .          .           .   x!            .       .                .
pack.upload           .             .                .            .      .             .             .          .           .   x             .       .                .
packet.settle         x             x                x            x      x             x             .          .           .   .             .       .                .
people.arrange        .             .                .            .      .             .             .          .           .   x             .       .                .
people.confirm        .             .                .            .      .             .             x!         .           x!  .             .       .                .
people.decline        .             .                .            .      .             .             x!         .           x!  .             .       .                .
people.end_role       .             .                .            .      .             .             x!         .           .   x!            .       .                .
people.invite         .             .                .            .      .             .             .          .           .   x!            .       .                .
people.propose        .             .                .            .      .             .             .          .           .   x!            .       .                .
people.readmit        .             .                .            .      .             .             x!         .           .   x!            .       .                .
people.reset          .             .                .            .      .             .             x!         .           .   x!            .       .                .
people.set_leave      x             x                x            x      x             x             x          x           x   x             x       x                x
people.suspend        .             .                .            .      .             .             x!         .           .   x!            .       .                .
workspace.lock        x             x                x            x      x             x             x          x           x   x             x       x                x
"""
# fmt: on

Column = TypeVar("Column", Relation, Role)


def _grid(text: str, columns: type[Column]) -> dict[str, dict[Column, str]]:
    """A table in text → {row: {column: mark}}; a row with a mark too few or too many is refused at import."""
    heading, *rows = [line.split() for line in text.strip().splitlines()]
    named = [columns(name) for name in heading[1:]]
    return {name: dict(zip(named, marks, strict=True)) for name, *marks in rows}


class Verb(StrEnum):
    """Everything that a person can do, as `what.verb`; alphabetical. Shared by policy, audit, pages and tests."""

    BACKUP_ARRANGE = "backup.arrange"
    BACKUP_NOTE_RESTORE = "backup.note_restore"
    BACKUP_TAKE = "backup.take"
    BREACH_FOLLOW_UP = "breach.follow_up"
    BREACH_RECORD = "breach.record"
    CASE_ASSIGN = "case.assign"
    CASE_ATTACH = "case.attach"
    CASE_BRING_IN = "case.bring_in"
    CASE_BULK_HAND_OVER = "case.bulk_hand_over"
    CASE_CHANGE_RISK = "case.change_risk"
    CASE_CLOSE = "case.close"
    CASE_CORRECT = "case.correct"
    CASE_EXPORT = "case.export"
    CASE_FINISH_STEP = "case.finish_step"
    CASE_FINISH_TASK = "case.finish_task"
    CASE_FLAG = "case.flag"
    CASE_HAND_OVER = "case.hand_over"
    CASE_MOVE_STAGE = "case.move_stage"
    CASE_NOTE = "case.note"
    CASE_OPEN = "case.open"
    CASE_PROTECT = "case.protect"
    CASE_PUT_IN = "case.put_in"
    CASE_REGISTER = "case.register"
    CASE_RENAME = "case.rename"
    CASE_REOPEN = "case.reopen"
    CASE_TAKE_BACK_STEP = "case.take_back_step"
    CASE_TAKE_OUT = "case.take_out"
    CASE_WAIVE_STEP = "case.waive_step"
    CASE_WRITE_FACTS = "case.write_facts"
    CONFLICT_LIFT = "conflict.lift"
    CONFLICT_RECORD = "conflict.record"
    CONSENT_OVERRIDE = "consent.override"
    CONSENT_RECORD = "consent.record"
    CONSENT_WITHDRAW = "consent.withdraw"
    DEVICE_ADD = "device.add"
    DEVICE_REVOKE = "device.revoke"
    EMERGENCY_JUDGE = "emergency.judge"
    EMERGENCY_OPEN = "emergency.open"
    EMERGENCY_SECOND = "emergency.second"
    ERASURE_ASK = "erasure.ask"
    ERASURE_CARRY_OUT = "erasure.carry_out"
    ERASURE_DECLINE = "erasure.decline"
    EXCHANGE_IMPORT = "exchange.import"
    EXISTENCE_ASK = "existence.ask"
    FILE_FIND_EXACT = "file.find_exact"
    FILE_REVEAL = "file.reveal"
    FORM_CORRECT = "form.correct"
    FORM_PUBLISH = "form.publish"
    FORM_RECORD = "form.record"
    FORM_UPLOAD = "form.upload"
    HOLD_LIFT = "hold.lift"
    HOLD_PLACE = "hold.place"
    KEYS_CHILD = "keys.child"
    KEYS_DATA = "keys.data"
    KEYS_INDEX = "keys.index"
    LOOK_AUDIT = "look.audit"
    LOOK_BACKUPS = "look.backups"
    LOOK_CASELOAD = "look.caseload"
    LOOK_DESK = "look.desk"
    LOOK_ERASURES = "look.erasures"
    LOOK_FIND = "look.find"
    LOOK_FORMS = "look.forms"
    LOOK_HEALTH = "look.health"
    LOOK_MY_DAY = "look.my_day"
    LOOK_PACK = "look.pack"
    LOOK_PEOPLE = "look.people"
    LOOK_POLICY = "look.policy"
    PACK_INSTALL = "pack.install"
    PACK_UPLOAD = "pack.upload"
    PACKET_SETTLE = "packet.settle"
    PEOPLE_ARRANGE = "people.arrange"
    PEOPLE_CONFIRM = "people.confirm"
    PEOPLE_DECLINE = "people.decline"
    PEOPLE_END_ROLE = "people.end_role"
    PEOPLE_INVITE = "people.invite"
    PEOPLE_PROPOSE = "people.propose"
    PEOPLE_READMIT = "people.readmit"
    PEOPLE_RESET = "people.reset"
    PEOPLE_SET_LEAVE = "people.set_leave"
    PEOPLE_SUSPEND = "people.suspend"
    REQUEST_ANSWER = "request.answer"
    REQUEST_RECORD = "request.record"
    WORKSPACE_LOCK = "workspace.lock"


PARTS: dict[Part, dict[Relation, Level]] = {
    Part(part): {relation: Level(mark) for relation, mark in row.items()}
    for part, row in _grid(_PARTS, Relation).items()
}
FILE_VERBS: dict[Verb, dict[Relation, str]] = {Verb(verb): row for verb, row in _grid(_FILE_VERBS, Relation).items()}
DESK_VERBS: dict[Verb, dict[Role, str]] = {Verb(verb): row for verb, row in _grid(_DESK_VERBS, Role).items()}

YES = frozenset({"x", "x!"})  # `!`: only after signing in again
# What somebody does who stands in a circle by a consent that does not name every part: what is about a part that is
# checked by itself, and flags, which warn their writer.
BY_CONSENT = frozenset(
    {
        Verb.CASE_ATTACH,
        Verb.CASE_CORRECT,
        Verb.CASE_FINISH_TASK,
        Verb.CASE_FLAG,
        Verb.CASE_NOTE,
        Verb.CASE_WRITE_FACTS,
        Verb.FORM_CORRECT,
        Verb.FORM_RECORD,
    }
)


def strongest(part: Part, relations: frozenset[Relation]) -> Level:
    """The strongest level that any of the relations gives to a part."""
    return max((PARTS[part][relation] for relation in relations), key=_STRENGTH.__getitem__, default=Level.NONE)


def may_do(verb: Verb, *, role: Role, relations: frozenset[Relation]) -> bool:
    if verb in DESK_VERBS:
        return DESK_VERBS[verb][role] in YES
    return any(FILE_VERBS[verb][relation] in YES for relation in relations)


def needs_proof(verb: Verb, *, role: Role, relations: frozenset[Relation]) -> bool:
    """Whether every cell that allows it asks for a fresh sign-in."""
    marks = {DESK_VERBS[verb][role]} if verb in DESK_VERBS else {FILE_VERBS[verb][relation] for relation in relations}
    return "x!" in marks and "x" not in marks
