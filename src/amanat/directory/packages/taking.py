"""Writing what a plan says. Nothing is ever taken away but the clear rows of what is sealed now. Called by verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from amanat.directory import confidential
from amanat.directory.models import Location, ServiceNeed
from amanat.directory.packages.cells import MODELS, ORDER
from amanat.directory.packages.places import WHOLE
from amanat.directory.packages.planning import Plan

_AT_ONCE: Final = 500


def take(plan: Plan) -> None:
    """All of it; within the transaction of a verb."""
    for location in _became_confidential(plan):
        confidential.hide(location)
    for table in ORDER:
        rows = plan.rows.get(table, {})
        model = MODELS[table]
        new = [model(pk=pk, **fields) for pk, (is_new, fields) in rows.items() if is_new]
        model._default_manager.bulk_create(new, batch_size=_AT_ONCE)
        _change(model, {pk: fields for pk, (is_new, fields) in rows.items() if not is_new})
    _write_needs(plan.needs)
    _seal(plan)


def _became_confidential(plan: Plan) -> list[Location]:
    """Locations that are here in clear, and that a package says nobody may know."""
    rows = plan.rows.get("locations", {})
    marked = [pk for pk, (is_new, fields) in rows.items() if not is_new and fields.get("is_confidential")]
    return list(Location.objects.filter(pk__in=marked, is_confidential=False))


def _change(model: type[Any], changed: Mapping[UUID, Mapping[str, Any]]) -> None:
    names = sorted({name for fields in changed.values() for name in fields})
    if not names:
        return
    rows = _rows(model, changed)
    for row in rows:
        for name, value in changed[row.pk].items():
            setattr(row, name, value)
    model._default_manager.bulk_update(rows, names, batch_size=100)


def _rows(model: type[Any], keys: Iterable[UUID]) -> list[Any]:
    wanted: list[UUID] = list(keys)
    found: list[Any] = []
    for first in range(0, len(wanted), _AT_ONCE):
        found += model._default_manager.filter(pk__in=wanted[first : first + _AT_ONCE])
    return found


def _write_needs(needs: Mapping[UUID, list[str]]) -> None:
    for first in range(0, len(needs), _AT_ONCE):
        ServiceNeed.objects.filter(service__in=list(needs)[first : first + _AT_ONCE]).delete()
    rows = [ServiceNeed(service_id=pk, code=code) for pk, codes in needs.items() for code in dict.fromkeys(codes)]
    ServiceNeed.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _seal(plan: Plan) -> None:
    for table in reversed(WHOLE):  # who names goes before who is named
        keys = list(plan.hiding.gone.get(table, {}))
        for first in range(0, len(keys), _AT_ONCE):
            MODELS[table]._default_manager.filter(pk__in=keys[first : first + _AT_ONCE]).delete()
    for location in Location.objects.filter(pk__in=plan.hiding.sealed):
        confidential.add(location, plan.hiding.sealed[location.pk])
