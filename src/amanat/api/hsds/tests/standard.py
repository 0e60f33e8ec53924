"""The standard's own files, read from beside the project and never copied into it."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any
from uuid import UUID

from jsonschema_rs import Draft202012Validator

from amanat.directory.packages.cells import ORDER, fields_of
from amanat.directory.packages.content import Content
from amanat.directory.packages.trees import Trees
from amanat.directory.serializing import MODELS
from amanat.packs.tests.standards import SHARED, needed

HSDS = SHARED / "standards" / "hsds-3"
PARENTS = ("parent_organization_id", "parent_id")
WITHOUT_COMPILED = ("taxonomy", "taxonomy_term")


def told(path: str) -> Any:
    """What a JSON file of the standard says; where it is packed it is unpacked."""
    packed = HSDS / f"{path}.gz"
    if packed.is_file():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads(needed(HSDS / path).read_text(encoding="utf-8"))


@cache
def schema(name: str, *, strict: bool = True) -> Draft202012Validator:
    """A schema by its name (`service`, `service_list`, `taxonomy`); strictly it knows no other names than its own."""
    read = told(f"schema/{name}.json" if name in WITHOUT_COMPILED else f"schema/compiled/{name}.json")
    if name == "taxonomy_term":
        read["properties"]["taxonomy_detail"] = told("schema/taxonomy.json")
    return Draft202012Validator(_whole(read, strict), validate_formats=True)


def faults(name: str, answer: Any, *, strict: bool = True) -> list[str]:
    """Where an answer is not as its schema says."""
    return [f"{list(one.instance_path)}: {one.message}" for one in schema(name, strict=strict).iter_errors(answer)]


def example(path: str) -> dict[str, Any]:
    """An example of the standard."""
    return dict(told(f"examples/{path}.json"))


def take_examples() -> None:
    """The standard's full examples as rows; parents that they name and do not hold are left out."""
    held = Content()
    for name in ("service_full", "organization_full", "service_at_location_full"):
        Trees(held).take("", example(name))
    for table in (name for name in ORDER if name in MODELS):
        for entry in held.tables[table].values():
            columns = fields_of(table, {name: text for name, text in entry.values.items() if name not in PARENTS})
            MODELS[table]._default_manager.create(**columns, id=UUID(entry.id))


def _whole(read: Any, strict: bool) -> Any:
    """Without references: those of the two that are not compiled lead to history, which no answer tells."""
    match read:
        case dict():
            kept = {name: _whole(part, strict) for name, part in read.items() if name != "$ref"}
            return kept | ({"additionalProperties": False} if strict and "properties" in kept else {})
        case list():
            return [_whole(part, strict) for part in read]
        case _:
            return read
