"""Digests of rows: one agency's own, and the same for as long as the workspace has its master key."""

from __future__ import annotations

import secrets

import pytest

from amanat.exchange import digests
from amanat.exchange.digests import Digests
from amanat.vault.keys import Keyring

pytestmark = pytest.mark.django_db

ROW = {"A": "Aylar"}


def test_they_outlive_the_keys_of_the_index(cast, monkeypatch):
    agency = cast["jemal"].agency
    before = Digests(agency).of("row", ROW)
    keys = digests.keyring().keys
    others = {name: secrets.token_bytes(32) for name in keys if name.startswith("index.")}
    monkeypatch.setattr(digests, "keyring", lambda: Keyring(keys | others))
    assert others
    assert Digests(agency).of("row", ROW) == before


def test_an_equal_row_of_another_agency_has_another_one(cast):
    assert Digests(cast["jemal"].agency).of("row", ROW) != Digests(cast["dowlet"].agency).of("row", ROW)
