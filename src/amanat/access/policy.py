"""The policy: two tables that a data protection officer can read, and nothing else that compares roles.

`PARTS` says who sees and writes which part of a file, `FILE_VERBS` who does what to a file, `DESK_VERBS` who does what
that is not about one file. Columns of the first two are relations to the file, of the third roles in an agency.
The rows are those of the design's §5; a test holds every cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from amanat.access.consent_verbs import BY_CONSENT as BY_CONSENT
from amanat.access.consent_verbs import BY_CONSENT_IN_A_HOUSE as BY_CONSENT_IN_A_HOUSE
from amanat.access.file_names import Part as Part  # the vocabulary of the tables
from amanat.access.file_names import Relation as Relation
from amanat.access.verb_names import Verb as Verb
from amanat.people.models import Role

# A child's file has none of these: what a screening said goes there as facts.
OF_MATTERS = frozenset({Part.CALL, Part.SCREENING, Part.DEBRIEF})
CIRCLE = (
    Relation.CASE_MANAGER,
    Relation.SOCIAL_WORKER,
    Relation.PSYCHOLOGIST,
    Relation.LAWYER,
    Relation.HEALTH_WORKER,
    Relation.CENTRE_WORKER,
)
# A membership of these roles is a relation to files by itself: to those its agency owns, or to all. A matter of a hotline is its own
# kind of file (`FileRow.by_ownership`, `by_office`).
BY_OWNERSHIP = {Role.SUPERVISOR: Relation.SUPERVISOR}
BY_OFFICE = {Role.COORDINATOR: Relation.COORDINATOR, Role.DPO: Relation.DPO}
MATTERS_BY_OWNERSHIP = {
    Role.HOTLINE_OPERATOR: Relation.OPERATOR,
    Role.SUPERVISOR: Relation.HOTLINE_SUPERVISOR,
}
MATTERS_BY_OFFICE = {Role.DPO: Relation.DPO}
# Who may be brought into a circle as what. The case manager is a relation that a social worker or an operator holds.
MAY_JOIN_AS = {
    Relation.CASE_MANAGER: (Role.SOCIAL_WORKER, Role.HOTLINE_OPERATOR),
    Relation.SOCIAL_WORKER: (Role.SOCIAL_WORKER, Role.HOTLINE_OPERATOR),
    Relation.PSYCHOLOGIST: (Role.PSYCHOLOGIST,),
    Relation.LAWYER: (Role.LAWYER,),
    Relation.HEALTH_WORKER: (Role.HEALTH_WORKER,),
    Relation.CENTRE_WORKER: (Role.CENTRE_WORKER,),
}
_CASEWORK = frozenset(role for roles in MAY_JOIN_AS.values() for role in roles)
# A referral is in the hands of the agency to which it was sent, while it is open: of everybody with casework there.
REFERRALS_BY_OWNERSHIP = dict.fromkeys(sorted({Role.SUPERVISOR, *_CASEWORK}), Relation.ADDRESSEE)
# Roles that can stand in any relation to a file; each needs a second person before somebody holds it.
REACHES_CHILDREN = frozenset({*BY_OWNERSHIP, *BY_OFFICE, *_CASEWORK})
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
part                case_manager social_worker psychologist lawyer health_worker centre_worker supervisor coordinator receiver dpo emergency operator hotline_supervisor addressee
existence           w            s             s            s      s             s             s          c           s        c   s         w        s                  s
referral_summary    w            w             s            s      s             s             s          s           s        .   .         .        .                  s
identity            w            s             s            s      s             s             r          .           k        .   .         w        s                  .
contacts            w            w             s            s      s             s             .          .           k        .   s         w        s                  .
safety              w            w             w            s      s             w             s          .           k        .   s         .        .                  .
facts               w            w             s            s      .             .             s          .           k        .   .         .        .                  .
narrative           w            w             s            s      .             .             r          .           .        .   .         .        .                  .
psychology_notes    .            .             o            .      .             .             .          .           .        .   .         .        .                  .
psychology_summary  s            s             w            .      s             .             .          .           k        .   .         .        .                  .
health_file         s            .             s            .      w             .             .          .           k        .   .         .        .                  .
health_alerts       s            s             s            .      w             s             .          .           k        .   s         .        .                  .
legal_file          s            .             .            w      .             .             .          .           k        .   .         .        .                  .
legal_status        s            s             .            w      .             s             .          .           k        .   s         .        .                  .
centre              s            s             s            .      s             w             s          .           k        .   .         .        .                  .
plan                w            wp            wp           wp     wp            wp            a          p           k        .   .         .        .                  .
consent             w            s             s            s      s             s             s          ?           s        s   .         .        s                  ?
audit               u            .             .            .      .             .             .          .           .        s   .         .        .                  .
call                .            .             .            .      .             .             .          .           .        .   .         w        s                  .
screening           .            .             .            .      .             .             .          .           .        .   .         w        s                  .
debrief             .            .             .            .      .             .             .          .           .        .   .         o        .                  .
service_notes       .            .             .            .      .             .             .          .           w        .   .         .        .                  .
"""

