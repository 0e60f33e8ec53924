"""Emergency accesses as pages show them, each with the file as far as the reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.models import EmergencyAccess
from amanat.access.policy import Part, Verb
from amanat.cases.answering import Supervisors, answers_by_office, may_judge, supervisors
from amanat.cases.models import Case


@dataclass(frozen=True)
class Access:
    """One emergency access. `file` is None where its reader may not know of the file (who waits for a second person)."""

    access: EmergencyAccess
    actor: Actor
    file: File | None
    supervisors: Supervisors = field(default_factory=dict)

    @property
    def is_waiting(self) -> bool:
        return self.access.opened_at is None

    @property
    def is_open(self) -> bool:
        return self.access.until is not None and self.access.until > self.actor.now

    @property
    def is_own(self) -> bool:
        return self.access.membership.user_id == self.actor.user.pk

    @property
    def may_second(self) -> bool:
        return self.is_waiting and not self.is_own and self.file is not None

    @property
    def may_judge(self) -> bool:
        """Whether it falls to this reader: to the officer only where no supervisor can."""
        return (
            self.file is not None
            and self.file.may(Verb.EMERGENCY_JUDGE)
            and may_judge(self.file, self.access, self.supervisors)
        )

    @property
    def reason(self) -> str:
        """What whoever asked wrote, for readers who see more than a code name."""
        if self.file is None or not self.file.sees(Part.EXISTENCE):
            return ""
        self.access.subject = self.file.row.subject
        held: dict[str, str] = self.file.open(self.access, "details") or {}
        return held.get("reason", "")


def accesses(found: Sequence[EmergencyAccess], actor: Actor) -> list[Access]:
    """Two queries however many there are; for the officer three more, to know whose supervisors can't judge."""
    cases = Case.objects.filter(subject__in=[access.subject_id for access in found]).select_related(
        "subject", "child", "agency"
    )
    newest = {case.subject_id: case for case in cases.order_by("opened_in", "id")}
    known = {file.row.subject_id: file for file in open_files(actor, newest.values()) if file.exists}
    judging = [one for one, file in known.items() if file.may(Verb.EMERGENCY_JUDGE) and answers_by_office(file)]
    heads = supervisors(judging, actor.now) if judging else {}
    return [Access(access, actor, known.get(access.subject_id), heads) for access in found]
