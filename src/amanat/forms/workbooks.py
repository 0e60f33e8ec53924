"""Reading an XLSForm: `.md` tables as pyxform reads them, one-file `.csv`, or `.xlsx`. Cheap: pyxform is not needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.forms.faulty import FaultyForm
from amanat.forms.sheets import Row, Sheet, UnreadableWorkbook, read_sheets
from amanat.forms.texts import language_code
from amanat.packs.faults import Fault
from amanat.packs.labels import Label

__all__ = ["Row", "Workbook", "read_workbook"]

OWN: Final = "amanat::"
OF_QUESTIONS: Final = ("part", "countable", "htcds", "score", "alert")
OF_SETTINGS: Final = ("part", "title", "source", "licence", "verified", "about", "group")
_SPOKEN: Final = re.compile(
    r"^(?:label|hint|guidance_hint|constraint_message|required_message)\s*::?\s*(.+)$", re.IGNORECASE
)
_REFERENCE: Final = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_YES, _NO = frozenset({"yes", "true", "true()", "1"}), frozenset({"", "no", "false", "false()", "0"})


@dataclass(frozen=True)
class Workbook:
    """An XLSForm as it was written. `languages` are codes (`en`, `tk`), in the order of the columns.

    `title`: `form_title` of the settings, and `amanat::title::Русский (ru)` in other languages. `settings`: the one row of
    that sheet, so also `amanat::source`, `amanat::licence`, `amanat::verified`, `amanat::part` (the default part),
    `amanat::about` (`child`, unless it says `training`), `amanat::group` (a code of the pack's list `form_group`). `sources`: what
    `amanat::source::Русский (ru)` says in other languages.
    """

    name: str
    title: Label
    form_id: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    settings: dict[str, str]
    sheets: dict[str, Sheet]

    @property
    def survey(self) -> tuple[Row, ...]:
        """The rows of the survey sheet."""
        return self.sheets["survey"].rows

    @property
    def choices(self) -> tuple[Row, ...]:
        """The rows of the choices sheet."""
        return self.sheets["choices"].rows if "choices" in self.sheets else ()

    @property
    def sources(self) -> dict[str, str]:
        return _in_languages(self.settings, "source")

    @cached_property
    def root(self) -> str:
        """The path of the root of the instance."""
        return "/" + (self.settings.get("name") or "data")

    def rows_by_path(self) -> Iterator[tuple[str, Row]]:
        """The rows of the survey with the generic path of their node; rows that end a group have none."""
        above = [self.root]
        for row in self.survey:
            kind = re.sub(r"[\s_]+", " ", row.cells.get("type", "").strip().lower())
            path = f"{above[-1]}/{row.cells.get('name', '').strip()}"
            if kind.startswith("end "):
                del above[max(len(above) - 1, 1) :]
                continue
            yield path, row
            if kind.startswith("begin "):
                above.append(path)

    def places(self) -> dict[str, int]:
        """Rows of the survey sheet by path, for `CompiledForm.check`."""
        return {path: row.number for path, row in self.rows_by_path()}

    def extras(self, parts: frozenset[str]) -> bytes:
        """The columns `amanat::…` by path, as JSON for `compiling.compiled`; under the empty path what the settings say.

        Raises:
            FaultyForm: a part that is none of `parts`, a column that Amanat does not know, a word that can't stand there.
        """
        reader = _Extras(self, frozenset(str(part) for part in parts))
        found = reader.read()
        if reader.faults:
            raise FaultyForm(reader.faults)
        return json.dumps(found, ensure_ascii=False, sort_keys=True).encode()


def read_workbook(name: str, content: bytes) -> Workbook:
    """Read a workbook by what its name ends with; `name` is shown in faults.

    Raises:
        FaultyForm: it can't be read, is too large, or lacks what every form has.
    """
    try:
        sheets = read_sheets(name, content)
    except UnreadableWorkbook as error:
        raise FaultyForm([Fault(name, error.where, error.what, error.mend)]) from None
    settings = sheets["settings"].rows[0].cells if "settings" in sheets and sheets["settings"].rows else {}
    languages = tuple(dict.fromkeys(_languages(sheets)))
    default = language_code(settings["default_language"]) if settings.get("default_language") else ""
    book = Workbook(
        name=name,
        title=_title(settings, default),
        form_id=_first(settings, "form_id", "id_string", "set form id") or _stem(name),
        version=settings.get("version", ""),
        languages=languages,
        default_language=default or next(iter(languages), ""),
        settings=settings,
        sheets=sheets,
    )
    if faults := list(_lacking(book)):
        raise FaultyForm(faults)
    return book


def _first(settings: dict[str, str], *names: str) -> str:
    return next((settings[name] for name in names if settings.get(name)), "")


def _stem(name: str) -> str:
    """What a form is called that names no `form_id`: like its file, as pyxform does."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0])


def _title(settings: dict[str, str], default: str) -> Label:
    own = _first(settings, "form_title", "title", "set form title")
    return Label({**({default or "en": own} if own else {}), **_in_languages(settings, "title")})


def _in_languages(settings: dict[str, str], name: str) -> dict[str, str]:
    """What columns like `amanat::title::Русский (ru)` say, by language."""
    begin = f"{OWN}{name}::"
    return {
        language_code(column.removeprefix(begin)): text for column, text in settings.items() if column.startswith(begin)
    }


def _languages(sheets: dict[str, Sheet]) -> Iterator[str]:
    for name in ("survey", "choices"):
        for header in sheets[name].headers if name in sheets else ():
            if found := _SPOKEN.match(header):
                yield language_code(found[1])


def _lacking(book: Workbook) -> Iterator[Fault]:
    if not book.sheets.get("survey") or not book.survey:
        yield Fault(book.name, "", _("There is no sheet “survey” with questions."), _("Write the questions into it."))
        return
    headers = book.sheets["survey"].headers
    for column in ("type", "name"):
        if column not in headers:
            where = _("sheet %(sheet)s") % {"sheet": "survey"}
            what = _("The column “%(column)s” is missing.") % {"column": column}
            yield Fault(book.name, where, what, _("Add it."))


class _Extras:
    """Reads and checks the own columns of a workbook."""

    def __init__(self, book: Workbook, parts: frozenset[str]) -> None:
        self._book, self._parts = book, parts
        self._paths = {
            row.cells["name"]: path for path, row in reversed(list(book.rows_by_path())) if "name" in row.cells
        }
        self.faults: list[Fault] = []

    def read(self) -> dict[str, dict[str, Any]]:
        """What is said by path."""
        self._check_headers()
        book = self._book
        own: dict[str, Any] = {"title": dict(book.title.texts)}
        if part := book.settings.get(f"{OWN}part", "").strip():
            self._check_part("settings", 2, part)
            own["part"] = part
        found = {"": own}
        for path, row in book.rows_by_path():
            if said := self._row(row):
                found[path] = said
        return found

    def _row(self, row: Row) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name in OF_QUESTIONS:
            cell = row.cells.get(OWN + name, "").strip()
            if cell:
                said[name] = getattr(self, f"_{name}")(row.number, cell)
        return said

    def _part(self, number: int, cell: str) -> str:
        self._check_part("survey", number, cell)
        return cell

    def _countable(self, number: int, cell: str) -> bool:
        if cell.lower() not in _YES | _NO:
            self._tell("survey", number, "countable", _("“%(word)s” is neither yes nor no.") % {"word": cell}, "yes")
        return cell.lower() in _YES

    def _htcds(self, number: int, cell: str) -> str:
        return self._word(number, "htcds", cell)

    def _score(self, number: int, cell: str) -> str:
        return self._word(number, "score", cell)

    def _alert(self, number: int, cell: str) -> str:
        unknown = [name for name in _REFERENCE.findall(cell) if name not in self._paths]
        for name in unknown:
            what = _("There is no question “%(name)s”.") % {"name": name}
            self._tell("survey", number, "alert", what, "${name} = 'yes'")
        return _REFERENCE.sub(lambda found: f" {self._paths.get(found[1], '.')} ", cell)

    def _word(self, number: int, column: str, cell: str) -> str:
        if not _WORD.fullmatch(cell):
            what = _("“%(word)s” is no name: it has only plain letters, digits and underscores.") % {"word": cell}
            self._tell("survey", number, column, what, "total")
        return cell

    def _check_part(self, sheet: str, number: int, part: str) -> None:
        if part not in self._parts:
            what = _("There is no part “%(part)s” of a file.") % {"part": part}
            self._tell(sheet, number, "part", what, ", ".join(sorted(self._parts)))

    def _check_headers(self) -> None:
        for sheet, known in (("survey", OF_QUESTIONS), ("settings", OF_SETTINGS)):
            for header in self._book.sheets[sheet].headers if sheet in self._book.sheets else ():
                if header.startswith(OWN) and header.split("::")[1] not in known:
                    what = _("Amanat does not know the column “%(column)s”.") % {"column": header}
                    self._tell(sheet, 1, header.removeprefix(OWN), what, ", ".join(OWN + name for name in known))

    def _tell(self, sheet: str, number: int, column: str, what: str, like: str) -> None:
        where = place(sheet, number, OWN + column)
        self.faults.append(Fault(self._book.name, where, what, _("Write it like: %(like)s.") % {"like": like}))


def place(sheet: str, row: int, column: str) -> str:
    """Where something stands, in words."""
    return _("sheet %(sheet)s, row %(row)s, column %(column)s") % {"sheet": sheet, "row": row, "column": column}
