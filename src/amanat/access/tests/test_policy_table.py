"""The policy's tables, cell by cell, against the design's §5 copied here by hand in the design's own layout.

Whoever changes a cell in `access/policy.py` changes it here as well, and says why in the commit. The second half flips every
cell in turn: the comparison must notice each flip, and for every cell of the verbs and of a worker's parts so must behaviour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy

import pytest

from amanat.access import policy
from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import DESK_VERBS, FILE_VERBS, PARTS, Level, Part, Relation, Verb
from amanat.cases.models import Case
from amanat.people.models import Role
from tests.cast import Cast

# --- the design's table, as it stands on the page: `w` writes, `s` sees, `·` neither, footnotes behind the letter -----------------
COLUMNS = "case manager | social w. | psychologist | lawyer | health w. | centre w. | supervisor | coordinator | receiver | DPO"
DESIGN = {
    "existence, stage, lateness": "w | s | s | s | s | s | s | code name | s | code name",
    "referral summary": "w | w | s | s | s | s | s | s | s | ·",
    "identity": "w | s | s | s | s | s | s³ | · | s⁴ | ·",
    "contacts": "w | w | s | s | s | s | · | · | s⁴ | ·",
    "safety": "w | w | w | s | s | w | s | · | s⁴ | ·",
    "facts": "w | w | s | s | · | · | s | · | s⁴ | ·",
    "narrative": "w | w | s | s | · | · | s³ | · | · | ·",
    "psychology": "· / s | · / s | w own / w | · / · | · / s | · / · | · / · | · / · | · / s⁴ | · / ·",
    "health": "s / s | · / s | s / s | · / · | w / w | · / s | · / · | · / · | s⁴ / s⁴ | · / ·",
    "legal": "s / s | · / s | · / · | w / w | · / · | · / s | · / · | · / · | s⁴ / s⁴ | · / ·",
    "centre log": "s | s | s | · | s | w | s | · | s⁴ | ·",  # for the house that takes the child in
    "plan": "w | w own part | w own part | w own part | w own part | w own part | approves | progress only | s⁴ | ·",
    "consent": "w | s | s | s | s | s | s | is there one | s | s",
    "audit of the file": "s⁵ | · | · | · | · | · | · | · | · | s",
}
ROWS = {
    "existence, stage, lateness": (Part.EXISTENCE,),
    "referral summary": (Part.REFERRAL_SUMMARY,),
    "identity": (Part.IDENTITY,),
    "contacts": (Part.CONTACTS,),
    "safety": (Part.SAFETY,),
    "facts": (Part.FACTS,),
    "narrative": (Part.NARRATIVE,),
    "psychology": (Part.PSYCHOLOGY_NOTES, Part.PSYCHOLOGY_SUMMARY),  # process notes / summary and scores
    "health": (Part.HEALTH_FILE, Part.HEALTH_ALERTS),  # file / alerts and medicines
    "legal": (Part.LEGAL_FILE, Part.LEGAL_STATUS),  # file / status
    "centre log": (Part.CENTRE,),
    "plan": (Part.PLAN,),
    "consent": (Part.CONSENT,),
    "audit of the file": (Part.AUDIT,),
}
MARKS = {
    "w": Level.WRITES,
    "w own": Level.OWN,
    "w own part": Level.OWN_PART,
    "s": Level.SEES,
    "s³": Level.REVEAL,  # after re-authentication, with a reason
    "s⁴": Level.CONSENTED,  # where the consent names that part
    "s⁵": Level.UNLESS_CONFLICT,
    "approves": Level.APPROVES,
    "progress only": Level.PROGRESS,
    "code name": Level.CODE_NAME,
    "is there one": Level.WHETHER,
    "·": Level.NONE,
}
RELATIONS = {
    "case manager": Relation.CASE_MANAGER,
    "social w.": Relation.SOCIAL_WORKER,
    "psychologist": Relation.PSYCHOLOGIST,
    "lawyer": Relation.LAWYER,
    "health w.": Relation.HEALTH_WORKER,
    "centre w.": Relation.CENTRE_WORKER,
    "supervisor": Relation.SUPERVISOR,
    "coordinator": Relation.COORDINATOR,
    "receiver": Relation.RECEIVER,
    "DPO": Relation.DPO,
}
# "Emergency access … opens, read-only …, contacts (with the name the child goes by), safety, health alerts and legal status."
EMERGENCY = {Part.EXISTENCE, Part.CONTACTS, Part.SAFETY, Part.HEALTH_ALERTS, Part.LEGAL_STATUS}
# "A hotline matter has the parts call · screening · identity · contacts: operators of that hotline write, its supervisor sees." A debrief
# is its author's own. Why a matter is to be erased stands under consent, as it does on a file: its supervisor is one of the two who decide.
ON_A_MATTER = (Relation.OPERATOR, Relation.HOTLINE_SUPERVISOR)
MATTER = dict.fromkeys(
    (Part.EXISTENCE, Part.CALL, Part.SCREENING, Part.IDENTITY, Part.CONTACTS), (Level.WRITES, Level.SEES)
) | {Part.DEBRIEF: (Level.OWN, Level.NONE), Part.CONSENT: (Level.NONE, Level.SEES)}

# "The receiver decides on the *referral summary* and sees the named parts from acceptance": before it, the agency to which it was sent
# sees the summary alone, and whether there is a consent. "The sender sees progress, not the receiver's notes."
ADDRESSEE = {
    Part.EXISTENCE: Level.SEES,
    Part.REFERRAL_SUMMARY: Level.SEES,
    Part.CONSENT: Level.WHETHER,
}

# --- who does what, verb by verb; `!` after signing in again ----------------------------------------------------------------------
EVERYBODY_IN_THE_CIRCLE = "case_manager social_worker psychologist lawyer health_worker centre_worker"
ON_A_FILE = {
    "age.record": "case_manager social_worker psychologist lawyer health_worker operator",
    "alert.raise": EVERYBODY_IN_THE_CIRCLE,
    "call.answer": "operator",
    "call.call_back": "operator",
    "call.debrief": "operator",
    "call.end": "operator",
    "call.hold": "operator",
    "call.talked": "hotline_supervisor",
    "call.write": "operator",
    "case.assign": "case_manager supervisor",
    "case.attach": EVERYBODY_IN_THE_CIRCLE,
    "case.bring_in": "case_manager supervisor",
    "case.change_risk": "case_manager",
    "case.close": "case_manager supervisor",
    "case.correct": "case_manager social_worker psychologist centre_worker",  # who writes identity, contacts or safety
    "case.export": "case_manager!",
    "case.finish_step": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",
    "case.finish_task": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",
    "case.flag": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",
    "case.hand_over": "case_manager supervisor",
    "case.move_stage": "case_manager",
    "case.note": EVERYBODY_IN_THE_CIRCLE,
    "case.open": "case_manager social_worker",
    "case.protect": "case_manager supervisor dpo",
    "case.put_in": "case_manager social_worker",  # who can import, each into the parts that they write
    "case.rename": "case_manager supervisor",
    "case.reopen": "case_manager supervisor",
    "case.take_back_step": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",  # what was waived: only who may waive
    "case.take_out": "case_manager supervisor",
    "case.waive_step": "case_manager",
    "case.write_facts": EVERYBODY_IN_THE_CIRCLE,  # each in the parts that they write
    "closing.approve": "supervisor",
    "closing.ask": "case_manager",
    "conference.call": "case_manager supervisor",
    "conference.cancel": "case_manager supervisor",
    "conference.record": "case_manager",
    "conflict.lift": "supervisor! dpo!",
    "conflict.record": "case_manager supervisor dpo",
    "consent.override": "case_manager! supervisor!",
    "consent.record": "case_manager",
    "consent.withdraw": "case_manager",
    "crisis.record": "case_manager social_worker psychologist health_worker centre_worker",
    "detention.record": "case_manager social_worker lawyer",
    "emergency.judge": "supervisor dpo",  # the DPO where the supervisor used it or is in conflict
    "erasure.ask": "supervisor! dpo! hotline_supervisor!",
    "erasure.carry_out": "supervisor! dpo! hotline_supervisor!",
    "erasure.decline": "supervisor dpo hotline_supervisor",
    "evidence.hand_on": "case_manager social_worker lawyer",
    "evidence.take_in": "case_manager social_worker lawyer",
    "family.assess": "case_manager social_worker",
    "file.reveal": "supervisor!",
    "follow_up.arrange": "case_manager social_worker",
    "follow_up.record": "case_manager social_worker psychologist centre_worker",
    "form.correct": EVERYBODY_IN_THE_CIRCLE,  # each in the parts that they write
    "form.record": EVERYBODY_IN_THE_CIRCLE,
    "group.record": "psychologist",
    "handover.sign": "case_manager social_worker centre_worker",
    "handover.write": "case_manager social_worker centre_worker",
    "hearing.fix": "case_manager lawyer",
    "hearing.record": "case_manager lawyer",
    "help.record": EVERYBODY_IN_THE_CIRCLE,
    "help.spend": "case_manager social_worker",
    "hold.ask": "case_manager lawyer",
    "hold.decline": "dpo",
    "hold.lift": "dpo!",
    "hold.place": "dpo",
    "incident.add": "case_manager social_worker psychologist health_worker centre_worker supervisor",
    "incident.record": "case_manager social_worker psychologist health_worker centre_worker",
    "interview.record": "case_manager social_worker psychologist lawyer",
    "keys.child": "dpo!",
    "log.write": "centre_worker",
    "matter.close": "operator hotline_supervisor",
    "matter.hand_over": "operator",
    "matter.link": "operator",
    "matter.note": "operator",
    "matter.open_case": "operator",
    "matter.reopen": "operator hotline_supervisor",
    "matter.take": "operator",
    "medicine.give": "health_worker centre_worker",
    "medicine.order": "health_worker",
    "need.record": EVERYBODY_IN_THE_CIRCLE,
    "obstacle.record": "case_manager social_worker psychologist lawyer",
    "outcome.record": "case_manager social_worker psychologist",
    "paper.hand_out": "case_manager social_worker psychologist lawyer health_worker centre_worker supervisor",
    "person.clear": "case_manager supervisor",
    "person.record": "case_manager social_worker",
    "person.suspect": "case_manager social_worker supervisor",
    "plan.agree": "case_manager",
    "plan.allow": "supervisor",
    "plan.approve": "supervisor",
    "plan.comment": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",
    "plan.draft": "case_manager",
    "plan.drop": "case_manager",
    "plan.report": EVERYBODY_IN_THE_CIRCLE,
    "plan.review": "case_manager",
    "plan.write": EVERYBODY_IN_THE_CIRCLE,
    "proceeding.open": "case_manager lawyer",
    "referral.accept": "addressee",
    "referral.decline": "addressee",
    "referral.finish": "receiver",
    "referral.follow_up": "case_manager supervisor",
    "referral.note": "receiver",
    "referral.prepare": "case_manager social_worker",
    "referral.revoke": "case_manager supervisor",
    "referral.see": "addressee",
    "referral.send": "case_manager",
    "referral.start": "receiver",
    "referral.take_case": "addressee",
    "referral.take_over": "addressee",
    "request.answer": "dpo",
    "request.record": "case_manager supervisor dpo",  # whoever a child or guardian turns to
    "right.record": "case_manager lawyer",
    "ruling.record": "case_manager lawyer",
    "screening.record": "case_manager social_worker psychologist lawyer operator",
    "session.plan": "psychologist",
    "session.record": "psychologist",
    "signs.record": f"{EVERYBODY_IN_THE_CIRCLE} supervisor",
    "solution.allow": "supervisor",
    "solution.decide": "case_manager supervisor",
    "solution.prepare": "case_manager social_worker",
    "status.appeal": "case_manager lawyer",
    "status.decide": "case_manager",
    "status.review": "case_manager supervisor",
    "stay.admit": "case_manager centre_worker receiver",  # by a referral for shelter
    "stay.end": "case_manager centre_worker",
    "stay.extend": "case_manager supervisor",
    "stay.go_out": "case_manager centre_worker",
    "stay.keep_apart": "case_manager social_worker psychologist health_worker centre_worker",
    "stay.missing": "case_manager social_worker psychologist health_worker centre_worker",
    "stay.move": "case_manager centre_worker",
    "stay.wait": "case_manager social_worker centre_worker receiver",
    "transition.sign": "case_manager social_worker centre_worker",
    "visit.approve": "case_manager centre_worker",
    "visit.record": "case_manager social_worker centre_worker",
    "vulnerability.record": "case_manager social_worker psychologist",
}
WITH_FILES = "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor coordinator dpo"
EVERYBODY = f"{WITH_FILES} administrator trainer outreach_officer statistician"
AT_THE_DESK = {
    "alert.assign": "supervisor",
    "alert.take": "social_worker hotline_operator psychologist lawyer health_worker centre_worker",
    "backup.arrange": "administrator!",
    "backup.note_restore": "dpo administrator",
    "backup.take": "administrator",
    "breach.follow_up": "dpo",
    "breach.record": "dpo",
    "budget.arrange": "supervisor",
    "calendar.close": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor",
    "calendar.open": "social_worker! hotline_operator! psychologist! lawyer! health_worker! centre_worker! supervisor!",
    "call.start": "hotline_operator",
    "case.bulk_hand_over": "supervisor!",
    "case.register": "social_worker hotline_operator",
    "day.record": "centre_worker",
    "device.add": "social_worker! hotline_operator! psychologist! lawyer! health_worker! centre_worker!",
    "device.revoke": "social_worker hotline_operator psychologist lawyer health_worker centre_worker administrator",
    "directory.confirm": "social_worker supervisor coordinator",  # own entries; those of no agency
    "directory.edit": "social_worker supervisor coordinator",
    "directory.export": "coordinator administrator",
    "directory.import": "coordinator! administrator!",
    "duty.arrange": "supervisor",
    "emergency.open": "social_worker hotline_operator health_worker centre_worker supervisor",
    "emergency.second": "supervisor dpo",
    "exchange.import": "social_worker hotline_operator",  # who registers
    "existence.ask": "social_worker hotline_operator",
    "file.find_exact": "dpo",
    "form.publish": "administrator!",
    "form.upload": "administrator",
    "hotline.find": "hotline_operator supervisor",
    "house.arrange": "supervisor",
    "keys.data": "dpo!",
    "keys.index": "dpo!",
    "line.add": "administrator!",
    "line.revoke": "administrator",
    "look.alerts": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor",
    "look.audit": "dpo",
    "look.backups": "dpo administrator",
    "look.board": "supervisor",
    "look.budget": "social_worker hotline_operator supervisor",
    "look.calendar": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor",
    "look.caseload": WITH_FILES,
    "look.centre": "social_worker psychologist health_worker centre_worker supervisor",
    "look.desk": "dpo",
    "look.directory": f"{WITH_FILES} administrator outreach_officer",
    "look.duty": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor",
    "look.erasures": "supervisor dpo",
    "look.find": WITH_FILES,
    "look.forms": "dpo administrator",
    "look.health": "dpo administrator",
    "look.hotline": "hotline_operator supervisor",
    "look.hotline_numbers": "supervisor",
    "look.lines": "administrator",
    "look.my_day": EVERYBODY,
    "look.network": "supervisor coordinator",
    "look.pack": EVERYBODY,
    "look.people": "supervisor dpo administrator",
    "look.policy": EVERYBODY,
    "look.recruiters": "supervisor",
    "look.referrals": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor coordinator",
    "pack.install": "administrator!",
    "pack.upload": "administrator",
    "packet.settle": "social_worker hotline_operator psychologist lawyer health_worker centre_worker",  # who fills in forms about a child
    "papers.drop": "social_worker psychologist lawyer health_worker centre_worker supervisor",
    "papers.gather": "social_worker! centre_worker! supervisor!",
    "people.arrange": "administrator",
    "people.confirm": "dpo! supervisor!",  # the DPO; for a DPO, a supervisor
    "people.decline": "dpo! supervisor!",
    "people.end_role": "supervisor! administrator!",
    "people.invite": "administrator!",
    "people.propose": "administrator!",
    "people.readmit": "supervisor! administrator!",
    "people.reset": "supervisor! administrator!",
    "people.set_leave": EVERYBODY,
    "people.suspend": "supervisor! administrator!",
    "shift.arrange": "centre_worker supervisor",
    "shift.take_over": "centre_worker",
    "standard.assess": "centre_worker supervisor",
    "withdrawal.confirm": "social_worker hotline_operator psychologist lawyer health_worker centre_worker supervisor",
    "workspace.lock": EVERYBODY,
}

Table = Mapping[str, Mapping[str, str]]


def designed_parts() -> dict[str, dict[str, str]]:
    """{part: {relation: mark}} as the design has it."""
    columns = [RELATIONS[name] for name in COLUMNS.split(" | ")]
    found: dict[str, dict[str, str]] = {}
    for name, cells in DESIGN.items():
        for place, part in enumerate(ROWS[name]):
            marks = [MARKS[cell.split(" / ")[place]] for cell in cells.split(" | ")]
            found[part] = dict(zip(columns, marks, strict=True))
            found[part][Relation.EMERGENCY] = Level.SEES if part in EMERGENCY else Level.NONE
    for part in Part:
        cells = found.setdefault(part, dict.fromkeys(Relation, Level.NONE))
        cells[Relation.ADDRESSEE] = ADDRESSEE.get(part, Level.NONE)
        cells |= dict(zip(ON_A_MATTER, MATTER.get(part, (Level.NONE, Level.NONE)), strict=True))
    found[Part.SERVICE_NOTES][Relation.RECEIVER] = Level.WRITES
    return found


def designed_verbs(told: Mapping[str, str], columns: type[Relation] | type[Role]) -> dict[str, dict[str, str]]:
    """{verb: {who: mark}} as it was agreed."""
    found = {}
    for verb, who in told.items():
        given = {name.rstrip("!"): "x!" if name.endswith("!") else "x" for name in who.split()}
        assert set(given) <= set(columns), verb
        found[verb] = {str(column.value): given.get(column.value, ".") for column in columns}
    return found


def plain(table: Mapping[object, Mapping[object, object]]) -> dict[str, dict[str, str]]:
    return {str(row): {str(column): str(mark) for column, mark in cells.items()} for row, cells in table.items()}


def differences(found: Table, wanted: Table) -> list[tuple[str, str]]:
    """The cells in which two tables differ; a row or column that one of them lacks counts as well."""
    rows = {*found, *wanted}
    columns = {column for table in (found, wanted) for row in table.values() for column in row}
    return sorted(
        (row, column)
        for row in rows
        for column in columns
        if found.get(row, {}).get(column) != wanted.get(row, {}).get(column)
    )


TABLES = {
    "parts": (plain(PARTS), plain(designed_parts()), [str(level) for level in Level]),
    "file verbs": (plain(FILE_VERBS), designed_verbs(ON_A_FILE, Relation), [".", "x", "x!"]),
    "desk verbs": (plain(DESK_VERBS), designed_verbs(AT_THE_DESK, Role), [".", "x", "x!"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_as_the_design_has_it(name: str) -> None:
    found, wanted, _marks = TABLES[name]
    assert differences(found, wanted) == []


def test_the_tables_have_every_part_relation_role_and_verb() -> None:
    assert set(PARTS) == set(Part)
    assert all(set(row) == set(Relation) for row in (*PARTS.values(), *FILE_VERBS.values()))
    assert all(set(row) == set(Role) for row in DESK_VERBS.values())
    assert {*FILE_VERBS, *DESK_VERBS} == set(Verb)
    assert not set(FILE_VERBS) & set(DESK_VERBS)


@pytest.mark.parametrize("name", TABLES)
def test_flipping_any_cell_to_any_other_mark_is_noticed(name: str) -> None:
    found, wanted, marks = TABLES[name]
    flips = 0
    for row, cells in found.items():
        for column, mark in cells.items():
            for other in marks:
                if other != mark:
                    flipped = deepcopy(dict(found))
                    flipped[row] = dict(cells) | {column: other}
                    assert differences(flipped, wanted) == [(row, column)], (row, column, other)
                    flips += 1
    assert flips == sum(map(len, found.values())) * (len(marks) - 1)


def test_a_row_or_column_that_is_taken_away_is_noticed() -> None:
    found, wanted, _marks = TABLES["parts"]
    without_row = {row: cells for row, cells in found.items() if row != Part.NARRATIVE}
    without_column = {
        row: {column: mark for column, mark in cells.items() if column != Relation.DPO} for row, cells in found.items()
    }
    assert len(differences(without_row, wanted)) == len(Relation)
    assert len(differences(without_column, wanted)) == len(Part)


# --- flipped cells change what happens -------------------------------------------------------------------------------------------


def as_relation(relation: Relation, case: Case, actor: Actor) -> File:
    """The file in the hands of somebody who stands in one relation to it and no other."""
    return File(actor, case, frozenset({relation}))


def cells(table: Mapping[object, Mapping[object, object]]) -> Iterator[tuple[object, object, object]]:
    return ((row, column, mark) for row, columns in table.items() for column, mark in columns.items())


def test_flipping_any_cell_of_the_parts_changes_who_sees_or_writes(
    case: Case, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each cell is turned around: nothing becomes writing, everything else becomes nothing."""
    jemal = actor("jemal")
    for part, relation, level in cells(PARTS):
        other = Level.WRITES if level is Level.NONE else Level.NONE
        before = as_relation(relation, case, jemal).level(part)
        with monkeypatch.context() as patch:
            patch.setitem(policy.PARTS[part], relation, other)
            after = as_relation(relation, case, jemal)
            assert after.level(part) is other
            assert (after.writes(part), after.sees(part)) == (other is Level.WRITES, other is Level.WRITES)
        # Where a cell asks for a consent that is not there, nothing was open before and nothing is now.
        assert level is Level.CONSENTED or before is not other


