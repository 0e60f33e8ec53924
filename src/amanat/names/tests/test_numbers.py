"""What phone and document keys promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names import PHONE_TAIL, document_key, phone_digits


@pytest.mark.parametrize(
    "written",
    ["+993 65 12-34-56", "00993 65123456", "8 (65) 12 34 56", "65123456", "＋９９３ ６５１２３４５６",
     "+993 65 12 34 56 доб. 7", "٦٥١٢٣٤٥٦", "65.12.34.56 ext 12"],
)  # fmt: skip
def test_one_phone_written_in_many_ways_is_one(written: str) -> None:
    assert phone_digits(written) == "65123456"


def test_a_short_number_is_kept_whole() -> None:
    assert phone_digits("116 111") == "116111"
    assert phone_digits("no phone") == ""


@given(st.text())
def test_a_phone_is_only_ascii_digits_and_stable(text: str) -> None:
    digits = phone_digits(text)
    assert len(digits) <= PHONE_TAIL
    assert digits == "" or (digits.isascii() and digits.isdigit())
    assert phone_digits(digits) == digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I-AŞ № 123456", "i aş 123456"),
        ("АВ 0012", "AB0012"),
        ("Ⅰ-МР 77", "I MP 77"),
        ("в123", "B123"),
        ("A–1/2", "a12"),
    ],
)
def test_one_document_number_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert document_key(one) == document_key(other)


def test_letters_that_do_not_look_alike_stay_different() -> None:
    assert document_key("АШ 1") != document_key("AŞ 1")


@given(st.text())
def test_a_document_key_is_capitals_and_digits_and_stable(text: str) -> None:
    key = document_key(text)
    assert key == "" or key.isalnum()
    assert document_key(key) == key
