"""The yearly test of the shares stands on the day of the data protection officer, and on the desk who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.shares import shares, shares_tile
from amanat.office.tests.ways import counting, read
from amanat.vault import recovery
from amanat.vault.header import Header, Kind
from amanat.vault.keys import KeyFile, Workspace
from amanat.web.day import Tile
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

Act = Callable[..., Actor]
Make = Callable[..., Workspace]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A workspace whose shares were tested so many days before the cast's now; without a number it has none."""

    def made(cast: Cast, days_ago: int | None = None, kind: Kind = "real") -> Workspace:
        key = KeyFile.create(tmp_path / kind)
        workspace = Workspace.create(tmp_path / f"of-{kind}", kind=kind, provider=key)
        if days_ago is not None:
            new = recovery.create(["Aylar Test", "Berdi Test", "Chary Test"])
            tested_at = (cast.now - timedelta(days=days_ago)).isoformat()
            workspace.trust(new, workspace.unwrap(key), tested_at)
        monkeypatch.setattr(settings, "WORKSPACE", workspace.path)
        return workspace

    return made


def tile(actor: Actor) -> tuple[str, str, str] | None:
    found = shares_tile(actor)
    return (found.figure, str(found.label), found.kind) if isinstance(found, Tile) else None


@pytest.mark.parametrize(
    ("days_ago", "shown"),
    [
        (1, None),
        (334, None),
        (335, ("30", "days until the shares have to be tested", "warning")),
        (364, ("1", "day until the shares have to be tested", "warning")),
        (365, ("0", "days until the shares have to be tested", "warning")),
        (366, ("1", "day since the shares should have been tested", "danger")),
        (400, ("35", "days since the shares should have been tested", "danger")),
    ],
)
def test_the_test_comes_near_is_due_and_is_late(
    cast: Cast, actor: Act, make: Make, days_ago: int, shown: tuple[str, str, str] | None
) -> None:
    make(cast, days_ago)
    assert tile(actor("kerim")) == shown


def test_only_data_protection_officers_are_told(cast: Cast, actor: Act, make: Make) -> None:
    make(cast, 400)
    assert {name for name in cast if tile(actor(name))} == {"kerim", "maral"}


def test_that_no_shares_were_made_stands_there_too(cast: Cast, actor: Act, make: Make) -> None:
    make(cast)
    assert tile(actor("kerim")) == ("0", "shares for recovery: none were made", "danger")


def test_a_demo_needs_none(cast: Cast, actor: Act, make: Make) -> None:
    make(cast, kind="demo")
    assert shares() is None
    assert tile(actor("kerim")) is None


def test_a_test_made_meanwhile_is_seen_without_a_restart(cast: Cast, actor: Act, make: Make) -> None:
    workspace = make(cast, 400)

    def tested(header: Header) -> None:
        assert header.recovery
        header.recovery["tested_at"] = cast.now.isoformat()

    workspace.change(tested)
    assert tile(actor("kerim")) is None


def test_my_day_leads_to_the_desk_which_says_who_keeps_them(
    cast: Cast, make: Make, browse: Callable[..., Client]
) -> None:
    make(cast, 400)
    kerim = browse("kerim")
    assert 'href="/desk#shares"' in read(kerim, "/")
    page = read(kerim, "/desk")
    assert "Aylar Test, Berdi Test, Chary Test" in page
    assert "./run amanat recovery test" in page
    assert 'id="shares"' in page


def test_the_day_costs_no_more_queries_for_it(cast: Cast, make: Make, browse: Callable[..., Client]) -> None:
    kerim = browse("kerim")
    read(kerim, "/")
    with counting() as before:
        read(kerim, "/")
    make(cast, 400)
    with counting() as with_it:
        read(kerim, "/")
    assert len(with_it) == len(before) <= 12
