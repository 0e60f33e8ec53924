"""The register of keys: what each protects, since when it is used, how far a change is, and how one is begun."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amanat.office.shares import shares
from amanat.vault import generations
from amanat.vault.header import Header
from amanat.vault.keys import AUDIT, INTAKE, MASTER, keyring
from amanat.vault.models import Generation, Rotation, RotationKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

IDS = 1 << 128


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the register. `command` is typed at the machine; `url_name` is the page of a button instead."""

    label: StrOrPromise
    protects: StrOrPromise
    command: str = ""
    url_name: str = ""
    generation: int = 0
    since: datetime | None = None
    told: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A change on its way. `name` is that of its bar; `total` is 0 until somebody counted; `settling`: its second look is awaited."""

    name: str
    label: StrOrPromise
    done: int
    total: int
    settling: bool = False


_added: list[Callable[[datetime], Key]] = []


def add(line: Callable[[datetime], Key]) -> None:
    """Let another room say what it keeps; called in `ready()`."""
    if line not in _added:
        _added.append(line)


def keys(now: datetime) -> list[Key]:
    """Every kind; two queries."""
    last = {row.kind: row for row in Rotation.objects.filter(subject=None, generation__gt=1).order_by("pk")}
    index = next(iter(generations.live()[-1:]), None)
    return [_opener(), *_of_generations(last), _index(index), *(line(now) for line in _added), _shares()]


def _opener() -> Key:
    header = Header.read(settings.WORKSPACE)
    by_file = header.provider["name"] == "keyfile"
    return Key(
        _("Key file") if by_file else _("Words"),
        _("It opens the workspace at each start.") if by_file else _("They open the workspace at each start."),
        "./run amanat keys words" if header.kind == "real" else "",
    )


def _of_generations(last: dict[str, Rotation]) -> list[Key]:
    """Keys of which the header has several, and the data keys."""
    command = "./run amanat keys rotate {}"

    def key(kind: str, label: StrOrPromise, protects: StrOrPromise, **how: Any) -> Key:
        row = last.get(kind)
        newest = row.generation if row else 1
        number = newest if kind == RotationKind.DATA else keyring().newest(kind)
        return Key(label, protects, generation=number, since=row.begun_at if row else None, **how)

    return [
        key(MASTER, _("Master key"), _("It wraps the data keys."), command=command.format(MASTER)),
        key(
            RotationKind.DATA,
            _("Data keys"),
            _("Each file has one: all that is written about the child is sealed under it, documents too."),
            url_name="desk.new_data_keys",
        ),
        key(
            AUDIT,
            _("Audit key"),
            _("It seals the log, so that nobody changes it unseen."),
            command=command.format(AUDIT),
        ),
        key(
            INTAKE,
            _("Intake key"),
            _("What comes in from outside is sealed under it until it is taken in."),
            command=command.format(INTAKE),
        ),
    ]


def _index(newest: Generation | None) -> Key:
    return Key(
        _("Index keys"),
        _("A child is found again by them without its name standing anywhere."),
        url_name="desk.new_index_keys",
        generation=newest.number if newest else 1,
    )


def _shares() -> Key:
    label, protects = _("Shares"), _("Any two of the three open the workspace and its backups when the words are lost.")
    found = shares()
    if found is None:
        return Key(label, protects, told=_("A demo needs none."))
    names = ", ".join(found.holders)
    told = format_lazy(_("Kept by: {names}"), names=names) if names else _("No shares were made for this workspace.")
    return Key(label, protects, "./run amanat recovery renew", told=told)


def running() -> list[Running]:
    """Every change that is on its way; two queries."""
    rows = list(Rotation.objects.filter(ended_at=None).order_by("pk"))
    all_at_once = [
        Running(row.kind, RotationKind(row.kind).label, row.done, row.total, _is_settling(row))
        for row in rows
        if row.subject_id is None
    ]
    single = sum(row.subject_id is not None for row in rows)
    files = [Running("files", _("single files"), 0, single)] if single else []
    return [*all_at_once, *files, *_sweeping(generations.live())]


def _is_settling(row: Rotation) -> bool:
    return row.kind == RotationKind.DATA and not row.again and 0 < row.total <= row.done


def _sweeping(live: list[Generation]) -> list[Running]:
    """About how far: ids of children are random, so that the last one tells it."""
    if not live or live[-1].whole:
        return []
    done = (live[-1].swept_to or uuid.UUID(int=0)).int * 100 // IDS
    return [Running("index", _("index, in percent"), done, 100)]


def of_file(subject: uuid.UUID) -> Rotation | None:
    """The last change of the key of one file."""
    return Rotation.objects.filter(kind=RotationKind.DATA, subject=subject).order_by("-pk").first()
