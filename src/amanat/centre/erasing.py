"""What an erasure takes away of a child: all of its stays and of the days in a house. An account of an incident stays while another
child is in it.
"""

from __future__ import annotations

from django.db.models import Q

from amanat.centre.models import (
    Absence,
    Apart,
    Dose,
    IncidentAccount,
    IncidentPart,
    LogEntry,
    MedicineOrder,
    Stay,
    StayBed,
    Term,
    Visit,
)
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel


def erase(erasing: Erasing) -> None:
    """Rows that point to others of them go first."""
    of_these = {"subject__in": erasing.subjects}
    parts = IncidentPart.objects.filter(**of_these)
    shared = set(parts.values_list("shared", flat=True))
    Apart.objects.filter(Q(**of_these) | Q(other__in=erasing.subjects)).delete()
    LogEntry.objects.filter(**of_these).update(corrects=None)  # one may correct another that corrects a third
    rows: tuple[type[SealedModel], ...] = (
        IncidentPart, Dose, MedicineOrder, Visit, LogEntry, Absence, Term, StayBed, Stay,
    )  # fmt: skip
    for model in rows:
        found = model._default_manager.filter(**of_these)
        erasing.refs.update(found.values_list("pk", flat=True))
        found.delete()
    accounts = IncidentAccount.objects.filter(Q(pk__in=shared) | Q(subject__in=erasing.subjects), parts=None)
    erasing.with_them.update(accounts.values_list("subject", flat=True))
    accounts.delete()
