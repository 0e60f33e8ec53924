"""Older data with later keys: what was gone when the keys were saved comes back without one, and is erased before anybody meets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client

from amanat.access import drafts
from amanat.access.actor import Actor
from amanat.access.models import Draft
from amanat.audit.verify import verify
from amanat.cases.models import Case, Child
from amanat.exchange.actions import importing
from amanat.exchange.models import Import, State
from amanat.exchange.tests.bringing import AYLAR, brought
from amanat.exchange.work import Work
from amanat.office.backups import fetching, restoring
from amanat.office.backups.pairs import Identities
from amanat.office.backups.restoring import Told, Ways
from amanat.office.tests.backing import made
from amanat.office.tests.ways import read
from amanat.vault import erasures
from amanat.vault.models import Subject
from tests.cast import Cast

REGISTER = "/cases/register"


@pytest.fixture
def without_keys(
    cast: Cast, register: Callable[..., Case], disk: Path, shares: list[str], actor: Callable[..., Actor]
) -> list[Subject]:
    """A child, a draft of what has no file yet, and an import that is being read: as they are once `load` has put them in."""
    gone = register()
    note = f"/cases/{gone.pk.hex}/note"
    drafts.save(cast["jemal"].user, REGISTER, QueryDict("child0-given_name=Selbi"), cast.now)
    drafts.save(cast["jemal"].user, note, QueryDict("text=The+uncle"), cast.now, gone.subject)
    held = brought(actor("jemal"), [AYLAR])
    importing.look_through(held, actor=actor("jemal"))
    made(cast.now)
    found = [gone.subject, Draft.objects.get(page=REGISTER).subject, held.subject]
    Subject.objects.filter(pk__in=[subject.pk for subject in found]).update(wrapped_key=b"")
    restoring.tell(
        fetching.in_folder(disk),
        Ways(Identities("", ""), None),
        Told(cast.now + timedelta(hours=1), {"without_key": 3}, host_changed=False, newest=cast.now),
    )
    return found


def test_they_are_erased_and_their_rows_gone(
    cast: Cast, without_keys: list[Subject], register: Callable[..., Case]
) -> None:
    stays = register(identity={"names": [{"given": "Maksat", "family": "Test"}]})
    assert list(Case.objects.all()) == [stays]
    assert not Draft.objects.exists()
    assert not Import.objects.exists()
    assert all(subject.erased_at for subject in Subject.objects.filter(pk__in=[one.pk for one in without_keys]))
    assert erasures.number() == 3
    assert list(verify(now=cast.now).faults) == []


def test_pages_and_the_thread_that_reads_imports_meet_nobody_who_can_not_be_opened(
    cast: Cast, without_keys: list[Subject], register: Callable[..., Case], browse: Callable[..., Client]
) -> None:
    register(identity={"names": [{"given": "Maksat", "family": "Test"}]})
    jemal = browse("jemal")
    for page in ("/cases", REGISTER, "/"):
        read(jemal, page)
    assert not Work().round()
    assert not Import.objects.filter(state=State.LOOKING).exists()
    assert Child.objects.count() == 1
