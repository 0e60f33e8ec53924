"""Keys of rows: random, and near each other where many rows are made at once."""

from itertools import pairwise

from amanat.vault.ids import SHARED, new_id, side_by_side


def starts(count: int = 50) -> set[bytes]:
    return {new_id().bytes[:SHARED] for _number in range(count)}


@side_by_side()
def batch() -> tuple[bytes, set[bytes]]:
    return new_id().bytes[:SHARED], starts()


def test_a_key_is_a_random_uuid() -> None:
    keys = {new_id() for _number in range(1_000)}
    assert len(keys) == 1_000
    assert {key.version for key in keys} == {4}
    assert len(starts()) == 50


def test_keys_of_a_batch_lie_side_by_side_and_differ() -> None:
    with side_by_side():
        keys = sorted(new_id() for _number in range(1_000))
    assert {key.version for key in keys} == {4}
    assert {key.bytes[:SHARED] for key in keys} == {keys[0].bytes[:SHARED]}
    assert all(one != other for one, other in pairwise(keys))


def test_each_batch_has_a_place_of_its_own_and_one_inside_another_shares_it() -> None:
    first, others = batch()
    assert others == {first}
    assert batch()[0] != first
    with side_by_side():
        place = starts()
        assert batch()[1] == place
    assert starts(1) != place


def test_a_batch_that_fails_leaves_nothing_behind() -> None:
    try:
        with side_by_side():
            raise ValueError
    except ValueError:
        assert len(starts()) == 50
