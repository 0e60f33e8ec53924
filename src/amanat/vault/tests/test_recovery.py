"""Any two of the three shares open the workspace's keys, one opens nothing; typing is forgiven, another word is not."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from itertools import combinations, permutations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.vault import recovery
from amanat.vault.recovery import New, WrongShares, create, open_with, read_share
from amanat.vault.wordlists import fold, words

HOLDERS = ["Aylar", "Berdi", "Chary"]
LANGUAGES = ["tk", "ru", "en", "ro"]
MADE = {language: create(HOLDERS, language) for language in LANGUAGES}
EN = MADE["en"]


def told(new: New) -> list[str]:
    return [share.words for share in new.shares]


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_two_open_it_in_any_order_and_language(language: str) -> None:
    new = MADE[language]
    for first, second in permutations(told(new), 2):
        identity = pyrage.x25519.Identity.from_str(open_with(new.boxes, first, second))
        assert str(identity.to_public()) == new.public


def test_what_stands_in_the_header_survives_json() -> None:
    boxes = json.loads(json.dumps(EN.boxes))
    assert open_with(boxes, *told(EN)[:2]).startswith("AGE-SECRET-KEY-1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_is_thirteen_words_of_the_list(language: str) -> None:
    for share in MADE[language].shares:
        assert len(share.words.split()) == 13
        assert set(share.words.split()) <= set(words(language))


def test_each_has_its_holder_and_number() -> None:
    assert [(share.holder, share.number) for share in EN.shares] == [("Aylar", 1), ("Berdi", 2), ("Chary", 3)]
    assert [read_share("en", share.words)[0] for share in EN.shares] == [1, 2, 3]


def test_one_share_opens_nothing() -> None:
    """Neither typed twice, nor with any that somebody draws themselves."""
    for mine in told(EN):
        with pytest.raises(WrongShares, match="Both are share"):
            open_with(EN.boxes, mine, mine)
        for drawn in told(create(HOLDERS)):
            with pytest.raises(WrongShares):
                open_with(EN.boxes, mine, drawn)


def test_the_key_of_a_pair_depends_on_both() -> None:
    """No two pairs that share a holder are sealed by the same key, and no box has the identity in clear."""
    identity = open_with(EN.boxes, *told(EN)[:2])
    codes = [recovery._code(share) for share in told(EN)]
    for pair in combinations(range(3), 2):
        box = bytes.fromhex(EN.boxes["pairs"][f"{pair[0] + 1}-{pair[1] + 1}"])
        bound = recovery._bound(EN.public, pair[0] + 1, pair[1] + 1)
        opens = []
        for one, other in permutations([*codes, bytes(32)], 2):
            try:
                opens.append(recovery._pair_key(one, other).decrypt(box[:12], box[12:], bound))
            except recovery.InvalidTag:
                continue
        assert opens == [identity.encode()]
    assert identity not in json.dumps(EN.boxes)


def test_shares_of_another_time_do_not_open_it() -> None:
    former = create(HOLDERS)
    with pytest.raises(WrongShares, match="do not open this workspace"):
        open_with(EN.boxes, *told(former)[:2])


def test_a_box_put_in_the_place_of_another_does_not_open() -> None:
    pairs = EN.boxes["pairs"]
    swapped = EN.boxes | {"pairs": pairs | {"1-2": pairs["1-3"]}}
    with pytest.raises(WrongShares):
        open_with(swapped, *told(EN)[:2])


def as_on_another_keyboard(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        lambda share: share.upper(),
        lambda share: f"  {share.replace(' ', '   ')} ",
        lambda share: share.replace(" ", ", "),
        lambda share: unicodedata.normalize("NFD", share),
        as_on_another_keyboard,
    ],
    ids=["capitals", "spaces", "commas", "marks apart", "no marks"],
)
def test_typing_is_forgiven(language: str, typed: object) -> None:
    new = MADE[language]
    assert callable(typed)
    assert open_with(new.boxes, *(typed(share) for share in told(new)[1:])) == open_with(new.boxes, *told(new)[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_letters_are_enough_where_no_other_word_begins_so(language: str) -> None:
    folded = [fold(word) for word in words(language)]
    beginnings = Counter(word[:4] for word in folded)
    enough = 0
    for place, word in enumerate(folded):
        if len(word) < 5 or word[:4] in folded:
            continue
        if beginnings[word[:4]] == 1:
            assert recovery._place(language, word[:4], 1) == place
            enough += 1
        else:
            with pytest.raises(WrongShares):
                recovery._place(language, word[:4], 1)
    assert enough > 100


@given(st.integers(0, 12), st.integers(0, 1295))
def test_another_word_in_any_place_is_noticed(at: int, place: int) -> None:
    """But for one in 432: so many checks there are."""
    share = told(EN)[0].split()
    if share[at] == words("en")[place]:
        return
    share[at] = words("en")[place]
    try:
        read = read_share("en", " ".join(share))
    except WrongShares:
        return
    with pytest.raises(WrongShares):
        open_with(EN.boxes, " ".join(share), told(EN)[read[0] % 3])


def test_nearly_every_other_word_is_noticed_at_once() -> None:
    share, passed = told(EN)[0].split(), 0
    for place in range(1296):
        try:
            read_share("en", " ".join([words("en")[place], *share[1:]]))
        except WrongShares:
            continue
        passed += 1
    assert passed < 20  # three of 1,296 is what chance gives, and the right one


def test_two_words_that_changed_places_are_noticed() -> None:
    first, second, *rest = told(EN)[0].split()
    if first != second:
        with pytest.raises(WrongShares, match="changed places"):
            read_share("en", " ".join([second, first, *rest]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "13 words; these are 0"),
        ("one two", "13 words; these are 2"),
        (" ".join(["qqqqqqq"] * 13), "Word 1, “qqqqqqq”, is not one of the words"),
    ],
)
def test_what_is_no_share_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(WrongShares, match=sentence) as caught:
        open_with(EN.boxes, typed, told(EN)[1])
    assert caught.value.hint


def test_a_share_never_prints_its_words() -> None:
    assert EN.shares[0].words not in repr(EN)


def test_no_two_workspaces_have_a_share_in_common() -> None:
    assert not set(told(EN)) & set(told(create(HOLDERS)))


# --- what the identity opens ------------------------------------------------------------------------------------------

KEYS = {"master.1": b"m" * 32, "web": b"w" * 32}


def test_the_keys_open_again_and_stand_nowhere_in_clear() -> None:
    sealed = recovery.seal_keys(EN.public, KEYS)
    assert recovery.open_keys(open_with(EN.boxes, *told(EN)[:2]), sealed) == KEYS
    assert KEYS["web"].hex() not in sealed


def test_keys_sealed_for_others_or_damaged_do_not_open() -> None:
    identity, sealed = open_with(EN.boxes, *told(EN)[:2]), recovery.seal_keys(EN.public, KEYS)
    middle = len(sealed) // 2
    damaged = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    for wrong in (recovery.seal_keys(create(HOLDERS).public, KEYS), damaged, "", "###"):
        with pytest.raises(WrongShares, match="damaged"):
            recovery.open_keys(identity, wrong)
