"""Verifying the log from the desk: against a head on paper, and honestly not where it would take long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.audit.models import Seal
from amanat.audit.queries import head
from amanat.audit.sealer import seal_pending
from amanat.cases.models import Case
from amanat.office.tests.ways import entries_of, read, send
from amanat.office.views import desk
from tests.cast import Cast

Browse = Callable[..., Client]


def test_a_log_that_holds_is_told_with_its_head(cast: Cast, case: Case, browse: Browse) -> None:
    seal_pending(cast.now)
    page = send(browse("kerim"), "/desk/verify", against=str(head()))
    assert "The log holds" in page
    assert str(head()) in page
    assert entries_of("look.desk")[0][1]["against"] == head()


def test_a_head_that_is_not_in_the_chain_is_told(cast: Cast, case: Case, browse: Browse) -> None:
    seal_pending(cast.now)
    page = send(browse("kerim"), "/desk/verify", against=f"7:{'ab' * 32}")
    assert "The log does not hold" in page
    assert "is not in the chain" in page


def test_what_is_no_head_gets_a_sentence(cast: Cast, browse: Browse) -> None:
    page = send(browse("kerim"), "/desk/verify", against="seven")
    assert "This is no head." in page
    assert "The log holds" not in page


def test_a_long_log_is_verified_by_the_command(
    cast: Cast, case: Case, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "VERIFIED_HERE", 0)
    kerim = browse("kerim")
    page = read(kerim, "/desk/verify")
    assert "./run amanat audit verify --against HEAD" in page
    assert "Verify now" not in page
    assert "The log holds" not in send(kerim, "/desk/verify", against="")


def test_opening_the_page_verifies_nothing_yet(cast: Cast, browse: Browse) -> None:
    assert "The log holds" not in read(browse("kerim"), "/desk/verify")
    assert not Seal.objects.exists()
