"""A step of a procedure, as a country pack says it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from amanat.packs.labels import Label
from amanat.procedures.calendars import Span

# What stands before the colon in the name of what happened: a step is over, a form was recorded; a step was finished by
# hand, or waived.
STEP: Final = "step:"
FORM: Final = "form:"
DONE: Final = "done:"
WAIVED: Final = "waived:"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that has to be done on a case once something has happened.

    Args:
        after: what begins it; any one of these is enough.
        span: how long it may take, None where no source says.
        calendar: by whose working days it is counted (`[calendars]` of a pack), "" for those of the country.
        who: relations to the file (`access.policy.Relation`) whose work it is. It is told; who may say so the policy decides.
        finished_by: what finishes it without anybody saying so.
        by_hand: somebody may say that it is done.
        also_before: what finishes it counts also where it happened before the step began.
        again: it begins anew with each such event once it is over; otherwise it comes once.
        anew: with these it is as if the step had never been: one that is open is dropped, and it may begin once more.
        blocks: verbs (`access.policy.Verb`) that it stands in the way of while it is open. They ask for a reason then, and
            where it is `strict` they are refused.
        when: facts and the values of which one has to hold now; a step for which they do not hold is not due.
        retired: a country does without this step of the pack that it extends.
        verified: False where nobody could check it against its source; pages that show it say so.
    """

    name: str
    label: Label
    after: tuple[str, ...]
    span: Span | None = None
    calendar: str = ""
    help: Label | None = None
    who: tuple[str, ...] = ()
    finished_by: tuple[str, ...] = ()
    by_hand: bool = False
    also_before: bool = False
    again: bool = False
    anew: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    strict: bool = False
    when: Mapping[str, Set[str]] = field(default_factory=dict)
    retired: bool = False
    source: Label = field(default_factory=lambda: Label({}))
    verified: bool = False

    @property
    def forms(self) -> list[str]:
        """The forms that finish it."""
        return [event.removeprefix(FORM) for event in self.finished_by if event.startswith(FORM)]

    def begins_with(self, happened: Set[str]) -> bool:
        return not happened.isdisjoint(self.after)

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether its conditions hold; a fact that is not known holds none."""
        return all(facts.get(fact, "") in values for fact, values in self.when.items())
