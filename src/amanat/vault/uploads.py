"""Uploads are sealed as they arrive: the one upload handler of the product. Nothing clear is ever spooled to a disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Self

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from amanat.vault.files import SealedWriter, read_sealed, write_sealed


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that a person sent, already sealed. Unless a verb keeps it, it is gone when the request ends.

    What a verb makes of it (a working copy) is a companion: kept with it, gone with it.
    """

    def __init__(
        self, writer: SealedWriter, *, name: str, content_type: str, size: int, sha256: str, too_large: bool
    ) -> None:
        super().__init__(file=None, name=name, content_type=content_type, size=size)
        self._writer = writer
        self._kept = False
        self._companions: list[SealedWriter] = []
        self.file_id = writer.file_id
        self.key = writer.key
        self.sha256 = sha256
        self.too_large = too_large

    @classmethod
    def of(cls, content: bytes, name: str) -> Self:
        """What is in memory, sealed as if a person had sent it."""
        digest = hashlib.sha256(content).hexdigest()
        return cls(write_sealed(content), name=name, content_type="", size=len(content), sha256=digest, too_large=False)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return read_sealed(self.file_id, self.key)

    def read(self, *args: Any) -> bytes:
        """The whole content, in memory (an upload is 20 MB at most)."""
        return b"".join(self.chunks())

    def accompany(self, clear: bytes) -> SealedWriter:
        """Seal what was made of this file; it shares the file's fate."""
        companion = write_sealed(clear)
        self._companions.append(companion)
        return companion

    def keep(self) -> None:
        """A saved row now refers to the sealed files: leave them where they are."""
        self._kept = True

    def close(self) -> None:
        if not self._kept:
            for writer in (self._writer, *self._companions):
                writer.discard()
            self._companions.clear()


class SealingUploadHandler(FileUploadHandler):
    """Seals each chunk on arrival, counts and hashes it, and stops keeping bytes past the limit."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._writer = SealedWriter()
        self._hash = hashlib.sha256()
        self._too_large = False
        self._complete = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.UPLOAD_LIMIT:
            self._too_large = True  # the rest is read from the wire and dropped; the form then says why
            return
        self._hash.update(raw_data)
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        self._writer.close()
        self._complete = True
        return SealedUpload(
            self._writer,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            sha256=self._hash.hexdigest(),
            too_large=self._too_large,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "_writer") and not self._complete:
            self._writer.discard()


class UploadsMiddleware:
    """Takes away what a request left half written whose line broke in the middle of a file: Django tells no handler of that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for handler in request._upload_handlers:  # type: ignore[attr-defined]  # the public name would make some
            handler.upload_interrupted()
        return response
