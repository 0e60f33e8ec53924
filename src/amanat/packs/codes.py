"""Code lists: the answers that can be chosen, as a pack gives them. No answer of a person stands here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register
from amanat.packs.spelling import plain


class UnknownCode(KeyError):
    """A code that its list does not have, not even as a retired one."""

    def __init__(self, code_list: str, code: str) -> None:
        super().__init__(code)
        self.code_list, self.code = code_list, code

    def __str__(self) -> str:
        return f"The code list {self.code_list} has no code {self.code!r}."


class UnknownCodeList(KeyError):
    """A code list that the pack does not have."""

    def __str__(self) -> str:
        return f"The pack has no code list {self.args[0]!r}."


@dataclass(frozen=True, slots=True)
class Code:
    """One answer. `retired`: no longer offered, still readable. `htcds`: its value in HTCDS 2.0, where it has one.

    `official_label`: what the official workbooks write for it; `also`: other ways in which files are known to write it.
    `last`: stays at the end when a country pack adds codes. `within`: the time that it demands to act in. `verified` is
    False for a fact whose source nobody could check; pages that use it say so.
    """

    code: str
    label: Label
    help: Label | None
    htcds: str
    within: timedelta | None
    last: bool
    retired: bool
    source: str
    verified: bool
    official_label: str = ""
    also: tuple[str, ...] = ()

    def overridden_by(self, own: "Code") -> "Code":
        """Take a country's code, and keep how files write it: a new label must not change what is exported."""
        return replace(
            own,
            htcds=own.htcds or self.htcds,
            official_label=own.official_label or self.official_label,
            also=tuple(dict.fromkeys([*self.also, *own.also])),
        )


@dataclass(frozen=True)
class CodeList:
    """The answers to one question, in the order in which they are offered."""

    name: str
    title: Label
    codes: tuple[Code, ...]
    source: str
    verified: bool

    @cached_property
    def _by_code(self) -> Mapping[str, Code]:
        return {code.code: code for code in self.codes}

    def choices(self, language: str | None = None) -> list[tuple[str, str]]:
        """Give (code, label) of what may be chosen, for a form; in the language of the page if none is named."""
        return [(code.code, code.label.text(language)) for code in self.codes if not code.retired]

    def label(self, code: str, language: str | None = None) -> str:
        """Give the label of a code, retired or not.

        Raises:
            UnknownCode: the list never had it.
        """
        return self[code].label.text(language)

    def find(self, text: str) -> str:
        """Give the code that a file means: by code, HTCDS value, official label, label in any language; empty if none.

        Capitals, accents, spaces and punctuation do not count.
        """
        return self._by_spelling.get(plain(text), "")

    @cached_property
    def _by_spelling(self) -> Mapping[str, str]:
        # From the weakest to the strongest: what two codes are called is the one whose own name it is.
        found: dict[str, str] = {}
        for spellings in (_labels, _written, _names):
            found |= {plain(text): code.code for code in reversed(self.codes) for text in spellings(code)}
        found.pop("", None)
        return found

    def __getitem__(self, code: str) -> Code:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCode(self.name, code) from None

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __len__(self) -> int:
        return len(self.codes)

    def overridden_by(self, own: "CodeList") -> "CodeList":
        """Lay a country's list over this one: same codes change in place, new ones follow, none is lost."""
        kept = [code.overridden_by(own[code.code]) if code.code in own else code for code in self.codes]
        added = [code for code in own.codes if code.code not in self]
        return replace(own, codes=tuple(sorted(kept + added, key=lambda code: code.last)))


def _labels(code: Code) -> Iterable[str]:
    return code.label.texts.values()


def _written(code: Code) -> Iterable[str]:
    return (*code.also, code.official_label)


def _names(code: Code) -> Iterable[str]:
    return (code.htcds, code.code)


def _read_list(source: Source, table: toml.Table, name: str) -> CodeList:
    table.allow("title", "source", "verified", "code")
    codes = [_read_code(code) for code in table.tables("code")]
    seen: set[str] = set()
    for code in codes:
        if code.code and code.code in seen:
            table.fault(
                _("The code %(code)s stands here twice.") % {"code": code.code}, _("Take one of them out."), "code"
            )
        seen.add(code.code)
    return CodeList(
        name=name,
        title=table.label("title") or Label({}),
        codes=tuple(codes),
        source=table.need("source", str, ""),
        verified=table.get("verified", bool, True),
    )


def _read_code(table: toml.Table) -> Code:
    name = table.need("code", str, "")
    table = table.named(name)
    table.allow(
        "code",
        "label",
        "help",
        "htcds",
        "official_label",
        "also",
        "within_minutes",
        "last",
        "retired",
        "source",
        "verified",
    )
    if name and not toml.NAME.fullmatch(name):
        table.fault(_("A code has only plain letters, digits and underscores."), _("Write it like follow_up."), "code")
    minutes = table.get("within_minutes", int, 0)
    if minutes < 0:
        table.fault(_("A time cannot be negative."), _("Write minutes, like 240."), "within_minutes")
    verified = table.get("verified", bool, True)
    if not verified and not table.get("source", str, ""):
        table.fault(_("An unverified code names no source."), _("Say where it comes from."), "source")
    return Code(
        code=name,
        label=table.label("label") or Label({}),
        help=table.label("help", optional=True),
        htcds=table.get("htcds", str, ""),
        within=timedelta(minutes=minutes) if minutes > 0 else None,
        last=table.get("last", bool, False),
        retired=table.get("retired", bool, False),
        source=table.get("source", str, ""),
        verified=verified,
        official_label=table.get("official_label", str, ""),
        also=table.words("also"),
    )


def read_code_lists(source: Source) -> dict[str, CodeList]:
    """Read a `codes/` folder: one list a file, named like the file."""
    lists = {}
    for file in toml.toml_files(source):
        if table := toml.read_table(source, file):
            lists[file.stem] = _read_list(source, table, file.stem)
    return lists


def _offered(code_list: CodeList) -> Mapping[str, Code]:
    return {code.code: code for code in code_list.codes if not code.retired}


CODES = register("codes", read_code_lists, merge=CodeList.overridden_by, inside=_offered)
