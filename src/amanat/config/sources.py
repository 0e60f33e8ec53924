"""What a restore is told to read from: two files, a folder, or an S3-compatible storage, whose key is asked for at the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.utils import translation

from amanat.config import terminal
from amanat.config.terminal import _
from amanat.office.backups import fetching, pairs, places
from amanat.office.backups.models import DestinationKind
from amanat.office.backups.pairs import Chosen
from amanat.web.errors import PersonFacingError


class NoSource(PersonFacingError):
    """It was not said, or not clearly, what to restore from."""

    def __init__(self) -> None:
        super().__init__(
            _("Say what to restore from, in one of three ways:"),
            "DATA KEYS | --from FOLDER | --from-s3 BUCKET/PREFIX --endpoint https://…",
        )


@dataclass(frozen=True)
class Source:
    """One of the three; `backup` names one of those that lie there, else it is the newest. `language`: None for that of the shares."""

    files: tuple[Path, Path] | None
    folder: Path | None
    bucket: str | None
    endpoint: str
    region: str
    backup: str
    language: str | None

    @classmethod
    def of(cls, options: dict[str, Any], language: str | None) -> Self:
        """Raises:
        NoSource: none was named, or several, or one by halves.
        """
        data, keys, folder, bucket, endpoint = (
            options[name] for name in ("data", "keys", "folder", "bucket", "endpoint")
        )
        if (
            [bool(data), bool(folder), bool(bucket)].count(True) != 1
            or bool(data) != bool(keys)
            or bool(bucket) != bool(endpoint)
        ):
            raise NoSource
        files = (data.resolve(), keys.resolve()) if data else None
        return cls(
            files, folder and folder.resolve(), bucket, endpoint or "", options["region"], options["backup"], language
        )

    def choose(self, scratch: Path) -> Chosen:
        """The pair; from here on it speaks the language of those who hold its shares, unless another was asked for.

        `scratch` is where files of a storage may be brought to, a folder that is not there yet.

        Raises:
            NotReached, NoBackup. What `pairs.choose` raises.
        """
        chosen = self._chosen(scratch)
        if not self.language:
            spoken = chosen.of_keys.boxes["language"]
            terminal.speak(spoken)
            translation.activate(spoken)
        if not self.files:
            terminal.say(_("From %(data)s and %(keys)s.") % {"data": chosen.data.name, "keys": chosen.keys.name})
        return chosen

    def _chosen(self, scratch: Path) -> Chosen:
        if self.files:
            return pairs.choose(*self.files)
        if self.folder:
            return fetching.in_folder(self.folder, self.backup)
        access = {"endpoint": self.endpoint, "region": self.region, **_ask_access()}
        return fetching.from_storage(places.opened(DestinationKind.S3, str(self.bucket), access), scratch, self.backup)


def _ask_access() -> dict[str, str]:
    return {"key": terminal.ask(_("Access key of the storage")), "secret": terminal.secret(_("Its secret"))}
