"""Which matters a case came from: who is kept out of the child's file is kept out of them. Linked ones are about the same."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from amanat.access.models import FileRow
from amanat.cases.from_elsewhere import Sources
from amanat.cases.models import Case
from amanat.hotline.models import Matter, MatterCase, MatterLink
from amanat.people.models import User


def of(case: Case) -> QuerySet[Matter]:
    opened = list(MatterCase.objects.filter(case__child=case.child_id).values_list("matter", flat=True))
    return Matter.objects.filter(pk__in=_with_linked(opened)).select_related("subject").order_by("pk")


def cases(matter: FileRow) -> QuerySet[Case]:
    opened = MatterCase.objects.filter(matter__in=_with_linked([matter.pk]))
    return Case.objects.filter(pk__in=opened.values("case")).select_related("subject").order_by("pk")


def let_go(matter: FileRow, user: User) -> None:
    Matter.objects.filter(pk=matter.pk, holder__user=user).update(holder=None)


def _with_linked(matters: Collection[uuid.UUID]) -> set[uuid.UUID]:
    links = MatterLink.objects.filter(Q(first__in=matters) | Q(second__in=matters))
    return {*matters, *(pk for pair in links.values_list("first", "second") for pk in pair)}


SOURCES = Sources(of, cases, let_go)
