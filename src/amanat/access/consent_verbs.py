"""What a relation that rests on a consent does: part of the policy, whose tables say to whom each verb is open at all."""

from __future__ import annotations

from amanat.access.verb_names import Verb

# What somebody does who stands in a circle, or receives a referral, by a consent that does not name every part: what is about a part that
# is checked by itself, and flags, which warn their writer.
BY_CONSENT = frozenset(
    {
        Verb.CASE_ATTACH,
        Verb.CASE_CORRECT,
        Verb.CASE_FINISH_TASK,
        Verb.CASE_FLAG,
        Verb.CASE_NOTE,
        Verb.CASE_WRITE_FACTS,
        Verb.DETENTION_RECORD,
        Verb.EVIDENCE_HAND_ON,
        Verb.EVIDENCE_TAKE_IN,
        Verb.FORM_CORRECT,
        Verb.FORM_RECORD,
        Verb.HEARING_FIX,
        Verb.HEARING_RECORD,
        Verb.NEED_RECORD,
        Verb.PAPER_HAND_OUT,
        Verb.PLAN_COMMENT,
        Verb.PLAN_REPORT,
        Verb.PLAN_WRITE,
        Verb.PROCEEDING_OPEN,
        Verb.REFERRAL_FINISH,
        Verb.REFERRAL_NOTE,
        Verb.REFERRAL_START,
        Verb.RIGHT_RECORD,
        Verb.RULING_RECORD,
    }
)
# What a house does for a child whose case is another agency's and who sleeps there by a referral: whoever is on stands in the circle by
# the consent, and whoever receives the child takes it in.
BY_CONSENT_IN_A_HOUSE = frozenset(
    {
        Verb.INCIDENT_ADD,
        Verb.INCIDENT_RECORD,
        Verb.LOG_WRITE,
        Verb.MEDICINE_GIVE,
        Verb.STAY_ADMIT,
        Verb.STAY_END,
        Verb.STAY_GO_OUT,
        Verb.STAY_KEEP_APART,
        Verb.STAY_MISSING,
        Verb.STAY_MOVE,
        Verb.STAY_WAIT,
        Verb.VISIT_APPROVE,
        Verb.VISIT_RECORD,
    }
)
