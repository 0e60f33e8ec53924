"""A text of a pack is marked with its language where it is not there in the page's."""

import pytest
from django.template import Context, Template
from django.utils import translation

from amanat.packs.labels import Label


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"en": "A law", "ru": "Закон <1>"}, "Закон &lt;1&gt;"),
        ({"en": "Law <1>"}, '<span lang="en">Law &lt;1&gt;</span>'),
        ({}, ""),
    ],
)
def test_a_reader_hears_each_text_in_its_own_language(texts: dict[str, str], told: str) -> None:
    with translation.override("ru"):
        page = Template("{% load web %}{% said label as it %}{% said label %}|{{ it }}")
        assert page.render(Context({"label": Label(texts)})) == f"{told}|{told}"
