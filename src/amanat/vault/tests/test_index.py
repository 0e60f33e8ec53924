"""The keyed index: equal features meet, families do not, and without the key nothing can be guessed."""

import hashlib
import hmac

import pytest

from amanat.vault.index import LENGTH, digest, digests, postings
from amanat.vault.models import Posting, Subject, SubjectKind


def test_equal_features_have_equal_digests() -> None:
    assert digest("name", "aylar caryyewa") == digest("name", "aylar caryyewa")
    assert len(digest("name", "aylar")) == LENGTH


def test_a_phone_never_meets_a_document_of_the_same_digits() -> None:
    assert digest("phone", "123456") != digest("document", "123456")


@pytest.mark.parametrize("guess", [hashlib.sha256, hashlib.md5])
def test_a_digest_is_not_a_plain_hash(guess: object) -> None:
    assert digest("name", "aylar") != guess(b"aylar").digest()[:LENGTH]  # type: ignore[operator]
    assert digest("name", "aylar") != hmac.digest(b"", b"aylar", "sha256")[:LENGTH]


def test_the_postings_of_a_subject_find_it_again_and_say_nothing(db: None) -> None:
    subject = Subject.objects.begin(SubjectKind.CHILD)
    Posting.objects.bulk_create(postings(subject, [("name", "aylar"), ("name", "aylar"), ("phone", "463500")]))
    assert Posting.objects.count() == 2
    found = Subject.objects.filter(postings__digest__in=digests([("phone", "463500")]))
    assert list(found) == [subject]
    assert not Subject.objects.filter(postings__digest__in=digests([("phone", "463501")])).exists()
