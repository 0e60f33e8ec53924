"""Reading XML parts as a stream: no part is held, nothing is declared, expanded or fetched. What tags mean stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from amanat.exchange.errors import BrokenFile, ForeignDeclarations, TooMuchInside
from amanat.exchange.limits import Limits

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def stream(
    chunks: Iterable[bytes],
    part: str,
    limits: Limits,
    *,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
) -> Iterator[None]:
    """Call `start`, `end` and `text` as tags and letters come; pause after each piece that was fed.

    Raises:
        ForeignDeclarations: it declares a document type. (Entities would be declared there, and expand to anything.)
        BrokenFile: it is no XML.
        TooMuchInside: a single tag goes on and on, and would be held.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text

    def refuse(*_declared: object) -> None:
        raise ForeignDeclarations(part=part)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > limits.tag:
                raise TooMuchInside(part=part)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise BrokenFile(part=part) from error


def feed(pieces: Iterator[None]) -> None:
    """Go through a `stream` to its end, without a pause."""
    for _paused in pieces:
        pass


def local(tag: str) -> str:
    """Give a tag without its prefix: some programs write `x:row`."""
    return tag.rpartition(":")[2]
