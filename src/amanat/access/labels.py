"""The words for parts, relations, levels and verbs, as the policy page, the log and the forms say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Level, Part, Relation, Verb

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PART_LABELS = {
    Part.EXISTENCE: _("existence, stage, lateness"),
    Part.REFERRAL_SUMMARY: _("referral summary"),
    Part.IDENTITY: _("identity"),
    Part.CONTACTS: _("contacts"),
    Part.SAFETY: _("safety"),
    Part.FACTS: _("facts"),
    Part.NARRATIVE: _("narrative"),
    Part.PSYCHOLOGY_NOTES: _("psychology: process notes"),
    Part.PSYCHOLOGY_SUMMARY: _("psychology: summary and scores"),
    Part.HEALTH_FILE: _("health: file"),
    Part.HEALTH_ALERTS: _("health: alerts and medicines"),
    Part.LEGAL_FILE: _("legal: file"),
    Part.LEGAL_STATUS: _("legal: status"),
    Part.CENTRE: _("centre log"),
    Part.PLAN: _("plan"),
    Part.CONSENT: _("consent"),
    Part.AUDIT: _("audit of the file"),
}

RELATION_LABELS = {
    Relation.CASE_MANAGER: _("case manager"),
    Relation.SOCIAL_WORKER: _("social worker"),
    Relation.PSYCHOLOGIST: _("psychologist"),
    Relation.LAWYER: _("lawyer"),
    Relation.HEALTH_WORKER: _("health worker"),
    Relation.CENTRE_WORKER: _("crisis-centre worker"),
    Relation.SUPERVISOR: _("supervisor"),
    Relation.COORDINATOR: _("coordinator"),
    Relation.RECEIVER: _("receiver of a referral"),
    Relation.DPO: _("data protection officer"),
    Relation.EMERGENCY: _("emergency access"),
}

LEVEL_LABELS = {
    Level.NONE: _("nothing"),
    Level.CODE_NAME: _("by code name"),
    Level.WHETHER: _("whether there is one"),
    Level.PROGRESS: _("progress only"),
    Level.CONSENTED: _("sees where the consent names it"),
    Level.REVEAL: _("sees after signing in again, with a reason"),
    Level.UNLESS_CONFLICT: _("sees unless a conflict was ever recorded"),
    Level.SEES: _("sees"),
    Level.APPROVES: _("approves"),
    Level.OWN: _("writes and sees their own"),
    Level.OWN_PART: _("writes their own part"),
    Level.WRITES: _("writes"),
}

VERB_LABELS = {
    Verb.BACKUP_ARRANGE: _("arrange where and when backups are made"),
    Verb.BACKUP_NOTE_RESTORE: _("note that a restore was tried"),
    Verb.BACKUP_TAKE: _("make a backup"),
    Verb.BREACH_FOLLOW_UP: _("go on with a breach"),
    Verb.BREACH_RECORD: _("record a breach"),
    Verb.CASE_ASSIGN: _("assign the case"),
    Verb.CASE_ATTACH: _("attach a document"),
    Verb.CASE_BRING_IN: _("bring somebody into the circle of care"),
    Verb.CASE_BULK_HAND_OVER: _("hand over a whole caseload"),
    Verb.CASE_CHANGE_RISK: _("change the risk"),
    Verb.CASE_CLOSE: _("close the case"),
    Verb.CASE_CORRECT: _("correct what is known"),
    Verb.CASE_EXPORT: _("export the case"),
    Verb.CASE_FINISH_STEP: _("say that a step is done"),
    Verb.CASE_FINISH_TASK: _("finish a task"),
    Verb.CASE_FLAG: _("raise a flag"),
    Verb.CASE_HAND_OVER: _("hand over the case"),
    Verb.CASE_MOVE_STAGE: _("move to another stage"),
    Verb.CASE_NOTE: _("write a note"),
    Verb.CASE_OPEN: _("open the case"),
    Verb.CASE_PROTECT: _("take out of existence answers, or put back"),
    Verb.CASE_PUT_IN: _("put a row of an import into the file"),
    Verb.CASE_REGISTER: _("register a child"),
    Verb.CASE_RENAME: _("replace the code name"),
    Verb.CASE_REOPEN: _("reopen the case"),
    Verb.CASE_TAKE_BACK_STEP: _("take back that a step is over"),
    Verb.CASE_TAKE_OUT: _("take somebody out of the circle of care"),
    Verb.CASE_WAIVE_STEP: _("waive a step"),
    Verb.CASE_WRITE_FACTS: _("write the facts"),
    Verb.CONFLICT_LIFT: _("lift a conflict"),
    Verb.CONFLICT_RECORD: _("record a conflict"),
    Verb.CONSENT_OVERRIDE: _("share without consent"),
    Verb.CONSENT_RECORD: _("record a consent"),
    Verb.CONSENT_WITHDRAW: _("withdraw a consent"),
    Verb.DEVICE_ADD: _("add a phone of theirs"),
    Verb.DEVICE_REVOKE: _("shut a phone out"),
    Verb.EMERGENCY_JUDGE: _("judge an emergency access"),
    Verb.EMERGENCY_OPEN: _("open a file in an emergency"),
    Verb.EMERGENCY_SECOND: _("agree to an emergency access"),
    Verb.ERASURE_ASK: _("ask for an erasure"),
    Verb.ERASURE_CARRY_OUT: _("carry out an erasure"),
    Verb.ERASURE_DECLINE: _("decline an erasure"),
    Verb.EXCHANGE_IMPORT: _("import files from a workbook"),
    Verb.EXISTENCE_ASK: _("ask whether a child is known elsewhere"),
    Verb.FILE_FIND_EXACT: _("find a file by exact identity"),
    Verb.FILE_REVEAL: _("have a closed part shown"),
    Verb.FORM_CORRECT: _("correct a filled form"),
    Verb.FORM_PUBLISH: _("publish a form, or take it back"),
    Verb.FORM_RECORD: _("fill in a form"),
    Verb.FORM_UPLOAD: _("upload a form, or throw away what was uploaded"),
    Verb.HOLD_LIFT: _("lift a legal hold"),
    Verb.HOLD_PLACE: _("place a legal hold"),
    Verb.KEYS_CHILD: _("give a file a new key"),
    Verb.KEYS_DATA: _("give all files new keys"),
    Verb.KEYS_INDEX: _("change the keys of the index"),
    Verb.LOOK_AUDIT: _("look at the log"),
    Verb.LOOK_BACKUPS: _("look at the backups"),
    Verb.LOOK_CASELOAD: _("look at the caseload"),
    Verb.LOOK_DESK: _("look at the data protection desk"),
    Verb.LOOK_ERASURES: _("look at the erasures"),
    Verb.LOOK_FIND: _("find a child"),
    Verb.LOOK_FORMS: _("look at the forms and try them"),
    Verb.LOOK_HEALTH: _("look at the state of the system"),
    Verb.LOOK_MY_DAY: _("look at their own day"),
    Verb.LOOK_PACK: _("look at what the country pack says"),
    Verb.LOOK_PEOPLE: _("look at the people"),
    Verb.LOOK_POLICY: _("look at the policy"),
    Verb.PACK_INSTALL: _("change the country pack"),
    Verb.PACK_UPLOAD: _("upload a country pack, or throw away what was uploaded"),
    Verb.PACKET_SETTLE: _("file or throw away what came from their phone"),
    Verb.PEOPLE_ARRANGE: _("arrange agencies and sites"),
    Verb.PEOPLE_CONFIRM: _("confirm what was proposed about a worker"),
    Verb.PEOPLE_DECLINE: _("decline what was proposed about a worker"),
    Verb.PEOPLE_END_ROLE: _("end a role of a worker"),
    Verb.PEOPLE_INVITE: _("invite a worker"),
    Verb.PEOPLE_PROPOSE: _("propose a role for a worker"),
    Verb.PEOPLE_READMIT: _("let a suspended worker in again"),
    Verb.PEOPLE_RESET: _("ask for a new way in after a lost second factor"),
    Verb.PEOPLE_SET_LEAVE: _("say when they are on leave"),
    Verb.PEOPLE_SUSPEND: _("suspend a worker"),
    Verb.REQUEST_ANSWER: _("answer a request of a child or guardian"),
    Verb.REQUEST_RECORD: _("record a request of a child or guardian"),
    Verb.WORKSPACE_LOCK: _("lock the workspace"),
}

# What the log holds besides verbs and parts.
OTHER_ACTS = {
    "backup.keys_stay": _("keys of backups stay in a place that was removed"),
    "backup.made": _("a backup was made"),
    "backup.restore": _("restored from a backup"),
    "intake.again": _("let packets that were set aside wait again"),
    "intake.drop": _("throw away packets that were set aside"),
    "intake.exchanged": _("put the intake key back, which somebody had exchanged"),
    "erasure.learn": _("erase whom a list beside the backups tells of"),
    "intake.take": _("take in what was sent"),
    "keys.audit": _("change the audit key"),
    "keys.file": _("let a key file open the workspace"),
    "keys.intake": _("change the intake key"),
    "keys.master": _("change the master key"),
    "keys.words": _("set new words"),
    "packet.expire": _("end what came from a phone and waited for too long"),
    "people.init": _("make the workspace"),
    "recovery.open": _("set new words with two shares"),
    "recovery.renew": _("give out new shares"),
    "recovery.test": _("test the shares"),
    "sign_in": _("sign in"),
    "sign_out": _("sign out"),
    "tls.change": _("change the certificate"),
    "workspace.duty": _("set the number of the duty phone"),
    "workspace.unlock": _("unlock the workspace"),
    "workspace.update": _("bring the workspace to a newer version"),
}


def act_label(name: str, *, only_read: bool = False) -> StrOrPromise:
    """How the log's word for an act reads: a verb as it is called, a part as "look at: identity", another word as it stands.

    `only_read`: the page of a verb was opened, which is not yet the deed and must not read like it.
    """
    if name in VERB_LABELS:
        done = VERB_LABELS[Verb(name)]
        is_deed = only_read and not name.startswith("look")
        return format_lazy(_("opened the page: {act}"), act=done) if is_deed else done
    if name == Part.EXISTENCE:
        return _("look at the file")
    if name in OTHER_ACTS:
        return OTHER_ACTS[name]
    return format_lazy(_("look at: {part}"), part=PART_LABELS[Part(name)]) if name in PART_LABELS else name