_FILE_VERBS = """
verb                  case_manager social_worker psychologist lawyer health_worker centre_worker supervisor coordinator receiver dpo emergency operator hotline_supervisor addressee
age.record            x            x             x            x      x             .             .          .           .        .   .         x        .                  .
alert.raise           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
call.answer           .            .             .            .      .             .             .          .           .        .   .         x        .                  .
call.call_back        .            .             .            .      .             .             .          .           .        .   .         x        .                  .
call.debrief          .            .             .            .      .             .             .          .           .        .   .         x        .                  .
call.end              .            .             .            .      .             .             .          .           .        .   .         x        .                  .
call.hold             .            .             .            .      .             .             .          .           .        .   .         x        .                  .
call.talked           .            .             .            .      .             .             .          .           .        .   .         .        x                  .
call.write            .            .             .            .      .             .             .          .           .        .   .         x        .                  .
case.assign           x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.attach           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
case.bring_in         x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.change_risk      x            .             .            .      .             .             .          .           .        .   .         .        .                  .
case.close            x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.correct          x            x             x            .      .             x             .          .           .        .   .         .        .                  .
case.export           x!           .             .            .      .             .             .          .           .        .   .         .        .                  .
case.finish_step      x            x             x            x      x             x             x          .           .        .   .         .        .                  .
case.finish_task      x            x             x            x      x             x             x          .           .        .   .         .        .                  .
case.flag             x            x             x            x      x             x             x          .           .        .   .         .        .                  .
case.hand_over        x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.move_stage       x            .             .            .      .             .             .          .           .        .   .         .        .                  .
case.note             x            x             x            x      x             x             .          .           .        .   .         .        .                  .
case.open             x            x             .            .      .             .             .          .           .        .   .         .        .                  .
case.protect          x            .             .            .      .             .             x          .           .        x   .         .        .                  .
case.put_in           x            x             .            .      .             .             .          .           .        .   .         .        .                  .
case.rename           x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.reopen           x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.take_back_step   x            x             x            x      x             x             x          .           .        .   .         .        .                  .
case.take_out         x            .             .            .      .             .             x          .           .        .   .         .        .                  .
case.waive_step       x            .             .            .      .             .             .          .           .        .   .         .        .                  .
case.write_facts      x            x             x            x      x             x             .          .           .        .   .         .        .                  .
closing.approve       .            .             .            .      .             .             x          .           .        .   .         .        .                  .
closing.ask           x            .             .            .      .             .             .          .           .        .   .         .        .                  .
conference.call       x            .             .            .      .             .             x          .           .        .   .         .        .                  .
conference.cancel     x            .             .            .      .             .             x          .           .        .   .         .        .                  .
conference.record     x            .             .            .      .             .             .          .           .        .   .         .        .                  .
conflict.lift         .            .             .            .      .             .             x!         .           .        x!  .         .        .                  .
conflict.record       x            .             .            .      .             .             x          .           .        x   .         .        .                  .
consent.override      x!           .             .            .      .             .             x!         .           .        .   .         .        .                  .
consent.record        x            .             .            .      .             .             .          .           .        .   .         .        .                  .
consent.withdraw      x            .             .            .      .             .             .          .           .        .   .         .        .                  .
crisis.record         x            x             x            .      x             x             .          .           .        .   .         .        .                  .
detention.record      x            x             .            x      .             .             .          .           .        .   .         .        .                  .
emergency.judge       .            .             .            .      .             .             x          .           .        x   .         .        .                  .
erasure.ask           .            .             .            .      .             .             x!         .           .        x!  .         .        x!                 .
erasure.carry_out     .            .             .            .      .             .             x!         .           .        x!  .         .        x!                 .
erasure.decline       .            .             .            .      .             .             x          .           .        x   .         .        x                  .
evidence.hand_on      x            x             .            x      .             .             .          .           .        .   .         .        .                  .
evidence.take_in      x            x             .            x      .             .             .          .           .        .   .         .        .                  .
family.assess         x            x             .            .      .             .             .          .           .        .   .         .        .                  .
file.reveal           .            .             .            .      .             .             x!         .           .        .   .         .        .                  .
follow_up.arrange     x            x             .            .      .             .             .          .           .        .   .         .        .                  .
follow_up.record      x            x             x            .      .             x             .          .           .        .   .         .        .                  .
form.correct          x            x             x            x      x             x             .          .           .        .   .         .        .                  .
form.record           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
group.record          .            .             x            .      .             .             .          .           .        .   .         .        .                  .
handover.sign         x            x             .            .      .             x             .          .           .        .   .         .        .                  .
handover.write        x            x             .            .      .             x             .          .           .        .   .         .        .                  .
hearing.fix           x            .             .            x      .             .             .          .           .        .   .         .        .                  .
hearing.record        x            .             .            x      .             .             .          .           .        .   .         .        .                  .
help.record           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
help.spend            x            x             .            .      .             .             .          .           .        .   .         .        .                  .
hold.ask              x            .             .            x      .             .             .          .           .        .   .         .        .                  .
hold.decline          .            .             .            .      .             .             .          .           .        x   .         .        .                  .
hold.lift             .            .             .            .      .             .             .          .           .        x!  .         .        .                  .
hold.place            .            .             .            .      .             .             .          .           .        x   .         .        .                  .
incident.add          x            x             x            .      x             x             x          .           .        .   .         .        .                  .
incident.record       x            x             x            .      x             x             .          .           .        .   .         .        .                  .
interview.record      x            x             x            x      .             .             .          .           .        .   .         .        .                  .
keys.child            .            .             .            .      .             .             .          .           .        x!  .         .        .                  .
log.write             .            .             .            .      .             x             .          .           .        .   .         .        .                  .
matter.close          .            .             .            .      .             .             .          .           .        .   .         x        x                  .
matter.hand_over      .            .             .            .      .             .             .          .           .        .   .         x        .                  .
matter.link           .            .             .            .      .             .             .          .           .        .   .         x        .                  .
matter.note           .            .             .            .      .             .             .          .           .        .   .         x        .                  .
matter.open_case      .            .             .            .      .             .             .          .           .        .   .         x        .                  .
matter.reopen         .            .             .            .      .             .             .          .           .        .   .         x        x                  .
matter.take           .            .             .            .      .             .             .          .           .        .   .         x        .                  .
medicine.give         .            .             .            .      x             x             .          .           .        .   .         .        .                  .
medicine.order        .            .             .            .      x             .             .          .           .        .   .         .        .                  .
need.record           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
obstacle.record       x            x             x            x      .             .             .          .           .        .   .         .        .                  .
outcome.record        x            x             x            .      .             .             .          .           .        .   .         .        .                  .
paper.hand_out        x            x             x            x      x             x             x          .           .        .   .         .        .                  .
person.clear          x            .             .            .      .             .             x          .           .        .   .         .        .                  .
person.record         x            x             .            .      .             .             .          .           .        .   .         .        .                  .
person.suspect        x            x             .            .      .             .             x          .           .        .   .         .        .                  .
plan.agree            x            .             .            .      .             .             .          .           .        .   .         .        .                  .
plan.allow            .            .             .            .      .             .             x          .           .        .   .         .        .                  .
plan.approve          .            .             .            .      .             .             x          .           .        .   .         .        .                  .
plan.comment          x            x             x            x      x             x             x          .           .        .   .         .        .                  .
plan.draft            x            .             .            .      .             .             .          .           .        .   .         .        .                  .
plan.drop             x            .             .            .      .             .             .          .           .        .   .         .        .                  .
plan.report           x            x             x            x      x             x             .          .           .        .   .         .        .                  .
plan.review           x            .             .            .      .             .             .          .           .        .   .         .        .                  .
plan.write            x            x             x            x      x             x             .          .           .        .   .         .        .                  .
proceeding.open       x            .             .            x      .             .             .          .           .        .   .         .        .                  .
referral.accept       .            .             .            .      .             .             .          .           .        .   .         .        .                  x
referral.decline      .            .             .            .      .             .             .          .           .        .   .         .        .                  x
referral.finish       .            .             .            .      .             .             .          .           x        .   .         .        .                  .
referral.follow_up    x            .             .            .      .             .             x          .           .        .   .         .        .                  .
referral.note         .            .             .            .      .             .             .          .           x        .   .         .        .                  .
referral.prepare      x            x             .            .      .             .             .          .           .        .   .         .        .                  .
referral.revoke       x            .             .            .      .             .             x          .           .        .   .         .        .                  .
referral.see          .            .             .            .      .             .             .          .           .        .   .         .        .                  x
referral.send         x            .             .            .      .             .             .          .           .        .   .         .        .                  .
referral.start        .            .             .            .      .             .             .          .           x        .   .         .        .                  .
referral.take_case    .            .             .            .      .             .             .          .           .        .   .         .        .                  x
referral.take_over    .            .             .            .      .             .             .          .           .        .   .         .        .                  x
request.answer        .            .             .            .      .             .             .          .           .        x   .         .        .                  .
request.record        x            .             .            .      .             .             x          .           .        x   .         .        .                  .
right.record          x            .             .            x      .             .             .          .           .        .   .         .        .                  .
ruling.record         x            .             .            x      .             .             .          .           .        .   .         .        .                  .
screening.record      x            x             x            x      .             .             .          .           .        .   .         x        .                  .
session.plan          .            .             x            .      .             .             .          .           .        .   .         .        .                  .
session.record        .            .             x            .      .             .             .          .           .        .   .         .        .                  .
signs.record          x            x             x            x      x             x             x          .           .        .   .         .        .                  .
solution.allow        .            .             .            .      .             .             x          .           .        .   .         .        .                  .
solution.decide       x            .             .            .      .             .             x          .           .        .   .         .        .                  .
solution.prepare      x            x             .            .      .             .             .          .           .        .   .         .        .                  .
status.appeal         x            .             .            x      .             .             .          .           .        .   .         .        .                  .
status.decide         x            .             .            .      .             .             .          .           .        .   .         .        .                  .
status.review         x            .             .            .      .             .             x          .           .        .   .         .        .                  .
stay.admit            x            .             .            .      .             x             .          .           x        .   .         .        .                  .
stay.end              x            .             .            .      .             x             .          .           .        .   .         .        .                  .
stay.extend           x            .             .            .      .             .             x          .           .        .   .         .        .                  .
stay.go_out           x            .             .            .      .             x             .          .           .        .   .         .        .                  .
stay.keep_apart       x            x             x            .      x             x             .          .           .        .   .         .        .                  .
stay.missing          x            x             x            .      x             x             .          .           .        .   .         .        .                  .
stay.move             x            .             .            .      .             x             .          .           .        .   .         .        .                  .
stay.wait             x            x             .            .      .             x             .          .           x        .   .         .        .                  .
transition.sign       x            x             .            .      .             x             .          .           .        .   .         .        .                  .
visit.approve         x            .             .            .      .             x             .          .           .        .   .         .        .                  .
visit.record          x            x             .            .      .             x             .          .           .        .   .         .        .                  .
vulnerability.record  x            x             x            .      .             .             .          .           .        .   .         .        .                  .
"""

