"""Which agencies can be asked for a child: not the one that has the case, and only where somebody is who could say yes."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from amanat.access.files import File
from amanat.cases.models import Case
from amanat.cases.shown import case_of
from amanat.directory.models import Service
from amanat.people.models import Agency
from amanat.referrals import telling


def that_can(file: File, agencies: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them where somebody can take a referral for a service now."""
    if not agencies:
        return set()
    asked = Agency.objects.filter(pk__in=agencies)
    able = telling.where_somebody_can(asked, case_of(file), file.actor.now, whole=False)
    return set(able.values_list("pk", flat=True))


def services(file: File) -> QuerySet[Service]:
    """Services with `somebody_can`: whether somebody of the agency that gives one can take a referral now."""
    giving = Agency.objects.filter(pk=OuterRef("organization__agency"))
    able = telling.where_somebody_can(giving, case_of(file), file.actor.now, whole=False)
    return Service.objects.annotate(somebody_can=Exists(able))


def agencies(file: File, *, whole: bool = False) -> QuerySet[Agency]:
    """Those of the network that could be asked: all but the one that has the case, and where somebody can say yes."""
    return telling.where_somebody_can(others(case_of(file)), case_of(file), file.actor.now, whole=whole)


def without_anybody(file: File, *, whole: bool = False) -> list[str]:
    """The names of those that can't be asked, since nobody there can take it at present."""
    able = agencies(file, whole=whole).order_by()
    return list(others(case_of(file)).exclude(pk__in=able.values("pk")).values_list("name", flat=True))


def others(case: Case) -> QuerySet[Agency]:
    """All but the one that has the case: whoever of it has to do with the child stands in the circle."""
    return Agency.objects.exclude(pk=case.agency_id).order_by("name")
