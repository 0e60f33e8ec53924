"""The former tables that an update leaves: an office can go back to them for a while, an erased child can't."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from amanat.cases.models import Case
from amanat.config import trials
from amanat.vault.erasing import Tidier, erase
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


@pytest.fixture
def former(settings) -> Path:
    path = trials.former_of(Path(settings.WORKSPACE))
    path.touch()
    moment = (NOW - timedelta(hours=1)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_they_stay_for_a_while(former: Path, case: Case) -> None:
    erase([case.child.subject_id], NOW - timedelta(hours=2))
    trials.forget_in_time(NOW)
    assert former.exists()


def test_they_go_when_a_child_is_erased_whom_they_still_know(former: Path, case: Case) -> None:
    erase([case.child.subject_id], NOW)
    Tidier().turn()
    assert not former.exists()


def test_they_go_when_files_of_keys_would(former: Path) -> None:
    trials.forget_in_time(NOW + timedelta(days=35))
    assert not former.exists()
