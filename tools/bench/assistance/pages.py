"""The pages that are measured: who opens them, and at which addresses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from tools.bench.client import Client


@dataclass(frozen=True)
class Job:
    """A page, its workers by name, and for each the addresses that they open in turn."""

    name: str
    addresses: Mapping[str, Sequence[str]]


def jobs(told: Mapping[str, Any]) -> list[Job]:
    """From what the seeding told."""
    centre, house = told["centre"], uuid.UUID(told["house"])
    files: Mapping[str, Sequence[str]] = told["files"]
    log = f"/centre/{house}/log?day="

    def all_of(who: Sequence[str], *addresses: str) -> dict[str, Sequence[str]]:
        return dict.fromkeys(who, addresses)

    def of_files(ending: str) -> dict[str, Sequence[str]]:
        return {name: [f"/cases/{case}/{ending}" for case in cases] for name, cases in files.items()}

    return [
        Job("board of the house", all_of(centre, f"/centre?house={house.hex}")),
        Job("the house's log of yesterday", all_of(centre, log + told["day"])),
        Job("the house's log of long ago", all_of(centre, log + told["long_ago"])),
        Job("log of a child", all_of(centre, *(f"/cases/{case}/centre/log" for case in told["children"]))),
        Job("plan", of_files("plan")),
        Job("the child's whole way", of_files("journey")),
    ]


class Reader:
    """Somebody who is signed in and opens the addresses of a job in turn."""

    def __init__(self, client: Client, addresses: Sequence[str]) -> None:
        self.client, self._left = client, cycle(addresses)

    def open(self) -> str:
        return self.client.get(next(self._left))
