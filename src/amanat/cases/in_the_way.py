"""What is in the way of closing a case, or of passing it whole to another agency. Rooms that this one knows nothing of add theirs in
`ready()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.models import Case
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Standing(PersonFacingError):
    """Something stands in the way. `link`: the page where it can be brought to its end."""

    def __init__(self, sentence: StrOrPromise, hint: StrOrPromise, link: str) -> None:
        super().__init__(sentence, hint)
        self.link = link

    def way(self, back: str) -> str:
        return self.link


# Asked within the lock of the case; says what is in the way and what to do first, None where nothing is.
Question = Callable[[Case], PersonFacingError | None]
# Rows that are in the way wherever there are any, and what is said then.
Rows = Callable[[Case], QuerySet[Any]]
Saying = Callable[[Case], PersonFacingError]


class InTheWay:
    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.rows: list[tuple[Rows, Saying]] = []

    def register(self, question: Question) -> None:
        if question not in self.questions:
            self.questions.append(question)

    def register_rows(self, rows: Rows, saying: Saying) -> None:
        """Asked before the questions, one query for all."""
        if (rows, saying) not in self.rows:
            self.rows.append((rows, saying))

    def _standing(self, case: Case) -> list[PersonFacingError]:
        if not self.rows:
            return []
        asked = [Exists(rows(case)) for rows, _saying in self.rows]
        there = Case.objects.filter(pk=case.pk).values_list(*asked).get()
        return [saying(case) for (_rows, saying), is_there in zip(self.rows, there, strict=True) if is_there]

    def asked(self, case: Case, *, but: Question | None = None) -> list[PersonFacingError]:
        """Everything that is in the way; without what one question says, for the room that asks it."""
        asked = (question for question in self.questions if question is not but)
        return self._standing(case) + [error for question in asked if (error := question(case)) is not None]

    def check(self, case: Case) -> None:
        """Raises:
        PersonFacingError: something is in the way.
        """
        for standing in self._standing(case):
            raise standing
        for question in self.questions:
            if (error := question(case)) is not None:
                raise error


def _tasks(case: Case) -> QuerySet[Any]:
    return case.tasks.filter(done_at=None)


def _to_do(case: Case) -> PersonFacingError:
    at = f"{reverse('cases.close', args=[case.pk])}#to-do"
    return Standing(_("Something on this case is still to be done."), _("Finish its flags and tasks first."), at)


def _alerts(case: Case) -> QuerySet[Any]:
    return case.alerts.filter(taken_at=None)


def _to_take(_case: Case) -> PersonFacingError:
    return Standing(_("An alert about this case waits."), _("Somebody has to take it first."), reverse("cases.alerts"))


# The code of `closing_reason` that was approved, "" where nothing was; one room at most says so.
ApprovedReason = Callable[[File], str]
_approved: list[ApprovedReason] = []


def register_approved(reason: ApprovedReason) -> None:
    if reason not in _approved:
        _approved.append(reason)


def approved_reason(file: File) -> str:
    """For which reason somebody approved that the case is closed."""
    return next((code for reason in _approved if (code := reason(file))), "")


closing: Final = InTheWay()
closing.register_rows(_tasks, _to_do)
closing.register_rows(_alerts, _to_take)
passing: Final = InTheWay()  # asked before the yes
