"""The markup that writers of XLSForms use in labels and hints (ODK's subset of Markdown, and a few tags), as safe HTML.

Bold, italic, headings, links, breaks. Colours, fonts and alignment are dropped. What is no markup stays as it was typed.
One pass over the letters, so that no text takes long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_SIGN: Final = re.compile(r"[*_#\[<\\\n]")
_PIECE: Final = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|<(?P<ends>/?)(?P<tag>b|strong|i|em|u|span|font|p|div|center|small|big)(?:\s[^<>]{0,300})?>"
    r"|\[(?P<text>[^\[\]]{1,300})\]\((?P<href>[^\s()<>]{1,500})\)"
    r"|(?P<mark>\*\*|__|\*|_)",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"\n|<br\s{0,3}/?>|</(?:p|div)>(?=.)", re.IGNORECASE)
_HEADING: Final = re.compile(r"#{1,6}\s+")
_SAFE: Final = ("https://", "http://", "mailto:", "tel:")
_DEEPEST: Final = 20
_MARKED: Final = {
    "**": "strong",
    "__": "strong",
    "b": "strong",
    "strong": "strong",
    "*": "em",
    "_": "em",
    "i": "em",
    "em": "em",
}
_TAGS: Final = {
    "strong": (mark_safe("<strong>"), mark_safe("</strong>")),
    "em": (mark_safe("<em>"), mark_safe("</em>")),
}
_ESCAPED: Final = re.compile(r"([!-/:-@\[-`{-~])")


class Worded(str):
    """A text in plain letters; `html` has its emphasis, links and breaks."""

    __slots__ = ("html",)
    html: SafeString


def literal(text: str) -> str:
    """A text in which nothing is markup: an answer that stands in a label."""
    return _ESCAPED.sub(r"\\\1", text) if _SIGN.search(text) else text


@lru_cache(maxsize=4096)
def worded(text: str) -> str:
    """A text of a form, which many pages show; `worded_once` is for one with somebody's answers in it."""
    return worded_once(text)


def worded_once(text: str) -> str:
    """`Worded` where there is any markup, else the text itself."""
    text = text.strip()
    if not _SIGN.search(text):
        return text
    lines = [_line(line.strip()) for line in _BREAK.split(text)]
    made = Worded("\n".join(plain for plain, _html in lines).strip())
    made.html = format_html_join(mark_safe("<br>"), "{}", ((html,) for _plain, html in lines))
    return made


def _line(line: str) -> tuple[str, SafeString]:
    if heading := _HEADING.match(line):
        plain, html = _inline(line[heading.end() :].rstrip("#").rstrip())
        return plain, format_html('<strong class="said-heading">{}</strong>', html)
    return _inline(line)


@dataclass
class _Written:
    """A line as far as it is read; what is no `SafeString` among the pieces of `html` is escaped at its end.

    `waiting`: marks that nothing closed yet, with their place among the pieces.
    """

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    waiting: list[tuple[str, int]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.plain.append(text)
        self.html.append(text)

    def opens(self, mark: str, text: str) -> None:
        """It stands as it was typed until it is closed."""
        if len(self.waiting) < _DEEPEST:
            self.waiting.append((mark, len(self.plain)))
        self.say(text)

    def closes(self, mark: str) -> bool:
        """Whether something was open that it closes; what was opened within and not closed stays as it was typed."""
        place = next((at for at in range(len(self.waiting) - 1, -1, -1) if self.waiting[at][0] == mark), None)
        if place is None:
            return False
        _mark, begin = self.waiting[place]
        del self.waiting[place:]
        self.plain[begin], self.html[begin] = "", _TAGS[_MARKED[mark]][0]
        self.plain.append("")
        self.html.append(_TAGS[_MARKED[mark]][1])
        return True

    def ended(self) -> tuple[str, SafeString]:
        return "".join(self.plain), format_html_join("", "{}", ((piece,) for piece in self.html))


def _inline(line: str) -> tuple[str, SafeString]:
    written, at = _Written(), 0
    for found in _PIECE.finditer(line):
        written.say(line[at : found.start()])
        at = found.end()
        if found["literal"]:
            written.say(found["literal"])
        elif found["tag"]:
            _tag(written, found)
        elif found["href"]:
            _link(written, found)
        else:
            _mark(written, found, line[max(found.start() - 1, 0) : found.start()], line[found.end() : found.end() + 1])
    written.say(line[at:])
    return written.ended()


def _tag(written: _Written, found: re.Match[str]) -> None:
    tag = found["tag"].lower()
    if tag not in _MARKED:
        return
    if found["ends"]:
        written.closes(tag)
    else:
        written.opens(tag, found[0])


def _link(written: _Written, found: re.Match[str]) -> None:
    if not found["href"].lower().startswith(_SAFE):
        written.say(found[0])
        return
    plain = _inline(found["text"])[0]
    written.plain.append(plain)
    written.html.append(
        format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', found["href"], plain)
    )


def _mark(written: _Written, found: re.Match[str], before: str, after: str) -> None:
    """A mark closes behind a letter and opens before one; but for `**` only at the edge of a word."""
    mark = found["mark"]
    if before.strip() and (mark == "**" or not after.isalnum()) and written.closes(mark):
        return
    if after.strip() and (mark == "**" or not before.isalnum()):
        written.opens(mark, mark)
    else:
        written.say(mark)
