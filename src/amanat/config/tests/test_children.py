"""The supervisor's side of a child process."""

from __future__ import annotations

import os

import pytest

from amanat.config.tree import supervisor as supervising
from amanat.config.tree.children import Child
from amanat.config.tree.supervisor import Supervisor

pytestmark = pytest.mark.sqlcipher_only  # there is no database in it


@pytest.mark.parametrize("length", [32, 200_000])
def test_one_that_died_before_it_got_the_keys_does_not_end_the_supervisor(length: int) -> None:
    """It is noticed, and begun anew, where the supervisor looks after its children."""
    one = Child("web 1", "web")
    theirs, one._pipe = os.pipe()
    ours = one._pipe
    os.close(theirs)
    one.give({"master.1": bytes(length)})
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(ours)
    one.give({})  # once is all


@pytest.mark.parametrize(("keys", "replaced"), [({"master.1": b"k"}, ["web 1", "web 2", "tasks"]), (None, [])])
def test_who_serves_is_begun_anew_on_demand_and_a_locked_one_goes_on(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, bytes] | None, replaced: list[str]
) -> None:
    """For what stands in the header and is read at the start, such as the packs; those who answer requests come first."""
    begun: list[str] = []
    monkeypatch.setattr(supervising, "stop", lambda children: None)
    monkeypatch.setattr(Supervisor, "_begin_anew", lambda self, one: begun.append(one.name))
    one = object.__new__(Supervisor)
    one.keys, one.preparing = keys, None
    modules = {"web 1": "web", "tasks": "tasks", "web 2": "web"} if keys else {"locked": "locked"}
    one.children = [Child(name, module) for name, module in modules.items()]
    answer, afterwards = one.answer({"ask": "renew"})
    assert answer == {"renewed": bool(keys)}
    assert begun == []  # the answer leaves first
    assert afterwards
    afterwards()
    assert begun == replaced
