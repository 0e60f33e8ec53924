"""Emergency accesses as pages show them, each with the file as far as the reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.models import EmergencyAccess
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case


@dataclass(frozen=True)
class Access:
    """One emergency access. `file` is None where its reader may not know of the file (who waits for a second person)."""

    access: EmergencyAccess
    actor: Actor
    file: File | None

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
        return self.file is not None and self.file.may(Verb.EMERGENCY_JUDGE) and not self.is_own

    @property
    def reason(self) -> str:
        """What whoever asked wrote, for readers who see more than a code name."""
        if self.file is None or not self.file.sees(Part.EXISTENCE):
            return ""
        self.access.subject = self.file.row.subject
        held: dict[str, str] = self.file.open(self.access, "details") or {}
        return held.get("reason", "")


def accesses(found: Sequence[EmergencyAccess], actor: Actor) -> list[Access]:
    """Two queries however many there are."""
    cases = Case.objects.filter(subject__in=[access.subject_id for access in found]).select_related(
        "subject", "child", "agency"
    )
    newest = {case.subject_id: case for case in cases.order_by("opened_in", "id")}
    known = {file.row.subject_id: file for file in open_files(actor, newest.values()) if file.exists}
    return [Access(access, actor, known.get(access.subject_id)) for access in found]