_DESK_VERBS = """
verb                  social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor coordinator dpo administrator trainer outreach_officer statistician
alert.assign          .             .                .            .      .             .             x          .           .   .             .       .                .
alert.take            x             x                x            x      x             x             .          .           .   .             .       .                .
backup.arrange        .             .                .            .      .             .             .          .           .   x!            .       .                .
backup.note_restore   .             .                .            .      .             .             .          .           x   x             .       .                .
backup.take           .             .                .            .      .             .             .          .           .   x             .       .                .
breach.follow_up      .             .                .            .      .             .             .          .           x   .             .       .                .
breach.record         .             .                .            .      .             .             .          .           x   .             .       .                .
budget.arrange        .             .                .            .      .             .             x          .           .   .             .       .                .
calendar.close        x             x                x            x      x             x             x          .           .   .             .       .                .
calendar.open         x!            x!               x!           x!     x!            x!            x!         .           .   .             .       .                .
call.start            .             x                .            .      .             .             .          .           .   .             .       .                .
case.bulk_hand_over   .             .                .            .      .             .             x!         .           .   .             .       .                .
case.register         x             x                .            .      .             .             .          .           .   .             .       .                .
day.record            .             .                .            .      .             x             .          .           .   .             .       .                .
device.add            x!            x!               x!           x!     x!            x!            .          .           .   .             .       .                .
device.revoke         x             x                x            x      x             x             .          .           .   x             .       .                .
directory.confirm     x             .                .            .      .             .             x          x           .   .             .       .                .
directory.edit        x             .                .            .      .             .             x          x           .   .             .       .                .
directory.export      .             .                .            .      .             .             .          x           .   x             .       .                .
directory.import      .             .                .            .      .             .             .          x!          .   x!            .       .                .
duty.arrange          .             .                .            .      .             .             x          .           .   .             .       .                .
emergency.open        x             x                .            .      x             x             x          .           .   .             .       .                .
emergency.second      .             .                .            .      .             .             x          .           x   .             .       .                .
exchange.import       x             x                .            .      .             .             .          .           .   .             .       .                .
existence.ask         x             x                .            .      .             .             .          .           .   .             .       .                .
file.find_exact       .             .                .            .      .             .             .          .           x   .             .       .                .
form.publish          .             .                .            .      .             .             .          .           .   x!            .       .                .
form.upload           .             .                .            .      .             .             .          .           .   x             .       .                .
hotline.find          .             x                .            .      .             .             x          .           .   .             .       .                .
house.arrange         .             .                .            .      .             .             x          .           .   .             .       .                .
keys.data             .             .                .            .      .             .             .          .           x!  .             .       .                .
keys.index            .             .                .            .      .             .             .          .           x!  .             .       .                .
line.add              .             .                .            .      .             .             .          .           .   x!            .       .                .
line.revoke           .             .                .            .      .             .             .          .           .   x             .       .                .
look.alerts           x             x                x            x      x             x             x          .           .   .             .       .                .
look.audit            .             .                .            .      .             .             .          .           x   .             .       .                .
look.backups          .             .                .            .      .             .             .          .           x   x             .       .                .
look.board            .             .                .            .      .             .             x          .           .   .             .       .                .
look.budget           x             x                .            .      .             .             x          .           .   .             .       .                .
look.calendar         x             x                x            x      x             x             x          .           .   .             .       .                .
look.caseload         x             x                x            x      x             x             x          x           x   .             .       .                .
look.centre           x             .                x            .      x             x             x          .           .   .             .       .                .
look.desk             .             .                .            .      .             .             .          .           x   .             .       .                .
look.directory        x             x                x            x      x             x             x          x           x   x             .       x                .
look.duty             x             x                x            x      x             x             x          .           .   .             .       .                .
look.erasures         .             .                .            .      .             .             x          .           x   .             .       .                .
look.find             x             x                x            x      x             x             x          x           x   .             .       .                .
look.forms            .             .                .            .      .             .             .          .           x   x             .       .                .
look.health           .             .                .            .      .             .             .          .           x   x             .       .                .
look.hotline          .             x                .            .      .             .             x          .           .   .             .       .                .
look.hotline_numbers  .             .                .            .      .             .             x          .           .   .             .       .                .
look.lines            .             .                .            .      .             .             .          .           .   x             .       .                .
look.my_day           x             x                x            x      x             x             x          x           x   x             x       x                x
look.network          .             .                .            .      .             .             x          x           .   .             .       .                .
look.pack             x             x                x            x      x             x             x          x           x   x             x       x                x
look.people           .             .                .            .      .             .             x          .           x   x             .       .                .
look.policy           x             x                x            x      x             x             x          x           x   x             x       x                x
look.recruiters       .             .                .            .      .             .             x          .           .   .             .       .                .
look.referrals        x             x                x            x      x             x             x          x           .   .             .       .                .
pack.install          .             .                .            .      .             .             .          .           .   x!            .       .                .
pack.upload           .             .                .            .      .             .             .          .           .   x             .       .                .
packet.settle         x             x                x            x      x             x             .          .           .   .             .       .                .
papers.drop           x             .                x            x      x             x             x          .           .   .             .       .                .
papers.gather         x!            .                .            .      .             x!            x!         .           .   .             .       .                .
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
shift.arrange         .             .                .            .      .             x             x          .           .   .             .       .                .
shift.take_over       .             .                .            .      .             x             .          .           .   .             .       .                .
standard.assess       .             .                .            .      .             x             x          .           .   .             .       .                .
withdrawal.confirm    x             x                x            x      x             x             x          .           .   .             .       .                .
workspace.lock        x             x                x            x      x             x             x          x           x   x             x       x                x
"""
# fmt: on