def test_flipping_any_cell_of_the_file_verbs_changes_who_may(
    case: Case, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    jemal = actor("jemal")
    for verb, relation, mark in cells(FILE_VERBS):
        before = as_relation(relation, case, jemal).may(verb)
        with monkeypatch.context() as patch:
            patch.setitem(policy.FILE_VERBS[verb], relation, "x" if mark == "." else ".")
            assert as_relation(relation, case, jemal).may(verb) is not before, (verb, relation)


def test_flipping_any_cell_of_the_desk_verbs_changes_who_may(
    cast: Cast, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_role = {Role(membership.role): name for name, membership in cast.items()}
    for verb, role, mark in cells(DESK_VERBS):
        if role in by_role:
            somebody = actor(by_role[role])
            before = somebody.may(verb)
            with monkeypatch.context() as patch:
                patch.setitem(policy.DESK_VERBS[verb], role, "x" if mark == "." else ".")
                assert somebody.may(verb) is not before, (verb, role)


def test_the_exclamation_mark_asks_for_a_fresh_sign_in_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for verb, relation, mark in cells(FILE_VERBS):
        asks = policy.needs_proof(verb, role=Role.SOCIAL_WORKER, relations=frozenset({relation}))
        assert asks is (mark == "x!"), (verb, relation)
    for verb, role, mark in cells(DESK_VERBS):
        assert policy.needs_proof(verb, role=role, relations=frozenset()) is (mark == "x!"), (verb, role)
