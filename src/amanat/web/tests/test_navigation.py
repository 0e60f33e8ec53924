"""The primary navigation: what is drawn for whom, and in which order."""

import pytest

from amanat.web import navigation
from amanat.web.navigation import NavEntry


def entry(name: str, **other: object) -> NavEntry:
    given = {"label": name.title(), "url_name": f"x.{name}", "icon": "home", "order": 10} | other
    return NavEntry(name=name, **given)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})


def test_entries_stand_in_their_order_whatever_room_was_loaded_first() -> None:
    for name, order in [("people", 30), ("day", 10), ("cases", 20), ("audit", 30)]:
        navigation.add(entry(name, order=order))
    assert [one.name for one in navigation.entries_for("somebody")] == ["day", "cases", "audit", "people"]


def test_an_entry_is_drawn_only_for_whom_its_room_says() -> None:
    navigation.add(entry("log", shown_to=lambda actor: actor == "dpo"))
    assert [one.name for one in navigation.entries_for("dpo")] == ["log"]
    assert navigation.entries_for("worker") == []


def test_nobody_who_is_not_signed_in_sees_an_entry() -> None:
    navigation.add(entry("open", shown_to=lambda actor: True))
    assert navigation.entries_for(None) == []


def test_two_rooms_cannot_use_one_name() -> None:
    navigation.add(entry("day"))
    with pytest.raises(ValueError, match="'day'"):
        navigation.add(entry("day", order=11))


def test_a_room_that_is_loaded_twice_adds_its_entry_once() -> None:
    once = entry("day")
    navigation.add(once)
    navigation.add(once)
    assert navigation.entries_for("somebody") == [once]
