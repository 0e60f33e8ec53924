"""Which packs the workspace uses: they stand in its header, by name."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from amanat.vault.durable import settle
from amanat.vault.header import Header


def use(names: tuple[str, ...]) -> None:
    """From the next start on these, from the base up.

    Raises:
        NotAWorkspace: there is none.
    """

    def edit(header: Header) -> None:
        header.packs = names

    for name in names:
        _outlast(settings.OWN_PACKS / name)
    Header.change(Path(settings.WORKSPACE), edit)


def _outlast(folder: Path) -> None:
    """Wait until a pack that was installed stands on the disk: after a power cut the header must name none that is not whole."""
    if folder.is_dir():
        for path in (*folder.rglob("*"), folder, folder.parent):
            settle(path)
