"""The supervisor's side of a child process."""

from __future__ import annotations

import os

import pytest

from amanat.config.tree.children import Child

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
