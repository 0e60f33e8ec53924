"""Recovery: an age identity that nobody keeps, sealed so that any two of three people open it together. Pure of any database.

Sealed second keys, and no SLIP-39: its one library calls itself unhardened, is rarely released, and knows English only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext_lazy as _

from amanat.vault.wordlists import LENGTH, fold, places, words
from amanat.web.errors import PersonFacingError

HOLDERS = 3
SECRET_WORDS = 12  # 124 bits; the word after them checks them and tells the number of the share
PREFIX = 4  # letters that are enough of a word, where no other begins with them
NONCE = 12
FORMAT = 1


class WrongShares(PersonFacingError):
    """What was typed is no share, or the two do not belong together."""


@dataclass(frozen=True)
class Share:
    """What one person keeps: `words`, to be written on paper."""

    holder: str
    number: int
    words: str

    def __repr__(self) -> str:
        return f"Share({self.number})"


@dataclass(frozen=True)
class New:
    """A recovery key just made: its public half, three shares, and the boxes that two of them open."""

    public: str
    shares: list[Share]
    boxes: dict[str, Any]


def create(holders: Sequence[str], language: str = "en") -> New:
    """A recovery key for three named people, with shares in the words of a language."""
    assert len(holders) == HOLDERS
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    drawn = [_draw(number, language) for number in range(1, HOLDERS + 1)]
    shares = [Share(holder, *share) for holder, share in zip(holders, drawn, strict=True)]
    codes = {share.number: _code(share.words) for share in shares}
    pairs = {}
    for one, other in combinations(sorted(codes), 2):
        nonce = secrets.token_bytes(NONCE)
        box = _pair_key(codes[one], codes[other]).encrypt(nonce, str(identity).encode(), _bound(public, one, other))
        pairs[f"{one}-{other}"] = (nonce + box).hex()
    return New(public, shares, {"format": FORMAT, "language": language, "public": public, "pairs": pairs})


def check_boxes(told: Any) -> None:
    """Whether boxes out of a file that anybody can change are such as `create` makes.

    Raises:
        KeyError, TypeError, ValueError: they are not.
    """
    try:
        words(told["language"])
    except OSError as error:
        raise ValueError("no language of ours") from error
    for one, other in combinations(range(1, HOLDERS + 1), 2):
        bytes.fromhex(told["pairs"][f"{one}-{other}"])
    if not isinstance(told["public"], str):
        raise TypeError("no public key")


def open_with(boxes: Mapping[str, Any], first: str, second: str) -> str:
    """The age identity.

    Raises:
        WrongShares: one of them is mistyped, both are the same, or they are of other boxes.
    """
    read = sorted(read_share(boxes["language"], typed) for typed in (first, second))
    (one, first_words), (other, second_words) = read
    if one == other:
        raise WrongShares(
            _("Both are share %(number)s.") % {"number": one}, _("Two different shares open the workspace.")
        )
    box = bytes.fromhex(boxes["pairs"][f"{one}-{other}"])
    key = _pair_key(_code(first_words), _code(second_words))
    try:
        return key.decrypt(box[:NONCE], box[NONCE:], _bound(boxes["public"], one, other)).decode()
    except InvalidTag:
        raise WrongShares(
            _("These two shares do not open this workspace."),
            _("They may be of another workspace, or of a time before the shares were made anew."),
        ) from None


def read_share(language: str, typed: str) -> tuple[int, str]:
    """Number and words of one share. Capitals and marks don't matter; four letters are enough of a word.

    Raises:
        WrongShares: says which word is wrong, or that some are.
    """
    told = fold(typed).replace(",", " ").split()
    if len(told) != SECRET_WORDS + 1:
        raise WrongShares(
            _("A share has %(needed)s words; these are %(count)s.") % {"needed": SECRET_WORDS + 1, "count": len(told)},
            _("Type all of them, in their order, with a space between."),
        )
    *secret, last = (_place(language, word, at) for at, word in enumerate(told, 1))
    number, check = divmod(last, _CHECKS)
    if check != _check(secret, number):
        raise WrongShares(
            _("One of the words is another one, or two have changed places."),
            _("Compare each word with the paper."),
        )
    return number + 1, _written(language, secret)


_CHECKS = LENGTH // HOLDERS


def _draw(number: int, language: str) -> tuple[int, str]:
    secret = [secrets.randbelow(LENGTH) for _word in range(SECRET_WORDS)]
    last = (number - 1) * _CHECKS + _check(secret, number - 1)
    return number, _written(language, [*secret, last])


def _written(language: str, secret: Sequence[int]) -> str:
    return " ".join(words(language)[place] for place in secret)


def _check(secret: Sequence[int], number: int) -> int:
    digest = hashlib.sha256(json.dumps([number, *secret]).encode()).digest()
    return int.from_bytes(digest[:8]) % _CHECKS


def _place(language: str, typed: str, at: int) -> int:
    known = places(language)
    if typed in known:
        return known[typed]
    begun = [place for word, place in known.items() if len(typed) >= PREFIX and word.startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    raise WrongShares(
        _("Word %(number)s, “%(word)s”, is not one of the words that shares are made of.")
        % {"number": at, "word": typed},
        _("Compare it with the paper."),
    )


def _code(share_words: str) -> bytes:
    """The secret of a share: of its first twelve words, as they are folded."""
    return hashlib.sha256(" ".join(fold(share_words).split()[:SECRET_WORDS]).encode()).digest()


def _pair_key(one: bytes, other: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"amanat recovery pair").derive(one + other))


def _bound(public: str, one: int, other: int) -> bytes:
    return json.dumps([FORMAT, public, one, other]).encode()


# --- what the identity opens ------------------------------------------------------------------------------------------


def seal_keys(public: str, keys: Mapping[str, bytes]) -> str:
    """All keys by name, sealed to the recovery key."""
    told = json.dumps({name: key.hex() for name, key in keys.items()}).encode()
    return b64encode(pyrage.encrypt(told, [pyrage.x25519.Recipient.from_str(public)])).decode()


def open_keys(identity: str, recoverable: str) -> dict[str, bytes]:
    """The keys by name.

    Raises:
        WrongShares: they were sealed to another recovery key, or are damaged.
    """
    try:
        told = pyrage.decrypt(b64decode(recoverable), [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, ValueError) as error:
        raise WrongShares(
            _("The keys in header.json are damaged, or were sealed for other shares."),
            _("Take the header.json of a backup."),
        ) from error
    return {name: bytes.fromhex(key) for name, key in json.loads(told).items()}


def mark(public: str, web: bytes) -> str:
    """Says that this recovery key is the workspace's own: without its keys nobody puts theirs in its place."""
    key = HKDF(SHA256(), 32, salt=None, info=b"amanat recovery mark").derive(web)
    return hmac.new(key, public.encode(), "sha256").hexdigest()
