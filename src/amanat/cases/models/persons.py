"""People around a child: parents, guardians and others. Who is a suspect neither consents nor is told."""

from __future__ import annotations

from django.db import models

from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models.case import Case, Child
from amanat.people.models import Membership, User
from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed


class PersonAround(SealedModel):
    """A person around a child. `about`: {name, relation, phone, words}; `relation` is a code of the pack's list `relation`.

    `suspicion`: {words, since, by, name, relation} while they are a suspect, None otherwise; former ones stand in the log and the
    timeline. It says the name once more, for those who see safety and not contacts.
    `user`: the worker of the network that they are, where they are one; a conflict keeps that worker out of the file.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="persons")
    about = Sealed("cases.person_around.about", part=Part.CONTACTS)
    suspicion = Sealed("cases.person_around.suspicion", part=Part.SAFETY)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "person around a child"

    @property
    def file_row(self) -> FileRow:
        case: Case = self.child.cases.order_by("-opened_in", "-id")[0]
        return case
