"""Keys are given up for new ones while the workspace is served: who serves takes them, and killed half-way it goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from amanat.vault import control
from amanat.vault.keys import KeyFile, Workspace
from tests.served import environment
from tests.tree import Tree, tree, with_a_sender

MANY = """
from django.db import transaction
from amanat.vault.models import Subject
with transaction.atomic():
    Subject.objects.begin_many(["child"] * 8000)
"""
LOOK = """
from amanat.people.models import Agency
from amanat.vault.models import Rotation, Subject
for generation in {bytes(key)[0] for key in Subject.objects.values_list("wrapped_key", flat=True)}:
    print(f"wrapped-by-{generation}")
for rotation in Rotation.objects.exclude(ended_at=None):
    print(f"ended-{rotation.kind}")
print(*Agency.objects.values_list("name", flat=True))
"""
KEYED = """
from amanat.vault.models import RetiredKey, Subject
if Subject.objects.count() == RetiredKey.objects.count():
    print("all-have-new-keys")
"""
pytestmark = pytest.mark.sqlcipher_only  # what is written is held on both by config/tests/test_rotating


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A real workspace that a key file opens, which lies elsewhere."""
    folder = tmp_path_factory.mktemp("rotated")
    key = KeyFile.create(folder / "disk" / "key")
    Workspace.create(folder / "real", kind="real", provider=key)
    held = environment(folder / "real", folder / "temporary") | with_a_sender()
    with tree(held, folder / "log", "--key-file", str(key.path)) as running:
        yield running


def rotate(running: Tree, kind: str) -> None:
    key = running.folder.parent / "disk" / "key"
    done = replace(running, environment=running.environment | {"AMANAT_KEYFILE": str(key)}).amanat(
        "keys", "rotate", kind
    )
    assert done.returncode == 0, done.stderr


def test_all_who_serve_take_the_new_key_and_a_sweep_that_is_killed_goes_on(served: Tree) -> None:
    served.tell(MANY)
    before = served.pids()
    rotate(served, "master")
    after = served.pids()
    assert after.keys() == before.keys() == {"web 1", "tasks"}
    assert not set(after.values()) & set(before.values())
    os.kill(after["tasks"], signal.SIGKILL)
    told = served.comes_to_tell(LOOK, "ended-master")
    assert "wrapped-by-2" in told
    assert "wrapped-by-1" not in told
    assert served.ask("/account/sign-in").status == 200


def test_new_data_keys_are_made_by_the_process_beside_the_requests(served: Tree) -> None:
    done = served.amanat("keys", "rotate", "data")
    assert "while people work" in done.stdout, done.stderr
    served.comes_to_tell(KEYED, "all-have-new-keys")


def test_what_comes_in_is_sealed_to_the_new_key_and_opens(served: Tree) -> None:
    assert served.send(b"letter-before") == 202
    rotate(served, "intake")
    assert served.send(b"letter-after") == 202
    served.comes_to_tell(LOOK, "letter-before", "letter-after")
    assert served.status()["aside"] == 0


def test_the_new_keys_are_there_after_locking_and_the_log_holds(served: Tree) -> None:
    rotate(served, "audit")
    served.amanat("lock")
    served.comes_to("locked")
    shown = served.amanat("status").stdout
    assert "Its key file opens it: ./run amanat unlock" in shown
    assert "AMANAT_KEYFILE=/media/key/amanat.key ./run amanat unlock" in shown
    refused = served.amanat("keys", "show")
    assert refused.returncode == 1
    assert "This workspace is locked" in refused.stderr
    assert served.amanat("unlock").returncode == 0, "who serves still knows where the key file lies"
    shown = served.amanat("keys", "show").stdout
    assert shown.count("generation 2, since") == 3
    assert "Being made anew: master" not in shown
    served.until(lambda: "The log holds." in served.amanat("audit", "verify").stdout)


def test_who_guesses_here_has_to_wait_as_well(served: Tree, tmp_path: Path) -> None:
    question = {"ask": "reread", "keyfile": str(KeyFile.create(tmp_path / "another").path)}
    answers = [control.ask(served.folder, question) or {} for _try in range(6)]
    assert [answer["reread"] for answer in answers] == [False] * 6
    assert "does not open the workspace" in answers[0]["wrong"]
    assert answers[-1]["wrong"] == control.WAIT
    assert served.status()["state"] == "open"
