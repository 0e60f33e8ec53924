"""The places that hold backups, each with the same few words: a folder (or a USB disk), and S3-compatible storage.

A folder is known by the file `amanat-backups` that we leave in it: where a disk is not plugged in, its mount point is an
empty folder of this machine's own disk, and must not be filled.
"""

from __future__ import annotations

import errno
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from amanat.office.backups.models import Destination, DestinationKind, Trouble
from amanat.vault.durable import fresh, settle
from amanat.vault.sealing import open_sealed

MARKER: Final = "amanat-backups"
UNFINISHED: Final = ".amanat-{}.part"  # what is being written; a name that nobody else gives, in a folder that is ours
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
USUAL_REGION: Final = "us-east-1"  # where a storage knows no regions
PATIENCE: Final = 20  # seconds to reach a storage
PIECE: Final = 1024 * 1024


class NotReached(Exception):
    """The place can't take or give anything now."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.label)
        self.trouble = trouble


class Place(ABC):
    """Files by name; `media/ab/abcdef…` is a name, too. Every word raises `NotReached` where the place fails."""

    @abstractmethod
    def reach(self, workspace: str, *, first: bool = False) -> None:
        """See that it is there, and that it is this workspace's. `first`: make it so, if it is nobody's yet."""

    @abstractmethod
    def names(self, under: str = "") -> Iterator[str]:
        """The files of a folder, without those of folders in it."""

    @abstractmethod
    def put(self, name: str, content: Path) -> None:
        """Copy a file there, whole or not at all."""

    @abstractmethod
    def remove(self, name: str) -> None: ...

    @abstractmethod
    def read(self, name: str, upto: int | None = None) -> Iterator[bytes]:
        """The pieces of a file, or of its first bytes.

        Raises:
            FileNotFoundError: it is not there.
        """


def of(destination: Destination) -> Place:
    return opened(destination.kind, destination.place, open_sealed(destination, "access") or {})


def opened(kind: str, place: str, access: dict[str, str]) -> Place:
    return Bucket(place, **access) if kind == DestinationKind.S3 else Folder(Path(place))


def lies_in(folder: Path, home: Path) -> bool:
    return folder.resolve().is_relative_to(home.resolve())


def shares_our_disk(destination: Destination) -> bool:
    """Whether what breaks or takes the workspace's disk takes these backups, too; False where it is not there.

    The marker is asked, not the folder: that may be the mount point of a disk that is away.
    """
    if destination.kind == DestinationKind.S3:
        return False
    try:
        return (Path(destination.place) / MARKER).stat().st_dev == Path(settings.WORKSPACE).stat().st_dev
    except OSError:
        return False


class Folder(Place):
    """A folder of this machine, or of a disk that is mounted here."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def reach(self, workspace: str, *, first: bool = False) -> None:
        with _told():
            marker = self.path / MARKER
            if first and lies_in(self.path, Path(settings.WORKSPACE)):
                raise NotReached(Trouble.INSIDE)
            if first and self.path.is_dir() and not marker.exists():
                marker.write_text(f"{workspace}\n")
                settle(self.path)
            if not marker.is_file():
                raise NotReached(Trouble.MISSING)
            if marker.read_text(errors="replace").strip() != workspace:
                raise NotReached(Trouble.FOREIGN)
            for unfinished in self.path.glob(UNFINISHED.format("*")):
                unfinished.unlink(missing_ok=True)

    def names(self, under: str = "") -> Iterator[str]:
        with _told():
            folder = self.path / under
            if folder.is_dir():
                with os.scandir(folder) as found:
                    yield from (entry.name for entry in found if entry.is_file())

    def put(self, name: str, content: Path) -> None:
        kept = self.path / name
        with _told():
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self.path / UNFINISHED.format(kept.name)
            try:
                part.unlink(missing_ok=True)
                with content.open("rb") as source, fresh(part) as copy:
                    shutil.copyfileobj(source, copy, PIECE)
                part.replace(kept)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            settle(kept.parent)

    def remove(self, name: str) -> None:
        with _told():
            (self.path / name).unlink(missing_ok=True)

    def read(self, name: str, upto: int | None = None) -> Iterator[bytes]:
        with (self.path / name).open("rb") as file:
            while piece := file.read(PIECE if upto is None else upto):
                yield piece
                if upto is not None:
                    break


@contextmanager
def _told() -> Iterator[None]:
    """What the file system says, as a trouble that we have words for."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in NO_ROOM
        raise NotReached(Trouble.FULL if is_full else Trouble.MISSING) from error


class Bucket(Place):
    """A bucket, or what begins with a prefix in it. The library is loaded only where there is one: it takes 20 MB."""

    def __init__(self, place: str, *, endpoint: str, region: str, key: str, secret: str) -> None:
        import boto3
        from boto3.s3.transfer import TransferConfig
        from botocore.config import Config

        self.bucket, _slash, prefix = place.partition("/")
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        # One part at a time, so that memory stays flat; no checksums beyond what every S3-compatible storage knows.
        self.how = TransferConfig(use_threads=False)
        config = Config(
            connect_timeout=PATIENCE,
            read_timeout=PATIENCE,
            retries={"max_attempts": 3},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        )
        with _answered():
            self.client: Any = boto3.client(
                "s3",
                endpoint_url=endpoint,
                region_name=region or USUAL_REGION,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                config=config,
            )

    def reach(self, workspace: str, *, first: bool = False) -> None:
        with _answered():
            if first and MARKER not in set(self.names()):
                self.client.put_object(Bucket=self.bucket, Key=self.prefix + MARKER, Body=f"{workspace}\n".encode())
            marker = self.client.get_object(Bucket=self.bucket, Key=self.prefix + MARKER)["Body"].read()
            if marker.decode(errors="replace").strip() != workspace:
                raise NotReached(Trouble.FOREIGN)

    def names(self, under: str = "") -> Iterator[str]:
        prefix = f"{self.prefix}{under}/" if under else self.prefix
        with _answered():
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/"):
                yield from (one["Key"].removeprefix(prefix) for one in page.get("Contents", ()))

    def put(self, name: str, content: Path) -> None:
        with _answered():
            self.client.upload_file(str(content), self.bucket, self.prefix + name, Config=self.how)

    def remove(self, name: str) -> None:
        with _answered():
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def read(self, name: str, upto: int | None = None) -> Iterator[bytes]:
        part = {} if upto is None else {"Range": f"bytes=0-{upto - 1}"}
        with _answered():
            try:
                found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name, **part)
            except self.client.exceptions.NoSuchKey:
                raise FileNotFoundError(name) from None
            yield from found["Body"].iter_chunks(PIECE)


@contextmanager
def _answered() -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise NotReached(Trouble.REFUSED) from error
    except (BotoCoreError, Boto3Error, ValueError) as error:  # ValueError: an address that is none
        raise NotReached(Trouble.NETWORK) from error
