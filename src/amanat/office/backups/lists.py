"""The erasure list at each place of backups. The one that lies there is read before another takes its place: it may know of more.

So it is where a workspace was restored with a list that was not the newest. Who was erased stays erased: what only that list knows
is erased here as well, in the way of a restore, and stands in the list that is put there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.queries import head
from amanat.office.backups.models import Trouble
from amanat.office.backups.places import NotReached, Place
from amanat.vault import erasures
from amanat.vault.erasures import BadList, ErasureList
from amanat.vault.header import Header
from amanat.vault.keys import keyring
from amanat.vault.models import Subject


def bring(place: Place, folder: Path, moment: datetime, now: datetime) -> int:
    """Put a fresh list there, of a moment; how many erasures it tells of. `folder` is one of this machine, to write it in.

    Raises:
        NotReached: the place fails, or the list there can't be read: it is left as it is.
    """
    workspace = Header.read(Path(settings.WORKSPACE)).id
    if there := _read(place, workspace):
        _learn(there, now)
    signed = erasures.signed_list(keyring(), workspace=workspace, now=moment, head=head())
    written = folder / erasures.FILE
    written.write_bytes(signed)
    place.put(erasures.FILE, written)
    return erasures.number_in(signed)


def _read(place: Place, workspace: str) -> ErasureList | None:
    try:
        return erasures.read_list(b"".join(place.read(erasures.FILE)), keyring(), workspace)
    except FileNotFoundError:
        return None
    except (BadList, OSError) as error:
        raise NotReached(Trouble.LIST) from error


@transaction.atomic
def _learn(there: ErasureList, now: datetime) -> None:
    known = set(Subject.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    unknown = [one for one in there.erased.values() if one.subject not in known]
    if unknown:
        erasures.replay(unknown)
        details = {"erased": len(unknown), "list_of": there.made_at.isoformat()}
        recording.record(at=now, verb="erasure.learn", outcome=Outcome.DONE, details=details)