Column = TypeVar("Column", Relation, Role)


def _grid(text: str, columns: type[Column]) -> dict[str, dict[Column, str]]:
    """A table in text → {row: {column: mark}}; a row with a mark too few or too many is refused at import."""
    heading, *rows = [line.split() for line in text.strip().splitlines()]
    named = [columns(name) for name in heading[1:]]
    return {name: dict(zip(named, marks, strict=True)) for name, *marks in rows}


PARTS: dict[Part, dict[Relation, Level]] = {
    Part(part): {relation: Level(mark) for relation, mark in row.items()}
    for part, row in _grid(_PARTS, Relation).items()
}
FILE_VERBS: dict[Verb, dict[Relation, str]] = {Verb(verb): row for verb, row in _grid(_FILE_VERBS, Relation).items()}
DESK_VERBS: dict[Verb, dict[Role, str]] = {Verb(verb): row for verb, row in _grid(_DESK_VERBS, Role).items()}

YES = frozenset({"x", "x!"})  # `!`: only after signing in again
IN_A_HOUSE = frozenset({Relation.CENTRE_WORKER, Relation.RECEIVER})


def strongest(part: Part, relations: frozenset[Relation]) -> Level:
    """The strongest level that any of the relations gives to a part."""
    return max((PARTS[part][relation] for relation in relations), key=_STRENGTH.__getitem__, default=Level.NONE)


