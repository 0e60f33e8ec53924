"""A row of a file as fields of a child's file: each cell read by the type of its field, or told why not. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from amanat.access.policy import Part
from amanat.exchange.answers import Answers, several
from amanat.exchange.dates import NoDay, read_day
from amanat.exchange.faults import CellFault
from amanat.exchange.formats import Formats
from amanat.exchange.mapping import ROW_NUMBER, Column, Mapping, Record, unnamed
from amanat.exchange.rows import CellError, Value
from amanat.exchange.whole_names import FULL_NAME, apart, name_fields, says_family_first
from amanat.packs import Field, Pack, bounds
from amanat.packs.fields import DAYS, NUMBERS
from amanat.packs.spelling import plain

FlatRow = dict[str, Any]

_REMEMBERED: Final = 10_000
_LONGEST: Final = 100_000
_SPACES: Final = "\u00a0\u2007\u202f\ufeff\u200b"
_YES: Final = frozenset(map(plain, "yes y true t 1 x да д истина hawa howwa da d adevărat adevarat".split()))
_NO: Final = frozenset(map(plain, "no n false f 0 нет н ложь ýok yok nu fals".split()))
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,30})?")
_TICKS: Final = {"✓": True, "✔": True, "☑": True, "+": True, "☐": False, "-": False}


class NotRead(ValueError):
    """A cell that is not what its column is; `code` and `given` make the sentences of a `CellFault`."""

    def __init__(self, code: str, **given: Any) -> None:
        super().__init__(code)
        self.code, self.given = code, given


@dataclass(slots=True)
class RowRead:
    """What a row says. `cells`: all that stood in it, as text, by header.

    `also`: text that no field takes, by header; `apart`: text of cells that could not be read, and other text of which it is
    known what it is about, by part and header.
    """

    sheet: str
    number: int
    flat: FlatRow = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    also: dict[str, str] = field(default_factory=dict)
    apart: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def also_with_faults(self) -> dict[str, dict[str, str]]:
        """Give what goes into no field by part and header, so that a row taken in as it is loses nothing.

        A cell that could not be read stays in the part of its field: what was to be a phone is nothing that a narrative tells.
        """
        return ({Part.NARRATIVE.value: self.also} if self.also else {}) | self.apart

    def keep(self, part: str, header: str, text: str) -> None:
        """Keep what goes into no field."""
        texts = self.also if part == Part.NARRATIVE else self.apart.setdefault(part, {})
        texts[header] = text


class RowReader:
    """Reads the rows of a file whose columns are mapped. Make one for a file; what was read once is remembered."""

    def __init__(self, mapping: Mapping, pack: Pack, today: date) -> None:
        self._pack = pack
        self._names = name_fields(pack)
        self._whole = mapping.fields.get(FULL_NAME)
        self._columns = [
            (column, column.title, self._kept_in(column), self._cell_reader(column, pack, today, mapping.from_1904))
            for column in mapping.used
        ]
        self._orders = list(self._in_order(mapping))
        self._headers = {column.title: column.kept_as for column in mapping.used}
        self._letters = [{column.letters for column in mapping.used if column.part == part} for part in (0, 1)]
        self._others = {
            (column.part, column.letters): column for column in mapping.columns if column.field == ROW_NUMBER
        }

    def read(self, record: Record) -> RowRead:
        """Read a row."""
        row = RowRead(record.sheet, record.number)
        for column, title, part, read in self._columns:
            value = record.parts[column.part].get(column.letters)
            text = "" if value is None else shown(value)
            if value is None or not (text or isinstance(value, CellError)):
                continue
            row.cells[title] = text
            if read is None:
                row.keep(part, self._headers[title], text)
                continue
            try:
                row.flat[column.field] = read(value)
            except NotRead as fault:
                self._tell(row, column, part, fault.code, fault.given)
        for column, earlier in self._orders:
            if bounds.is_before(row.flat.get(column.field, ""), row.flat.get(earlier.field, "")):
                del row.flat[column.field]
                other = {"other": earlier.title, "day": row.cells[earlier.title]}
                self._tell(row, column, self._kept_in(column), "before", other)
        self._keep_unnamed(record, row)
        if self._whole and FULL_NAME in row.flat:
            self._take_apart(row, self._whole)
        return row

    @staticmethod
    def _tell(row: RowRead, column: Column, part: str, code: str, given: dict[str, Any]) -> None:
        """A wrong cell goes into no field; what stood in it is kept."""
        text = row.cells[column.title]
        place = (column.sheet, row.number, column.letters, column.title, column.field, text)
        row.faults.append(CellFault(*place, code, given))
        row.keep(part, column.title, text)

    def _in_order(self, mapping: Mapping) -> Iterator[tuple[Column, Column]]:
        """Columns of days with those that none of them can be before: of the same record, or the birth."""
        for column in mapping.fields.values():
            if column.field == FULL_NAME:
                continue
            for name in self._pack.field(column.field_name).not_before:
                same = name if self._pack.field(name).stored else column.field.replace(column.field_name, name, 1)
                if earlier := mapping.fields.get(same):
                    yield column, earlier

    def _kept_in(self, column: Column) -> str:
        """The part of text that goes into no field: that of the field that it was to be, or that our export names, else narrative."""
        if column.field == FULL_NAME:
            return Part.IDENTITY
        if column.field:
            return self._pack.field(column.field_name).part
        parts = {field.part for section in self._pack.sections() for field in section.fields}
        return column.kept_in if column.kept_in in parts else Part.NARRATIVE

    def _take_apart(self, row: RowRead, column: Column) -> None:
        """A whole name fills the fields of names; where another column has filled one, it is kept beside them as it stands."""
        name = row.flat.pop(FULL_NAME)
        read = apart(name, says_family_first(column.header, column.name))
        if not read or row.flat.keys() & set(self._names.values()):
            row.keep(Part.IDENTITY, column.title, name)
            return
        row.flat |= {self._names[place]: word for place, word in read.items()}

    def _keep_unnamed(self, record: Record, row: RowRead) -> None:
        """Cells far down: in columns that seemed empty, and words in a column that seemed to count the rows."""
        for part, (cells, known) in enumerate(zip(record.parts, self._letters, strict=True)):
            for letters in sorted(cells.keys() - known):
                column, text = self._others.get((part, letters)), shown(cells[letters])
                if text and (column is None or (column.how == "counts" and not text.isdecimal())):
                    title = column.title if column else unnamed(letters)
                    row.also[title] = row.cells[title] = text

    @staticmethod
    def _cell_reader(column: Column, pack: Pack, today: date, from_1904: bool) -> Callable[[Value], Any] | None:
        if not column.field:
            return None
        if column.field == FULL_NAME:
            return _text
        asked = pack.field(column.field_name)
        read = reader_of(asked, pack, today, column.order, from_1904)
        if asked.type in ("text", "long_text", "organisation", "worker"):
            return read
        known: dict[str, Any] = {}

        def remembering(value: Value) -> Any:
            if not isinstance(value, str) or isinstance(value, CellError):
                return read(value)
            if value not in known:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[value] = read(value)
            found = known[value]
            return list(found) if isinstance(found, list) else found

        return remembering


def reader_of(
    asked: Field, pack: Pack, today: date, order: str = "", from_1904: bool = False
) -> Callable[[Value], Any]:
    """Give what reads the cells of a field. It raises `NotRead`."""
    read = _reader_by_type(asked, pack, today, order, from_1904)
    if asked.type not in (*DAYS, *NUMBERS):
        return read

    def within(value: Value) -> Any:
        answer = read(value)
        if slip := bounds.slip_in(asked, answer, today):
            raise NotRead(slip.code, **slip.given)
        return answer

    return within


def _reader_by_type(asked: Field, pack: Pack, today: date, order: str, from_1904: bool) -> Callable[[Value], Any]:
    match asked.type:
        case "date":
            is_birth = asked.stored == "identity.birth_date"
            return partial(_date, today=today, order=order, is_birth=is_birth, calendar=Formats(from_1904))
        case "choice" | "choices":
            answers = Answers(pack.codes(asked.codes))
            return partial(_choice if asked.type == "choice" else _choices, answers=answers)
        case "country" | "countries":
            return partial(_one if asked.type == "country" else _many, find=pack.countries.find, why="no_country")
        case "language":
            return partial(_one, find=pack.languages.find, why="no_language")
    return {"checkbox": _checkbox, "number": _number, "geolocation": _place}.get(asked.type, _text)


def shown(value: Value) -> str:
    """Give the text of a cell as a person sees it, without the space around it."""
    match value:
        case CellError():
            return str(value)
        case str():
            return value.strip().strip(_SPACES).strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return f"{value:.15g}" if isinstance(value, float) else str(value)
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")


def _sound(value: Value) -> Value:
    if isinstance(value, CellError):
        raise NotRead("error", error=str(value)) if value else NotRead("no_result")
    return value


def _text(value: Value) -> str:
    value = _sound(value)
    if (isinstance(value, float) and abs(value) >= 1e15) or (isinstance(value, int) and abs(value) >= 10**15):
        raise NotRead("cut_number")
    text = shown(value)
    if len(text) > _LONGEST:
        raise NotRead("too_long", limit=_LONGEST)
    return text


def _date(value: Value, today: date, order: str, is_birth: bool, calendar: Formats) -> str:
    value = _sound(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 10_000 < value < 80_000:
        value = calendar.at(value)  # a serial number in a cell that is not formatted as a date
    if isinstance(value, date):
        day = value.isoformat()[:10]
    else:
        try:
            day = read_day(shown(value), today, order)
        except NoDay as error:
            raise NotRead(error.why) from None
    if len(day) == 4 and not is_birth:
        raise NotRead("only_a_year")
    return day


def _choice(value: Value, answers: Answers) -> str:
    text = shown(_sound(value))
    if code := answers.find(text):
        return code
    codes, unknown = several(text, answers.find)
    if len(codes) == 1 and not unknown:
        return codes[0]
    if codes and not unknown:
        raise NotRead("several")
    raise _no_answer(text, answers)


def _choices(value: Value, answers: Answers) -> list[str]:
    codes, unknown = several(shown(_sound(value)), answers.find)
    if unknown or not codes:
        raise _no_answer(unknown[0] if unknown else shown(value), answers)
    return codes


def _no_answer(text: str, answers: Answers) -> NotRead:
    like = answers.like(text)
    return NotRead("like_answer", part=text[:80], like=like) if like else NotRead("no_answer", part=text[:80])


def _one(value: Value, find: Callable[[str], str], why: str) -> str:
    text = shown(_sound(value))
    if code := find(text):
        return code
    codes, unknown = several(text, find)
    if len(codes) > 1 and not unknown:
        raise NotRead("several")
    raise NotRead(why, part=text[:80])


def _many(value: Value, find: Callable[[str], str], why: str) -> list[str]:
    codes, unknown = several(shown(_sound(value)), find)
    if unknown or not codes:
        raise NotRead(why, part=(unknown[0] if unknown else shown(value))[:80])
    return codes


def _checkbox(value: Value) -> bool:
    value = _sound(value)
    if isinstance(value, bool):
        return value
    text = shown(value)
    word = plain(text)
    if text in _TICKS:
        return _TICKS[text]
    if word in _YES or word in _NO:
        return word in _YES
    raise NotRead("no_yes")


def _number(value: Value) -> int | float:
    value = _sound(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = shown(value)
    for space in (" ", *_SPACES):
        text = text.replace(space, "")
    if not _NUMBER.fullmatch(text):
        raise NotRead("no_number")
    return int(text) if text.lstrip("+-").isdecimal() else float(text.replace(",", "."))


def _place(value: Value) -> int | float:
    try:
        return _number(value)
    except NotRead as fault:
        raise (fault if fault.code in ("error", "no_result") else NotRead("no_place")) from None
