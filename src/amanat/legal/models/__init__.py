"""What is kept of legal help."""

from amanat.legal.models.calendar import Feed
from amanat.legal.models.evidence import Evidence, Handing
from amanat.legal.models.proceedings import (
    AT_LARGE,
    ChildRole,
    Custody,
    Detention,
    Hearing,
    HearingState,
    LegalDue,
    Proceeding,
    ProceedingKind,
    ProceedingState,
    Ruling,
)
from amanat.legal.models.rights import HoldAsked, RightRecord, RightState

__all__ = [
    "AT_LARGE",
    "ChildRole",
    "Custody",
    "Detention",
    "Evidence",
    "Feed",
    "Handing",
    "Hearing",
    "HearingState",
    "HoldAsked",
    "LegalDue",
    "Proceeding",
    "ProceedingKind",
    "ProceedingState",
    "RightRecord",
    "RightState",
    "Ruling",
]
