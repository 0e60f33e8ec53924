"""How a text breaks into lines on paper, reckoned without a printer: rather a line too many than one too few. Pure.

Widths are in ems of the letters that papers have (DejaVu Sans): 1 is the size of the type.
"""

from __future__ import annotations

from typing import Final

CAPITAL, USUAL, WIDEST, BOLD = (
    0.8,
    0.63,
    1.1,
    1.13,
)  # of a capital; of most letters; of any; of bold type, as against other
_WIDTHS: Final = {
    **dict.fromkeys("ijlı.,:;!|'’\u00ad", 0.34),
    **dict.fromkeys("frt ()«»“”„-/", 0.42),
    **dict.fromkeys("cksşţțzžxvyýгзсэту?", 0.6),
    **dict.fromkeys("дцъы", 0.8),
    **dict.fromkeys("mwжмфшщю—…%", 1.0),
    **dict.fromkeys("MWЖМФШЩЮ", WIDEST),
}


def width(text: str) -> float:
    return sum(_WIDTHS.get(letter) or (CAPITAL if letter.isupper() else USUAL) for letter in text)


def broken(text: str, room: float) -> list[str]:
    """Its lines in a column; a word that is longer than a line is broken."""
    whole = max(1, int(room / WIDEST))  # letters of a line, whichever they are
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width(longer) <= room:
                line = longer
                continue
            lines += [line] if line else []
            line = word
            while width(line) > room:
                lines.append(line[:whole])
                line = line[whole:]
        lines.append(line)
    return lines


def shortened(text: str, most: int, room: float) -> str:
    """Not more than so many lines of it, whole words, with a mark where it goes on."""
    lines = broken(text, room)
    if len(lines) <= most:
        return text
    return " ".join(lines[:most]).rsplit(" ", 1)[0] + " …"
