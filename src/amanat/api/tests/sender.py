"""An app that encrypts, written from the ODK encryption document alone (https://getodk.github.io/xforms-spec/encryption).

It imports nothing of the product: what both understand stands in that document.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.serialization import load_der_public_key

MANIFEST = (
    '<data xmlns="http://opendatakit.org/submissions" id={id} encrypted="yes" version={version}>'
    "<base64EncryptedKey>{key}</base64EncryptedKey><encryptedXmlFile>submission.xml.enc</encryptedXmlFile>{media}"
    "<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature>"
    '<meta xmlns="http://openrosa.org/xforms"><instanceID>{instance}</instanceID></meta></data>'
)


@dataclass
class Sent:
    """What goes over the wire: the manifest is the form, the encrypted files are its media."""

    manifest: str
    files: dict[str, bytes] = field(default_factory=dict)


class Sender:
    """For one form, as it was fetched."""

    def __init__(self, base64_public_key: str, form_id: str, version: str) -> None:
        key = load_der_public_key(base64.b64decode(base64_public_key))
        assert isinstance(key, rsa.RSAPublicKey)
        self.public, self.form_id, self.version = key, form_id, version

    def sent(self, instance_id: str, xml: str, media: dict[str, bytes] | None = None, *, signs: bool = True) -> Sent:
        """All media, then the form. `signs=False`: as whoever changed something and could not sign it."""
        aes = os.urandom(32)
        key = self._sealed(aes)
        seed = list(hashlib.md5(instance_id.encode() + aes).digest())
        lines = [self.form_id, self.version, key, instance_id]
        files = {}
        for place, (name, content) in enumerate([*(media or {}).items(), ("submission.xml", xml.encode())]):
            seed[place % 16] = (seed[place % 16] + 1) & 255
            fill = 16 - len(content) % 16
            encryptor = Cipher(AES(aes), CFB(bytes(seed))).encryptor()
            files[f"{name}.enc"] = encryptor.update(content + bytes([fill]) * fill) + encryptor.finalize()
            lines.append(f"{name}::{hashlib.md5(content).hexdigest()}")
        digest = hashlib.md5(("\n".join(lines) + "\n").encode()).digest()
        manifest = MANIFEST.format(
            id=quoteattr(self.form_id),
            version=quoteattr(self.version),
            key=key,
            media="".join(f"<media><file>{escape(name)}.enc</file></media>" for name in media or {}),
            signature=self._sealed(digest if signs else bytes(16)),
            instance=escape(instance_id),
        )
        return Sent(manifest, files)

    def _sealed(self, clear: bytes) -> str:
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        return base64.b64encode(self.public.encrypt(clear, oaep)).decode()
