"""What the room keeps: houses, rooms and beds (`places`), who stays where (`stays`); who is on (`shifts`), the days (`days`),
medicines, visits, incidents."""

from amanat.centre.models.days import DayEntry, DayKind, LogEntry, LogKind, StandardAssessment, Tally
from amanat.centre.models.incidents import IncidentAccount, IncidentPart
from amanat.centre.models.medicines import Dose, MedicineOrder
from amanat.centre.models.places import Bed, House, Purpose, Room, Whom
from amanat.centre.models.shifts import NoteRead, Shift, ShiftRule
from amanat.centre.models.stays import Absence, AbsenceKind, Apart, Exit, Stay, StayBed, StayState, Term, Urgency
from amanat.centre.models.visits import Visit, VisitState

__all__ = [
    "Absence",
    "AbsenceKind",
    "Apart",
    "Bed",
    "DayEntry",
    "DayKind",
    "Dose",
    "Exit",
    "House",
    "IncidentAccount",
    "IncidentPart",
    "LogEntry",
    "LogKind",
    "MedicineOrder",
    "NoteRead",
    "Purpose",
    "Room",
    "Shift",
    "ShiftRule",
    "StandardAssessment",
    "Stay",
    "StayBed",
    "StayState",
    "Tally",
    "Term",
    "Urgency",
    "Visit",
    "VisitState",
    "Whom",
]
