"""A file of this machine as an upload: sealed while it is read, as it would be on its way through the web process."""

from __future__ import annotations

import hashlib
from pathlib import Path

from amanat.vault.files import SealedWriter
from amanat.vault.uploads import SealedUpload


def sealed(path: Path) -> SealedUpload:
    """The file's content, sealed; it may be larger than what a browser may send.

    Raises:
        OSError: it can't be read.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        writer = SealedWriter()
        try:
            while chunk := file.read(1 << 20):
                writer.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            writer.close()
        except BaseException:
            writer.discard()
            raise
    return SealedUpload(writer, name=path.name, content_type="", size=size, sha256=digest.hexdigest(), too_large=False)