def gives(part: Part, relation: Relation) -> bool:
    """Whether a relation shows a part, or would once it is revealed, whatever consents and conflicts say."""
    return PARTS[part][relation] in SEEING | {Level.REVEAL}


def gives_by_itself(part: Part, role: Role, relations: Mapping[Role, Relation]) -> bool:
    """The same of a role, by the relation that it is by itself (`BY_OWNERSHIP`, `BY_OFFICE` and the like)."""
    return role in relations and gives(part, relations[role])


def by_consent(verb: Verb, relation: Relation) -> bool:
    """Whether a relation that rests on a consent counts for a verb."""
    return verb in BY_CONSENT or (verb in BY_CONSENT_IN_A_HOUSE and relation in IN_A_HOUSE)


def may_do(verb: Verb, *, role: Role, relations: frozenset[Relation]) -> bool:
    if verb in DESK_VERBS:
        return DESK_VERBS[verb][role] in YES
    return any(FILE_VERBS[verb][relation] in YES for relation in relations)


def needs_proof(verb: Verb, *, role: Role, relations: frozenset[Relation]) -> bool:
    """Whether every cell that allows it asks for a fresh sign-in."""
    marks = {DESK_VERBS[verb][role]} if verb in DESK_VERBS else {FILE_VERBS[verb][relation] for relation in relations}
    return "x!" in marks and "x" not in marks
