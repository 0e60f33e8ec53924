"""What is in the way of closing a case, or of passing it whole to another agency. Rooms that this one knows nothing of add theirs in
`ready()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from amanat.cases.models import Case
from amanat.web.errors import PersonFacingError

# Asked within the lock of the case; says what is in the way and what to do first, None where nothing is.
Question = Callable[[Case], PersonFacingError | None]


class InTheWay:
    def __init__(self) -> None:
        self.questions: list[Question] = []

    def register(self, question: Question) -> None:
        if question not in self.questions:
            self.questions.append(question)

    def check(self, case: Case) -> None:
        """Raises:
        PersonFacingError: something is in the way.
        """
        for question in self.questions:
            if (error := question(case)) is not None:
                raise error


closing: Final = InTheWay()
passing: Final = InTheWay()  # asked before the yes
