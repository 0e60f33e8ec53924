"""What the room keeps: child, case and their rows (`case`), alerts (`alerts`), people around a child (`persons`)."""

from amanat.cases.models.alerts import Alert, AlertKind, AlertTold
from amanat.cases.models.case import (
    ALSO_IN_THE_SOURCE,
    NOTHING_DUE,
    ORDERS,
    Attachment,
    Case,
    Child,
    DueStep,
    Event,
    EventKind,
    FormerValue,
    SharedNote,
    Sheet,
    Stage,
    Task,
    TaskKind,
)
from amanat.cases.models.of_case import OfCase
from amanat.cases.models.persons import PersonAround

__all__ = [
    "ALSO_IN_THE_SOURCE",
    "NOTHING_DUE",
    "ORDERS",
    "Alert",
    "AlertKind",
    "AlertTold",
    "Attachment",
    "Case",
    "Child",
    "DueStep",
    "Event",
    "EventKind",
    "FormerValue",
    "OfCase",
    "PersonAround",
    "SharedNote",
    "Sheet",
    "Stage",
    "Task",
    "TaskKind",
]
