"""Steps of assistance and their deadlines: pure. What happened and facts go in, what is due comes out.

Nothing is kept here and nobody's file is opened. The steps are data of a country pack (`procedures.toml`, read by
`reading`); what may stand in it (events, facts, what can be blocked) is told by the rooms above (`vocabulary`).
"""

from amanat.procedures.calendars import Calendar, Deadline, Span
from amanat.procedures.course import Due, Happened, Round, due, rounds
from amanat.procedures.steps import Step

__all__ = ["Calendar", "Deadline", "Due", "Happened", "Round", "Span", "Step", "due", "rounds"]
