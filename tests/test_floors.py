"""The floors of the house hold for models too: a foreign key to a higher floor is refused like an import (pyproject.toml)."""

import re
import tomllib
from pathlib import Path

from django.apps import apps

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def floors() -> dict[str, int]:
    """Each room's floor, from the contract that import-linter holds; the lowest is 0."""
    contracts = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {room: floor for floor, layer in enumerate(reversed(layers)) for room in re.findall(r"\w+", layer)}


def test_a_model_refers_only_to_models_of_its_own_room_or_of_a_lower_floor():
    floor = floors()
    rooms = [app for app in apps.get_app_configs() if app.name.startswith("amanat.")]
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for app in rooms
        for model in app.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and (target := field.related_model._meta.app_label) in floor
        if target != app.label and floor[target] >= floor[app.label]
    ]
    assert rooms
    assert upward == []
