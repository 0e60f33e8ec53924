"""What a phone encrypted, opened as the ODK encryption document says (https://getodk.github.io/xforms-spec/encryption). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.padding import PKCS7

from amanat.api.models import Fault
from amanat.api.packets import NotASubmission, Packet, instance_id_of, root_of
from amanat.forms.documents import Element

BLOCK: Final = 16  # bytes
_PADDING: Final = OAEP(MGF1(SHA256()), SHA256(), None)


class Shut(Exception):
    """It does not open. `instance`: the filled form, where it could be read and only others are missing."""

    def __init__(self, fault: Fault, instance: bytes | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.instance = instance


def is_one(root: Element) -> bool:
    return bool(root.get("encrypted") == "yes")


def opened(sent: Packet, private: RSAPrivateKey) -> Packet:
    """What is in it.

    Raises:
        Shut: why it does not open.
    """
    root = root_of(sent.instance)
    names, key = _names(root), _decrypted(private, _text(root, "base64EncryptedKey"))
    if len(key) * 8 != AES.block_size * 2:
        raise Shut(Fault.DAMAGED)
    vectors = zip(names, _vectors(instance_id_of(root), key), strict=False)
    clear = {
        name.removesuffix(".enc"): _file(sent.media[name], key, vector)
        for name, vector in vectors
        if name in sent.media
    }
    instance = clear.get(names[-1].removesuffix(".enc"))
    if instance is not None:
        _check_is_the_same(root, instance)
    if instance is None or len(clear) < len(names):
        raise Shut(Fault.MISSING, instance)
    _check(root, clear, private)
    del clear[names[-1].removesuffix(".enc")]
    return Packet(sent.device, instance, clear)


def _names(root: Element) -> list[str]:
    """The files in the order in which they were encrypted: the filled form is the last."""
    names = [(one.text or "").strip() for media in root.iter("{*}media") for one in media.iter("{*}file")]
    names.append(_text(root, "encryptedXmlFile"))
    if len(set(names)) < len(names) or not all(name.endswith(".enc") for name in names):
        raise Shut(Fault.DAMAGED)
    return names


def _text(root: Element, name: str) -> str:
    return next((one.text or "" for one in root.iter(f"{{*}}{name}")), "").strip()


def _decrypted(private: RSAPrivateKey, text: str) -> bytes:
    try:
        box = base64.b64decode(text, validate=True)
    except ValueError:
        raise Shut(Fault.DAMAGED) from None
    if len(box) * 8 != private.key_size:
        raise Shut(Fault.DAMAGED)
    try:
        return private.decrypt(box, _PADDING)
    except ValueError:
        raise Shut(Fault.FOREIGN) from None


def _vectors(instance_id: str, key: bytes) -> Iterator[bytes]:
    seed = bytearray(hashlib.md5(instance_id.encode() + key, usedforsecurity=False).digest())
    for counter in count():
        place = counter % BLOCK
        seed[place] = (seed[place] + 1) % 256
        yield bytes(seed)


def _file(box: bytes, key: bytes, vector: bytes) -> bytes:
    decryptor, unpadder = Cipher(AES(key), CFB(vector)).decryptor(), PKCS7(BLOCK * 8).unpadder()
    try:
        return unpadder.update(decryptor.update(box) + decryptor.finalize()) + unpadder.finalize()
    except ValueError:
        raise Shut(Fault.DAMAGED) from None


def _check(root: Element, clear: Mapping[str, bytes], private: RSAPrivateKey) -> None:
    """The signature, which the document leaves to the phone: where there is none, nothing is compared."""
    told = _text(root, "base64EncryptedElementSignature")
    if not told:
        return
    version = root.get("version")
    lines = [root.get("id", ""), *([version] if version is not None else []), _text(root, "base64EncryptedKey")]
    lines += [instance_id_of(root), *(f"{name}::{_md5(content).hexdigest()}" for name, content in clear.items())]
    said = _md5("".join(f"{line}\n" for line in lines).encode()).digest()
    try:
        signed = _decrypted(private, told)
    except Shut:
        raise Shut(Fault.ALTERED) from None
    if not hmac.compare_digest(said, signed):
        raise Shut(Fault.ALTERED)


def _md5(content: bytes) -> hashlib._Hash:
    return hashlib.md5(content, usedforsecurity=False)


def _check_is_the_same(root: Element, instance: bytes) -> None:
    """What is inside has the name that stands outside, and is no envelope itself."""
    try:
        inside = root_of(instance)
        same = instance_id_of(inside) == instance_id_of(root) and not is_one(inside)
    except NotASubmission:
        raise Shut(Fault.DAMAGED) from None
    if not same:
        raise Shut(Fault.ALTERED)
