"""Which packs the workspace uses: they stand in its header, by name."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from amanat.vault.header import Header


def use(names: tuple[str, ...]) -> None:
    """From the next start on these, from the base up.

    Raises:
        NotAWorkspace: there is none.
    """

    def edit(header: Header) -> None:
        header.packs = names

    Header.change(Path(settings.WORKSPACE), edit)
