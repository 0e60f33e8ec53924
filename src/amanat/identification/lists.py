"""A list of indicators as a screening asks it and keeps it: what is offered, what is sealed with the answers, by which mark it is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amanat import packs
from amanat.packs.indicators import IndicatorList
from amanat.packs.labels import Label

NOTHING = Label({})


@dataclass(frozen=True, slots=True)
class AskedSign:
    """An indicator as the form asks it."""

    code: str
    label: Label
    help: Label | None = None


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """A group of indicators as the form asks it; `label` is empty where the list has no groups."""

    name: str
    label: Label
    signs: Sequence[AskedSign]


def all_lists() -> list[IndicatorList]:
    return sorted(packs.current().indicators.values(), key=lambda one: one.name)


def as_kept(told: IndicatorList) -> dict[str, Any]:
    """What a screening keeps of its list beside the answers, so that its finding can be explained later as it was."""
    manifest = packs.current().manifest
    asked = [one for one in told.indicators if not one.retired]
    return {
        "list": told.name,
        "title": dict(told.title.texts),
        "source": dict(told.source.texts),
        "verified": told.verified and all(one.verified for one in asked),
        "pack": f"{manifest.name} {manifest.version}",
        "digest": digest(told),
        "weights": {one.code: [one.group, one.strength] for one in asked},
        "groups": {group.name: dict(group.label.texts) for group in told.groups},
    }


def digest(told: IndicatorList) -> str:
    """Changes with what is asked and how it is weighed."""
    weighed = [[one.code, one.group, one.strength] for one in told.indicators if not one.retired]
    return hashlib.sha256(json.dumps(weighed).encode()).hexdigest()[:12]


def has_changed(kept: Mapping[str, Any]) -> bool:
    """Whether the pack's list is another one by now, or gone."""
    told = packs.current().indicators.get(kept["list"])
    return told is None or digest(told) != kept["digest"]


def labels_of(kept: Mapping[str, Any], codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """The words of these indicators, to be kept with their answers."""
    told = packs.current().indicators.get(kept["list"])
    return {code: dict(told[code].label.texts) for code in codes if told and code in told}


def label_of(kept: Mapping[str, Any], code: str) -> Label:
    """An indicator in its words of then, else in those of now; a code that nobody knows any more stands as it is."""
    if words := kept.get("labels", {}).get(code):
        return Label(words)
    told = packs.current().indicators.get(kept["list"])
    return told[code].label if told and code in told else Label({"en": code})


def asked_groups(kept: Mapping[str, Any], first: str) -> list[AskedGroup]:
    """What the form asks: what decides stands first."""
    told = packs.current().indicators.get(kept["list"])
    groups: dict[str, list[AskedSign]] = {}
    for code, (group, _strength) in kept["weights"].items():
        helped = told[code].help if told and code in told else None
        groups.setdefault(group, []).append(AskedSign(code, label_of(kept, code), helped))
    named = [AskedGroup(name, group_label(kept, name), signs) for name, signs in groups.items()]
    return sorted(named, key=lambda group: group.name != first)


def group_label(kept: Mapping[str, Any], name: str) -> Label:
    return Label(kept["groups"].get(name, {"en": name} if name else {}))
