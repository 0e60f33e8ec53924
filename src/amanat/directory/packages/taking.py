"""Writing what a plan says. Nothing is ever taken away but the clear rows of what is sealed now. Called by verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from amanat.directory import confidential
from amanat.directory.models import Location, ServiceNeed
from amanat.directory.packages.cells import MODELS, ORDER
from amanat.directory.packages.naming import AT_ONCE, in_parts
from amanat.directory.packages.places import WHOLE
from amanat.directory.packages.planning import Plan


def take(plan: Plan) -> None:
    """All of it; within the transaction of a verb."""
    for location in _became_confidential(plan):
        confidential.hide(location)
    for table in ORDER:
        rows = plan.rows.get(table, {})
        model = MODELS[table]
        new = [model(pk=pk, **fields) for pk, (is_new, fields) in rows.items() if is_new]
        model._default_manager.bulk_create(new, batch_size=AT_ONCE)
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
    rows = [row for part in in_parts(changed) for row in model._default_manager.filter(pk__in=part)]
    for row in rows:
        for name, value in changed[row.pk].items():
            setattr(row, name, value)
    model._default_manager.bulk_update(rows, names, batch_size=100)


def _write_needs(needs: Mapping[UUID, list[str]]) -> None:
    for part in in_parts(needs):
        ServiceNeed.objects.filter(service__in=part).delete()
    rows = [ServiceNeed(service_id=pk, code=code) for pk, codes in needs.items() for code in dict.fromkeys(codes)]
    ServiceNeed.objects.bulk_create(rows, batch_size=AT_ONCE)


def _seal(plan: Plan) -> None:
    for table in reversed(WHOLE):  # who names goes before who is named
        for part in in_parts(plan.hiding.gone.get(table, {})):
            MODELS[table]._default_manager.filter(pk__in=part).delete()
    for location in Location.objects.filter(pk__in=plan.hiding.sealed):
        confidential.add(location, plan.hiding.sealed[location.pk])
