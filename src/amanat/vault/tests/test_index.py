"""The keyed index: equal features meet, families do not, the rarest tells most, and without the key nothing can be guessed."""

import hashlib
import hmac
import uuid
from collections.abc import Callable
from math import log

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amanat import names
from amanat.names import FOLD_VERSION
from amanat.vault import index, postings
from amanat.vault.generations import DIGEST, digests
from amanat.vault.models import Generation, Indexed, Posting, Subject, SubjectKind
from amanat.vault.sealing import Tampered

AYLAR, PHONE = ("name", "ayl caryy"), ("phone", "12463500")
NOW = Generation(number=1, fold=FOLD_VERSION)


@pytest.fixture
def child(db: None) -> Callable[..., Subject]:
    """`child(AYLAR, PHONE)`: a subject that is found by these."""

    def make(*features: tuple[str, str]) -> Subject:
        subject = Subject.objects.begin(SubjectKind.CHILD)
        index.post([(subject, features, None)])
        return subject

    return make


def found(*features: tuple[str, str], limit: int = 300) -> list[uuid.UUID]:
    return subjects_of(index.candidates(features, limit))


def subjects_of(weighed: index.Weighed) -> list[uuid.UUID]:
    cards = index.cards([0, *(number for number, _weight in weighed)])
    return [cards[number][0] for number, _weight in weighed]


def numbers(*subjects: Subject) -> list[int]:
    return [Indexed.objects.get(subject=subject).number for subject in subjects]


class TestDigests:
    def test_equal_features_have_equal_ones(self) -> None:
        assert digests(NOW, [AYLAR]) == digests(NOW, [AYLAR])
        assert len(digests(NOW, [AYLAR])[0]) == DIGEST

    def test_a_phone_never_meets_a_document_of_the_same_digits(self) -> None:
        assert digests(NOW, [("phone", "123456")]) != digests(NOW, [("document", "123456")])

    def test_two_versions_of_the_fold_never_meet(self) -> None:
        assert digests(NOW, [AYLAR]) != digests(Generation(number=1, fold=FOLD_VERSION + 1), [AYLAR])

    @pytest.mark.parametrize("guess", [hashlib.sha256, hashlib.md5])
    def test_one_is_not_a_plain_hash(self, guess: Callable[[bytes], "hashlib._Hash"]) -> None:
        for text in (AYLAR[1].encode(), f"{FOLD_VERSION}|{AYLAR[1]}".encode()):
            assert digests(NOW, [AYLAR])[0] not in (guess(text).digest()[:DIGEST], hmac.digest(b"", text, "sha256")[:8])

    def test_the_entries_of_a_digest_stand_side_by_side_below_and_above_zero(self) -> None:
        for digest in (b"\x00" * 8, b"\x7f" + b"\xff" * 7, b"\x80" + b"\x00" * 7, b"\xff" * 8):
            low = postings.first(digest)
            own = list(postings.entries(postings.NUMBERS, digest))
            assert own == [low + postings.NUMBERS]
            assert low & postings.NUMBERS == 0
            assert -(2**63) <= low <= own[0] < 2**63


class TestPosting:
    def test_a_subject_is_found_by_each_of_its_features_and_nobody_by_another(self, child) -> None:
        subject = child(AYLAR, AYLAR, PHONE)
        assert Posting.objects.count() == 2
        assert found(PHONE) == found(AYLAR) == found(AYLAR, PHONE) == [subject.pk]
        assert found(("phone", "12463501")) == []
        assert found() == []

    def test_what_was_posted_before_goes_on_being_found(self, child) -> None:
        subject = child(AYLAR)
        index.post([(subject, [PHONE, AYLAR], None)])
        index.post([(subject, [PHONE], None)])
        assert found(AYLAR) == found(PHONE) == [subject.pk]
        assert Posting.objects.count() == 2

    def test_hundreds_cost_hardly_more_queries_than_two(self, db: None) -> None:
        def queries(count: int) -> int:
            pairs = [(one, [AYLAR, ("phone", str(one))], ["card"]) for one in begin(count)]
            with CaptureQueriesContext(connection) as captured:
                index.post(pairs)
            return len(captured)

        queries(1)
        assert queries(240) <= queries(2) + 1  # SQLite takes a thousand parameters at a time

    def test_who_is_forgotten_leaves_nothing_behind(self, child) -> None:
        gone, stays = child(AYLAR, PHONE), child(AYLAR)
        index.forget([gone])
        gone.delete()
        assert found(AYLAR, PHONE) == [stays.pk]
        assert Posting.objects.count() == 1

    def test_a_subject_that_is_found_can_not_be_deleted_by_itself(self, child) -> None:
        with pytest.raises(Exception, match="protected"):
            child(AYLAR).delete()


