"""Seals of several generations of the audit key: all are checked, and who has only a key that was given up can't add or replace one."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from amanat.audit import chain
from amanat.audit.models import Entry, Pending, Seal
from amanat.audit.sealer import seal_pending
from amanat.audit.tests import LATER, NOON
from amanat.audit.verify import Fault, Kind, verify
from amanat.vault import keys
from amanat.vault.keys import AUDIT, Keyring, Locked, keyring

Look = Callable[..., Entry]
Unguarded = Callable[[], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def former() -> Keyring:
    """The keys of before the rotation."""
    return keyring()


@pytest.fixture
def log(former: Keyring, look: Look, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Two seals under the first audit key, then two under the second; an entry each."""
    entries = []
    for number in range(4):
        if number == 2:
            monkeypatch.setattr(keys, "_held", former.with_next(AUDIT))
        entries.append(look())
        seal_pending(NOON)
    return entries


def faults() -> list[Fault]:
    return verify(now=LATER).faults


def forge(number: int) -> None:
    """Make a seal anew by the first key, with all that an attacker who has that one and the database can know."""
    seal = Seal.objects.get(number=number)
    before = bytes(Seal.objects.get(number=number - 1).digest)
    digest = chain.digest(before, number, seal.sealed_at, chain.pairs(seal.entries, bytes(seal.fingerprints)))
    Seal.objects.filter(number=number).update(digest=digest, mac=chain.mac(digest, 1), key=1)


def test_a_log_over_two_keys_holds(log: list[Entry]) -> None:
    assert list(Seal.objects.values_list("key", flat=True)) == [1, 1, 2, 2]
    report = verify(now=LATER)
    assert (report.holds, report.entries, report.seals) == (True, 4, 4)


def test_a_seal_of_before_there_were_generations_is_what_it_was(log: list[Entry], former: Keyring) -> None:
    first = Seal.objects.get(number=1)
    digest = bytes(first.digest)
    assert bytes(first.mac) == hmac.digest(former["audit.1"], b"amanat.seal.1" + digest, "sha256")


@pytest.mark.parametrize(("number", "key"), [(1, 2), (3, 1), (4, 3), (4, 0), (4, 32_767)])
def test_a_seal_that_names_another_key_is_found(log: list[Entry], unguarded: Unguarded, number: int, key: int) -> None:
    with unguarded():
        Seal.objects.filter(number=number).update(key=key)
    assert Fault(Kind.MAC, seal=number) in faults()


def test_who_has_the_key_that_was_given_up_can_put_no_seal_after_one_of_the_new_key(
    log: list[Entry], unguarded: Unguarded
) -> None:
    with unguarded():
        forge(4)
    assert faults() == [Fault(Kind.OLDER_KEY, seal=4), Fault(Kind.RETIRED_KEY)]


def test_nor_change_what_was_sealed_before(log: list[Entry], unguarded: Unguarded) -> None:
    """All that follows in the chain would have to be made anew, too."""
    with unguarded():
        Entry.objects.filter(id=log[1].id).update(page="elsewhere")
        [row] = chain.rows(Entry.objects.filter(id=log[1].id))
        Seal.objects.filter(number=2).update(fingerprints=chain.fingerprint(row))
        forge(2)
    assert faults() == [Fault(Kind.CHAIN, seal=3)]


def test_nor_make_the_whole_chain_anew(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        forge(3)
        forge(4)
    assert faults() == [Fault(Kind.RETIRED_KEY)]
    assert "newest seals were removed or replaced" in str(faults()[0])


def test_nor_empty_the_log(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Seal.objects.all().delete()
        Entry.objects.all().delete()
    assert faults() == [Fault(Kind.RETIRED_KEY)]


def test_a_process_from_before_the_rotation_leaves_the_sealing_to_others(
    log: list[Entry], look: Look, former: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "_held", former)
        with pytest.raises(Locked):
            seal_pending(NOON)
    assert Pending.objects.count() == 1
    seal_pending(NOON)
    assert verify(now=LATER).holds
