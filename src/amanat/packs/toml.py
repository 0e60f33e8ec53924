"""Reading the TOML of a pack: shapes are checked here, key by key, and every fault is told with its place."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.packs.labels import FALLBACK, Label
from amanat.packs.loaders import Source

T = TypeVar("T")

MOST_BYTES = 1024 * 1024
"""Of one file; ours. The largest that comes with Amanat has a twentieth of it."""
MOST_DOTS = 200
"""In one line; ours. No text that comes with Amanat has a tenth of it."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_KINDS = {
    str: gettext_lazy("text in quotes"),
    int: gettext_lazy("a whole number"),
    bool: gettext_lazy("true or false"),
    list: gettext_lazy("a list in square brackets"),
    dict: gettext_lazy("a table"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table with the place where it stands."""

    source: Source
    file: Path
    where: str
    content: Mapping[str, Any]

    def fault(self, what: str, mend: str, key: str = "") -> None:
        """Tell a fault of this table, or of one key in it."""
        self.source.fault(".".join(part for part in (self.where, key) if part), what, mend, self.file)

    def allow(self, *keys: str) -> None:
        """Tell a fault for every key that nobody reads."""
        for key in self.content.keys() - set(keys):
            self.fault(
                _("This key is unknown."), _("Take it out, or write one of: %(keys)s.") % {"keys": ", ".join(keys)}, key
            )

    def get(self, key: str, kind: type[T], default: T) -> T:
        """Give the value of an optional key; a value of another type is a fault and counts as absent."""
        value = self.content.get(key, default)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.fault(_("The value has a wrong type."), _("Write %(kind)s.") % {"kind": _KINDS[kind]}, key)
        return default

    def need(self, key: str, kind: type[T], default: T) -> T:
        """Give the value of a key that must be there and say something; else a fault and `default`."""
        if key not in self.content:
            self.fault(_("This key is missing."), _("Add it: %(kind)s.") % {"kind": _KINDS[kind]}, key)
            return default
        value = self.get(key, kind, default)
        if value in ("", [], {}) and key in self.content and isinstance(self.content[key], kind):
            self.fault(_("The value is empty."), _("Write it out."), key)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Give an optional list of texts; what is not a text with something in it is a fault."""
        found = self.get(key, list, [])
        texts = tuple(text for text in found if isinstance(text, str) and text.strip())
        if len(texts) < len(found):
            self.fault(_("The value has a wrong type."), _('Write texts in quotes, like ["one", "two"].'), key)
        return texts

    def label(self, key: str, *, optional: bool = False) -> Label | None:
        """Give the label under `key`; every language of the pack must be there, and no other."""
        if optional and key not in self.content:
            return None
        texts = self.need(key, dict, {})
        for language in self.source.languages:
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                self.fault(
                    _("The text in %(language)s is missing.") % {"language": language},
                    _('Add %(language)s = "…" to it.') % {"language": language},
                    key,
                )
        for language in texts.keys() - set(self.source.languages):
            self.fault(
                _("The pack has no language %(language)s.") % {"language": language},
                _("Take this text out, or add the language to pack.toml."),
                key,
            )
        told = {language: text for language, text in texts.items() if isinstance(text, str)}
        if any("\0" in text for text in told.values()):
            self.fault(_("A text has a letter in it that nobody can read."), _("Write the text anew."), key)
        return Label(told)

    def citation(self, key: str = "source") -> Label:
        """Give where something comes from: a text in the pack's languages, or a citation in one."""
        if isinstance(self.content.get(key), dict):
            return self.label(key) or Label({})
        return Label({FALLBACK: self.need(key, str, "")})

    def tables(self, key: str) -> list["Table"]:
        """Give the tables of `[[key]]`, each with its number as place."""
        found = []
        for number, content in enumerate(self.need(key, list, []), start=1):
            if isinstance(content, dict):
                found.append(Table(self.source, self.file, f"{key} {number}", content))
            else:
                self.fault(_("The value has a wrong type."), _("Write [[%(key)s]] tables.") % {"key": key}, key)
        return found

    def named(self, name: str) -> "Table":
        """Give this table with a place that names it."""
        return Table(self.source, self.file, f"{self.where} ({name})", self.content)


def too_deep(text: str) -> bool:
    """Whether a line may have a key of so many parts that `tomllib`, which reads all that stand before each of them, takes hours."""
    return any(line.count(".") > MOST_DOTS for line in text.split("\n"))


def read_table(source: Source, file: Path) -> Table | None:
    """Read one TOML file; None and a fault with line and column if it cannot be read."""
    if file.is_file() and file.stat().st_size > MOST_BYTES:
        size = {"size": MOST_BYTES // 1024 // 1024}
        source.fault(
            "", _("The file is larger than %(size)d MB.") % size, _("Take out what is no data of a pack."), file
        )
        return None
    try:
        text = file.read_text(encoding="utf-8")
        if too_deep(text):
            raise RecursionError
        return Table(source, file, "", tomllib.loads(text))
    except UnicodeDecodeError as error:
        source.fault(
            _("byte %(number)d") % {"number": error.start}, _("The file is not UTF-8."), _("Save it as UTF-8."), file
        )
    except ValueError as error:  # also of a number that is too long for Python
        told = str(error)
        place = re.search(r"line (?P<line>\d+), column (?P<column>\d+)", told)
        at_the_end = _("end of file") if isinstance(error, tomllib.TOMLDecodeError) else ""
        where = _("line %(line)s, column %(column)s") % place.groupdict() if place else at_the_end
        source.fault(where, _("This is not TOML: %(error)s.") % {"error": told}, _("Mend the line."), file)
    except RecursionError:
        source.fault("", _("The tables or lists stand too deep in each other."), _("Write them flatter."), file)
    except OSError as error:
        source.fault("", _("The file cannot be read: %(error)s.") % {"error": error.strerror}, _("Check it."), file)
    return None


def toml_files(source: Source) -> list[Path]:
    """Give the TOML files of a folder in order; anything else in it is a fault."""
    if not source.path.is_dir():
        source.fault("", _("This should be a folder."), _("Make a folder of this name and put the files into it."))
        return []
    found = []
    for path in sorted(source.path.iterdir()):
        if path.is_file() and path.suffix == ".toml" and NAME.fullmatch(path.stem):
            found.append(path)
        elif not path.name.startswith("."):
            source.fault(
                "", _("This file is not expected here."), _("Name it like risk.toml, or take it out."), file=path
            )
    return found
