"""A new master key: all data keys come under it, whoever is killed, erased or late meanwhile, and nothing stops opening."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from amanat.audit import recording
from amanat.audit.models import Entry, Outcome
from amanat.vault import generations, index, keys, rotating
from amanat.vault.keys import MASTER, Keyring, Locked, keyring
from amanat.vault.models import Erased, Generation, Leftover, RetiredKey, Rotation, Subject, SubjectKind
from amanat.vault.sealing import open_sealed

NOW = timezone.now()
FEATURE = ("name", "ayl caryy")
pytestmark = pytest.mark.django_db
Children = list[Subject]


@pytest.fixture
def children() -> Children:
    """Seven, about each of whom something is sealed; the first had another data key before."""
    made = Subject.objects.begin_many([SubjectKind.CHILD] * 7)
    recording.record_many(
        {"at": NOW, "verb": "see", "outcome": Outcome.READ, "subject": child, "details": {"about": str(child.pk)}}
        for child in made
    )
    RetiredKey.objects.create(subject=made[0], wrapped_key=bytes(made[0].wrapped_key), retired_at=NOW)
    return made


@pytest.fixture
def rotation(children: Children, monkeypatch: pytest.MonkeyPatch) -> Rotation:
    """Begun, in a process that holds both keys; in batches of two."""
    monkeypatch.setattr(keys, "_held", keyring().with_next(MASTER))
    monkeypatch.setattr(rotating, "AT_ONCE", 2)
    return Rotation.objects.create(kind=MASTER, generation=2, begun_at=NOW, total=rotating.keys_to_wrap())


def sweep(rotation: Rotation) -> None:
    while rotating.wrap_some(rotation) or rotating.wrap_late():
        pass
    rotating.finish(rotation, NOW)


def wrapped_by() -> set[int]:
    """Which master keys wrap anything now."""
    wrapped = [*Subject.objects.exclude(wrapped_key=b"").values_list("wrapped_key", flat=True)]
    wrapped += RetiredKey.objects.values_list("wrapped_key", flat=True)
    wrapped += Generation.objects.exclude(wrapped_keys=b"").values_list("wrapped_keys", flat=True)
    return {bytes(one)[0] for one in wrapped}


def data_key(wrapped: Any, child: Subject) -> bytes:
    return keyring().unwrap(bytes(wrapped), b"amanat.subject.1" + child.pk.bytes)


def what_is_told() -> set[str]:
    return {open_sealed(entry, "details")["about"] for entry in Entry.objects.select_related("subject")}


class Killed(Exception):
    """The process ended here."""


def kill_after(times: int, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let a function work so many times; the next time its work is done, and the process ends before it is committed."""
    work, left = getattr(module, name), [times]

    def killed(*args: Any, **named: Any) -> Any:
        done = work(*args, **named)
        if not left[0]:
            raise Killed
        left[0] -= 1
        return done

    monkeypatch.setattr(module, name, killed)


def test_every_data_key_comes_under_the_new_key_and_opens_what_it_did(children: Children, rotation: Rotation) -> None:
    before = {child.pk: data_key(child.wrapped_key, child) for child in children}
    sweep(rotation)
    assert wrapped_by() == {2}
    again = Subject.objects.in_bulk(before)
    assert {pk: data_key(child.wrapped_key, child) for pk, child in again.items()} == before
    assert data_key(RetiredKey.objects.get().wrapped_key, children[0]) == before[children[0].pk]
    assert what_is_told() == {str(child.pk) for child in children}
    rotation.refresh_from_db()
    assert (rotation.done, rotation.total, rotation.ended_at) == (7, 7, NOW)


