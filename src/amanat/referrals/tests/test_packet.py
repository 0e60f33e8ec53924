"""Sealed packets: what opens them, and what is said of one that was altered, opened before, or is none."""

from __future__ import annotations

import hmac
import io
import zipfile
from base64 import b64encode
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.core.management import CommandError, call_command

from amanat.referrals.outside import packet
from amanat.referrals.outside.packet import Altered, Content, DoesNotOpen, NotAPacket, WrongKey, opened, sealed
from amanat.vault.wordlists import fold, words
from amanat.web.errors import PersonFacingError

FILES = [Content("letter.pdf", b"%PDF-1.7 " + bytes(range(256)) * 8), Content("referral.json", b"{}")]
IDENTITY = pyrage.x25519.Identity.generate()
WORDS = "августа береза"  # as somebody types them


def quickly(clear: bytes, said: str) -> bytes:
    """What age seals by words, after its specification, but with little work: each opening of a real one takes two seconds."""
    key, salt, nonce = bytes(16), bytes(range(16)), bytes(16)
    wrapping = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=4, r=8, p=1).derive(said.encode())
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    written = [b64encode(one).decode().rstrip("=") for one in (salt, body)]
    header = f"age-encryption.org/v1\n-> scrypt {written[0]} 2\n{written[1]}\n---"
    mac = hmac.digest(_derived(key, b"", b"header"), header.encode(), "sha256")
    payload = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(bytes(11) + b"\1", clear, None)
    return f"{header} {b64encode(mac).decode().rstrip('=')}\n".encode() + nonce + payload


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=info).derive(key)


def zipped(*files: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files:
            out.writestr(name, content)
    return held.getvalue()


@pytest.fixture
def by_key() -> bytes:
    return sealed(FILES, key=str(IDENTITY.to_public()))


def test_the_recipients_key_opens_it_and_no_other_does(by_key: bytes) -> None:
    assert opened(by_key, identity=f" {IDENTITY}\n") == FILES
    for other in (str(pyrage.x25519.Identity.generate()), "", "AGE-SECRET-KEY-1"):
        with pytest.raises(DoesNotOpen):
            opened(by_key, identity=other)


def test_words_open_it_however_they_are_written_and_others_do_not() -> None:
    by_words = quickly(zipped(("letter.pdf", b"told")), fold(WORDS))
    for written in (WORDS, "  Августа\n берёза "):
        assert opened(by_words, words=written) == [Content("letter.pdf", b"told")]
    for wrong in ("", "августа", "береза августа"):
        with pytest.raises(DoesNotOpen):
            opened(by_words, words=wrong)


def test_a_packet_that_asks_for_more_work_than_a_machine_has_is_refused_at_once() -> None:
    endless = quickly(b"", fold(WORDS)).replace(b" 2\n", b" 40\n", 1)
    with pytest.raises(NotAPacket):
        opened(endless, words=WORDS)


@pytest.mark.thorough
def test_what_is_sealed_by_words_opens_by_them() -> None:
    said = packet.draw_words("tk")
    assert opened(sealed(FILES, words=said), words=said.upper()) == FILES


@pytest.mark.parametrize("language", ["en", "tk", "ru", "ro"])
def test_words_are_six_different_ones_of_the_list_that_every_keyboard_writes(language: str) -> None:
    drawn = packet.draw_words(language).split()
    assert len(set(drawn)) == packet.WORDS == 6
    assert {fold(word) for word in drawn} == set(drawn) <= set(words(language))


def test_one_changed_byte_anywhere_opens_nothing_and_says_so(by_key: bytes) -> None:
    by_words = quickly(zipped(("letter.pdf", b"told" * 200)), fold(WORDS))
    for whole in (by_key, by_words):
        for place in [*range(0, 170, 7), *range(0, len(whole), 100), len(whole) - 1]:
            changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
            with pytest.raises((Altered, DoesNotOpen, NotAPacket)) as told:
                opened(changed, words=WORDS, identity=str(IDENTITY))
            assert told.value.hint
        for end in (0, 10, 100, len(whole) // 2, len(whole) - 1):
            with pytest.raises((Altered, DoesNotOpen, NotAPacket)):
                opened(whole[:end], words=WORDS, identity=str(IDENTITY))
    with pytest.raises(Altered):
        opened(by_key[:-1] + bytes([by_key[-1] ^ 1]), identity=str(IDENTITY))


@pytest.mark.parametrize(
    "content",
    [
        zipped(("../letter.pdf", b"")),
        zipped(("folder/letter.pdf", b"")),
        zipped((".profile", b"")),
        zipped(*((f"{n}.pdf", b"") for n in range(21))),
        zipped(("letter.pdf", bytes(packet.MOST + 1))),
        b"no archive",
        zipped(("letter.pdf", b"told"))[:-8],
    ],
)
def test_whoever_seals_something_else_to_us_writes_nothing_anywhere(content: bytes) -> None:
    strange = pyrage.encrypt(content, [IDENTITY.to_public()])
    with pytest.raises(NotAPacket):
        opened(strange, identity=str(IDENTITY))


def test_what_is_too_large_does_not_leave() -> None:
    with pytest.raises(PersonFacingError, match="too large"):
        sealed([Content("noise.pdf", _noise(packet.MOST + 1))], key=str(IDENTITY.to_public()))


def _noise(size: int) -> bytes:
    import random

    return random.Random(1).randbytes(size)


def test_a_key_is_checked_as_it_is_pasted() -> None:
    public = str(IDENTITY.to_public())
    assert packet.checked_key(f" {public[:30]}\n {public[30:]} ") == public
    for wrong in ("", "age1", public[:-1], public[:-1] + ("q" if public[-1] != "q" else "p"), str(IDENTITY)):
        with pytest.raises(WrongKey):
            packet.checked_key(wrong)


def test_the_command_opens_a_packet_and_the_second_time_says_that_it_was_opened(
    tmp_path: Path, by_key: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file, secret, folder = tmp_path / "K7QX.age", tmp_path / "key.txt", tmp_path / "K7QX-opened"
    file.write_bytes(by_key)
    secret.write_text(f"# created: today\n{IDENTITY}\n")
    call_command("packet", file, identity=secret)
    assert (folder / "letter.pdf").read_bytes() == FILES[0].content
    assert folder.stat().st_mode & 0o077 == 0
    (folder / "letter.pdf").write_bytes(b"with notes of ours")
    capsys.readouterr()
    call_command("packet", file)
    assert "was opened before" in capsys.readouterr().out
    assert (folder / "letter.pdf").read_bytes() == b"with notes of ours"
    file.write_bytes(sealed(FILES, key=str(IDENTITY.to_public())))
    with pytest.raises(CommandError, match="not of this packet"):
        call_command("packet", file, identity=secret)


def test_the_command_leaves_nothing_of_a_packet_that_does_not_open(tmp_path: Path, by_key: bytes) -> None:
    file, secret = tmp_path / "K7QX.age", tmp_path / "key.txt"
    secret.write_text(str(IDENTITY))
    file.write_bytes(by_key[:-1] + b"!")
    for said, given in (("changed", secret), ("--identity", None), ("No such file", tmp_path / "none")):
        with pytest.raises(CommandError, match=said):
            call_command("packet", file, identity=given)
    file.write_bytes(b"a letter")
    with pytest.raises(CommandError, match="not a sealed packet"):
        call_command("packet", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("packet", tmp_path / "none.age")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["K7QX.age", "key.txt"]
