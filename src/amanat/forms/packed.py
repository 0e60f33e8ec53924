"""The forms of a pack: `forms/<name>.md`, `.csv` or `.xlsx`, and beside each in `forms/<name>-media/` its CSV lists and pictures.

They are read with the pack, which is cheap. What takes time, turning one into an XForm, is done at its first use (`kept`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from amanat import packs
from amanat.forms import files
from amanat.forms.differing import questions_in
from amanat.forms.faulty import FaultyForm
from amanat.forms.parts import PARTS_OF_FORMS
from amanat.forms.workbooks import Workbook, place, read_workbook
from amanat.packs.faults import Fault

ENDINGS = (".md", ".csv", ".xlsx")
MEDIA = "-media"


@dataclass(frozen=True, slots=True)
class Written:
    """A form as somebody wrote it: the file, the lists (`media`) and the pictures (`files`) that lie beside it.

    `workbook` is what was read of it.
    """

    file_name: str
    content: bytes
    workbook: Workbook
    media: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> packs.Label:
        return self.workbook.title

    @property
    def digest(self) -> str:
        lists = "".join(f"\0{name}\0{text}" for name, text in sorted(self.media.items()))
        files = "".join(f"\0{name}\0{hashlib.sha256(one).hexdigest()}" for name, one in sorted(self.files.items()))
        return hashlib.sha256(self.content + lists.encode() + files.encode()).hexdigest()

    @property
    def parts(self) -> list[str]:
        """Whose eyes its answers are for: what the column says, and the default of its settings."""
        named = {row.cells.get("amanat::part", "").strip() for row in self.workbook.survey} - {""}
        return sorted(named | {self.workbook.settings.get("amanat::part", "").strip() or "facts"})


def read(source: packs.Source) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for path in sorted(source.path.iterdir()):
        if path.is_dir() and path.name.endswith(MEDIA):
            continue
        if path.suffix.lower() not in ENDINGS or path.is_symlink() or not path.is_file():
            source.fault("", _("This is no form."), _("A form is a file that ends in .md, .csv or .xlsx."), path)
        elif (written := _read_one(source, path)) is not None:
            name = written.workbook.form_id
            if name in found:
                what = _("Another form has the form_id “%(name)s” too.") % {"name": name}
                source.fault("settings", what, _("Give one of the two another form_id."), path)
            found[name] = written
    return found


def _read_one(source: packs.Source, path: Path) -> Written | None:
    shown = path.relative_to(source.pack.parent).as_posix()
    content = path.read_bytes()
    try:
        workbook = read_workbook(shown, content)
        workbook.extras(PARTS_OF_FORMS)
    except FaultyForm as faulty:
        source.faults.extend(Fault(shown, one.where, one.what, one.mend) for one in faulty.faults)
        return None
    beside = _beside(path)
    lists = {one.name: one.read_text("utf-8-sig") for one in beside if one.suffix == ".csv"}
    return Written(path.name, content, workbook, lists, _shown(source, [one for one in beside if one.suffix != ".csv"]))


def _beside(path: Path) -> list[Path]:
    folder = path.with_name(path.stem + MEDIA)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [one for one in found if one.is_file() and not one.is_symlink() and not one.name.startswith(".")]


def _shown(source: packs.Source, paths: list[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        try:
            files.check(path.name, content := path.read_bytes())
            files.bound(found | {path.name: content})
        except files.FaultyFile as error:
            source.fault("", str(error), error.mend, path)
        else:
            found[path.name] = content
    return found


def _tried(written: Written) -> list[Fault]:
    """What can't work in a form, told by turning it into an XForm once."""
    from amanat.forms import kept

    try:
        kept.turned(written)
    except FaultyForm as faulty:
        return [Fault(written.workbook.name, one.where, one.what, one.mend) for one in faulty.faults]
    return []


def _check(source: packs.Source, own: Mapping[str, Written], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether the groups that forms name are there; a pack without such a list groups none."""
    groups = parts.get("codes", {}).get("form_group")
    for written in own.values():
        group = written.workbook.settings.get("amanat::group", "").strip()
        if groups is not None and group and group not in groups:
            told = ", ".join(code.code for code in groups.codes)
            source.fault(
                place("settings", 2, "amanat::group"),
                _("%(word)s is unknown here.") % {"word": group},
                _("Write one of: %(names)s.") % {"names": told},
                source.path / written.file_name,
            )


FORMS = packs.register("forms", read, check=_check, inside=lambda written: questions_in(written.workbook), trial=_tried)


def of_the_pack() -> Mapping[str, Written]:
    """The forms of the workspace's pack, by their `form_id`."""
    return packs.current().part(FORMS)
