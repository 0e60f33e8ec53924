"""Canaries: words that stand nowhere else, all the ways in which bytes can hold them, and the finder that looks for these.

Who types them into which page is the affair of `test_canaries`.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import re2
from PIL import Image

from amanat import names

TYPED: Mapping[str, str] = {
    "given name": "Güljemalkanar",
    "family name": "Ýagmyrkanarowa",
    "given name in Cyrillic": "Гульджемальканар",
    "family name in Cyrillic": "Ягмырканарова",
    "called": "Kanarjyk",
    "phone": "+993 65 771839",
    "document number": "KN-Ş 8817264",
    "address": "Kanarçy köçesi 77, Tejenkanar",
    "guardian": "Ene tarapdan daýyşkanar",
    "safe contact": "diňe kanarýa saýranda",
    "note": "Сегодня канарейкабыла в кухне и всё рассказала.",
    "salutation": "Kanarhanym",
    "town": "Kanarşäherçe",
    "place": "Kanarýerli bazar",
    "place, told": "Канареечныйрассказ: ждали у моста.",
    "objective": "Kanarmaksat: mekdebe dolanmak",
    "wrong age": "kanarýaş",
    "why taken out": "Канаризъятие: записано дважды",
    "flag": "Kanarhowpy hakda sorag bermeli",
    "title": "Kanarhatyň göçürmesi",
    "file name": "канархат-kanarfaýl.txt",
    "text": "Kanartekst: her sözi möhürlenmeli. Канартекст.",
    "PDF": "Kanarpdfmazmuny",
    "metadata": "Kanarexif 37.9601N 58.3261E",
    "oversize": "Kanaragyrfaýl",
    "cut": "Kanarkesilenfaýl",
    "corrected": "Täzekanar köçesi 5",
    "reason": "Канаропечатка в адресе",
    "draft": "Gutarylmadyk kanarbellik, черновикканарейки",
    "asked name": "Soralankanar",
    "asked family": "Запроснаяканарова",
    "why asked": "Kanarsorag üçin sebäp",
    "looked for": "Gözlenýänkanar Таннопропавшаяканарейка",
    "code name": "Ýalňyş kanargöl",
    "emergency": "Kanargyssag ýagdaý",
    "sign-in name": "kanarulanyjy",
    "password": "kanar açar sözi on iki",
    "wrong year": "kanarýyl",
    "address bar": "Salgydakykanar",
    "forged": "Galpkanar, поддельнаяканарейка",
    "broken": "Döwlenkanar",
}


def spellings(text: str) -> set[str]:
    """As typed, in small letters, and as names, phones and documents are folded for the index."""
    folded = {" ".join(names.tokens(text)), names.phone_digits(text), names.document_key(text)}
    return {text, text.casefold(), *(spelling for spelling in folded if len(spelling) > 6)}


def encoded(text: str) -> Iterator[tuple[str, bytes]]:
    """Each way of writing `text` down, with its name."""
    raw = text.encode()
    yield "clear", raw
    yield "UTF-16LE", text.encode("utf-16-le")
    yield "UTF-16BE", text.encode("utf-16-be")
    for before in range(3):
        # What is the same in base64 whatever stands around it, if it begins so many bytes after a group of three.
        inside = slice(-(-before * 4 // 3), (before + len(raw)) * 4 // 3)
        yield f"base64, {before} before", base64.b64encode(bytes(before) + raw)[inside]
        yield f"base64 of addresses, {before} before", base64.urlsafe_b64encode(bytes(before) + raw)[inside]
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    quoted = quote(text, safe="")
    yield "address", quoted.encode()
    yield "form", quoted.replace("%20", "+").encode()
    yield "address in small letters", re.sub("%..", lambda found: found[0].lower(), quoted).encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "HTML", text.encode("ascii", "xmlcharrefreplace")
    yield "Python bytes", repr(raw)[2:-1].encode()


NEEDLES = {
    form: f"{what} ({how})"
    for what, text in TYPED.items()
    for spelling in spellings(text)
    for how, form in encoded(spelling)
}


BYTES = re2.Options()
BYTES.encoding, BYTES.never_capture, BYTES.max_mem = re2.Options.Encoding.LATIN1, True, 256 << 20
ANY = re2.compile(b"|".join(map(re2.escape, NEEDLES)), BYTES)


def found_in(content: bytes | str) -> list[str]:
    """Which canaries sit in it, each with how it was written; [] is what everybody hopes for, and is found by one look for all."""
    content = content.encode() if isinstance(content, str) else content
    if not ANY.search(content):
        return []
    return [what for needle, what in NEEDLES.items() if needle in content]


def text_file() -> bytes:
    return (TYPED["text"] + "\n").encode()


def pdf(size: int, canary: str = "PDF") -> bytes:
    """A PDF by its first bytes, with a canary on every line, of about `size` bytes."""
    line = f"% {TYPED[canary]}\n".encode()
    return b"%PDF-1.4\n" + line * (size // len(line)) + b"trailer\n<<>>\n%%EOF\n"


def photo() -> bytes:
    """A JPEG whose metadata hold a canary: where it was taken, and what it shows."""
    picture, drawn = Image.new("RGB", (64, 64), "teal"), io.BytesIO()
    metadata = picture.getexif()
    metadata[0x010E] = metadata[0x9286] = TYPED["metadata"]  # ImageDescription, UserComment
    picture.save(drawn, "JPEG", exif=metadata, comment=TYPED["metadata"].encode())
    return drawn.getvalue()