def test_the_keys_of_the_index_come_under_it_too(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    index.post([(children[0], [FEATURE], None)])
    anew = generations.begin(new_keys=True)
    assert anew
    before = generations.keys_of(anew)
    monkeypatch.setattr(keys, "_held", keyring().with_next(MASTER))
    sweep(Rotation.objects.create(kind=MASTER, generation=2, begun_at=NOW))
    assert wrapped_by() == {2}
    anew.refresh_from_db()
    assert generations.keys_of(anew) == before


def test_keys_of_the_index_from_before_there_were_generations_are_brought_up_to_date(children: Children) -> None:
    index.post([(children[0], [FEATURE], None)])
    anew = generations.begin(new_keys=True)
    assert anew
    before = generations.keys_of(anew)
    Generation.objects.filter(pk=anew.pk).update(wrapped_keys=bytes(anew.wrapped_keys)[1:])
    import_module("amanat.vault.migrations.0005_rotation").say_which_master(apps, None)
    anew.refresh_from_db()
    assert generations.keys_of(anew) == before


@pytest.mark.parametrize("batches", [0, 1, 3, 5])
def test_killed_in_the_middle_of_a_batch_it_goes_on_where_it_stood(
    children: Children, rotation: Rotation, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    with monkeypatch.context() as patch:
        kill_after(batches, patch, rotating, "_wrap")
        with pytest.raises(Killed):
            sweep(rotation)
    rotation.refresh_from_db()
    assert rotation.done == 2 * (batches // 2), "a batch is whole or it was not: subjects and retired keys, two steps"
    assert what_is_told() == {str(child.pk) for child in children}
    sweep(rotation)
    rotation.refresh_from_db()
    assert (wrapped_by(), rotation.done) == ({2}, 7)
    assert what_is_told() == {str(child.pk) for child in children}


def test_killed_at_its_end_it_ends_the_next_time(rotation: Rotation, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        kill_after(0, patch, Leftover.objects, "create")
        with pytest.raises(Killed):
            sweep(rotation)
    rotation.refresh_from_db()
    assert rotation.ended_at is None
    sweep(rotation)
    rotation.refresh_from_db()
    assert rotation.ended_at == NOW


def test_who_is_erased_in_the_middle_of_a_batch_stays_erased(
    children: Children, rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the sweep has read the key, and before it writes it."""
    gone = Subject.objects.order_by("pk")[0]

    def wrap(held: Keyring, key: bytes, bound: bytes, real: Callable[..., bytes] = Keyring.wrap) -> bytes:
        Subject.objects.filter(pk=gone.pk).update(wrapped_key=b"", erased_at=NOW)
        return real(held, key, bound)

    monkeypatch.setattr(Keyring, "wrap", wrap)
    sweep(rotation)
    gone.refresh_from_db()
    assert bytes(gone.wrapped_key) == b""
    with pytest.raises(Erased):
        _ = Subject.objects.get(pk=gone.pk).cipher
    assert wrapped_by() == {2}


def test_who_comes_meanwhile_has_the_new_key_at_once(children: Children, rotation: Rotation) -> None:
    rotating.wrap_some(rotation)
    newcomer = Subject.objects.begin(SubjectKind.CHILD)
    assert bytes(newcomer.wrapped_key)[0] == 2
    Subject.objects.begin_many([SubjectKind.CHILD] * 5)
    sweep(rotation)
    rotation.refresh_from_db()
    assert rotation.done <= rotation.total


def test_what_a_process_from_before_still_makes_behind_the_sweep_is_found(
    rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    while rotating.wrap_some(rotation):
        pass
    former = Keyring({name: key for name, key in keyring().keys.items() if name != "master.2"})
    with monkeypatch.context() as patch:
        patch.setattr(keys, "_held", former)
        late = Subject.objects.begin(SubjectKind.CHILD)
        retired = RetiredKey.objects.create(subject=late, wrapped_key=bytes(late.wrapped_key), retired_at=NOW)
    assert bytes(retired.wrapped_key)[0] == 1
    assert rotating.wrap_late() == 2
    assert rotating.wrap_late() == 0
    assert wrapped_by() == {2}


def test_a_process_from_before_does_not_sweep_under_the_key_that_was_given_up(
    rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = Keyring({name: key for name, key in keyring().keys.items() if name != "master.2"})
    monkeypatch.setattr(keys, "_held", former)
    with pytest.raises(Locked):
        rotating.wrap_some(rotation)
    rotation.refresh_from_db()
    assert rotation.done == 0


def test_a_damaged_data_key_keeps_the_others_from_nothing(
    children: Children, rotation: Rotation, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = bytes(children[3].wrapped_key)[:-1] + b"?"
    Subject.objects.filter(pk=children[3].pk).update(wrapped_key=damaged)
    Subject.objects.filter(pk=children[4].pk).update(wrapped_key=b"\x00" + damaged[1:])
    sweep(rotation)
    assert wrapped_by() == {0, 1, 2}
    assert Subject.objects.filter(wrapped_key=damaged).count() == 1
    assert str(children[3].pk) in caplog.text


def test_of_two_who_sweep_one_ends_it(rotation: Rotation) -> None:
    sweep(rotation)
    assert not rotating.finish(rotation, NOW)
    assert rotating.of_master() is None


def test_the_pages_that_it_freed_are_cleaned(rotation: Rotation) -> None:
    """They still show data keys under the key that was given up."""
    sweep(rotation)
    assert Leftover.objects.filter(file=None, since=NOW).count() == 1