class TestCandidates:
    def test_the_weight_is_the_sum_of_how_rare_each_shared_feature_is(self, child) -> None:
        both, one, _other = child(AYLAR, PHONE), child(AYLAR), child(("phone", "1"))
        count = index.subjects()
        first, second = numbers(both, one)
        assert index.candidates([AYLAR, PHONE]) == [
            (first, pytest.approx(log(count / 2 + 1) + log(count / 1 + 1))),
            (second, pytest.approx(log(count / 2 + 1))),
        ]

    def test_the_heaviest_stay_where_there_are_too_many(self, child) -> None:
        best = [child(AYLAR, PHONE), *(child(AYLAR) for _ in range(5))][0]
        assert found(AYLAR, PHONE, limit=1) == [best.pk]

    def test_many_questions_at_once_get_the_answers_of_each(self, child) -> None:
        aylar, phone = child(AYLAR), child(PHONE)
        questions = [[AYLAR], [], [PHONE], [AYLAR, PHONE], [("name", "x")]] * 50
        answers = [subjects_of(some) for some in index.candidates_of_many(questions)]
        assert [set(some) for some in answers] == [{aylar.pk}, set(), {phone.pk}, {aylar.pk, phone.pk}, set()] * 50

    def test_what_very_many_have_tells_nothing_and_is_not_read_to_its_end(self, db: None, monkeypatch) -> None:
        monkeypatch.setattr(postings, "STOP", 2_000)
        many = begin(2_001)
        index.post([(one, [AYLAR], None) for one in many[:2_000]])
        assert len(found(AYLAR, limit=5_000)) == 2_000
        index.post([(many[2_000], [AYLAR, PHONE], None)])
        assert found(AYLAR) == []
        assert found(AYLAR, PHONE) == [many[2_000].pk]
        low = postings.first(digests(NOW, [AYLAR])[0])
        assert len(postings.numbers([low])[low]) == 2_001

    def test_whoever_meets_nobody_costs_the_same_queries(self, child) -> None:
        child(AYLAR)
        with CaptureQueriesContext(connection) as some:
            assert found(AYLAR)
        with CaptureQueriesContext(connection) as none:
            assert not found(PHONE)
        assert len(some) == len(none)

    def test_how_many_there_are_is_known_without_counting(self, child) -> None:
        """By the highest number given out, which PostgreSQL goes on counting when rows are gone."""
        assert index.subjects() == 0
        child(AYLAR)
        before = index.subjects()
        child(AYLAR)
        assert index.subjects() == before + 1


class TestCards:
    def test_one_is_given_back_to_who_asks_and_stands_sealed(self, db: None) -> None:
        subject, other = begin(2)
        index.post([(subject, [AYLAR], ["aylar"]), (other, [AYLAR], None)])
        with_card, without = numbers(subject, other)
        assert index.cards([with_card, without, 0]) == {with_card: (subject.pk, ["aylar"]), without: (other.pk, None)}
        assert b"aylar" not in bytes(Indexed.objects.get(subject=subject).card)

    def test_the_newest_counts(self, db: None) -> None:
        (subject,) = begin(1)
        for card in (["aylar"], ["aylar", "aya"]):
            index.post([(subject, [AYLAR], card)])
        assert list(index.cards(numbers(subject)).values()) == [(subject.pk, ["aylar", "aya"])]

    def test_that_of_another_subject_does_not_open(self, db: None) -> None:
        one, other = begin(2)
        index.post([(one, [AYLAR], ["one"]), (other, [AYLAR], ["other"])])
        Indexed.objects.filter(subject=one).update(card=Indexed.objects.get(subject=other).card)
        with pytest.raises(Tampered):
            index.cards(numbers(one))

    def test_who_was_erased_is_left_out_and_who_was_folded_otherwise_has_none(self, db: None) -> None:
        erased, older = begin(2)
        index.post([(erased, [AYLAR], ["x"]), (older, [AYLAR], ["x"])])
        Subject.objects.filter(pk=erased.pk).update(erased_at=timezone.now(), wrapped_key=b"")
        both, left = numbers(erased, older), numbers(older)[0]
        assert index.cards(both) == {left: (older.pk, ["x"])}
        Generation.objects.update(fold=names.FOLD_VERSION - 1)
        assert index.cards(both) == {left: (older.pk, None)}


class TestExactly:
    def test_a_chance_meeting_of_short_digests_is_none(self, child) -> None:
        """Two features whose first five bytes are equal: a posting cannot tell them apart, the whole digest can."""
        subject = child(AYLAR)
        row = Indexed.objects.get(subject=subject)
        phone = digests(NOW, [PHONE])[0]
        postings.put_in([postings.first(phone) + row.number])
        assert found(PHONE) == [subject.pk]
        assert index.subjects_with([PHONE]) == []
        assert index.subjects_with([AYLAR, PHONE]) == [subject.pk]


@pytest.mark.sqlcipher_only
def test_on_sqlcipher_the_table_is_its_own_ordered_index(db: None) -> None:
    """Else each posting would stand there twice, and each batch would cost twice."""
    with connection.cursor() as cursor:
        names = cursor.execute("SELECT name FROM sqlite_schema WHERE tbl_name = 'vault_posting'").fetchall()
        plan = cursor.execute(
            "EXPLAIN QUERY PLAN SELECT entry FROM vault_posting WHERE entry BETWEEN 1 AND 2"
        ).fetchall()
    assert names == [("vault_posting",)]
    assert "rowid>? AND rowid<?" in str(plan)


def begin(count: int) -> list[Subject]:
    return Subject.objects.begin_many([SubjectKind.CHILD] * count)
