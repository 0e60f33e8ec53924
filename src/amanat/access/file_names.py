"""The names of the parts of a file, and of what a worker is to it. Who sees what is the policy's, what each is called `labels`'."""

from enum import StrEnum


class Part(StrEnum):
    """The parts of a child's file. A matter of a hotline has the last three, existence, identity, contacts, audit, and consent: why it is
    to be erased."""

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
    CALL = "call"
    SCREENING = "screening"
    DEBRIEF = "debrief"
    SERVICE_NOTES = "service_notes"


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
    OPERATOR = "operator"
    HOTLINE_SUPERVISOR = "hotline_supervisor"
    ADDRESSEE = "addressee"
