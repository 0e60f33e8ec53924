"""One filled form ten times at once, over ten connections: one record."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from amanat.api import actions
from amanat.api.tests.calling import Phone, filled
from amanat.cases.models import Case
from amanat.cases.tests.arriving import publish
from amanat.cases.tests.test_at_once import at_once
from amanat.forms.models import Record
from amanat.vault import intake
from amanat.vault.arrivals import Opener
from tests.cast import NOW, Cast


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_one_record(office: Path, cast: Cast, case: Case) -> None:
    """They are sent at once, and then, as no process of ours does, opened at once; their files differ, so that only the record is one."""
    phone, version = Phone(actions.add_device(label="Work phone", actor=cast.actor("jemal"))), publish()
    form = filled(version, case.pk.hex)
    sent = at_once([partial(phone.send, form, {"note.txt": b"%d" % number}) for number in range(10)])
    assert {getattr(answer, "status_code", answer) for answer in sent} == {201}
    place = intake.folder(office)
    opener = Opener(clock=lambda: NOW, place=place)
    assert at_once([partial(opener.take, file) for file in intake.waiting(place)]) == [None] * 10
    assert Record.objects.count() == 1
    assert not intake.waiting(place)
    assert not intake.waiting(place / intake.ASIDE)
