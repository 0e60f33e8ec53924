"""Numbers in every way of writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names.phones import read_phone


@pytest.mark.parametrize(
    "written", ["8 65 12 34 56", "865123456", "+993 65 123456", "00993 65 12-34-56", "(8) 65.12.34.56", "٨٦٥١٢٣٤٥٦"]
)
def test_a_turkmen_number_is_one_however_it_is_written(written: str) -> None:
    phone = read_phone(written, "TM")
    assert phone is not None
    assert phone.e164 == "+99365123456"


def test_a_number_of_another_country_needs_its_prefix() -> None:
    moldovan = read_phone("+373 69 123 456", "TM")
    assert moldovan is not None
    assert moldovan.e164 == "+37369123456"
    assert moldovan.shown == "+373 691 23 456"


@pytest.mark.parametrize(
    "written", ["", "anonymous", "12", "+", "call me", "+993", "9" * 40, "sip:+99365123456@10.0.0.1;x=1"]
)
def test_what_is_no_whole_number_is_none_or_that_number(written: str) -> None:
    found = read_phone(written, "TM")
    assert found is None or found.e164 == "+99365123456"


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    found = read_phone(text, "TM")
    assert found is None or (found.e164.startswith("+") and read_phone(found.e164) == found)
