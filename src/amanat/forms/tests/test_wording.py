"""The markup of labels: what is drawn, what is dropped, and that nothing gets past it."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amanat.forms.wording import Worded, literal, worded, worded_once

pytestmark = pytest.mark.sqlcipher_only  # no database at all


@pytest.mark.parametrize(("written", "plain", "html"), [
    ("**bold** and _it_, *it*", "bold and it, it", "<strong>bold</strong> and <em>it</em>, <em>it</em>"),
    ("__b__ <b>b</b> <i>i</i>", "b b i", "<strong>b</strong> <strong>b</strong> <em>i</em>"),
    ("## One # ##", "One #", '<strong class="said-heading">One #</strong>'),
    ("# One\ntwo<br/>three", "One\ntwo\nthree", '<strong class="said-heading">One</strong><br>two<br>three'),
    ("<p>one</p><p style='x'>two</p>", "one\ntwo", "one<br>two"),
    ("<span style='color:red'>red</span>", "red", "red"),
    ("[go](https://a.example/x_1?a=1&b=2)", "go",
     '<a href="https://a.example/x_1?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">go</a>'),
    ("[go](javascript:alert(1))", "[go](javascript:alert(1))", "[go](javascript:alert(1))"),
    ("[go](https://a.example/\"onclick=x)", "go",
     '<a href="https://a.example/&quot;onclick=x" target="_blank" rel="noopener noreferrer">go</a>'),
    ("<script>alert(1)</script> <b onclick=x>y</b>", "<script>alert(1)</script> y",
     "&lt;script&gt;alert(1)&lt;/script&gt; <strong>y</strong>"),
    ("2*3*4 first_name_of **open", "2*3*4 first_name_of **open", "2*3*4 first_name_of **open"),
    (r"\*no\* \<b\>", "*no* <b>", "*no* &lt;b&gt;"),
    ("**a *b** c*", "a *b c*", "<strong>a *b</strong> c*"),
    ("a < b & c", "a < b & c", "a &lt; b &amp; c"),
])  # fmt: skip
def test_markup_is_drawn_or_stays_as_it_was_typed(written: str, plain: str, html: str) -> None:
    made = worded(written)
    assert made == plain
    assert isinstance(made, Worded)
    assert made.html == html


def test_an_answer_in_a_label_is_no_markup() -> None:
    answer = "A. <b>x</b> [y](https://evil.example) **z** # _q_ \\"
    assert worded_once(f"Is {literal(answer)} safe?") == f"Is {answer} safe?"


class Reader(HTMLParser):
    """What a browser makes of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.opened, self.tags = "", [], set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add((tag, *(name for name, _value in attrs)))
        if tag == "br":
            self.text += "\n"
        else:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.lists(st.sampled_from(
    ["*", "**", "_", "__", "#", " ", "a", "[b](http://c)", "[d](javascript:e)", "<b>", "</b>", "<i x='y'>", "</i>", "<br>", "\n", "\\",
     "<script>", "<", ">", "&amp;", "\"", "</p>", "[", "]("]
)).map("".join))  # fmt: skip
@example("<b>" * 9000 + "</i>" * 9000)
@example("**a *b** c*" * 3000)
@example("*" * 20_000)
@example("# " + "#" * 20_000 + " x")
def test_whatever_is_written_only_known_tags_come_of_it_closed_in_their_order(written: str) -> None:
    made = worded_once(written)
    read = Reader(made.html if isinstance(made, Worded) else "")
    assert read.tags <= {("strong",), ("strong", "class"), ("em",), ("br",), ("a", "href", "target", "rel")}
    assert read.opened == []
    if isinstance(made, Worded):
        assert read.text.split() == made.split()
