"""A filled form that was acknowledged becomes one record, wherever whoever files it is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from amanat.api import actions
from amanat.api.tests.calling import Phone, arrive, filled
from amanat.cases.models import Case
from amanat.cases.tests.arriving import publish
from amanat.forms.models import Record
from amanat.vault import intake
from amanat.vault.arrivals import Opener, arrived
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # what PostgreSQL has committed is PostgreSQL's


def before_it_is_begun() -> None:
    Opener.take = die  # type: ignore[method-assign]


def before_it_is_committed() -> None:
    arrived.connect(die, weak=False)


def before_its_packet_goes() -> None:
    Path.unlink = die  # type: ignore[method-assign]


def die(*_told: object, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_one_record_wherever_its_filing_is_killed(
    office: Path, cast: Cast, case: Case
) -> None:
    phone, version = Phone(actions.add_device(label="Work phone", actor=cast.actor("jemal"))), publish()
    for number, place in enumerate((before_it_is_begun, before_it_is_committed, before_its_packet_goes)):
        assert phone.send(filled(version, case.pk.hex, number=number)).status_code == 201
        assert end_of_a_child_that_dies(place, office) == -signal.SIGKILL
        assert len(intake.waiting(intake.folder(office))) == 1
        arrive(office)
        assert Record.objects.count() == number + 1
        assert not intake.waiting(intake.folder(office))
    assert not intake.waiting(intake.folder(office) / intake.ASIDE)


def end_of_a_child_that_dies(place: Any, office: Path) -> int:
    """A process of its own files what waits, until it is killed at a place; its exit status."""
    connection.close()  # no connection may be open in both
    if (pid := os.fork()) == 0:
        try:
            place()
            arrive(office)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
